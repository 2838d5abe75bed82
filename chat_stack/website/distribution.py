"""CloudFront in front of the web app's files and of `POST /ticket`."""

from __future__ import annotations

from aws_cdk import Fn
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chat_stack.findings import acknowledge

TICKET_PATH = "/ticket"
# CloudFront takes it with a certificate alone; its own names have a minimum of their own.
_TLS = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
_PAGE = "index.html"
# The app has one page, and looks at the path itself. Error responses of the distribution could show that page as well,
# but would put it in the place of a refused ticket, too.
_ROUTING = f"""\
function handler(event) {{
  const request = event.request;
  if (!request.uri.split("/").pop().includes(".")) request.uri = "/{_PAGE}";
  return request;
}}
"""


def create_distribution(
    scope: Construct,
    *,
    bucket: s3.IBucket,
    ticket_url: str,
    headers: cloudfront.IResponseHeadersPolicy,
    domain_name: str | None,
    certificate: acm.ICertificate | None,
    access_logs_bucket: s3.IBucket | None,
) -> cloudfront.Distribution:
    """Create the distribution: the bucket's files, and the ticket API on one path."""
    routing = cloudfront.Function(
        scope,
        "Routing",
        code=cloudfront.FunctionCode.from_inline(_ROUTING),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
        comment="Answers every path of the app with its one page.",
    )
    files = cloudfront.BehaviorOptions(
        origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        response_headers_policy=headers,
        function_associations=[
            cloudfront.FunctionAssociation(function=routing, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
        ],
    )
    ticket = cloudfront.BehaviorOptions(
        origin=origins.HttpOrigin(Fn.parse_domain_name(ticket_url)),
        # The smallest set with POST; the API answers the others with 404.
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        # API Gateway finds the API by the Host header.
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        response_headers_policy=headers,
    )
    distribution = cloudfront.Distribution(
        scope,
        "Distribution",
        default_behavior=files,
        additional_behaviors={TICKET_PATH: ticket},
        default_root_object=_PAGE,
        http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        minimum_protocol_version=_TLS if certificate else None,
        domain_names=[domain_name] if domain_name else None,
        certificate=certificate,
        log_bucket=access_logs_bucket,
    )
    _accept_findings(distribution, has_domain=domain_name is not None, has_logs=access_logs_bucket is not None)
    return distribution


def _accept_findings(distribution: cloudfront.Distribution, *, has_domain: bool, has_logs: bool) -> None:
    acknowledge(distribution, "AwsSolutions-CFR1", "Where users may chat from is for whoever runs the chat to say.")
    acknowledge(distribution, "AwsSolutions-CFR2", "A firewall costs by the month; `distribution` takes one.")
    if not has_logs:
        acknowledge(distribution, "AwsSolutions-CFR3", "Logs of requests need a bucket: access_logs_bucket is one.")
    if not has_domain:
        acknowledge(distribution, "AwsSolutions-CFR4", "CloudFront's own names take no newer minimum than TLS 1.0.")
