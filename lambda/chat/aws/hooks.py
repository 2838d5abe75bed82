"""The application's own functions, which the construct names: one decides about rooms, one reviews messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chat.aws.client import AwsClient, AwsUnavailable, Payload
from chat.aws.deadline import Deadline
from chat.domain.model import Access, Identity, Message, User
from chat.protocol.errors import MessageRefusedError, UnavailableError

_REASON_LENGTH = 200


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
            answer = json.loads(reply.body)
        except (AwsUnavailable, ValueError) as error:
            raise UnavailableError(f"a function of the application gave no answer: {error}") from error
        if reply.status != 200 or "x-amz-function-error" in reply.headers or not isinstance(answer, dict):
            raise UnavailableError("a function of the application failed; send the same frame again")
        return answer


class LambdaRoomAccess:
    """The `RoomAccess` port by a function. Without its answer, nobody gets in."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    async def decide(self, identity: Identity, room: str) -> Access | None:
        """Ask with `{user, claims, room}`; be answered `{access}`."""
        answer = await self._hook.ask({"user": _user(identity.user), "claims": identity.claims, "room": room})
        match answer.get("access"):
            case None:
                return None
            case "none" | "read" | "write" | "moderate" as access:
                return Access[access.upper()]
            case other:
                raise UnavailableError(f"room_access must answer none, read, write, moderate or null, got {other!r}")


class LambdaReview:
    """The `MessageReview` port by a function.

    Args:
        hook: the function.
        text_bytes: longest text that it may answer with.
        fails_open: whether a message is stored as it is when the function fails; it is refused for now otherwise.
    """

    def __init__(self, hook: Hook, *, fails_open: bool) -> None:
        self._hook = hook
        self._fails_open = fails_open

    async def review(self, action: str, room: str, user: User, message: Message) -> str:
        """Ask with `{action, user, room, text, meta}`; be answered `{decision, text?, reason?}`."""
        text = message.text or ""
        question = {"action": action, "user": _user(user), "room": room, "text": text, "meta": message.meta}
        try:
            answer = await self._hook.ask(question)
            return _read_verdict(answer, text)
        except UnavailableError:
            if self._fails_open:
                return text
            raise


def _read_verdict(answer: Mapping[str, Any], text: str) -> str:
    match answer:
        case {"decision": "allow"}:
            return text
        case {"decision": "change", "text": str(changed)} if changed:
            return changed
        case {"decision": "refuse"}:
            reason = answer.get("reason") or "this message is not allowed here"
            raise MessageRefusedError(str(reason)[:_REASON_LENGTH])
    raise UnavailableError('the message_review function must answer {"decision": "allow", "change" or "refuse"}')


def _user(user: User) -> dict[str, str]:
    return {"id": user.id, "name": user.name}
