"""Reads the words after the head of an institution's name: nouns, adjectives, a purpose. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set as AbstractSet

from workers.entities.guideline.construct import IsNational
from workers.entities.guideline.institution_words import (
    ADJECTIVES,
    DEFENDS,
    NO_ADJECTIVES,
    NOT_AFTER_HEAD,
    SECOND_PORTFOLIOS,
)
from workers.entities.mentions.roles import cached_key


class Phrase:
    """A Phrase is the words from the head of a name to the farthest that may belong to it.

    Args:
        words: tokens of the sentence.
        limit: the index that no name goes beyond.
        is_national: tells adjectives of countries.
        heads: search keys of nouns that begin another name.
    """

    def __init__(
        self,
        words: Sequence[str],
        limit: int,
        is_national: IsNational,
        heads: AbstractSet[str],
    ) -> None:
        self._words = words
        self._limit = limit
        self._is_national = is_national
        self._heads = heads

    def key(self, i: int) -> str:
        """Return the search key of word `i`; empty beyond the name's limit."""
        return cached_key(self._words[i]) if 0 <= i < self._limit else ""

    def is_of_country(self, i: int) -> bool:
        """Tell whether word `i` is a definite adjective of a country."""
        return self.key(i).startswith("ال") and self._is_national(self._words[i])

    def is_noun(self, i: int) -> bool:
        """Tell whether word `i` is definite and may name what an institution is for."""
        key = self.key(i)
        return key.startswith("ال") and len(key) > 3 and key not in NOT_AFTER_HEAD

    def is_adjective(self, i: int) -> bool:
        """Tell whether word `i` is a definite adjective that may belong to a name."""
        key = self.key(i)
        if not key.startswith("ال") or key in NO_ADJECTIVES or key in NOT_AFTER_HEAD:
            return False
        return key in ADJECTIVES or key.endswith(("ي", "يه")) or self.is_of_country(i)

    def after_adjectives(self, i: int) -> int:
        """Return the index after the adjectives at `i` that are of no country."""
        while self.is_adjective(i) and not self.is_of_country(i):
            i += 1
        return i

    def after_purpose(self, i: int) -> int:
        """Return the index after «للأمن الوطني» or «لحقوق الإنسان», `i` where there is none."""
        key = self.key(i)
        if not key.startswith("ل") or len(key) < 4:
            return i
        end = i + 1
        if key in DEFENDS and self.key(end) == "عن":
            end += 1 + (not self.is_noun(end + 1))
            return self.after_adjectives(end + 1) if self.is_noun(end) else i
        if key.startswith("لل"):
            end = self.after_adjectives(end)
        elif self.is_noun(end):
            end = self.after_adjectives(end + 1)
        else:
            return i
        return self.after_second(end)

    def after_second(self, i: int) -> int:
        """Return the index after «والأمراض المعدية» or «والبحرية», `i` where there is none."""
        key = self.key(i)
        if not key.startswith("وال") or len(key) <= 5:
            return i
        if key.endswith("يه") and self.key(i - 1).endswith("يه"):
            return i + 1  # «البرية والبحرية»
        if key[1:] in self._heads:
            return i
        # «للحساسية والأمراض المعدية», but not «للرقابة والتقى الوزير»
        after = self.after_adjectives(i + 1)
        is_last = self.key(i + 1)[:1] in ("", "،", ".", ")", ",", "(")
        return after if after > i + 1 or is_last or key in SECOND_PORTFOLIOS else i
