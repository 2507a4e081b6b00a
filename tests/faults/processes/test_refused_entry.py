"""A wrong password, or a data folder that may not be read, ends every command with a sentence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.feed_list import save_feeds
from tests.support.daemons import Daemon
from tests.support.servers import Server

pytestmark = pytest.mark.load

COMMANDS = (
    ("run", "--quiet"),
    ("ingest",),
    ("work",),
    ("tail",),
    ("subscribe", "--group", "desk"),
    ("webhook", "http://127.0.0.1:1/", "--group", "desk"),
    ("serve",),
    ("archive", "out", "--group", "desk"),
    ("status",),
    ("entities",),
    ("dead", "list"),
    ("subscriptions", "list"),
)


def ended(folder: Path, command: tuple[str, ...], **settings: str) -> tuple[int, str]:
    """Run a command to its end and return its exit status and what it printed."""
    save_feeds(folder / "feeds.yaml", [])
    more = {"NABAA_FEEDS_FILE": str(folder / "feeds.yaml"), **settings}
    with Daemon(*command, settings=more, log=folder / "log") as daemon:
        return daemon.process.wait(30), daemon.printed()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("guarded"))
    server.start()
    with server.client() as client:
        client.config_set("requirepass", "richtig")
    yield server
    server.kill()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_wrong_password_ends_every_command_with_one_sentence(
    guarded: Server, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings = {"NABAA_REDIS_URL": guarded.url, "NABAA_REDIS_PASSWORD": "falsch"}
    status, printed = ended(tmp_path, command, **settings)
    told = [line for line in printed.splitlines() if line.startswith("nabaa: ")]
    assert (status, len(told)) == (2, 1), printed
    assert "does not accept the user or the password" in told[0]
    assert "Traceback" not in printed
    assert "falsch" not in printed


def test_a_password_that_is_changed_while_a_daemon_runs_ends_it_with_one_sentence(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path / "r")
    server.start()
    save_feeds(tmp_path / "feeds.yaml", [])
    settings = {"NABAA_REDIS_URL": server.url, "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml")}
    with Daemon("run", "--quiet", settings=settings, log=tmp_path / "log") as daemon:
        with server.client() as client:
            while not client.exists("nabaa:shards"):
                assert daemon.process.poll() is None
            client.config_set("requirepass", "neu")
            client.client_kill_filter(_type="normal", skipme=True)
        assert daemon.process.wait(30) == 2
        printed = daemon.printed()
    server.kill()
    assert sum("does not accept" in line for line in printed.splitlines()) == 1
    assert "Traceback" not in printed


@pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read everything"
)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_data_folder_that_may_not_be_read_is_named(
    tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    if os.geteuid() == 0:
        drop = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
        monkeypatch.setattr("tests.support.daemons.PREFIX", drop)
    status, printed = ended(tmp_path, command, NABAA_DATA_DIR=str(closed / "data"))
    assert status == 2, printed
    assert printed.splitlines()[-1].startswith(f"nabaa: data folder {closed}/data cannot be ")
    assert "Permission denied" in printed
    assert "Traceback" not in printed
