"""A local run never reaches the user's AWS account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local_aws.environment import make_environment, make_session


@pytest.fixture(autouse=True)
def users_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile work]\nregion = eu-west-1\nendpoint_url = https://work.example\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
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
