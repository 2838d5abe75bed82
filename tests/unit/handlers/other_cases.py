"""The second table of docs/calls.md: what differs from the usual case of an action."""

from __future__ import annotations

import json

from chat.protocol.fields import name_direct_room
from tests.unit.handlers.conftest import Functions
from tests.unit.handlers.scenarios import ROOM, Scenarios, edit, enter, read, say, send, typing

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:mine"
OTHER_CASES = Scenarios()
row = OTHER_CASES.row


@row("send where messages expire", MESSAGE_RETENTION_S="3600")
def _send_expiring(functions: Functions, others: int, rooms: int) -> None:
    send(functions, others, rooms)


@row("send to a room of over 200", INLINE_LIMIT="1")
def _send_to_many(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=", "bob=", "eve=")
    functions.tables.put_entries(ROOM, 1, 1)
    say(functions, 2)


@row("deliver")
def _deliver(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    _take_job(functions, [])


@row("deliver to those who were missed")
def _deliver_again(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=", "bob=")
    _take_job(functions, ["bob=", "gone="])


def _take_job(functions: Functions, connections: list[str]) -> None:
    job = {"room": ROOM, "shard": 0, "shards": 1, "id": "e:1", "frame": "{}", "sender": "ada="}
    body = json.dumps({**job, "connections": connections})
    record = {"messageId": "1", "attributes": {"MessageGroupId": "g"}, "body": body}
    assert functions.invoke("deliver", {"Records": [record]}) == {"batchItemFailures": []}


@row("send that is reviewed", MESSAGE_REVIEW_FUNCTION=FUNCTION)
def _send_reviewed(functions: Functions, others: int, rooms: int) -> None:
    functions.application.reply({"decision": "allow"})
    send(functions, others, rooms)


@row("send as the room's first")
def _send_first(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    say(functions)


@row("send with to")
def _send_directly(functions: Functions, others: int, rooms: int) -> None:
    _ada, bob = enter(functions, others, "ada=", "bob=")
    functions.ask("ada=", "send", to=bob, id="m1", text="hi")


@row("send soon after another", MAX_SENDS_PER_SECOND="1")
def _send_soon(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    say(functions)
    say(functions, 2)


@row("send that is sent again")
def _send_again(functions: Functions, others: int, rooms: int) -> None:
    send(functions, others, rooms)
    say(functions, 2)


@row("send to one more, who is gone")
def _send_to_gone(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=", "bob=")
    functions.tables.put_entries(ROOM, 1, 1)
    functions.management.statuses["bob="] = [410]
    say(functions, 2)


@row("send that is not allowed")
def _send_unjoined(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")
    say(functions)


@row("edit of what was edited")
def _edit_again(functions: Functions, others: int, rooms: int) -> None:
    edit(functions, others, rooms)
    functions.ask("ada=", "edit", room=ROOM, id="m3", seq=1, text="hum", after=2)


@row("join where a function decides", ROOM_ACCESS_FUNCTION=FUNCTION)
def _join_by_function(functions: Functions, others: int, rooms: int) -> None:
    functions.application.reply({"access": "write"})
    enter(functions, others, "ada=")


@row("join again")
def _join_again(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.ask("ada=", "join", room=ROOM)


@row("join of a room of over 100")
def _join_large(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, 100 + others, "ada=")


@row("join of a direct room")
def _join_direct(functions: Functions, others: int, rooms: int) -> None:
    ada, bob = enter(functions, others, "ada=", "bob=")
    functions.ask("ada=", "join", room=name_direct_room(ada, bob))


@row("history with before")
def _history_before(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.tables.put_entries(ROOM, 1, 3)
    functions.ask("ada=", "history", room=ROOM, before=3)


@row("read again")
def _read_again(functions: Functions, others: int, rooms: int) -> None:
    read(functions, others, rooms)
    functions.ask("ada=", "read", room=ROOM, seq=1)


@row("typing within three seconds")
def _typing_again(functions: Functions, others: int, rooms: int) -> None:
    typing(functions, others, rooms)
    functions.type_in("ada=", ROOM)


@row("create with private")
def _create_private(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")
    functions.ask("ada=", "create", room=ROOM, private=True)


@row("ban without room", SIGN_IN="jwt", GROUPS_CLAIM="groups", MODERATOR_GROUP="staff")
def _ban_from_chat(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("bob=", "bob=", {"sub": "bob"})
    functions.ask("bob=", "join", room=ROOM)
    functions.tables.put_members(ROOM, others)
    functions.sign_in("ada=", "ada=", {"sub": "ada", "groups": "[staff]"})
    functions.ask("ada=", "ban", user="bob")


@row("$connect of one too many", MAX_CONNECTIONS_PER_USER="1")
def _connect_too_many(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.sign_in("ada2=", "ada=")


@row("publish with to")
def _publish_directly(functions: Functions, others: int, rooms: int) -> None:
    bob = functions.sign_in("bob=", "bob=")
    functions.publish(**{"to": bob, "from": "bot", "id": "m1", "text": "hi"})
