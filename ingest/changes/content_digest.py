"""Which known items of a document say something else than in the document before it.

A digest of the words of each item is kept between two polls: the markup, the spaces and everything
beside title and texts (counters, dates) do not count. The digests only choose what is looked at:
whether an article has really changed is decided by the workers, who clean the texts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from zlib import crc32

from ingest.model import Entry

MOST_ITEMS = 500
"""Of a longer document so many items are followed: the first, which are the newest."""

MOST_AT_ONCE = 3
"""Where more than so many items and more than half of those known have changed since the last
document, the feed is written otherwise, or counts readers in its texts; no article has changed."""

# No pattern looks beyond the next tag: the time is in proportion to the text, whatever it is.
_MARKUP = re.compile(rb"<!\[CDATA\[|<[^<>]*+>|&lt;[^<>&]*+(?:&(?!lt;|gt;)[^<>&]*+)*+&gt;")
_SPACES = b" \t\r\n\f\v"
# Of an item are kept, in bytes: the start of its fingerprint, a digest of its texts as they stand,
# and one of their words, which is only computed again where the first one has changed.
# A change goes unseen once in 65,536; the memory of 100,000 feeds counts.
_KEY, _RAW, _WORDS = 3, 2, 2
_WIDTH = _KEY + _RAW + _WORDS


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document beside the one before it.

    Attributes:
        changed: fingerprints of the items whose words have changed.
        unfollowed: fingerprints of the items that the document before did not hold; empty where
            there was none.
        content_digests: what the next document is to be compared with, 7 bytes an item.
    """

    changed: Collection[str]
    unfollowed: Collection[str]
    content_digests: bytes


def compare(texts: Mapping[str, bytes], before: bytes) -> Comparison:
    """Compare the words of a document's items with those of the document before it.

    Args:
        texts: fingerprint → title and texts of an item as `ingest.parse.fast.reader` or
            `entry_text` give them, in document order.
        before: the `content_digests` of the document before it; empty where there are none.
    """
    kept = {
        before[at : at + _KEY]: before[at + _KEY : at + _WIDTH]
        for at in range(0, len(before), _WIDTH)
    }
    content_digests, changed, unfollowed, followed = [], [], [], 0
    for fingerprint, text in islice(texts.items(), MOST_ITEMS):
        key = bytes.fromhex(fingerprint)[:_KEY]
        raw = crc32(text).to_bytes(4, "big")[-_RAW:]
        old = kept.get(key, b"")
        words = old[_RAW:] if old[:_RAW] == raw else words_digest(text)
        content_digests.append(key + raw + words)
        if old:
            followed += 1
            if words != old[_RAW:]:
                changed.append(fingerprint)
        elif kept:
            unfollowed.append(fingerprint)
    if len(changed) > max(MOST_AT_ONCE, followed / 2):
        changed = []
    return Comparison(changed, unfollowed, b"".join(content_digests))


def words_digest(text: bytes) -> bytes:
    """Return 2 bytes that stand for the words of a text, whatever markup is between them."""
    return crc32(_MARKUP.sub(b"", text).translate(None, _SPACES)).to_bytes(4, "big")[-_WORDS:]


def entry_text(entry: Entry) -> bytes:
    """Return title and texts of an entry that was parsed; its digests are of another kind."""
    texts = (entry.title, entry.summary_html, entry.content_html)
    return "\0".join(texts).encode("utf-8", "replace")
