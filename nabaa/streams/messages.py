"""The answers of XREAD, XREADGROUP, XRANGE and XCLAIM as plain records (bytes)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

PAGE = 256
"""Messages that one XRANGE asks for."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message is one entry of a stream.

    Attributes:
        id: id on the stream.
        fields: names and values; empty where Redis 6.2 hands out an entry that was deleted.
    """

    id: str
    fields: dict[bytes, bytes]


def messages_of_range(answer: Any) -> list[Message]:
    """Return the messages of an XRANGE, XREVRANGE or XCLAIM."""
    return [
        Message(message_id.decode(), fields or {})
        for message_id, fields in answer
        if message_id is not None  # Redis 6.2, of one that was deleted
    ]


def messages_of_read(answer: Any) -> list[Message]:
    """Return the messages of an XREAD or XREADGROUP of one stream; none when it timed out.

    Args:
        answer: of redis-py, which has other shapes for RESP3: a dict in place of the list, and
            around the messages of a stream perhaps one more list.
    """
    found: list[Message] = []
    for _, batch in answer.items() if isinstance(answer, dict) else answer or ():
        is_nested = bool(batch) and isinstance(batch[0], list)
        found += messages_of_range(batch[0] if is_nested else batch)
    return found


async def read_range(
    client: Redis, stream: str, first: str = "-", page: int = PAGE
) -> AsyncGenerator[Message, None]:
    """Yield the messages of a stream from an id on, page by page, to the end that it has then.

    A message may be deleted while it is at hand: the next page begins behind its id.

    Args:
        client: answers in bytes.
        stream: key of the stream.
        first: id of the first message that is wanted, `(ID` for those behind it, or `-`.
        page: messages that are asked for at once.
    """
    while messages := messages_of_range(await client.xrange(stream, min=first, count=page)):
        for message in messages:
            yield message
        if len(messages) < page:
            return
        first = f"({messages[-1].id}"


async def message_at(client: Redis, stream: str, message_id: str) -> Message | None:
    """Return the message of an id, None where the stream does not have it (any more)."""
    found = messages_of_range(await client.xrange(stream, min=message_id, max=message_id))
    return found[0] if found else None


async def first_message(client: Redis, stream: str) -> Message | None:
    """Return the oldest message of a stream, None where it is empty."""
    found = messages_of_range(await client.xrange(stream, count=1))
    return found[0] if found else None
