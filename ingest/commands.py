"""The commands that keep the feed list: list, add, remove, check, import and export."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.errors import ConfigError, NabaaError
from config.feedlist import load_feeds, save_feeds
from config.opml import read_opml, write_opml
from config.settings import Settings
from config.types import Feed
from ingest.fetch import Fetcher
from ingest.parse import parse_feed
from ingest.types import ParsedFeed


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What one look at a feed showed.

    Attributes:
        feed: which.
        parsed: its document, or None when it could not be had.
        problem: why not, or an empty string.
        elapsed_seconds: of the fetch.
    """

    feed: Feed
    parsed: ParsedFeed | None
    problem: str
    elapsed_seconds: float


async def check_feeds(feeds: Sequence[Feed], settings: Settings) -> list[FeedCheck]:
    """Fetch and parse each feed once, without Redis.

    Args:
        feeds: which; the result has their order.
        settings: limits and the address policy.
    """
    slots = asyncio.Semaphore(settings.fetch_concurrency)

    async def check(feed: Feed, fetcher: Fetcher) -> FeedCheck:
        async with slots:
            try:
                fetched = await fetcher.fetch(feed.id, feed.url)
                if fetched.status != 200:
                    problem = f"HTTP status {fetched.status}"
                    return FeedCheck(feed, None, problem, fetched.elapsed_seconds)
                parsed = await asyncio.to_thread(parse_feed, fetched, feed, datetime.now(UTC))
            except NabaaError as error:
                reason = getattr(error, "reason", str(error))
                return FeedCheck(feed, None, reason, 0.0)
            moved = f"moved to {fetched.moved_to}" if fetched.moved_to else ""
            return FeedCheck(feed, parsed, moved, fetched.elapsed_seconds)

    async with Fetcher(settings) as fetcher:
        return list(await asyncio.gather(*(check(feed, fetcher) for feed in feeds)))


def show_checks(checks: Sequence[FeedCheck], console: Console) -> None:
    """Print a table of checks and a line that counts them."""
    table = Table("feed", "result", "format", "encoding", "items", "newest", "seconds")
    for check in checks:
        parsed = check.parsed
        if parsed is None:
            table.add_row(check.feed.id, f"[red]{_safe(check.problem)}[/red]")
            continue
        newest = max((e.published for e in parsed.entries if e.published), default=None)
        table.add_row(
            check.feed.id,
            _safe(check.problem) or "[green]works[/green]",
            parsed.format,
            parsed.encoding,
            str(len(parsed.entries)),
            f"{newest:%Y-%m-%d %H:%M}Z" if newest else "no date",
            f"{check.elapsed_seconds:.2f}",
        )
    console.print(table)
    working = sum(check.parsed is not None for check in checks)
    console.print(f"{working} of {len(checks)} feeds work")


def show_feeds(feeds: Sequence[Feed], console: Console) -> None:
    """Print the feed list as a table."""
    table = Table("id", "outlet", "country", "language", "topic", "address")
    for feed in feeds:
        table.add_row(
            feed.id, _safe(feed.outlet), feed.country, feed.language, feed.topic, _safe(feed.url)
        )
    console.print(table)
    countries = {feed.country for feed in feeds}
    console.print(f"{len(feeds)} feeds, {len(countries)} countries")


def import_feeds(source: Path, feeds_file: Path) -> tuple[int, int]:
    """Add the feeds of a YAML or OPML file to the list; those it has already are left alone.

    Args:
        source: OPML when its name ends in `.opml` or `.xml`, else YAML.
        feeds_file: the list; made when it does not exist.

    Returns:
        How many were added and how many were known.

    Raises:
        ConfigError: either file is wrong or cannot be read or written.
    """
    incoming = _read(source)
    current = load_feeds(feeds_file) if feeds_file.exists() else []
    ids, urls = {feed.id for feed in current}, {feed.url for feed in current}
    new = [feed for feed in incoming if feed.id not in ids and feed.url not in urls]
    if new:
        save_feeds(feeds_file, [*current, *new])
    return len(new), len(incoming) - len(new)


def export_feeds(feeds: Sequence[Feed], target: Path) -> None:
    """Write the list as OPML when the name ends in `.opml` or `.xml`, else as YAML.

    Raises:
        ConfigError: the file cannot be written.
    """
    if _is_opml(target):
        try:
            target.write_bytes(write_opml(list(feeds)))
        except OSError as error:
            raise ConfigError(f"{target}: cannot be written: {error.strerror}") from error
    else:
        save_feeds(target, list(feeds))


def _read(source: Path) -> list[Feed]:
    if not _is_opml(source):
        return load_feeds(source)
    try:
        return read_opml(source.read_bytes(), str(source))
    except OSError as error:
        raise ConfigError(f"{source}: cannot be read: {error.strerror}") from error


def _is_opml(path: Path) -> bool:
    return path.suffix.lower() in (".opml", ".xml")


def _safe(text: str) -> str:
    """Return text that the console does not take for markup."""
    return text.replace("[", r"\[")
