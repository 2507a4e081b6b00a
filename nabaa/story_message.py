"""The events on the stories stream: flat CloudEvents 1.0 attributes and the story as JSON.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from nabaa.types import Story

StoryEventType = Literal[
    "nabaa.story.created", "nabaa.story.updated", "nabaa.story.breaking", "nabaa.story.merged"
]
STORY_CREATED: Final = "nabaa.story.created"
STORY_UPDATED: Final = "nabaa.story.updated"
STORY_BREAKING: Final = "nabaa.story.breaking"
STORY_MERGED: Final = "nabaa.story.merged"
STORY_TYPES = "nabaa.story."
"""What the types of the events of stories begin with."""

STORY_URN = "urn:nabaa:story:"

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Story)


def encode_story(story: Story) -> bytes:
    """Return a story as JSON, UTF-8; instants as RFC 3339 in UTC."""
    return _encoder.encode(story)


def decode_story(data: bytes) -> Story:
    """Read a story back; fields of a later version are passed over.

    Args:
        data: JSON, UTF-8.

    Raises:
        msgspec.ValidationError: it is not a story.
        msgspec.DecodeError: it is not JSON.
    """
    return _decoder.decode(data)


def story_attributes(story: Story, kind: StoryEventType, time: datetime) -> list[tuple[str, str]]:
    """Return the attributes of the event that tells of a story, in order.

    Args:
        story: as it is now.
        kind: what happened to it.
        time: time of the event, aware UTC.
    """
    number = "breaking" if kind == STORY_BREAKING else str(story.revision)
    return [
        ("specversion", "1.0"),
        ("id", f"{story.id.removeprefix(STORY_URN)}-{number}"),
        ("source", "/stories"),
        ("type", kind),
        ("time", time.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
        ("subject", story.id),
        ("datacontenttype", "application/json"),
    ]
