"""The records of a batch as they were read, and the pointers that are to lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workers.publish.records import (
    Records,
    StoredRecord,
    decode_pointer,
    decode_record,
    encode_pointer,
)
from workers.publish.versions import Version


class StoredRecords:
    """What is stored under the names of a batch of articles.

    Args:
        stored: name → value as it was read; empty where there is none.
    """

    def __init__(self, stored: Mapping[str, bytes]) -> None:
        self._stored = dict(stored)
        # A name without a record stands for itself: a record may be kept under it.
        self._records: dict[str, StoredRecord] = {"": StoredRecord("")}

    def missing_targets(self) -> list[str]:
        """Return the names that pointers lead to and that were not read."""
        targets = dict.fromkeys(map(decode_pointer, self._stored.values()))
        return [name for name in targets if name and name not in self._stored]

    def add(self, stored: Mapping[str, bytes]) -> None:
        """Take what is stored under further names."""
        self._stored |= stored

    @property
    def records(self) -> Records:
        """Name → what is stored under it, pointers followed."""
        return self._records | {name: self._record(name) for name in self._stored}

    def pointers(self, others: Sequence[str], home: str, version: Version) -> list[bytes]:
        """Return for each name what stood under it and what is to: empty leaves it as it is.

        Args:
            others: names of an article beside that of its record.
            home: name of its record.
            version: what becomes of it.
        """
        pairs: list[bytes] = []
        for name in others:
            raw = self._stored[name]
            leads_here = decode_pointer(raw) == home
            is_free = not raw or (decode_pointer(raw) and self._record(name).record is None)
            record = version.record if leads_here or is_free else None
            pairs += (raw, encode_pointer(home, record.owner_feed) if record else b"")
        return pairs

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
