"""An article as it came off a stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.streams.messages import Message
from workers.message import decode_article
from workers.types import Article

_DATA = b"data"


@dataclass(frozen=True, slots=True)
class Received:
    """An article as it came off the stream.

    Attributes:
        stream: key of the stream.
        message_id: id on the stream.
        data: the article as JSON, exactly as it was published.
    """

    stream: str
    message_id: str
    data: bytes

    @property
    def at(self) -> datetime:
        """When it came onto the stream, UTC: its id begins with milliseconds since 1970."""
        return datetime.fromtimestamp(int(self.message_id.partition("-")[0]) / 1000, UTC)

    @property
    def article(self) -> Article:
        """The article, read anew each time.

        Raises:
            msgspec.MsgspecError: `data` is not an article of this version.
        """
        return decode_article(self.data)


def received_of(stream: str, messages: Sequence[Message]) -> list[Received]:
    """Return those messages of a stream that carry an article."""
    return [
        Received(stream, message.id, message.fields[_DATA])
        for message in messages
        if _DATA in message.fields
    ]
