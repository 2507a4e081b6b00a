"""The embedded server: one owner, nothing forgotten, taken over after a crash of its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from ingest.runtime.embedded import EmbeddedServer, embedded_url
from nabaa.errors import QueueError
from tests.support.conditions import eventually


def open_client(folder: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded_url(folder), decode_responses=True)


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path), open_client(tmp_path) as client:
        client.set("خبر", "١")
    with EmbeddedServer(tmp_path), open_client(tmp_path) as client:
        assert client.get("خبر") == "١"


def test_it_never_evicts_and_keeps_an_append_only_file(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path), open_client(tmp_path) as client:
        settings = client.config_get("maxmemory-policy", "appendonly")
    assert settings == {"maxmemory-policy": "noeviction", "appendonly": "yes"}


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    with (
        EmbeddedServer(tmp_path),
        pytest.raises(QueueError, match="in use by another nabaa"),
        EmbeddedServer(tmp_path),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(QueueError, match=f"{file}"), EmbeddedServer(file):
        pass


def test_a_deep_folder_gets_a_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    with EmbeddedServer(deep), open_client(deep) as client:
        assert client.ping()


def test_a_server_whose_owner_was_killed_is_taken_over(tmp_path: Path) -> None:
    owner = (
        "import pathlib, sys, os, signal\n"
        "from ingest.runtime.embedded import EmbeddedServer\n"
        "with EmbeddedServer(pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", owner, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    with open_client(tmp_path) as client:
        orphan = client.info("server")["process_id"]
        with EmbeddedServer(tmp_path):
            assert client.info("server")["process_id"] == orphan
    eventually(lambda: not _runs(orphan))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
