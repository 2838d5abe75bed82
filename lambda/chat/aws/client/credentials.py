"""Where credentials come from, and until when they are to be used."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from chat.aws.client.environment import Credentials, Endpoint
from chat.aws.client.messages import ReplyError, write_fields
from chat.aws.client.opening import Opener

# New ones are handed out well before the old ones end; a request that is under way needs them some seconds more.
_MARGIN_S = 300.0
_TIMEOUT_S = 2.0
# Reading variables is cheap, but not for each of a thousand posts.
_REREAD_S = 1.0


class Lease(NamedTuple):
    """Credentials, and when to read them again, in seconds since the epoch."""

    credentials: Credentials
    ends_s: float


class CredentialSource(Protocol):
    """Hands out the credentials of the moment."""

    async def read(self, now_s: float) -> Lease:
        """Read them.

        Raises:
            OSError: they could not be read now.
            ValueError: there are none.
        """


class EnvironmentCredentials:
    """The variables in which Lambda hands a container the credentials of its role; a program may replace them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    async def read(self, now_s: float) -> Lease:
        """Read the three variables."""
        return Lease(Credentials.from_environment(self._environment), now_s + _REREAD_S)


class EndpointCredentials:
    """The local endpoint that hands out credentials which expire, as in a container that SnapStart has restored."""

    def __init__(self, url: str, token: str) -> None:
        self._endpoint = Endpoint.from_url(url)
        self._token = token

    async def read(self, now_s: float) -> Lease:
        """Ask the endpoint."""
        from datetime import datetime  # noqa: PLC0415 - a millisecond of each cold start that nothing else needs

        fields = write_fields("GET", {"host": self._endpoint.authority, "authorization": self._token}, b"")
        connection = await Opener(self._endpoint).open(_TIMEOUT_S)
        try:
            request = f"GET {self._endpoint.base_path or '/'} HTTP/1.1\r\n{fields}\r\n"
            reply = await connection.exchange("GET", request.encode(), _TIMEOUT_S)
            read = json.loads(reply.body)
            credentials = Credentials(read["AccessKeyId"], read["SecretAccessKey"], read["Token"])
            ends_s = datetime.fromisoformat(read["Expiration"]).timestamp()
        except (EOFError, KeyError, TypeError, ValueError, ReplyError) as error:
            raise OSError(f"{self._endpoint.authority} handed out no credentials: {error!r}") from error
        finally:
            connection.abort()
        return Lease(credentials, max(ends_s - _MARGIN_S, now_s + _REREAD_S))


class CurrentCredentials:
    """The credentials of the moment: read again when their time has come, or when AWS calls them expired."""

    def __init__(self, source: CredentialSource) -> None:
        self._source = source
        self._lease: Lease | None = None
        self._renewal = asyncio.Lock()

    def peek(self, now_s: float) -> Credentials | None:
        """Return them without waiting; None if they are to be read."""
        return self._lease.credentials if self._lease and now_s < self._lease.ends_s else None

    async def get(self, now_s: float) -> Credentials:
        """Return them; many who ask at a time wait for one reading.

        Raises:
            OSError: they could not be read now.
            ValueError: there are none.
        """
        if credentials := self.peek(now_s):
            return credentials
        async with self._renewal:
            if not (credentials := self.peek(now_s)):
                self._lease = await self._source.read(now_s)
                credentials = self._lease.credentials
        return credentials

    def forget(self, credentials: Credentials) -> None:
        """Drop credentials that have expired, unless others have been read since."""
        if self._lease and self._lease.credentials == credentials:
            self._lease = None


def find_credentials(environment: Mapping[str, str]) -> CredentialSource:
    """Find out where a process gets its credentials.

    Raises:
        ValueError: from nowhere.
    """
    url = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if url and not environment.get("AWS_ACCESS_KEY_ID"):
        return EndpointCredentials(url, environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""))
    Credentials.from_environment(environment)
    return EnvironmentCredentials(environment)
