"""A search with a filter among the articles that are on the wire; it changes nothing there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from redis.asyncio import Redis

from nabaa.filters.filter import Filter
from nabaa.message import article_of
from nabaa.streams.ids import first_id_at
from nabaa.streams.keys import all_shards
from nabaa.streams.messages import read_range
from nabaa.types import Article
from workers.subscriptions.match import ArticleFacts, check_of


async def find_articles(
    client: Redis, shards: int, wanted: Filter, since: datetime
) -> tuple[int, list[Article]]:
    """Find the articles on the wire that a filter matches.

    Args:
        client: answers in bytes.
        shards: number of shards of the wire.
        wanted: a filter that has been checked.
        since: instant from which on articles count, by the time of their publication, aware UTC.

    Returns:
        How many were looked at, and those that match, the oldest first on each shard.
    """
    check = check_of(wanted)
    looked_at, found = 0, []
    for keys in all_shards(shards):
        async for article in _articles(client, keys.articles, since):
            looked_at += 1
            if check(ArticleFacts(article)):
                found.append(article)
    return looked_at, found


async def _articles(client: Redis, stream: str, since: datetime) -> AsyncIterator[Article]:
    async for message in read_range(client, stream, first_id_at(since)):
        try:
            yield article_of(message.fields)
        except (KeyError, msgspec.MsgspecError):
            continue  # not an article of this version
