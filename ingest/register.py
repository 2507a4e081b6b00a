"""Keeps the feeds of the list registered in Redis.

They are registered at the start, when the list changes, and again where Redis has lost them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from config.feed_list import load_feeds
from config.model import Feed
from config.settings import Settings
from ingest.connectivity import Connectivity
from ingest.fetch.hosts.names import host_of_address, is_own_machine
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream
from nabaa.errors import ConfigError
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.keys import Keys, shard_of

if TYPE_CHECKING:
    from ingest.websub.service import PushService

logger = logging.getLogger(__name__)

_NOT_LOADED: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard, as ingest sees it."""

    keys: Keys
    due: DueSet
    entries: EntriesStream


class FeedRegister:
    """The feeds of the list, and their registration in Redis.

    Args:
        settings: the file of the list, and how long the memory of a feed is kept.
        shards: all of them, by number.
        feeds: the list to start with.
        connectivity: is told how many feeds and hosts there are.

    Attributes:
        feeds: id → feed of the list.
        push: its subscriptions follow the list; None until it is there.
    """

    def __init__(
        self,
        settings: Settings,
        shards: Sequence[Shard],
        feeds: Sequence[Feed],
        connectivity: Connectivity,
    ) -> None:
        self.feeds: Mapping[str, Feed] = {feed.id: feed for feed in feeds}
        self.push: PushService | None = None
        self._settings = settings
        self._shards = shards
        self._connectivity = connectivity
        self._loaded_stamp = _stamp(settings.feeds_file)
        self._is_registered = False

    def get(self, feed_id: str) -> Feed | None:
        """Return a feed of the list, or None."""
        return self.feeds.get(feed_id)

    async def sync(self) -> None:
        """Register the feeds of the list, and no others.

        Raises:
            redis.exceptions.RedisError: Redis cannot be used.
        """
        self._describe_list()
        urls = self._urls()
        for shard, here in zip(self._shards, urls, strict=True):
            added, removed = await shard.due.sync(
                here, self._settings.seen_retention_seconds, self._settings.poll_interval_seconds
            )
            if added or removed:
                logger.info("feed list: %d feeds added, %d removed", added, removed)
            ended = await shard.due.revive(here)
            if ended:
                logger.info("feeds closed for good and not polled: %s", ", ".join(ended[:20]))
        if self.push:
            await self.push.sync(urls)
        self._is_registered = True

    async def restore_missing(self) -> bool:
        """Register feeds again that Redis has lost: it was emptied, or a due set was deleted.

        Returns:
            Whether there were such feeds.
        """
        if not self._is_registered:
            return False
        try:
            missing = 0
            for shard, here in zip(self._shards, self._urls(), strict=True):
                missing += len(await shard.due.missing(here))
            if not missing:
                return False
            logger.warning(
                "%d of the %d feeds are not registered in Redis any more: it was emptied, or a due "
                "set was deleted. They are registered again; where what was seen of them is gone "
                "too, what they still show is published again",
                missing,
                len(self.feeds),
            )
            await self.sync()
        except TRANSIENT_ERRORS as error:
            logger.debug("registered feeds could not be counted: %s", error)
            return False
        return True

    async def reload_if_changed(self) -> None:
        """Read the list again when its file changed; a broken one is refused, the old one stays."""
        path = self._settings.feeds_file
        stamp = _stamp(path)
        if stamp == self._loaded_stamp:
            return
        self._loaded_stamp = stamp
        try:
            feeds = await asyncio.to_thread(load_feeds, path)
        except ConfigError as error:
            logger.warning("the feed list is not taken over, the old one stays: %s", error)
            return
        before, self.feeds = self.feeds, {feed.id: feed for feed in feeds}
        try:
            await self.sync()
            await self._hasten(before)
        except TRANSIENT_ERRORS as error:
            self._loaded_stamp = None
            logger.warning("the feed list could not be taken over yet: %s", error)

    def mark_changed(self) -> None:
        """Have the list read again, whether its file has changed or not."""
        self._loaded_stamp = _NOT_LOADED

    async def _hasten(self, before: Mapping[str, Feed]) -> None:
        """Make feeds due whose address or interval has changed in the list."""
        changed = {
            feed.id: 0.0
            for feed in self.feeds.values()
            if (old := before.get(feed.id))
            and (old.url, old.interval_seconds) != (feed.url, feed.interval_seconds)
        }
        for shard in self._shards:
            await shard.due.give_back(changed, waits=False)

    def _urls(self) -> list[dict[str, str]]:
        """Return the addresses of the feeds by id, for each shard."""
        urls: list[dict[str, str]] = [{} for _ in self._shards]
        for feed in self.feeds.values():
            urls[shard_of(feed.url, len(self._shards))][feed.id] = feed.url
        return urls

    def _describe_list(self) -> None:
        hosts = {host_of_address(feed.url) for feed in self.feeds.values()}
        self._connectivity.feeds = len(self.feeds)
        self._connectivity.hosts = sum(not is_own_machine(host) for host in hosts)
        if unchecked := sorted(feed.id for feed in self.feeds.values() if feed.insecure_tls):
            logger.warning(
                "certificates are not checked (insecure_tls) of the feeds: %s", ", ".join(unchecked)
            )


def _stamp(path: Path) -> Mapping[str, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return {"modified_ns": status.st_mtime_ns, "bytes": status.st_size}
