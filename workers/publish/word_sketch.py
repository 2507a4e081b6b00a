"""A sketch of the words of an article: enough to tell a correction from another article.

Two texts at one address are one article where their words have something to do with each other. A
sketch is 80 bytes at most, for there are millions: a hash of each word of the title that matters,
and the smallest hashes of all words, by which the share of common words is estimated (Broder, On
the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import re
from zlib import crc32

MOST_TERMS = 16
"""Words of a title that are kept."""

SAMPLE = 24
"""Words of title and text that are kept."""

RELATED_TERMS = 1 / 3
"""Share of the shorter title's words that a related one has too."""

RELATED_SAMPLE = 0.15
"""Estimated share of the words of two related texts that both have."""

_READ = 20_000  # code points of a text
_WIDTH = 2  # bytes of a hash
_WORD = re.compile(r"\w+")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_PREFIX = re.compile("^(?:و|ف)?(?:ال|لل|بال|كال|[بلك](?=ال))", re.MULTILINE)
_LETTERS = tuple(zip("أإآٱة", "ااااه", strict=True))
# Words of every headline.
# fmt: off
_STOP_WORDS = frozenset((
    "عاجل", "من", "في", "على", "عن", "الى", "مع", "بعد", "قبل", "ان", "هذا", "هذه", "التي", "الذي",
    "كما", "بين", "خلال", "حول", "منذ", "عند", "كل", "غير", "يوم", "ثم", "لم", "لن", "هو", "هي",
    "ذلك", "حتى", "اكثر", "او", "لا", "ما", "قد", "كان", "فيديو", "صور", "شاهد", "بالصور",
    "بالفيديو", "مباشر", "تحديث", "the", "and", "for", "with", "from", "breaking", "live", "video",
))
# fmt: on


def sketch_words(title: str, *texts: str) -> bytes:
    """Return the sketch of an article.

    Args:
        title: its headline, plain text.
        texts: its other texts, plain.
    """
    terms = sorted(_hashes(title))[:MOST_TERMS]
    words = _hashes(" ".join((title, *texts))[:_READ])
    sample = sorted(words)[:SAMPLE]
    return bytes((len(terms),)) + b"".join((*terms, *sample))


def are_related(one: bytes, other: bytes) -> bool:
    """Tell whether two articles may be versions of one, by their sketches.

    Args:
        one: a sketch; an empty one, as old records have, is related to every other.
        other: likewise.
    """
    if not (one and other):
        return True
    terms, sample = _parted(one)
    other_terms, other_sample = _parted(other)
    fewest = min(len(terms), len(other_terms))
    if fewest and len(terms & other_terms) >= RELATED_TERMS * fewest:
        return True
    if not (sample and other_sample):
        return not (terms or other_terms)
    smallest = sorted(sample | other_sample)[:SAMPLE]
    common = sum(word in sample and word in other_sample for word in smallest)
    return common >= RELATED_SAMPLE * len(smallest)


def _parted(sketch: bytes) -> tuple[set[bytes], set[bytes]]:
    hashes = [sketch[at : at + _WIDTH] for at in range(1, len(sketch), _WIDTH)]
    return set(hashes[: sketch[0]]), set(hashes[sketch[0] :])


def _hashes(text: str) -> set[bytes]:
    plain = _MARKS.sub("", text)
    for letter, plain_letter in _LETTERS:  # str.translate takes ten times as long
        plain = plain.replace(letter, plain_letter)
    plain = plain.casefold()
    words = set(_WORD.findall(plain)) - _STOP_WORDS
    bare_words = set(_PREFIX.sub("", "\n".join(words)).split("\n")) - _STOP_WORDS
    return {
        crc32(word.encode()).to_bytes(4, "big")[-_WIDTH:]
        for word in bare_words
        if len(word) > 1 or word.isdecimal()
    }
