"""The commands that read articles off the wire: tail for the eye, subscribe for a program."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.errors import UsageError
from workers.cli.group import Group, Since, Start, Stories, Subscription, group_options, make_reader
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.redis.client import Client

# What is slow to import (tables, Redis, names) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

_NEWEST = 5


def tail(
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            min=0,
            help="Show at most this many of those that are there. Default: 5.",
        ),
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="Begin so far back: 90m, 24h, 7d, 2w.")
    ] = "",
    entity: Annotated[
        str,
        typer.Option(
            metavar="NAME|ID", help="Only articles that name this entity: القاهرة or Q85."
        ),
    ] = "",
    subscription: Subscription = "",
) -> None:
    """Show articles as they arrive, names in colour.

    Persons are cyan, places green, organisations yellow, the rest magenta. On a terminal Arabic
    stands at the right edge; into a file or pipe go plain lines. Nothing is acknowledged, and no
    subscriber misses what is shown here. When Redis is away it waits; Ctrl-C ends it.

    \b
    Example:
        nabaa tail -n 20
        nabaa tail --since 2h --entity القاهرة
        nabaa tail | grep -A2 القاهرة

    Exit status: 0; 2 when a setting is wrong or there is no such subscription.
    """
    from ingest.runtime.terminal import open_console
    from nabaa.subscriber.since import message_id_of
    from workers.cli.entity_names import entity_test
    from workers.cli.subscriptions import existing_filter
    from workers.outputs.tail import tail as show_articles

    settings = load_settings_and_log()
    start = message_id_of(since) if since else ""
    if since and limit is not None:
        raise UsageError("give -n or --since, not both")
    newest = _NEWEST if limit is None else limit
    is_wanted = entity_test(entity)

    async def body(client: Client, shards: int, stop: asyncio.Event) -> None:
        if subscription:
            await existing_filter(client, subscription)
        await show_articles(
            client,
            shards,
            newest,
            open_console(),
            stop,
            is_wanted,
            start,
            subscription,
        )

    run_on_wire(settings, body, waits=True)


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
    stories: Stories = False,
) -> None:
    """Write each article, or event of a story, as one line of JSON.

    It is acknowledged once its line is written. An article whose line could not be written stays
    with the group: it is written when the same reader starts again, or by another reader of the
    group after ten minutes. When Redis is away it waits; Ctrl-C ends it.

    \b
    Example:
        nabaa subscribe --group desk >> articles.ndjson
        nabaa subscribe --group desk --from now | jq -r .title
        nabaa subscribe --group cairo --subscription cairo --since 2h
        nabaa subscribe --group desk --stories | jq -r '"\\(.outlet_count) \\(.title)"'

    Exit status: 0, also when the reader of the pipe went away; 2 when standard output cannot be
    written, a setting is wrong or there is no such subscription.
    """
    from workers.outputs.lines import write_articles

    settings = load_settings_and_log()
    options = group_options(group, subscription, start, since, stories)

    async def write(client: Client, shards: int, stop: asyncio.Event) -> None:
        reader = make_reader(client, shards, options, consumer or socket.gethostname())
        await write_articles(reader, sys.stdout.buffer, stop)

    run_on_wire(settings, write, waits=True)
