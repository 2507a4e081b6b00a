"""An article or story as it came off a stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from nabaa.message import data_of, decode_article
from nabaa.story_message import STORY_TYPES, decode_story
from nabaa.streams.ids import instant_of
from nabaa.streams.messages import Message
from nabaa.types import Article, Story


@dataclass(frozen=True, slots=True)
class Received:
    """An article or story as it came off the stream.

    Attributes:
        stream: key of the stream.
        message_id: id on the stream.
        data: the article or story as JSON, byte by byte as it was published.
        attempts: number of earlier deliveries that did not end well, as far as the group knows.
        fields: fields of the message, as Redis has them.
    """

    stream: str
    message_id: str
    data: bytes
    attempts: int = 0
    fields: Mapping[bytes, bytes] = field(default_factory=dict, compare=False, repr=False)

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

    @property
    def kind(self) -> str:
        """The CloudEvents type of the event, or an empty string."""
        return self.fields.get(b"type", b"").decode(errors="replace")

    @property
    def is_story(self) -> bool:
        """Whether it is an event of a story."""
        return self.kind.startswith(STORY_TYPES)

    @property
    def story(self) -> Story:
        """The story, read anew each time.

        Raises:
            msgspec.MsgspecError: `data` is not a story of this version.
        """
        return decode_story(self.data)


def received_of(stream: str, messages: Sequence[Message]) -> list[Received]:
    """Return those messages of a stream that carry `data`, unpacked where it is packed.

    Args:
        stream: key of the stream.
        messages: in order.
    """
    found = []
    for message in messages:
        with suppress(KeyError, msgspec.DecodeError):  # neither is an article
            data, fields = data_of(message.fields), message.fields
            found.append(Received(stream, message.id, data, fields=fields))
    return found
