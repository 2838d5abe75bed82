"""What browsers are told about the app's pages: to run nothing else in them, and to show them in no other page."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

# The local run sets the same; a test holds them equal.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; connect-src 'self' {endpoints}; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
OTHER_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HTTPS_ONLY = Duration.days(365)


def create_headers(scope: Construct, endpoints: Sequence[str]) -> cloudfront.ResponseHeadersPolicy:
    """Create the policy that adds the headers to every response.

    Args:
        scope: where it stands.
        endpoints: the origins that pages may talk to beside their own.
    """
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "Headers",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=CONTENT_SECURITY_POLICY.format(endpoints=" ".join(endpoints)), override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            # Not for subdomains: those of a domain of your own need not be ready for it.
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=_HTTPS_ONLY, include_subdomains=False, override=True
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                for name, value in OTHER_HEADERS.items()
            ]
        ),
    )
