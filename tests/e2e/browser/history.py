"""Rooms with a past: messages that nobody had to send, written into the Rooms table as the chat writes them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from chat.aws.log import ENTRY_PREFIX
from local_aws.local import LocalAws


class Said(NamedTuple):
    """A message of the past."""

    user: str
    name: str
    text: str
    at_ms: int


def write_history(local: LocalAws, room: str, messages: Iterable[Said]) -> None:
    """Give a new room its messages, the oldest first."""
    table = local.outputs["RoomsTableName"]
    # Of an epoch that was made in another table, the chat would begin a new one (docs/adr/0004).
    epoch = f"{sha256(table.encode()).hexdigest()[:8]}.past"
    dynamodb = local.session.resource("dynamodb", endpoint_url=local.endpoint)
    with dynamodb.Table(table).batch_writer() as rows:
        for seq, (user, name, text, at_ms) in enumerate(messages, 1):
            rows.put_item(
                Item={
                    "room": room,
                    "item": f"{ENTRY_PREFIX}{seq:012d}",
                    "type": "message",
                    "epoch": epoch,
                    "id": f"past-{seq}",
                    "user": user,
                    "name": name,
                    "at": at_ms,
                    "text": text,
                }
            )
