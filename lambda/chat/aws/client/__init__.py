"""A small asyncio client for AWS: HTTP/1.1 with keep-alive, Signature Version 4, retries under a deadline.

What any AWS service needs may live here: nothing of the chat, and nothing beyond the standard library, which
starts several times faster than an SDK. A container builds each client once and uses it from one event loop.
"""

from chat.aws.client.budget import RequestBudget
from chat.aws.client.client import AwsClient
from chat.aws.client.errors import AwsError, AwsUnavailable
from chat.aws.client.messages import Reply
from chat.aws.client.signature import Payload

__all__ = ["AwsClient", "AwsError", "AwsUnavailable", "Payload", "Reply", "RequestBudget"]
