"""The examples read the wire through restarts of Redis and deaths of their own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemons import REPOSITORY
from tests.support.faults.reader_program import (
    ReaderProgram,
    check_it_reads_its_pending_first,
    check_it_survives_a_restart_of_redis,
)
from tests.support.node import install_node_packages
from tests.support.servers import Server, server_of_run

EXAMPLES = REPOSITORY / "examples"
LANGUAGES = ["python", "node", "go", "shell"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server in the data folder of a `nabaa run`, under the name that it has there."""
    with server_of_run(tmp_path) as server:
        yield server


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    install_node_packages(folder)
    return folder


@pytest.fixture(params=LANGUAGES)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> ReaderProgram:
    """Each example, as it is started in the folder of the data folder."""
    socket = "data/valkey.sock"
    command: tuple[str, ...]
    match request.param:
        case "python":
            command = (sys.executable, str(EXAMPLES / "desk.py"), f"unix://{socket}", "me")
            return ReaderProgram(command, "quotes", tmp_path, {})
        case "node":
            folder = request.getfixturevalue("node_folder")
            command = ("node", str(folder / "subscribe.mjs"), socket, "node", "me")
            return ReaderProgram(command, "node", tmp_path, {})
        case "go":
            if shutil.which("go") is None:
                pytest.skip("there is no Go toolchain here: examples/go is not run")
            command = ("go", "run", "-C", str(EXAMPLES / "go"), ".", str(tmp_path / socket))
            return ReaderProgram((*command, "go", "me"), "go", tmp_path, {"GOFLAGS": "-mod=mod"})
        case _:
            if shutil.which("redis-cli") is None:
                pytest.skip("redis-cli is not installed")
            command = ("sh", str(EXAMPLES / "redis-cli.sh"))
            return ReaderProgram(command, "shell", tmp_path, {"NAME": "me"})


def test_an_example_survives_a_restart_of_redis(
    server: Server, program: ReaderProgram, tmp_path: Path
) -> None:
    check_it_survives_a_restart_of_redis(server, program, tmp_path / "printed")


def test_an_example_reads_what_it_had_not_acknowledged_first(
    server: Server, program: ReaderProgram, tmp_path: Path
) -> None:
    check_it_reads_its_pending_first(server, program, tmp_path / "printed")
