"""Mistakes in a feed list are told with their place, and a list in use stays in force."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis

from config.feed_list import save_feeds
from tests.cli.conftest import Nabaa
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.behaviour import (
    Behaviour,
)
from tests.support.farm.content.articles import read_articles
from tests.support.farm.content.render import Style
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread

HEALTHY = Behaviour(style=Style(content="plain"), coding="identity")
FEEDS = """\
feeds:
- id: sabah
  url: https://sabah.example/rss.xml
  title: صباح الخير
  outlet: صحيفة الصباح
  country: JO
  timezone: Asia/Amman
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("outlet:", "outlt:", 'line 5: unknown key "outlt" (did you mean "outlet"?)'),
        (
            "country: JO",
            "country: jo",
            'line 6: country "jo" must be an ISO 3166-1 alpha-2 code or "XX" (did you mean "JO"?)',
        ),
        (
            "Asia/Amman",
            "Asia/Aman",
            'line 7: timezone "Asia/Aman" is no IANA time zone (did you mean "Asia/Amman"?)',
        ),
        ("https://", "https//", 'line 3: url "https//sabah.example/rss.xml" must be an absolute'),
        ("  title:", " title:", "line 4: not YAML: "),
    ],
)
def test_a_typo_in_the_feed_list_is_told_with_its_line_and_key(
    nabaa: Nabaa, tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    feeds_file = tmp_path / "feeds.yaml"
    feeds_file.write_text(FEEDS.replace(right, wrong), encoding="utf-8")
    done = nabaa("ingest", feeds_file=feeds_file)
    assert done.status == 2
    assert f"{feeds_file}, {said}" in done.err
    assert "Traceback" not in done.err


def test_a_typo_in_a_list_that_is_in_use_leaves_the_old_one_in_force(
    valkey_url: str, tmp_path: Path
) -> None:
    feeds_file = tmp_path / "feeds.yaml"
    farm = Farm(read_articles()[:6], 2, behaviours=[HEALTHY], interval_seconds=1)
    settings = {
        "NABAA_REDIS_URL": valkey_url,
        "NABAA_FEEDS_FILE": str(feeds_file),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_TICK_SECONDS": "0.1",
    }
    with run_farm_in_thread(farm):
        save_feeds(feeds_file, farm.feeds())
        with Daemon("ingest", settings=settings, log=tmp_path / "log") as ingest:
            eventually(lambda: farm.counters().complete >= 2)
            broken = feeds_file.read_text("utf-8").replace("outlet:", "outlt:", 1)
            feeds_file.write_text(broken, "utf-8")
            eventually(lambda: "the old one stays" in ingest.printed())
            asked = farm.counters().not_modified
            eventually(lambda: farm.counters().not_modified >= asked + 2)
            assert (
                f"the feed list is not taken over, the old one stays: {feeds_file}, line 5: "
                'unknown key "outlt" (did you mean "outlet"?)'
            ) in ingest.printed()


@pytest.fixture
def valkey_url(valkey_socket: Path) -> str:
    with redis.Redis(unix_socket_path=str(valkey_socket)) as client:
        client.flushall()
    return f"unix://{valkey_socket}"
