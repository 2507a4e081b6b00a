"""A wire of a few feeds, quick to poll: how it is set, and that it delivered all, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import redis

from config.feedlist import save_feeds
from ingest.streams.keys import Keys
from ingest.streams.messages import messages_of_range
from tests.farm.articles import key_of
from tests.farm.server import Farm
from workers.message import article_of

KEYS = Keys(0)
FEEDS = 4
ARTICLES = 24 * FEEDS
AWAY = "cannot be used: "
BACK = "can be used again"


def show_the_rest(farm: Farm) -> None:
    for feed in farm.feeds():
        farm.advance(feed.id, ARTICLES)


def settings_of(farm: Farm, folder: Path, url: str) -> dict[str, str]:
    save_feeds(folder / "feeds.yaml", [replace(f, interval_seconds=None) for f in farm.feeds()])
    return {
        "NABAA_REDIS_URL": url,
        "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_TICK_SECONDS": "0.1",
        "NABAA_POLL_INTERVAL_SECONDS": "0.3",
        "NABAA_LEASE_SECONDS": "1",
        "NABAA_RECLAIM_IDLE_SECONDS": "0.5",
    }


def assert_each_article_came_once(client: redis.Redis, farm: Farm) -> None:
    articles = [
        article_of(message.fields) for message in messages_of_range(client.xrange(KEYS.articles))
    ]
    arrived = Counter(key_of(article.url) for article in articles)
    assert arrived == Counter(entry.key for entry in farm.expected())
    assert (client.xlen(KEYS.entries), client.xlen(KEYS.dead)) == (0, 0)
