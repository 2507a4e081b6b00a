"""The composition root and command line: the only file that knows both sides of the wire."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal

import typer
from redis.asyncio import Redis
from rich.console import Console

import ingest.commands as feed_commands
from config.errors import ConfigError, NabaaError, QueueError
from config.feedlist import add_feed, feed_id_from_url, load_feeds, remove_feed
from config.settings import Settings, load_settings, settings_table
from config.types import Feed
from ingest.service import IngestService
from ingest.streams.connection import PASSING_ERRORS, connect, shown
from ingest.streams.embedded import EmbeddedServer, embedded_url

logger = logging.getLogger("nabaa")
PROGRESS_SECONDS = 10.0
STOP_SECONDS = 4.0
HEARTBEAT_SECONDS = 5.0

app = typer.Typer(
    help="نبأ — an Arabic news wire: feeds in, articles with entities out on a Redis stream.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
feeds_app = typer.Typer(help="Keep the feed list (NABAA_FEEDS_FILE).", no_args_is_help=True)
app.add_typer(feeds_app, name="feeds")


def main() -> None:
    """Run the command line; a mistake that a person can mend is one sentence and exit status 1."""
    try:
        app()
    except NabaaError as error:
        sys.stderr.write(f"nabaa: {error}\n")
        sys.exit(1)


# ---- the daemon -------------------------------------------------------------------------------


@app.command()
def run(
    quiet: Annotated[bool, typer.Option(help="do not print the articles")] = False,
) -> None:
    """Run everything in one process: scheduler, fetchers, workers, and print what arrives.

    Without NABAA_REDIS_URL an embedded Valkey is started in the data folder (NABAA_DATA_DIR);
    other commands started in the same folder find it. Ctrl-C stops it and loses nothing.
    """
    settings = _start()
    if settings.redis_url:
        _run_services(settings, settings.redis_url, ("ingest", "work"), show=not quiet)
    else:
        with EmbeddedServer(settings.data_dir) as server:
            _run_services(settings, server.url, ("ingest", "work"), show=not quiet)


@app.command("ingest")
def ingest_command() -> None:
    """Poll feeds and put new entries on the queue; any number of these share the feeds."""
    settings = _start()
    _run_services(settings, _url(settings), ("ingest",))


@app.command()
def work() -> None:
    """Make articles of queued entries and publish them; any number of these share the queue."""
    settings = _start()
    _run_services(settings, _url(settings), ("work",))


Service = Literal["ingest", "work"]


def _run_services(
    settings: Settings, url: str, services: tuple[Service, ...], show: bool = False
) -> None:
    async def body(client: Redis, stop: asyncio.Event) -> None:
        running: list[Coroutine[Any, Any, None]] = []
        lines: list[Callable[[], str]] = []
        if "ingest" in services:
            feeds = load_feeds(settings.feeds_file)
            ingest = IngestService(settings, client, feeds, url, Random())
            running.append(ingest.run(stop))
            lines.append(lambda: _ingest_line(ingest, len(feeds)))
        if "work" in services:
            running.append(_work(settings, client, url, lines, stop))
        if show:
            running.append(_show_articles(settings, client, stop))
        running.append(_show_progress(lines, stop))
        if settings.heartbeat_file:
            running.append(_beat(settings.heartbeat_file, stop))
        tasks = [asyncio.create_task(coroutine) for coroutine in running]
        await _until_stopped(tasks, stop)

    _run_async(url, body)


async def _until_stopped(tasks: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """Wait for `stop`, then for the tasks, but not for long; the first error ends them all."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.wait([*tasks, stopping])
    for task in tasks:
        if not task.cancelled():
            task.result()


async def _work(
    settings: Settings,
    client: Redis,
    url: str,
    lines: list[Callable[[], str]],
    stop: asyncio.Event,
) -> None:
    # These load models: off the loop, so that polling begins meanwhile.
    from workers.article import ArticleMaker  # noqa: PLC0415
    from workers.recognise.choice import load_recogniser  # noqa: PLC0415
    from workers.service import WorkerService  # noqa: PLC0415

    recogniser = await asyncio.to_thread(load_recogniser, settings.recogniser)
    if settings.recogniser == "camel":
        # It takes seconds for an article, and a batch at hand is finished before a stop.
        settings = settings.model_copy(update={"batch_size": 1})
    worker = WorkerService(settings, client, ArticleMaker(recogniser, settings.languages), url)
    lines.append(
        lambda: (
            f"workers: {worker.progress.published} articles published, "
            f"{worker.progress.failed} attempts failed, {worker.progress.buried} dead"
        )
    )
    await worker.run(stop)


