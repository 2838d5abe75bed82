"""The command line's options, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chat_client.load.options import Options, parse_options
from chat_client.sign_in import CognitoSignIn, GuestSignIn

URL = "https://chat.example/ticket"
COGNITO = ["--cognito-client", "c", "--cognito-url", "https://cognito.example", "--users"]


def parse(*arguments: str) -> Options:
    return parse_options(["--url", URL, *arguments])


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_option_reaches_the_plan() -> None:
    options = parse(
        *["--clients", "30", "--rooms", "5", "--rate", "2.5", "--duration", "7", "--ramp", "9", "--seed", "4"],
        *[
            "--text-bytes",
            "99",
            "--joins-per-client",
            "2",
            "--reconnects",
            "10",
            "--json",
            "r.json",
            "--html",
            "r.html",
        ],
    )
    plan = options.plan
    assert (plan.clients, plan.rooms, plan.rate, plan.duration_s, plan.ramp, plan.seed) == (30, 5, 2.5, 7, 9, 4)
    assert (plan.text_bytes, plan.joins_per_client, plan.reconnects) == (99, 2, 10)
    assert (options.url, options.json, options.html) == (URL, Path("r.json"), Path("r.html"))
    assert len(options.sign_ins) == 30
    assert options.warning is None


def test_rooms_and_runs_are_chosen_where_they_are_left_out() -> None:
    assert parse("--clients", "45").plan.rooms == 4
    assert parse("--clients", "3").plan.rooms == 1
    assert parse().plan.run != parse().plan.run


def test_each_client_is_a_guest_of_its_own() -> None:
    guests = parse("--clients", "2").sign_ins
    bodies = [guest._body for guest in guests if isinstance(guest, GuestSignIn)]
    assert [body["name"] for body in bodies] == ["load 0", "load 1"]
    assert bodies[0]["key"] != bodies[1]["key"]


def test_users_of_cognito_come_from_a_file(directory: Path) -> None:
    (directory / "users").write_text("ada@example.com pass word \n\nbob@example.com secret\n")
    options = parse(*COGNITO, "users", "--clients", "2")
    requests = [user._request["AuthParameters"] for user in options.sign_ins if isinstance(user, CognitoSignIn)]
    assert requests == [
        {"USERNAME": "ada@example.com", "PASSWORD": "pass word "},
        {"USERNAME": "bob@example.com", "PASSWORD": "secret"},
    ]


def test_the_url_of_the_local_run_is_found(directory: Path) -> None:
    (directory / ".local").mkdir()
    urls = {"ticket": "http://127.0.0.1:1/ticket"}
    (directory / ".local" / "urls.json").write_text(json.dumps(urls))
    assert parse_options([]).url == urls["ticket"]
    (directory / ".local" / "urls.json").write_text(json.dumps({**urls, "cognito_client": "c", "aws": "http://aws"}))
    (directory / "users").write_text("ada secret\n")
    (user,) = parse_options(["--users", "users", "--clients", "1"]).sign_ins
    assert isinstance(user, CognitoSignIn)
    assert user._endpoint == "http://aws"


def test_a_ramp_above_the_quota_is_warned_of() -> None:
    assert parse("--ramp", "500").warning is None
    assert "500 connects a second" in (parse("--ramp", "501").warning or "")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--rate", "1001"], "a user may send 10 a second"),
        (["--clients", "many"], "argument --clients: invalid int value: 'many'"),
        (["--rooms", "0"], "rooms must be more than 0, got 0"),
        (["--url", "wss://chat.example"], "--url must begin with https:// or http://, got 'wss://chat.example'"),
        (["--json", "nowhere/r.json"], "can't write nowhere/r.json: there is no directory nowhere"),
        (["--html", "nowhere/r.html"], "can't write nowhere/r.html"),
        (["--users", "users"], "--users and --cognito-url need --cognito-client"),
        (["--cognito-client", "c"], "need --cognito-client, --cognito-url and --users"),
        ([*COGNITO, "missing"], "--users: [Errno 2] No such file or directory: 'missing'"),
        ([*COGNITO, "users", "--clients", "3"], "--users: users has 2 users for 3 clients"),
        ([*COGNITO, "bad", "--clients", "2"], "--users: bad has no password in entry 2: name, space, password"),
        (["--what"], "unrecognized arguments: --what"),
    ],
)
def test_a_usage_error_is_one_line_and_status_2(
    arguments: list[str], problem: str, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "users").write_text("ada secret\nbob secret\n")
    (directory / "bad").write_text("ada secret\nbob\n")
    with pytest.raises(SystemExit) as exited:
        parse(*arguments)
    assert exited.value.code == 2
    assert problem in capsys.readouterr().err.splitlines()[-1]


def test_without_a_url_and_a_local_run_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options([])
    assert "start one with `make run`, or give --url" in capsys.readouterr().err
