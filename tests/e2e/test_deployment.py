"""The deployment itself, and `python -m local_aws run`: what it starts, follows and leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websocket import WebSocketBadStatusException, create_connection

from chat_client import GuestSignIn
from local_aws.local import ROOT, LocalAws
from tests.e2e.sockets import Socket, eventually

_MARK = "CHAT_STACK_TEST"
_PROCESSES = Path("/proc")
_LONGEST_S = 90.0

reads_processes = pytest.mark.skipif(not _PROCESSES.exists(), reason="finds processes through /proc")


def test_ping_is_answered_without_a_function(deployed: LocalAws) -> None:
    socket = Socket(GuestSignIn(deployed.urls["ticket"], "pinger"), "pinger")
    socket.send_text('{"action": "ping"}')
    assert socket.receive() == {"type": "pong"}
    socket.close()


def test_a_handshake_without_a_good_ticket_is_answered_with_401(deployed: LocalAws) -> None:
    with pytest.raises(WebSocketBadStatusException) as refused:
        create_connection(f"{deployed.urls['websocket']}?ticket=stolen")
    assert refused.value.status_code == 401


def test_every_route_but_connect_and_disconnect_has_one_route_response(deployed: LocalAws) -> None:
    api = deployed.session.client("apigatewayv2", endpoint_url=deployed.endpoint)
    api_id = deployed.urls["websocket"].split("/")[-2]
    routes = {each["RouteKey"]: each["RouteId"] for each in api.get_routes(ApiId=api_id)["Items"]}
    counts = {
        key: len(api.get_route_responses(ApiId=api_id, RouteId=route_id)["Items"]) for key, route_id in routes.items()
    }
    one_way = {key for key, count in counts.items() if count == 0}
    assert one_way == {"$connect", "$disconnect", "typing"}
    assert max(counts.values()) == 1


def test_outputs_name_the_urls_and_the_tables(deployed: LocalAws) -> None:
    dynamodb = deployed.session.client("dynamodb", endpoint_url=deployed.endpoint)
    tables = set(dynamodb.list_tables()["TableNames"])
    assert {deployed.outputs["ConnectionsTableName"], deployed.outputs["RoomsTableName"]} == tables
    assert deployed.urls == {
        "websocket": deployed.outputs["WebSocketUrl"],
        "ticket": deployed.outputs["TicketUrl"],
        "callback": deployed.outputs["CallbackUrl"],
        "aws": deployed.endpoint,
    }
    assert set(deployed.functions) == {"connect", "deliver", "disconnect", "message", "publish", "ticket"}


def test_functions_post_through_the_local_callback_url(deployed: LocalAws) -> None:
    client = deployed.session.client("lambda", endpoint_url=deployed.endpoint)
    configuration = client.get_function_configuration(FunctionName=deployed.functions["message"])
    variables = configuration["Environment"]["Variables"]
    assert variables["AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"] == deployed.urls["callback"]


@reads_processes
def test_a_run_follows_changes_and_leaves_no_process_behind(tmp_path: Path) -> None:
    app = _copy_app(tmp_path / "app")
    directory, mark = tmp_path / "local", uuid.uuid4().hex
    with _start_run(app, directory, mark) as run:
        assert run.stdout
        output = iter(run.stdout.readline, "")
        assert any("Ctrl-C" in line for line in output), "it ended before it was up"
        urls = json.loads((directory / "urls.json").read_text())
        assert urls.keys() == {"websocket", "ticket", "callback", "aws"}

        handler = app / "lambda" / "chat" / "handlers" / "connect.py"
        handler.write_text(handler.read_text() + '\nprint("this is new")\n')
        assert any("Updating the functions" in line for line in output)
        socket = Socket(GuestSignIn(urls["ticket"], "ada"), "ada")
        assert any("POST /ticket" in line for line in output)
        assert next(output) == "this is new\n"
        assert "$connect" in next(output)
        assert len(_find_processes(mark)) >= 3, "the run, MiniStack and a function"

        run.send_signal(signal.SIGINT)
        assert any("Stopped." in line for line in output)
        assert run.wait(timeout=20) == 0
        socket.kill()
    eventually(lambda: _find_processes(mark), [])
    assert not (directory / "urls.json").exists()


@reads_processes
def test_ministack_ends_with_its_parent_however_that_dies(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, time; from local_aws.ministack import choose_port, run_ministack\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "with run_ministack(choose_port(), log=here / 'log', functions_log=here / 'functions.log', temporary=here):\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    mark = uuid.uuid4().hex
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_mark(mark)) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "up\n"
        assert len(_find_processes(mark)) == 2
        parent.kill()
    eventually(lambda: _find_processes(mark), [])


def _copy_app(app: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("chat_stack", "lambda", "local_aws"):
        shutil.copytree(ROOT / name, app / name, ignore=ignored)
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, app / name)
    (app / "node_modules").symlink_to(ROOT / "node_modules")
    return app


@contextmanager
def _start_run(app: Path, directory: Path, mark: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "local_aws", "run", "--directory", str(directory)]
    with subprocess.Popen(
        command, cwd=app, env=_mark(mark), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as run:
        # Who waits for a line that never comes is told that the output has ended.
        watchdog = threading.Timer(_LONGEST_S, run.kill)
        watchdog.start()
        try:
            yield run
        finally:
            watchdog.cancel()
            run.terminate()


def _mark(mark: str) -> dict[str, str]:
    return {**os.environ, _MARK: mark}


def _find_processes(mark: str) -> list[int]:
    """The processes that inherited the mark."""
    return [int(path.name) for path in _PROCESSES.glob("[0-9]*") if f"{_MARK}={mark}" in _read_environment(path)]


def _read_environment(process: Path) -> list[str]:
    try:
        return (process / "environ").read_text(errors="replace").split("\0")
    except OSError:
        # It has ended meanwhile, or is somebody else's.
        return []
