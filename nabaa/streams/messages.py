"""The answers of XREAD, XREADGROUP, XRANGE and XAUTOCLAIM as plain records (RESP2, bytes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a stream.

    Attributes:
        id: its id on the stream.
        fields: empty where Redis 6.2 hands out an entry that was deleted.
    """

    id: str
    fields: dict[bytes, bytes]


def messages_of_range(answer: Any) -> list[Message]:
    """Return the messages of an XRANGE, XREVRANGE or of the list in an XAUTOCLAIM."""
    return [Message(message_id.decode(), fields or {}) for message_id, fields in answer]


def messages_of_read(answer: Any) -> list[Message]:
    """Return the messages of an XREAD or XREADGROUP of one stream; none when it timed out."""
    return [message for _, batch in answer or () for message in messages_of_range(batch)]
