"""The pages in flight: which of those that were taken begin, and what becomes of the others.

Like `ingest.inflight` for feeds. What an answer means is decided in `ingest.pages.answer`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from config.settings import Settings
from ingest.connectivity import (
    RETRY_SECONDS as OFFLINE_RETRY_SECONDS,
    SILENT_KINDS,
    Connectivity,
)
from ingest.fetch.hosts.limits import HostGate, HostRequest, HostVerdict
from ingest.fetch.hosts.names import host_of_address, is_own_machine, origin_of_address
from ingest.fetch.hosts.session import HostBusyError, HostSession
from ingest.pages.answer import PageTrouble
from ingest.pages.fetching import PageFetcher, is_fresh, read_copy
from ingest.pages.model import PageProgress, PageShard
from ingest.pages.turns import HostTurns
from ingest.streams.page_copies import PageCopies
from ingest.streams.page_troubles import Trouble
from ingest.streams.pages import PageJob
from ingest.streams.stored_page import StoredPage
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.tasks import start_logged

logger = logging.getLogger(__name__)

CLAIMED_SECONDS = 0.5
"""Time after which a page is looked at again that another shard is fetching."""

MOST_WAITS = 5
"""So many times `page_wait_seconds` an article waits where its page has a turn to come."""

LONGEST_AGE_SECONDS = 6 * 3600.0
"""Time after which a page is given up whose host has let nobody in."""

_TOO_OLD = PageTrouble("busy", "its host has let nobody in for six hours")
_MOST_TOLD = 10_000


@dataclass(frozen=True, slots=True)
class _Try:
    """One try at a page.

    Attributes:
        shard: shard whose entries wait for it.
        job: page that is asked for.
        number: number of the try.
        copy: page as it was fetched last, or None.
        visit: its places at hosts.
        wait_seconds: time until its place at the host is free.
    """

    shard: PageShard
    job: PageJob
    number: int
    copy: StoredPage | None
    visit: HostSession
    wait_seconds: float


class PageRunner:
    """Fetches pages beside each other.

    Args:
        settings: numbers of tries and of pages in flight, waits.
        fetcher: fetches one page.
        gate: lets requests in to hosts.
        copies: pages that were fetched lately, for all shards.
        connectivity: says whether hosts that do not answer can be blamed.
        progress: counts of this process, which are kept up to date.
    """

    def __init__(
        self,
        settings: Settings,
        fetcher: PageFetcher,
        gate: HostGate,
        copies: PageCopies,
        connectivity: Connectivity,
        progress: PageProgress,
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._gate = gate
        self._copies = copies
        self._connectivity = connectivity
        self._progress = progress
        self._turns = HostTurns(settings.host_gap_seconds)
        self._tries: set[asyncio.Task[None]] = set()
        self._told: dict[tuple[str, str], None] = {}

    @property
    def free_slots(self) -> int:
        """The number of pages that may be begun now."""
        return self._settings.page_concurrency - len(self._tries)

    async def wait_for_any(self) -> None:
        """Wait until a page in flight has ended; there must be one."""
        await asyncio.wait(self._tries, return_when=asyncio.FIRST_COMPLETED)

    async def end(self) -> None:
        """End the tries in flight: each gives its page back, so that the next start goes on."""
        tries = list(self._tries)
        for each in tries:
            each.cancel()
        await asyncio.gather(*tries, return_exceptions=True)

    async def start(self, shard: PageShard, jobs: Sequence[PageJob]) -> None:
        """Begin those pages whose host has a place, and give the others back.

        Args:
            shard: that they were taken from.
            jobs: leased pages.

        Raises:
            redis.exceptions.RedisError: Redis cannot be used; the leases bring the pages back.
        """
        self._turns.begin_round()
        back: dict[str, float] = {}
        in_turn: dict[str, float] = {}
        asking: list[tuple[PageJob, StoredPage | None]] = []
        claims = await self._copies.claim(shard.keys.shard, jobs)
        for job, claim in zip(jobs, claims, strict=True):
            copy = read_copy(claim.copy)
            if copy is not None and is_fresh(copy, job):
                await self._settle(shard, job, claim.copy)
                if claim.is_own:
                    await self._copies.leave(job)
            elif job.age_seconds > LONGEST_AGE_SECONDS:
                await self._give_up(shard, job, _TOO_OLD)
            elif not claim.is_own:
                back[job.name] = CLAIMED_SECONDS
            elif wait := self._turns.take(host_of_address(job.url), waited=job.waited_for_host):
                back[job.name] = wait
                in_turn |= self._wait_for_turn(job, wait)
            else:
                asking.append((job, copy))
        await shard.queue.wait_on(in_turn)
        await shard.queue.give_back(back, waits=False)
        await self._begin(shard, asking)

    def _wait_for_turn(self, job: PageJob, turn_seconds: float) -> dict[str, float]:
        """Return how long the article of a page is to wait, by its name, where its turn may come.

        Of many articles of one host the last pages are asked for minutes later, and nobody is
        helped who gets each of those twice: the wait counts from the turn.
        """
        wait = self._settings.page_wait_seconds
        left = MOST_WAITS * wait - job.age_seconds
        return {job.name: min(turn_seconds + wait, left)} if turn_seconds < left else {}

    async def _begin(
        self, shard: PageShard, asking: Sequence[tuple[PageJob, StoredPage | None]]
    ) -> None:
        """Ask for places at hosts, and begin the tries that have one."""
        requests = [_request(job) for job, _ in asking]
        admissions = await self._gate.admit(requests)
        numbers = await shard.queue.begin(
            [
                job.name
                for (job, _), admission in zip(asking, admissions, strict=True)
                if admission.own_place
            ]
        )
        waits: dict[str, float] = {}
        for (job, copy), request, admission in zip(asking, requests, admissions, strict=True):
            self._turns.promise(request.host, admission.wait_seconds)
            if not admission.own_place:
                waits[job.name] = admission.wait_seconds
                continue
            visit = HostSession(self._gate, request, job.entries[0].feed.url)
            number = numbers.get(job.name, 0)
            if not number:
                visit.leave("unseen")  # another process has settled it
                continue
            each = _Try(shard, job, number, copy, visit, admission.wait_seconds)
            task = start_logged(f"the page {job.url}", self._run(each))
            self._tries.add(task)
            task.add_done_callback(self._tries.discard)
        await shard.queue.give_back(waits, waits=True)

    async def _run(self, each: _Try) -> None:
        shard, job = each.shard, each.job
        try:
            if each.number > self._settings.page_attempts:
                # Its tries ended neither well nor badly: the processes that made them died.
                each.visit.leave("unseen")
                trouble = PageTrouble("other", "no process that asked finished")
                await self._give_up(shard, job, trouble)
                return
            result = await self._ask(each)
            if isinstance(result, PageTrouble):
                await self._on_trouble(each, result)
            else:
                await self._copies.keep(job, result)
                await self._settle(shard, job, result, is_new=True)
        except HostBusyError as busy:
            with suppress(*TRANSIENT_ERRORS):  # then the lease brings it back
                await shard.queue.take_back(job.name, busy.wait_seconds, waits=True)
        except TRANSIENT_ERRORS as error:
            logger.debug(
                "page %s: it is fetched again, for Redis cannot be used: %s", job.url, error
            )
        except asyncio.CancelledError:
            with suppress(*TRANSIENT_ERRORS):
                await shard.queue.take_back(job.name, 0, waits=False)
            raise
        finally:
            with suppress(*TRANSIENT_ERRORS):
                await self._copies.leave(job)

    async def _ask(self, each: _Try) -> bytes | PageTrouble:
        """Ask for a page, and leave its host as it was found."""
        found: HostVerdict = "unseen"
        asked_seconds = 0.0
        began = time.monotonic() + each.wait_seconds
        try:
            await asyncio.sleep(each.wait_seconds)
            result = await self._fetcher.fetch(each.job, each.copy, each.visit.enter)
            if isinstance(result, PageTrouble):
                found, asked_seconds = self._verdict(result), result.wait_seconds
            else:
                found = "up"
                self._connectivity.report_answer(host_of_address(each.job.url))
            return result
        finally:
            each.visit.leave(found, time.monotonic() - began, asked_seconds)

    async def _settle(
        self, shard: PageShard, job: PageJob, page: bytes, *, is_new: bool = False
    ) -> None:
        is_archived = is_new and self._settings.page_archive_length > 0
        sent = await shard.queue.settle(job.name, page, is_archived=is_archived)
        self._progress.fetched += sent >= 0

    async def _on_trouble(self, each: _Try, trouble: PageTrouble) -> None:
        """Ask again later where that makes sense, else let the entries go as they are."""
        host = host_of_address(each.job.url)
        if trouble.kind in SILENT_KINDS:
            if self._connectivity.is_offline and not is_own_machine(host):
                await each.shard.queue.take_back(each.job.name, OFFLINE_RETRY_SECONDS, waits=False)
                return
        else:
            self._connectivity.report_answer(host)
        self._progress.failed += 1
        settings = self._settings
        if not trouble.may_pass or each.number >= settings.page_attempts:
            await self._give_up(each.shard, each.job, trouble)
            return
        backoff = settings.retry_base_seconds * 2.0 ** (each.number - 1)
        wait = max(trouble.wait_seconds, min(backoff, settings.retry_max_seconds))
        # Nobody waits for another try: a page that comes then is an update.
        self._progress.released += await each.shard.queue.release(each.job.name)
        await each.shard.queue.give_back({each.job.name: wait}, waits=False)
        await self._tell(each.shard, each.job, trouble)

    async def _give_up(self, shard: PageShard, job: PageJob, trouble: PageTrouble) -> None:
        sent = await shard.queue.settle(job.name, b"")
        self._progress.given_up += sent >= 0
        await self._tell(shard, job, trouble)

    async def _tell(self, shard: PageShard, job: PageJob, trouble: PageTrouble) -> None:
        """Tell why pages of a feed bring no text: in the status, and a reason once in the log."""
        feed_id = job.entries[0].feed.id
        kept = Trouble(trouble.kind, trouble.reason, job.url, datetime.now(UTC))
        await shard.troubles.tell([(feed_id, kept)])
        key = (feed_id, trouble.kind)
        level = logging.DEBUG if key in self._told else logging.WARNING
        self._told[key] = None
        if len(self._told) > _MOST_TOLD:
            del self._told[next(iter(self._told))]
        logger.log(
            level, "feed %s: the page %s brings no text: %s", feed_id, job.url, trouble.reason
        )

    def _verdict(self, trouble: PageTrouble) -> HostVerdict:
        """Return what a page says of the host that was asked last.

        A host that answers is not down, whatever is wrong with one page: a feed chooses which pages
        are asked for, and must not have the host of another feed left alone.
        """
        if trouble.kind in SILENT_KINDS:
            in_doubt = self._connectivity.is_in_doubt
            is_answer = trouble.reason.startswith("HTTP status")
            return "unseen" if in_doubt or is_answer else "down"
        if trouble.kind == "busy" or (trouble.kind == "bot_check" and trouble.wait_seconds):
            return "busy"
        return "unseen" if trouble.kind in ("robots", "other") else "up"


def _request(job: PageJob) -> HostRequest:
    host = host_of_address(job.url)
    return HostRequest(job.name, host, job.waited_for_host, origin_of_address(job.url))
