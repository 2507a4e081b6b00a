"""How the state of the stage that fetches pages is read."""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

from ingest.streams.page_troubles import FeedTrouble, read_troubles
from nabaa.streams.keys import Keys
from workers.operations.status_model import PagesStatus


async def read_pages_status(client: Redis, of_shards: Sequence[Keys]) -> PagesStatus:
    """Read the state of the stage that fetches pages.

    Args:
        client: answers in bytes.
        of_shards: shards to read.

    Raises:
        redis.exceptions.RedisError: the server refused a command or cannot be used.
    """
    async with client.pipeline(transaction=False) as pipe:
        for keys in of_shards:
            pipe.zcard(keys.pages)
            pipe.zcard(keys.page_waits)
            pipe.hgetall(keys.page_troubles)
        answers = await pipe.execute()
    waiting, pages = sum(answers[1::3]), sum(answers[::3])
    troubles: list[FeedTrouble] = []
    for stored in answers[2::3]:
        troubles += read_troubles(stored)
    troubles.sort(key=lambda each: (-each.times, each.feed_id))
    return PagesStatus(waiting, max(0, pages - waiting), tuple(troubles))
