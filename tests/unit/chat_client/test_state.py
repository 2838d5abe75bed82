"""What the terminal keeps: the file, and starting again."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from chat_client.room import Position
from chat_client.state import State, locate_state
from tests.unit.chat_client.frames import ack, joined, push
from tests.unit.chat_client.process import enter_room, read_until, run, write
from tests.unit.chat_client.server import PATIENCE_S, Server
from tests.unit.chat_client.tickets import TicketServer

URL = "https://chat.example.com/ticket"


def make_state(path: Path, *, name: str = "ada", is_fresh: bool = False, pause_s: float = 0) -> State:
    return State(path, URL, name, is_fresh=is_fresh, pause_s=pause_s)


def wait_for(path: Path, room: str, after: int) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not path.exists() or json.loads(path.read_text())["rooms"].get(room, {}).get("after") != after:
        assert time.monotonic() < until_s
        time.sleep(0.01)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a file is to be made, and its directory too."""
    return tmp_path / "new" / "state.json"


class TestTheFile:
    def test_keeps_key_and_positions(self, path: Path) -> None:
        state = make_state(path)
        key = state.key
        state.note("lobby", Position(6, "A"))
        state.note("lobby", Position(7, "A"))
        state.note("den", Position(1, "B"))
        state.forget("den")
        state.close()
        again = make_state(path)
        assert (again.key, again.rooms, again.find("lobby"), again.find("den")) == (
            key,
            ["lobby"],
            Position(7, "A"),
            None,
        )
        assert len(key) > 40

    def test_is_for_its_owner_alone(self, path: Path) -> None:
        state = make_state(path)
        state.note("lobby", Position(1, "A"))
        state.close()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        # Nothing else is left behind.
        assert list(path.parent.iterdir()) == [path]

    def test_of_another_user_or_chat_counts_as_empty(self, path: Path) -> None:
        state = make_state(path)
        state.note("lobby", Position(1, "A"))
        state.close()
        assert make_state(path, name="bob").find("lobby") is None
        assert State(path, "https://other.example.com/ticket", "ada").find("lobby") is None

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff",
            b"[]",
            b"[" * 100_000,
            b"{}",
            b'{"url": "%b", "name": "ada", "key": 1, "rooms": {}}',
            b'{"url": "%b", "name": "ada", "key": "k", "rooms": []}',
            b'{"url": "%b", "name": "ada", "key": "k", "rooms": {"lobby": {"after": 1}}}',
            b'{"url": "%b", "name": "ada", "key": "k", "rooms": {"lobby": {"after": -1, "epoch": "A"}}}',
            b'{"url": "%b", "name": "ada", "key": "k", "rooms": {"lobby": {"after": 1, "epoch": 2}}}',
            b'{"url": "%b", "name": "ada", "key": "k", "rooms": {"lobby": {"after": true, "epoch": "A"}}}',
        ],
    )
    def test_that_is_corrupt_counts_as_empty_and_is_written_anew(self, path: Path, content: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(content.replace(b"%b", URL.encode()))
        state = make_state(path)
        assert state.rooms == []
        assert len(state.key) > 40
        state.note("lobby", Position(1, "A"))
        state.close()
        assert make_state(path).find("lobby") == Position(1, "A")

    def test_that_is_not_wanted_any_more_is_overwritten(self, path: Path) -> None:
        state = make_state(path)
        key = state.key
        state.note("lobby", Position(1, "A"))
        state.close()
        make_state(path, is_fresh=True).close()
        again = make_state(path)
        assert again.rooms == []
        assert again.key != key
        again.close()

    def test_is_written_at_once(self, path: Path) -> None:
        state = make_state(path, pause_s=600)
        state.note("lobby", Position(1, "A"))
        wait_for(path, "lobby", 1)
        state.close()

    def test_is_written_again_after_a_pause(self, path: Path) -> None:
        state = make_state(path, pause_s=0.5)
        state.note("lobby", Position(1, "A"))
        wait_for(path, "lobby", 1)
        written_s = time.monotonic()
        for seq in range(2, 100):
            state.note("lobby", Position(seq, "A"))
        wait_for(path, "lobby", 99)
        assert time.monotonic() - written_s > 0.3
        state.close()

    def test_that_can_not_be_written_is_told_of_at_the_end(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        state = make_state(tmp_path / "file" / "state.json")
        state.note("lobby", Position(1, "A"))
        with pytest.raises(OSError, match="file"):
            state.close()

    def test_that_is_a_directory_leaves_nothing_behind(self, tmp_path: Path) -> None:
        (tmp_path / "state").mkdir()
        state = make_state(tmp_path / "state", pause_s=60)
        state.note("lobby", Position(1, "A"))
        with pytest.raises(OSError, match="state"):
            state.close()
        assert [child.name for child in tmp_path.iterdir()] == ["state"]

    def test_takes_notes_of_many_threads(self, path: Path) -> None:
        state = make_state(path)
        threads = [threading.Thread(target=state.note, args=(f"room{n}", Position(n, "A"))) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        state.close()
        assert len(make_state(path).rooms) == 20


class TestItsPlace:
    def test_is_the_directory_for_state(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        assert locate_state(URL, "ada").parent == tmp_path / "chat-client"

    @pytest.mark.parametrize("given", [None, "", "relative"])
    def test_is_in_the_home_directory_by_default(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
        if given is not None:
            monkeypatch.setenv("XDG_STATE_HOME", given)
        assert locate_state(URL, "ada").parent == tmp_path / ".local" / "state" / "chat-client"

    def test_is_another_for_each_user_of_each_chat(self) -> None:
        assert len({locate_state(url, name) for url in (URL, f"{URL}2") for name in ("ada", "bob", "\udcff")}) == 6


class TestStartingAgain:
    def test_after_a_kill_shows_what_was_missed_once_and_in_order(
        self, server: Server, tickets: TicketServer, tmp_path: Path
    ) -> None:
        arguments = ("--url", tickets.url, "--state", str(tmp_path / "state"))
        with run(*arguments, cwd=tmp_path) as process:
            peer = server.accept()
            enter_room(peer, 1, 2)
            write(process, "hi\n")
            peer.send(ack(peer.receive()["id"], 3))
            wait_for(tmp_path / "state", "lobby", 3)
            process.kill()
        with run(*arguments, cwd=tmp_path) as process:
            peer = server.accept()
            frame = peer.receive()
            assert (frame["action"], frame["after"], frame["epoch"]) == ("join", 3, "A")
            peer.send(joined(frame["id"], 4, 5))
            output, _ = process.communicate("", timeout=PATIENCE_S)
        assert [line.split(" ")[1] for line in output.splitlines() if "bob" in line] == ["#4", "#5"]
        assert tickets.asked[0]["key"] == tickets.asked[1]["key"]

    def test_older_messages_are_those_before_the_position(
        self, server: Server, tickets: TicketServer, tmp_path: Path
    ) -> None:
        state = State(tmp_path / "state", tickets.url, "ada")
        state.note("lobby", Position(7, "A"))
        state.close()
        with run("--url", tickets.url, "--state", str(tmp_path / "state"), cwd=tmp_path) as process:
            peer = server.accept()
            enter_room(peer)
            write(process, "/history\n")
            assert peer.receive()["before"] == 8

    def test_shows_what_was_missed_in_direct_rooms(self, server: Server, tickets: TicketServer, tmp_path: Path) -> None:
        arguments = ("--url", tickets.url, "--state", str(tmp_path / "state"))
        with run(*arguments, cwd=tmp_path):
            peer = server.accept()
            enter_room(peer)
            peer.send(push(5, room="dm:ada:bob"))
            enter_room(peer)
            wait_for(tmp_path / "state", "dm:ada:bob", 5)
        with run(*arguments, cwd=tmp_path):
            peer = server.accept()
            rooms = {frame["room"]: frame.get("after") for frame in (peer.receive(), peer.receive())}
            assert rooms == {"lobby": None, "dm:ada:bob": 5}

    def test_leaving_a_room_and_a_log_of_another_epoch_forget(
        self, server: Server, tickets: TicketServer, tmp_path: Path
    ) -> None:
        state = State(tmp_path / "state", tickets.url, "ada")
        for room in ("lobby", "den"):
            state.note(room, Position(7, "A"))
        state.close()
        arguments = ("--url", tickets.url, "--state", str(tmp_path / "state"))
        with run(*arguments, cwd=tmp_path) as process:
            peer = server.accept()
            frame = peer.receive()
            peer.send(joined(frame["id"], epoch=None, reset=True))
            write(process, "/join den\n")
            enter_room(peer)
            read_until(process, "you are in den")
            write(process, "/leave\n")
            peer.send({"type": "left", "id": peer.receive()["id"], "room": "den"})
            process.communicate("", timeout=PATIENCE_S)
        assert State(tmp_path / "state", tickets.url, "ada").rooms == []

    def test_afresh_is_another_guest_at_the_newest(self, server: Server, tickets: TicketServer, tmp_path: Path) -> None:
        state = State(tmp_path / "state", tickets.url, "ada")
        key = state.key
        state.note("lobby", Position(7, "A"))
        state.close()
        with run("--url", tickets.url, "--state", str(tmp_path / "state"), "--fresh", cwd=tmp_path):
            assert "after" not in server.accept().receive()
        assert tickets.asked[0]["key"] != key

    def test_is_not_prepared_where_the_file_can_not_be_written_and_that_is_said(
        self, server: Server, tickets: TicketServer, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        with run("--url", tickets.url, "--state", str(tmp_path / "file" / "state"), cwd=tmp_path) as process:
            write(process, "", end=True)
            enter_room(server.accept())
            assert process.wait(PATIENCE_S) == 0
            assert process.stderr
            assert process.stderr.read().startswith("Where to read on is not kept: ")
