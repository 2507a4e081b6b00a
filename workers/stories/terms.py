"""The terms of an article: its words in one spelling, and how much each of them counts.

Pure. What is compared of a word is what its spellings share: no clitics, no common endings, no long
vowels inside it. «ترامب» and «ترمب», «مقاتلون» and «للمقاتلين» are one term each; that some terms
stand for two words does no harm where forty of them are compared.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from zlib import crc32

from nabaa.filters.words import fold_words

TITLE_WEIGHT = 3.0
"""Weight of a word of the title; the first word of the text has 2."""

_TEXT_WEIGHT = 2.0
_DECAY_WORDS = 50.0  # the weight of a word of the text falls to 1/e in so many
_WORDS_READ = 200
_LETTERS_READ = 2_000  # two hundred words, with room
_TITLE_READ = 500
_CACHED_WORDS = 100_000
_LONGEST_WORD = 40  # code points; a longer one is an address or noise

_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = ("ها", "يا", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_LEAST = 3  # letters that stay
_VOWELS = str.maketrans("", "", "اويىئؤء")

# «القاهرة (رويترز) - », «سبق- الرياض: »: where a report was written and by whom, which most
# reports of an outlet share.
_DATELINE = re.compile(r"\s*[^\n.]{0,70}?(?:\([^)\n]{2,30}\)\s*[-–—:]?|[-–—:])\s*")
_LONGEST_DATELINE = 90


def term_weights(title: str, text: str) -> dict[int, float]:
    """Return how much each term of an article counts in it, before rarity is considered.

    Args:
        title: headline, plain text.
        text: its text; the first two hundred words are read.

    Returns:
        Term → weight, above 0. A term is 32 bits: the CRC-32 of its letters in UTF-8, the same in
        every process.
    """
    weights: dict[int, float] = {}
    for word in fold_words(title[:_TITLE_READ]):
        if term := _term(word):
            weights[term] = weights.get(term, 0.0) + TITLE_WEIGHT
    words = fold_words(without_dateline(text[:_LETTERS_READ]))
    terms = filter(None, map(_term, words))
    for term, weight in zip(terms, _POSITION_WEIGHTS, strict=False):
        weights[term] = weights.get(term, 0.0) + weight
    return weights


def skeleton(word: str) -> str:
    """Return what the forms of a word share.

    Args:
        word: folded, as `fold_words` gives it.

    Returns:
        The word without و, ف, ال and other clitics, without common endings, and without long
        vowels and hamzas behind its first letter, as long as three letters stay.
    """
    stem = _stem(word)
    if not "\u0600" <= stem[:1] <= "\u06ff":
        return stem
    bare = stem[0] + stem[1:].translate(_VOWELS)
    return bare if len(bare) >= _LEAST else stem


def without_dateline(text: str) -> str:
    """Return a text without the place and the agency before its first sentence."""
    found = _DATELINE.match(text[:_LONGEST_DATELINE])
    return text[found.end() :] if found else text


@lru_cache(_CACHED_WORDS)
def _term(word: str) -> int:
    """Return the term of a word, or 0 for one that is none: a letter, an address."""
    if not 1 < len(word) <= _LONGEST_WORD:
        return 0
    return crc32(skeleton(word).encode())


def _stem(word: str) -> str:
    if word[0] == "و" and len(word) > _LEAST:
        word = word[1:]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST:
            word = word[len(prefix) :]
            break
    else:
        if word[0] in "لب" and len(word) > _LEAST + 1:
            word = word[1:]
    shorter = _without_suffix(word)
    while shorter != word:
        word, shorter = shorter, _without_suffix(shorter)
    return word


def _without_suffix(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST:
            return word[: -len(suffix)]
    return word


_POSITION_WEIGHTS = tuple(
    _TEXT_WEIGHT * math.exp(-place / _DECAY_WORDS) for place in range(_WORDS_READ)
)
