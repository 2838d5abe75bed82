"""The client on a thread and a socket, against a scripted server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from chat_client.client import ChatClient
from chat_client.entries import Message
from chat_client.errors import RequestError
from chat_client.events import Connected, Disconnected, Done, Event, Refused
from chat_client.sign_in import GuestSignIn
from tests.unit.chat_client.conftest import FAST, Told, admit
from tests.unit.chat_client.frames import Frame, ack, done, history, joined, push
from tests.unit.chat_client.server import PATIENCE_S, Server
from tests.unit.chat_client.tickets import TicketServer

Make = Callable[[str], ChatClient]


def test_join_and_send_are_answered_by_futures(server: Server, make_client: Make, told: Told) -> None:
    client = make_client(server.url)
    joining, sending = client.join("lobby"), client.send("lobby", "hi")
    peer = server.accept()
    peer.send(joined(peer.receive()["id"], 1))
    assert joining.result(PATIENCE_S).head == 1
    assert told.wait(Message).seq == 1
    frame = peer.receive()
    peer.send(ack(frame["id"], 2))
    assert sending.result(PATIENCE_S).seq == 2
    assert told.wait(Message).text == "hi"


@pytest.mark.parametrize(
    ("ask", "sent"),
    [
        (lambda client: client.create("lobby", private=True), {"action": "create", "room": "lobby", "private": True}),
        (lambda client: client.invite("lobby", "bob"), {"action": "invite", "room": "lobby", "user": "bob"}),
        (lambda client: client.remove("lobby", "bob"), {"action": "remove", "room": "lobby", "user": "bob"}),
        (lambda client: client.kick("lobby", "bob"), {"action": "kick", "room": "lobby", "user": "bob"}),
        (lambda client: client.ban("bob", "lobby"), {"action": "ban", "room": "lobby", "user": "bob"}),
        (lambda client: client.ban("bob"), {"action": "ban", "user": "bob"}),
        (lambda client: client.unban("bob", "lobby"), {"action": "unban", "room": "lobby", "user": "bob"}),
        (lambda client: client.unban("bob"), {"action": "unban", "user": "bob"}),
        (
            lambda client: client.mute("lobby", "bob", 60),
            {"action": "mute", "room": "lobby", "user": "bob", "seconds": 60},
        ),
    ],
)
def test_what_becomes_no_entry_is_answered_by_futures(
    server: Server, make_client: Make, ask: Callable[[ChatClient], Future[Done]], sent: Frame
) -> None:
    client = make_client(server.url)
    client.join("lobby")
    peer = server.accept()
    peer.send(joined(peer.receive()["id"]))
    asking = ask(client)
    frame = peer.receive()
    assert frame == {"id": frame["id"], **sent}
    peer.send(done(frame["id"]))
    answer = asking.result(PATIENCE_S)
    assert answer == Done(frame["id"], sent["action"], sent.get("room"), sent.get("user"))


def test_what_was_read_is_sent_a_little_later(server: Server, make_client: Make) -> None:
    client = make_client(server.url)
    client.join("lobby")
    peer = server.accept()
    peer.send(joined(peer.receive()["id"]))
    reading = [client.read("lobby", seq) for seq in (6, 7)]
    frame = peer.receive_read()
    assert frame == {"action": "read", "id": frame["id"], "room": "lobby", "seq": 7}
    peer.send(done(frame["id"]))
    assert {future.result(PATIENCE_S) for future in reading} == {Done(frame["id"], "read", "lobby", None)}


def test_rooms_are_asked_for_and_typing_is_not_answered(server: Server, make_client: Make) -> None:
    client = make_client(server.url)
    client.join("lobby")
    peer = server.accept()
    peer.send(joined(peer.receive()["id"]))
    asking = client.rooms(following="n1")
    frame = peer.receive()
    assert (frame["action"], frame["next"]) == ("rooms", "n1")
    peer.send({"type": "rooms", "id": frame["id"], "rooms": [], "next": None})
    assert asking.result(PATIENCE_S).rooms == ()
    client.typing("lobby")
    assert peer.receive() == {"action": "typing", "room": "lobby"}


def test_a_message_to_a_user_is_answered_and_told(server: Server, make_client: Make, told: Told) -> None:
    sending = make_client(server.url).send_to("bob", "hi")
    peer = server.accept()
    frame = peer.receive()
    assert (frame["action"], frame["room"]) == ("join", "dm:ada:bob")
    peer.send(joined(frame["id"], room="dm:ada:bob"))
    peer.send(ack(peer.receive()["id"], 1, room="dm:ada:bob"))
    assert sending.result(PATIENCE_S).room == "dm:ada:bob"
    message = told.wait(Message)
    assert (message.room, message.text) == ("dm:ada:bob", "hi")


def test_a_closed_client_may_be_told_of_typing(server: Server, make_client: Make) -> None:
    client = make_client(server.url)
    client.close()
    client.typing("lobby")


def test_each_connection_has_a_ticket_of_its_own(server: Server, tickets: TicketServer) -> None:
    with ChatClient(GuestSignIn(tickets.url, "ada"), lambda event: None, timing=FAST):
        peer = server.accept()
        assert peer.target == "/dev?ticket=t1"
        peer.cut()
        assert server.accept().target == "/dev?ticket=t2"


def test_a_gap_is_repaired(server: Server, make_client: Make, told: Told) -> None:
    make_client(server.url).join("lobby")
    peer = server.accept()
    peer.send(joined(peer.receive()["id"], 1), push(3))
    frame = peer.receive()
    assert (frame["action"], frame["after"]) == ("history", 1)
    peer.send(history(frame["id"], 2, 3))
    assert [told.wait(Message).seq for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("goodbye", [True, False])
def test_a_lost_connection_is_made_again_and_resumed(
    server: Server, make_client: Make, told: Told, goodbye: bool
) -> None:
    client = make_client(server.url)
    client.join("lobby")
    peer = server.accept()
    peer.send(joined(peer.receive()["id"], 1))
    assert told.wait(Message).seq == 1
    sending = client.send("lobby", "hi")
    first = peer.receive()
    if goodbye:
        peer.goodbye(1001)
        assert told.wait(Disconnected).reason == "the server closed the connection (1001)"
    else:
        peer.cut()
    peer = server.accept()
    frame = peer.receive()
    assert (frame["action"], frame["after"], frame["epoch"]) == ("join", 1, "A")
    peer.send(joined(frame["id"], 2))
    again = peer.receive()
    assert again == first
    peer.send(ack(again["id"], 3))
    assert sending.result(PATIENCE_S).seq == 3
    assert [told.wait(Message).seq for _ in range(2)] == [2, 3]


def test_a_server_that_is_silent_is_left(server: Server, make_client: Make, told: Told) -> None:
    make_client(server.url).join("lobby")
    server.accept()
    assert told.wait(Disconnected).reason == "the server does not answer"
    assert server.accept().receive()["action"] == "join"


def test_a_ping_of_the_server_does_not_stop_the_client(server: Server, make_client: Make) -> None:
    client = make_client(server.url)
    peer = server.accept()
    peer.ping()
    joining = client.join("lobby")
    peer.send(joined(peer.receive()["id"]))
    assert joining.result(PATIENCE_S)


def test_a_refused_sign_in_is_final(server: Server, told: Told) -> None:
    with TicketServer(server.url, status=403, problem={"message": "banned"}) as tickets:
        client = ChatClient(GuestSignIn(tickets.url, "ada"), told.put, timing=FAST)
        with client:
            joining = client.join("lobby")
            assert told.wait(Refused) == Refused("banned (HTTP 403)")
            with pytest.raises(RequestError, match=r"client\.closed"):
                joining.result(PATIENCE_S)
            time.sleep(4 * FAST.backoff_s)
    assert (len(tickets.asked), server.handshakes) == (1, 0)


@pytest.mark.parametrize("status", [401, 429, 500, 502])
def test_a_handshake_that_failed_is_tried_again_with_another_ticket(make_client: Make, told: Told, status: int) -> None:
    with Server(statuses=[status, status]) as server:
        make_client(server.url)
        assert told.wait(Disconnected).reason == f"HTTP {status}"
        assert told.wait(Connected)
        assert server.handshakes == 3


def test_a_handshake_that_is_forbidden_is_final(make_client: Make, told: Told) -> None:
    with Server(statuses=[403]) as server:
        joining = make_client(server.url).join("lobby")
        assert "HTTP 403" in told.wait(Refused).reason
        with pytest.raises(RequestError, match=r"client\.closed"):
            joining.result(PATIENCE_S)
        time.sleep(4 * FAST.backoff_s)
        assert server.handshakes == 1


def test_a_handshake_claims_no_origin(server: Server, make_client: Make) -> None:
    # A chat that allows the pages of some origins would answer any other with 403.
    make_client(server.url)
    headers = server.accept().headers
    assert (headers["upgrade"], headers["sec-websocket-version"]) == ("websocket", "13")
    assert "origin" not in headers


def test_an_address_that_is_none_is_tried_again(told: Told) -> None:
    with ChatClient(admit("nowhere"), told.put, timing=FAST):
        assert told.wait(Disconnected)
        assert told.wait(Disconnected)


def test_a_server_that_is_not_there_is_tried_again(told: Told) -> None:
    with Server() as server:
        url = server.url
    with ChatClient(admit(url), told.put, timing=FAST):
        assert "refused" in told.wait(Disconnected).reason
        assert told.wait(Disconnected)


def test_close_says_goodbye_and_fails_what_is_open(server: Server, make_client: Make) -> None:
    client = make_client(server.url)
    peer = server.accept()
    joining = client.join("lobby")
    peer.receive()
    closing = threading.Thread(target=client.close)
    closing.start()
    assert peer.is_gone()
    closing.join(PATIENCE_S)
    for future in (joining, client.send("lobby", "late")):
        with pytest.raises(RequestError) as caught:
            future.result(PATIENCE_S)
        assert caught.value.code == "client.closed"


def test_a_client_that_never_connected_can_be_closed() -> None:
    client = ChatClient(admit("ws://127.0.0.1:1"), lambda event: None)
    joining = client.join("lobby")
    client.close()
    client.close()
    with pytest.raises(RequestError):
        joining.result(PATIENCE_S)


def test_a_callback_may_ask_and_close(server: Server) -> None:
    closed = threading.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, Connected):
            client.join("lobby").add_done_callback(lambda _: closed.set())
        elif isinstance(event, Message):
            client.close()

    client = ChatClient(admit(server.url), on_event, timing=FAST)
    client.connect()
    peer = server.accept()
    peer.send(joined(peer.receive()["id"], 1))
    assert closed.wait(PATIENCE_S)
    client.close()


def test_requests_from_many_threads_are_each_answered(server: Server, make_client: Make) -> None:
    client = make_client(server.url)
    peer = server.accept()
    client.join("lobby")
    peer.send(joined(peer.receive()["id"]))
    futures = []
    threads = [threading.Thread(target=lambda: futures.append(client.send("lobby", "hi"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for seq in range(1, 21):
        peer.send(ack(peer.receive()["id"], seq))
    for thread in threads:
        thread.join()
    assert sorted(future.result(PATIENCE_S).seq for future in futures) == list(range(1, 21))
