"""Finds the names of the catalogue in a sentence: the longest at each word, particles allowed.

What a recogniser was taught in 2005 or reads for the first time it may miss or cut in two («باريس
سان جيرمان»); a listed name of several words, or of one that means nothing else, is a name anyhow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from nabaa.types import EntityType
from workers.entities.link.spelling import exact_key
from workers.entities.mentions.clitics import list_cuts
from workers.model import Span

_PARTICLES = frozenset(("", "و", "ف", "ل", "ب", "ول", "وب"))
_SHORTEST_AFTER_PARTICLE = 4
"""Letters of a single word before which a particle may stand."""


_Head = tuple[str, tuple[str, ...], bool]
"""Key of the first word of a token, keys of its other words, and whether no particle was parted."""

_Rest = tuple[tuple[str, ...], EntityType]


class ListedNames:
    """ListedNames finds the names that are looked for in texts.

    Args:
        phrases: exact keys of names, their words parted by spaces, to a class.
        small_letters: keys of Latin names that need no capital: «stc».
    """

    def __init__(
        self, phrases: Mapping[str, EntityType], small_letters: Set[str] = frozenset()
    ) -> None:
        self._small_letters = small_letters
        # By the first word, then by the second: «جامعة» opens hundreds of names.
        openers: dict[str, dict[str, list[_Rest]]] = {}
        for key, kind in phrases.items():
            first, *rest = key.split()
            by_second = openers.setdefault(first, {})
            by_second.setdefault(rest[0] if rest else "", []).append((tuple(rest), kind))
        self._openers = openers
        # The words of news come again and again; most open no name.
        self._heads = lru_cache(maxsize=8192)(self._find_heads)
        self._phrases = phrases

    def class_of(self, words: Sequence[str]) -> EntityType | None:
        """Return the class of a name that is looked for; None for any other words."""
        return self._phrases.get(" ".join(filter(None, map(exact_key, words))))

    def may_open(self, word: str) -> bool:
        """Tell whether a word may be the first of a listed name."""
        return bool(self._heads(word))

    def find(self, words: Sequence[str], places: Sequence[int]) -> list[Span]:
        """Find the names of a sentence.

        Args:
            words: its tokens.
            places: indices of the tokens that may open a name, ascending.

        Returns:
            The longest at each word, in order, never overlapping.
        """
        found: list[Span] = []
        for i in places:
            if found and i < found[-1].end:
                continue
            span = self._longest(words, i, self._heads(words[i]))
            if span is not None:
                found.append(span)
        return found

    def _longest(self, words: Sequence[str], start: int, heads: Sequence[_Head]) -> Span | None:
        best: Span | None = None
        following = exact_key(words[start + 1]).split() if start + 1 < len(words) else ()
        for head, others, is_whole in heads:
            by_second = self._openers[head]
            second = others[0] if others else following[0] if following else ""
            # A particle before a short word alone is left to context: «وقسد».
            alone = not others and (is_whole or len(head) >= _SHORTEST_AFTER_PARTICLE)
            names = by_second.get(second, ()) if second else ()
            for rest, kind in (*names, *(by_second.get("", ()) if alone else ())):
                end = _end(words, start + 1, others, rest)
                if end and (best is None or end > best.end):
                    best = Span(start, end, kind)
        return best

    def _find_heads(self, word: str) -> tuple[_Head, ...]:
        """List the first words of listed names that a token may be: with and without particles.

        Returns:
            For each the key of its first word, those of further words in the token («أ.ف.ب» has
            three), and whether no particle was parted.
        """
        text = word.removeprefix("#").replace("_", " ")
        if not text:
            return ()
        ways = [("", text)] + [
            (cut.clitics, cut.name)
            for cut in (list_cuts(text) if text[0] in "وفبل" else ())
            if cut.clitics in _PARTICLES and cut.clitics
        ]
        found = []
        for clitics, name in ways:
            first, *others = exact_key(name).split() or [""]
            if first not in self._openers:
                continue
            is_small = first.isascii() and not name[0].isupper() and not name[0].isdigit()
            if is_small and first not in self._small_letters:
                continue  # «signal» is a word, «Signal» a name
            found.append((first, tuple(others), not clitics))
        return tuple(found)


def _end(words: Sequence[str], i: int, others: tuple[str, ...], rest: tuple[str, ...]) -> int:
    """Return the index after the token that completes a name, or 0 where it is another one."""
    if others[: len(rest)] != rest[: len(others)] or len(others) > len(rest):
        return 0
    place = len(others)
    while place < len(rest):
        if i >= len(words):
            return 0
        keys = tuple(exact_key(words[i]).split())
        if not keys or keys != rest[place : place + len(keys)]:
            return 0
        place += len(keys)
        i += 1
    return i
