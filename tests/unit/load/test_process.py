"""What a process arranges for many connections."""

from __future__ import annotations

import resource
import urllib.request
from collections.abc import Callable

import pytest

from chat_client.load import process
from chat_client.load.process import TooFewFilesError, allow_connections

Limit = Callable[[int, int], list[tuple[int, int]]]


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Limit:
    """Sets the limit of open files that the process finds; the list has what it then asks for."""

    def set_limit(soft: int, hard: int) -> list[tuple[int, int]]:
        asked: list[tuple[int, int]] = []
        monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
        monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
        return asked

    return set_limit


@pytest.mark.parametrize(
    ("soft", "hard", "asked"),
    [
        (1024, 4096, []),
        (1024, 900, []),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, []),
        (256, 4096, [(1000, 4096)]),
        (256, resource.RLIM_INFINITY, [(1000, resource.RLIM_INFINITY)]),
        (256, 1000, [(1000, 1000)]),
    ],
)
def test_the_limit_of_files_is_raised_as_far_as_needed(
    limit: Limit, soft: int, hard: int, asked: list[tuple[int, int]]
) -> None:
    raised = limit(soft, hard)
    allow_connections(800)
    assert raised == asked


def test_a_system_that_does_not_allow_it_is_told_of(limit: Limit) -> None:
    limit(256, 999)
    with pytest.raises(TooFewFilesError, match="800 clients need 1000 open files, and this system allows 999"):
        allow_connections(800)


def test_there_is_one_tls_context_for_sockets_and_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[urllib.request.OpenerDirector] = []
    monkeypatch.setattr(urllib.request, "install_opener", installed.append)
    process.share_tls.cache_clear()
    context = process.share_tls()
    assert process.share_tls() is context
    (opener,) = installed
    handlers = vars(opener)["handlers"]
    contexts = [vars(handler)["_context"] for handler in handlers if isinstance(handler, urllib.request.HTTPSHandler)]
    assert contexts == [context]
    process.share_tls.cache_clear()
