"""The command that shows what is in the news now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from workers.cli.options import AsLines, Limit, Since
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.redis.client import Client

# What is slow to import (tables, names, Redis) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def stories(
    since: Since = "6h",
    entity: Annotated[
        str, typer.Option(metavar="NAME|ID", help="Only stories that name this entity.")
    ] = "",
    min_outlets: Annotated[
        int, typer.Option(min=1, help="Only stories that so many outlets report.")
    ] = 1,
    limit: Limit = 20,
    as_json: AsLines = False,
) -> None:
    """Show what is in the news now.

    Those stories come first that grow fastest: by the outlets that began to report them an hour, in
    the last third of the span, against those before. Under each stand its last titles, without
    reprints.

    \b
    Example:
        nabaa stories
        nabaa stories --since 24h --entity السودان --min-outlets 3
        nabaa stories --json | jq -r '.story.title'

    Exit status: 0; 2 when Redis cannot be used or the span is wrong.
    """
    import msgspec

    from ingest.runtime.terminal import open_console
    from nabaa.redis.clock import read_time
    from nabaa.time_spans import parse_span
    from workers.cli.entity_names import story_test
    from workers.operations.news import print_news, read_news

    settings = load_settings_and_log()
    span, names_it = parse_span(since), story_test(entity)

    async def body(client: Client, _shards: int, _stop: asyncio.Event) -> None:
        now = await read_time(client)
        found = await read_news(
            client, span, now, lambda story: story.outlet_count >= min_outlets and names_it(story)
        )
        if as_json:
            for each in found[:limit]:
                typer.echo(msgspec.json.encode(each).decode())
        else:
            print_news(found[:limit], open_console())

    run_on_wire(settings, body)
