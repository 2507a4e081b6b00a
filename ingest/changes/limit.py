"""How many new entries of one document are taken: one feed must not crowd out all others."""

from __future__ import annotations

from dataclasses import replace

from ingest.changes.detect import DocumentChanges


def limit_new(changes: DocumentChanges, room: int) -> DocumentChanges:
    """Take no more than so many of the new entries of a document, the oldest first.

    Nothing is remembered of the others, so that they are as new to the next poll.

    Args:
        changes: what the document brings.
        room: number of new entries that may be taken, and of revised ones.
    """
    if max(len(changes.new), len(changes.revised)) <= room:
        return changes
    withheld = {entry.fingerprint for entry in changes.new[room:]}
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
        new=changes.new[:room],
        revised=changes.revised[:room],
        aliases=[alias for alias in changes.aliases if alias not in unknown],
    )
