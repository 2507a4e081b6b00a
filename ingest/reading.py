"""What a body brings: its entries that were never seen, at the least cost that tells.

Reading happens in a thread, so that other answers are taken in meanwhile; docs/polling.md says why
in no process. Where fingerprints are kept is the streams' business, what follows the poll's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.types import Feed
from ingest.documents import read_document
from ingest.quickread import parse_rest, quick_read
from ingest.types import Entry, Fetched, ParsedFeed

AskKnown = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Takes the fingerprints of a document and returns those that its feed has shown before."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a body brings.

    Attributes:
        present: the fingerprints of all entries of the document, each once.
        new: the entries that were never seen, the oldest first.
        cut: the document ends before its end tag.
        parsed: the document, with or without its known entries; None where all were known before
            anything of it had to be parsed.
    """

    present: Sequence[str]
    new: Sequence[Entry]
    cut: bool
    parsed: ParsedFeed | None


async def read_contents(
    fetched: Fetched, feed: Feed, now: datetime, ask_known: AskKnown
) -> Contents:
    """Read a body.

    Args:
        fetched: the answer that holds it.
        feed: the feed it belongs to.
        now: aware UTC; dates after it are nonsense.
        ask_known: knows what was seen.

    Raises:
        ParseError: the body is no document of any format.
        Exception: what `ask_known` raises.
    """
    reading = await asyncio.to_thread(quick_read, fetched, feed)
    if reading is not None:
        present = reading.fingerprints
        known = await ask_known(present)
        if len(known) == len(present):
            return Contents(present, (), reading.cut, None)
        rest = await asyncio.to_thread(parse_rest, reading, known, fetched, feed, now)
        if rest is not None:
            return Contents(present, unseen(rest.entries, known), reading.cut, rest)
    parsed = await asyncio.to_thread(read_document, fetched, feed, now)
    present = [entry.fingerprint for entry in parsed.entries]
    new = unseen(parsed.entries, await ask_known(present))
    return Contents(present, new, parsed.cut, parsed)


def unseen(entries: Collection[Entry], known: Collection[str]) -> list[Entry]:
    """Return the entries that are new, the oldest first: feeds list the newest first.

    Args:
        entries: of one document, in its order.
        known: fingerprints that the feed has shown before.
    """
    return [entry for entry in reversed(list(entries)) if entry.fingerprint not in known]
