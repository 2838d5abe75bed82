"""The function behind the bot: it hears each new entry of the rooms, and answers messages that begin with `@bot `."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

USER = "bot"
CALL = "@bot "

logger = logging.getLogger(__name__)


class PublishError(Exception):
    """The answer was not published, and may be if it is tried again."""


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer a batch of records, up to the first that fails: Lambda tries again from there, so that order is kept."""
    for record in event["Records"]:
        try:
            hear(record["dynamodb"]["NewImage"], connect(), os.environ["PUBLISH_FUNCTION"])
        except (PublishError, BotoCoreError, ClientError):
            logger.exception("an answer was not published")
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


@cache
def connect() -> LambdaClient:
    """Return the client of Lambda, one for each container."""
    return boto3.client("lambda")


def hear(image: dict[str, Any], client: LambdaClient, publish_function: str) -> None:
    """Answer an entry, if it calls the bot.

    Args:
        image: the entry, as DynamoDB writes it.
        client: the client of Lambda.
        publish_function: the name of the chat's function `publish`.

    Raises:
        PublishError: the answer was not published.
    """
    deserialize = TypeDeserializer().deserialize
    entry = {name: deserialize(value) for name, value in image.items()}
    # Its own words would call it again, and again.
    if entry["type"] != "message" or entry["user"] == USER or not entry["text"].startswith(CALL):
        return
    answer = {
        "room": entry["room"],
        "id": derive_id(entry),
        "from": USER,
        "name": "Bot",
        "text": think(entry["name"], entry["text"].removeprefix(CALL)),
    }
    publish(answer, client, publish_function)


def think(name: str, question: str) -> str:
    """Find an answer. This one is easily found; put your own here."""
    return f"{name}, you said: {question}"


def derive_id(entry: dict[str, Any]) -> str:
    """Make the answer's id from what identifies the message, so that a message heard twice is answered once."""
    seq = entry["item"].removeprefix("entry#")
    return hashlib.sha256(f"{entry['room']} {entry['epoch']} {seq}".encode()).hexdigest()


def publish(message: dict[str, str], client: LambdaClient, publish_function: str) -> None:
    """Have the chat store and push a message.

    Raises:
        PublishError: it did not, but may another time. What is refused for good is logged, and not tried again.
    """
    response = client.invoke(FunctionName=publish_function, Payload=json.dumps(message))
    reply = json.loads(response["Payload"].read())
    if response.get("FunctionError"):
        raise PublishError(f"{publish_function} failed: {reply.get('errorMessage')}")
    if reply["type"] != "error":
        return
    if reply["retryable"]:
        raise PublishError(f"{publish_function} answered {reply['code']}: {reply['message']}")
    logger.warning("%s refused an answer with %s: %s", publish_function, reply["code"], reply["message"])
