"""A local run never reaches the user's AWS account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from local_aws.environment import make_environment, make_session
from local_aws.ministack import choose_port


@pytest.fixture(autouse=True)
def users_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A profile that the file does not have stops any client that looks for it.
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "https://work.example")
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "123456789012")


def test_children_see_none_of_the_users_settings(tmp_path: Path) -> None:
    environment = make_environment("http://127.0.0.1:4599", tmp_path)
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4599"
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    gone = {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_DYNAMODB", "CDK_DEFAULT_ACCOUNT"}
    assert not gone & environment.keys()
    assert environment["PATH"] == os.environ["PATH"]


def test_clients_see_none_of_the_users_settings() -> None:
    client = make_session().client("dynamodb", endpoint_url="http://127.0.0.1:4599")
    assert client.meta.endpoint_url == "http://127.0.0.1:4599"
    assert client.meta.region_name == "us-east-1"


def test_clients_never_ask_a_proxy_for_the_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    client = make_session().client("dynamodb", endpoint_url=f"http://127.0.0.1:{choose_port()}")
    with pytest.raises(EndpointConnectionError):
        client.list_tables()
