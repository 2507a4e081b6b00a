"""How many new entries of one document are taken: one feed must not crowd out all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.changes.detect import DocumentChanges
from ingest.model import Entry
from ingest.schedule.entry_limits import entry_count
from ingest.streams.entries import encode_entry


def limit_new(changes: DocumentChanges, room: int) -> DocumentChanges:
    """Take no more than so many of the new entries of a document, the oldest first.

    Nothing is remembered of the others, so that they are as new to the next poll.

    Args:
        changes: what the document brings.
        room: number of new entries that may be taken, of which long ones count for several; and of
            revised ones.
    """
    most = _most_in(room, changes.new)
    if len(changes.new) <= most and len(changes.revised) <= room:
        return changes
    withheld = {entry.fingerprint for entry in changes.new[most:]}
    keys = changes.parsed.keys if changes.parsed else ()
    # Items with one address and one text are one article, and were decided on together.
    together = {each.exact for each in keys if each.fingerprint in withheld and each.exact}
    unknown = {
        key
        for each in keys
        if each.fingerprint in withheld or each.exact in together
        for key in (each.fingerprint, *each.others)
    }
    return replace(
        changes,
        new=changes.new[:most],
        revised=changes.revised[:room],
        aliases=[alias for alias in changes.aliases if alias not in unknown],
    )


def _most_in(room: int, entries: Sequence[Entry]) -> int:
    """Return how many of the first entries there is room for; for one, however long, if for any."""
    for number, entry in enumerate(entries):
        if room <= 0:
            return number
        room -= entry_count(len(encode_entry(entry)))
        if room < 0 and number:
            return number
    return len(entries)
