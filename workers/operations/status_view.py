"""The state of the wire as tables for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.runtime.terminal import printable
from nabaa.subscriber.losses import describe_loss
from workers.operations.status_model import (
    RATE_MINUTES,
    RATES,
    FailingFeed,
    GroupStatus,
    HeldHost,
    PagesStatus,
    StoriesStatus,
    WireStatus,
)

FAILING_SHOWN = 20
NO_FEEDS = (
    "no feeds are registered: no ingest has run on this Redis, or it was emptied (an ingest that "
    "runs registers its feeds again within a minute)"
)


def print_status(status: WireStatus, console: Console) -> None:
    """Print the status as tables.

    Args:
        status: the state to print; nothing in it can command the terminal.
        console: destination of the tables.
    """
    for fault in status.server_faults:
        console.print(Text(printable(f"the server: {fault}"), "yellow"))
    _print_counts(status, console)
    _print_stories(status.stories, console)
    _print_subscribers(status, console)
    _print_feeds(status, console)
    crowded = [[feed_id, str(count)] for feed_id, count in sorted(status.withheld.items())]
    _print_table(console, ("feed over its share", "new entries left to later polls"), crowded)
    odd = [
        [feed_id, printable("; ".join(said))] for feed_id, said in sorted(status.notices.items())
    ]
    _print_table(console, ("feed with odd documents", "what was mended or left out"), odd)
    _print_pages(status.pages, console)
    _print_hosts(status.held_hosts, status.at, console)


def _print_counts(status: WireStatus, console: Console) -> None:
    heads = ("feeds", "due", "late", "failing", "waiting", "working", "articles", "dead")
    of_feeds = (status.feeds, status.due, status.late, len(status.failing))
    counts = (*of_feeds, status.waiting, status.working, status.articles, status.dead)
    _print_table(console, heads, [[str(count) for count in counts]])
    if not status.feeds:
        console.print(NO_FEEDS)
    if status.late:
        seconds = status.longest_wait_seconds
        console.print(f"the most overdue feed has been waiting for {seconds:.0f} s")
    if status.articles:
        size = status.article_bytes
        per_article = f"{size / status.articles / 1e3:.1f} KB each"
        console.print(f"the articles take {size / 1e6:.1f} MB in Redis, {per_article}")
    by_minutes = [
        [f"{minutes} min", *(str(status.rates[kind][minutes]) for kind in RATES)]
        for minutes in RATE_MINUTES
    ]
    _print_table(console, ("in the last", *RATES), by_minutes)


def _print_stories(stories: StoriesStatus, console: Console) -> None:
    heads = ("stories open", "events", "articles placed", "lag", "behind by", "at work")
    lag = "?" if stories.lag is None else str(stories.lag)
    row = [
        *(str(stories.open), str(stories.events), str(stories.placed), lag),
        *(f"{stories.lag_seconds:.0f} s", stories.holder or "nobody"),
    ]
    if stories != StoriesStatus():
        _print_table(console, heads, [row])
    if stories.lost:
        console.print(f"trimmed before they were placed: articles {stories.lost}")


def _print_subscribers(status: WireStatus, console: Console) -> None:
    lengths = [[name, str(length)] for name, length in status.subscriptions.items()]
    _print_table(console, ("subscription", "articles"), lengths)
    heads = ("group", "stream", "consumers", "unacknowledged", "lag", "dead")
    groups = [
        [
            group.name,
            group.stream,
            str(group.consumers),
            str(group.pending),
            _lag(group),
            str(group.dead),
        ]
        for group in status.groups
    ]
    _print_table(console, heads, groups)
    losses = [
        (group.name, group.stream, describe_loss(group.lost))
        for group in status.groups
        if group.lost
    ]
    _print_table(console, ("slower than the trimming", "stream", "last loss"), losses)


def _print_feeds(status: WireStatus, console: Console) -> None:
    worst = status.failing[:FAILING_SHOWN]
    rows = [_failing_row(feed, status.at) for feed in worst]
    _print_table(console, ("failing feed", "times", "again at", "why"), rows)
    if (others := len(status.failing) - len(worst)) > 0:
        console.print(f"and {others} more; --json has all")
    reasons = [[kind, str(count)] for kind, count in status.reasons.items()]
    _print_table(console, ("failing because", "feeds"), reasons)
    ended = [[feed.feed_id, feed.error] for feed in status.ended[:FAILING_SHOWN]]
    _print_table(console, (f"ended, {len(status.ended)} in all", "why"), ended)
    _print_table(console, ("paused feed",), [[feed_id] for feed_id in status.paused])


def _print_pages(pages: PagesStatus, console: Console) -> None:
    counts = [[str(pages.waiting), str(pages.late)]] if pages.waiting or pages.late else []
    _print_table(console, ("pages that entries wait for", "pages for updates"), counts)
    rows = [
        [each.feed_id, str(each.times), each.last.kind, f"{each.last.reason}: {each.last.url}"]
        for each in pages.troubles[:FAILING_SHOWN]
    ]
    named = f"feed whose pages bring no text, {len(pages.troubles)} in all"
    heads = (named, "times", "kind", "why")
    _print_table(console, heads, rows)


def _print_hosts(hosts: Sequence[HeldHost], now: datetime, console: Console) -> None:
    rows = [[host.host, host.why, _when(host.until, now)] for host in hosts[:FAILING_SHOWN]]
    _print_table(console, (f"host not polled now, {len(hosts)} in all", "why", "until"), rows)


def _failing_row(feed: FailingFeed, now: datetime) -> list[str]:
    return [feed.feed_id, str(feed.failures), _when(feed.next_due, now), feed.error]


def _when(instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return ""
    far = instant - now >= timedelta(days=1)
    return f"{instant:%Y-%m-%d %H:%M}Z" if far else f"{instant:%H:%M:%S}Z"


def _lag(group: GroupStatus) -> str:
    return "?" if group.lag is None else str(group.lag)


def _print_table(console: Console, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, unless it would be empty; a cell may hold what a server said."""
    if rows:
        table = Table(*heads, box=None, title=None, pad_edge=False)
        for row in rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        console.print(table)
        console.print()
