"""A wire under load: its daemons are processes that a test may kill, and all is counted at the end.

The daemons poll a farm whose articles are all there at once; a small backlog keeps ingest and
worker busy until the end, so that whatever a test does to them hits work.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.feed_list import save_feeds
from nabaa.message import article_of
from nabaa.streams.keys import WORKERS_GROUP, Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.behaviour import Arrival, Behaviour
from tests.support.farm.content.articles import SourceArticle, key_of, read_articles
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread

KEYS = Keys(0)
FEEDS = 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the articles of the farm; all 0 where every one came exactly once.

    Attributes:
        lost: those that are not on the stream.
        doubled: those that are on it more than once.
        dead: entries among the dead letters.
        left: entries that still wait, or that a worker still holds.
    """

    lost: int = 0
    doubled: int = 0
    dead: int = 0
    left: int = 0


EACH_ONCE = Outcome()


class LoadedWire:
    """The daemons of a wire, and the farm that they poll.

    Args:
        farm: running.
        url: of the server, as the test reaches it.
        ingest: polls.
        work: publishes.
        desk: reads as a subscriber and writes its articles to `desk_file`.
        desk_file: a line of JSON an article.
    """

    def __init__(
        self, farm: Farm, url: str, ingest: Daemon, work: Daemon, desk: Daemon, desk_file: Path
    ) -> None:
        self.farm = farm
        self.ingest = ingest
        self.work = work
        self.desk = desk
        self._url = url
        self._desk_file = desk_file
        self._expected = {entry.key for entry in farm.expected()}

    def show_the_rest(self) -> None:
        """Let every feed show all of its articles."""
        for feed in self.farm.feeds():
            self.farm.advance(feed.id, 1_000_000)
        self._expected = {entry.key for entry in self.farm.expected()}

    @property
    def daemons(self) -> tuple[Daemon, ...]:
        """All processes, in the order of the flow."""
        return (self.ingest, self.work, self.desk)

    def client(self) -> redis.Redis:
        """Open a client that tries nothing twice."""
        return redis.Redis.from_url(self._url, retry=Retry(NoBackoff(), 0))

    def published(self) -> int:
        """Return how many articles are on the stream; 0 while Redis cannot be asked."""
        try:
            with self.client() as client:
                return int(client.xlen(KEYS.articles))
        except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
            return 0

    def until_published(self, count: int, seconds: float = 120) -> None:
        """Wait until so many articles are on the stream."""
        eventually(lambda: self.published() >= count, seconds)

    def until_all(self, seconds: float = 120) -> None:
        """Wait until every article is on the stream, the queue is empty and the desk has all."""
        self.until_published(len(self._expected), seconds)
        with self.client() as client:
            eventually(lambda: int(client.xlen(KEYS.entries)) == 0)
        eventually(lambda: not self.missing_at_desk(), seconds)

    def outcome(self) -> Outcome:
        """Count what is on the streams now."""
        with self.client() as client:
            arrived = Counter(
                key_of(article_of(message.fields).url)
                for message in messages_of_range(client.xrange(KEYS.articles))
            )
            held = client.xpending(KEYS.entries, WORKERS_GROUP)["pending"]
            return Outcome(
                lost=len(self._expected - arrived.keys()),
                doubled=sum(times > 1 for times in arrived.values()),
                dead=int(client.xlen(KEYS.dead)),
                left=max(int(client.xlen(KEYS.entries)), int(held)),
            )

    def missing_at_desk(self) -> int:
        """Return how many articles the subscriber has not written whole."""
        written = set()
        for line in self._desk_file.read_bytes().splitlines():
            try:
                written.add(key_of(json.loads(line)["url"]))
            except ValueError:  # half a line of a process that was killed
                continue
        return len(self._expected - written)


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


@contextmanager
def loaded_wire(
    url: str,
    folder: Path,
    articles: int,
    *,
    shown: int | None = None,
    daemons_url: str | None = None,
    hosts: int = 1,
    variables: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    **settings: str,
) -> Iterator[LoadedWire]:
    """Run a wire while the block runs.

    Args:
        url: of the server.
        folder: for the list, the logs and the desk's articles.
        articles: how many, in `FEEDS` feeds.
        shown: how many of them the feeds show before `show_the_rest`; None for all.
        daemons_url: of the server as the daemons reach it, where it is another.
        hosts: that the feeds are spread over.
        variables: further environment of `ingest`, `work` or `subscribe`.
        settings: of all daemons, in place of those that make them quick.
    """
    initial = None if shown is None else shown // FEEDS
    behaviour = Behaviour(window=articles // FEEDS + 1, arrival=Arrival(initial=initial))
    farm = Farm(many_articles(articles), FEEDS, behaviours=[behaviour], hosts=hosts)
    chosen = {
        "redis_url": daemons_url or url,
        "feeds_file": str(folder / "feeds.yaml"),
        "allow_private_addresses": "true",
        "full_text": "never",
        "tick_seconds": "0.1",
        "fetch_timeout_seconds": "1.9",
        "lease_seconds": "2",
        "retry_base_seconds": "0.5",
        "reclaim_idle_seconds": "1",
        "backlog_limit": "200",
        **settings,
    }
    environment = {f"NABAA_{name.upper()}": value for name, value in chosen.items()}
    desk_file = folder / "desk.ndjson"
    with ExitStack() as stack:
        stack.enter_context(run_farm_in_thread(farm))
        save_feeds(folder / "feeds.yaml", farm.feeds())
        written = stack.enter_context(desk_file.open("ab"))

        def daemon(*command: str, out: int | None = None) -> Daemon:
            more = variables.get(command[0], {})
            log = folder / f"{command[0]}.log"
            return stack.enter_context(
                Daemon(*command, settings={**environment, **more}, log=log, out=out)
            )

        yield LoadedWire(
            farm,
            url,
            daemon("ingest"),
            daemon("work"),
            daemon("subscribe", "--group", "desk", "--consumer", "me", out=written.fileno()),
            desk_file,
        )
