"""One deployed stack for all end-to-end tests: its own MiniStack, on a port and in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.console import Console

from local_aws.local import LocalAws
from local_aws.progress import Progress


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """The stack, deployed by the CDK CLI.

    Clients connect to `deployed.urls["websocket"]`; `deployed.outputs` has the tables' names, `deployed.functions` the
    functions'. For clients of AWS: `deployed.session.client(service, endpoint_url=deployed.endpoint)`.
    """
    with LocalAws(tmp_path_factory.mktemp("local"), Progress(Console())) as local:
        yield local
