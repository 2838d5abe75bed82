"""The hosting of the web app: its files in a private bucket, and CloudFront in front of them and of the ticket API."""

from chat_stack.website.stack import WebsiteStack
from chat_stack.website.website import ChatWebsite

__all__ = ["ChatWebsite", "WebsiteStack"]
