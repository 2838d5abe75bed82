"""The client: signed requests to one AWS service, retried until a deadline."""

import asyncio
import json
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

from chat.aws.client.budget import RequestBudget
from chat.aws.client.credentials import CredentialSource, CurrentCredentials, find_credentials
from chat.aws.client.environment import Credentials, Endpoint, is_path, read_region
from chat.aws.client.errors import AwsUnavailable, is_transient, read_error, read_object
from chat.aws.client.messages import Reply, ReplyError
from chat.aws.client.pool import ConnectionPool
from chat.aws.client.signature import Payload, PreparedRequest, Request
from chat.aws.client.volley import Outlet, T, Volley

# Connecting takes milliseconds, but on a small function fifty TLS handshakes share a tenth of a core, and a
# lost packet is first repeated after a second.
CONNECT_TIMEOUT_S = 3.0
# Replies take tens of milliseconds: after seconds the connection is lost, and a retry will be faster.
READ_TIMEOUT_S = 3.0
BACKOFF_FIRST_S = 0.05
BACKOFF_LIMIT_S = 1.0

_SIGNING_NAMES = {"apigatewaymanagementapi": "execute-api"}
_TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}


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
        credentials: CredentialSource,
        *,
        max_connections: int = 50,
        budget: RequestBudget | None = None,
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
        self._outlet = Outlet(
            ConnectionPool(endpoint, max_connections=max_connections, connect_timeout_s=connect_timeout_s),
            CurrentCredentials(credentials),
            budget,
            self.calls,
            self._write,
            read_timeout_s,
        )
        self._clock, self._sleep, self._random = _clock, _sleep, _random

    @classmethod
    def from_environment(
        cls,
        service: str,
        environment: Mapping[str, str] = os.environ,
        *,
        max_connections: int = 50,
        read_timeout_s: float = READ_TIMEOUT_S,
        budget: RequestBudget | None = None,
    ) -> "AwsClient":
        """Build a client from the variables that every AWS SDK reads; no event loop needs to run yet.

        Args:
            service: "dynamodb", "sqs", "lambda" or "apigatewaymanagementapi".
            environment: the variables; the credentials are read again as time passes.
            max_connections: most connections open at a time; more requests than that wait for one.
            read_timeout_s: how long to wait for a reply before the request is sent again.
            budget: how many requests may leave, each attempt being one; without it, as many as there are.

        Raises:
            ValueError: a variable is missing or wrong.
        """
        region = read_region(environment)
        return cls(
            service,
            Endpoint.from_environment(service, region, environment),
            region,
            find_credentials(environment),
            max_connections=max_connections,
            budget=budget,
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
        return await self._retry(self.prepare(method, path, payload), deadline, is_retried=is_retried)

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
        headers = (
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", f"{_TARGETS[self._service]}.{operation}"),
        )
        payload = Payload(json.dumps(parameters, separators=(",", ":")).encode())
        path = self._endpoint.base_path + "/"
        reply = await self._retry(Request(operation, "POST", path, headers, payload), deadline)
        output = read_object(reply)
        # Whatever else answers with 200, such as a proxy's page, must not look like an empty result.
        if reply.status != 200 or output is None:
            raise read_error(reply)
        return output

    def start_volley(self, deadline: float, take: Callable[[T, Reply | None], None]) -> Volley[T]:
        """Begin to send many requests, each of them once.

        Args:
            deadline: when to give up, in the event loop's time.
            take: is called with what a request was added as, and its reply; or None, where there was none.

        Returns:
            What to add requests to, which `prepare` has made, and to wait for.
        """
        return Volley(self._outlet, asyncio.get_running_loop().time() + deadline - self._clock(), take)

    def prepare(self, method: str, path: str, payload: Payload) -> Request:
        """Make a request.

        Args:
            method: in capitals.
            path: percent-encoded, with no query; it follows the endpoint's own path.
            payload: the body.

        Raises:
            ValueError: the path is malformed.
        """
        return Request(method, method, _check_path(self._endpoint.base_path + path), (), payload)

    def open_ahead(self, count: int) -> None:
        """Begin to open connections for so many requests at a time, which are about to come."""
        self._outlet.pool.open_ahead(count)

    async def close(self) -> None:
        """Close the connections; no request may be under way."""
        await self._outlet.pool.close()

    async def _retry(self, request: Request, deadline: float, *, is_retried: bool = True) -> Reply:
        attempts, delay_s, backoff_s, cause = 0, 0.0, BACKOFF_FIRST_S, "the deadline passed"
        while self._clock() + delay_s < deadline:
            if delay_s:
                await self._sleep(delay_s)
            attempts += 1
            delay_s, backoff_s = self._random() * backoff_s, min(2 * backoff_s, BACKOFF_LIMIT_S)
            try:
                reply = await self._attempt(request, deadline)
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

    async def _attempt(self, request: Request, deadline: float) -> Reply:
        if self._outlet.budget:
            await self._wait_for_turn(self._outlet.budget, deadline)
        credentials = await self._outlet.credentials.get(time.time())
        connection = await self._outlet.pool.acquire(deadline - self._clock())
        try:
            message = self._write(request, credentials)
            self.calls[request.operation] += 1
            timeout_s = min(self._outlet.read_timeout_s, deadline - self._clock())
            reply = await connection.exchange(request.method, message, timeout_s)
        except TimeoutError:
            raise
        except (OSError, EOFError) as error:
            if not connection.is_reused:
                raise
            # The others have been idle for longer than this one, which was the last to be used.
            await self._outlet.pool.close_idle()
            raise _StaleConnectionError(f"the server closed a kept connection: {error}") from error
        finally:
            self._outlet.pool.release(connection)
        self._outlet.note(reply, credentials, self._clock())
        return reply

    async def _wait_for_turn(self, budget: RequestBudget, deadline: float) -> None:
        now_s = self._clock()
        delay_s = budget.reserve(now_s)
        if now_s + delay_s >= deadline:
            budget.give_back()
            raise TimeoutError("the budget allows no further request before the deadline")
        if delay_s:
            await self._sleep(delay_s)

    def _write(self, request: Request, credentials: Credentials) -> bytes:
        prepared = _prepare(
            request.method,
            (("host", self._endpoint.authority), *request.headers),
            request.payload,
            credentials,
            self._region,
            _SIGNING_NAMES.get(self._service, self._service),
            int(time.time()),
        )
        return prepared.write(request.path)


# Those in a busy room are posted to again and again.
@lru_cache(maxsize=4096)
def _check_path(path: str) -> str:
    if not is_path(path):
        raise ValueError(f"{path!r} is no path: it must be percent-encoded, with no empty or dot segments")
    return path


# One for each frame that is being posted; its signatures are at most a second old.
@lru_cache(maxsize=64)
def _prepare(
    method: str,
    headers: tuple[tuple[str, str], ...],
    payload: Payload,
    credentials: Credentials,
    region: str,
    service: str,
    time_s: int,
) -> PreparedRequest:
    return PreparedRequest(
        method, dict(headers), payload, credentials=credentials, region=region, service=service, time_s=time_s
    )
