"""Limits of polls at one host: how many at a time, how soon after each other, and when none.

The rules are kept in Redis, in `enter_host.lua` and `leave_host.lua`, so that they hold over all
ingest processes. `ingest.schedule` decides when a feed is due.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from redis.asyncio import Redis

from config.settings import Settings
from ingest.fetch.hosts.names import is_own_machine
from nabaa.redis.client import script
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.keys import all_shards, shard_of_host
from nabaa.tasks import start_logged

logger = logging.getLogger(__name__)

HostVerdict = Literal["up", "down", "busy", "unseen"]
"""State in which a poll found a host: it answered, it did not or with a 5xx, it asked to be left
alone (429, 503), or it was not asked after all."""

LONGEST_HOLD_SECONDS = 86400.0
"""A host is left alone for at most a day, whatever `Retry-After` of one of its feeds says."""

_FLUSH_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class HostRequest:
    """A request of a feed for a slot at its host.

    Attributes:
        feed_id: id of the feed.
        host: name of the host, as `host_of_address` gives it.
        waited_for_host: whether the feed had to wait before, and its time has come.
        origin: name of the origin, as `origin_of_address` gives it; empty for that of the host's
            own ports.
    """

    feed_id: str
    host: str
    waited_for_host: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class HostSlot:
    """The answer to a request for a slot.

    Attributes:
        own_place: whether the feed has the slot: it may begin after `wait_seconds`, a tick at most.
        wait_seconds: seconds until the feed may begin, or may ask again where it has no slot.
    """

    own_place: bool
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class HostRelease:
    """A poll that has ended at a host.

    Attributes:
        feed_id: id of the feed.
        host: name of the host, as `host_of_address` gives it.
        found: state in which the host was found.
        lasted_seconds: duration of the poll in seconds.
        asked_seconds: seconds for which the host asks to be left alone, or 0.
        origin: name of the origin, as `origin_of_address` gives it; empty for that of the host's
            own ports. The state counts for the origin alone: another port is another server.
    """

    feed_id: str
    host: str
    found: HostVerdict
    lasted_seconds: float = 0.0
    asked_seconds: float = 0.0
    origin: str = ""


class HostGate:
    """The gate gives out slots at hosts and takes them back, for all processes on one Redis.

    Nothing is limited on loopback, which is this machine itself.

    Args:
        client: client that answers in bytes.
        settings: settings with the limits.
        gap_of: function of a host's name that returns the gap in seconds that the host asks for
            (`Crawl-delay`), or 0.
    """

    def __init__(
        self, client: Redis, settings: Settings, gap_of: Callable[[str], float] = lambda _: 0.0
    ) -> None:
        self._settings = settings
        self._gap_of = gap_of
        self._shards = all_shards(settings.shards)
        self._enter = script(client, "ingest.fetch.hosts", "enter_host")
        self._leave = script(client, "ingest.fetch.hosts", "leave_host")
        self._leaving: list[HostRelease] = []
        self._flushing: asyncio.Task[None] | None = None

    async def admit(self, asking: Sequence[HostRequest]) -> list[HostSlot]:
        """Ask for slots at hosts.

        Args:
            asking: requests; those for one host are answered in this order.

        Returns:
            A slot for each request, in order. A feed that has one must `leave`; a slot that is not
            left is free again after the lease.

        Raises:
            redis.exceptions.RedisError: Redis cannot be used; no slot was given out.
        """
        slots = [HostSlot(own_place=True, wait_seconds=0.0)] * len(asking)
        by_shard: dict[int, list[int]] = {}
        for number, each in enumerate(asking):
            if not is_own_machine(each.host):
                by_shard.setdefault(self._shard(each.host), []).append(number)
        settings = self._settings
        for shard, here in by_shard.items():
            keys = self._shards[shard]
            args: list[str | float] = [
                settings.lease_seconds,
                settings.host_concurrency,
                settings.tick_seconds,
            ]
            for number in here:
                each = asking[number]
                gap = max(settings.host_gap_seconds, self._gap_of(each.host))
                args += [each.feed_id, gap, int(each.waited_for_host)]
            named = [
                keys.host(name)
                for number in here
                for name in (asking[number].host, asking[number].origin or asking[number].host)
            ]
            answer = await self._enter(keys=named, args=args)
            for number, own, wait in zip(here, answer[::2], answer[1::2], strict=True):
                slots[number] = HostSlot(bool(own), float(wait))
        return slots

    def leave(self, leaving: HostRelease) -> None:
        """Give a slot back; several are written to Redis at once, within 20 ms."""
        if is_own_machine(leaving.host):
            return
        self._leaving.append(leaving)
        if self._flushing is None or self._flushing.done():
            self._flushing = start_logged("the leaving of hosts", self._flush_soon())

    async def flush(self) -> None:
        """Write the slots that were given back to Redis now; without Redis, their leases end."""
        leaving, self._leaving = self._leaving, []
        settings = self._settings
        limits: list[str | float] = [
            settings.host_down_after,
            settings.retry_base_seconds,
            settings.host_down_max_seconds,
        ]
        by_shard: dict[int, list[HostRelease]] = {}
        for each in leaving:
            by_shard.setdefault(self._shard(each.host), []).append(each)
        for shard, here in by_shard.items():
            keys = self._shards[shard]
            args, named = list(limits), [keys.held_hosts]
            for each in here:
                asked = min(each.asked_seconds, LONGEST_HOLD_SECONDS)
                origin = each.origin or each.host
                args += [each.feed_id, origin, each.found, each.lasted_seconds, asked]
                named += [keys.host(each.host), keys.host(origin)]
            try:
                news = await self._leave(keys=named, args=args)
            except TRANSIENT_ERRORS as error:
                logger.debug("hosts were not left, their leases will end: %s", error)
                continue
            for each, what in zip(here, news, strict=True):
                _log_host_change(each.origin or each.host, int(what))

    async def close(self) -> None:
        """Write the last slots that were given back."""
        if self._flushing is not None:
            await asyncio.gather(self._flushing, return_exceptions=True)
        await self.flush()

    async def _flush_soon(self) -> None:
        while self._leaving:
            await asyncio.sleep(_FLUSH_SECONDS)
            await self.flush()

    def _shard(self, host: str) -> int:
        return shard_of_host(host, len(self._shards))


def _log_host_change(host: str, news: int) -> None:
    if news == 1:
        logger.warning("host %s is down: one feed at a time tries it until it answers", host)
    elif news == 2:
        logger.info("host %s answers again", host)
