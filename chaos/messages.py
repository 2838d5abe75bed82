"""HTTP/1.1 as the functions and MiniStack speak it: each message says how long its body is."""

from __future__ import annotations

import asyncio

from chaos.faults import Request, Service

_NO_CONTENT = " 204 "
_TARGETS = {"DynamoDB_20120810": Service.DYNAMODB, "AmazonSQS": Service.SQS}


class MessageError(Exception):
    """What came is no HTTP message of a length that is said."""


async def read_message(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Read a request or a reply.

    Returns:
        Its head, and its body.

    Raises:
        MessageError: it does not say how long it is.
        asyncio.IncompleteReadError: the connection ended.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = read_header(head, "content-length")
    # Requests without a body, and replies that have none, say nothing about it.
    if length is None and (_NO_CONTENT in head.partition("\r\n")[0] or not head.startswith("HTTP/")):
        length = "0"
    if length is None or not length.isdecimal():
        raise MessageError(f"a message must have a content-length, got {head!r}")
    return head, await reader.readexactly(int(length))


def read_header(head: str, name: str) -> str | None:
    """Return a header of a message; None where it has none."""
    for line in head.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return None


def parse_request(head: str, body: bytes) -> Request:
    """Tell whose request it is, from the first part of its path, and for whom.

    Args:
        head: that of the request, whose path is `/{function}/{path}`.
        body: that of the request.

    Raises:
        MessageError: it is none.
    """
    start, _, headers = head.partition("\r\n")
    words = start.split(" ")
    if len(words) != 3 or not words[1].startswith("/"):
        raise MessageError(f"a request must begin with a method, a path and a version, got {start!r}")
    method, (_, function, *rest), version = words[0], words[1].split("/"), words[2]
    path = "/" + "/".join(rest)
    content = f"{method} {path} {version}\r\n{headers}".encode("latin-1") + body
    return Request(function, _find_service(path, head), method, path, content)


def _find_service(path: str, head: str) -> Service | None:
    if "/@connections/" in path:
        return Service.CONNECTIONS
    return _TARGETS.get((read_header(head, "x-amz-target") or "").partition(".")[0])
