"""How connections to an endpoint are opened."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from math import inf
from typing import TypeVar

from chat.aws.client.authorities import AUTHORITIES, Trust
from chat.aws.client.connections import Connection
from chat.aws.client.environment import Endpoint
from chat.aws.client.tls import TlsConnection

C = TypeVar("C", bound=Connection)

# The shortest time that a name of AWS's stands for the same addresses.
_LOOK_UP_S = 5.0


class Opener:
    """Opens connections to one endpoint, and looks its name up once for those that are opened together.

    A look-up takes a thread and two packets, of which Lambda's resolver takes a thousand a second; a fan-out opens
    fifty connections.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._addresses: list[str] = []
        self._looked_up_at_s = -inf
        self._looking_up = asyncio.Lock()

    async def open(self, timeout_s: float) -> Connection:
        """Open a connection.

        Raises:
            OSError: it could not be opened, or not in time.
        """
        try:
            async with asyncio.timeout(timeout_s):
                if not self._endpoint.is_tls:
                    return await self._connect(Connection)
                trust = AUTHORITIES.trust
                try:
                    return await self._open_tls(trust)
                except ssl.SSLCertVerificationError:
                    if not AUTHORITIES.widen(trust):
                        raise
                    return await self._open_tls(AUTHORITIES.trust)
        except TimeoutError:
            raise TimeoutError(f"no connection to {self._endpoint.authority} within {timeout_s} s") from None

    async def _open_tls(self, trust: Trust) -> TlsConnection:
        connection = await self._connect(lambda: TlsConnection(trust, self._endpoint))
        try:
            await connection.wait_ready()
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _connect(self, make: Callable[[], C]) -> C:
        """Connect to the first address that answers; the next connection begins with the one after it."""
        loop, failure = asyncio.get_running_loop(), OSError(f"{self._endpoint.host} has no address")
        addresses = await self._find_addresses()
        self._addresses = addresses[1:] + addresses[:1]
        for address in addresses:
            try:
                _, connection = await loop.create_connection(make, address, self._endpoint.port)
            except OSError as error:
                failure = error
            else:
                return connection
        # It may have moved.
        self._looked_up_at_s = -inf
        raise failure

    async def _find_addresses(self) -> list[str]:
        async with self._looking_up:
            if time.time() - self._looked_up_at_s > _LOOK_UP_S:
                self._addresses = await _look_up(self._endpoint)
                self._looked_up_at_s = time.time()
            return self._addresses


async def _look_up(endpoint: Endpoint) -> list[str]:
    if _is_address(endpoint.host):
        # That takes no thread.
        return [endpoint.host]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _is_address(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return False
    return True
