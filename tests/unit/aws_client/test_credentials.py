"""Credentials that expire while the container is warm."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from chat.aws.client import AwsClient, Payload
from chat.aws.client.credentials import CurrentCredentials, EndpointCredentials, Lease, find_credentials
from chat.aws.client.environment import Credentials
from tests.unit.aws_client.servers import Request, answer_with, reply, serve

VARIABLES = {"AWS_ACCESS_KEY_ID": "first", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
EXPIRED = reply(403, b'{"message":"expired"}', "x-amzn-ErrorType: ExpiredTokenException")
NOW_S = 1_800_000_000.0


def hand_out(key: str, ends_s: float) -> bytes:
    expiration = datetime.fromtimestamp(ends_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {"AccessKeyId": key, "SecretAccessKey": "secret", "Token": "token", "Expiration": expiration}
    return reply(200, json.dumps(fields).encode())


def read_keys(requests: list[Request]) -> list[str]:
    return [request.headers["authorization"].partition("Credential=")[2].partition("/")[0] for request in requests]


class CountedSource:
    """Hands out numbered credentials for a minute, after some time."""

    def __init__(self) -> None:
        self.count = 0

    async def read(self, now_s: float) -> Lease:
        self.count += 1
        await asyncio.sleep(0)
        return Lease(Credentials(f"key{self.count}", "secret"), now_s + 60)


async def test_credentials_are_used_until_their_lease_ends() -> None:
    current = CurrentCredentials(CountedSource())
    keys = [(await current.get(NOW_S + later_s)).access_key_id for later_s in (0, 59.9, 60, 119)]
    assert keys == ["key1", "key1", "key2", "key2"]


async def test_many_who_ask_wait_for_one_reading() -> None:
    source = CountedSource()
    current = CurrentCredentials(source)
    got = await asyncio.gather(*(current.get(NOW_S) for _ in range(20)))
    assert (len(set(got)), source.count) == (1, 1)


async def test_only_those_that_have_expired_are_forgotten() -> None:
    source = CountedSource()
    current = CurrentCredentials(source)
    old = await current.get(NOW_S)
    current.forget(old)
    new = await current.get(NOW_S)
    # A reply to a request that was signed with the old ones comes late.
    current.forget(old)
    assert await current.get(NOW_S) is new
    assert source.count == 2


async def test_variables_are_read_again_after_a_second() -> None:
    variables = dict(VARIABLES)
    current = CurrentCredentials(find_credentials(variables))
    await current.get(NOW_S)
    variables["AWS_ACCESS_KEY_ID"] = "second"
    assert [(await current.get(NOW_S + later_s)).access_key_id for later_s in (0.9, 1)] == ["first", "second"]


@pytest.mark.parametrize("is_retried", [True, False])
async def test_an_expired_token_is_replaced(is_retried: bool) -> None:
    variables = dict(VARIABLES)

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        variables["AWS_ACCESS_KEY_ID"] = "second"
        writer.write(EXPIRED if read_keys([request]) == ["first"] else reply(200))

    async with serve(answer) as server:
        client = AwsClient.from_environment("apigatewaymanagementapi", {"AWS_ENDPOINT_URL": server.url, **variables})
        client._outlet = client._outlet._replace(credentials=CurrentCredentials(find_credentials(variables)))
        deadline = asyncio.get_running_loop().time() + 5
        answered = await client.send("POST", "/x", Payload(), deadline=deadline, is_retried=is_retried)
        if not is_retried:
            assert answered.status == 403
            answered = await client.send("POST", "/x", Payload(), deadline=deadline, is_retried=False)
        await client.close()
    assert answered.status == 200
    assert read_keys(server.requests) == ["first", "second"]


async def test_an_endpoint_hands_out_credentials_which_are_renewed_before_they_end() -> None:
    async with serve(answer_with(hand_out("first", NOW_S + 3600), hand_out("second", NOW_S + 7200))) as server:
        variables = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{server.url}/v2/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a token",
        }
        current = CurrentCredentials(find_credentials(variables))
        got = [await current.get(NOW_S + later_s) for later_s in (0, 3299, 3300)]
    assert got == [Credentials(key, "secret", "token") for key in ("first", "first", "second")]
    assert {(request.method, request.path) for request in server.requests} == {("GET", "/v2/credentials")}
    assert {request.headers["authorization"] for request in server.requests} == {"a token"}


async def test_a_request_is_signed_with_what_the_endpoint_hands_out() -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        key = f"key{len(server.requests)}"
        writer.write(hand_out(key, 4e9) if request.method == "GET" else EXPIRED if key == "key2" else reply(200))

    async with serve(answer) as server:
        variables = {
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": server.url,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{server.url}/v2/credentials",
        }
        client = AwsClient.from_environment("apigatewaymanagementapi", variables)
        answered = await client.send("POST", "/x", Payload(), deadline=asyncio.get_running_loop().time() + 5)
        await client.close()
    assert answered.status == 200
    assert read_keys([request for request in server.requests if request.method == "POST"]) == ["key1", "key3"]


@pytest.mark.parametrize(
    "answer", [reply(500), reply(200, b"{}"), reply(200, b"[1]"), reply(200, b"no"), b"x\r\n\r\n", b""]
)
async def test_an_endpoint_that_fails_is_an_error_that_may_pass(answer: bytes) -> None:
    async with serve(answer_with(answer)) as server:
        with pytest.raises(OSError, match="handed out no credentials"):
            await EndpointCredentials(server.url, "").read(NOW_S)


def test_without_any_source_the_function_does_not_start() -> None:
    with pytest.raises(ValueError, match="AWS_ACCESS_KEY_ID is not set"):
        find_credentials({})
