"""What the terminal keeps for its next start: a guest's key, and how far each room was shown.

Each user of each chat has a file, so that terminals side by side do not overwrite each other's.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from chat_client.room import Position


def locate_state(url: str, name: str) -> Path:
    """Find a user's file in the directory for state of the machine's user.

    Args:
        url: of tickets; it tells one chat from another.
        name: the chat user's.
    """
    home = Path(os.environ.get("XDG_STATE_HOME", ""))
    directory = home if home.is_absolute() else Path.home() / ".local" / "state"
    owner = f"{name}@{url}".encode(errors="surrogatepass")
    return directory / "chat-client" / f"{hashlib.sha256(owner).hexdigest()[:16]}.json"


class State:
    """The content of the file, written soon after each change. For any thread.

    A file that can't be read, or is another user's, counts as empty.

    Args:
        path: of the file.
        url: of tickets.
        name: the user's.
        is_fresh: begin with nothing, whatever stands in the file.
        pause_s: between one writing and the next.
    """

    def __init__(self, path: Path, url: str, name: str, *, is_fresh: bool = False, pause_s: float = 1) -> None:
        self._path = path
        self._owner = {"url": url, "name": name}
        self._pause_s = pause_s
        self._key, self._positions = (None, {}) if is_fresh else _read(path, self._owner)
        self._lock = threading.Lock()
        self._is_dirty = is_fresh
        self._timer: threading.Timer | None = None
        self._due_s = time.monotonic()

    @property
    def key(self) -> str:
        """The secret that makes a guest the same one at the next start."""
        with self._lock:
            if self._key is None:
                self._key = secrets.token_urlsafe(32)
                self._plan()
            return self._key

    @property
    def rooms(self) -> list[str]:
        """The rooms that have a position."""
        with self._lock:
            return list(self._positions)

    def find(self, room: str) -> Position | None:
        """Tell how far a room was shown; None where it was not."""
        with self._lock:
            return self._positions.get(room)

    def note(self, room: str, position: Position) -> None:
        """Note that a room was shown up to a position."""
        with self._lock:
            self._positions[room] = position
            self._plan()

    def forget(self, room: str) -> None:
        """Forget how far a room was shown."""
        with self._lock:
            self._positions.pop(room, None)
            self._plan()

    def close(self) -> None:
        """Write what is not written yet.

        Raises:
            OSError: the file can't be written.
        """
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._is_dirty:
                self._write()

    def _plan(self) -> None:
        self._is_dirty = True
        if self._timer is None:
            self._timer = threading.Timer(max(0, self._due_s - time.monotonic()), self._write_planned)
            self._timer.daemon = True
            self._timer.start()

    def _write_planned(self) -> None:
        with self._lock:
            self._timer = None
            self._due_s = time.monotonic() + self._pause_s
            # What goes wrong is said once, by `close`, which tries again.
            with suppress(OSError):
                if self._is_dirty:
                    self._write()

    def _write(self) -> None:
        """Replace the file in one step, by one that nobody else may read."""
        rooms = {room: {"after": position.after, "epoch": position.epoch} for room, position in self._positions.items()}
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._path.parent, prefix=self._path.name, delete=False) as file:
            json.dump({**self._owner, "key": self._key, "rooms": rooms}, file)
        try:
            Path(file.name).replace(self._path)
        except OSError:
            Path(file.name).unlink()
            raise
        self._is_dirty = False


def _read(path: Path, owner: dict[str, str]) -> tuple[str | None, dict[str, Position]]:
    try:
        fields = json.loads(path.read_bytes())
        key = fields["key"]
        positions = {room: Position(fields["after"], fields["epoch"]) for room, fields in fields["rooms"].items()}
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None, {}
    is_sound = isinstance(key, str | None) and all(map(_is_sound, positions.values()))
    is_own = {field: fields.get(field) for field in owner} == owner
    return (key, positions) if is_sound and is_own else (None, {})


def _is_sound(position: Position) -> bool:
    # To Python, true is a number.
    is_number = isinstance(position.after, int) and not isinstance(position.after, bool)
    return is_number and position.after >= 0 and isinstance(position.epoch, str)
