"""A loopback DynamoDB, SQS and @connections, as far as a send needs them: in memory, and fast enough for 100,000 posts.

Run in a process of its own: `python -m benchmarks.aws SETTINGS`, with the settings as JSON. It prints its port.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, NamedTuple

from benchmarks.loopback import run_module
from tests.simulation.expressions import Item, Scope, holds, update
from tests.simulation.tables import Partition, Table

CONNECTIONS, ROOMS = "connections", "rooms"
QUEUE_PATH = "/queue/Deliveries.fifo"
_STATE_PATH = "/state"
_PAGE_BYTES = 1024 * 1024
_OK, _REFUSED = "200 OK", "400 Bad Request"


class Settings(NamedTuple):
    """What there is, and how long it takes to answer.

    Attributes:
        sizes: of the rooms, in members; each is named as `name_room` says.
        shards: that a room's record has, by its size as text.
        call_s: until a reply of DynamoDB or SQS; what it does, it does half-way.
        post_s: until a reply to a post.
    """

    sizes: Sequence[int] = ()
    shards: dict[str, int] = {}  # noqa: RUF012 - a NamedTuple's default, which nobody changes
    call_s: float = 0.0
    post_s: float = 0.0


class State(NamedTuple):
    """What has happened since the last time somebody asked.

    Attributes:
        jobs: bodies of the messages that were put into the queue.
        pages: of the room index that were read.
        pages_before_post: those that were read before the first post came.
    """

    jobs: list[str]
    pages: int
    pages_before_post: int


def name_room(members: int) -> str:
    """Name the room of a size."""
    return f"room-{members}"


def name_member(number: int) -> str:
    """Make a connection id of the shape that API Gateway gives them. Member 0 is who sends."""
    return f"L0SM9{number:06}oAMC="


@contextmanager
def run_aws(settings: Settings) -> Iterator[str]:
    """Run it in a process of its own, on the last processor; yield its URL."""
    with run_module("benchmarks.aws", settings._asdict()) as port:
        yield f"http://127.0.0.1:{port}"


def take_state(url: str) -> State:
    """Ask what has happened; it begins anew then."""
    with urllib.request.urlopen(f"{url}{_STATE_PATH}", timeout=60) as reply:  # noqa: S310 - our own server
        return State(**json.load(reply))


class _RoomIndex:
    """A room's members in the order of their keys, each as JSON already."""

    def __init__(self, members: int) -> None:
        rows = sorted(_write_row(name_room(members), number) for number in range(members))
        self._keys = [key for key, _ in rows]
        self._rows = [row for _, row in rows]
        self._most = _PAGE_BYTES // max(map(len, self._rows))

    def read(self, first: str, last: str, limit: int) -> str:
        """Write the reply to a Query."""
        begin, end = bisect_left(self._keys, first), bisect_right(self._keys, last)
        most = min(limit, self._most)
        page = self._rows[begin : min(end, begin + most)]
        # DynamoDB says that there may be more wherever a page is full.
        following = f',"LastEvaluatedKey":{page[-1]}' if page and len(page) == most else ""
        return f'{{"Items":[{",".join(page)}]{following}}}'


