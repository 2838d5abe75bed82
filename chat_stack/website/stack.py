"""The web app as a stack of its own: a chat can be deployed without it, where there is no CloudFront."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from chat_stack.auth import ChatAuth
from chat_stack.website.website import ChatWebsite
from chat_stack.websocket_chat import WebSocketChat


class WebsiteStack(Stack):
    """A `ChatWebsite`, with its URL as an output.

    Attributes:
        website: the construct.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        chat: WebSocketChat,
        auth: ChatAuth,
        domain_name: str | None = None,
        certificate_arn: str | None = None,
        hosted_zone_id: str | None = None,
        website: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Build the stack.

        Args:
            scope: the app.
            construct_id: the stack's id.
            chat: the chat, in a stack of its own.
            auth: how its users sign in: what the chat was given.
            domain_name: the website's name, such as `chat.example.com`. CloudFront gives it one.
            certificate_arn: of a certificate for that name, in us-east-1; each needs the other. None.
            hosted_zone_id: the zone of Route 53 to which the name is added. You add it where your names are.
            website: the other props of `ChatWebsite`, by name. Its defaults.
            **options: the props of `Stack`.

        Raises:
            ValueError: there is no built app, or the options of the domain contradict each other.
        """
        super().__init__(scope, construct_id, **options)
        certificate = certificate_arn and acm.Certificate.from_certificate_arn(self, "Certificate", certificate_arn)
        hosted_zone = hosted_zone_id and route53.HostedZone.from_hosted_zone_id(self, "HostedZone", hosted_zone_id)
        self.website = ChatWebsite(
            self,
            "Website",
            chat=chat,
            auth=auth,
            domain_name=domain_name,
            certificate=certificate or None,
            hosted_zone=hosted_zone or None,
            **(website or {}),
        )
        CfnOutput(self, "WebsiteUrl", value=self.website.url)
