"""kill -9 of ingest and worker with pages in flight: each article once, with its page's text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import redis

from config.feed_list import save_feeds
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.faults.paged_site import PagedSite, run_paged_site, text_of, title_of

pytestmark = pytest.mark.load

KEYS = Keys(0)
ARTICLES = 240
FEEDS = 6
VICTIMS = ("ingest", "ingest", "work", "ingest", "ingest", "work")


def articles_of(client: redis.Redis) -> list[Article]:
    messages = messages_of_range(client.xrange(KEYS.articles))
    return [article_of(message.fields) for message in messages]


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_processes_killed_with_pages_in_flight_lose_nothing_and_double_nothing(
    server_url: str, tmp_path: Path
) -> None:
    # Some pages take longer than their articles wait.
    site = PagedSite(FEEDS, lambda number: 1.0 if number % 20 == 0 else 0.1)
    with run_paged_site(site), redis.Redis.from_url(server_url) as client:
        save_feeds(tmp_path / "feeds.yaml", site.feeds())
        settings = {
            "NABAA_REDIS_URL": server_url,
            "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
            "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
            "NABAA_TICK_SECONDS": "0.1",
            "NABAA_POLL_INTERVAL_SECONDS": "0.3",
            "NABAA_FETCH_TIMEOUT_SECONDS": "1.9",
            "NABAA_LEASE_SECONDS": "2",
            "NABAA_RECLAIM_IDLE_SECONDS": "0.5",
            "NABAA_PAGE_WAIT_SECONDS": "0.5",
            "NABAA_PAGE_CONCURRENCY": "16",
            "NABAA_FEED_ENTRIES_PER_DAY": "100000",
        }
        with (
            Daemon("ingest", settings=settings, log=tmp_path / "ingest.log") as ingest,
            Daemon("work", settings=settings, log=tmp_path / "work.log") as work,
        ):
            for kill, name in enumerate(VICTIMS, 1):
                site.shown = ARTICLES * kill // len(VICTIMS)
                victim = ingest if name == "ingest" else work
                # In the middle of what was shown last.
                amid = site.shown - ARTICLES // len(VICTIMS) // 2
                eventually(lambda amid=amid: len(site.asked) >= amid, 60)  # type: ignore[misc]
                victim.kill()
                victim.start()

            def all_have_their_pages() -> bool:
                latest = {article.uri: article for article in articles_of(client)}
                whole = sum(article.body_source == "page" for article in latest.values())
                return whole == ARTICLES and not client.exists(KEYS.pages)

            eventually(all_have_their_pages, 60)
            eventually(lambda: client.xlen(KEYS.entries) == 0)
        articles = articles_of(client)
    assert Counter(a.title for a in articles if a.version == 1) == Counter(
        map(title_of, range(ARTICLES))
    )
    assert set(Counter((a.uri, a.version) for a in articles).values()) == {1}
    latest = {article.title: article for article in articles}
    assert all(latest[title_of(n)].body_text == text_of(n) for n in range(ARTICLES))
    assert all(article.version <= 2 for article in articles)
    assert client.xlen(KEYS.dead) == 0
