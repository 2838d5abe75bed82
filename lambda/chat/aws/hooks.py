"""The application's own functions, which the construct names: one decides about rooms, one reviews messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chat.aws.client import AwsClient, AwsUnavailable, Payload
from chat.aws.deadline import Deadline
from chat.domain.model import Access, Identity, Message, User
from chat.protocol.errors import ChatError, MessageRefusedError, UnavailableError
from chat.protocol.fields import read_measured
from chat.protocol.frames import decode_frame

_REASON_LENGTH = 200
# Room for the longest text, each character of it escaped.
_ANSWER_BYTES = 256 * 1024


class Hook:
    """A function of the application, called and waited for."""

    def __init__(self, client: AwsClient, arn: str, deadline: Deadline, *, timeout_s: float) -> None:
        self._client = client
        self._arn = arn
        self._deadline = deadline
        self._timeout_s = timeout_s

    async def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Invoke the function.

        Returns:
            What it answered.

        Raises:
            UnavailableError: it failed, did not answer in time, or answered something else than an object.
        """
        path = f"/2015-03-31/functions/{quote(self._arn, safe='')}/invocations"
        payload = Payload(json.dumps(question).encode())
        try:
            reply = await self._client.send("POST", path, payload, deadline=self._deadline.within(self._timeout_s))
        except AwsUnavailable as error:
            raise UnavailableError(f"a function of the application gave no answer: {error}") from error
        if reply.status != 200 or "x-amz-function-error" in reply.headers:
            raise UnavailableError("a function of the application failed; send the same frame again")
        try:
            return decode_frame(reply.body.decode("utf-8", "replace"), _ANSWER_BYTES)
        except ChatError as error:
            raise UnavailableError(f"a function of the application answered with {error}") from error


class LambdaRoomAccess:
    """The `RoomAccess` port by a function. Without its answer, nobody gets in."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    async def decide(self, identity: Identity, room: str) -> Access | None:
        """Ask with `{user, claims, room}`; be answered `{access}`."""
        answer = await self._hook.ask({"user": _user(identity.user), "claims": identity.claims, "room": room})
        match answer:
            case {"access": None}:
                return None
            case {"access": "none" | "read" | "write" | "moderate" as access}:
                return Access[access.upper()]
        raise UnavailableError('room_access must answer {"access"}: "none", "read", "write", "moderate" or null')


class LambdaReview:
    """The `MessageReview` port by a function.

    Args:
        hook: the function.
        text_bytes: longest text that it may answer with.
        fails_open: whether a message is stored as it is when the function fails; it is refused for now otherwise.
    """

    def __init__(self, hook: Hook, *, text_bytes: int, fails_open: bool) -> None:
        self._hook = hook
        self._text_bytes = text_bytes
        self._fails_open = fails_open

    async def review(self, action: str, room: str, user: User, message: Message) -> str:
        """Ask with `{action, user, room, text, meta}`; be answered `{decision, text?, reason?}`."""
        text = message.text or ""
        question = {"action": action, "user": _user(user), "room": room, "text": text, "meta": message.meta}
        try:
            answer = await self._hook.ask(question)
            return self._read_verdict(answer, text)
        except UnavailableError:
            if self._fails_open:
                return text
            raise

    def _read_verdict(self, answer: Mapping[str, Any], text: str) -> str:
        match answer:
            case {"decision": "allow"}:
                return text
            case {"decision": "change"}:
                try:
                    return read_measured(dict(answer), "text", self._text_bytes)
                except ChatError as error:
                    raise UnavailableError(f"message_review may not change a text so: {error}") from error
            case {"decision": "refuse"}:
                reason = answer.get("reason") or "this message is not allowed here"
                raise MessageRefusedError(str(reason)[:_REASON_LENGTH])
        raise UnavailableError('message_review must answer {"decision"}: "allow", "change" or "refuse"')


def _user(user: User) -> dict[str, str]:
    return {"id": user.id, "name": user.name}
