"""One look at each feed of a list, without Redis: whether it answers, and with a feed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.refusals import READABLE_STATUSES, describe_refusal
from ingest.model import Fetched, ParsedFeed
from ingest.parse.dispatch import read_document
from ingest.runtime.terminal import printable
from ingest.schedule.entry_limits import EntryLimits
from nabaa.errors import FetchError, ParseError
from nabaa.streams.keys import host_of


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What one look at a feed showed.

    Attributes:
        feed: which.
        parsed: its document, or None when it could not be had.
        note: why not, or where it has moved to and whether it was cut off; may be empty.
        elapsed_seconds: of the fetch.
    """

    feed: Feed
    parsed: ParsedFeed | None
    note: str
    elapsed_seconds: float


async def check_feeds(
    feeds: Sequence[Feed], settings: Settings, on_checked: Callable[[int], None]
) -> list[FeedCheck]:
    """Fetch and parse each feed once.

    Args:
        feeds: which; the result has their order.
        settings: limits and the address policy; no more than `host_concurrency` at one host.
        on_checked: called with 1 as soon as a feed is done.
    """
    limits = EntryLimits.of(settings)
    slots = asyncio.Semaphore(settings.fetch_concurrency)
    places: dict[str, asyncio.Semaphore] = {}

    async def check(feed: Feed, fetcher: Fetcher) -> FeedCheck:
        place = places.setdefault(host_of(feed.url), asyncio.Semaphore(settings.host_concurrency))
        async with place, slots:
            try:
                fetched = await fetcher.fetch(feed.id, feed.url, insecure_tls=feed.insecure_tls)
            except FetchError as error:
                return FeedCheck(feed, None, error.reason, 0.0)
            elapsed = fetched.elapsed_seconds
            if fetched.status not in READABLE_STATUSES:
                note = describe_refusal(fetched) or f"HTTP status {fetched.status}"
                return FeedCheck(feed, None, note + _where(fetched), elapsed)
            try:
                parsed = await asyncio.to_thread(read_document, fetched, feed, datetime.now(UTC))
            except ParseError as error:
                note = describe_refusal(fetched) or error.reason
                return FeedCheck(feed, None, note + _where(fetched), elapsed)
            notes = [*fetched.notices, *parsed.notices]
            if parsed.skipped:
                notes.append(f"items that say nothing: {parsed.skipped}")
            if fetched.moved_to:
                notes.append(f"moved to {fetched.moved_to}")
            if parsed.cut or not fetched.complete:
                notes.append("cut off before its end")
            if len(parsed.entries) > limits.at_once:
                notes.append(f"new, {limits.at_once} of its items are taken at once")
            return FeedCheck(feed, parsed, ", ".join(notes), elapsed)

    async def check_and_tell(feed: Feed, fetcher: Fetcher) -> FeedCheck:
        checked = await check(feed, fetcher)
        on_checked(1)
        return checked

    async with Fetcher(settings) as fetcher:
        return list(await asyncio.gather(*(check_and_tell(feed, fetcher) for feed in feeds)))


def _where(fetched: Fetched) -> str:
    """Return where an answer came from, where that is not the address of the feed."""
    return "" if fetched.final_url in (fetched.url, "") else f" (at {fetched.final_url})"


def show_checks(checks: Sequence[FeedCheck], console: Console) -> None:
    """Print a table of checks, and a summary: how many work, and why the others do not."""
    table = Table(
        "feed",
        "result",
        "format",
        "encoding",
        "items",
        "newest",
        "seconds",
        box=None,
        pad_edge=False,
    )
    for check in checks:
        note = printable(check.note)
        if check.parsed is None:
            table.add_row(check.feed.id, Text(note, "red"))
            continue
        dates = [entry.published for entry in check.parsed.entries if entry.published]
        table.add_row(
            check.feed.id,
            Text(f"works, {note}", "yellow") if note else Text("works", "green"),
            Text(printable(check.parsed.format)),
            Text(printable(check.parsed.encoding)),
            str(len(check.parsed.entries)),
            f"{max(dates):%Y-%m-%d %H:%M}Z" if dates else "no date",
            f"{check.elapsed_seconds:.2f}",
        )
    console.print(table)
    working = [check for check in checks if check.parsed is not None]
    colour = "green" if len(working) == len(checks) else "yellow"
    console.print(Text(f"{len(working)} of {len(checks)} feeds work", colour))
    if noted := sum(bool(check.note) for check in working):
        console.print(Text(f"{noted:4} of them with a note", "yellow"))
    reasons = Counter(check.note.partition(" (")[0] for check in checks if check.parsed is None)
    for reason, count in reasons.most_common():
        console.print(Text(f"{count:4} {printable(reason)}", "red"))
