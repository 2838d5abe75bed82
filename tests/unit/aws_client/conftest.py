import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "localhost.pem"
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + pem)
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
