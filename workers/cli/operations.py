"""The commands that look at the wire as a whole: status, and entities for what the news names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.types import EntityType
from workers.cli.group import Subscription
from workers.cli.options import AsDocument, AsLines, Limit, Since
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.redis.client import Client

# What is slow to import (tables, Redis) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def status(as_json: AsDocument = False) -> None:
    """Show the state of the wire.

    Feeds due, late and failing with the reason, the backlog, dead letters, subscribers and rates. A
    feed is late when it has been due for more than a minute: start more `nabaa ingest`. When
    entries pile up, start more `nabaa work`. A failing feed is tried again by itself. The lag of a
    group is the number of articles not yet delivered to it. A feed that its publisher has closed
    (410) has ended: find its new address or take it out of the list. A host is not polled for a
    while when it is down (several of its feeds failed in a row) or asked for it (429, 503); its
    feeds wait without failing.

    \b
    Example:
        nabaa status
        nabaa status --json | jq '.failing[] | .feed_id, .error'

    Exit status: 0; 1 when no feeds are registered; 2 when Redis cannot be used.
    """
    import msgspec

    from ingest.runtime.terminal import open_console
    from workers.operations.status import read_status
    from workers.operations.status_view import print_status

    settings, feeds = load_settings_and_log(), 0

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        nonlocal feeds
        found = await read_status(client, shards)
        feeds = found.feeds
        if as_json:
            typer.echo(msgspec.json.format(msgspec.json.encode(found)))
        else:
            print_status(found, open_console())

    run_on_wire(settings, body)
    if not feeds:
        raise typer.Exit(1)


def entities(
    since: Since = "24h",
    limit: Limit = 30,
    kind: Annotated[
        EntityType | None, typer.Option("--type", help="Only entities of one class.")
    ] = None,
    subscription: Subscription = "",
    as_json: AsLines = False,
) -> None:
    """Show the most named entities and how they rise or fall.

    Counted are the articles on the stream that name an entity, in the span that ends now and in the
    one before it. Where the stream does not reach back so far, a dash stands for the latter.

    \b
    Example:
        nabaa entities --since 24h --type PERS
        nabaa entities --json | jq -r .name
        nabaa tail --entity Q7747

    Exit status: 0; 2 when Redis cannot be used or the span is wrong.
    """
    import msgspec

    from ingest.runtime.terminal import open_console
    from nabaa.redis.clock import read_time
    from nabaa.time_spans import parse_span
    from workers.cli.subscriptions import existing_filter
    from workers.operations.trends import print_trends, read_trends

    settings = load_settings_and_log()
    span = parse_span(since)

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        if subscription:
            await existing_filter(client, subscription)
        found = await read_trends(client, shards, span, await read_time(client), subscription)
        rows = [trend for trend in found if kind in {None, trend.type}][:limit]
        if as_json:
            for row in rows:
                typer.echo(msgspec.json.encode(row).decode())
        else:
            print_trends(rows, open_console())

    run_on_wire(settings, body)
