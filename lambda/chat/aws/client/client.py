"""The client: signed requests to one AWS service, retried until a deadline."""

import asyncio
import json
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from chat.aws.client.connections import ConnectionPool
from chat.aws.client.environment import Credentials, Endpoint, is_path, read_region
from chat.aws.client.errors import AwsUnavailable, is_transient, read_error, read_object
from chat.aws.client.messages import Reply, ReplyError, write_request
from chat.aws.client.signature import Payload, sign

# Connecting takes milliseconds, but on a small function fifty TLS handshakes share a tenth of a core, and a
# lost packet is first repeated after a second.
CONNECT_TIMEOUT_S = 3.0
# Replies take tens of milliseconds: after seconds the connection is lost, and a retry will be faster.
READ_TIMEOUT_S = 3.0
BACKOFF_FIRST_S = 0.05
BACKOFF_LIMIT_S = 1.0

_SIGNING_NAMES = {"apigatewaymanagementapi": "execute-api"}
_TARGETS = {"dynamodb": "DynamoDB_20120810"}


class _Request(NamedTuple):
    operation: str
    method: str
    path: str
    headers: dict[str, str]
    payload: Payload


class _StaleConnectionError(Exception):
    """A kept connection broke: the server had closed it before it saw the request."""


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


class AwsClient:
    """Signed requests to one service over kept connections; it belongs to the event loop that first uses it.

    Attributes:
        calls: attempts on the wire by operation ("PutItem", "POST"); whoever reads it may reset it.
    """

    def __init__(
        self,
        service: str,
        endpoint: Endpoint,
        region: str,
        read_credentials: Callable[[], Credentials],
        *,
        max_connections: int = 50,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
        _clock: Callable[[], float] = _loop_time,
        _sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        _random: Callable[[], float] = random.random,
    ) -> None:
        self.calls: Counter[str] = Counter()
        self._service = service
        self._endpoint = endpoint
        self._region = region
        self._read_credentials = read_credentials
        self._read_timeout_s = read_timeout_s
        self._pool = ConnectionPool(endpoint, max_connections=max_connections, connect_timeout_s=connect_timeout_s)
        self._clock, self._sleep, self._random = _clock, _sleep, _random

    @classmethod
    def from_environment(
        cls,
        service: str,
        environment: Mapping[str, str] = os.environ,
        *,
        max_connections: int = 50,
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> "AwsClient":
        """Build a client from the variables that every AWS SDK reads; no event loop needs to run yet.

        Args:
            service: "dynamodb", "lambda" or "apigatewaymanagementapi".
            environment: the variables; the credentials are read again for each request.
            max_connections: most connections open at a time; more requests than that wait for one.
            read_timeout_s: how long to wait for a reply before the request is sent again.

        Raises:
            ValueError: a variable is missing or wrong.
        """
        region = read_region(environment)
        Credentials.from_environment(environment)
        return cls(
            service,
            Endpoint.from_environment(service, region, environment),
            region,
            lambda: Credentials.from_environment(environment),
            max_connections=max_connections,
            read_timeout_s=read_timeout_s,
        )

    async def send(
        self, method: str, path: str, payload: Payload, *, deadline: float, is_retried: bool = True
    ) -> Reply:
        """Send a request, again and again if need be, until there is a final reply.

        Args:
            method: in capitals.
            path: percent-encoded, with no query; it follows the endpoint's own path.
            payload: the body.
            deadline: when to give up, in the event loop's time.
            is_retried: whether a reply that is not final, or none, leads to another attempt.

        Returns:
            Any reply but 408, 429, 5xx and a 400 that says it is for throttling: these are retried.

        Raises:
            AwsUnavailable: no such reply came before the deadline.
            ValueError: the method or the path is malformed.
        """
        request = _Request(method, method, self._endpoint.base_path + path, {}, payload)
        return await self._retry(request, deadline, is_retried=is_retried)

    async def call(self, operation: str, parameters: Mapping[str, Any], *, deadline: float) -> dict[str, Any]:
        """Call an operation of a service that speaks the JSON 1.0 protocol.

        Args:
            operation: such as "PutItem".
            parameters: the operation's input.
            deadline: when to give up, in the event loop's time.

        Returns:
            The operation's output.

        Raises:
            AwsError: AWS refused the call.
            AwsUnavailable: no final reply came before the deadline.
        """
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"{_TARGETS[self._service]}.{operation}",
        }
        payload = Payload(json.dumps(parameters, separators=(",", ":")).encode())
        path = self._endpoint.base_path + "/"
        reply = await self._retry(_Request(operation, "POST", path, headers, payload), deadline)
        output = read_object(reply)
        # Whatever else answers with 200, such as a proxy's page, must not look like an empty result.
        if reply.status != 200 or output is None:
            raise read_error(reply)
        return output

    async def close(self) -> None:
        """Close the kept connections; no request may be under way."""
        await self._pool.close_idle()

    async def _retry(self, request: _Request, deadline: float, *, is_retried: bool = True) -> Reply:
        if not is_path(request.path):
            raise ValueError(f"{request.path!r} is no path: it must be percent-encoded, with no empty or dot segments")
        attempts, delay_s, backoff_s, cause = 0, 0.0, BACKOFF_FIRST_S, "the deadline passed"
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline - self._clock()):
                while self._clock() + delay_s < deadline:
                    if delay_s:
                        await self._sleep(delay_s)
                    attempts += 1
                    delay_s, backoff_s = self._random() * backoff_s, min(2 * backoff_s, BACKOFF_LIMIT_S)
                    try:
                        reply = await self._attempt(request)
                    except _StaleConnectionError as error:
                        delay_s, cause = 0.0, str(error)
                    except (OSError, EOFError, ReplyError) as error:
                        cause = f"{type(error).__name__}: {error}"
                        if not is_retried:
                            break
                    else:
                        if not is_retried or not is_transient(reply):
                            return reply
                        cause = f"HTTP {reply.status} {reply.body[:200]!r}"
        raise AwsUnavailable(f"{request.operation}: no final reply in {attempts} attempts; the last cause: {cause}")

    async def _attempt(self, request: _Request) -> Reply:
        connection = await self._pool.acquire()
        try:
            message = self._sign(request)
            self.calls[request.operation] += 1
            async with asyncio.timeout(self._read_timeout_s):
                return await connection.exchange(request.method, message)
        except TimeoutError:
            raise TimeoutError(f"no reply within {self._read_timeout_s} s") from None
        except (OSError, EOFError) as error:
            if not connection.is_reused:
                raise
            # The others have been idle for longer than this one, which was the last to be used.
            await self._pool.close_idle()
            raise _StaleConnectionError(f"the server closed a kept connection: {error}") from error
        finally:
            self._pool.release(connection)

    def _sign(self, request: _Request) -> bytes:
        headers = sign(
            request.method,
            request.path,
            {"host": self._endpoint.authority, **request.headers},
            request.payload,
            credentials=self._read_credentials(),
            region=self._region,
            service=_SIGNING_NAMES.get(self._service, self._service),
            time_s=time.time(),
        )
        return write_request(request.method, request.path, headers, request.payload.body)
