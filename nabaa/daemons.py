"""The commands that run the wire: run, demo, ingest and work.

The parts of a daemon are put together in `nabaa.services`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log, wire_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.model import Feed
    from config.settings import Settings

# What is slow to import (HTTP, Redis, language models) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


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
            again = f"NABAA_REDIS_URL={server.url} {_own_command()}"
            typer.echo(f"In a second terminal, in the same folder: {again} tail")
            _run_whole_wire(settings, feeds, server.url, print_articles=False)


def _own_command() -> str:
    """Return how a person calls nabaa again, who may have no `nabaa` on the search path."""
    if shutil.which("nabaa"):
        return "nabaa"
    called = Path(sys.argv[0])
    return str(called) if called.name == "nabaa" else f"{sys.executable} -m nabaa"


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
