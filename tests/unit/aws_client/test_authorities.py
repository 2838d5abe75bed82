"""Who may vouch for a server."""

import ssl
import time
from pathlib import Path
from typing import Any

import certifi
import pytest

from chat.aws.client import AwsUnavailable, Payload, authorities, opening
from chat.aws.client.authorities import Authorities
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeTime
from tests.unit.aws_client.servers import answer_with, reply, serve

NAMES = [f"Amazon Root CA {number}" for number in (1, 2, 3, 4)] + ["Starfield Services Root Certificate Authority - G2"]


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> Authorities:
    """The process's trust as it begins, with no variable set."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    fresh = Authorities()
    monkeypatch.setattr(opening, "AUTHORITIES", fresh)
    return fresh


def test_the_file_has_the_five_of_amazon_as_others_know_them_and_for_years() -> None:
    ours, others = (ssl.create_default_context(cafile=path) for path in (authorities._AMAZON, certifi.where()))
    found: list[dict[str, Any]] = ours.get_ca_certs()
    assert sorted(dict(each["subject"][-1])["commonName"] for each in found) == NAMES
    assert set(ours.get_ca_certs(binary_form=True)) < set(others.get_ca_certs(binary_form=True))
    first_ends_s = min(ssl.cert_time_to_seconds(each["notAfter"]) for each in found)
    assert first_ends_s > time.time() + 3 * 365 * 86_400


def test_at_first_amazon_s_are_trusted_and_no_others(unset: Authorities) -> None:
    assert unset.trust.context.cert_store_stats()["x509_ca"] == len(NAMES)
    assert unset.trust.context.verify_mode is ssl.CERT_REQUIRED
    assert unset.trust.context.check_hostname
    assert unset.trust is unset.trust


async def test_another_authority_is_the_system_s_to_trust(
    server_tls: ssl.SSLContext,
    certificate: Path,
    connect: Connect,
    fake_time: FakeTime,
    unset: Authorities,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrow, shaken = unset.trust, []
    server_tls.sni_callback = lambda _, name, __: shaken.append(name)
    # The system's, from here on.
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with serve(answer_with(reply(200)), tls=server_tls) as server:
        for client in (connect(server.url), connect(server.url)):
            answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
            assert answered.status == 200
    # One handshake failed, and none after it.
    assert (len(shaken), server.all_connections) == (3, 2)
    assert unset.trust is not narrow


def test_many_first_connections_find_that_out_together(
    certificate: Path, unset: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = unset.trust
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert unset.widen(tried)
    widened = unset.trust
    assert widened.context.cert_store_stats()["x509"] == len(NAMES) + 1
    assert unset.widen(tried)
    assert unset.trust is widened
    assert not unset.widen(widened)


async def test_whom_nobody_knows_is_not_spoken_to(
    server_tls: ssl.SSLContext, connect: Connect, fake_time: FakeTime
) -> None:
    async with serve(answer_with(reply(200)), tls=server_tls) as server:
        with pytest.raises(AwsUnavailable, match="SSLCertVerificationError"):
            await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert server.requests == []


def test_what_a_variable_names_is_all_that_is_trusted(
    certificate: Path, unset: Authorities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert unset.trust.context.cert_store_stats()["x509"] == 1
    assert not unset.widen(unset.trust)
