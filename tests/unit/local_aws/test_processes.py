"""Child processes: what they say when they fail, and that nothing of them stays."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from local_aws import processes
from local_aws.processes import CommandError


def test_a_failure_shows_what_that_command_wrote_last_and_where_the_log_is(tmp_path: Path) -> None:
    log = tmp_path / "cdk.log"
    log.write_text("an earlier step\n")
    program = "print('\\n'.join(f'line {n}' for n in range(100))); raise SystemExit(3)"
    with pytest.raises(CommandError) as caught:
        processes.run([sys.executable, "-c", program], log=log, env=os.environ, cwd=tmp_path)
    text = str(caught.value)
    assert "ended with status 3" in text
    assert "line 99" in text
    assert "line 1\n" not in text
    assert "an earlier step" not in text
    assert str(log) in text
    assert "an earlier step\nline 0\nline 1\n" in log.read_text()


def test_stopping_ends_what_the_process_started(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    grandchild = f"import time; fifo = open({str(fifo)!r}, 'w'); fifo.write('here'); fifo.flush(); time.sleep(60)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    process = processes.start([sys.executable, "-c", child], log=tmp_path / "log", env=os.environ, cwd=tmp_path)
    with fifo.open() as pipe:
        assert pipe.read(4) == "here"
        processes.stop(process)
        # The end comes once the last writer is dead.
        assert pipe.read() == ""