class _Aws:
    """Everything there is."""

    def __init__(self, settings: Settings) -> None:
        self._tables = {
            CONNECTIONS: Table(CONNECTIONS, "connectionId", "room", []),
            ROOMS: Table(ROOMS, "room", "item", []),
        }
        self._indexes = {name_room(size): _RoomIndex(size) for size in settings.sizes}
        self._jobs: list[str] = []
        self._pages = 0
        self._pages_before_post: int | None = None
        for size in settings.sizes:
            self._put_room(name_room(size), settings.shards.get(str(size), 1))

    def note_post(self) -> None:
        """Note a post."""
        if self._pages_before_post is None:
            self._pages_before_post = self._pages

    def take_state(self) -> str:
        """Write what has happened, and begin anew."""
        before = self._pages if self._pages_before_post is None else self._pages_before_post
        state = State(self._jobs, self._pages, before)
        self._jobs, self._pages, self._pages_before_post = [], 0, None
        return json.dumps(state._asdict())

    def answer(self, operation: str, request: Any) -> tuple[str, str]:
        """Do an operation; return the status and the body."""
        if operation == "Query" and "IndexName" in request:
            self._pages += 1
            values = request["ExpressionAttributeValues"]
            index = self._indexes[values[":room"]["S"]]
            return _OK, index.read(values[":first"]["S"], values[":last"]["S"], request.get("Limit", _PAGE_BYTES))
        if operation in ("PutItem", "UpdateItem"):
            return self._write(operation, request)
        work = {
            "GetItem": self._get_item,
            "BatchGetItem": self._batch_get_item,
            "Query": self._query,
            "SendMessageBatch": self._send_message_batch,
        }
        return _OK, json.dumps(work[operation](request))

    def _put_room(self, room: str, shards: int) -> None:
        sender = {"connectionId": name_member(0), "room": room, "user": "user0", "name": "User 0"}
        row: Item = {**{name: {"S": value} for name, value in sender.items()}, "expiresAt": _expires_at()}
        self._tables[CONNECTIONS].set((name_member(0), room), row, 0.0)
        meta = {"room": {"S": room}, "item": {"S": "meta"}, "shards": {"N": str(shards)}}
        self._tables[ROOMS].set((room, "meta"), meta, 0.0)

    def _get_item(self, request: Any) -> Any:
        table = self._tables[request["TableName"]]
        item = table.get(table.key_of(request["Key"]))
        return {} if item is None else {"Item": item}

    def _batch_get_item(self, request: Any) -> Any:
        ((name, part),) = request["RequestItems"].items()
        table = self._tables[name]
        items = [table.get(table.key_of(key)) for key in part["Keys"]]
        return {"Responses": {name: [item for item in items if item is not None]}, "UnprocessedKeys": {}}

    def _query(self, request: Any) -> Any:
        """Read a range of a room's log."""
        values, limit = request["ExpressionAttributeValues"], request.get("Limit")
        partition = self._tables[request["TableName"]].partitions.get(values[":room"]["S"], Partition())
        items = partition.list(values[":first"]["S"], values[":last"]["S"])
        if not request["ScanIndexForward"]:
            items = items[::-1]
        return {"Items": items[:limit]}

    def _write(self, operation: str, request: Any) -> tuple[str, str]:
        table, expression = self._tables[request["TableName"]], request.get("UpdateExpression")
        scope = Scope.of(request, request.get("ConditionExpression"), expression)
        keys = request["Item"] if operation == "PutItem" else request["Key"]
        before = table.get(table.key_of(keys))
        if not holds(request.get("ConditionExpression"), before or {}, scope):
            old = {"Item": before} if before else {}
            return _REFUSED, json.dumps({"__type": "ConditionalCheckFailedException", **old})
        table.set(table.key_of(keys), update(expression, before or keys, scope) if expression else keys, 0.0)
        return _OK, "{}"

    def _send_message_batch(self, request: Any) -> Any:
        self._jobs += [entry["MessageBody"] for entry in request["Entries"]]
        return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]], "Failed": []}


class _Connection(asyncio.Protocol):
    """One connection, whose client sends its next request after it has had the reply."""

    def __init__(self, aws: _Aws, settings: Settings) -> None:
        self._aws, self._settings = aws, settings
        self._later = asyncio.get_running_loop().call_later
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once a whole request has come."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        lowered = head.lower()
        _, found, length = lowered.partition(b"\r\ncontent-length: ")
        if not separator or (found and len(body) < int(length.partition(b"\r\n")[0])):
            return
        self._received = b""
        if head.startswith(b"POST /@connections/"):
            self._aws.note_post()
            self._later(self._settings.post_s, self._reply, _OK, "")
        elif head.startswith(f"GET {_STATE_PATH} ".encode()):
            self._reply(_OK, self._aws.take_state())
        else:
            target = lowered.partition(b"\r\nx-amz-target: ")[2].partition(b"\r\n")[0]
            start = lowered.index(target)
            operation = head[start : start + len(target)].decode().partition(".")[2]
            self._later(self._settings.call_s / 2, self._answer, operation, body)

    def _answer(self, operation: str, body: bytes) -> None:
        status, text = self._aws.answer(operation, json.loads(body))
        self._later(self._settings.call_s / 2, self._reply, status, text)

    def _reply(self, status: str, text: str) -> None:
        body = text.encode()
        self._transport.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def _write_row(room: str, number: int) -> tuple[str, str]:
    """Write a row as the room index shows it; return its sort key too."""
    user, connection_id = f"user{number}", name_member(number)
    key = f"{sha256(user.encode()).hexdigest()[:16]}#{connection_id}"
    texts = {"roomShard": room, "memberKey": key, "connectionId": connection_id, "room": room, "user": user}
    row = {**{name: {"S": text} for name, text in texts.items()}, "name": {"S": f"User {number}"}}
    return key, json.dumps({**row, "expiresAt": _expires_at()})


def _expires_at() -> dict[str, str]:
    return {"N": str(int(time.time()) + 7_800)}


async def _serve(settings: Settings) -> None:
    aws = _Aws(settings)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(aws, settings), "127.0.0.1", 0, backlog=1000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Settings(**json.loads(sys.argv[1]))))
