"""API Gateway: a WebSocket API with its routes, its connections and @connections; and the HTTP API for tickets.

Sources, of the Amazon API Gateway Developer Guide: "Quotas for WebSocket APIs" (a frame 32 KB, a payload 128 KB, idle
for ten minutes, open for two hours), "Use @connections commands" (410 for what is gone, and before $connect has
returned), "Working with routes", "$disconnect is best effort", "Throttle requests" (a token bucket for the account).
Seen in practice: a handler that fails is answered with `Internal server error`; posts overtake each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import unquote

from tests.simulation.bucket import Bucket
from tests.simulation.chance import Chance, Dice
from tests.simulation.dynamodb import EPOCH_S, Answer, Respond
from tests.simulation.functions import Invocation, Lambda
from tests.simulation.loop import VirtualLoop

FRAME_BYTES = 32 * 1024
_PAYLOAD_BYTES = 128 * 1024
IDLE_S = 600
LIFETIME_S = 7_200


class Peer(Protocol):
    """The client at the other end of a connection."""

    name: str

    def take_open(self, connection: Connection) -> None:
        """The socket is open."""

    def take_frame(self, connection: Connection, text: str) -> None:
        """A frame has come."""

    def take_close(self, connection: Connection, reason: str) -> None:
        """The socket is closed, or could not be opened."""


class Observer(Protocol):
    """Who looks on."""

    def see_open(self, connection: Connection, ticket: str) -> None:
        """A connection is let in."""

    def see_close(self, connection: Connection) -> None:
        """A connection is gone for API Gateway."""

    def see_answer(self, connection: Connection, invocation: Invocation, request: str, body: str) -> None:
        """A function has answered a frame."""

    def see_post(self, connection_id: str, invocation: Invocation, body: bytes, status: int) -> None:
        """A function has posted to a connection."""


class Connection:
    """A connection as API Gateway sees it.

    Attributes:
        id: made up by API Gateway.
        user: whose it is, for those who look on.
        is_open: it counts as open, be somebody at its other end or not.
    """

    def __init__(self, connection_id: str, user: str, peer: Peer, dice: Dice, now_s: float) -> None:
        self.id = connection_id
        self.user = user
        self.peer: Peer | None = peer
        self.dice = dice
        self.is_open = False
        self.has_ended = False
        self.opened_s = self.active_s = now_s
        self.full_until_s = 0.0
        self.frames = 0


class Gateway:
    """The WebSocket API and the HTTP API.

    Args:
        loop: the world's.
        chance: gives each connection its dice.
        functions: what the routes lead to.
        bucket: the account's throttle, shared by all messages and posts.
        observer: told of everything.
        connections: where it keeps all there ever were, by their ids.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        chance: Chance,
        functions: Lambda,
        bucket: Bucket,
        observer: Observer,
        connections: dict[str, Connection],
    ) -> None:
        self.connections = connections
        self._loop = loop
        self._chance = chance
        self._functions = functions
        self._bucket = bucket
        self._observer = observer

    # What clients do.

    def issue_ticket(self, claims: dict[str, str], name: str, on_ticket: Callable[[int, str], None]) -> None:
        """Answer `POST /ticket` for a user whose token the authorizer has verified."""
        event = {"requestContext": {"authorizer": {"jwt": {"claims": claims}}}}

        def end(response: dict[str, Any] | None) -> None:
            body = json.loads(response["body"]) if response else {}
            status = response["statusCode"] if response else 500
            self._loop.after(0.02, on_ticket, status, body.get("ticket", ""))

        self._functions.invoke("ticket", event, name, end)

    def connect(self, peer: Peer, user: str, ticket: str, name: str) -> Connection:
        """Begin a handshake."""
        dice = self._chance.dice(name)
        connection = Connection(f"{name.replace(' ', '_')}=", user, peer, dice, self._loop.time())
        self.connections[connection.id] = connection
        context = {"connectionId": connection.id, "connectedAt": self._now_ms()}
        event = {"requestContext": context, "headers": {}, "queryStringParameters": {"ticket": ticket}}

        def end(response: dict[str, Any] | None) -> None:
            status = response["statusCode"] if response else 502
            if status != 200:
                self._close_peer(connection, f"HTTP {status}", 0.02)
                return
            connection.is_open = True
            connection.opened_s = connection.active_s = self._loop.time()
            self._observer.see_open(connection, ticket)
            self._loop.after(LIFETIME_S, self.close, connection, "two hours are over")
            self._loop.after(IDLE_S, self._check_idle, connection)
            if dice.strikes("handshake lost"):
                self._lose_peer(connection)
            elif connection.peer:
                self._loop.after(0.02, self._tell_open, connection)

        self._functions.invoke("connect", event, f"{name} connect", end, connection.id)
        return connection

    def send(self, connection: Connection, text: str) -> None:
        """Take a frame of a client's; it is on its way for a moment."""
        self._loop.after(connection.dice.uniform(0.005, 0.04), self._take, connection, text)

    def drop(self, connection: Connection) -> None:
        """Break a connection: API Gateway notices at once, or when it has been idle for too long."""
        if connection.dice.strikes("half open"):
            self._lose_peer(connection)
        else:
            self.close(connection, "dropped")

    def leave(self, connection: Connection) -> None:
        """Take a client's goodbye."""
        connection.peer = None
        self.close(connection, "left")

    # What happens in it.

    def close(self, connection: Connection, reason: str) -> None:
        """Close a connection, and perhaps tell the function."""
        if not connection.is_open:
            return
        connection.is_open = False
        self._observer.see_close(connection)
        self._close_peer(connection, reason, 0.01)
        dice = connection.dice
        if dice.strikes("disconnect lost"):
            return
        delay_s = dice.uniform(1, 90) if dice.strikes("disconnect late") else 0.01
        event = {"requestContext": {"connectionId": connection.id}}
        for number in range(2 if dice.strikes("disconnect twice") else 1):
            name = f"{connection.id} disconnect {number}"
            self._loop.after(
                delay_s * (number + 1),
                self._functions.invoke,
                "disconnect",
                event,
                name,
                lambda response: None,
                connection.id,
            )

    def _take(self, connection: Connection, text: str) -> None:
        if not connection.is_open:
            return
        connection.active_s = self._loop.time()
        if len(text.encode()) > FRAME_BYTES:
            self.close(connection, "1009")
            return
        action = json.loads(text).get("action")
        connection.frames += 1
        name = f"{connection.id} {connection.frames} {action}"
        if not self._bucket.take():
            self._answer(connection, _describe("Too Many Requests", name))
        elif action == "ping":
            self._answer(connection, '{"type":"pong"}')
        else:
            self._invoke(connection, text, name, answers=action != "typing")

    def _invoke(self, connection: Connection, text: str, name: str, *, answers: bool) -> None:
        event = {"requestContext": {"connectionId": connection.id}, "body": text}

        def end(response: dict[str, Any] | None) -> None:
            if response is None:
                self._answer(connection, _describe("Internal server error", name))
            elif answers and "body" in response:
                self._observer.see_answer(connection, invocation, text, response["body"])
                self._answer(connection, response["body"])

        invocation = self._functions.invoke("message", event, name, end, connection.id)

    def _answer(self, connection: Connection, body: str) -> None:
        if not connection.dice.strikes("reply dropped"):
            self._push(connection, body)

    def _push(self, connection: Connection, body: str) -> None:
        overtaken = connection.dice.strikes("push overtaken")
        self._loop.after(connection.dice.uniform(0.1, 1.5) if overtaken else 0.01, self._arrive, connection, body)

    def _arrive(self, connection: Connection, body: str) -> None:
        if connection.is_open and connection.peer:
            connection.active_s = self._loop.time()
            connection.peer.take_frame(connection, body)

    def post(self, method: str, path: str, body: bytes, invocation: Invocation, respond: Respond) -> None:
        """Answer a request to @connections."""
        connection_id = unquote(path.removeprefix("/@connections/"))
        status = self._judge_post(method, connection_id, body)
        if method == "POST":
            self._observer.see_post(connection_id, invocation, body, status)
        connection = self.connections[connection_id]
        if status == 200:
            self._push(connection, body.decode())
        elif status == 204:
            self.close(connection, "closed by the chat")
        respond(Answer(status, {}, "GoneException" if status == 410 else ""))

    def _judge_post(self, method: str, connection_id: str, body: bytes) -> int:
        connection = self.connections[connection_id]
        if not self._bucket.take():
            return 429
        if not connection.is_open:
            return 410
        now_s = self._loop.time()
        if connection.dice.strikes("buffer full"):
            connection.full_until_s = now_s + connection.dice.uniform(0, 8)
        if connection.full_until_s > now_s:
            return 429
        if method == "DELETE":
            return 204
        return 413 if len(body) > _PAYLOAD_BYTES else 200

    def _check_idle(self, connection: Connection) -> None:
        if connection.is_open:
            idle_s = self._loop.time() - connection.active_s
            if idle_s >= IDLE_S:
                self.close(connection, "idle")
            else:
                self._loop.after(max(0.001, IDLE_S - idle_s), self._check_idle, connection)

    def _tell_open(self, connection: Connection) -> None:
        if connection.peer and connection.is_open:
            connection.peer.take_open(connection)

    def _lose_peer(self, connection: Connection) -> None:
        """Cut off the client, which notices by its own time-out."""
        self._close_peer(connection, "no answer", connection.dice.uniform(0, 10))

    def _close_peer(self, connection: Connection, reason: str, delay_s: float) -> None:
        peer, connection.peer = connection.peer, None
        if peer and not connection.has_ended:
            connection.has_ended = True
            self._loop.after(delay_s, peer.take_close, connection, reason)

    def _now_ms(self) -> int:
        return round((EPOCH_S + self._loop.time()) * 1000)


def _describe(message: str, name: str) -> str:
    return json.dumps({"message": message, "connectionId": name.split(maxsplit=1)[0], "requestId": name})
