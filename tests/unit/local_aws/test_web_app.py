"""The web app's sources, and their build."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local_aws.processes import CommandError
from local_aws.web_app import WebApp, find_sources


@pytest.fixture
def npm(tmp_path: Path) -> Path:
    """An npm that builds nothing, and says what it was asked for; broken where `broken` is in the way."""
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text('#!/bin/sh\necho "$@ in $PWD"\n[ ! -e broken ]\n')
    npm.chmod(0o755)
    return npm


@pytest.fixture
def web_app(npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WebApp:
    path = f"{npm.parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    directory = tmp_path / "web"
    directory.mkdir()
    return WebApp(directory, tmp_path / "web.log", {"PATH": path})


def test_it_is_set_up_once_its_packages_are_there(web_app: WebApp) -> None:
    assert not web_app.is_set_up
    (web_app.directory / "node_modules").mkdir()
    assert web_app.is_set_up


def test_it_is_built_by_npm(web_app: WebApp) -> None:
    web_app.build()
    assert web_app.log.read_text() == f"run build in {web_app.directory}\n"


def test_a_build_that_fails_shows_what_it_said(web_app: WebApp) -> None:
    (web_app.directory / "broken").touch()
    with pytest.raises(CommandError, match="npm run ended with status 1") as caught:
        web_app.build()
    assert "run build in" in str(caught.value)


def test_sources_are_what_people_write_and_nothing_that_is_built(tmp_path: Path) -> None:
    for name in ("app/src", "app/public", "app/dist", "sdk/src", "sdk/dist", "node_modules/vite", "sdk/tests"):
        (tmp_path / name).mkdir(parents=True)
    assert find_sources(tmp_path) == [tmp_path / name for name in ("app/public", "app/src", "sdk/src")]


def test_where_there_is_no_web_app_there_are_no_sources(tmp_path: Path) -> None:
    assert find_sources(tmp_path / "web") == []
