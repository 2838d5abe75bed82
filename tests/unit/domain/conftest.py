"""A chat on fakes, and short ways to act in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.model import Connection, Entry, Member, Message, User
from chat.domain.requests import answer
from tests.fakes.ports import FakeWorld


class Room(FakeWorld):
    """A world with people in it."""

    def connect(self, connection_id: str, name: str | None = None, *, expires_in_s: int = 7_800) -> Caller:
        """Open a connection; the user is named as the connection where no name is given."""
        user = User(name or connection_id, name or connection_id)
        now_ms = self.surroundings.ms
        expires_at_s = now_ms // 1000 + expires_in_s
        self.connections.connections[connection_id] = Connection(connection_id, user, now_ms, expires_at_s)
        return Caller(connection_id, Tally())

    def enter(self, connection_id: str, *rooms: str, name: str | None = None) -> Caller:
        """Open a connection that is in rooms already."""
        caller = self.connect(connection_id, name)
        connection = self.connections.connections[connection_id]
        for room in rooms:
            member = Member(room, connection_id, connection.user, connection.expires_at_s)
            self.connections.members[connection_id, room] = member
        return caller

    async def ask(self, caller: Caller, action: str, **fields: Any) -> dict[str, Any]:
        """Answer a frame as the message handler does."""
        return await answer(self.chat, caller, json.dumps({"action": action, **fields}))

    def pushed(self, connection_id: str) -> list[dict[str, Any]]:
        """What was pushed to a connection so far."""
        return [json.loads(frame) for receiver, frame in self.fan_out.frames if receiver == connection_id]


def make_entry(room: str, seq: int, *, text: str | None = None, **changes: Any) -> Entry:
    """A message that somebody wrote."""
    fields: dict[str, Any] = {"epoch": "table.e", "id": f"id{seq}", "user": User("bob", "Bob")}
    content = Message(text or f"text {seq}")
    return Entry(room=room, seq=seq, at_ms=1_700_000_000_000 + seq, **{**fields, "content": content, **changes})


@pytest.fixture
def world() -> Room:
    return Room()
