"""What the functions write is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_aws.server import record_output


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
