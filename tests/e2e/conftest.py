"""One deployed stack for all end-to-end tests: its own MiniStack, on a port and in a directory of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from rich.console import Console

from chat_client import CognitoSignIn, GuestSignIn
from local_aws.local import LocalAws
from local_aws.progress import Progress
from local_aws.users import PASSWORD
from tests.e2e.sockets import Socket

Connect = Callable[[str], Socket]
SignInAs = Callable[..., CognitoSignIn]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """The stack, deployed by the CDK CLI.

    Clients connect to `deployed.urls["websocket"]`; `deployed.outputs` has the tables' names, `deployed.functions` the
    functions'. For clients of AWS: `deployed.session.client(service, endpoint_url=deployed.endpoint)`.
    """
    with LocalAws(tmp_path_factory.mktemp("local"), Progress(Console())) as local:
        yield local


@pytest.fixture(scope="session")
def cognito(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A stack of its own, whose users come from Cognito; the first of them is a moderator."""
    with LocalAws(tmp_path_factory.mktemp("cognito"), Progress(Console()), auth="cognito") as local:
        yield local


@pytest.fixture
def room() -> str:
    """A room that no other test knows."""
    return f"room-{uuid.uuid4()}"


@pytest.fixture
def connect(deployed: LocalAws) -> Iterator[Connect]:
    """Opens connections, and closes them after the test. The same name is the same user."""
    opened: list[Socket] = []

    def open_one(name: str) -> Socket:
        opened.append(Socket(GuestSignIn(deployed.urls["ticket"], name, key=name), name))
        return opened[-1]

    yield open_one
    for socket in opened:
        socket.close()


@pytest.fixture
def sign_in(cognito: LocalAws) -> SignInAs:
    """Signs a user of Cognito in."""

    def build(user: str, password: str = PASSWORD) -> CognitoSignIn:
        return CognitoSignIn(
            cognito.urls["ticket"],
            endpoint=cognito.urls["aws"],
            client_id=cognito.urls["cognito_client"],
            user=user,
            password=password,
        )

    return build
