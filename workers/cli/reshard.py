"""The command that changes the number of shards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log, run_with_redis, wire_url

if TYPE_CHECKING:
    from nabaa.redis.client import Client

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


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
