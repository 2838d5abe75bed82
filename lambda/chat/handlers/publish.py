"""`publish`: the application itself sends a message; it invokes this function directly."""

from __future__ import annotations

import json
from typing import Any

from chat.domain import replies
from chat.domain.chat import Caller
from chat.domain.publishing import publish_from_server
from chat.handlers.container import Container, Event, Result
from chat.protocol.errors import ChatError, TooDeepError
from chat.protocol.frames import decode_frame
from chat.protocol.limits import DEPTH

container = Container()


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Answer `{room | to, text, from, id, meta?, name?}` with an ack, or with an error that no repetition helps.

    Raises:
        ChatError: a repetition may help. Lambda repeats an asynchronous invocation by itself.
    """
    return container.invoke(_publish, event, context, route="publish")


async def _publish(caller: Caller, event: Event) -> Result:
    try:
        request = decode_frame(_write(event), container.chat.limits.frame_bytes)
        reply = await publish_from_server(container.chat, caller, request)
    except ChatError as error:
        if error.retryable:
            raise
        reply = replies.error(error)
    return Result(reply, outcome=str(reply.get("code", reply["type"])), room=reply.get("room"))


def _write(event: Event) -> str:
    try:
        return json.dumps(event, ensure_ascii=False)
    except RecursionError:
        raise TooDeepError(f"a request may nest {DEPTH} levels") from None
