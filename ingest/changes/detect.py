"""What a body brings: its entries that are new or say something else, at the least cost that tells.

Reading happens in a thread, so that other answers are taken in meanwhile; docs/polling.md says why
in no process. Where fingerprints are kept is the streams' business, what follows the poll's.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from config.model import Feed
from ingest.changes.content_digest import Comparison, compare, entry_text
from ingest.identity.fingerprint import canonical_url
from ingest.model import Entry, Fetched, ParsedFeed
from ingest.parse.dispatch import read_document
from ingest.parse.fast.reader import FastReading, parse_new_items, read_fast

AskKnown = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Takes the fingerprints of a document and returns those that its feed has shown before."""


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """What a body brings.

    Attributes:
        fingerprints: the fingerprints of all entries of the document, each once.
        new: the entries that were never seen, the oldest first.
        cut: the document ends before its end tag.
        parsed: the document, with or without its known entries; None where all were known before
            anything of it had to be parsed.
        revised: the entries whose words have changed since the last document, the oldest first.
        content_digests: what the next document is to be compared with; empty where it is cut.
    """

    fingerprints: Sequence[str]
    new: Sequence[Entry]
    cut: bool
    parsed: ParsedFeed | None
    revised: Sequence[Entry] = ()
    content_digests: bytes = b""


async def detect_changes(
    fetched: Fetched, feed: Feed, now: datetime, ask_known: AskKnown, content_digests: bytes = b""
) -> DocumentChanges:
    """Read a body.

    Args:
        fetched: the answer that holds it.
        feed: the feed it belongs to.
        now: aware UTC; dates after it are nonsense.
        ask_known: knows what was seen.
        content_digests: those of the document before it; empty where there are none.

    Raises:
        ParseError: the body is no document of any format.
        Exception: what `ask_known` raises.
    """
    read = await asyncio.to_thread(_read_quickly, fetched, feed, content_digests)
    if read is not None:
        reading, compared = read
        fingerprints = reading.fingerprints
        known = set(await ask_known(fingerprints))
        revised = set() if reading.cut else known.intersection(compared.changed)
        if len(known) == len(fingerprints) and not revised:
            kept = b"" if reading.cut else compared.content_digests
            return DocumentChanges(fingerprints, (), reading.cut, None, (), kept)
        old = known - revised
        rest = await asyncio.to_thread(parse_new_items, reading, old, fetched, feed, now)
        if rest is not None:
            return _changes(fingerprints, rest, known, revised, reading.urls, compared)
    parsed = await asyncio.to_thread(read_document, fetched, feed, now)
    compared = compare(
        {entry.fingerprint: entry_text(entry) for entry in parsed.entries}, content_digests
    )
    fingerprints = [entry.fingerprint for entry in parsed.entries]
    known = set(await ask_known(fingerprints))
    revised = set() if parsed.cut else known.intersection(compared.changed)
    urls = Counter(canonical_url(entry.url) for entry in parsed.entries)
    return _changes(fingerprints, parsed, known, revised, urls, compared)


def new_entries(entries: Collection[Entry], known: Collection[str]) -> list[Entry]:
    """Return the entries that are new, the oldest first: feeds list the newest first.

    Args:
        entries: of one document, in its order.
        known: fingerprints that the feed has shown before.
    """
    return [entry for entry in reversed(list(entries)) if entry.fingerprint not in known]


def _read_quickly(
    fetched: Fetched, feed: Feed, content_digests: bytes
) -> tuple[FastReading, Comparison] | None:
    reading = read_fast(fetched, feed)
    return None if reading is None else (reading, compare(reading.texts, content_digests))


def _changes(
    fingerprints: Sequence[str],
    parsed: ParsedFeed,
    known: Collection[str],
    revised: Collection[str],
    urls: Counter[str],
    compared: Comparison,
) -> DocumentChanges:
    entries = [
        replace(entry, shares_url=True) if urls[canonical_url(entry.url)] > 1 else entry
        for entry in parsed.entries
    ]
    return DocumentChanges(
        fingerprints,
        new_entries(entries, known),
        parsed.cut,
        parsed,
        [
            replace(entry, is_revision=True)
            for entry in reversed(entries)
            if entry.fingerprint in revised
        ],
        b"" if parsed.cut else compared.content_digests,
    )
