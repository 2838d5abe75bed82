"""HTTP/1.1 on the wire: writing a request, reading its reply (RFC 9112).

Strict where leniency would let one message be taken for two, or a reply for another's (sections 6.3 and 11):
AWS sends nothing of the kind, so whatever is odd means a broken connection.
"""

import re
from collections.abc import Generator, Mapping
from typing import NamedTuple, TypeVar

# The longest status line and headers, and the longest line of a chunked body. AWS sends about 500 bytes.
HEAD_LIMIT_BYTES = 64 * 1024
# Twice the 16 MB that DynamoDB's largest reply carries before it is written as JSON.
BODY_LIMIT_BYTES = 32 * 1024 * 1024

_HEAD = re.compile(r"HTTP/1\.([01]) ([1-5]\d\d)(?: .*)?\r\n((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:.*\r\n)*)\r\n")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r\n")


class Reply(NamedTuple):
    """A final reply; the names of its headers are in lower case, and repeated ones are joined with commas."""

    status: int
    headers: dict[str, str]
    body: bytes


class ReplyError(Exception):
    """What came is no HTTP/1.1 reply, or one beyond the limits."""


_T = TypeVar("_T")
# Reading that waits with each `yield` until more has arrived, or the connection has ended.
Reading = Generator[None, None, _T]


def write_fields(method: str, headers: Mapping[str, str], body: bytes) -> str:
    """Write the lines of a request's head between the first and the empty one: the body's length, then the headers.

    Raises:
        ValueError: the method or a header holds what would not reach the server as one.
    """
    if not (method.isascii() and method.isalpha() and method.isupper()):
        raise ValueError(f"{method!r} is no HTTP method: it must be a word in capitals")
    lines = [f"content-length: {len(body)}\r\n"] if body or method not in ("GET", "HEAD") else []
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"the header {name} must be printable ASCII, or it could carry further headers")
        lines.append(f"{name}: {value}\r\n")
    return "".join(lines)


class Buffer:
    """What has arrived and was not read yet; it does no I/O."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._is_ended = False

    def __len__(self) -> int:
        return len(self._data)

    def feed(self, data: bytes | memoryview) -> None:
        """Add what has arrived."""
        self._data += data

    def end(self) -> None:
        """Note that nothing more will arrive."""
        self._is_ended = True

    def read_until(self, separator: bytes) -> Reading[bytes]:
        """Read up to a separator, and the separator."""
        searched = 0
        while (found := self._data.find(separator, searched)) < 0 and len(self._data) <= HEAD_LIMIT_BYTES:
            searched = max(0, len(self._data) - len(separator) + 1)
            yield from self._wait()
        if found < 0 or found > HEAD_LIMIT_BYTES:
            raise ReplyError(f"headers or a line of the body are longer than {HEAD_LIMIT_BYTES} bytes")
        return self._take(found + len(separator))

    def read_exactly(self, size: int) -> Reading[bytes]:
        """Read so many bytes."""
        while len(self._data) < size:
            yield from self._wait()
        return self._take(size)

    def read_to_end(self) -> Reading[bytes]:
        """Read all there is until the connection ends."""
        while not self._is_ended:
            _check_size(len(self._data))
            yield
        return self._take(_check_size(len(self._data)))

    def _wait(self) -> Reading[None]:
        if self._is_ended:
            raise EOFError("the connection ended before the reply did")
        yield

    def _take(self, size: int) -> bytes:
        if size == len(self._data):
            taken, self._data = bytes(self._data), bytearray()
            return taken
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken


def read_reply(buffer: Buffer, method: str) -> Reading[tuple[Reply, bool]]:
    """Read the final reply to a request.

    Args:
        buffer: holds nothing yet, and is fed while this waits.
        method: the request's, as a reply to HEAD has no body.

    Returns:
        The reply, and whether the connection may carry another request.

    Raises:
        ReplyError: what came is no reply.
        EOFError: the connection ended before the reply did.
    """
    minor, status, headers = yield from _read_head(buffer)
    while status < 200:
        minor, status, headers = yield from _read_head(buffer)
    is_persistent = minor == "1" and "close" not in headers.get("connection", "").lower()
    encoding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if method == "HEAD" or status in (204, 304):
        body = b""
    elif encoding is None and length is None:
        body, is_persistent = (yield from buffer.read_to_end()), False
    elif encoding is None and length is not None:
        body = yield from _read_counted(buffer, length)
    elif encoding is not None and encoding.lower() == "chunked" and length is None:
        body = yield from _read_chunks(buffer)
    else:
        raise ReplyError(f"the body has transfer-encoding {encoding!r} and content-length {length!r}")
    # What follows a reply that nobody asked for could be taken for the next one.
    return Reply(status, headers, body), is_persistent and not buffer


def _read_head(buffer: Buffer) -> Reading[tuple[str, int, dict[str, str]]]:
    text = (yield from buffer.read_until(b"\r\n\r\n")).decode("latin-1")
    head = _HEAD.fullmatch(text)
    if not head:
        raise ReplyError(f"no status line with headers begins with {text[:200]!r}")
    lines = [line.partition(":") for line in head[3].split("\r\n")[:-1]]
    headers = {name.lower(): value.strip(" \t") for name, _, value in lines}
    if len(headers) < len(lines):
        for name in headers:
            headers[name] = ", ".join(value.strip(" \t") for other, _, value in lines if other.lower() == name)
    return head[1], int(head[2]), headers


def _read_counted(buffer: Buffer, length: str) -> Reading[bytes]:
    if not (length.isascii() and length.isdigit()):
        raise ReplyError(f"content-length is {length[:100]!r}")
    return (yield from buffer.read_exactly(_check_size(int(length))))


def _read_chunks(buffer: Buffer) -> Reading[bytes]:
    body = bytearray()
    while size := (yield from _read_chunk_size(buffer)):
        _check_size(len(body) + size)
        body += yield from buffer.read_exactly(size)
        if (yield from buffer.read_exactly(2)) != b"\r\n":
            raise ReplyError("a chunk is longer than it says")
    trailers_bytes = 0
    while (trailer := (yield from buffer.read_until(b"\r\n"))) != b"\r\n":
        trailers_bytes += len(trailer)
        if trailers_bytes > HEAD_LIMIT_BYTES:
            raise ReplyError(f"the trailers are longer than {HEAD_LIMIT_BYTES} bytes")
    return bytes(body)


def _read_chunk_size(buffer: Buffer) -> Reading[int]:
    line = yield from buffer.read_until(b"\r\n")
    chunk_line = _CHUNK_LINE.fullmatch(line)
    if not chunk_line:
        raise ReplyError(f"a chunk begins with {line[:100]!r}")
    return int(chunk_line[1], 16)


def _check_size(size: int) -> int:
    if size > BODY_LIMIT_BYTES:
        raise ReplyError(f"the body is longer than {BODY_LIMIT_BYTES} bytes")
    return size
