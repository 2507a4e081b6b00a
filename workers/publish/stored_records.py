"""The records of a batch as they were read, and the pointers that are to lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workers.publish.records import (
    Records,
    StoredRecord,
    decode_pointer,
    decode_record,
    encode_pointer,
)
from workers.publish.versions import Version


class NamePointers(NamedTuple):
    """The other names of an article, as publish.lua takes them.

    Attributes:
        marks: a digit for each name, the sum of 1 where something stood under it and 2 where the
            pointer is to stand there.
        pointer: leads to the article's record; empty where nothing is recorded.
        found: what stood there, for the names with 1.
    """

    marks: str
    pointer: bytes
    found: list[bytes]


class StoredRecords:
    """What is stored under the names of a batch of articles.

    Args:
        stored: name → value as it was read; empty where there is none.
    """

    def __init__(self, stored: Mapping[str, bytes]) -> None:
        self._stored = dict(stored)
        self._records: dict[str, StoredRecord] = {}

    def missing_targets(self) -> list[str]:
        """Return the names that pointers lead to and that were not read."""
        targets = dict.fromkeys(map(decode_pointer, self._stored.values()))
        return [name for name in targets if name and name not in self._stored]

    def add(self, stored: Mapping[str, bytes]) -> None:
        """Take what is stored under further names."""
        self._stored |= stored
        self._records = {}

    @property
    def records(self) -> Records:
        """Name → what is stored under it, pointers followed; as of the last `add`."""
        if not self._records:
            # A name without a record stands for itself: a record may be kept under it.
            self._records = {"": StoredRecord("")}
            self._records |= {name: self._record(name) for name in self._stored}
        return self._records

    def pointers(self, others: Sequence[str], home: str, version: Version) -> NamePointers:
        """Return what stood under the names of an article and under which a pointer is to stand.

        Args:
            others: names of an article beside that of its record.
            home: name of its record.
            version: what becomes of it.
        """
        marks, found, record = "", [], version.record
        for name in others:
            raw = self._stored[name]
            target = decode_pointer(raw)
            is_free = not raw or (target and self.records[name].record is None)
            is_pointed = record is not None and (is_free or target == home)
            marks += str(2 * is_pointed + bool(raw))
            if raw:
                found.append(raw)
        pointer = encode_pointer(home, record.owner_feed) if record and others else b""
        return NamePointers(marks, pointer, found)

    def _record(self, name: str) -> StoredRecord:
        raw = self._stored[name]
        if target := decode_pointer(raw):
            kept = self._stored.get(target, b"")
            if not kept or decode_pointer(kept):
                return StoredRecord(name, raw=raw)
            name, raw = target, kept
        if not raw:
            return StoredRecord(name)
        record, message_id = decode_record(raw)
        return StoredRecord(name, record, message_id, raw)
