"""SIGTERM under load: every process ends within ten seconds and leaves nothing in its hands."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from nabaa.streams.keys import WORKERS_GROUP
from tests.support.faults.loaded_wire import EACH_ONCE, KEYS, loaded_wire

pytestmark = pytest.mark.load

ARTICLES = 1_500
ENDS_WITHIN_SECONDS = 10


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_processes_asked_to_end_under_load_leave_no_entry_in_their_hands(
    server_url: str, tmp_path: Path
) -> None:
    with loaded_wire(server_url, tmp_path, ARTICLES) as wire:
        for moment in (ARTICLES // 4, ARTICLES // 2):
            wire.until_published(moment)
            for daemon in wire.daemons:
                daemon.process.send_signal(signal.SIGTERM)
            for daemon in wire.daemons:
                assert daemon.process.wait(ENDS_WITHIN_SECONDS) == 0
            with wire.client() as client:
                assert client.xpending(KEYS.entries, WORKERS_GROUP)["pending"] == 0
            for daemon in wire.daemons:
                daemon.start()
        wire.until_all()
        assert wire.outcome() == EACH_ONCE
