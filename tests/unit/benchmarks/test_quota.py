"""The limit on a process's CPU."""

import subprocess
import sys

from benchmarks.quota import FULL_CPU_MB, Quota, _DutyCycle, limit_cpu

# Waits until it is under the limit, then works for half a second of time; prints the CPU time it got.
_WORK = """
import sys, time
sys.stdin.readline()
started, before = time.perf_counter(), time.process_time()
while time.perf_counter() - started < 0.5:
    pass
print(time.process_time() - before)
"""
# Eight times what it may get, as whoever stops it may be late; without a limit it gets all or, of a busy machine, half.
_SHARE_MOST = 0.4


def use_cpu(quota: Quota) -> float:
    """Let a process work under a quota; return the part of a processor that it got."""
    with subprocess.Popen(
        [sys.executable, "-c", _WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        quota.add(process.pid)
        output, _ = process.communicate("go\n", timeout=30)
    return float(output) / 0.5


def test_a_process_gets_no_more_than_its_share() -> None:
    with limit_cpu(FULL_CPU_MB // 20) as quota:
        assert 0 < use_cpu(quota) < _SHARE_MOST


def test_without_control_groups_it_is_stopped_by_turns() -> None:
    assert 0 < use_cpu(_DutyCycle(0.05)) < _SHARE_MOST
