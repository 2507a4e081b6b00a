"""The part of a text that shows why it was found, with the places of the words in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nabaa.filters.words import fold_words
from workers.index.expression import Phrase
from workers.index.model import Marked
from workers.index.places import places_of

SNIPPET = 240
"""Code points of a snippet, about."""

# A word with the marks and the tatweel that folding takes out of it.
_WORD = re.compile(r"\w[\w\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]*")
_BEFORE = 60  # code points before the first word that was asked for
_MOST_SEARCHED = 20_000  # code points


def mark_words(text: str, phrases: Sequence[Phrase]) -> Marked:
    """Return a text with the places of the words that were asked for.

    Args:
        text: as the article has it.
        phrases: words that were asked for.
    """
    return Marked(text, tuple(_places(text, phrases)))


def snippet(texts: Sequence[str], phrases: Sequence[Phrase]) -> Marked:
    """Return the part of the first text that has most of the words; else the beginning of one.

    Args:
        texts: the summary and the text of an article.
        phrases: words that were asked for.
    """
    best, start, most = "", 0, 0
    for text in texts:
        places = _places(text[:_MOST_SEARCHED], phrases)
        for number, (place, _) in enumerate(places):
            near = sum(1 for other, _ in places[number:] if other < place + SNIPPET - _BEFORE)
            if near > most:
                best, start, most = text, max(0, place - _BEFORE), near
    if not most:
        best = next(filter(None, texts), "")
    part = _cut(best, start)
    return mark_words(part, phrases)


def _cut(text: str, start: int) -> str:
    """Return some of a text in one line, cut between words."""
    if start:
        start = text.find(" ", start) + 1 or start
    end = start + SNIPPET
    if end < len(text):
        end = text.rfind(" ", start, end) if " " in text[start + 1 : end] else end
    part = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _places(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Return start and end of each word or phrase, in order, never overlapping."""
    if not phrases:
        return []
    words = [
        (folded, found.start(), found.end())
        for found in _WORD.finditer(text)
        for folded in _fold(found[0])
    ]
    folded = [word for word, _, _ in words]
    places = [
        (words[place][1], words[place + len(phrase.rest)][2])
        for phrase in phrases
        for place in places_of(phrase, folded)
    ]
    return _merged(places)


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


@lru_cache(20_000)
def _fold(word: str) -> tuple[str, ...]:
    return tuple(fold_words(word))
