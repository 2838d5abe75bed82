"""The web app, built and served on the stacks that the other end-to-end tests use, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from local_aws import processes
from local_aws.environment import HOST
from local_aws.local import ROOT, LocalAws
from local_aws.ministack import choose_port
from local_aws.web_app import WebApp
from local_aws.website import serve_website
from tests.e2e.browser.browser import DESKTOP, ChromiumMissingError, find_chromium
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits

Arrive = Callable[..., Person]

# MiniStack starts a process for each function that it has not run yet, and the machine may be busy.
_PATIENCE_MS = 30_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in the report of a failure what its browser showed."""
    report = yield
    visits = item.funcargs.get("visits")
    if report.when == "call" and report.failed and isinstance(visits, Visits):
        directory: Any = item.funcargs["tmp_path"]
        try:
            files = "\n".join(map(str, visits.keep_evidence(directory)))
        except Error as error:
            files = f"nothing could be kept: {error}"
        report.sections.append(("what the browser showed (`playwright show-trace FILE` opens traces)", files))
    return report


@pytest.fixture(scope="session")
def web_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the web app, built anew; a copy, which no other build changes meanwhile."""
    directory = tmp_path_factory.mktemp("web")
    web, log = ROOT / "web", directory / "web.log"
    app = WebApp(web, log, os.environ)
    if not app.is_set_up:
        processes.run(["npm", "ci"], log=log, env=os.environ, cwd=web)
    app.build()
    return shutil.copytree(app.files, directory / "files")


@pytest.fixture(scope="session")
def chat_url(deployed: LocalAws, web_app: Path) -> Iterator[str]:
    """Where the web app is, for guests."""
    port = choose_port()
    with serve_website(web_app, port, lambda: deployed.urls):
        yield f"http://{HOST}:{port}"


@pytest.fixture(scope="session")
def cognito_url(cognito: LocalAws, web_app: Path) -> Iterator[str]:
    """Where the web app is, for users of Cognito."""
    port = choose_port()
    with serve_website(web_app, port, lambda: cognito.urls):
        yield f"http://{HOST}:{port}"


# Not for the session: as long as Playwright runs, no event loop can be started in this thread.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser, for all tests of this folder."""
    try:
        program = find_chromium()
    except ChromiumMissingError as error:
        pytest.fail(str(error), pytrace=False)
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser, tmp_path: Path) -> Iterator[Visits]:
    """The pages of a test; none of them may throw, or run into the Content-Security-Policy."""
    visits = Visits(chromium)
    yield visits
    visits.close()
    assert visits.faults == []


@pytest.fixture
def arrive(visits: Visits, chat_url: str, room: str) -> Arrive:
    """Has a guest enter the room of the test, on a device of their own."""

    def enter(name: str, device: dict[str, Any] = DESKTOP, **options: Any) -> Person:
        person = visits.open(chat_url, device, **options)
        person.sign_in_as_guest(name)
        person.enter(room)
        return person

    return enter
