"""HTTP/1.1 on the wire: writing a request, reading its reply (RFC 9112).

Strict where leniency would let one message be taken for two, or a reply for another's (sections 6.3 and 11):
AWS sends nothing of the kind, so whatever is odd means a broken connection.
"""

import re
from asyncio import LimitOverrunError, StreamReader
from collections.abc import Mapping
from typing import NamedTuple

# The longest status line and headers, and the longest line of a chunked body. AWS sends about 500 bytes.
HEAD_LIMIT_BYTES = 64 * 1024
# Twice the 16 MB that DynamoDB's largest reply carries before it is written as JSON.
BODY_LIMIT_BYTES = 32 * 1024 * 1024

_STATUS_LINE = re.compile(r"HTTP/1\.([01]) ([1-5]\d\d)(?: .*)?")
_HEADER = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r\n")


class Reply(NamedTuple):
    """A final reply; the names of its headers are in lower case, and repeated ones are joined with commas."""

    status: int
    headers: dict[str, str]
    body: bytes


class ReplyError(Exception):
    """What came is no HTTP/1.1 reply, or one beyond the limits."""


def write_request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write a request whose path has been checked.

    Raises:
        ValueError: the method or a header holds what would not reach the server as one.
    """
    if not (method.isascii() and method.isalpha() and method.isupper()):
        raise ValueError(f"{method!r} is no HTTP method: it must be a word in capitals")
    lines = [f"{method} {path} HTTP/1.1"]
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"the header {name} must be printable ASCII, or it could carry further headers")
        lines.append(f"{name}: {value}")
    if body or method not in ("GET", "HEAD"):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "\r\n"]).encode() + body


async def read_reply(reader: StreamReader, method: str) -> tuple[Reply, bool]:
    """Read the final reply to a request.

    Args:
        reader: a stream with HEAD_LIMIT_BYTES as its limit.
        method: the request's, as a reply to HEAD has no body.

    Returns:
        The reply, and whether the connection may carry another request.

    Raises:
        ReplyError: what came is no reply.
        EOFError: the connection ended before the reply did.
        OSError: the connection broke.
    """
    minor, status, headers = await _read_head(reader)
    while status < 200:
        minor, status, headers = await _read_head(reader)
    is_persistent = minor == "1" and "close" not in headers.get("connection", "").lower()
    if method == "HEAD" or status in (204, 304):
        return Reply(status, headers, b""), is_persistent
    encoding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if encoding is None and length is None:
        return Reply(status, headers, await _read_to_end(reader)), False
    if encoding is None and length is not None:
        return Reply(status, headers, await _read_counted(reader, length)), is_persistent
    if encoding is not None and encoding.lower() == "chunked" and length is None:
        return Reply(status, headers, await _read_chunks(reader)), is_persistent
    raise ReplyError(f"the body has transfer-encoding {encoding!r} and content-length {length!r}")


async def _read_head(reader: StreamReader) -> tuple[str, int, dict[str, str]]:
    head = await _read_until(reader, b"\r\n\r\n")
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    status_line = _STATUS_LINE.fullmatch(first)
    if not status_line:
        raise ReplyError(f"the status line is {first[:100]!r}")
    headers: dict[str, str] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if not header:
            raise ReplyError(f"a header is {line[:100]!r}")
        name, value = header[1].lower(), header[2]
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return status_line[1], int(status_line[2]), headers


async def _read_until(reader: StreamReader, separator: bytes) -> bytes:
    try:
        return await reader.readuntil(separator)
    except LimitOverrunError:
        raise ReplyError(f"headers or a line of the body are longer than {HEAD_LIMIT_BYTES} bytes") from None


async def _read_counted(reader: StreamReader, length: str) -> bytes:
    if not (length.isascii() and length.isdigit()):
        raise ReplyError(f"content-length is {length[:100]!r}")
    return await reader.readexactly(_check_size(int(length)))


async def _read_to_end(reader: StreamReader) -> bytes:
    body = bytearray()
    while part := await reader.read(HEAD_LIMIT_BYTES):
        body += part
        _check_size(len(body))
    return bytes(body)


async def _read_chunks(reader: StreamReader) -> bytes:
    body = bytearray()
    while size := await _read_chunk_size(reader):
        _check_size(len(body) + size)
        body += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise ReplyError("a chunk is longer than it says")
    trailers_bytes = 0
    while (trailer := await _read_until(reader, b"\r\n")) != b"\r\n":
        trailers_bytes += len(trailer)
        if trailers_bytes > HEAD_LIMIT_BYTES:
            raise ReplyError(f"the trailers are longer than {HEAD_LIMIT_BYTES} bytes")
    return bytes(body)


async def _read_chunk_size(reader: StreamReader) -> int:
    line = await _read_until(reader, b"\r\n")
    chunk_line = _CHUNK_LINE.fullmatch(line)
    if not chunk_line:
        raise ReplyError(f"a chunk begins with {line[:100]!r}")
    return int(chunk_line[1], 16)


def _check_size(size: int) -> int:
    if size > BODY_LIMIT_BYTES:
        raise ReplyError(f"the body is longer than {BODY_LIMIT_BYTES} bytes")
    return size
