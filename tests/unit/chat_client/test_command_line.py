"""`python -m chat_client`: by pipe in a process of its own, and at a prompt."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.plain_text import PlainTextOutput

from chat_client import __main__ as command_line
from tests.unit.chat_client.frames import ack, error, history, push
from tests.unit.chat_client.process import enter_room, read, read_until, run, write
from tests.unit.chat_client.server import PATIENCE_S, Server
from tests.unit.chat_client.tickets import TicketServer


def wait_for(condition: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until_s
        time.sleep(0.01)


class TestByPipe:
    def test_lines_are_sent_and_shown_and_the_end_waits_for_acks(
        self, server: Server, tickets: TicketServer, tmp_path: Path
    ) -> None:
        with run("--url", tickets.url, "--room", "den", cwd=tmp_path) as process:
            write(process, "one\ntwo\n", end=True)
            peer = server.accept()
            assert peer.target == "/dev?ticket=t1"
            enter_room(peer, 1)
            for seq, text in ((2, "one"), (3, "two")):
                frame = peer.receive()
                assert (frame["room"], frame["text"]) == ("den", text)
                peer.send(ack(frame["id"], seq, room="den"))
            assert peer.is_gone()
            lines = read(process, status=0).splitlines()
        assert lines[:2] == ["* connected", "* you are in den, 2 here"]
        assert [re.sub(r"^\d\d:\d\d #\d+ ", "", line) for line in lines[2:]] == ["bob: text 1", "ada: one", "ada: two"]

    def test_members_are_shown_page_by_page(self, server: Server, tickets: TicketServer, tmp_path: Path) -> None:
        with run("--url", tickets.url, cwd=tmp_path) as process:
            peer = server.accept()
            enter_room(peer)
            write(process, "/members\n", end=True)
            for name, following in (("ada", "page 2"), ("bob", None)):
                frame = peer.receive()
                members = [{"user": name, "name": name}]
                peer.send({"type": "members", "id": frame["id"], "members": members, "next": following})
            assert frame["next"] == "page 2"
            assert peer.is_gone()
            assert read(process, status=0).splitlines()[-2:] == ["* here: ada (ada)", "* here: bob (bob)"]

    def test_rooms_are_entered_and_left(self, server: Server, tickets: TicketServer, tmp_path: Path) -> None:
        with run("--url", tickets.url, cwd=tmp_path) as process:
            peer = server.accept()
            enter_room(peer)
            write(process, "/join den\n")
            enter_room(peer)
            read_until(process, "you are in den")
            write(process, "/leave\nhello?\n")
            frame = peer.receive()
            assert (frame["action"], frame["room"]) == ("leave", "den")
            peer.send({"type": "left", "id": frame["id"], "room": "den"})
            write(process, "/join\n/quit\nnever sent\n")
            assert peer.is_gone()
            lines = read(process, status=0).splitlines()
        assert "! you are in no room: /join ROOM" in lines
        assert "! which room? /join ROOM" in lines

    def test_an_unknown_command_gives_a_hint(self, server: Server, tickets: TicketServer, tmp_path: Path) -> None:
        with run("--url", tickets.url, cwd=tmp_path) as process:
            write(process, "/dance\n/history\n/help\n", end=True)
            peer = server.accept()
            enter_room(peer)
            assert peer.is_gone()
            output = read(process, status=0)
        assert "! there is no /dance; /help shows what there is" in output
        assert "* there is nothing older" in output
        assert "/join ROOM      enter a room" in output

    def test_a_message_that_was_refused_is_shown_with_its_reason(
        self, server: Server, tickets: TicketServer, tmp_path: Path
    ) -> None:
        with run("--url", tickets.url, cwd=tmp_path) as process:
            write(process, "too much\n", end=True)
            peer = server.accept()
            enter_room(peer)
            peer.send(error(peer.receive()["id"], "field.out_of_range"))
            assert peer.is_gone()
            output = read(process, status=1)
        assert "! not sent: too much: field.out_of_range: about field.out_of_range" in output

    def test_a_refused_name_ends_it(self, tmp_path: Path) -> None:
        refusing = TicketServer("ws://127.0.0.1:1", status=400, problem={"message": "name must be shorter"})
        with refusing, run("--url", refusing.url, cwd=tmp_path) as process:
            output, _ = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 1
        assert "the server does not let you in: name must be shorter (HTTP 400)" in output

    def test_the_url_of_the_local_run_is_found(self, server: Server, tickets: TicketServer, tmp_path: Path) -> None:
        (tmp_path / ".local").mkdir()
        (tmp_path / ".local" / "urls.json").write_text(json.dumps({"ticket": tickets.url}))
        with run(cwd=tmp_path) as process:
            peer = server.accept()
            assert peer.receive()["room"] == "lobby"
            process.terminate()

    def test_without_a_url_it_says_what_to_do(self, tmp_path: Path) -> None:
        with run(cwd=tmp_path) as process:
            output, problem = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 2
        assert output == ""
        assert problem.splitlines() == [
            "No local run found (.local/urls.json is missing): start one with `make run`, or give --url."
        ]

    @pytest.mark.parametrize("given", ["--cognito-client", "--cognito-url"])
    def test_half_of_what_cognito_needs_is_an_error(self, tmp_path: Path, given: str) -> None:
        with run("--url", "http://127.0.0.1:1/ticket", given, "x", cwd=tmp_path) as process:
            _, problem = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 2
        assert "--cognito-client and --cognito-url go together" in problem


class TestAtAPrompt:
    @pytest.fixture
    def screen(self) -> StringIO:
        """What the person sees."""
        return StringIO()

    @pytest.fixture
    def keyboard(self, monkeypatch: pytest.MonkeyPatch, screen: StringIO, tmp_path: Path) -> Iterator[PipeInput]:
        """What the person types."""
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        monkeypatch.setattr(command_line, "_is_interactive", lambda: True)
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=PlainTextOutput(screen)):
            yield keyboard

    def test_a_conversation(self, server: Server, tickets: TicketServer, keyboard: PipeInput, screen: StringIO) -> None:
        def play() -> None:
            peer = server.accept()
            enter_room(peer, 7, 8)
            keyboard.send_text("hi\n")
            frame = peer.receive()
            peer.send(ack(frame["id"], 9), push(10, text="\x1b[2Jhello"))
            keyboard.send_text("/history\n")
            frame = peer.receive()
            assert frame["before"] == 7
            peer.send(history(frame["id"], 5, 6))
            wait_for(lambda: "bob: text 6" in screen.getvalue())
            keyboard.send_text("\x04")

        with ThreadPoolExecutor() as pool:
            playing = pool.submit(play)
            assert command_line.main(["--url", tickets.url, "--name", "ada"]) == 0
            playing.result(PATIENCE_S)
        shown = screen.getvalue()
        for text in ("bob: text 8", "ada: hi", "bob: \N{REPLACEMENT CHARACTER}[2Jhello", "bob: text 5"):
            assert text in shown
        assert "\x1b[2J" not in shown

    @pytest.mark.parametrize("key", ["\x03", "\x04"])
    def test_ctrl_c_and_ctrl_d_leave(
        self, server: Server, tickets: TicketServer, keyboard: PipeInput, key: str
    ) -> None:
        keyboard.send_text(key)
        assert command_line.main(["--url", tickets.url, "--name", "ada"]) == 0

    def test_a_refused_name_ends_the_prompt(self, keyboard: PipeInput) -> None:
        with TicketServer("ws://127.0.0.1:1", status=400, problem={}) as refusing:
            assert command_line.main(["--url", refusing.url, "--name", "ada"]) == 1
