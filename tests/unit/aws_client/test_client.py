"""Requests until there is a final reply: retries, their deadline, and what is not retried."""

import asyncio
import calendar
import json
import re
import time

import pytest

from chat.aws.client import AwsClient, AwsError, AwsUnavailable, Payload
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import CREDENTIALS, FakeTime
from tests.unit.aws_client.servers import Request, answer_with, never_answer, reply, serve
from tests.unit.aws_client.test_signature import Case, sign_with_botocore

SIGNED_HEADERS = {"host", "content-type", "x-amz-target"}

THROTTLED = reply(400, b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}')
SQS_THROTTLED = reply(400, b'{"__type":"com.amazonaws.sqs#RequestThrottled"}')

EXPIRED = reply(400, b'{"__type":"com.amazon.coral.service#ExpiredTokenException"}')


async def test_a_request_arrives_signed_under_the_endpoints_path(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200, b"done", "X-One: 1"))) as server:
        client = connect(server.url + "/stage")
        answered = await client.send("POST", "/@connections/abc%3D", Payload(b"hello"), deadline=fake_time.now_s + 5)
    (request,) = server.requests
    assert (answered.status, answered.body, answered.headers["x-one"]) == (200, b"done", "1")
    assert (request.method, request.path, request.body) == ("POST", "/stage/@connections/abc%3D", b"hello")
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert request.headers["x-amz-security-token"] == "token"
    assert client.calls == {"POST": 1}


@pytest.mark.parametrize("status", [200, 204, 400, 403, 404, 410, 413])
async def test_a_final_reply_is_not_retried(connect: Connect, fake_time: FakeTime, status: int) -> None:
    async with serve(answer_with(reply(status))) as server:
        answered = await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert answered.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "transient", [reply(408), reply(429), reply(500), reply(503), THROTTLED, SQS_THROTTLED], ids=repr
)
async def test_a_transient_reply_is_retried_with_growing_pauses(
    connect: Connect, fake_time: FakeTime, transient: bytes
) -> None:
    async with serve(answer_with(transient, transient, transient, reply(200))) as server:
        client = connect(server.url)
        answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert answered.status == 200
    assert fake_time.slept_s == [0.05, 0.1, 0.2]
    assert client.calls == {"POST": 4}


async def test_a_retry_stops_before_the_deadline(connect: Connect, fake_time: FakeTime) -> None:
    deadline = fake_time.now_s + 2
    async with serve(answer_with(reply(429, b"slow down"))) as server:
        with pytest.raises(AwsUnavailable, match=r"POST: no final reply in \d attempts.*429.*slow down"):
            await connect(server.url).send("POST", "/x", Payload(), deadline=deadline)
    assert fake_time.now_s < deadline
    assert 1 < len(server.requests) == len(fake_time.slept_s) + 1


async def test_nothing_is_sent_after_the_deadline(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        with pytest.raises(AwsUnavailable, match="0 attempts"):
            await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s - 1)
    assert server.requests == []


async def test_a_server_that_never_answers_is_given_up_at_the_deadline(connect: Connect, fake_time: FakeTime) -> None:
    started_s = time.monotonic()
    async with serve(never_answer) as server:
        with pytest.raises(AwsUnavailable):
            await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 0.1)
    assert time.monotonic() - started_s < 1


async def test_the_deadline_is_kept_to_the_millisecond() -> None:
    """Somebody else may need the processor in the same moment: one try in twenty must show it, and none be early."""
    environment = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
    loop = asyncio.get_running_loop()
    async with serve(never_answer) as server:
        client = AwsClient.from_environment("apigatewaymanagementapi", environment | {"AWS_ENDPOINT_URL": server.url})
        for _ in range(20):
            deadline = loop.time() + 0.03
            with pytest.raises(AwsUnavailable):
                await client.send("POST", "/x", Payload(), deadline=deadline)
            late_ms = (loop.time() - deadline) * 1000
            # The loop's clock has a resolution of its own, which it may be early by.
            assert late_ms > -0.1
            if late_ms <= 2:
                break
        await client.close()
    assert late_ms <= 2


