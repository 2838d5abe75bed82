"""Private and direct rooms on the deployed stack: who gets in, on which devices, and what they have not read."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Connect
from tests.e2e.sockets import Socket, eventually


def ask_both(devices: list[Socket], action: str, room: str) -> list[str]:
    """Ask on each device; return what came back: the type, or the code of the error."""
    replies = [device.ask(action, room=room) for device in devices]
    return [str(reply.get("code", reply["type"])) for reply in replies]


def test_a_private_room_is_for_those_who_are_invited(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), [connect("bob"), connect("bob")]
    assert ada.ask("create", room=room, private=True)["room"] == room
    ada.ask("join", room=room)
    assert ask_both(bob, "join", room) == ["room.private"] * 2
    ada.ask("invite", room=room, user=bob[0].user)
    assert [device.pushed("invited")["name"] for device in bob] == ["ada", "ada"]
    eventually(lambda: room in [each["room"] for each in bob[0].ask("rooms")["rooms"]], True)
    assert ask_both(bob, "join", room) == ["joined"] * 2
    ada.ask("send", room=room, text="just us", after=0)
    assert [device.pushed("message")["text"] for device in bob] == ["just us"] * 2

    ada.ask("remove", room=room, user=bob[0].user)
    assert [device.pushed("removed")["reason"] for device in bob] == ["removed"] * 2
    ada.ask("send", room=room, text="without him", after=1)
    assert ask_both(bob, "history", room) == ["room.not_joined"] * 2
    assert ask_both(bob, "join", room) == ["room.private"] * 2
    assert [device.kept("message") for device in bob] == [[], []]


def test_a_direct_message_reaches_every_device_of_both_and_nobody_else(connect: Connect) -> None:
    ada, bob, eve = [connect("ada"), connect("ada")], [connect("bob"), connect("bob")], connect("eve")
    ack = ada[0].ask("send", to=bob[0].user, text="psst")
    room = ack["room"]
    assert room == "dm:" + ":".join(sorted((ada[0].user, bob[0].user)))
    for device in (ada[1], *bob):
        pushed = device.pushed("message")
        assert (pushed["room"], pushed["text"], pushed["seq"]) == (room, "psst", ack["seq"])
    answered = bob[1].ask("send", room=room, text="yes?", after=ack["seq"])
    assert answered["seq"] == ack["seq"] + 1
    assert {device.pushed("message")["text"] for device in (*ada, bob[0])} == {"yes?"}

    assert ask_both([eve], "join", room) == ask_both([eve], "history", room) == ["room.private"]
    assert eve.kept("message") == []
    resumed = ada[0].ask("join", room=room, after=ack["seq"])
    assert [entry["text"] for entry in resumed["entries"]] == ["yes?"]


def test_what_is_unread_is_counted_over_devices(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), [connect("bob"), connect("bob")]
    for socket in (ada, *bob):
        socket.ask("join", room=room)
    for number in range(5):
        ada.ask("send", room=room, text=f"{number}", after=number)

    def unread(socket: Socket) -> int | None:
        counts: dict[str, int] = {each["room"]: each["unread"] for each in socket.ask("rooms")["rooms"]}
        return counts.get(room)

    eventually(lambda: unread(bob[0]), 5)
    assert bob[0].ask("read", room=room, seq=3)["seq"] == 3
    for socket in (ada, bob[1]):
        pushed = socket.pushed("read")
        assert (pushed["user"], pushed["seq"]) == (bob[0].user, 3)
    assert unread(bob[1]) == 2
    assert bob[1].ask("read", room=room, seq=1)["seq"] == 1
    assert unread(bob[0]) == 2


def test_typing_is_passed_on_once_in_a_while(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    for socket in (ada, bob):
        socket.ask("join", room=room)
    for _ in range(3):
        ada.tell("typing", room=room)
    assert bob.pushed("typing")["name"] == "ada"
    ada.ask("send", room=room, text="done", after=0)
    bob.pushed("message")
    assert bob.kept("typing") == []


@pytest.mark.parametrize("devices", [1, 3])
def test_members_are_listed_once(connect: Connect, room: str, devices: int) -> None:
    people = [connect(name) for name in ("ada", "bob") for _ in range(devices)]
    for socket in people:
        socket.ask("join", room=room)
    eventually(
        lambda: sorted(member["name"] for member in people[0].ask("members", room=room)["members"]), ["ada", "bob"]
    )


def test_changes_are_seen_after_a_resume(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    for socket in (ada, bob):
        socket.ask("join", room=room)
    seen = ada.ask("send", room=room, text="teh", after=0)
    ada.ask("send", room=room, text="oops", after=1)
    bob.kill()
    ada.ask("edit", room=room, seq=1, text="the", after=2)
    ada.ask("delete", room=room, seq=2, after=3)
    ada.ask("react", room=room, seq=1, emoji="\U0001f600", after=4)
    back = connect("bob").ask("join", room=room, after=2, epoch=seen["epoch"])
    changes = [(entry["type"], entry["target"]) for entry in back["entries"]]
    assert changes == [("edited", 1), ("deleted", 2), ("reacted", 1)]
    page = ada.ask("history", room=room, after=0)["entries"]
    assert (page[0]["text"], page[0]["reactions"]) == ("the", {"\U0001f600": [ada.user]})
    assert page[1]["deleted"] is True
    assert "oops" not in str(page)
