"""The chat as a stack of its own."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from chat_stack.auth import ChatAuth, CognitoAuth
from chat_stack.findings import acknowledge
from chat_stack.websocket_chat import WebSocketChat


class ChatStack(Stack):
    """A `WebSocketChat`, with its URLs and its tables' names as outputs.

    Attributes:
        chat: the construct.
        auth: how its users sign in.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        auth: ChatAuth | None = None,
        cloudwatch_role: bool = False,
        chat: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Build the stack.

        Args:
            scope: the app.
            construct_id: the stack's id.
            auth: how users sign in. With Cognito, in a pool of its own.
            cloudwatch_role: create the role that lets API Gateway write logs, and set it for this account and region.
                It is not set: an account has one such role, and most have it already. In one that has none, the
                first deployment of any API with access logs fails and says so.
            chat: the props of `WebSocketChat`, by name. Its defaults.
            **options: the props of `Stack`.
        """
        super().__init__(scope, construct_id, **options)
        self.auth = auth or ChatAuth.cognito()
        self.chat = WebSocketChat(self, "Chat", auth=self.auth, **(chat or {}))
        if cloudwatch_role:
            self.chat.stage.node.add_dependency(self._create_cloudwatch_role())
        outputs = {
            "WebSocketUrl": self.chat.url,
            "TicketUrl": self.chat.ticket_url,
            "CallbackUrl": self.chat.callback_url,
            "ConnectionsTableName": self.chat.connections_table.table_name,
            "RoomsTableName": self.chat.rooms_table.table_name,
            "PublishFunctionName": self.chat.functions.publish.function_name,
        }
        if isinstance(self.auth, CognitoAuth) and self.auth.user_pool and self.auth.user_pool_client:
            outputs["UserPoolId"] = self.auth.user_pool.user_pool_id
            outputs["UserPoolClientId"] = self.auth.user_pool_client.user_pool_client_id
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)

    def _create_cloudwatch_role(self) -> apigateway.CfnAccount:
        policy = iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
        role = iam.Role(
            self,
            "ApiGatewayLogsRole",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[policy],
        )
        acknowledge(
            role,
            "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/"
            "service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
            "The role serves every API of the account, and API Gateway asks for this policy.",
        )
        account = apigateway.CfnAccount(self, "ApiGatewayAccount", cloud_watch_role_arn=role.role_arn)
        # Other APIs of the account use the setting as well: they must not lose it with this stack.
        role.apply_removal_policy(RemovalPolicy.RETAIN)
        account.apply_removal_policy(RemovalPolicy.RETAIN)
        return account
