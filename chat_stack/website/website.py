"""The web app's hosting: a private bucket behind CloudFront, on one origin with `POST /ticket`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_cdk import Fn, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chat_stack.auth import ChatAuth, CognitoAuth
from chat_stack.website.distribution import TICKET_PATH, create_distribution
from chat_stack.website.files import create_bucket, deploy_files, find_website
from chat_stack.website.headers import create_headers
from chat_stack.websocket_chat import WebSocketChat

_CERTIFICATE_REGION = "us-east-1"


class ChatWebsite(Construct):
    """The web app of a chat, on one origin with its `POST /ticket`: no page of another origin needs to be allowed.

    Attributes:
        bucket: where the files lie. It goes with the website, files and all: they can be built again.
        distribution: what serves them.
    """

    def __init__(  # noqa: PLR0913 - flat keyword props are how a construct is configured
        self,
        scope: Construct,
        construct_id: str,
        *,
        chat: WebSocketChat,
        auth: ChatAuth,
        self_sign_up: bool = False,
        source: str | Path | None = None,
        domain_name: str | None = None,
        certificate: acm.ICertificate | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        access_logs_bucket: s3.IBucket | None = None,
    ) -> None:
        """Build the website.

        Args:
            scope: a stack, or a construct in it; it need not be the chat's.
            construct_id: its id there.
            chat: the chat that the app talks to.
            auth: how its users sign in: what the chat was given.
            self_sign_up: whether the app offers to register, for a pool of Cognito that lets anybody. It does not.
            source: the directory of a built app of your own. The app that comes with the chat.
            domain_name: the website's name, such as `chat.example.com`. CloudFront gives it one.
            certificate: for that name, in us-east-1, where CloudFront looks for it; each needs the other. None.
            hosted_zone: of Route 53, to which the name is added. You add it where your names are.
            access_logs_bucket: where CloudFront writes a line for each request; it must take ACLs. None is written.

        Raises:
            ValueError: there is no built app, or the props of the domain contradict each other.
        """
        super().__init__(scope, construct_id)
        directory = find_website(source)
        _check_domain(domain_name, certificate, hosted_zone)
        self._domain_name = domain_name
        self.bucket = create_bucket(self)
        endpoints = [f"wss://{Fn.parse_domain_name(chat.url)}"]
        config: dict[str, Any] = {"ticketUrl": TICKET_PATH, "auth": auth.sign_in, "selfSignUp": False}
        if isinstance(auth, CognitoAuth):
            endpoint, client_id = _find_cognito(auth)
            endpoints.append(endpoint)
            config |= {"auth": "cognito", "cognito": {"endpoint": f"{endpoint}/", "clientId": client_id}}
            config["selfSignUp"] = self_sign_up
        self.distribution = create_distribution(
            self,
            bucket=self.bucket,
            ticket_url=chat.ticket_url,
            headers=create_headers(self, endpoints),
            domain_name=domain_name,
            certificate=certificate,
            access_logs_bucket=access_logs_bucket,
        )
        deploy_files(self, directory, config, bucket=self.bucket, distribution=self.distribution)
        if domain_name and hosted_zone:
            self._add_records(domain_name, hosted_zone)

    @property
    def url(self) -> str:
        """Where the app is: `https://.../`."""
        return f"https://{self._domain_name or self.distribution.distribution_domain_name}/"

    def _add_records(self, domain_name: str, hosted_zone: route53.IHostedZone) -> None:
        target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution))
        for record, kind in (("Ipv4Record", route53.ARecord), ("Ipv6Record", route53.AaaaRecord)):
            # The dot says that the name is whole: a zone that is known by its id alone has no name to add.
            kind(self, record, zone=hosted_zone, record_name=f"{domain_name}.", target=target)


def _find_cognito(auth: CognitoAuth) -> tuple[str, str]:
    """Return the origin where users sign in, and the client that they sign in with."""
    if not auth.user_pool or not auth.user_pool_client:
        raise ValueError("auth must be what the chat was given, got another ChatAuth.cognito()")
    # It ends so in every partition that has user pools.
    origin = f"https://cognito-idp.{auth.user_pool.env.region}.amazonaws.com"
    return origin, auth.user_pool_client.user_pool_client_id


def _check_domain(
    domain_name: str | None, certificate: acm.ICertificate | None, hosted_zone: route53.IHostedZone | None
) -> None:
    if (domain_name is None) != (certificate is None):
        raise ValueError(
            f"domain_name and certificate need each other: give both, or neither, got the name {domain_name!r}"
        )
    if hosted_zone and not domain_name:
        raise ValueError("hosted_zone needs the domain_name that is added to it")
    if certificate and not Token.is_unresolved(certificate.certificate_arn):
        region = certificate.certificate_arn.split(":")[3:4]
        if region != [_CERTIFICATE_REGION]:
            raise ValueError(f"certificate must be in {_CERTIFICATE_REGION}, got {certificate.certificate_arn!r}")
