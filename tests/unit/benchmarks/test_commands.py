"""The command that runs them all."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import __main__ as module
from benchmarks import peers, posts, synth
from benchmarks.__main__ import COMMANDS, Command, main
from benchmarks.results import DOCS, Goal, Results


def read_docs() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for name in ("posts", "cold-start") for path in DOCS.glob(f"{name}-*")}


def test_a_quick_run_measures_everybody_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = read_docs()
    assert main(["posts", "cold_start", "--quick"]) == 0
    output, progress = capsys.readouterr()
    for scenario in ("HTTP, 0 ms", "TLS, 10 ms, cold connections"):
        assert re.search(rf"^{scenario} +ours ", output, re.MULTILINE)
        assert re.search(rf"^{scenario} +boto3, 50 threads ", output, re.MULTILINE)
    assert re.search(r"^first reply +boto3 client ", output, re.MULTILINE)
    assert re.search(r"^import without .pyc +connect ", output, re.MULTILINE)
    assert "left out" not in output
    assert "benchmark 2 of 2: cold_start" in progress
    assert read_docs() == before


@pytest.mark.parametrize(("ratio", "code"), [(20, 0), (19, 1)])
def test_a_missed_goal_ends_the_command_with_an_error(
    ratio: float, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def measure(arguments: Sequence[str]) -> Results:
        return Results("", "", goals=[Goal("", ratio, 20)])

    monkeypatch.setattr(module, "COMMANDS", {"posts": Command(measure, "")})
    monkeypatch.setattr(module, "write_page", lambda: tmp_path)
    assert main([]) == code


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert f"there is no benchmark speed, only {', '.join(COMMANDS)}" in capsys.readouterr().err


def test_a_peer_that_can_not_be_set_up_is_named_as_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> Sequence[str]:
        raise peers.UnavailablePeerError("npm is not installed")

    monkeypatch.setattr(posts, "PEERS", [peers.Peer("Node SDK", 50, fail)])
    results = posts.main(["--peer", "Node SDK", "--scenario", "http-0ms"])
    left_out = [note for note in results.notes if "left out" in note]
    assert left_out == ["Node SDK is left out: npm is not installed."]
    assert results.rows == []


def test_synthesis_is_measured_as_a_multiple_of_an_empty_apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cdk = tmp_path / "cdk"
    # The empty app has one file of Python, and takes a fifth of a second less.
    cdk.write_text(
        '#!/bin/sh\n[ "$1" = synth ] && [ -f cdk.json ] && [ -f app.py ] || exit 1\n[ -d web ] && sleep 0.2\nexit 0\n'
    )
    cdk.chmod(0o755)
    monkeypatch.setattr(synth, "CDK", cdk)
    results = synth.main(["--rounds", "1", "--no-validation"])
    assert [row["of"] for row in results.rows] == ["an empty app", "ours"]
    (goal,) = results.goals
    assert (goal.is_ceiling, goal.wanted, goal.is_met) == (True, 1.5, False)
