"""A wire of a few feeds, quick to poll: how it is set, and that it delivered all, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import redis

from config.feed_list import save_feeds
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.farm.behaviour import Arrival, Behaviour
from tests.support.farm.content.articles import key_of, read_articles
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread
from tests.support.servers import Server

KEYS = Keys(0)
FEEDS = 4
ARTICLES = 24 * FEEDS
AWAY = "cannot be used: "
BACK = "can be used again"


@contextmanager
def a_server(folder: Path) -> Iterator[Server]:
    """Make a server, not started yet, and kill it in the end."""
    server = Server(folder)
    yield server
    server.kill()


@contextmanager
def a_farm() -> Iterator[Farm]:
    """Serve feeds that show half of their articles at once and the rest when told to."""
    sample = read_articles(limit=ARTICLES)
    behaviours = [Behaviour(arrival=Arrival(initial=ARTICLES // FEEDS // 2))]
    with run_farm_in_thread(Farm(sample, FEEDS, behaviours=behaviours)) as farm:
        yield farm


def show_the_rest(farm: Farm) -> None:
    for feed in farm.feeds():
        farm.advance(feed.id, ARTICLES)


def settings_of(farm: Farm, folder: Path, url: str) -> dict[str, str]:
    save_feeds(folder / "feeds.yaml", [replace(f, interval_seconds=None) for f in farm.feeds()])
    return {
        "NABAA_REDIS_URL": url,
        "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_TICK_SECONDS": "0.1",
        "NABAA_POLL_INTERVAL_SECONDS": "0.3",
        "NABAA_FETCH_TIMEOUT_SECONDS": "1.9",
        "NABAA_LEASE_SECONDS": "2",
        "NABAA_RECLAIM_IDLE_SECONDS": "0.5",
    }


def arrived(client: redis.Redis) -> Counter[str | None]:
    """Count the articles on the stream by their name in the farm."""
    messages = messages_of_range(client.xrange(KEYS.articles))
    return Counter(key_of(article_of(message.fields).url) for message in messages)


def expected(farm: Farm) -> Counter[str | None]:
    """Count each article of the farm once."""
    return Counter(entry.key for entry in farm.expected())
