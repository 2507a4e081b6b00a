"""The programs in README and docs read the wire of `nabaa run`, as they are printed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nabaa.streams.keys import Keys
from tests.support.archived import news, store
from tests.support.daemons import REPOSITORY
from tests.support.faults.reader_program import (
    ReaderProgram,
    check_it_reads_its_pending_first,
    check_it_survives_a_restart_of_redis,
)
from tests.support.node import install_node_packages
from tests.support.servers import Server, server_of_run
from tests.support.snippets import Snippet, snippets
from workers.index.database import open_archive

KEYS = Keys(0)
NODE = [each for each in snippets("js") if "xReadGroup" in each.text]
READERS = [each for each in snippets("python") if 'group="' in each.text]
ASKERS = [each for each in snippets("python") if "open_archive" in each.text]
READS_PENDING = [each for each in snippets("python") if 'consumer="me"' in each.text]


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


def python_program(snippet: Snippet, server: Server, folder: Path) -> ReaderProgram:
    code = snippet.text
    (folder / "program.py").write_text(code, "utf-8")
    group = code.partition('group="')[2].partition('"')[0]
    wanted = code.partition('subscription="')[2].partition('"')[0]
    wanted = wanted or (group if "filter=" in code else "")
    reads_stories = "StorySubscriber" in code
    wire = KEYS.stories if reads_stories else KEYS.articles
    stream = KEYS.subscription(wanted) if wanted else wire
    with server.client() as client:  # a subscription is there before it is read
        client.xgroup_create(stream, group, "0", mkstream=True)
    command = (sys.executable, "program.py")
    return ReaderProgram(command, group, folder, {}, stream, reads_stories)


def node_program(snippet: Snippet, node_folder: Path, folder: Path) -> ReaderProgram:
    (folder / "program.mjs").write_text(snippet.text, "utf-8")
    (folder / "node_modules").symlink_to(node_folder / "node_modules")
    return ReaderProgram(("node", "program.mjs"), "desk", folder, {})


@pytest.mark.parametrize("snippet", ASKERS, ids=str)
def test_a_program_in_python_asks_the_archive(snippet: Snippet, tmp_path: Path) -> None:
    with closing(open_archive(tmp_path / "data" / "archive.sqlite3")) as archive:
        now = datetime.now(UTC)
        store(archive, news(1, "هدنة في السودان", published=now, first_seen=now))
    (tmp_path / "program.py").write_text(snippet.text, "utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.endswith(" هدنة في السودان\n")


@pytest.mark.parametrize("snippet", READERS, ids=str)
def test_a_program_in_python_survives_a_restart_of_redis(
    server: Server, snippet: Snippet, tmp_path: Path
) -> None:
    program = python_program(snippet, server, tmp_path)
    check_it_survives_a_restart_of_redis(server, program, tmp_path / "printed")


@pytest.mark.parametrize("snippet", READS_PENDING, ids=str)
def test_a_program_in_python_reads_what_it_had_not_acknowledged_first(
    server: Server, snippet: Snippet, tmp_path: Path
) -> None:
    program = python_program(snippet, server, tmp_path)
    check_it_reads_its_pending_first(server, program, tmp_path / "printed")


@pytest.mark.parametrize("snippet", NODE, ids=str)
def test_a_program_in_node_survives_a_restart_of_redis(
    server: Server, snippet: Snippet, node_folder: Path, tmp_path: Path
) -> None:
    program = node_program(snippet, node_folder, tmp_path)
    check_it_survives_a_restart_of_redis(server, program, tmp_path / "printed")


@pytest.mark.parametrize("snippet", NODE, ids=str)
def test_a_program_in_node_reads_what_it_had_not_acknowledged_first(
    server: Server, snippet: Snippet, node_folder: Path, tmp_path: Path
) -> None:
    program = node_program(snippet, node_folder, tmp_path)
    check_it_reads_its_pending_first(server, program, tmp_path / "printed")
