"""MiniStack as a child process: where it listens, when it is ready, how it ends."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_aws import processes
from local_aws.environment import HOST, make_environment
from local_aws.processes import CommandError

USUAL_PORT = 4566
_ROOT = Path(__file__).parent.parent
_START_TIMEOUT_S = 60
_POLL_S = 0.05


def choose_port(preferred: int = 0) -> int:
    """Return the preferred port, or a free one when somebody listens there; a free one for 0."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if preferred and probe.connect_ex((HOST, preferred)) != 0:
            return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def run_ministack(port: int, *, log: Path, functions_log: Path, temporary: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run MiniStack as long as the context lasts; it is ready when that begins.

    Args:
        port: where it listens, on loopback alone.
        log: what MiniStack says.
        functions_log: what the functions write.
        temporary: where it unpacks the functions.

    Raises:
        CommandError: it ended, or was not ready in time.
    """
    env = make_environment(f"http://{HOST}:{port}", temporary)
    # A port of its own for MQTT would be in the way of a second run.
    env |= {"GATEWAY_PORT": str(port), "BIND_HOST": HOST, "MINISTACK_HOST": HOST, "IOT_MTLS_ENABLED": "0"}
    command = [sys.executable, "-m", "local_aws.server", str(functions_log)]
    process = processes.start(command, log=log, env=env, cwd=_ROOT, is_guarded=True)
    try:
        _wait_until_ready(process, port, log)
        yield process
    finally:
        processes.stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up_s = time.monotonic() + _START_TIMEOUT_S
    while not _is_ready(port):
        if process.poll() is not None:
            raise CommandError(f"MiniStack ended with status {process.returncode}.", log)
        if time.monotonic() > give_up_s:
            raise CommandError(f"MiniStack was not ready after {_START_TIMEOUT_S} s.", log)
        time.sleep(_POLL_S)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