async def test_a_slow_reply_is_retried_on_another_connection(connect: Connect, fake_time: FakeTime) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.connection > 1:
            writer.write(reply(200))

    async with serve(answer) as server:
        client = connect(server.url, read_timeout_s=0.05)
        answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert answered.status == 200
    assert server.all_connections == 2


async def test_a_refused_connection_is_retried(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        url = server.url
    with pytest.raises(AwsUnavailable, match="ConnectionRefusedError"):
        await connect(url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 1)
    assert len(fake_time.slept_s) > 2


async def test_a_post_that_broke_is_sent_again(connect: Connect, fake_time: FakeTime) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write([b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"garbage\r\n\r\n", reply(200)][request.connection - 1])
        writer.close()

    async with serve(answer) as server:
        answered = await connect(server.url).send("POST", "/x", Payload(b"b"), deadline=fake_time.now_s + 5)
    assert answered.status == 200
    assert [request.body for request in server.requests] == [b"b"] * 4
    assert fake_time.slept_s == [0.05, 0.1, 0.2]


@pytest.mark.parametrize("transient", [reply(408), reply(429), reply(503), THROTTLED], ids=repr)
async def test_without_retries_the_first_reply_is_final(
    connect: Connect, fake_time: FakeTime, transient: bytes
) -> None:
    async with serve(answer_with(transient, reply(200))) as server:
        client = connect(server.url)
        answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5, is_retried=False)
    assert answered.status != 200
    assert fake_time.slept_s == []
    assert client.calls == {"POST": 1}


@pytest.mark.parametrize("broken", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"])
async def test_without_retries_a_connection_that_breaks_is_no_reply(
    connect: Connect, fake_time: FakeTime, broken: bytes
) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(broken)
        writer.close()

    async with serve(answer) as server:
        with pytest.raises(AwsUnavailable, match="in 1 attempts"):
            await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5, is_retried=False)
    assert len(server.requests) == 1


