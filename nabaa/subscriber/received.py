"""An article as it came off a stream."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec

from nabaa.message import data_of, decode_article
from nabaa.streams.ids import instant_of
from nabaa.streams.messages import Message
from nabaa.types import Article


@dataclass(frozen=True, slots=True)
class Received:
    """An article as it came off the stream.

    Attributes:
        stream: key of the stream.
        message_id: id on the stream.
        data: the article as JSON, byte by byte as it was published.
        attempts: number of earlier deliveries that did not end well, as far as the group knows.
    """

    stream: str
    message_id: str
    data: bytes
    attempts: int = 0

    @property
    def at(self) -> datetime:
        """When it came onto the stream, aware UTC, as its id has it."""
        return instant_of(self.message_id)

    @property
    def article(self) -> Article:
        """The article, read anew each time.

        Raises:
            msgspec.MsgspecError: `data` is not an article of this version.
        """
        return decode_article(self.data)


def received_of(stream: str, messages: Sequence[Message]) -> list[Received]:
    """Return those messages of a stream that carry an article, unpacked where they are packed.

    Args:
        stream: key of the stream.
        messages: in order.
    """
    found = []
    for message in messages:
        with suppress(KeyError, msgspec.DecodeError):  # neither is an article
            found.append(Received(stream, message.id, data_of(message.fields)))
    return found
