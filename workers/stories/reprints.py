"""Reprints: whether a text is, nearly word for word, one that was there before. Pure.

Two texts are compared by their runs of three words (shingles; Broder, On the resemblance and
containment of documents, 1997), of which at most 512 are kept: of a long text a half, a quarter
and so on, chosen by their hashes and so the same ones in all texts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ingest.identity.canonical import address_key, number_key
from nabaa.filters.words import fold_words

LEAST_JACCARD = 0.42
"""Share of the shingles of two texts together that both have, from which one reprints the other."""

LEAST_CONTAINMENT = 0.8
"""Share of the shingles of the shorter text that the longer one has, for a cut."""

MOST_TIMES_LONGER = 2.5
"""How many times longer than its cut a text may be."""

LEAST_OF_VERSIONS = 0.2
"""Share of the shingles of the shorter of two texts at one number that both must have."""

_LEAST_SHINGLES = 8  # of a text that can be told from another
_MOST_KEPT = 512
_WORDS_READ = 1_000
_LETTERS_READ = 10_000


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sketch holds what is needed to tell a reprint of a text.

    Attributes:
        words: number of words that were read.
        sampling: one of so many shingles was kept, a power of 2.
        shingles: hashes of the kept shingles, ascending.
    """

    words: int
    sampling: int
    shingles: npt.NDArray[np.uint32]


def sketch_text(title: str, text: str) -> Sketch:
    """Return the sketch of an article.

    Args:
        title: headline, plain text.
        text: plain text; the first thousand words are read.
    """
    return sketch_of(*shingles_of(title, text))


def shingles_of(title: str, text: str) -> tuple[int, set[int]]:
    """Return the number of words of an article, and the hashes of their runs, 32 bits each.

    Args:
        title: headline, plain text.
        text: plain text; the first thousand words are read.
    """
    words = [word.encode() for word in fold_words(f"{title} {text[:_LETTERS_READ]}")[:_WORDS_READ]]
    runs = zip(words, words[1:], words[2:], strict=False)
    return len(words), set(map(crc32, map(b" ".join, runs)))


def sketch_of(words: int, shingles: Collection[int]) -> Sketch:
    """Return the sketch of a text.

    Args:
        words: number of its words.
        shingles: hashes of their runs.
    """
    hashes = np.unique(np.fromiter(shingles, np.uint32, len(shingles)))
    sampling = 1
    while len(hashes) > _MOST_KEPT:
        sampling *= 2
        hashes = hashes[hashes % sampling == 0]
    return Sketch(words, sampling, hashes)


def is_reprint(one: Sketch, other: Sketch) -> bool:
    """Tell whether two texts are the same nearly word for word, or one a cut of the other."""
    return resemblance(one, other) > 0


def resemblance(one: Sketch, other: Sketch) -> float:
    """Return how much of two texts is the same where one reprints the other, else 0.

    Returns:
        Share of their shingles that both have, from `LEAST_JACCARD` on; where one is a cut of the
        other, share of the cut's, from `LEAST_CONTAINMENT` on.
    """
    sampling = max(one.sampling, other.sampling)
    a, b = _sampled(one, sampling), _sampled(other, sampling)
    if min(len(a), len(b)) < _LEAST_SHINGLES:
        return 1.0 if len(a) and np.array_equal(a, b) else 0.0
    shared = _shared(a, b)
    jaccard = shared / (len(a) + len(b) - shared)
    containment = shared / min(len(a), len(b))
    longer, shorter = max(one.words, other.words), min(one.words, other.words)
    if containment >= LEAST_CONTAINMENT and longer <= MOST_TIMES_LONGER * shorter:
        return containment
    return jaccard if jaccard >= LEAST_JACCARD else 0.0


def are_versions(one: Sketch, other: Sketch) -> bool:
    """Tell whether the texts of two addresses with one number have enough in common.

    The number may be that of a section or a date, so the texts must speak for it as well.
    """
    sampling = max(one.sampling, other.sampling)
    a, b = _sampled(one, sampling), _sampled(other, sampling)
    return _shared(a, b) >= LEAST_OF_VERSIONS * max(min(len(a), len(b)), 1)


def article_key(url: str) -> str:
    """Return what all addresses of an article at its outlet share, or an empty string.

    Args:
        url: address of the article, or an empty string.

    Returns:
        The address up to the number in its path, with or without a slug behind it, else the
        address as all its spellings have it.
    """
    if not url:
        return ""
    key = address_key(url)
    return number_key(key) or key


def _sampled(sketch: Sketch, sampling: int) -> npt.NDArray[np.uint32]:
    if sketch.sampling == sampling:
        return sketch.shingles
    return np.asarray(sketch.shingles[sketch.shingles % sampling == 0], np.uint32)


def _shared(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> int:
    if not len(other):
        return 0
    return int(np.count_nonzero(other.take(other.searchsorted(one), mode="clip") == one))
