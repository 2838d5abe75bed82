"""Two chats in one stack: one for customers, kept for ever, and one for the staff, forgotten after a month."""

from __future__ import annotations

from aws_cdk import App, CfnOutput, Duration, Stack
from constructs import Construct

from chat_stack import ChatAuth, WebSocketChat


class TwoChatsStack(Stack):
    """The chats share nothing: each has its own API, functions, tables and permissions."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        customers = WebSocketChat(self, "Customers", auth=ChatAuth.cognito(self_sign_up=True))
        staff = WebSocketChat(
            self,
            "Staff",
            auth=ChatAuth.jwt("https://login.example.com/", ["staff-chat"]),
            message_retention=Duration.days(30),
            max_text_bytes=2_000,
        )
        CfnOutput(self, "CustomersUrl", value=customers.url)
        CfnOutput(self, "StaffUrl", value=staff.url)


if __name__ == "__main__":
    app = App()
    TwoChatsStack(app, "TwoChats")
    app.synth()
