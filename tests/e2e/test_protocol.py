"""The wire protocol on the deployed stack, spoken by a bare client."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket

from local_aws.local import LocalAws
from tests.e2e.conftest import Connect
from tests.e2e.sockets import eventually


def test_two_clients_chat(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    ada.ask("join", room=room)
    assert bob.ask("join", room=room)["members"] == 2
    assert ada.pushed("presence")["name"] == "bob"
    ack = ada.ask("send", room=room, id="m1", text="hi \U0001f600", after=0)
    message = bob.pushed("message")
    assert (ack["seq"], message["seq"], message["from"], message["text"]) == (1, 1, ada.user, "hi \U0001f600")
    assert bob.ask("send", room=room, text="hello", after=1)["seq"] == 2
    assert ada.pushed("message")["text"] == "hello"


def test_a_client_that_was_away_misses_nothing(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    ada.ask("join", room=room)
    bob.ask("join", room=room)
    seen = ada.ask("send", room=room, text="1", after=0)
    bob.kill()
    for number in range(2, 12):
        ada.ask("send", room=room, text=str(number), after=number - 1)
    back = connect("bob").ask("join", room=room, after=seen["seq"], epoch=seen["epoch"])
    assert [entry["text"] for entry in back["entries"]] == [str(number) for number in range(2, 12)]
    assert (back["reset"], back["truncated"], back["more"]) == (False, False, False)


def test_a_duplicate_send_is_stored_once(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    ada.ask("join", room=room)
    bob.ask("join", room=room)
    acks = [ada.ask("send", room=room, id="same", text="once", after=0) for _ in range(3)]
    assert len({json.dumps(ack) for ack in acks}) == 1
    assert [entry["seq"] for entry in bob.ask("history", room=room)["entries"]] == [1]
    assert {bob.pushed("message")["seq"] for _ in range(3)} == {1}


def test_a_killed_client_disappears_from_members(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    ada.ask("join", room=room)
    bob.ask("join", room=room)
    bob.kill()

    def members() -> list[str]:
        return [member["name"] for member in ada.ask("members", room=room)["members"]]

    eventually(members, ["ada"])
    assert ada.pushed("presence")["state"] == "joined"
    assert ada.pushed("presence")["state"] == "left"


def test_leaving_ends_the_pushes(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    ada.ask("join", room=room)
    bob.ask("join", room=room)
    assert bob.ask("leave", room=room)["type"] == "left"
    assert bob.ask("send", room=room, text="hi")["code"] == "room.not_joined"
    ada.ask("send", room=room, text="alone", after=0)
    assert bob.ask("join", room=room, after=0)["head"] == 1
    assert bob.kept("message") == []


def test_sync_shows_what_a_client_missed(connect: Connect, room: str) -> None:
    ada = connect("ada")
    ada.ask("join", room=room)
    ada.ask("send", room=room, text="hi", after=0)
    synced = ada.ask("sync", rooms={room: {"after": 0}, "elsewhere": {"after": 0}})["rooms"]
    assert (synced[room]["head"], synced[room]["entries"][0]["text"]) == (1, "hi")
    assert synced["elsewhere"]["error"]["code"] == "room.not_joined"


def test_fifty_clients_get_twenty_messages_in_order(connect: Connect, room: str) -> None:
    clients = [connect(f"user{number:02}") for number in range(50)]
    for client in clients:
        client.ask("join", room=room)
    for number in range(20):
        sender = clients[number]
        assert sender.ask("send", room=room, text=f"message {number}", after=number)["seq"] == number + 1

    def receive(position: int) -> list[int]:
        # A sender is told of its own message by the ack.
        return [clients[position].pushed("message")["seq"] for _ in range(19 if position < 20 else 20)]

    with ThreadPoolExecutor(50) as pool:
        received = list(pool.map(receive, range(50)))
    for position, seqs in enumerate(received):
        assert seqs == [seq for seq in range(1, 21) if seq != position + 1]


BAD_FRAMES = [
    ("not json", "frame.not_json"),
    ('{"action":"join","room":"lobby","after":1e400}', "frame.not_json"),
    ("[1]", "frame.not_object"),
    ('{"action":"join","x":' + "[" * 20 + "]" * 20 + "}", "frame.too_deep"),
    ("[" * 5_000 + "]" * 5_000, "frame.too_deep"),
    ('{"action":"send","text":"' + "x" * 33_000 + '"}', "frame.too_large"),
    (r'{"action":"send","room":"lobby","id":"1","text":"\ud800"}', "frame.bad_unicode"),
    ("{}", "action.missing"),
    ('{"action":7}', "action.missing"),
    ('{"action":"dance"}', "action.unknown"),
    ('{"action":"join"}', "field.missing"),
    ('{"action":"join","room":7}', "field.bad_type"),
    ('{"action":"join","room":"lobby","after":"x"}', "field.bad_type"),
    ('{"action":"join","room":"lobby","after":-1}', "field.out_of_range"),
    ('{"action":"send","room":"lobby","id":"1","text":"' + "x" * 9_000 + '"}', "field.out_of_range"),
    ('{"action":"history","room":"lobby","before":0}', "field.out_of_range"),
    ('{"action":"join","room":"no spaces"}', "room.bad_name"),
    ('{"action":"send","room":"never-joined","id":"1","text":"x"}', "room.not_joined"),
]


@pytest.mark.parametrize(("text", "code"), BAD_FRAMES, ids=[f"{code}-{text[:24]}" for text, code in BAD_FRAMES])
def test_bad_input_is_answered_and_the_socket_stays_open(connect: Connect, text: str, code: str) -> None:
    ada = connect("ada")
    ada.send_text(text)
    assert ada.receive()["code"] == code
    ada.send_text('{"action":"ping"}')
    assert ada.receive() == {"type": "pong"}


def test_a_bogus_position_is_no_obstacle(connect: Connect, room: str) -> None:
    ada = connect("ada")
    assert ada.ask("join", room=room, after=999, epoch="bogus")["reset"]
    assert ada.ask("send", room=room, text="hi", after=999)["seq"] == 1


def test_edits_reactions_and_deletions_are_seen_by_others_and_after_a_resume(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    ada.ask("join", room=room)
    bob.ask("join", room=room)
    ada.ask("send", room=room, text="first", after=0)
    ada.ask("send", room=room, text="second", after=1)
    assert ada.ask("edit", room=room, seq=1, text="changed", after=2)["seq"] == 3
    assert bob.ask("react", room=room, seq=1, emoji="\U0001f600", after=3)["seq"] == 4
    assert ada.ask("delete", room=room, seq=2, after=4)["seq"] == 5
    assert bob.ask("delete", room=room, seq=1, after=5)["code"] == "entry.not_yours"
    assert (bob.pushed("edited")["text"], bob.pushed("deleted")["target"]) == ("changed", 2)
    first, second, *changes = connect("bob").ask("join", room=room, after=0)["entries"]
    assert (first["text"], first["edited"], first["reactions"]) == ("changed", True, {"\U0001f600": [bob.user]})
    assert second["deleted"]
    assert [change["type"] for change in changes] == ["edited", "reacted", "deleted"]


def test_nobody_enters_without_a_ticket(deployed: LocalAws) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(deployed.urls["websocket"], timeout=10)
