"""A chat with a bot: `@bot ...` in any room is answered by a function of one's own.

The function hears what is written by subscribing to it, and speaks by invoking the chat's `publish`. An alarm tells
when messages were given up.
"""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack import ChatAuth, WebSocketChat

_FUNCTIONS = Path(__file__).parent / "functions"


class BotStack(Stack):
    """What the chat gives, and one who listens and answers."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        chat = WebSocketChat(self, "Chat", auth=ChatAuth.guest())
        bot = lambda_.Function(
            self,
            "Bot",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="bot.handler",
            code=lambda_.Code.from_asset(str(_FUNCTIONS), exclude=["__pycache__"]),
            timeout=Duration.minutes(1),
            environment={"PUBLISH_FUNCTION": chat.functions.publish.function_name},
        )
        chat.grant_publish(bot)
        given_up = chat.on_message(bot)
        given_up.metric_approximate_number_of_messages_visible().create_alarm(
            self, "GivenUp", threshold=1, evaluation_periods=1
        )
        CfnOutput(self, "WebSocketUrl", value=chat.url)
        CfnOutput(self, "TicketUrl", value=chat.ticket_url)


if __name__ == "__main__":
    app = App()
    BotStack(app, "Bot")
    app.synth()
