"""Ids of stream entries: milliseconds since 1970, a hyphen, and a number within the millisecond.

https://redis.io/docs/latest/develop/data-types/streams/#entry-ids
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

FIRST = "0-0"
"""Id before every message."""

_ID = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")
_MOST = 2**64


def following_id(message_id: str) -> str:
    """Return the lowest id above a message id."""
    at, number = order_of(message_id)
    return f"{at}-{number + 1}" if number + 1 < _MOST else f"{at + 1}-0"


def is_message_id(text: str) -> bool:
    """Return whether a text is a whole message id, both parts of 64 bits."""
    return bool(_ID.fullmatch(text)) and max(order_of(text)) < _MOST


def order_of(message_id: str) -> tuple[int, int]:
    """Return a message id as two numbers, which compare as ids do on the stream."""
    at, _, number = message_id.partition("-")
    return int(at), int(number or 0)


def instant_of(message_id: str) -> datetime:
    """Return when a message was added, aware UTC.

    Raises:
        ValueError: the id is none, or lies beyond the year 9999.
    """
    try:
        return datetime.fromtimestamp(order_of(message_id)[0] / 1000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{message_id} is at no time") from error


def first_id_at(instant: datetime) -> str:
    """Return the lowest id that a message added at an instant may have.

    Args:
        instant: aware; before 1970 it counts as 1970.
    """
    return f"{max(0, int(instant.timestamp() * 1000))}-0"


def id_before(instant: datetime) -> str:
    """Return an id below all that messages added at an instant or later may have.

    Args:
        instant: aware; before 1970 it counts as 1970.
    """
    return f"{max(0, int(instant.timestamp() * 1000) - 1)}-0"
