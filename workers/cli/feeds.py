"""The commands that pause feeds of a wire and let them go on; the list is `ingest.cli`'s part."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.redis.client import Client
    from workers.operations.feed_acts import FeedAct

# What is slow to import (Redis) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

Ids = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Of feeds, as `feeds list` shows them.")
]


def pause(ids: Ids) -> None:
    """Pause feeds: nobody polls them until they go on.

    It holds for every process on the wire and outlives restarts; the list stays as it is. A poll
    that is under way is the last. What a hub sends meanwhile is not taken: the first poll
    afterwards brings it. `nabaa status` names the feeds that are paused.

    \b
    Example:
        nabaa feeds pause sabah masaa

    Exit status: 0, also where one is paused already; 2 when one is not on the wire (none is paused
    then) or Redis cannot be used.
    """
    _act(ids, "pause", "paused")


def resume(ids: Ids) -> None:
    """Let paused feeds go on: each is polled at once.

    \b
    Example:
        nabaa feeds resume sabah

    Exit status: 0, also where one is not paused; 2 when one is not on the wire (none goes on then)
    or Redis cannot be used.
    """
    _act(ids, "go-on", "going on:")


def _act(ids: list[str], act: FeedAct, done: str) -> None:
    from workers.operations.feed_acts import act_on_feeds

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        await act_on_feeds(client, shards, ids, act)
        for feed_id in ids:
            typer.echo(f"{done} {feed_id}")

    run_on_wire(load_settings_and_log(), body)
