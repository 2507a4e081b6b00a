"""The commands that keep the feed list: list, add, remove, check, discover, import and export.

How the list is written is `config`'s part, what a look at a feed shows `ingest.feed_check`'s, what
a site has `ingest.discovery.search`'s.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from config.model import Feed
from nabaa.errors import ConfigError, without_credentials

# What is slow to import (YAML, HTTP, tables) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

feeds_app = typer.Typer(no_args_is_help=True)


@feeds_app.callback()
def _feeds() -> None:
    """Keep the feed list.

    The list is the YAML file named by NABAA_FEEDS_FILE, by default the one that ships with nabaa;
    docs/feeds.md has the format. A running daemon takes a changed list over within seconds, and
    keeps the old one where the new one has a mistake.
    """


@feeds_app.command("list")
def list_feeds() -> None:
    """Show the feed list as a table.

    \b
    Example:
        nabaa feeds list | grep sport

    Exit status: 0; 2 when the list cannot be read or has mistakes, each named with its line.
    """
    from rich.table import Table
    from rich.text import Text

    from config.feed_list import load_feeds
    from ingest.runtime.session import load_settings_and_log
    from ingest.runtime.terminal import open_console

    feeds = load_feeds(load_settings_and_log().feeds_file)
    heads = ("id", "outlet", "country", "language", "topic", "address", "checked", "note")
    table = Table(*heads, box=None, pad_edge=False)
    for feed in feeds:
        url = without_credentials(feed.url)
        checked = feed.checked or "unverified"
        row = (feed.id, feed.outlet, feed.country, feed.language, feed.topic, url)
        table.add_row(*map(Text, (*row, checked, feed.note)))
    console = open_console()
    console.print(table)
    console.print(f"{len(feeds)} feeds, {len({feed.country for feed in feeds})} countries")


@feeds_app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the feed.")],
    outlet: Annotated[str, typer.Option(help="Who publishes it; default: its title.")] = "",
    title: Annotated[str, typer.Option(help="What it is called; default: its outlet.")] = "",
    country: Annotated[
        str, typer.Option(help="ISO 3166 code of the outlet, XX for a pan-Arab one.")
    ] = "XX",
    timezone: Annotated[str, typer.Option(help="Zone of dates that name none.")] = "UTC",
    language: Annotated[str, typer.Option(help="Language it is expected to be in.")] = "ar",
    topic: Annotated[str, typer.Option(help="One word.")] = "news",
    tag: Annotated[list[str] | None, typer.Option(help="A free word; any number.")] = None,
    interval: Annotated[
        int | None, typer.Option(help="Seconds between polls, in place of the default.")
    ] = None,
    feed_id: Annotated[
        str, typer.Option("--id", help="Names the feed for good; default: made of the address.")
    ] = "",
) -> None:
    """Add a feed to the list.

    The rest of the file stays as it is, comments and all; a file that is missing is made.

    \b
    Example:
        nabaa feeds add https://example.org/rss.xml --outlet "صحيفة المثال" \\
            --country EG --timezone Africa/Cairo --tag daily

    Exit status: 0; 2 when the feed is not fit for the list or already in it.
    """
    from config.feed_list import add_feed, feed_id_from_url, save_feeds
    from ingest.runtime.session import load_settings_and_log

    feed = Feed(
        id=feed_id or feed_id_from_url(url),
        url=url,
        title=title or outlet or url,
        outlet=outlet or title or url,
        country=country,
        timezone=timezone,
        language=language,
        topic=topic,
        tags=tuple(tag or ()),
        interval_seconds=interval,
    )
    path = load_settings_and_log().feeds_file
    if path.exists():
        add_feed(path, feed)
    else:
        save_feeds(path, [feed])
    typer.echo(f"added {feed.id} to {path}")


@feeds_app.command()
def remove(
    feed_id: Annotated[str, typer.Argument(metavar="ID", help="Its id, as `feeds list` shows it.")],
) -> None:
    """Take a feed out of the list.

    The rest of the file stays as it is. What is remembered of it is kept for
    NABAA_SEEN_RETENTION_SECONDS: a feed that comes back within that time delivers nothing twice.

    \b
    Example:
        nabaa feeds remove example.org-rss.xml-0123456789

    Exit status: 0; 2 when no such feed is in the list.
    """
    from config.feed_list import remove_feed
    from ingest.runtime.session import load_settings_and_log

    path = load_settings_and_log().feeds_file
    remove_feed(path, feed_id)
    typer.echo(f"removed {feed_id} from {path}")


@feeds_app.command()
def check(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Of feeds; default: all.")
    ] = None,
) -> None:
    """Fetch every feed once and show what came.

    A line for each feed, then how many work and why the others do not. It needs no Redis and
    changes nothing.

    \b
    Example:
        nabaa feeds check
        nabaa feeds check aljazeera.net-0123456789

    Exit status: 0 when every feed works; 1 when one does not; 2 when the list has mistakes or an id
    is not in it.
    """
    from config.feed_list import load_feeds
    from ingest.feed_check import check_feeds, show_checks
    from ingest.runtime.session import load_settings_and_log
    from ingest.runtime.terminal import open_console, show_progress

    settings = load_settings_and_log()
    feeds = load_feeds(settings.feeds_file)
    unknown = sorted(set(ids or ()) - {feed.id for feed in feeds})
    if unknown:
        raise ConfigError(f"{settings.feeds_file}: no feed has the id {', '.join(unknown)}")
    chosen = [feed for feed in feeds if not ids or feed.id in ids]
    with show_progress("feeds", len(chosen)) as advance:
        checks = asyncio.run(check_feeds(chosen, settings, advance))
    show_checks(checks, open_console())
    if any(each.parsed is None for each in checks):
        raise typer.Exit(1)


@feeds_app.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any page of the site, or a feed.")],
) -> None:
    """Find the feeds of a site and print entries for the list.

    Every feed that is printed has been fetched and read. Looked at are the page, what it links to,
    common places where it links to none, and the news sitemaps of robots.txt, which is obeyed: at
    most 40 addresses, one a second (NABAA_HOST_GAP_SECONDS). Nothing is changed; what you want,
    paste into the list.

    \b
    Example:
        nabaa feeds discover https://example.org >> candidates.yaml

    Exit status: 0 when feeds were found; 1 when none was; 2 when the address does not answer.
    """
    from config.feed_list import load_feeds
    from ingest.discovery.proposal import Discovery, nothing_found, proposals
    from ingest.discovery.search import discover_feeds
    from ingest.fetch.fetcher import Fetcher
    from ingest.runtime.session import load_settings_and_log

    settings = load_settings_and_log()
    listed = load_feeds(settings.feeds_file) if settings.feeds_file.exists() else []
    start = url if "://" in url else f"https://{url}"

    async def look() -> Discovery:
        async with Fetcher(settings) as fetcher:
            return await discover_feeds(start, fetcher, settings.host_gap_seconds)

    discovery = asyncio.run(look())
    if not discovery.found:
        typer.echo(nothing_found(discovery), err=True)
        raise typer.Exit(1)
    typer.echo(proposals(discovery, listed), nl=False)


@feeds_app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="OPML (.opml, .xml) or YAML.")],
) -> None:
    """Add the feeds of an OPML or YAML file.

    Those whose address is in the list already are left alone.

    \b
    Example:
        nabaa feeds import subscriptions.opml

    Exit status: 0; 2 when either file has mistakes, each named with its line: then nothing is
    added.
    """
    from config.feed_list import add_feeds, load_feeds, save_feeds
    from config.feed_rules import address_key
    from ingest.runtime.session import load_settings_and_log

    path = load_settings_and_log().feeds_file
    incoming = _read(file)
    listed = load_feeds(path) if path.exists() else []
    addresses = {address_key(feed.url) for feed in listed}
    new = [feed for feed in incoming if address_key(feed.url) not in addresses]
    taken = {feed.id: feed.url for feed in listed}
    for feed in new:
        if feed.id in taken:
            raise ConfigError(
                f'{file}: feed "{feed.id}" has the address {without_credentials(feed.url)}, and '
                f"the list has that id for {without_credentials(taken[feed.id])}; give one of "
                "them another id"
            )
    if path.exists():
        add_feeds(path, new)
    else:
        save_feeds(path, new)
    typer.echo(f"{len(new)} feeds added to {path}, {len(incoming) - len(new)} were in it already")


@feeds_app.command("export")
def export_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="OPML (.opml, .xml) or YAML.")],
) -> None:
    """Write the feed list as OPML or YAML.

    Every feed reader takes OPML, and nothing is lost on the way back: nabaa's own fields ride along
    in a namespace.

    \b
    Example:
        nabaa feeds export feeds.opml

    Exit status: 0; 2 when the list has mistakes or the file cannot be written.
    """
    from config.feed_list import load_feeds, save_feeds
    from config.opml import write_opml
    from ingest.runtime.session import load_settings_and_log

    feeds = load_feeds(load_settings_and_log().feeds_file)
    if not _is_opml(file):
        save_feeds(file, feeds)
    else:
        try:
            file.write_bytes(write_opml(feeds))
        except OSError as error:
            raise ConfigError(f"{file}: cannot be written: {error.strerror}") from error
    typer.echo(f"{len(feeds)} feeds written to {file}")


def _read(file: Path) -> list[Feed]:
    from config.feed_list import load_feeds
    from config.opml import read_opml

    if not _is_opml(file):
        return load_feeds(file)
    try:
        return read_opml(file.read_bytes(), str(file))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error


def _is_opml(path: Path) -> bool:
    return path.suffix.lower() in (".opml", ".xml")
