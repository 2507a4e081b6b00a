"""The command line in this process: fast, and the same from the arguments to the exit status."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nabaa.main import app


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str


Nabaa = Callable[..., Done]


@pytest.fixture
def nabaa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nabaa:
    """Call a command in an empty folder: `nabaa("tag", "-", stdin=b"…", feeds_file=path)`."""
    for name in list(os.environ):
        if name.startswith("NABAA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

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
