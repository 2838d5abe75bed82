"""A connection over TLS."""

from __future__ import annotations

import asyncio
import ssl

from chat.aws.client.authorities import Trust
from chat.aws.client.connections import READ_BYTES, Connection
from chat.aws.client.environment import Endpoint


class TlsConnection(Connection):
    """A connection over TLS, which is ready once its handshake is done.

    The event loop's own TLS layer would do as well, for a fifth more CPU: it is made for streams whose flow needs
    control, and here every request and nearly every reply is one short record.

    Args:
        trust: who may vouch for the server.
        endpoint: who is spoken to.
    """

    def __init__(self, trust: Trust, endpoint: Endpoint) -> None:
        super().__init__()
        self._sessions, self._endpoint = trust.sessions, endpoint
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trust.context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=endpoint.host, session=trust.sessions.get(endpoint)
        )
        self._is_known = False
        self._handshake: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the handshake."""
        super().connection_made(transport)
        self._shake_hands()

    def buffer_updated(self, nbytes: int) -> None:
        """Decrypt what has arrived."""
        self._incoming.write(self._received[:nbytes])
        if not self._handshake.done():
            self._shake_hands()
        # Asking for more than there is would raise an error, which costs more than the rest of this.
        while self._handshake.done() and (self._incoming.pending or self._tls.pending()):
            try:
                data = self._tls.read(READ_BYTES)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLError as error:
                self.fail(error)
                self.abort()
                break
            if not data:
                super().eof_received()
                self.abort()
                break
            self.take_data(data)
            if not self._is_known:
                # The ticket comes before the first reply.
                self._is_known = True
                if session := self._tls.session:
                    self._sessions[self._endpoint] = session
        self._flush()

    def eof_received(self) -> None:
        """Fail: the server ends its half of TLS before that of the connection, or somebody else has cut it off."""
        self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the handshake as well."""
        if not self._handshake.done():
            self._handshake.set_exception(exc or ConnectionResetError("the server closed the connection"))
        super().connection_lost(exc)

    async def wait_ready(self) -> None:
        """Wait until requests can be sent.

        Raises:
            OSError: the handshake failed.
        """
        await self._handshake

    def write(self, data: bytes) -> None:
        """Encrypt and send."""
        self._tls.write(data)
        self._flush()

    def _shake_hands(self) -> None:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self._handshake.set_exception(error)
        else:
            self._handshake.set_result(None)
        self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending:
            super().write(self._outgoing.read())
