"""What the unit tests share: one DynamoDB for the session, started when the first test asks for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from threading import Lock, Thread
from typing import Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


class OneAtATime:
    """Moto checks a condition and writes in two steps; DynamoDB in one."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = Lock()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        with self._lock:
            answer: Iterable[bytes] = self._app(environ, start_response)
            return answer


@pytest.fixture(scope="session")
def dynamodb_url() -> Iterator[str]:
    """The endpoint of a DynamoDB in memory."""
    logging.getLogger("werkzeug").disabled = True
    app = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
