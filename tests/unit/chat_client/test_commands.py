"""The terminal's commands about rooms and users, by pipe."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.chat_client.frames import ack, done, joined, push
from tests.unit.chat_client.process import enter_room, read, read_until, run, write
from tests.unit.chat_client.server import Server
from tests.unit.chat_client.tickets import TicketServer


def test_users_are_decided_about_by_id_or_name(server: Server, tickets: TicketServer, tmp_path: Path) -> None:
    with run("--url", tickets.url, cwd=tmp_path) as process:
        peer = server.accept()
        frame = peer.receive()
        peer.send(joined(frame["id"]), {**push(1, user="u1"), "name": "Bob B"})
        read_until(process, "Bob B")
        for line, sent in (
            ("/invite u2", {"action": "invite", "user": "u2"}),
            ("/remove Bob B", {"action": "remove", "user": "u1"}),
            ("/kick bob b", {"action": "kick", "user": "u1"}),
            ("/ban u1", {"action": "ban", "user": "u1"}),
            ("/unban u1", {"action": "unban", "user": "u1"}),
            ("/mute Bob B 60", {"action": "mute", "user": "u1", "seconds": 60}),
        ):
            write(process, f"{line}\n")
            frame = peer.receive()
            assert frame == {"id": frame["id"], "room": "lobby", **sent}
            peer.send(done(frame["id"]))
        write(process, "/kick u1 u2\n/mute u1 soon\n/ban Zo\u00eb\n", end=True)
        assert peer.is_gone()
        lines = read(process, status=0).splitlines()
    for line in (
        "* done: mute u1",
        "! whom, in the room that you are in? /kick USER",
        "! for how long, in the room that you are in? /mute USER SECONDS",
        "! nobody called Zo\u00eb was seen here; /members shows who is here",
    ):
        assert line in lines


def test_rooms_are_created_and_listed(server: Server, tickets: TicketServer, tmp_path: Path) -> None:
    with run("--url", tickets.url, cwd=tmp_path) as process:
        peer = server.accept()
        enter_room(peer)
        write(process, "/create\n/create den secret\n/create den private\n")
        frame = peer.receive()
        assert frame == {"action": "create", "id": frame["id"], "room": "den", "private": True}
        peer.send(done(frame["id"]))
        write(process, "/rooms\n", end=True)
        for name, following in (("lobby", "page 2"), ("den", None)):
            frame = peer.receive()
            assert frame["action"] == "rooms"
            rooms = [{"room": name, "head": 3, "read": 1, "unread": 2}]
            peer.send({"type": "rooms", "id": frame["id"], "rooms": rooms, "next": following})
        assert peer.is_gone()
        lines = read(process, status=0).splitlines()
    assert lines.count("! which room? /create ROOM [private]") == 2
    assert lines[-3:] == [
        "[den] * it is yours: /join den",
        "* your rooms: lobby (2 unread)",
        "* your rooms: den (2 unread)",
    ]


def test_a_user_is_written_to_alone(server: Server, tickets: TicketServer, tmp_path: Path) -> None:
    with run("--url", tickets.url, cwd=tmp_path) as process:
        peer = server.accept()
        enter_room(peer)
        write(process, "/msg bob\n/msg bob hi there\n", end=True)
        enter_room(peer)
        frame = peer.receive()
        assert (frame["action"], frame["room"], frame["text"]) == ("send", "dm:ada:bob", "hi there")
        peer.send(ack(frame["id"], 1, room="dm:ada:bob"))
        assert peer.is_gone()
        lines = read(process, status=0).splitlines()
    assert "! what? /msg USER TEXT" in lines
    assert re.fullmatch(r"\[dm:ada:bob\] \d\d:\d\d #1 ada: hi there", lines[-1])


def test_who_is_put_out_of_the_room_is_in_none(server: Server, tickets: TicketServer, tmp_path: Path) -> None:
    with run("--url", tickets.url, cwd=tmp_path) as process:
        peer = server.accept()
        enter_room(peer)
        peer.send({"type": "removed", "room": "lobby", "reason": "kicked"})
        read_until(process, "you are out of lobby: kicked")
        write(process, "hello?\n/kick bob\n", end=True)
        assert peer.is_gone()
        assert read(process, status=0).splitlines() == [
            "! you are in no room: /join ROOM",
            "! whom, in the room that you are in? /kick USER",
        ]


def test_what_is_shown_is_marked_as_read(server: Server, tickets: TicketServer, tmp_path: Path) -> None:
    with run("--url", tickets.url, cwd=tmp_path):
        peer = server.accept()
        enter_room(peer, 1, 2)
        peer.send(push(3))
        frame = peer.receive_read()
        assert frame == {"action": "read", "id": frame["id"], "room": "lobby", "seq": 3}
