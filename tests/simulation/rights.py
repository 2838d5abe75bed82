"""Who may read what, from what is on record in the table: at every moment, and since when not any more."""

from __future__ import annotations

from collections.abc import Sequence

from chat.protocol.fields import split_direct_room
from tests.simulation.tables import Table, Write
from tests.simulation.violations import Judge

ANSWERS = "nobody is answered with entries that they may not read"
PUSHES = "pushes to who was put out stop"


class Rights:
    """Who may read which room.

    Attributes:
        users: all there are.

    Args:
        judge: takes violations.
        table: Rooms.
        users: all there are.
        moderators: those who may read every room but direct ones.
        grace_s: how long pushes may go on: the lag of an index.
    """

    def __init__(
        self, judge: Judge, table: Table, users: Sequence[str], moderators: Sequence[str], *, grace_s: float
    ) -> None:
        self._judge = judge
        self._table = table
        self.users = users
        self._moderators = moderators
        self._grace_s = grace_s
        # The times when a user's right to read a room changed, and to what.
        self._changes: dict[tuple[str, str], list[tuple[float, bool]]] = {}
        self._rooms: set[str] = set()
        self._put_out_s: dict[tuple[str, str], float] = {}

    def see_write(self, write: Write) -> None:
        """Note what a write changes."""
        room, item = write.key
        if room not in self._rooms:
            self._rooms.add(room)
            for user in self.users:
                self._note(user, room)
        if not (item == "meta" or item.startswith("member#") or item == "ban"):
            return
        for known in self._rooms:
            for user in self.users:
                self._note(user, known)

    def see_done(self, room: str | None, user: str) -> None:
        """Note that putting a user out of a room, or out of the chat, was answered as done."""
        for known in self._rooms if room is None else {room}:
            if not self._may_read(user, known):
                self._put_out_s[user, known] = self._judge.now_s()

    def check_answer(self, user: str, room: str, since_s: float, what: str) -> None:
        """Check that a user could read a room at some moment since then."""
        allowed = self._may_read(user, room)
        for time_s, value in reversed(self._changes.get((user, room), [])):
            # What held before a change held up to it.
            if allowed or time_s < since_s:
                break
            allowed = not value
        self._judge.check(ANSWERS, allowed, lambda: f"{user} got entries of {room} by {what}")

    def check_push(self, user: str, room: str, started_s: float, what: str) -> None:
        """Check a push by an invocation that began then."""
        put_out_s = self._put_out_s.get((user, room))
        is_late = put_out_s is not None and started_s > put_out_s + self._grace_s and not self._may_read(user, room)
        self._judge.check(PUSHES, not is_late, lambda: f"{user} was put out of {room} at {put_out_s}, and got {what}")

    def _note(self, user: str, room: str) -> None:
        allowed = self._may_read(user, room)
        changes = self._changes.setdefault((user, room), [])
        if not changes or changes[-1][1] != allowed:
            changes.append((self._judge.now_s(), allowed))
            if allowed:
                self._put_out_s.pop((user, room), None)

    def _may_read(self, user: str, room: str) -> bool:
        member = self._table.get((room, f"member#{user}")) or {}
        if "banned" in (self._table.get((f"user#{user}", "ban")) or {}) or "banned" in member:
            return False
        if users := split_direct_room(room):
            return user in users
        meta = self._table.get((room, "meta")) or {}
        if user in self._moderators or meta.get("owner", {}).get("S") == user:
            return True
        return "private" not in meta or "member" in member
