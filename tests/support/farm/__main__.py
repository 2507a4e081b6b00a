"""`python -m tests.support.farm`: serves a farm, writes its feed list and says how to watch it."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from config.feed_list import save_feeds
from nabaa.errors import ConfigError
from tests.support.farm.content.articles import SAMPLE, read_articles
from tests.support.farm.log import FeedCounters
from tests.support.farm.profiles import Profile
from tests.support.farm.server import Farm

SPREAD_SECONDS = 240  # without --rate, all items have come after so long


def main(
    articles: Annotated[
        Path, typer.Option(help="JSON lines of articles, .gz or not; default: the made-up sample")
    ] = SAMPLE,
    limit: Annotated[
        int,
        typer.Option(
            min=0, help="serve so many articles, picked from the whole file; 0: all of them"
        ),
    ] = 5_000,
    feeds: Annotated[int, typer.Option(min=1, help="how many feeds")] = 60,
    rate: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="items that appear each second in all feeds together, 0 for all at once; "
            "default: all have appeared after four minutes",
        ),
    ] = None,
    window: Annotated[int, typer.Option(min=1, help="items that a feed shows")] = 50,
    profile: Annotated[
        Profile, typer.Option(help="plain: healthy feeds; mixed: with the troubles of the web")
    ] = "plain",
    interval: Annotated[
        int, typer.Option(min=1, help="seconds between polls of a feed, written to the feed list")
    ] = 2,
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help="a farm on a port that is named here is the same one when it is started again; "
            "0: any free port, and feeds that the wire has never seen",
        ),
    ] = 0,
    feeds_file: Annotated[Path, typer.Option(help="where the feed list is written")] = Path(
        "data/farm-feeds.yaml"
    ),
    as_json: Annotated[
        bool, typer.Option("--json", help="print one line of JSON when ready, nothing else")
    ] = False,
) -> None:
    """Serve a loopback web of feeds until Ctrl-C."""
    try:
        found = read_articles(articles, limit or None)
        if rate is None:
            rate = len(found) / SPREAD_SECONDS
        farm = Farm(
            found,
            feeds,
            profile=profile,
            window=window,
            per_second=rate,
            interval_seconds=interval,
            port=port,
            name="farm" if port else f"farm-{secrets.token_hex(2)}",
        )
        asyncio.run(_serve(farm, feeds_file, as_json))
    except ConfigError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"port {port}: cannot be listened on: {error.strerror}")


async def _serve(farm: Farm, feeds_file: Path, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with farm:
        try:
            feeds_file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{feeds_file.parent}: cannot be made: {error.strerror}") from error
        save_feeds(feeds_file, farm.feeds())
        if as_json:
            print(json.dumps(_ready(farm, feeds_file)), flush=True)
            await stop.wait()
            return
        print(
            f"{len(farm.feed_urls)} feeds with {len(farm.expected()):,} articles at "
            f"{farm.base_url}; watch them from another terminal:\n\n"
            f"  NABAA_FEEDS_FILE={feeds_file} NABAA_DATA_DIR=data/farm \\\n"
            "  NABAA_ALLOW_PRIVATE_ADDRESSES=true NABAA_TICK_SECONDS=0.2 \\\n"
            "  NABAA_RETRY_BASE_SECONDS=1 make run\n\n"
            "Items begin to appear when a feed is first asked for. Ctrl-C stops the farm.",
            flush=True,
        )
        await _report(farm, stop)
    print("the farm has closed")


def _ready(farm: Farm, feeds_file: Path) -> dict[str, str | int]:
    return {
        "base_url": farm.base_url,
        "feeds_file": str(feeds_file),
        "feeds": len(farm.feed_urls),
        "articles": len(farm.expected()),
    }


async def _report(farm: Farm, stop: asyncio.Event) -> None:
    """Keep one line up to date on a terminal; elsewhere print it now and then, when it changed."""
    console = Console(highlight=False)
    pause = 1.0 if console.is_terminal else 10.0
    in_all, before, last = len(farm.expected()), FeedCounters(), ""
    with console.status("waiting for the first request") as status:
        while not await _set_within(stop, pause):
            counters = farm.counters()
            requests = (counters.requests - before.requests) / pause
            kibibytes = (counters.body_bytes - before.body_bytes) / pause / 1024
            before = counters
            line = (
                f"{farm.shown_count()} of {in_all} items shown · {counters.requests} requests,"
                f" {counters.not_modified} of them 304 · {requests:.0f}/s · {kibibytes:.0f} KiB/s"
            )
            status.update(line)
            if not console.is_terminal and line != last:
                print(line, flush=True)
            last = line


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


if __name__ == "__main__":
    typer.run(main)
