"""Chat Stack: a serverless chat as an AWS CDK construct. CDK only; the functions' code lives in `lambda/`."""

from chat_stack.auth import ChatAuth
from chat_stack.functions import ChatFunctions
from chat_stack.stack import ChatStack
from chat_stack.website import ChatWebsite, WebsiteStack
from chat_stack.websocket_chat import WebSocketChat

__all__ = ["ChatAuth", "ChatFunctions", "ChatStack", "ChatWebsite", "WebSocketChat", "WebsiteStack"]
