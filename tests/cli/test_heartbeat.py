"""Every command that runs on shows by a file that it lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Nabaa
from tests.support.conditions import eventually
from tests.support.daemons import Daemon

# One server is enough here: nothing of it is asked.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


def test_a_command_that_runs_on_touches_its_file(server_url: str, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    settings = {"NABAA_REDIS_URL": server_url, "NABAA_HEARTBEAT_FILE": str(alive)}
    with Daemon("tail", settings=settings, log=tmp_path / "log") as tail:
        eventually(alive.exists)
        tail.stop()
    assert tail.process.returncode == 0


def test_a_file_that_cannot_be_written_ends_it(nabaa: Nabaa, server_url: str) -> None:
    done = nabaa("tail", redis_url=server_url, heartbeat_file="none/alive")
    assert (done.status, "NABAA_HEARTBEAT_FILE" in done.err) == (2, True)
