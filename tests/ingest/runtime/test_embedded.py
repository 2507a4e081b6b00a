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


def modes(folder: Path) -> dict[str, int]:
    """Return what group and others may do with each file of a folder, where that is anything."""
    paths = [folder, *folder.rglob("*")]
    return {path.name: bits for path in paths if (bits := path.lstat().st_mode & 0o077)}


def test_no_other_user_may_read_anything_of_a_new_folder(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        folder = tmp_path / "data"
        with EmbeddedServer(folder), open_client(folder) as client:
            client.set("a", "b")
            client.bgrewriteaof()
            eventually(lambda: client.info("persistence")["aof_rewrite_in_progress"] == 0)
            assert modes(folder) == {}
            assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_folder_of_an_earlier_version_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with EmbeddedServer(folder):
        pass
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)
    with EmbeddedServer(folder):
        assert modes(folder) == {}


def test_a_folder_that_holds_other_things_too_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "letter.txt").touch()
    (tmp_path / "letter.txt").chmod(0o644)
    with EmbeddedServer(tmp_path):
        assert modes(tmp_path) == {tmp_path.name: 0o055, "letter.txt": 0o044}


def test_the_socket_of_a_deep_folder_is_in_a_private_one_with_a_name_of_its_own(
    tmp_path: Path,
) -> None:
    sockets = []
    for name in "ab":
        deep = tmp_path / (name * 120)
        with EmbeddedServer(deep):
            socket = Path(embedded_url(deep).removeprefix("unix://"))
            assert modes(socket.parent) == {}
            sockets.append(socket)
        assert not socket.parent.exists()
    assert sockets[0].parent != sockets[1].parent


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a socket to another user")
def test_a_server_that_another_user_has_put_there_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with EmbeddedServer(folder):
        socket = Path(embedded_url(folder).removeprefix("unix://"))
        os.chown(socket, 65534, 65534)
        with pytest.raises(QueueError, match="belongs to another user"):
            embedded_url(folder)
        os.chown(socket, 0, 0)
    foreign = subprocess.Popen([sys.executable, "-c", LISTEN, str(socket)], stdout=subprocess.PIPE)
    assert foreign.stdout is not None
    foreign.stdout.readline()
    with pytest.raises(QueueError, match="belongs to another user"), EmbeddedServer(folder):
        pass
    foreign.communicate()


LISTEN = """
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
os.chown(sys.argv[1], 65534, 65534)
print("there", flush=True)
"""


def test_it_says_where_programs_read_the_wire(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "ingest.runtime.embedded"), EmbeddedServer(tmp_path) as server:
        assert f"programs read the wire at {server.url}" in caplog.text
