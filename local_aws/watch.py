"""Deploy again when the source changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import watchfiles
from rich.console import Console
from watchfiles.main import FileChange

from local_aws.local import LocalAws
from local_aws.processes import CommandError

_FUNCTIONS, _STACK = "lambda", "chat_stack"
_POLL_MS = 200


def watch_sources(app: Path) -> Iterator[set[FileChange]]:
    """Watch the functions' source and the stack's, from now on: what changes before the first look is not lost.

    Returns:
        The changes, as they come; none at all several times a second, so that other things can be looked after.
    """
    changes = watchfiles.watch(app / _FUNCTIONS, app / _STACK, rust_timeout=_POLL_MS, yield_on_timeout=True)
    # A generator does nothing before it is asked.
    next(changes)
    return changes


def deploy_changes(changes: Iterable[set[FileChange]], local: LocalAws, app: Path, console: Console) -> None:
    """Deploy each change, for ever.

    One that can't be deployed is shown; what was deployed before stays.

    Args:
        changes: what `watch_sources` returned.
        local: the run.
        app: the directory with the sources.
        console: where a failure is shown.

    Raises:
        CommandError: MiniStack ended.
    """
    for each in changes:
        local.check()
        if not each:
            continue
        try:
            if all(Path(path).is_relative_to(app / _FUNCTIONS) for _, path in each):
                local.update_functions()
            else:
                local.deploy()
        except CommandError as error:
            console.print(str(error), markup=False, highlight=False, soft_wrap=True)
