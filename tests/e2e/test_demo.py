"""`nabaa demo` as a newcomer starts it: made-up news become articles on a desk."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import redis

from nabaa.streams.keys import Keys
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.machines import free_port


def test_the_demo_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    desk = f"127.0.0.1:{free_port()}"
    settings = {"NABAA_DESK_LISTEN": desk, "TMPDIR": str(tmp_path)}
    with Daemon("demo", settings=settings, log=tmp_path / "log") as demo:
        eventually(lambda: f"Open http://{desk}" in demo.printed())
        address = re.findall(r"NABAA_REDIS_URL=(\S+)", demo.printed())[0]
        with redis.Redis.from_url(address) as client:
            eventually(lambda: int(client.xlen(Keys(0).articles)) > 20)
            eventually(lambda: int(client.xlen(Keys(0).stories)) > 5)
            data = str(client.xrevrange(Keys(0).articles, count=1))
        eventually(lambda: httpx.get(f"http://{desk}/wire").status_code == 200)
        demo.stop()
        assert demo.process.returncode == 0
    assert "body_source" in data
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