def _ingest_line(ingest: IngestService, feeds: int) -> str:
    progress = ingest.progress
    paused = ", paused until the workers catch up" if progress.paused else ""
    return (
        f"feeds: {feeds} listed, {progress.polls} polls, {progress.failed} failed, "
        f"{progress.new_entries} new entries{paused}"
    )


async def _show_progress(lines: list[Callable[[], str]], stop: asyncio.Event) -> None:
    """Log a line of progress when it has changed."""
    last = ""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PROGRESS_SECONDS)
        line = " · ".join(part() for part in lines)
        if line != last:
            logger.info("%s", line)
        last = line


async def _beat(file: Path, stop: asyncio.Event) -> None:
    """Touch a file as long as the loop turns: a health check looks at its age."""
    while not stop.is_set():
        file.touch()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), HEARTBEAT_SECONDS)


async def _show_articles(settings: Settings, client: Redis, stop: asyncio.Event) -> None:
    from workers.commands import tail as follow_articles  # noqa: PLC0415

    console = Console()
    while not stop.is_set():
        try:
            await follow_articles(client, settings.shards, 0, console, stop)
        except PASSING_ERRORS:
            # The services say that Redis is away; the eye only has to wait.
            await asyncio.sleep(1.0)


# ---- reading the wire -------------------------------------------------------------------------


@app.command()
def tail(
    last: Annotated[int, typer.Option("-n", "--last", help="begin with this many")] = 5,
) -> None:
    """Show articles as they arrive, with their entities in colour."""
    from workers.commands import tail as follow_articles  # noqa: PLC0415

    settings = _start()

    async def body(client: Redis, stop: asyncio.Event) -> None:
        await follow_articles(client, settings.shards, last, Console(), stop)

    _run_async(_url(settings), body)


@app.command()
def subscribe(
    group: Annotated[str, typer.Option("-g", "--group", help="name of the subscriber")],
    consumer: Annotated[str, typer.Option(help="name of this reader in the group")] = "",
    start: Annotated[
        str, typer.Option("--from", help="where a new group begins: beginning or now")
    ] = "beginning",
) -> None:
    """Write each article as a line of JSON; it is acknowledged after its line was written."""
    from workers.commands import subscribe as read_articles  # noqa: PLC0415

    settings = _start()
    if start not in ("beginning", "now"):
        raise ConfigError(f"--from is beginning or now, not {start!r}")
    begin: Literal["beginning", "now"] = "now" if start == "now" else "beginning"

    async def body(client: Redis, stop: asyncio.Event) -> None:
        name = consumer or socket.gethostname()
        await read_articles(client, settings.shards, group, name, begin, sys.stdout, stop)

    _run_async(_url(settings), body)


@app.command()
def status() -> None:
    """Show feeds due, late and failing, the backlog, subscriber groups and rates."""
    from workers.status import read_status, show_status  # noqa: PLC0415

    settings = _start()

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        show_status(await read_status(client, settings.shards), Console())

    _run_async(_url(settings), body)


# ---- without Redis ----------------------------------------------------------------------------


@app.command()
def extract(
    file: Annotated[str, typer.Argument(help="a text or HTML file, or - for standard input")],
) -> None:
    """Make an article of a text or HTML file and print it as JSON; the first line is the title."""
    from workers import commands  # noqa: PLC0415
    from workers.recognise.choice import load_recogniser  # noqa: PLC0415

    settings = _start()
    typer.echo(commands.extract(file, load_recogniser(settings.recogniser)))


@app.command()
def tag(
    file: Annotated[str, typer.Argument(help="one token a line, or - for standard input")],
) -> None:
    """Tag tokens: one a line in, `token TAB tag` out (IOB2 with PERS, LOC, ORG, MISC).

    A blank line ends a sentence and is kept; further columns are ignored.
    """
    from workers import commands  # noqa: PLC0415
    from workers.recognise.choice import load_recogniser  # noqa: PLC0415

    settings = _start()
    commands.tag(file, load_recogniser(settings.recogniser), sys.stdout)


