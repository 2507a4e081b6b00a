"""The command line: every command of nabaa, and how the process ends.

The parts of a daemon are put together in `nabaa.services`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.cli import feeds_app
from ingest.runtime.session import (
    load_settings_and_log,
    run_with_redis,
    wait_for_threads,
    wire_url,
)
from ingest.runtime.terminal import printable_lines
from nabaa.errors import NabaaError
from workers.cli import (
    cluster,
    desk,
    index,
    offline,
    operations,
    outputs,
    page,
    read,
    search,
    stories,
)
from workers.cli.dead import dead_app
from workers.cli.subscriptions import subscriptions_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.model import Feed
    from config.settings import Settings
    from nabaa.redis.client import Client

# What is slow to import (HTTP, Redis, language models) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

THREAD_SECONDS = 0.2


class _Commands(typer.core.TyperGroup):
    """Tells what a person can mend in one sentence, and ends quietly where nobody reads."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except NabaaError as error:
            typer.echo(f"nabaa: {printable_lines(str(error))}", err=True)
            raise typer.Exit(2) from error
        except BrokenPipeError as error:
            # Nobody reads any more, which is no mistake. What is still buffered must not be tried
            # again when the interpreter ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def nabaa() -> None:
    """نبأ — an Arabic news wire: feeds in, articles with entities out on a Redis stream.

    `nabaa run` is all that one machine needs; `ingest` and `work` are its two halves for several.
    `tail`, `subscribe` and `status` look at a wire that runs. Settings come from the environment
    (NABAA_...) or from nabaa.toml; `nabaa settings` lists them.

    Exit status of every command: 0 when all went well; 1 when something that was looked at is not
    in order; 2 when something is wrong that you can mend, which is told in a sentence.
    """
    # numpy's second thread makes the recogniser's small products slower, on a core of others.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Run the command line and end with its exit status."""
    try:
        app()
    except SystemExit as end:
        if wait_for_threads(THREAD_SECONDS):
            raise
        # One is in the midst of a huge document, a name look-up or a write to a full pipe. Nothing
        # waits for what comes of it, and the interpreter must not either.
        logging.shutdown()
        os._exit(end.code if isinstance(end.code, int) else 1)


# ---- the daemon -------------------------------------------------------------------------------


@app.command()
def run(
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not print the articles.")] = False,
) -> None:
    """Run the whole wire in one process.

    It polls the feeds, makes articles of what is new, prints each as it arrives and shows them in a
    browser at http://127.0.0.1:8090 (NABAA_DESK_LISTEN; `nabaa desk` has more). Without
    NABAA_REDIS_URL it starts an embedded Valkey that keeps its data in NABAA_DATA_DIR; `tail`,
    `subscribe` and `status` find it when they are started in the same folder. Ctrl-C stops it
    within five seconds; nothing is lost, and the next start goes on where it stopped.

    \b
    Example:
        nabaa run
        NABAA_FEEDS_FILE=mine.yaml NABAA_DATA_DIR=/var/lib/nabaa nabaa run --quiet

    Exit status: 0 when it was stopped; 2 when a setting or the feed list is wrong, or the data
    folder is in use.
    """
    from config.feed_list import load_feeds

    settings = load_settings_and_log()
    feeds = load_feeds(settings.feeds_file)
    if settings.redis_url:
        _run_whole_wire(settings, feeds, wire_url(settings, waits=True), print_articles=not quiet)
    else:
        from ingest.runtime.embedded import EmbeddedServer

        with EmbeddedServer(settings.data_dir) as server:
            _run_whole_wire(settings, feeds, server.url, print_articles=not quiet)


def _run_whole_wire(
    settings: Settings, feeds: Sequence[Feed], url: str, *, print_articles: bool
) -> None:
    from nabaa.services import run_services
    from workers.desk.settings import read_desk_settings

    run_services(
        settings,
        url,
        feeds,
        work=True,
        stories=settings.stories,
        print_articles=print_articles,
        desk=read_desk_settings(settings),
    )


@app.command()
def demo() -> None:
    """Show the whole wire at work on made-up news, without the internet.

    A made-up press on loopback publishes something every few seconds: seven outlets, with feeds and
    pages, in which the same events are told by several, reprinted and continued. The wire polls
    them, reads the pages, finds who is named and who said what, groups articles into stories and
    shows all of it in a browser. Everything lies in a folder of its own, which is removed at the
    end; Ctrl-C stops it.

    \b
    Example:
        nabaa demo
        NABAA_DESK_LISTEN=127.0.0.1:8099 nabaa demo

    Exit status: 0 when it was stopped; 2 when a setting is wrong.
    """
    from datetime import UTC, datetime
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from config.feed_list import save_feeds
    from ingest.demo.news import load_demo_news
    from ingest.demo.press import Press
    from ingest.demo.site import serve_press
    from ingest.runtime.embedded import EmbeddedServer

    settings = load_settings_and_log()
    press = Press(load_demo_news(), datetime.now(UTC))
    with TemporaryDirectory(prefix="nabaa-demo-") as name, serve_press(press) as feeds:
        folder = Path(name)
        save_feeds(folder / "feeds.yaml", feeds)
        settings = settings.model_copy(
            update={
                "data_dir": folder,
                "feeds_file": folder / "feeds.yaml",
                "allow_private_addresses": True,
                "host_gap_seconds": 0.0,
                "host_concurrency": len(feeds),
            }
        )
        with EmbeddedServer(folder) as server:
            typer.echo(f"Open http://{settings.desk_listen} in a browser; Ctrl-C ends the demo.")
            typer.echo(f"In a second terminal: NABAA_REDIS_URL={server.url} nabaa tail")
            _run_whole_wire(settings, feeds, server.url, print_articles=False)


