"""The TypeScript SDK in a process of its own, driven line by line; see web/sdk/tests/simulation/bridge.ts."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_WEB = Path(__file__).parents[2] / "web"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client did.

    Attributes:
        said: what it did and told, in order.
        due_ms: when it wants the time again; None for never.
        rooms: those that it wants to be in.
        shown: what its user sees, where that was asked for.
    """

    said: list[list[Any]]
    due_ms: float | None
    rooms: list[str]
    shown: dict[str, Any] | None


class Bridge:
    """A Node process with clients of the SDK.

    Args:
        planted: a piece of the SDK's code, and what takes its place.
    """

    def __init__(self, planted: tuple[str, str] | None = None) -> None:
        self._directory = TemporaryDirectory()
        self._names = count()
        script = Path(self._directory.name, "bridge.mjs")
        script.write_text(_bundle() if planted is None else _plant(_bundle(), *planted))
        self._process = subprocess.Popen(
            ["node", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Bridge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        self._directory.cleanup()

    def make_name(self) -> str:
        """Make a name that no client or device has had before."""
        return str(next(self._names))

    def tell(self, client: str, now_ms: float, what: str, *details: object) -> Answer:
        """Tell a client what happens, and take what it does then."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([client, now_ms, what, *details]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the SDK's process has ended with {self._process.wait()} on {what} {details}")
        answer = json.loads(line)
        return Answer(answer["said"], answer["dueMs"], answer["rooms"], answer.get("shown"))


@lru_cache(maxsize=1)
def _bundle() -> str:
    """Put the bridge and the SDK into one script, as text."""
    esbuild, script = _WEB / "node_modules/.bin/esbuild", _WEB / "sdk/tests/simulation/bridge.ts"
    options = ["--bundle", "--platform=node", "--format=esm", "--target=node20", "--log-level=error"]
    return subprocess.run(
        [esbuild, script, *options], stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8"
    ).stdout


def _plant(script: str, code: str, planted: str) -> str:
    if script.count(code) != 1:
        raise ValueError(f"{code!r} stands in the SDK {script.count(code)} times: it has to be there once")
    return script.replace(code, planted)
