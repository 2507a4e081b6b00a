"""kill -9 of every process at random moments under load: each article once, all at the desk."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.support.faults.loaded_wire import EACH_ONCE, loaded_wire

pytestmark = pytest.mark.load

ARTICLES = 3_000
KILLS = 36
SEED = 20261124


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_processes_killed_under_load_lose_nothing_and_double_nothing(
    server_url: str, tmp_path: Path
) -> None:
    random = Random(SEED)
    # Some moments lie so close together that a process dies while it starts.
    moments = sorted(random.randrange(1, ARTICLES) for _ in range(KILLS))
    with loaded_wire(server_url, tmp_path, ARTICLES) as wire:
        for moment in moments:
            wire.until_published(moment)
            victim = random.choice(wire.daemons)
            victim.kill()
            victim.start()
        wire.until_all()
        assert wire.outcome() == EACH_ONCE
