"""The state of a feed as Redis holds it: one JSON text, and what hubs change in other fields.

The names in Redis are those of the first version, so that a wire of any version reads any other's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from ingest.model import FeedState

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])
# A poll that began before the hub verified, or a person paused, must not take that back; the
# digests are bytes.
_OWN_FIELDS = ("pushed_until", "content_digests", "entries_day", "entries_today", "paused")
_STORED_NAMES: Mapping[str, str] = MappingProxyType(
    {"arrival_rate": "rhythm", "publisher_hints": "hints"}
)
_NAMES: Mapping[str, str] = MappingProxyType({old: new for new, old in _STORED_NAMES.items()})
_IN_TEXT = tuple(
    (field.name, _STORED_NAMES.get(field.name, field.name), field.default)
    for field in fields(FeedState)
    if field.name not in _OWN_FIELDS
)


def encode_state(state: FeedState) -> bytes:
    """Return a state as JSON: what is not empty of it, and not what has fields of its own.

    One field of the hash takes half the memory of a field for each attribute.
    """
    return _encoder.encode(
        {
            stored_name: value
            for name, stored_name, default in _IN_TEXT
            if (value := getattr(state, name)) != default
        }
    )


def decode_state(stored: Mapping[bytes, bytes]) -> FeedState:
    """Read the state of a feed from its hash; what is missing keeps its default.

    Raises:
        msgspec.ValidationError: it is not a state of this version.
        msgspec.DecodeError: it is not JSON.
    """
    values = _decoder.decode(stored.get(b"state", b"{}"))
    until = stored.get(b"pushed_until")
    day, today = map(int, stored.get(b"taken", b"0 0").split(b" "))
    return replace(
        msgspec.convert(
            {_NAMES.get(name, name): value for name, value in values.items()}, FeedState
        ),
        pushed_until=datetime.fromisoformat(until.decode()) if until else None,
        content_digests=stored.get(b"marks", b""),
        entries_day=day,
        entries_today=today,
        paused=b"paused" in stored,
    )
