"""What is done when a source changes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console
from watchfiles import Change

from local_aws.local import LocalAws
from local_aws.processes import CommandError
from local_aws.watch import deploy_changes, watch_sources

# Each is 0.2 s.
_LOOKS = 50


class FakeLocalAws:
    """Notes what is asked of it; the web app can't be built."""

    def __init__(self, log: Path, *, serves: bool = True) -> None:
        self.done: list[str] = []
        self.urls = {"web": "http://127.0.0.1:8080"} if serves else {}
        self._log = log

    def check(self) -> None:
        self.done.append("check")

    def deploy(self) -> None:
        self.done.append("deploy")

    def update_functions(self) -> None:
        self.done.append("update")

    def build_website(self) -> None:
        self.done.append("build")
        raise CommandError("npm run ended with status 1.", self._log)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    log = tmp_path / "web.log"
    log.write_text("Unexpected token")
    return log


@pytest.mark.parametrize(
    ("changed", "done"),
    [
        ([], []),
        (["lambda/chat/a.py"], ["update"]),
        (["chat_stack/a.py"], ["deploy"]),
        (["chat_stack/a.py", "lambda/chat/a.py"], ["deploy"]),
        (["web/app/src/a.ts"], ["build"]),
        (["web/app/src/a.ts", "lambda/chat/a.py"], ["update", "build"]),
    ],
)
def test_what_changed_is_deployed_and_nothing_else(
    changed: list[str], done: list[str], log: Path, tmp_path: Path
) -> None:
    local = FakeLocalAws(log)
    changes = {(Change.modified, str(tmp_path / name)) for name in changed}
    deploy_changes([changes], cast("LocalAws", local), tmp_path, Console(file=io.StringIO()))
    assert local.done == ["check", *done]


def test_a_change_that_cannot_be_built_is_shown_and_the_next_one_is_taken(log: Path, tmp_path: Path) -> None:
    local, output = FakeLocalAws(log), io.StringIO()
    change = {(Change.modified, str(tmp_path / "web" / "app" / "src" / "a.ts"))}
    deploy_changes([change, change], cast("LocalAws", local), tmp_path, Console(file=output))
    assert local.done == ["check", "build", "check", "build"]
    assert "Unexpected token" in output.getvalue()


def test_a_web_app_that_is_not_served_is_not_built(log: Path, tmp_path: Path) -> None:
    local = FakeLocalAws(log, serves=False)
    change = {(Change.modified, str(tmp_path / "web" / "app" / "src" / "a.ts"))}
    deploy_changes([change], cast("LocalAws", local), tmp_path, Console(file=io.StringIO()))
    assert local.done == ["check"]


def test_sources_are_watched_and_what_a_build_leaves_is_not(tmp_path: Path) -> None:
    sources = [tmp_path / name for name in ("lambda", "chat_stack", "web/app/src", "web/sdk/src")]
    built = tmp_path / "web" / "app" / "dist"
    for directory in (*sources, built):
        directory.mkdir(parents=True)
    changes = watch_sources(tmp_path)
    (built / "index.html").touch()
    for directory in sources:
        (directory / "new.txt").touch()
    expected = {directory / "new.txt" for directory in sources}
    seen: set[Path] = set()
    for _, change in zip(range(_LOOKS), changes, strict=False):
        seen |= {Path(path) for _, path in change}
        if seen >= expected:
            break
    assert seen == expected
