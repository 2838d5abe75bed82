"""Requests as they are written and replies as they are read, with no network."""

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.aws.client import Reply
from chat.aws.client.messages import (
    BODY_LIMIT_BYTES,
    HEAD_LIMIT_BYTES,
    Buffer,
    ReplyError,
    read_reply,
    write_fields,
)

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(parts: Iterable[bytes], method: str = "GET", *, is_ended: bool = False) -> tuple[Reply, bool]:
    """Read a reply that arrives in these parts, and that nothing follows."""
    buffer = Buffer()
    reading = read_reply(buffer, method)
    try:
        for part in parts:
            if part:
                buffer.feed(part)
                next(reading)
        if is_ended:
            buffer.end()
            next(reading)
    except StopIteration as end:
        read: tuple[Reply, bool] = end.value
        return read
    raise AssertionError("the reply is not complete")


class TestWritingRequests:
    def test_a_request_with_a_body(self) -> None:
        fields = write_fields("POST", {"host": "h", "x-b": "c d"}, b"body")
        assert fields == "content-length: 4\r\nhost: h\r\nx-b: c d\r\n"

    @pytest.mark.parametrize(
        ("method", "has_length"), [("GET", False), ("HEAD", False), ("DELETE", True), ("POST", True)]
    )
    def test_an_empty_body_is_announced_where_one_is_usual(self, method: str, has_length: bool) -> None:
        assert ("content-length: 0" in write_fields(method, {}, b"")) == has_length

    @pytest.mark.parametrize("value", ["a\r\nb: c", "a\nb", "a\0", "a\tb", "\x7f", "é", "\u2028"])
    def test_a_header_that_could_carry_another_is_refused(self, value: str) -> None:
        with pytest.raises(ValueError, match="x-name"):
            write_fields("GET", {"x-name": value}, b"")

    def test_the_error_does_not_tell_the_value_which_may_be_secret(self) -> None:
        with pytest.raises(ValueError, match="x-amz-security-token") as caught:
            write_fields("GET", {"x-amz-security-token": "secret\n"}, b"")
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("method", ["", "get", "GET ", "GET /x HTTP/1.1\r\nX:", "GÉT"])
    def test_what_is_no_method_is_refused(self, method: str) -> None:
        with pytest.raises(ValueError, match="method"):
            write_fields(method, {}, b"")


class TestReadingBodies:
    """RFC 9112, section 6.3."""

    def test_content_length(self) -> None:
        message = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"
        assert read([message]) == (
            Reply(200, {"content-length": "5", "x-a": "b"}, b"hello"),
            True,
        )

    def test_no_reason_phrase(self) -> None:
        assert (read([b"HTTP/1.1 410\r\nContent-Length: 0\r\n\r\n"]))[0].status == 410

    @pytest.mark.parametrize("size", [1, 2, 3, 7])
    def test_chunks_in_odd_splits(self, size: int) -> None:
        message = CHUNKED + b"5\r\nhello\r\n1A;name=value\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nX-Trailer: a\r\n\r\n"
        parts = [message[start : start + size] for start in range(0, len(message), size)]
        reply, is_persistent = read(parts)
        assert (reply.body, is_persistent) == (b"helloabcdefghijklmnopqrstuvwxyz", True)
        assert "x-trailer" not in reply.headers

    @pytest.mark.parametrize("head", [b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 Not Modified"])
    def test_no_body_whatever_the_headers_say(self, head: bytes) -> None:
        reply, is_persistent = read([head + b"\r\nContent-Length: 9\r\n\r\n"])
        assert (reply.body, is_persistent) == (b"", True)

    def test_no_body_in_a_reply_to_head(self) -> None:
        reply, is_persistent = read([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"], "HEAD")
        assert (reply.body, is_persistent) == (b"", True)

    def test_a_body_of_unknown_length_ends_with_the_connection(self) -> None:
        assert read([b"HTTP/1.1 200 OK\r\n\r\n", b"hel", b"lo"], is_ended=True) == (
            Reply(200, {}, b"hello"),
            False,
        )

    def test_interim_replies_are_skipped(self) -> None:
        interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
        reply, _ = read([interim + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"])
        assert reply == Reply(200, {"content-length": "2"}, b"ok")


@pytest.mark.parametrize(
    ("head", "is_persistent"),
    [
        (b"HTTP/1.1 200 OK\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n", False),
        (b"HTTP/1.1 200 OK\r\nconnection: X, Close\r\n", False),
        (b"HTTP/1.0 200 OK\r\n", False),
    ],
)
def test_the_connection_may_be_kept(head: bytes, is_persistent: bool) -> None:
    assert (read([head + b"Content-Length: 0\r\n\r\n"]))[1] == is_persistent


def test_headers_keep_their_values_and_repeated_ones_are_joined() -> None:
    reply, _ = read([b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b: c\r\nset-cookie:d\r\nEmpty:\r\nContent-Length:  0 \r\n\r\n"])
    assert reply.headers == {"set-cookie": "a=b: c, d", "empty": "", "content-length": "0"}


@pytest.mark.parametrize(
    "message",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 999 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName : a\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: a\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        CHUNKED + b"x\r\n",
        CHUNKED + b"\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"1_0\r\n",
        CHUNKED + b"fffffffff\r\n",
        CHUNKED + b"1\r\nabc",
    ],
)
def test_what_is_malformed_is_refused_at_once(message: bytes) -> None:
    with pytest.raises(ReplyError):
        read([message])


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * HEAD_LIMIT_BYTES,
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT_BYTES + 1),
        CHUNKED + b"%x\r\n" % (BODY_LIMIT_BYTES + 1),
        CHUNKED + b"0\r\n" + b"X: a\r\n" * HEAD_LIMIT_BYTES,
        CHUNKED + b"1;" + b"a" * HEAD_LIMIT_BYTES,
    ],
)
def test_what_is_too_long_is_refused_before_it_has_been_read(message: bytes) -> None:
    with pytest.raises(ReplyError, match="longer than"):
        read([message])


def test_a_body_of_unknown_length_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.aws.client.messages.BODY_LIMIT_BYTES", 10)
    with pytest.raises(ReplyError, match="longer than 10 bytes"):
        read([b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 11])


def test_chunks_are_limited_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.aws.client.messages.BODY_LIMIT_BYTES", 10)
    with pytest.raises(ReplyError, match="longer than 10 bytes"):
        read([CHUNKED + b"6\r\naaaaaa\r\n6\r\n"])


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        CHUNKED,
        CHUNKED + b"5\r\nhell",
        CHUNKED + b"5\r\nhello",
        CHUNKED + b"0\r\n",
    ],
)
def test_an_end_in_the_middle_is_no_reply(message: bytes) -> None:
    with pytest.raises(EOFError):
        read([message], is_ended=True)


PIECES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 \r\n", b"HTTP/1.0 204 \r\n", b"Content-Length: 3\r\n"),
        *(b"Transfer-Encoding: chunked\r\n", b"\r\n", b"3\r\nabc\r\n", b"0\r\n\r\n", b"abc", b"A: b\r\n"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(message=st.lists(PIECES | st.binary(max_size=5), max_size=12).map(b"".join))
@example(message=b"HTTP/1.1 100 \r\n\r\n")
def test_nothing_but_the_documented_errors_escapes(message: bytes) -> None:
    with suppress(ReplyError, EOFError):
        read([message], is_ended=True)
