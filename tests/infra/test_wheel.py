"""The wheel: it carries the functions' source, and deploys the same code as the repository does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from aws_cdk import App, Stack

from chat_stack import ChatAuth, WebSocketChat, functions
from tests.infra.synthesis import REPOSITORY, Template, read_template, synthesise


def _run(*command: str | Path, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | variables
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", outdir, cwd=REPOSITORY)
    (file,) = outdir.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a clean virtual environment that has the wheel installed."""
    directory = tmp_path_factory.mktemp("venv")
    venv.create(directory, symlinks=True)
    interpreter = directory / "bin" / "python"
    _run(
        sys.executable, "-m", "pip", "--python", interpreter, "install", "--no-deps", "--no-index", wheel, cwd=directory
    )
    # aws_cdk takes a minute to install: it is lent, after the wheel, and without the .pth file of an editable install.
    (site_packages,) = directory.glob("lib/python*/site-packages")
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return interpreter


def test_wheel_has_the_packages_and_the_functions_source(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert {
        "chat_stack/websocket_chat.py",
        "chat_stack/py.typed",
        "chat_stack/lambda/chat/handlers/message.py",
        "chat_client/py.typed",
    } <= names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"chat_stack", "chat_client"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_somebody_elses_app_deploys_the_same_code_from_the_wheel(
    python: Path, template: Template, tmp_path: Path
) -> None:
    shutil.copy(REPOSITORY / "examples" / "two_chats" / "app.py", tmp_path)
    imported = Path(_run(python, "-c", "import chat_stack; print(chat_stack.__file__)", cwd=tmp_path))
    assert imported.is_relative_to(python.parents[1])
    assembly = tmp_path / "assembly"
    _run(python, "app.py", cwd=tmp_path, CDK_OUTDIR=str(assembly))
    assert read_template(assembly, "TwoChats").asset_hashes() == template.asset_hashes()


def _hash(source: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the hash of the functions' code when the package lies beside this source."""

    def build(app: App) -> Stack:
        stack = Stack(app, "Stack")
        WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
        return stack

    monkeypatch.setattr(functions, "__file__", str(source.parent / "chat_stack" / "functions.py"))
    return synthesise(build, source.parent / "assembly").asset_hashes()


def test_compiled_files_change_no_hash_and_a_line_of_code_does(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean, compiled, changed = (tmp_path / name / "lambda" for name in ("clean", "compiled", "changed"))
    for copy in (clean, compiled, changed):
        shutil.copytree(REPOSITORY / "lambda", copy, ignore=shutil.ignore_patterns("__pycache__"))
    for directory in (compiled, compiled / "chat", compiled / "chat" / "handlers"):
        (directory / "__pycache__").mkdir()
        (directory / "__pycache__" / "module.cpython-314.pyc").write_bytes(b"compiled")
        (directory / "module.pyc").write_bytes(b"compiled")
    with (changed / "chat" / "handlers" / "message.py").open("a") as file:
        file.write("\n")

    assert _hash(clean, monkeypatch) == template.asset_hashes()
    assert _hash(compiled, monkeypatch) == template.asset_hashes()
    assert _hash(changed, monkeypatch) != template.asset_hashes()
