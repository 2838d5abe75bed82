"""The web app's sources: where they are, and how they are built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_aws import processes


@dataclass(frozen=True)
class WebApp:
    """The npm workspace of the web app.

    Attributes:
        directory: the workspace.
        log: what a build says.
        environment: a build's whole environment.
    """

    directory: Path
    log: Path
    environment: Mapping[str, str]

    @property
    def files(self) -> Path:
        """Where a build is."""
        return self.directory / "app" / "dist"

    @property
    def is_set_up(self) -> bool:
        """Whether there is what a build needs."""
        return (self.directory / "node_modules").is_dir()

    def build(self) -> None:
        """Build it.

        Raises:
            CommandError: there is an error in it.
        """
        processes.run(["npm", "run", "build"], log=self.log, env=self.environment, cwd=self.directory)


def find_sources(directory: Path) -> list[Path]:
    """Return the directories of a workspace that people write in; a build writes in none of them."""
    return sorted(path for name in ("src", "public") for path in directory.glob(f"*/{name}"))
