"""Starting the loopback server, and the environment in which clients find and trust it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import certifi
from cryptography.x509 import IPAddress

from benchmarks.server import Settings
from tests.certificates import make_certificate

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".local" / "benchmarks"
_CERTIFICATE = CACHE / "server.pem"
# All the authorities that an SDK brings, and the server's own certificate: reading them is a part of a cold start.
_AUTHORITIES = CACHE / "authorities.pem"
# Those that our functions read, and the server's own certificate.
AMAZON_AUTHORITIES = CACHE / "amazon.pem"
# Ends with whoever has started it, however that ended.
_SPIN = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"


@contextmanager
def run_server(settings: Settings, *, is_tls: bool) -> Iterator[str]:
    """Run the server in a process of its own, on the last processor; yield its URL."""
    settings = settings._replace(certificate=str(_CERTIFICATE) if is_tls else "")
    with run_module("benchmarks.server", settings._asdict()) as port:
        yield f"http{'s' if is_tls else ''}://127.0.0.1:{port}"


@contextmanager
def run_module(module: str, settings: Mapping[str, Any]) -> Iterator[int]:
    """Run a server that prints its port, in a process of its own, on the last processor; yield the port."""
    command = [sys.executable, "-m", module, json.dumps(settings)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own words
        assert server.stdout
        try:
            port = int(server.stdout.readline())
            pin(server.pid, last=True)
            yield port
        finally:
            server.kill()


@contextmanager
def keep_awake() -> Iterator[None]:
    """Let neither the first processor nor the last go to sleep, by programs that give way to any other.

    A virtual processor that has slept for some milliseconds finds its caches taken by the host's other guests. What
    that costs would count as the client's, with waits between its posts, and not as that of one that never waits.
    """
    with ExitStack() as stack:
        for is_last in (False, True):
            program = stack.enter_context(subprocess.Popen([sys.executable, "-c", _SPIN]))  # noqa: S603 - our own words
            stack.callback(program.kill)
            pin(program.pid, last=is_last)
            os.sched_setscheduler(program.pid, os.SCHED_IDLE, os.sched_param(0))
        yield


def pin(pid: int, *, last: bool) -> None:
    """Keep a process on the last processor, or on the first one, where there are several."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        os.sched_setaffinity(pid, {processors[-1 if last else 0]})


def make_environment(extra: Mapping[str, str] = {}) -> dict[str, str]:
    """Return the variables of a Lambda function: a session's credentials, a region; and whom to trust."""
    if not AMAZON_AUTHORITIES.exists():
        _keep_certificate()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'lambda'}",
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLEEXAMPLE00",
        "AWS_SECRET_ACCESS_KEY": "s" * 40,
        "AWS_SESSION_TOKEN": "t" * 700,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "SSL_CERT_FILE": str(_AUTHORITIES),
        "AWS_CA_BUNDLE": str(_AUTHORITIES),
        "NODE_EXTRA_CA_CERTS": str(_CERTIFICATE),
        **extra,
    }


def _keep_certificate() -> None:
    """Make a certificate for the loopback address, and write the files that it stands in."""
    certificate, private = make_certificate(IPAddress(IPv4Address("127.0.0.1")))
    CACHE.mkdir(parents=True, exist_ok=True)
    _AUTHORITIES.write_bytes(Path(certifi.where()).read_bytes() + certificate)
    _CERTIFICATE.write_bytes(certificate + private)
    AMAZON_AUTHORITIES.write_bytes((ROOT / "lambda/chat/aws/client/amazon.pem").read_bytes() + certificate)
