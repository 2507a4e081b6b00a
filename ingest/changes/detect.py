"""What a body brings: its entries that are new or say something else, at the least cost that tells.

    read_fast ─► fingerprints ─► known to `seen`? ── all, and no words changed ─► done
                                     └─ parse_new_items, or else read_document
                                        ─► keys of the rest ─► known to `seen`? ─► choose_new

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
from ingest.identity.canonical import address_key
from ingest.identity.same_article import NewArticles, choose_new
from ingest.model import ArticleKeys, Entry, Fetched, ParsedFeed
from ingest.parse.dispatch import read_document
from ingest.parse.fast.reader import FastReading, parse_new_items, read_fast

AskKnown = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Takes keys of entries and returns those that their feed has shown before."""


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """What a body brings.

    Attributes:
        fingerprints: fingerprints of all entries of the document, each once, and other keys by
            which some of them are known.
        new: entries that were never seen, the oldest first.
        cut: whether the document ends before its end tag.
        parsed: the document, with or without its known entries; None where all were known before
            anything of it had to be parsed.
        revised: entries whose words have changed since the last document, the oldest first.
        content_digests: what the next document is to be compared with; empty where it is cut.
        aliases: keys of new entries to remember beside their fingerprints.
    """

    fingerprints: Sequence[str]
    new: Sequence[Entry]
    cut: bool
    parsed: ParsedFeed | None
    revised: Sequence[Entry] = ()
    content_digests: bytes = b""
    aliases: Sequence[str] = ()


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
        known = set(await ask_known(reading.fingerprints))
        looked_at = set() if reading.cut else known.intersection(_suspects(compared))
        if len(known) == len(reading.fingerprints) and not looked_at:
            kept = b"" if reading.cut else compared.content_digests
            return DocumentChanges(reading.fingerprints, (), reading.cut, None, (), kept)
        rest = await asyncio.to_thread(
            parse_new_items, reading, known - looked_at, fetched, feed, now
        )
        if rest is not None:
            prints = reading.fingerprints
            return await _changes(prints, rest, known, reading.urls, compared, ask_known)
    parsed = await asyncio.to_thread(read_document, fetched, feed, now)
    texts = {entry.fingerprint: entry_text(entry) for entry in parsed.entries}
    compared = compare(texts, content_digests)
    prints = [entry.fingerprint for entry in parsed.entries]
    known = set(await ask_known(prints))
    urls = Counter(address_key(entry.url) for entry in parsed.entries)
    return await _changes(prints, parsed, known, urls, compared, ask_known)


def _read_quickly(
    fetched: Fetched, feed: Feed, content_digests: bytes
) -> tuple[FastReading, Comparison] | None:
    reading = read_fast(fetched, feed)
    return None if reading is None else (reading, compare(reading.texts, content_digests))


def _suspects(compared: Comparison) -> Collection[str]:
    """Return the fingerprints of items that may say something else than when they were seen."""
    return {*compared.changed, *compared.unfollowed}


async def _changes(
    prints: Sequence[str],
    parsed: ParsedFeed,
    known: set[str],
    urls: Counter[str],
    compared: Comparison,
    ask_known: AskKnown,
) -> DocumentChanges:
    """Decide which of the parsed entries are new and which were revised.

    Args:
        prints: fingerprints of all entries of the document.
        parsed: the document, with at least the entries to decide about.
        known: those of the fingerprints that the feed has shown before.
        urls: how many entries of the document carry an address.
        compared: the document beside the one before it.
        ask_known: knows what was seen.
    """
    changed = set() if parsed.cut else known.intersection(compared.changed)
    back = set() if parsed.cut else known.intersection(compared.unfollowed)
    by_print = {keys.fingerprint: keys for keys in parsed.keys}
    unknown = [keys for keys in parsed.keys if keys.fingerprint not in known]
    returned = [by_print[each] for each in back if each in by_print and by_print[each].exact]
    asked = {key for keys in (*unknown, *returned) for key in (keys.former, *keys.others) if key}
    known_keys = set(await ask_known(sorted(asked))) if asked else set()
    chosen = choose_new(unknown, known_keys)
    # What comes back to its feed with other words, or at the address of another item.
    changed |= {keys.fingerprint for keys in returned if keys.exact not in known_keys}
    new = {unknown[index].fingerprint for index in chosen.indexes}
    return DocumentChanges(
        (*prints, *sorted(known_keys)),
        [_marked(entry, urls) for entry in reversed(parsed.entries) if entry.fingerprint in new],
        parsed.cut,
        parsed,
        [
            replace(_marked(entry, urls), is_revision=True)
            for entry in reversed(parsed.entries)
            if entry.fingerprint in changed
        ],
        b"" if parsed.cut else compared.content_digests,
        _aliases(chosen, parsed.keys, changed),
    )


def _aliases(
    chosen: NewArticles, keys: Sequence[ArticleKeys], changed: Collection[str]
) -> tuple[str, ...]:
    """Return the keys to remember: of new entries, and of revised ones with their new words."""
    revised = (key for each in keys if each.fingerprint in changed for key in each.others)
    return tuple(dict.fromkeys((*chosen.aliases, *revised)))


def _marked(entry: Entry, urls: Counter[str]) -> Entry:
    """Return an entry that says whether another one of its document has its address."""
    return replace(entry, shares_url=True) if urls[address_key(entry.url)] > 1 else entry
