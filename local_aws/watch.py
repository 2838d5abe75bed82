"""Deploy again when the source changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import watchfiles
from rich.console import Console
from watchfiles.main import FileChange

from local_aws.local import LocalAws
from local_aws.processes import CommandError
from local_aws.web_app import find_sources

_FUNCTIONS, _STACK, _WEB = "lambda", "chat_stack", "web"
_POLL_MS = 200


def watch_sources(app: Path) -> Iterator[set[FileChange]]:
    """Watch the sources of functions, stack and web app, from now on: what changes before the first look is not lost.

    Returns:
        The changes, as they come; none at all several times a second, so that other things can be looked after.
    """
    sources = [app / _FUNCTIONS, app / _STACK, *find_sources(app / _WEB)]
    changes = watchfiles.watch(*sources, rust_timeout=_POLL_MS, yield_on_timeout=True)
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
        paths = [Path(path) for _, path in each]
        for step in _choose_steps(paths, local, app):
            try:
                step()
            except CommandError as error:
                console.print(str(error), markup=False, highlight=False, soft_wrap=True)


def _choose_steps(paths: Iterable[Path], local: LocalAws, app: Path) -> list[Callable[[], None]]:
    changed = {path.relative_to(app).parts[0] for path in paths}
    steps: list[Callable[[], None]] = []
    if _STACK in changed:
        steps.append(local.deploy)
    elif _FUNCTIONS in changed:
        steps.append(local.update_functions)
    if _WEB in changed and "web" in local.urls:
        steps.append(local.build_website)
    return steps
