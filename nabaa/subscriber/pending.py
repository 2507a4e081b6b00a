"""What consumers of a group were given and have not acknowledged, as XPENDING lists it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

_PAGE = 256


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """A message that some consumer of the group was given and has not acknowledged.

    Attributes:
        message_id: id on the stream.
        attempts: number of deliveries that did not end well.
        idle_milliseconds: age of the last delivery that is needed to take it over; 0 for a message
            of the consumer's own.
    """

    message_id: str
    attempts: int
    idle_milliseconds: int


async def list_pending(
    client: Redis,
    stream: str,
    group: str,
    consumer: str | None = None,
    idle_milliseconds: int | None = None,
) -> list[Unacknowledged]:
    """Return what a group has not acknowledged, in the order of the stream.

    Args:
        client: answers in bytes.
        stream: key of the stream.
        group: name of the group.
        consumer: name of the only consumer that is looked at; None: all.
        idle_milliseconds: age of the last delivery at least; None: any.

    Raises:
        redis.exceptions.ResponseError: the group does not exist.
        redis.exceptions.RedisError: the server cannot be used.
    """
    found: list[Unacknowledged] = []
    start, length = "-", _PAGE
    while length == _PAGE:
        page: Any = await client.xpending_range(
            stream, group, start, "+", _PAGE, consumername=consumer, idle=idle_milliseconds
        )
        length = len(page)
        for entry in page:
            message_id = entry["message_id"].decode()
            start = f"({message_id}"
            # The first delivery counts in another way, see `GroupStream`.
            attempts = max(0, int(entry["times_delivered"]) - 1)
            found.append(Unacknowledged(message_id, attempts, idle_milliseconds or 0))
    return found
