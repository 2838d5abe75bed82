"""The CDK CLI of package.json: bootstrap, synthesise, deploy."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_aws import processes
from local_aws.environment import ACCOUNT, REGION

_CLI = Path(__file__).parent.parent / "node_modules" / ".bin" / "cdk"


@dataclass(frozen=True)
class Cdk:
    """The CLI, at work on one app.

    Attributes:
        app: the directory with the app's app.py.
        directory: where assembly, outputs and log go.
        environment: says which AWS is meant.
        context: the app's options.
    """

    app: Path
    directory: Path
    environment: Mapping[str, str]
    context: Mapping[str, str]

    @property
    def assembly(self) -> Path:
        """Where `synthesise` leaves the cloud assembly."""
        return self.directory / "assembly"

    @property
    def log(self) -> Path:
        """What the CLI says."""
        return self.directory / "cdk.log"

    def bootstrap(self) -> None:
        """Create what deployments need: the bucket for assets, and roles."""
        # Not in the app's directory, where the CLI would synthesise the app first.
        self._run(self.directory, "bootstrap", f"aws://{ACCOUNT}/{REGION}")

    def synthesise(self) -> None:
        """Synthesise the app anew."""
        shutil.rmtree(self.assembly, ignore_errors=True)
        program = shlex.join([sys.executable, "app.py"])
        options = [part for name, value in self.context.items() for part in ("--context", f"{name}={value}")]
        self._run(self.app, "synth", "--quiet", "--app", program, "--output", str(self.assembly), *options)

    def deploy(self) -> dict[str, dict[str, str]]:
        """Deploy the assembly.

        Returns:
            The outputs of each stack, by the stack's name.
        """
        outputs = self.directory / "outputs.json"
        self._run(
            self.directory,
            *("deploy", "--all", "--app", str(self.assembly), "--outputs-file", str(outputs)),
            *("--require-approval", "never", "--progress", "events"),
        )
        values: dict[str, dict[str, str]] = json.loads(outputs.read_text())
        return values

    def _run(self, cwd: Path, *arguments: str) -> None:
        if not _CLI.exists():
            raise FileNotFoundError(f"{_CLI} is missing: run `make setup` first")
        command = [str(_CLI), *arguments, "--no-notices", "--no-color"]
        processes.run(command, log=self.log, env=self.environment, cwd=cwd)