@pytest.mark.parametrize("second", [reply(200), b""])
async def test_without_retries_a_kept_connection_that_broke_is_replaced_once(
    connect: Connect, fake_time: FakeTime, second: bytes
) -> None:
    """The server closed it before it saw the request, which is no attempt."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(server.requests) == 1:
            writer.write(reply(200))
        elif request.connection == 2 and second:
            writer.write(second)
        else:
            writer.close()

    async with serve(answer) as server:
        client = connect(server.url)
        await client.send("POST", "/first", Payload(), deadline=fake_time.now_s + 5)
        sending = client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5, is_retried=False)
        if second:
            assert (await sending).status == 200
        else:
            with pytest.raises(AwsUnavailable, match="in 2 attempts"):
                await sending
    assert [(request.path, request.connection) for request in server.requests] == [("/first", 1), ("/x", 1), ("/x", 2)]
    assert fake_time.slept_s == []


@pytest.mark.parametrize("path", ["x", "/a b", "/a\r\nHost: evil", "/a//b", "/../x", "/%zz", "/a?b", "/a#b", "/\u00e9"])
async def test_a_malformed_path_never_reaches_the_wire(connect: Connect, fake_time: FakeTime, path: str) -> None:
    async with serve(answer_with(reply(200))) as server:
        with pytest.raises(ValueError, match="is no path"):
            await connect(server.url).send("POST", path, Payload(), deadline=fake_time.now_s + 5)
    assert server.all_connections == 0


@pytest.mark.parametrize(
    ("service", "signing_name", "path"),
    [
        ("apigatewaymanagementapi", "execute-api", "/@connections/a%3D"),
        ("lambda", "lambda", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations"),
        ("dynamodb", "dynamodb", None),
    ],
)
async def test_what_arrives_bears_the_signature_that_botocore_would_give_it(
    connect: Connect, fake_time: FakeTime, service: str, signing_name: str, path: str | None
) -> None:
    async with serve(answer_with(reply(200, b"{}"))) as server:
        client = connect(server.url + "/stage", service)
        if path:
            await client.send("POST", path, Payload(b"b"), deadline=fake_time.now_s + 5)
        else:
            await client.call("GetItem", {"TableName": "t"}, deadline=fake_time.now_s + 5)
    (request,) = server.requests
    headers = {name: request.headers[name] for name in request.headers.keys() & SIGNED_HEADERS}
    time_s = calendar.timegm(time.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ"))
    case = Case(request.method, request.path, headers, request.body, CREDENTIALS, "eu-west-1", signing_name, time_s)
    assert request.headers["authorization"] == sign_with_botocore(case)["authorization"]


async def test_what_credentials_have_expired_for_is_signed_with_those_of_the_moment(
    connect: Connect, fake_time: FakeTime
) -> None:
    environment = {"AWS_ACCESS_KEY_ID": "first", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        environment["AWS_ACCESS_KEY_ID"] = "second"
        writer.write(reply(200, b"{}") if len(server.requests) > 1 else EXPIRED)

    async with serve(answer) as server:
        environment["AWS_ENDPOINT_URL"] = server.url
        client = AwsClient.from_environment("dynamodb", environment)
        await client.call("GetItem", {}, deadline=asyncio.get_running_loop().time() + 5)
        await client.close()
    names = [re.findall(r"Credential=(\w+)/", request.headers["authorization"]) for request in server.requests]
    assert names == [["first"], ["second"]]


def test_a_client_lives_through_one_run_of_its_loop_after_the_other() -> None:
    """As in a container, whose loop stands still between invocations."""
    environment = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
    with asyncio.Runner() as runner:
        serving = serve(answer_with(reply(200)))
        server = runner.run(serving.__aenter__())
        client = AwsClient.from_environment("apigatewaymanagementapi", environment | {"AWS_ENDPOINT_URL": server.url})
        deadline = runner.get_loop().time() + 5
        for _ in range(3):
            runner.run(client.send("POST", "/x", Payload(), deadline=deadline))
        runner.run(client.close())
        runner.run(serving.__aexit__(None, None, None))
    assert [request.connection for request in server.requests] == [1, 1, 1]


async def test_a_call_speaks_json(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200, b'{"Item":{"a":{"S":"b"}}}'))) as server:
        client = connect(server.url, "dynamodb")
        result = await client.call("GetItem", {"TableName": "t"}, deadline=fake_time.now_s + 5)
    (request,) = server.requests
    assert result == {"Item": {"a": {"S": "b"}}}
    assert json.loads(request.body) == {"TableName": "t"}
    assert request.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert request.headers["content-type"] == "application/x-amz-json-1.0"
    assert client.calls == {"GetItem": 1}


async def test_a_refused_call_is_an_error_with_its_code(connect: Connect, fake_time: FakeTime) -> None:
    body = b'{"__type":"com.amazonaws#ConditionalCheckFailedException","message":"no","Item":{"a":{"S":"b"}}}'
    async with serve(answer_with(reply(400, body))) as server:
        with pytest.raises(AwsError, match="ConditionalCheckFailedException: no") as raised:
            await connect(server.url, "dynamodb").call("PutItem", {}, deadline=fake_time.now_s + 5)
    assert raised.value.code == "ConditionalCheckFailedException"
    assert raised.value.body["Item"] == {"a": {"S": "b"}}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(403, b"<html>", "x-amzn-ErrorType: AccessDeniedException:http://x"), "AccessDeniedException"),
        (reply(404, b""), "404"),
        (reply(400, b"[1]"), "400"),
        (reply(200, b"<html>"), "200"),
        (reply(400, b'{"__type": null}'), "400"),
    ],
)
async def test_an_error_in_another_form_has_a_code_as_well(
    connect: Connect, fake_time: FakeTime, answer: bytes, code: str
) -> None:
    async with serve(answer_with(answer)) as server:
        with pytest.raises(AwsError) as raised:
            await connect(server.url, "dynamodb").call("PutItem", {}, deadline=fake_time.now_s + 5)
    assert raised.value.code == code
