"""The child process: MiniStack, with what the functions write kept in a file, tied to the life of its parent.

    python -m local_aws.server FUNCTIONS_LOG

MiniStack throws away the output of functions that a WebSocket API calls, and the tracebacks of those that fail. And it
answers each handshake that it refuses with 403, after which no client comes again.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextvars import ContextVar
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ministack.app import main as serve
from ministack.core.lambda_runtime import Worker
from ministack.services import apigateway


def record_output(worker_class: Any, log: Path) -> None:
    """Have each invocation's output, and its traceback, added to a file.

    Args:
        worker_class: MiniStack's `Worker`, whose `invoke` is wrapped.
        log: the file.
    """
    invoke = worker_class.invoke
    lock = threading.Lock()

    def write(*texts: str | None) -> None:
        lines = "".join(f"{text.rstrip()}\n" for text in texts if text)
        with lock, log.open("a") as file:
            file.write(lines)

    def invoke_and_record(worker: Any, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            result: dict[str, Any] = invoke(worker, *args, **options)
        except Exception as error:
            # The function could not even be imported.
            write(f"{worker.func_name}: {error}")
            raise
        failure = result.get("trace") or result.get("error")
        write(result.get("log"), failure and f"{worker.func_name}: {failure}")
        return result

    worker_class.invoke = invoke_and_record


def answer_handshakes(gateway: Any) -> None:
    """Have a handshake that is refused answered as on AWS: with the status of `$connect`, and with 502 where it failed.

    Args:
        gateway: MiniStack's API Gateway, whose functions are wrapped.
    """
    invoke, handle = gateway._invoke_ws_lambda, gateway.handle_websocket
    # Each WebSocket is handled in a context of its own.
    connect_status: ContextVar[int] = ContextVar("connect_status", default=HTTPStatus.OK)

    async def invoke_and_note(*args: Any, **options: Any) -> Any:
        response = await invoke(*args, **options)
        if "CONNECT" in args:
            connect_status.set(int((response or {}).get("statusCode", HTTPStatus.OK)))
        return response

    async def handle_and_answer(scope: Any, receive: Any, send: Any, *args: Any, **options: Any) -> None:
        async def send_or_answer(message: dict[str, Any]) -> None:
            status = connect_status.get()
            if message["type"] != "websocket.close" or status < HTTPStatus.MULTIPLE_CHOICES:
                await send(message)
                return
            # What MiniStack returns for a function that failed; none of ours returns it.
            status = HTTPStatus.BAD_GATEWAY if status == HTTPStatus.INTERNAL_SERVER_ERROR else status
            await send({"type": "websocket.http.response.start", "status": status, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b""})

        await handle(scope, receive, send_or_answer, *args, **options)

    gateway._invoke_ws_lambda, gateway.handle_websocket = invoke_and_note, handle_and_answer


def main(functions_log: str) -> None:
    """Serve until the parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    record_output(Worker, Path(functions_log))
    answer_handshakes(apigateway)
    # MiniStack would take them for its own.
    sys.argv[1:] = []
    serve()


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe is closed, then end this process and all functions."""
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
