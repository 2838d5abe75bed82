"""The load generator, on the deployed stack: a short run with cut connections, in which nothing goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from local_aws.local import ROOT, LocalAws
from tests.e2e.conftest import Connect

# MiniStack takes some 17 connects and 400 posts a second, all of AWS on one machine.
PLAN = {
    "--clients": 20,
    "--rooms": 4,
    "--joins-per-client": 2,
    "--rate": 5,
    "--duration": 10,
    "--ramp": 3,
    # One connection a second.
    "--reconnects": 300,
}
PATIENCE_S = 240


def test_a_short_run_with_cut_connections_is_clean(
    deployed: LocalAws, connect: Connect, room: str, tmp_path: Path
) -> None:
    # MiniStack starts a process for each request that finds a function cold.
    connect("ada").ask("join", room=room)
    result_file, report_file = tmp_path / "result.json", tmp_path / "report.html"
    command = [sys.executable, "-m", "chat_client.load", "--url", deployed.urls["ticket"]]
    command += [str(word) for option in PLAN.items() for word in option]
    command += ["--json", str(result_file), "--html", str(report_file)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    result = json.loads(result_file.read_text())
    assert result["faults"] == {"lost": 0, "duplicated": 0, "out_of_order": 0, "absent": 0, "refused": {}}
    counts = result["counts"]
    assert (counts["ready"], counts["sent"], counts["acked"], counts["expected"]) == (20, 50, 50, 500)
    assert counts["shown"] == counts["expected"]
    assert counts["cuts"] >= 5
    assert counts["reconnects"] >= counts["cuts"] - 2
    assert all(result["latency_ms"][latency]["p50"] > 0 for latency in ("ticket", "connect", "ack", "delivery"))
    assert "Load: passed" in report_file.read_text()
