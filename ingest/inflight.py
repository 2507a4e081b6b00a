"""The polls in flight: which of the feeds that were taken begin, and what becomes of the others.

A feed whose host has no place for it is given back with the time at which it has, and holds nothing
meanwhile: `ingest.fetch.hosts.limits` knows that time. Which feeds are taken is left to
`ingest.service`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.model import Feed
from ingest.connectivity import (
    RETRY_SECONDS as OFFLINE_RETRY_SECONDS,
    SILENT_KINDS,
    Connectivity,
    OfflineError,
)
from ingest.fetch.hosts.limits import HostGate, HostRequest, HostVerdict
from ingest.fetch.hosts.names import origin_of_address
from ingest.fetch.hosts.session import HostBusyError, HostSession, verdict_of_failure
from ingest.fetch.robots import RobotsGuard
from ingest.model import FeedState
from ingest.poller import Poller, PollResult
from ingest.register import Shard
from ingest.schedule.relocation import choose_address, state_for_address
from ingest.streams.due import TakenFeed
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.keys import host_of_origin
from nabaa.tasks import start_logged

logger = logging.getLogger(__name__)

_MAX_LANDINGS = 100_000


@dataclass(slots=True)
class IngestProgress:
    """What one ingest process has done since it started.

    Attributes:
        polls: polls that ended, well or badly.
        failed: polls that failed.
        new_entries: entries put on the stream.
        paused: whether polling stands still because the workers are behind.
    """

    polls: int = 0
    failed: int = 0
    new_entries: int = 0
    paused: bool = False


class PollRunner:
    """Runs polls beside each other.

    Args:
        poller: polls one feed.
        gate: lets polls in to hosts.
        robots: asked before each request, or None where feeds are polled unasked.
        slots: number of fetches that may be in flight.
        progress: counts of this process, which are kept up to date.
        connectivity: says whether hosts that do not answer can be blamed.
    """

    def __init__(
        self,
        poller: Poller,
        gate: HostGate,
        robots: RobotsGuard | None,
        slots: int,
        progress: IngestProgress,
        connectivity: Connectivity,
    ) -> None:
        self._poller = poller
        self._gate = gate
        self._robots = robots
        self._slots = slots
        self._progress = progress
        self._connectivity = connectivity
        # The origins that feeds are redirected to: it is those that they wait for.
        self._lands_at: dict[str, str] = {}
        self._uncommitted: dict[int, str] = {}  # why Redis takes no poll of a shard
        self._polls: set[asyncio.Task[None]] = set()
        self._asleep = 0  # of them, without a slot

    @property
    def free_slots(self) -> int:
        """The number of polls that may begin now."""
        return self._slots - len(self._polls) + self._asleep

    async def wait_for_any(self) -> None:
        """Wait until a poll has ended; there must be one."""
        await asyncio.wait(self._polls, return_when=asyncio.FIRST_COMPLETED)

    async def end(self) -> None:
        """End the polls in flight: each gives its feed back, so that the next start goes on."""
        polls = list(self._polls)
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
        await self._gate.close()

    async def start(
        self, shard: Shard, taken: Sequence[TakenFeed], feeds: Mapping[str, Feed]
    ) -> None:
        """Begin the polls of those feeds whose host has a place, and give the others back.

        Args:
            shard: that they were taken from.
            taken: leased feeds.
            feeds: id → feed of the list.

        Raises:
            redis.exceptions.RedisError: Redis cannot be used; the leases bring the feeds back.
        """
        # Where another process has a newer list, whoever knows the feed takes it after the lease.
        known = [(feeds[leased.feed_id], leased) for leased in taken if leased.feed_id in feeds]
        asking = [
            _request(feed.id, self._origin(feed, leased.state), leased.waited_for_host)
            for feed, leased in known
        ]
        waits: dict[str, float] = {}
        admissions = await self._gate.admit(asking)
        for (feed, leased), asked, admission in zip(known, asking, admissions, strict=True):
            if not admission.own_place:
                waits[feed.id] = admission.wait_seconds
                continue
            visit = HostSession(self._gate, asked, feed.url)
            poll = self._poll(shard, feed, leased, visit, admission.wait_seconds)
            task = start_logged(f"the poll of feed {feed.id}", poll)
            self._polls.add(task)
            task.add_done_callback(self._polls.discard)
        await shard.due.give_back(waits, waits=True)

    def _origin(self, feed: Feed, state: FeedState) -> str:
        """Return the origin that a feed waits for: the one that will answer."""
        return self._lands_at.get(feed.id) or origin_of_address(
            choose_address(feed, state_for_address(feed, state))
        )

    async def _poll(
        self,
        shard: Shard,
        feed: Feed,
        taken: TakenFeed,
        visit: HostSession,
        wait_seconds: float,
    ) -> None:
        found: HostVerdict = "unseen"
        asked_seconds = 0.0
        began = time.monotonic() + wait_seconds
        enter = self._robots.guarding(feed.id, visit.enter) if self._robots else visit.enter
        try:
            await self._wait_without_slot(wait_seconds)
            result = await self._poller.poll(feed, taken.state, shard.entries, enter)
        except HostBusyError as busy:
            await self._wait_for_host(shard, feed, busy)
        except OfflineError:
            await self._give_back(shard, feed, OFFLINE_RETRY_SECONDS, waits=False)
        except TRANSIENT_ERRORS as error:
            self._log_uncommitted(shard, feed, error)
        except asyncio.CancelledError:
            await shard.due.postpone(feed.id, 0)
            raise
        except Exception:
            # A fault of ours with one feed must not stop the others; the lease brings it back.
            logger.exception("feed %s: poll failed", feed.id)
        else:
            self._log_committed(shard)
            asked_seconds = result.retry_after_seconds
            if not (result.failure in SILENT_KINDS and self._connectivity.is_in_doubt):
                found = verdict_of_failure(result.failure)
            is_elsewhere = visit.last_host != visit.first_host
            self._remember_landing(feed, visit.last_origin if is_elsewhere else None)
            self._count(result)
        finally:
            visit.leave(found, time.monotonic() - began, asked_seconds)

    def _log_uncommitted(self, shard: Shard, feed: Feed, error: Exception) -> None:
        """Log once for all feeds of a shard that their polls cannot be committed."""
        number, reason = shard.keys.shard, str(error)
        if self._uncommitted.get(number) != reason:
            logger.warning(
                "feed %s: its poll is not committed and will be repeated, as those of others: %s",
                feed.id,
                reason,
            )
        self._uncommitted[number] = reason

    def _log_committed(self, shard: Shard) -> None:
        if self._uncommitted.pop(shard.keys.shard, None):
            logger.info("polls are committed again")

    async def _wait_without_slot(self, seconds: float) -> None:
        """Wait for a place that is one's own within a tick."""
        if seconds <= 0:
            return
        self._asleep += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._asleep -= 1

    async def _wait_for_host(self, shard: Shard, feed: Feed, busy: HostBusyError) -> None:
        """Give back a feed whose redirect leads to a host that has no place for it now."""
        self._remember_landing(feed, busy.origin)
        await self._give_back(shard, feed, busy.wait_seconds, waits=True)

    async def _give_back(self, shard: Shard, feed: Feed, seconds: float, *, waits: bool) -> None:
        try:
            await shard.due.give_back({feed.id: seconds}, waits=waits)
        except TRANSIENT_ERRORS as error:
            logger.debug("feed %s: not given back, its lease will end: %s", feed.id, error)

    def _remember_landing(self, feed: Feed, origin: str | None) -> None:
        self._lands_at.pop(feed.id, None)
        if origin is not None:
            self._lands_at[feed.id] = origin
            if len(self._lands_at) > _MAX_LANDINGS:
                del self._lands_at[next(iter(self._lands_at))]

    def _count(self, result: PollResult) -> None:
        self._progress.polls += 1
        self._progress.failed += result.error is not None
        self._progress.new_entries += result.new_entries


def _request(feed_id: str, origin: str, waited_for_host: bool) -> HostRequest:
    return HostRequest(feed_id, host_of_origin(origin), waited_for_host, origin)
