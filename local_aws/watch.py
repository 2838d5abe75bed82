"""Deploy again when the source changes."""

from __future__ import annotations

from pathlib import Path

import watchfiles
from rich.console import Console

from local_aws.local import LocalAws
from local_aws.processes import CommandError

_POLL_MS = 1000


def watch(local: LocalAws, app: Path, console: Console) -> None:
    """Deploy each change of the functions or of the stack, for ever.

    A change that can't be deployed is shown; what was deployed before stays.

    Args:
        local: the run.
        app: the directory with the sources.
        console: where a failure is shown.

    Raises:
        CommandError: MiniStack ended.
    """
    functions, stack = app / "lambda", app / "chat_stack"
    for changes in watchfiles.watch(functions, stack, rust_timeout=_POLL_MS, yield_on_timeout=True):
        local.check()
        if not changes:
            continue
        try:
            if all(Path(path).is_relative_to(functions) for _, path in changes):
                local.update_functions()
            else:
                local.deploy()
        except CommandError as error:
            console.print(str(error), markup=False, highlight=False)
