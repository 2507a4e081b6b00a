"""The countries that an article speaks of: evidence of which of several places a name means.

«القنيطرة في جنوب سوريا» is in Syria, not in Morocco. A country counts most for names of the same
sentence, less for those of the same article. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from nabaa.types import Mention, TextField
from workers.entities.model import TaggedSentence

SAME_SENTENCE = 100.0
"""A place or person of a country that the same sentence names is meant so much oftener."""

SAME_ARTICLE = 8.0
"""The same for a country that the article names elsewhere, or that its outlet is of."""

Sentence = tuple[TextField, int]
"""Field of a text and the number of a sentence in it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence is what speaks for the countries of one group of mentions.

    Attributes:
        factors: how much oftener a listed entity of a country is meant, by ISO 3166-1 alpha-2.
        regions: continents that the article speaks of; empty where it names no country.
    """

    factors: Mapping[str, float]
    regions: Set[str]


NO_EVIDENCE = Evidence({}, frozenset())
"""Evidence of an article that names no country and whose outlet is of none."""


class ArticleCountries:
    """ArticleCountries gathers the countries of one article by sentence.

    Args:
        sentences: those of the article, in reading order.
        outlet: ISO 3166-1 alpha-2 of its outlet; `XX` or empty where there is none.
        regions: continents by country.
    """

    def __init__(
        self, sentences: Sequence[TaggedSentence], outlet: str, regions: Mapping[str, str]
    ) -> None:
        self._starts: dict[TextField, list[int]] = {}
        for sentence in sentences:
            if sentence.tokens:
                starts = self._starts.setdefault(sentence.field, [])
                starts.append(sentence.tokens[0].start)
        self._outlet = outlet
        self._regions = regions
        self._by_sentence: dict[Sentence, set[str]] = {}
        self._all: set[str] = set()

    def add(self, country: str, mentions: Iterable[Mention]) -> None:
        """Note that mentions name a country, or something that is surely of it."""
        self._all.add(country)
        for mention in mentions:
            self._by_sentence.setdefault(self._sentence(mention), set()).add(country)

    def of(self, mentions: Iterable[Mention]) -> Evidence:
        """Return what speaks for the countries of a group of mentions."""
        factors = dict.fromkeys(self._all, SAME_ARTICLE)
        if self._outlet not in ("", "XX"):
            factors[self._outlet] = SAME_ARTICLE
        for mention in mentions:
            for country in self._by_sentence.get(self._sentence(mention), ()):
                factors[country] = SAME_SENTENCE
        regions = {self._regions[country] for country in factors if country in self._regions}
        return Evidence(factors, regions)

    def _sentence(self, mention: Mention) -> Sentence:
        starts = self._starts.get(mention.field, [])
        return mention.field, bisect_right(starts, mention.start)
