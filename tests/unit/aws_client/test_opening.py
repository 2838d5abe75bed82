"""How connections are opened: whose address is looked up, and when again."""

import asyncio
import socket
from typing import Any

import pytest

from chat.aws.client import AwsUnavailable, Payload, opening
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeTime
from tests.unit.aws_client.servers import answer_with, reply, serve

# Nobody listens there.
DEAF = "127.0.0.9"


class Names:
    """The names that the event loop looks up, and what they stand for."""

    def __init__(self) -> None:
        self.addresses = ["127.0.0.1"]
        self.asked: list[str] = []

    async def look_up(self, host: str, port: int, **options: Any) -> list[Any]:
        assert options == {"type": socket.SOCK_STREAM}
        self.asked.append(host)
        await asyncio.sleep(0)
        if not self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self.addresses]


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names.look_up)
    return names


async def post(connect: Connect, fake_time: FakeTime, url: str, count: int) -> None:
    """Post over so many connections that are opened together."""
    client = connect(url.replace("127.0.0.1", "chat.example.com"))
    sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5) for _ in range(count)]
    assert [answered.status for answered in await asyncio.gather(*sends)] == [200] * count


async def test_a_name_is_looked_up_once_for_all_who_open(names: Names, connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        await post(connect, fake_time, server.url, 9)
    assert (server.all_connections, names.asked) == (9, ["chat.example.com"])


async def test_an_address_is_not_looked_up(names: Names, connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        url = server.url.replace("localhost", "127.0.0.1")
        answered = await connect(url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert (answered.status, names.asked) == (200, [])


async def test_it_is_looked_up_again_after_a_while(
    names: Names, connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_LOOK_UP_S", -1.0)
    async with serve(answer_with(reply(200))) as server:
        await post(connect, fake_time, server.url, 3)
    assert len(names.asked) == 3


async def test_the_next_address_is_tried_where_one_is_deaf(names: Names, connect: Connect, fake_time: FakeTime) -> None:
    names.addresses = [DEAF, "127.0.0.1"]
    async with serve(answer_with(reply(200))) as server:
        await post(connect, fake_time, server.url, 4)
    assert (server.all_connections, len(names.asked)) == (4, 1)


async def test_where_nobody_answers_the_name_is_looked_up_anew(
    names: Names, connect: Connect, fake_time: FakeTime
) -> None:
    names.addresses = [DEAF]
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url.replace("127.0.0.1", "chat.example.com"))
        with pytest.raises(AwsUnavailable, match="ConnectionRefusedError"):
            await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5, is_retried=False)
        names.addresses = ["127.0.0.1"]
        answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert (answered.status, len(names.asked)) == (200, 2)


async def test_a_name_that_nobody_knows_is_an_error_and_asked_again(
    names: Names, connect: Connect, fake_time: FakeTime
) -> None:
    names.addresses = []
    client = connect("http://nobody.example.com")
    with pytest.raises(AwsUnavailable, match="Name or service not known"):
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert len(names.asked) > 1


async def test_connections_are_spread_over_the_addresses(
    names: Names, connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, tried = asyncio.get_running_loop(), []
    create_connection = loop.create_connection

    async def create(make: Any, host: str, port: int) -> Any:
        tried.append(host)
        return await create_connection(make, "127.0.0.1", port)

    monkeypatch.setattr(loop, "create_connection", create)
    names.addresses = ["192.0.2.1", "192.0.2.2"]
    async with serve(answer_with(reply(200))) as server:
        await post(connect, fake_time, server.url, 4)
    assert sorted(tried) == ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2"]
