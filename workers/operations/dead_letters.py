"""Dead letters: entries that failed on every attempt, of the workers or of a group of subscribers.

A person looks at them, and has them tried again after the fault is mended, or drops them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from redis.asyncio import Redis

from ingest.streams.entries import decode_entry
from nabaa.errors import NotFoundError
from nabaa.message import article_of, data_of
from nabaa.story_message import STORY_TYPES, decode_story
from nabaa.streams.ids import instant_of, is_message_id
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.messages import Message, message_at, read_range

_CONSUMER = "nabaa-dead"
_LONG_IDLE_MILLISECONDS = 10**9  # whoever reads next takes it as abandoned


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An entry or article that failed on every attempt.

    Attributes:
        id: number of the shard, `/`, id on the stream of dead letters.
        at: instant of the last attempt, UTC.
        attempts: number of attempts.
        error: error of the last attempt.
        title: title of the entry or article; empty where it cannot be read.
        url: address of the entry or article; empty where it cannot be read.
        stream: key of the stream that the article is on; empty for a letter of the workers.
        message_id: id of the article there; empty for a letter of the workers.
    """

    id: str
    at: datetime
    attempts: int
    error: str
    title: str = ""
    url: str = ""
    stream: str = ""
    message_id: str = ""


async def read_dead(
    client: Redis, shards: int, group: str = "", start: str = "-"
) -> AsyncIterator[DeadLetter]:
    """Yield the dead letters, the oldest first on each shard.

    Args:
        client: answers in bytes.
        shards: number of shards to look at.
        group: group of subscribers; empty for the workers.
        start: lowest id on the stream of dead letters; by default that of the oldest.
    """
    for keys in all_shards(shards):
        async for message in read_range(client, _stream(keys, group), start):
            yield _letter(keys, message)


async def retry_dead(client: Redis, shards: int, letter_id: str, group: str = "") -> bool:
    """Have a dead letter tried again: back on the queue, or delivered to its group once more.

    An entry that was processed in spite of all makes no second article.

    Args:
        client: answers in bytes.
        shards: number of shards to look at.
        letter_id: as `DeadLetter.id` has it.
        group: group of subscribers; empty for the workers.

    Returns:
        False where the article has been trimmed from the wire meanwhile; the dead letter stays.

    Raises:
        NotFoundError: there is no such dead letter.
    """
    keys, message = await _find(client, shards, letter_id, group)
    if group:
        letter = _letter(keys, message)
        if await message_at(client, letter.stream, letter.message_id) is None:
            return False
        # For this group alone, as if one of its readers had died with it: FORCE.
        await client.xclaim(
            letter.stream,
            group,
            _CONSUMER,
            min_idle_time=0,
            message_ids=[letter.message_id],
            idle=_LONG_IDLE_MILLISECONDS,
            retrycount=0,
            force=True,
            justid=True,
        )
        await client.xdel(_stream(keys, group), message.id)
        return True
    data: dict[Any, Any] = {"data": message.fields.get(b"data", b"")}
    if page := message.fields.get(b"page"):
        data["page"] = page
    async with client.pipeline(transaction=True) as pipe:
        pipe.xadd(keys.entries, data)
        pipe.xdel(keys.dead, message.id)
        await pipe.execute()
    return True


async def drop_dead(client: Redis, shards: int, letter_id: str, group: str = "") -> DeadLetter:
    """Remove a dead letter.

    Args:
        client: answers in bytes.
        shards: number of shards to look at.
        letter_id: as `DeadLetter.id` has it.
        group: group of subscribers; empty for the workers.

    Returns:
        The dead letter that was removed.

    Raises:
        NotFoundError: there is no such dead letter.
    """
    keys, message = await _find(client, shards, letter_id, group)
    await client.xdel(_stream(keys, group), message.id)
    return _letter(keys, message)


async def _find(client: Redis, shards: int, letter_id: str, group: str) -> tuple[Keys, Message]:
    shard, _, message_id = letter_id.partition("/")
    if shard.isdecimal() and is_message_id(message_id) and int(shard) < shards:
        keys = Keys(int(shard))
        if found := await message_at(client, _stream(keys, group), message_id):
            return keys, found
    whose = f"group {group}" if group else "the workers"
    raise NotFoundError(f"{letter_id}: there is no such dead letter of {whose}")


def _stream(keys: Keys, group: str) -> str:
    return keys.dead_of(group) if group else keys.dead


def _letter(keys: Keys, message: Message) -> DeadLetter:
    def text(name: str) -> str:
        return message.fields.get(name.encode(), b"").decode(errors="replace")

    title = url = ""
    try:
        if text("type").startswith(STORY_TYPES):
            title = decode_story(data_of(message.fields)).title
        elif text("stream"):
            article = article_of(message.fields)
            title, url = article.title, article.url
        else:
            entry = decode_entry(message.fields[b"data"])
            title, url = entry.title, entry.url
    except (KeyError, msgspec.MsgspecError):
        pass  # that is why it is here
    return DeadLetter(
        f"{keys.shard}/{message.id}",
        instant_of(message.id),
        int(text("attempts") or 0),
        text("error"),
        title,
        url,
        text("stream"),
        text("message_id"),
    )
