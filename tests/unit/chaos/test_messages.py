"""HTTP messages, as the proxy reads them."""

from __future__ import annotations

import asyncio

import pytest

from chaos.faults import Request, Service
from chaos.messages import MessageError, parse_request, read_message

TARGET = "x-amz-target: DynamoDB_20120810.PutItem\r\n"


async def read(content: bytes) -> tuple[str, bytes]:
    reader = asyncio.StreamReader()
    reader.feed_data(content)
    reader.feed_eof()
    return await read_message(reader)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (b"POST /f/x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}rest", b"{}"),
        (b"GET /f/x HTTP/1.1\r\nhost: h\r\n\r\nrest", b""),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcd", b"abc"),
        (b"HTTP/1.1 204 No Content\r\n\r\nrest", b""),
    ],
)
async def test_a_message_ends_where_it_says(content: bytes, body: bytes) -> None:
    head, read_body = await read(content)
    assert (head.encode(), read_body) == (content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", body)


@pytest.mark.parametrize(
    "content", [b"HTTP/1.1 200 OK\r\n\r\n", b"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n"], ids=["none", "bad"]
)
async def test_a_message_without_a_length_is_refused(content: bytes) -> None:
    with pytest.raises(MessageError, match="must have a content-length"):
        await read(content)


async def test_half_a_message_is_none() -> None:
    with pytest.raises(asyncio.IncompleteReadError):
        await read(b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nab")


@pytest.mark.parametrize(
    ("start", "header", "request_"),
    [
        (
            "POST /message/ HTTP/1.1",
            TARGET,
            Request("message", Service.DYNAMODB, "POST", "/", f"POST / HTTP/1.1\r\n{TARGET}\r\n{{}}".encode()),
        ),
        (
            "POST /deliver/_aws/execute-api/a/prod/@connections/c%3D HTTP/1.1",
            "",
            Request(
                "deliver",
                Service.CONNECTIONS,
                "POST",
                "/_aws/execute-api/a/prod/@connections/c%3D",
                b"POST /_aws/execute-api/a/prod/@connections/c%3D HTTP/1.1\r\n\r\n{}",
            ),
        ),
    ],
)
def test_the_path_says_whose_request_it_is(start: str, header: str, request_: Request) -> None:
    assert parse_request(f"{start}\r\n{header}\r\n", b"{}") == request_


@pytest.mark.parametrize(
    ("header", "service"),
    [("X-Amz-Target: AmazonSQS.SendMessageBatch\r\n", Service.SQS), ("x-amz-target: Other.Call\r\n", None), ("", None)],
)
def test_the_target_says_whom_it_is_for(header: str, service: Service | None) -> None:
    assert parse_request(f"POST /message/ HTTP/1.1\r\n{header}\r\n", b"").service is service


@pytest.mark.parametrize("start", ["hello", "POST message HTTP/1.1", "POST /a b HTTP/1.1"])
def test_what_is_no_request_is_refused(start: str) -> None:
    with pytest.raises(MessageError, match="must begin with a method, a path and a version"):
        parse_request(f"{start}\r\n\r\n", b"")
