"""The commands of who reads the wire: tail, subscribe, status and entities."""

from __future__ import annotations

import asyncio
import socket
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log, run_with_redis, wire_url
from nabaa.types import EntityType
from workers.cli.group import Group, Since, Start, Subscription, group_options, open_group

if TYPE_CHECKING:
    from redis.asyncio import Redis

# What is slow to import (tables, language models) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def tail(
    last: Annotated[
        int, typer.Option("-n", "--last", min=0, help="Begin with this many of the newest.")
    ] = 5,
    entity: Annotated[
        str, typer.Option(metavar="ID", help="Only articles that name this entity: Q142.")
    ] = "",
) -> None:
    """Show articles as they arrive, names in colour.

    Persons are cyan, places green, organisations yellow, the rest magenta. On a terminal Arabic
    stands at the right edge; into a file or pipe go plain lines. Nothing is acknowledged or kept
    back. When Redis is away it waits; Ctrl-C ends it.

    \b
    Example:
        nabaa tail -n 20
        nabaa tail --entity Q85
        nabaa tail | grep -A2 القاهرة

    Exit status: 0; 2 when a setting is wrong.
    """
    from ingest.runtime.terminal import open_console
    from nabaa.streams.shards import shards_to_read
    from workers.outputs.tail import tail as show_articles

    settings = load_settings_and_log()

    async def body(client: Redis, stop: asyncio.Event) -> None:
        shards = await shards_to_read(client, settings.shards, stop)
        await show_articles(client, shards, last, open_console(), stop, entity)

    run_with_redis(wire_url(settings, waits=True), body)


def subscribe(
    group: Group,
    consumer: Annotated[
        str,
        typer.Option(
            help="Name of this reader in the group; readers that run at the same time share the "
            "articles and need different names. Default: the name of the host."
        ),
    ] = "",
    subscription: Subscription = "",
    start: Start = "beginning",
    since: Since = "",
) -> None:
    """Write each article as one line of JSON.

    It is acknowledged once its line is written. An article whose line could not be written stays
    with the group: it is written when the same reader starts again, or by another reader of the
    group after ten minutes. When Redis is away it waits; Ctrl-C ends it.

    \b
    Example:
        nabaa subscribe --group desk >> articles.ndjson
        nabaa subscribe --group desk --from now | jq -r .title
        nabaa subscribe --group cairo --subscription cairo --since 2h

    Exit status: 0, also when the reader of the pipe went away; 2 when standard output cannot be
    written or a setting is wrong.
    """
    from workers.outputs.lines import write_articles

    settings = load_settings_and_log()
    options = group_options(group, subscription, start, since)

    async def write(client: Redis, stop: asyncio.Event) -> None:
        name = consumer or socket.gethostname()
        reader = await open_group(client, settings.shards, options, name, stop)
        await write_articles(reader, sys.stdout.buffer, stop)

    run_with_redis(wire_url(settings, waits=True), write)


def status(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document, for programs.")
    ] = False,
) -> None:
    """Show how the wire stands.

    Feeds due, late and failing with the reason, the backlog, dead letters, subscribers and rates. A
    feed is late when it has been due for more than a minute: start more `nabaa ingest`. Entries
    that wait want more `nabaa work`. A failing feed is tried again by itself. The lag of a group is
    what it has not been given yet. A feed that its publisher has closed (410) has ended: find its
    new address or take it out of the list. A host that is left alone is down (several of its feeds
    failed in a row) or has asked for it (429, 503); its feeds wait without failing.

    \b
    Example:
        nabaa status
        nabaa status --json | jq '.failing[] | .feed_id, .error'

    Exit status: 0; 2 when Redis cannot be used.
    """
    import msgspec

    from ingest.runtime.terminal import open_console
    from workers.operations.status import read_status
    from workers.operations.status_view import print_status

    settings = load_settings_and_log()

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        found = await read_status(client, settings.shards)
        if as_json:
            typer.echo(msgspec.json.format(msgspec.json.encode(found)))
        else:
            print_status(found, open_console())

    run_with_redis(wire_url(settings, waits=False), body)


def entities(
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back: 90m, 24h, 7d, 2w.")
    ] = "24h",
    top: Annotated[int, typer.Option("-n", "--top", min=1, help="How many.")] = 30,
    kind: Annotated[
        EntityType | None, typer.Option("--type", help="Only entities of one class.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document, for programs.")
    ] = False,
) -> None:
    """Show the most named entities and how they rise or fall.

    Counted are the articles on the stream that name an entity, in the span that ends now and in the
    one before it. Where the stream does not reach back so far, a dash stands for the latter.

    \b
    Example:
        nabaa entities --since 24h --type PERS
        nabaa tail --entity Q7747

    Exit status: 0; 2 when Redis cannot be used or the span is wrong.
    """
    import msgspec

    from ingest.runtime.terminal import open_console
    from nabaa.time_spans import parse_span
    from workers.operations.trends import read_trends, show_trends

    settings = load_settings_and_log()
    span = parse_span(since)

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        found = await read_trends(client, settings.shards, span, datetime.now(UTC))
        shown = [trend for trend in found if kind in {None, trend.type}][:top]
        if as_json:
            typer.echo(msgspec.json.format(msgspec.json.encode(shown)))
        else:
            show_trends(shown, open_console())

    run_with_redis(wire_url(settings, waits=False), body)
