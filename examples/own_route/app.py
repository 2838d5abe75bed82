"""A chat with an action of its own: `{"action": "quit"}` makes the server close the connection.

It needs a function, a route to it, and the right to manage this chat's connections. An alarm tells when it fails.
"""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack import ChatAuth, WebSocketChat

_FUNCTIONS = Path(__file__).parent / "functions"


class OwnRouteStack(Stack):
    """What the chat gives, and one route more."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        chat = WebSocketChat(self, "Chat", auth=ChatAuth.cognito())
        leaver = lambda_.Function(
            self,
            "Leaver",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="leaver.handler",
            code=lambda_.Code.from_asset(str(_FUNCTIONS), exclude=["__pycache__"]),
            environment={"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": chat.callback_url},
        )
        chat.add_route("quit", leaver, return_response=False)
        chat.grant_manage_connections(leaver)
        chat.metric_integration_errors().create_alarm(self, "Errors", threshold=1, evaluation_periods=1)


if __name__ == "__main__":
    app = App()
    OwnRouteStack(app, "OwnRoute")
    app.synth()