@app.command()
def settings() -> None:
    """Print every setting with its default, as a Markdown table."""
    typer.echo(settings_table())


# ---- the feed list ----------------------------------------------------------------------------


@feeds_app.command("list")
def feeds_list() -> None:
    """Show the feed list."""
    feed_commands.show_feeds(load_feeds(_start().feeds_file), Console())


@feeds_app.command("add")
def feeds_add(
    url: Annotated[str, typer.Argument(help="address of the feed")],
    outlet: Annotated[str, typer.Option(help="who publishes it")] = "",
    title: Annotated[str, typer.Option(help="what it is called")] = "",
    country: Annotated[str, typer.Option(help="ISO 3166 code, XX for pan-Arab")] = "XX",
    timezone: Annotated[str, typer.Option(help="zone of dates that name none")] = "UTC",
    language: Annotated[str, typer.Option(help="expected language")] = "ar",
    topic: Annotated[str, typer.Option(help="one word")] = "news",
    tag: Annotated[list[str] | None, typer.Option(help="free word, any number")] = None,
    interval: Annotated[int | None, typer.Option(help="seconds between polls")] = None,
    feed_id: Annotated[str, typer.Option("--id", help="default: made of the address")] = "",
) -> None:
    """Add a feed; a running daemon takes it over within seconds."""
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
    add_feed(_start().feeds_file, feed)
    typer.echo(f"added {feed.id}")


@feeds_app.command("remove")
def feeds_remove(feed_id: Annotated[str, typer.Argument(help="its id in the list")]) -> None:
    """Remove a feed from the list."""
    remove_feed(_start().feeds_file, feed_id)
    typer.echo(f"removed {feed_id}")


@feeds_app.command("check")
def feeds_check(
    ids: Annotated[list[str] | None, typer.Argument(help="ids; default: all")] = None,
) -> None:
    """Fetch and parse every feed once and print a table; exit status 1 when one does not work."""
    settings = _start()
    feeds = load_feeds(settings.feeds_file)
    unknown = set(ids or ()) - {feed.id for feed in feeds}
    if unknown:
        raise ConfigError(f"no such feed in the list: {', '.join(sorted(unknown))}")
    chosen = [feed for feed in feeds if not ids or feed.id in ids]
    checks = asyncio.run(feed_commands.check_feeds(chosen, settings))
    feed_commands.show_checks(checks, Console())
    if any(check.parsed is None for check in checks):
        raise typer.Exit(1)


@feeds_app.command("import")
def feeds_import(
    file: Annotated[Path, typer.Argument(help="OPML (.opml, .xml) or YAML")],
) -> None:
    """Add the feeds of an OPML or YAML file to the list."""
    added, known = feed_commands.import_feeds(file, _start().feeds_file)
    typer.echo(f"{added} feeds added, {known} were in the list already")


@feeds_app.command("export")
def feeds_export(
    file: Annotated[Path, typer.Argument(help="OPML (.opml, .xml) or YAML, by its name")],
) -> None:
    """Write the feed list as OPML or YAML."""
    feeds = load_feeds(_start().feeds_file)
    feed_commands.export_feeds(feeds, file)
    typer.echo(f"{len(feeds)} feeds written to {file}")


# ---- common ground ----------------------------------------------------------------------------


def _start() -> Settings:
    """Read the settings and set up logging to standard error."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for chatty in ("apscheduler", "httpx", "httpcore", "aiohttp"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    return settings


def _url(settings: Settings) -> str:
    return settings.redis_url or embedded_url(settings.data_dir)


def _run_async(url: str, body: Callable[[Redis, asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine with a Redis client; SIGINT and SIGTERM set its stop event."""

    async def outer() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _on_signal, loop, stop, number)
        async with AsyncExitStack() as stack:
            client = connect(url)
            stack.push_async_callback(client.aclose)
            await body(client, stop)

    try:
        asyncio.run(outer())
    except PASSING_ERRORS as error:
        hint = "" if not url.startswith("unix") else "; start `nabaa run` or set NABAA_REDIS_URL"
        raise QueueError(f"Redis at {shown(url)} cannot be used: {error}{hint}") from error


def _on_signal(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, number: int) -> None:
    """Stop gently; a second signal of the kind ends the process the hard way."""
    stop.set()
    loop.remove_signal_handler(number)
    signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    main()
