"""kill -9 of the daemons under load: every article arrives, and none arrives twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from config.feedlist import save_feeds
from ingest.streams.keys import Keys
from ingest.streams.messages import messages_of_range
from tests.daemons import Daemon
from tests.farm.articles import SourceArticle, key_of, read_articles
from tests.farm.server import Farm
from tests.farm.thread import run_farm_in_thread
from workers.message import article_of

KEYS = Keys(0)
ARTICLES = 5_000
FEEDS = 100
KILLS = 3


def many_articles(count: int) -> list[SourceArticle]:
    """Return `count` different articles made of the sample's, by numbering them."""
    sample = read_articles()
    return [
        replace(
            sample[number % len(sample)],
            id=f"{sample[number % len(sample)].id}-{number}",
            url=f"{sample[number % len(sample)].url}-{number}",
            title=f"{sample[number % len(sample)].title} {number}",
        )
        for number in range(count)
    ]


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} s for {what}"
        time.sleep(0.02)


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_daemons_killed_under_load_lose_nothing_and_double_nothing(
    server_url: str, tmp_path: Path
) -> None:
    settings = {
        "NABAA_REDIS_URL": server_url,
        "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_TICK_SECONDS": "0.1",
        "NABAA_LEASE_SECONDS": "2",
        "NABAA_RETRY_BASE_SECONDS": "0.5",
        "NABAA_RECLAIM_IDLE_SECONDS": "1",
        # A small backlog keeps both daemons busy until the end, so that each kill hits work.
        "NABAA_BACKLOG_LIMIT": "300",
    }
    farm = Farm(many_articles(ARTICLES), FEEDS, window=ARTICLES // FEEDS)
    client = redis.Redis.from_url(server_url)
    with (
        client,
        run_farm_in_thread(farm),
        Daemon("ingest", settings=settings, log=tmp_path / "ingest.log") as ingest,
        Daemon("work", settings=settings, log=tmp_path / "work.log") as work,
    ):
        save_feeds(tmp_path / "feeds.yaml", farm.feeds())
        steps = 2 * KILLS + 1
        for kill in range(1, steps):
            mark = ARTICLES * kill // steps
            wait_for(lambda: client.xlen(KEYS.articles) >= mark, 120, f"{mark} articles")  # noqa: B023
            victim = ingest if kill % 2 else work
            victim.kill()
            victim.start()
        wait_for(lambda: client.xlen(KEYS.articles) >= ARTICLES, 120, "all articles")
        wait_for(lambda: client.xlen(KEYS.entries) == 0, 30, "an empty queue")
        expected = {entry.key for entry in farm.expected()}
    with redis.Redis.from_url(server_url) as client:
        articles = [
            article_of(message.fields)
            for message in messages_of_range(client.xrange(KEYS.articles))
        ]
        dead = client.xlen(KEYS.dead)
    arrived = Counter(key_of(article.url) for article in articles)
    lost = expected - arrived.keys()
    doubled = {key for key, times in arrived.items() if times > 1}
    assert (len(lost), len(doubled), dead) == (0, 0, 0)
