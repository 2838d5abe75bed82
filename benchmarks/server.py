"""A loopback server that answers as API Gateway and DynamoDB do, and does nothing else.

Run in a process of its own: `python -m benchmarks.server SETTINGS`, with the settings as JSON. It prints its port.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from typing import NamedTuple

_HEADERS = (
    b"Date: Tue, 24 Nov 2026 15:00:00 GMT\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n"
    b"x-amzn-RequestId: 0b5f9d5a-1f4e-4d1c-8d5f-4d0b4c8a1a55\r\nx-amz-apigw-id: BFaT_fALIAMCKug=\r\n"
)
POSTED = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + _HEADERS + b"\r\n"
ITEM = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + _HEADERS + b"\r\n{}"


class Settings(NamedTuple):
    """How the server behaves.

    Attributes:
        delay_s: until each reply.
        slow_every: each so many-th reply is slow; 0 for none.
        slow_s: until a slow reply.
        certificate: a file with a certificate and its key, for TLS; empty for none.
    """

    delay_s: float = 0.0
    slow_every: int = 0
    slow_s: float = 0.2
    certificate: str = ""


class _Server(asyncio.Protocol):
    answered = 0

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once a whole request has come; nobody here sends the next one sooner."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        lowered = head.lower()
        _, found, length = lowered.partition(b"\r\ncontent-length: ")
        if found and len(body) < int(length.partition(b"\r\n")[0]):
            return
        self._received = b""
        reply = ITEM if b"\r\nx-amz-target: " in lowered else POSTED
        _Server.answered += 1
        every = self._settings.slow_every
        delay_s = self._settings.slow_s if every and self.answered % every == 0 else self._settings.delay_s
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, self._transport.write, reply)
        else:
            self._transport.write(reply)


async def _serve(settings: Settings) -> None:
    context = None
    if settings.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(settings), "127.0.0.1", 0, ssl=context, backlog=1000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Settings(**json.loads(sys.argv[1]))))
