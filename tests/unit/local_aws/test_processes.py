"""Child processes: what they say when they fail, and that nothing of them stays."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from local_aws import processes
from local_aws.processes import CommandError


def test_a_failure_shows_the_end_of_the_output_and_where_all_of_it_is(tmp_path: Path) -> None:
    log = tmp_path / "cdk.log"
    with pytest.raises(CommandError) as caught:
        _run("for n in range(100): print('line', n)\nraise SystemExit(3)", log)
    text = str(caught.value)
    assert "ended with status 3" in text
    assert "line 99" in text
    assert "line 1\n" not in text
    assert str(log) in text
    assert "line 0\nline 1\n" in log.read_text()


def test_a_failure_shows_nothing_of_earlier_commands(tmp_path: Path) -> None:
    log = tmp_path / "cdk.log"
    _run("print('earlier')", log)
    with pytest.raises(CommandError) as caught:
        _run("raise SystemExit('broken')", log)
    assert "broken" in str(caught.value)
    assert "earlier" not in str(caught.value)
    assert log.read_text() == "earlier\nbroken\n"


def test_stopping_ends_what_the_process_started(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    grandchild = (
        f"import time; fifo = open({str(fifo)!r}, 'w'); fifo.write('here'); fifo.flush()\n"
        "time.sleep(5); fifo.write('still there')"
    )
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    process = processes.start([sys.executable, "-c", child], log=tmp_path / "log", env=os.environ, cwd=tmp_path)
    with fifo.open() as pipe:
        assert pipe.read(4) == "here"
        processes.stop(process)
        # The file ends once the last writer is dead.
        assert pipe.read() == ""


def _run(program: str, log: Path) -> None:
    processes.run([sys.executable, "-c", program], log=log, env=os.environ, cwd=log.parent)
