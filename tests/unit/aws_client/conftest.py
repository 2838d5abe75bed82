import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from chat.aws.client import AwsClient
from chat.aws.client.environment import Endpoint
from tests.certificates import make_certificate
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


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, signed by itself, with its key in the same file."""
    path = tmp_path / "localhost.pem"
    path.write_bytes(b"".join(make_certificate(x509.DNSName("localhost"))))
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
