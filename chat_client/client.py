"""`ChatClient`: the chat as a program uses it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from chat_client.events import Acked, Done, Event, HistoryPage, Joined, Left, MembersPage, RoomsPage
from chat_client.link import Timing
from chat_client.requests import Kind
from chat_client.room import Position
from chat_client.runner import Runner
from chat_client.sign_in import SignIn


class ChatClient:
    """A user of the chat: connects, reconnects, and tells everything in order, once.

    Each request returns a future. It holds the answer's event, or a `RequestError` once the request is not tried any
    more. Requests wait for a connection and survive losing it, for as long as the client is open. Those about a room
    need to have joined it, except for `create`. What is sent to a room is stored in the order of the calls; where the
    order of other requests matters, wait for their futures.

    Args:
        sign_in: gets an admission for each connection; `GuestSignIn` and `CognitoSignIn` do.
        on_event: called with every event, one after the other, on the client's thread. It may make requests, but must
            not wait for their futures. Where it raises, the client closes.
        timing: how long to wait for what.
    """

    def __init__(self, sign_in: SignIn, on_event: Callable[[Event], None], *, timing: Timing | None = None) -> None:
        self._runner = Runner(sign_in, on_event, timing)

    def connect(self) -> None:
        """Start to connect, and return at once; `Connected`, `Disconnected` and `Refused` tell how it goes."""
        self._runner.start()

    def join(self, room: str, *, after: int | None = None, epoch: str | None = None) -> Future[Joined]:
        """Enter a room, and stay in it over reconnects until `leave`, or until `Removed` is told.

        Args:
            room: the room's name.
            after: the last seq that was shown before this client was made; the newest entries where it is left out.
            epoch: the epoch of that.
        """
        position = None if after is None else Position(after, epoch)
        return self._runner.request(lambda session, now_s: session.join(room, now_s, position))

    def leave(self, room: str) -> Future[Left]:
        """Leave a room; what was asked there and is not answered fails with `client.left`."""
        return self._runner.request(lambda session, now_s: session.leave(room, now_s))

    def send(self, room: str, text: str) -> Future[Acked]:
        """Send a message, exactly once, after those sent before to the room.

        The message itself is told as a `Message`, in its place among the others.
        """
        return self._ask("send", room, text=text)

    def send_to(self, user: str, text: str) -> Future[Acked]:
        """Send a message to a user, and stay in the direct room with them.

        What is said in a direct room is told whether it was joined or not: the first message there joins it.

        Args:
            user: their id.
            text: what to say.
        """
        return self._runner.request(lambda session, now_s: session.send_to(user, text, now_s))

    def edit(self, room: str, seq: int, text: str) -> Future[Acked]:
        """Give this user's own message another text."""
        return self._ask("edit", room, seq=seq, text=text)

    def delete(self, room: str, seq: int) -> Future[Acked]:
        """Delete a message, this user's own or, for who moderates the room, anybody's: it keeps its number."""
        return self._ask("delete", room, seq=seq)

    def react(self, room: str, seq: int, emoji: str, *, remove: bool = False) -> Future[Acked]:
        """React to a message, or take that back."""
        return self._ask("react", room, seq=seq, emoji=emoji, remove=remove)

    def history(self, room: str, before: int, *, limit: int | None = None) -> Future[HistoryPage]:
        """Ask for the messages below a seq: the newest of them, at most `limit` or 100."""
        return self._ask("history", room, before=before, limit=limit)

    def members(self, room: str, *, following: str | None = None) -> Future[MembersPage]:
        """Ask who is in a room, from the start or from a page's `next` on."""
        return self._ask("members", room, next=following)

    def rooms(self, *, following: str | None = None) -> Future[RoomsPage]:
        """Ask for this user's rooms, from the latest or from a page's `next` on."""
        return self._ask("rooms", None, next=following)

    def read(self, room: str, seq: int) -> Future[Done]:
        """Say that the user has read a room up to an entry.

        It is sent a short while later (`Timing.read_s`), with the highest seq by then: call it for every entry that is
        shown.
        """
        return self._runner.request(lambda session, now_s: session.read(room, seq, now_s))

    def typing(self, room: str) -> None:
        """Say that the user is typing: call it for every key.

        Nobody answers. It is sent once in three seconds, and only while the client is connected and in the room.
        """
        self._runner.notify(lambda session, now_s: session.typing(room, now_s))

    def create(self, room: str, *, private: bool = False) -> Future[Done]:
        """Become the owner of a room where nothing was said yet; a private one is for those whom the owner invites."""
        return self._ask("create", room, private=private)

    def invite(self, room: str, user: str) -> Future[Done]:
        """Make a user a member of a private room."""
        return self._ask("invite", room, user=user)

    def remove(self, room: str, user: str) -> Future[Done]:
        """Take a user's membership of a private room away."""
        return self._ask("remove", room, user=user)

    def kick(self, room: str, user: str) -> Future[Done]:
        """Put a user out of a room; they may come back."""
        return self._ask("kick", room, user=user)

    def ban(self, user: str, room: str | None = None) -> Future[Done]:
        """Keep a user out of a room, or out of the whole chat where no room is named."""
        return self._ask("ban", room, user=user)

    def unban(self, user: str, room: str | None = None) -> Future[Done]:
        """Let a user in again, to a room or to the whole chat."""
        return self._ask("unban", room, user=user)

    def mute(self, room: str, user: str, seconds: int) -> Future[Done]:
        """Keep a user from writing to a room for some seconds; 0 ends that."""
        return self._ask("mute", room, user=user, seconds=seconds)

    def close(self) -> None:
        """Close the connection and wait for the thread. What is not answered fails with `client.closed`."""
        self._runner.stop()

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, kind: Kind, room: str | None, **fields: Any) -> Future[Any]:
        return self._runner.request(lambda session, now_s: session.ask(kind, room, now_s, **fields))
