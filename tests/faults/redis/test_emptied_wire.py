"""Redis that is emptied under a running wire: found within a minute, told, and registered again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nabaa.streams.keys import SHARDS, WORKERS_GROUP
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.server import Farm
from tests.support.faults.small_wire import (
    ARTICLES,
    KEYS,
    arrived,
    expected,
    settings_of,
    show_the_rest,
)
from tests.support.servers import Server

QUEUE = r"nabaa:\{0\}:entries or its group was gone and is made again"
LOSSES = {
    "FLUSHALL": QUEUE,
    f"DEL {KEYS.due}": "",
    f"DEL {KEYS.entries}": QUEUE,
    f"XGROUP DESTROY {KEYS.entries} {WORKERS_GROUP}": QUEUE,
}


@pytest.mark.load
@pytest.mark.parametrize("command", LOSSES)
def test_a_wire_goes_on_by_itself_where_its_redis_was_emptied(
    server: Server, farm: Farm, tmp_path: Path, command: str
) -> None:
    server.start()
    settings = settings_of(farm, tmp_path, server.url)
    with (
        Daemon("run", "--quiet", settings=settings, log=tmp_path / "log") as wire,
        server.client() as client,
    ):
        eventually(lambda: len(arrived(client)) == ARTICLES // 2, 60)
        eventually(lambda: not client.xlen(KEYS.entries))
        client.execute_command(*command.split())
        show_the_rest(farm)
        eventually(lambda: arrived(client) == expected(farm), 60)
        eventually(lambda: re.search(LOSSES[command], wire.printed()) is not None)
        assert int(client.hget(SHARDS, "count") or 0) == 1
        assert client.zcard(KEYS.due) == len(farm.feeds())
        wire.stop()
    assert wire.process.returncode == 0
