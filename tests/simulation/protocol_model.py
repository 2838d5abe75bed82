"""A model of the append protocol, small enough to visit every state of it.

Writers repeat what was not acked, crash and die; readers are pushed to and resume. Each step is one request to the
table, which takes effect at one moment: a consistent read, or a conditional put. What somebody has sent off may still
take effect once they are dead.

Source: docs/protocol.md, "Sending" and "Staying complete"; `chat.domain.append.append`, `chat.domain.reading.read_page`
and `chat_client.room.Room` do the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

BUGS = (
    "a put without its condition",
    "no look for the id",
    "a counter gives the numbers",
    "a repetition names its new position",
)


class Attempt(NamedTuple):
    """One invocation that appends a message.

    Attributes:
        at: `waits` to begin, `reads`, `puts`, `late` (dead, its put still on the way), `acked`, or `over`.
        known: the entries up to this number it has read.
        seq: the number in its ack.
    """

    at: str = "waits"
    known: int = 0
    seq: int = 0


class Reader(NamedTuple):
    """A client that shows the log.

    Attributes:
        shown: the ids it has shown.
        held: numbers that were pushed and wait for those before them.
        pushed: numbers whose push has come; others may be lost.
        page: what an answer on its way holds: the position that was asked for, and the ids from there on.
        resumes: how often it will still ask.
    """

    shown: tuple[int, ...] = ()
    held: frozenset[int] = frozenset()
    pushed: frozenset[int] = frozenset()
    page: tuple[int, tuple[int, ...]] | None = None
    resumes: int = 0


class State(NamedTuple):
    """Everything there is.

    Attributes:
        log: the messages by number; 0 where there is a hole.
        writers: the attempts of each.
        readers: all of them.
        counter: used by a bug alone.
    """

    log: tuple[int, ...]
    writers: tuple[tuple[Attempt, ...], ...]
    readers: tuple[Reader, ...]
    counter: int = 0


@dataclass(frozen=True)
class Bounds:
    """How many there are of everything.

    Attributes:
        attempts: of each writer, who has one message; all but the last may crash.
        resumes: of each reader.
        pushes: whether the readers are pushed to as well.
        bug: one of `BUGS`, planted; None for none.
    """

    attempts: Sequence[int]
    readers: int
    resumes: int = 1
    pushes: bool = False
    bug: str | None = None


def explore(bounds: Bounds) -> int:
    """Visit every state; return how many there are.

    Raises:
        AssertionError: a promise is broken in one of them.
    """
    writers = tuple((Attempt(),) * count for count in bounds.attempts)
    start = State((), writers, (Reader(resumes=bounds.resumes),) * bounds.readers)
    known, unexplored = {start}, [start]
    while unexplored:
        state = unexplored.pop()
        for following in _steps(state, bounds):
            if following not in known:
                _check(following)
                known.add(following)
                unexplored.append(following)
    return len(known)


def _check(state: State) -> None:
    stored = [message for message in state.log if message]
    assert len(stored) == len(state.log), "a hole"
    assert len(stored) == len(set(stored)), "stored twice"
    for message, attempts in enumerate(state.writers, 1):
        for attempt in attempts:
            if attempt.at == "acked":
                assert state.log[attempt.seq - 1 : attempt.seq] == (message,), "acked, and not there"
    for reader in state.readers:
        assert reader.shown == state.log[: len(reader.shown)], "a reader shows another log"


def _steps(state: State, bounds: Bounds) -> Iterator[State]:
    for index, attempts in enumerate(state.writers):
        for number, attempt in enumerate(attempts):
            for log, counter, after in _advance(state, index + 1, attempts, number, bounds):
                # Which attempt is which does not matter.
                changed = tuple(sorted((*attempts[:number], after, *attempts[number + 1 :])))
                writers = (*state.writers[:index], changed, *state.writers[index + 1 :])
                yield State(log, writers, state.readers, counter)
            if attempt == Attempt():
                # The others that wait would do the same.
                break
    for index, reader in enumerate(state.readers):
        for after_reader in _read(state.log, reader, bounds):
            readers = tuple(sorted((*state.readers[:index], after_reader, *state.readers[index + 1 :]), key=repr))
            yield state._replace(readers=readers)


def _advance(
    state: State, message: int, attempts: tuple[Attempt, ...], number: int, bounds: Bounds
) -> Iterator[tuple[tuple[int, ...], int, Attempt]]:
    """Give what an attempt may do next: the log, the counter, and the attempt afterwards."""
    attempt, log, counter = attempts[number], state.log, state.counter
    may_crash = any(other.at == "waits" for other in attempts)
    match attempt.at:
        case "waits":
            moved = len(log) if bounds.bug == "a repetition names its new position" else 0
            yield log, counter, Attempt("reads", moved)
        case "reads":
            found = log.index(message) + 1 if message in log else 0
            if found > attempt.known and bounds.bug != "no look for the id":
                yield log, counter, Attempt("acked", 0, found)
            elif bounds.bug == "a counter gives the numbers":
                yield log, counter + 1, Attempt("puts", counter)
            else:
                yield log, counter, Attempt("puts", len(log))
        case "puts" | "late":
            is_free = len(log) <= attempt.known or bounds.bug in (BUGS[0], BUGS[2])
            is_alive = attempt.at == "puts"
            if is_free:
                seq = attempt.known + 1
                padded = (*log, *(0 for _ in range(seq - len(log))))
                after = Attempt("acked", 0, seq) if is_alive else Attempt("over")
                yield (*padded[: seq - 1], message, *padded[seq:]), counter, after
            else:
                yield log, counter, Attempt("reads", attempt.known) if is_alive else Attempt("over")
            if is_alive and may_crash:
                yield log, counter, attempt._replace(at="late")
            if not is_alive:
                yield log, counter, Attempt("over")
    if attempt.at == "reads" and may_crash:
        yield log, counter, Attempt("over")


def _read(log: tuple[int, ...], reader: Reader, bounds: Bounds) -> Iterator[Reader]:
    """Give what may happen to a reader next."""
    position = len(reader.shown)
    if reader.page is None and reader.resumes:
        yield reader._replace(page=(position, log[position:]), resumes=reader.resumes - 1)
    if reader.page is not None:
        asked, ids = reader.page
        # The answer is lost, or it comes.
        yield reader._replace(page=None)
        yield _release(reader._replace(page=None, shown=(*reader.shown, *ids[position - asked :])), log)
    if bounds.pushes:
        for seq in range(1, len(log) + 1):
            if seq not in reader.pushed:
                yield _release(reader._replace(held=reader.held | {seq}, pushed=reader.pushed | {seq}), log)


def _release(reader: Reader, log: tuple[int, ...]) -> Reader:
    """Show what waits and is next."""
    shown = reader.shown
    while len(shown) + 1 in reader.held:
        shown = (*shown, log[len(shown)])
    return reader._replace(shown=shown, held=frozenset(seq for seq in reader.held if seq > len(shown)))


# What tests visit; and what takes some minutes more (docs/reliability.md has the numbers).
SMALL: Sequence[Bounds] = (
    Bounds(attempts=(2, 2, 2), readers=0),
    Bounds(attempts=(1, 1, 1), readers=2),
    Bounds(attempts=(2, 2), readers=1, resumes=2, pushes=True),
)
LARGE: Sequence[Bounds] = (
    Bounds(attempts=(3, 2), readers=1, resumes=2, pushes=True),
    Bounds(attempts=(2, 1, 1), readers=2, pushes=True),
    Bounds(attempts=(2, 2, 2), readers=2),
)