@feeds_app.command("page")
def feeds_page(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of an article.")],
) -> None:
    """Fetch the page of an article and print it as the wire would deliver it.

    It is printed as JSON, without Redis: the text is cleaned as the worker cleans it, `sources`
    tells for each part the place in the page, or the rule, that it was taken from. robots.txt is
    obeyed. For trying rules: docs/pages.md.

    \b
    Example:
        nabaa feeds page https://example.org/news/1
        nabaa feeds page https://example.org/news/1 | jq '.sources, .rule'

    Exit status: 0; 1 when the page holds no article, or only its beginning; 2 when it does not
    answer, its robots.txt forbids it, or the rules have a mistake.
    """
    import asyncio

    import msgspec

    from config.feed_list import load_feeds
    from config.page_rules import PageRulesFile
    from ingest.identity.addresses import web_address
    from ingest.page_look import fetch_page
    from nabaa.errors import UsageError
    from workers.text.page.look import look_at_page

    settings = load_settings_and_log()
    address = web_address(url if "://" in url else f"https://{url}")
    if not address:
        raise UsageError(f'"{url}" is no address of the web')
    feeds = load_feeds(settings.feeds_file)
    rules = PageRulesFile(settings.page_rules_path)
    look = look_at_page(asyncio.run(fetch_page(address, settings)), feeds, rules)
    typer.echo(msgspec.json.format(msgspec.json.encode(look), indent=2))
    if look.article.problem:
        raise typer.Exit(1)


@app.command()
def ingest() -> None:
    """Poll feeds and put new entries on the queue.

    Any number of these share the feeds of one NABAA_REDIS_URL: each feed is polled by one of them
    at a time, and those of one that died are taken over. When Redis is away it waits.

    \b
    Example:
        NABAA_REDIS_URL=redis://news:6379/0 nabaa ingest

    Exit status: 0 when it was stopped; 2 when a setting or the feed list is wrong.
    """
    from config.feed_list import load_feeds
    from nabaa.services import run_services

    settings = load_settings_and_log()
    feeds = load_feeds(settings.feeds_file)
    run_services(settings, wire_url(settings, waits=True), feeds)


@app.command()
def work(
    stories: Annotated[
        bool, typer.Option("--stories", help="Group articles into stories instead.")
    ] = False,
) -> None:
    """Make articles of the entries on the queue and publish them.

    Any number of these share the queue of one NABAA_REDIS_URL; what one that died had taken is
    taken over. When Redis is away it waits. With --stories it groups the articles of all shards
    into stories instead: one of any number is at work, another takes over within seconds.

    \b
    Example:
        NABAA_REDIS_URL=redis://news:6379/0 NABAA_LANGUAGES=ar nabaa work
        NABAA_REDIS_URL=redis://news:6379/0 nabaa work --stories

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the recogniser cannot be
    loaded.
    """
    from nabaa.services import run_services

    settings = load_settings_and_log()
    run_services(settings, wire_url(settings, waits=True), work=not stories, stories=stories)


app.command()(read.tail)
app.command()(read.subscribe)
app.add_typer(feeds_app, name="feeds")
app.add_typer(subscriptions_app, name="subscriptions")
app.add_typer(dead_app, name="dead")
app.command()(desk.desk)
app.command()(outputs.webhook)
app.command()(outputs.serve)
app.command()(outputs.archive)
app.command()(outputs.metrics)
app.command()(index.index)
app.command()(search.search)
app.command()(operations.status)
app.command()(operations.entities)
app.command()(stories.stories)
app.command()(offline.extract)
app.command()(offline.tag)
app.command()(cluster.cluster)
app.command()(page.page)


@app.command()
def settings(
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: a list of objects.")
    ] = False,
) -> None:
    """Print every setting: its value and the place that set it.

    A setting comes from the environment under the name shown, else from its section of nabaa.toml
    in the working folder, or of the file that NABAA_CONFIG names. Secrets are not shown.

    \b
    Example:
        nabaa settings
        nabaa settings --json | jq '.[] | select(.source != "default")'

    Exit status: 0; 2 when a setting is wrong, or two contradict each other.
    """
    from config.loading import load_with_sources
    from config.settings_table import settings_in_force
    from ingest.runtime.settings_view import print_settings, settings_json

    rows = settings_in_force(load_with_sources())
    if as_json:
        typer.echo(settings_json(rows))
    else:
        print_settings(rows)


@app.command()
def reshard(
    to: Annotated[int, typer.Option("--to", min=1, help="How many shards there are to be.")],
) -> None:
    """Change the number of shards of a wire.

    Stop every ingest and worker first, and set NABAA_SHARDS everywhere afterwards. Feeds with what
    they have shown, hosts, what is known of articles, entries that wait and dead letters go to
    their new shards. One that is interrupted is run again. Subscribers read on: what was published
    stays where it is.

    \b
    Example:
        nabaa reshard --to 8

    Exit status: 0; 2 when Redis cannot be used, or a reshard to another number has not ended.
    """
    from config.feed_list import load_feeds
    from nabaa.filters.store import make_streams
    from workers.operations.reshard import reshard as move
    from workers.publish.records import read_owner_feed

    settings = load_settings_and_log()
    urls = {feed.id: feed.url for feed in load_feeds(settings.feeds_file)}

    async def body(client: Client, _stop: asyncio.Event) -> None:
        await make_streams(client, to)
        moved = await move(client, to, urls, settings.articles_max_age_seconds, read_owner_feed)
        typer.echo(
            f"{to} shards; moved {moved.feeds} feeds, {moved.hosts} hosts, {moved.entries} entries "
            f"that wait and {moved.dead} dead letters; set NABAA_SHARDS={to} everywhere"
        )

    run_with_redis(wire_url(settings, waits=False), body)


if __name__ == "__main__":
    main()
