"""What the functions write is kept, and refused handshakes are answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_aws.server import answer_handshakes, record_output


def make_worker(outcome: dict[str, Any] | Exception) -> Any:
    """A worker whose invocations all end in one way."""

    class FakeWorker:
        func_name = "Message"

        def invoke(self, event: str, *, request_id: str) -> dict[str, Any]:
            assert (event, request_id) == ("event", "r1")
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

    return FakeWorker


@pytest.mark.parametrize(
    ("result", "written"),
    [
        ({"status": "ok", "log": "one\ntwo"}, "one\ntwo\n"),
        ({"status": "ok", "log": ""}, ""),
        ({"status": "error", "error": "no", "trace": "Traceback\nno\n", "log": "one"}, "one\nMessage: Traceback\nno\n"),
        ({"status": "error", "error": "Task timed out", "log": ""}, "Message: Task timed out\n"),
    ],
)
def test_output_and_failures_are_written(tmp_path: Path, result: dict[str, Any], written: str) -> None:
    log = tmp_path / "functions.log"
    worker_class = make_worker(result)
    record_output(worker_class, log)
    assert worker_class().invoke("event", request_id="r1") == result
    assert log.read_text() == written


def test_a_function_that_cannot_be_imported_is_written_and_still_fails(tmp_path: Path) -> None:
    log = tmp_path / "functions.log"
    worker_class = make_worker(RuntimeError("invalid syntax"))
    record_output(worker_class, log)
    with pytest.raises(RuntimeError, match="invalid syntax"):
        worker_class().invoke("event", request_id="r1")
    assert log.read_text() == "Message: invalid syntax\n"


class FakeGateway:
    """MiniStack's API Gateway: `$connect` decides about the handshake, then one frame is answered and all is over."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.sent: list[dict[str, Any]] = []

    async def _invoke_ws_lambda(self, api: str, event_type: str, *, headers: str) -> dict[str, Any]:
        return {"statusCode": self.statuses.pop(0)}

    async def handle_websocket(self, scope: str, receive: str, send: Any, api: str) -> None:
        response = await self._invoke_ws_lambda(api, "CONNECT", headers="h")
        if response["statusCode"] == 200:
            await send({"type": "websocket.accept"})
            await self._invoke_ws_lambda(api, "MESSAGE", headers="h")
        await send({"type": "websocket.close", "code": 1008})

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


@pytest.mark.parametrize(("status", "answered"), [(401, 401), (403, 403), (500, 502)])
async def test_a_refused_handshake_is_answered_with_the_functions_status(status: int, answered: int) -> None:
    gateway = FakeGateway(status)
    answer_handshakes(gateway)
    await gateway.handle_websocket("scope", "receive", gateway.send, "api")
    assert gateway.sent == [
        {"type": "websocket.http.response.start", "status": answered, "headers": []},
        {"type": "websocket.http.response.body", "body": b""},
    ]


async def test_a_socket_that_was_open_is_closed_as_usual() -> None:
    gateway = FakeGateway(200, 500)
    answer_handshakes(gateway)
    await gateway.handle_websocket("scope", "receive", gateway.send, "api")
    assert [message["type"] for message in gateway.sent] == ["websocket.accept", "websocket.close"]
