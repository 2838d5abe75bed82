from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from chat.aws.client import AwsClient
from chat.aws.client.environment import Endpoint
from tests.unit.aws_client.fakes import FakeTime, FixedCredentials

Connect = Callable[..., AwsClient]


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def connect(fake_time: FakeTime) -> AsyncIterator[Connect]:
    """Build clients of a URL, in fake time and always with the longest backoff; they are closed after the test."""
    async with AsyncExitStack() as stack:

        def build(url: str, service: str = "apigatewaymanagementapi", **options: Any) -> AwsClient:
            client = AwsClient(
                service,
                Endpoint.from_url(url),
                "eu-west-1",
                FixedCredentials(),
                _clock=fake_time.clock,
                _sleep=fake_time.sleep,
                _random=lambda: 1.0,
                **options,
            )
            stack.push_async_callback(client.close)
            return client

        yield build
