"""The options of a website: its name, its logs, where its files come from; and how this repository's app gives them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53

import app as chat_app
from app import add_stack
from app import add_website as add_website_stack
from chat_stack import ChatAuth, ChatWebsite, WebsiteStack, WebSocketChat
from chat_stack.website import files as website_files
from tests.infra.conftest import CERTIFICATE
from tests.infra.synthesis import REPOSITORY, Template, render, synthesise
from tests.infra.websites import add_website, config_of, distribution_of

FRANKFURT = "arn:aws:acm:eu-central-1:111111111111:certificate/1"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(App(outdir=str(tmp_path)), "Stack")


# A name of its own


def test_a_name_comes_with_its_certificate_new_tls_and_records(named: Template) -> None:
    config = distribution_of(named)
    assert config["Aliases"] == ["chat.example.com"]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    records = named.resources("AWS::Route53::RecordSet").values()
    assert {(each["Name"], each["Type"], each["HostedZoneId"]) for each in records} == {
        ("chat.example.com.", "A", "Z1"),
        ("chat.example.com.", "AAAA", "Z1"),
    }


def test_without_a_zone_there_are_no_records(built_app: Path, stack: Stack) -> None:
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    site = add_website(stack, built_app, domain_name="chat.example.com", certificate=certificate)
    assert site.url == "https://chat.example.com/"
    assert site.node.try_find_child("Ipv4Record") is None


def test_logs_are_written_where_there_is_a_bucket_for_them(website: Template, named: Template) -> None:
    assert "Logging" not in distribution_of(website)
    assert render(distribution_of(named)["Logging"]["Bucket"]) == "<Logs.RegionalDomainName>"


@pytest.mark.parametrize(
    ("props", "message"),
    [
        (("name",), "domain_name and certificate need each other: give both, or neither, got the name 'chat.exa"),
        (("certificate",), "domain_name and certificate need each other: give both, or neither, got the name None"),
        (("zone",), "hosted_zone needs the domain_name that is added to it"),
        (("name", "elsewhere"), f"certificate must be in us-east-1, got '{FRANKFURT}'"),
    ],
)
def test_half_a_name_is_refused(props: tuple[str, ...], message: str, built_app: Path, stack: Stack) -> None:
    known: dict[str, tuple[str, Any]] = {
        "name": ("domain_name", "chat.example.com"),
        "certificate": ("certificate", acm.Certificate.from_certificate_arn(stack, "There", CERTIFICATE)),
        "elsewhere": ("certificate", acm.Certificate.from_certificate_arn(stack, "Elsewhere", FRANKFURT)),
        "zone": ("hosted_zone", route53.HostedZone.from_hosted_zone_id(stack, "Zone", "Z1")),
    }
    with pytest.raises(ValueError, match=re.escape(message)):
        add_website(stack, built_app, **dict(known[prop] for prop in props))


# What it is built from


def test_without_a_built_app_it_says_what_to_do(stack: Stack, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(f"got {tmp_path}: run `make web` first")):
        add_website(stack, tmp_path)


def test_the_app_comes_with_the_package_or_stands_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "chat_stack" / "website" / "files.py"
    monkeypatch.setattr(website_files, "__file__", str(module))
    for directory in (tmp_path / "web" / "app" / "dist", tmp_path / "chat_stack" / "web"):
        directory.mkdir(parents=True)
        (directory / "index.html").touch()
        assert website_files.find_website(None) == directory


def test_the_auth_is_the_chats(built_app: Path, stack: Stack) -> None:
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.cognito())
    with pytest.raises(ValueError, match="auth must be what the chat was given"):
        ChatWebsite(stack, "Website", chat=chat, auth=ChatAuth.cognito(), source=built_app)


# The app of this repository


def read_options(app: App) -> WebsiteStack | None:
    return add_website_stack(app, add_stack(app))


def test_the_app_has_a_website_on_demand_alone(tmp_path: Path) -> None:
    assert read_options(App(outdir=str(tmp_path))) is None


def test_the_apps_options_are_the_websites(built_app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat_stack.website.website.find_website", lambda source: source or built_app)
    options = {
        "website": "true",
        "stack_name": "Mine",
        "self_sign_up": "true",
        "domain_name": "chat.example.com",
        "certificate_arn": CERTIFICATE,
        "hosted_zone_id": "Z1",
    }

    def add_both(app: App) -> Stack:
        for name, value in options.items():
            app.node.set_context(name, value)
            assert f"| {name} " in (chat_app.__doc__ or "")
        site = read_options(app)
        assert site
        return site

    template = synthesise(add_both, tmp_path)
    assert (template.assembly / "MineWebsite.template.json").exists()
    assert distribution_of(template)["Aliases"] == ["chat.example.com"]
    assert len(template.resources("AWS::Route53::RecordSet")) == 2
    assert config_of(template)["selfSignUp"] is True


# The wheel


@pytest.mark.parametrize("is_built", [True, False])
def test_the_wheel_has_the_app_where_it_was_built(built_app: Path, tmp_path: Path, is_built: bool) -> None:
    repository = tmp_path / "repository"
    for name in ("chat_client", "chat_stack", "lambda"):
        shutil.copytree(REPOSITORY / name, repository / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".gitignore", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, repository)
    if is_built:
        shutil.copytree(built_app, repository / "web" / "app" / "dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run(command, cwd=repository, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in ZipFile(wheel).namelist() if name.startswith("chat_stack/web/")}
    built = {f"chat_stack/web/{file.relative_to(built_app)}" for file in built_app.rglob("*") if file.is_file()}
    assert packed == (built if is_built else set())
