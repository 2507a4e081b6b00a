"""The command line in this process: fast, and the same from the arguments to the exit status."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from nabaa.main import app
from workers.entities.recognise import Recogniser, choice


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str


Nabaa = Callable[..., Done]


@cache
def command_line() -> Any:
    """Return the commands as typer makes them of their signatures; each start does it anew."""
    return typer.main.get_command(app)


_load_recogniser = choice.load_recogniser


@cache
def _load_crf() -> Recogniser:
    return _load_recogniser("crf")


def _load_once(name: Any) -> Recogniser:
    return _load_crf() if name == "crf" else _load_recogniser(name)


@pytest.fixture
def nabaa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nabaa:
    """Call a command in an empty folder: `nabaa("tag", "-", stdin=b"…", feeds_file=path)`."""
    for name in list(os.environ):
        if name.startswith("NABAA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("typer.testing._get_command", lambda _: command_line())
    monkeypatch.setattr(choice, "load_recogniser", _load_once)

    def call(*command: str, stdin: bytes = b"", **settings: object) -> Done:
        variables = {f"NABAA_{name.upper()}": str(value) for name, value in settings.items()}
        result = CliRunner().invoke(app, command, input=stdin, env=variables)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(
            result.exit_code,
            result.stdout_bytes.decode("utf-8", "surrogateescape"),
            result.stderr_bytes.decode("utf-8"),
        )

    return call
