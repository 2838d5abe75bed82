"""Bugs to plant in the SDK: a piece of its code as the bundler writes it, and what takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation import ledger, views


@dataclass(frozen=True)
class SdkBug:
    """A bug of the SDK, and which promises it may break."""

    name: str
    code: str
    planted: str
    promises: tuple[str, ...]


SDK_BUGS: Sequence[SdkBug] = (
    SdkBug(
        "the SDK shows pushes as they come",
        "if (this.#after !== void 0) this.#epoch ??= entry.epoch;",
        "if (this.#after !== void 0) return { ...NOTHING, pushed: [entry] };",
        (views.SHOWN,),
    ),
    SdkBug(
        "the SDK shows a page's entries again",
        "entries.filter((entry) => entry.seq > after)",
        "entries",
        (views.SHOWN,),
    ),
    SdkBug(
        "the SDK gives each attempt an id",
        "JSON.stringify({ action, id, ...fields })",
        "JSON.stringify({ action, id: isWrite(request) && request.attempts ? `${id}b` : id, ...fields })",
        (ledger.STORED_ONCE,),
    ),
    SdkBug(
        "the SDK takes no reaction back",
        "if (!entry.remove) users.push(entry.from)",
        "users.push(entry.from)",
        (views.STANDS,),
    ),
    SdkBug(
        "the SDK repeats no request",
        "this.surroundings.timing.replyMs * 2 ** Math.min(request.attempts++, 3)",
        "Infinity + request.attempts++",
        (views.ANSWERED, views.COMPLETE),
    ),
)
