"""A chat on fakes, and short ways to act in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.model import Access, Connection, Entry, Member, Message, User
from chat.domain.requests import answer
from chat.protocol.frames import encode_frame
from chat.protocol.limits import Limits
from chat.protocol.parsing import ACTIONS
from tests.contract.schemas import check_received, check_reply
from tests.fakes.ports import FakeWorld


class Room(FakeWorld):
    """A world with people in it."""

    def connect(
        self,
        connection_id: str,
        user: User | str | None = None,
        *,
        expires_in_s: int = 7_800,
        claims: Mapping[str, str] | None = None,
    ) -> Caller:
        """Open a connection; the user is named as the connection where none is given."""
        found = user if isinstance(user, User) else User(user or connection_id, user or connection_id)
        now_ms = self.surroundings.ms
        expires_at_s = now_ms // 1000 + expires_in_s
        connection = Connection(connection_id, found, now_ms, expires_at_s, claims or {})
        self.connections.connections[connection_id] = connection
        return Caller(connection_id, Tally())

    def enter(
        self, connection_id: str, *rooms: str, name: User | str | None = None, granted: Access | None = None
    ) -> Caller:
        """Open a connection that is in rooms already."""
        caller = self.connect(connection_id, name)
        connection = self.connections.connections[connection_id]
        for room in rooms:
            member = Member(room, connection_id, connection.user, connection.expires_at_s, granted)
            self.connections.members[connection_id, room] = member
        return caller

    async def ask(self, caller: Caller, action: str, **fields: Any) -> dict[str, Any]:
        """Answer a frame as the message handler does; the reply is as the contract has it."""
        reply = await answer(self.chat, caller, json.dumps({"action": action, **fields}))
        assert reply is not None
        frame: dict[str, Any] = json.loads(encode_frame(reply))
        # The contract has the bounds of a chat with the default limits.
        if action in ACTIONS and self.chat.limits == Limits():
            check_reply(action, frame)
        return frame

    async def tell(self, caller: Caller, action: str, **fields: Any) -> None:
        """Handle a frame that has no reply."""
        assert await answer(self.chat, caller, json.dumps({"action": action, **fields})) is None

    def pushed(self, connection_id: str) -> list[dict[str, Any]]:
        """What was pushed to a connection so far; each as the contract has it."""
        frames = [json.loads(frame) for receiver, frame in self.fan_out.frames if receiver == connection_id]
        for frame in frames:
            check_received(frame)
        return frames


def make_entry(room: str, seq: int, *, text: str | None = None, **changes: Any) -> Entry:
    """A message that somebody wrote."""
    fields: dict[str, Any] = {"epoch": "table.e", "id": f"id{seq}", "user": User("bob", "Bob")}
    content = Message(text or f"text {seq}")
    return Entry(room=room, seq=seq, at_ms=1_700_000_000_000 + seq, **{**fields, "content": content, **changes})


@pytest.fixture
def world() -> Room:
    return Room()
