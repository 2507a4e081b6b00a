"""A recogniser that delivers names as docs/entities.md defines them, whatever its model was taught.

The corpora leave out ministries, armies and courts, and end in 2005; what a recogniser marks is
completed and corrected here, on tokens alone. Which entity a name stands for is left to `groups`
and `link`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from workers.entities.guideline.announced_names import (
    HEADS as ANNOUNCING,
    announcing_head,
    find_announced,
)
from workers.entities.guideline.buildings import HEADS as BUILDINGS, building_head, find_buildings
from workers.entities.guideline.context_names import ContextNames, as_clubs
from workers.entities.guideline.events import HEADS as EVENTS, event_head, find_events
from workers.entities.guideline.group_words import HEADS as GROUPS
from workers.entities.guideline.institutions import HEADS, find_institutions, head_of
from workers.entities.guideline.listed_names import ListedNames
from workers.entities.guideline.named_groups import find_groups, group_head
from workers.entities.guideline.not_names import real_names, without_adjectives
from workers.entities.guideline.openers import Openers
from workers.entities.guideline.person_spans import PersonSpans
from workers.entities.guideline.spans import merge_spans, with_listed
from workers.entities.link.catalogue import Catalogue
from workers.entities.link.demonyms import Demonyms
from workers.entities.link.spelling import unelongated
from workers.entities.mentions.name_words import NameWords, load_name_words, opening_key
from workers.entities.recognise import Recogniser
from workers.model import Span

_OFTEN = 15
_LISTED, _DOUBTFUL, _HEAD, _BUILDING, _GROUP, _ANNOUNCING, _EVENT = 1, 2, 4, 8, 16, 32, 64
"""What a word may open: a listed name, one that needs a word beside it, an institution's, a
building's, a party's or a company's, one that its noun announces, a prize's or a festival's."""
_MOST_WORDS = 40_000  # a dictionary of more takes twice the memory
_HASH = re.compile(r"^#(?=\w)", re.MULTILINE)


class ProductRecogniser:
    """A ProductRecogniser marks names by the product's guideline.

    Args:
        recogniser: marks names by the guideline of its corpus.
        catalogue: the listed names.
        names: how often words open names; None for the counts that are shipped.
    """

    def __init__(
        self, recogniser: Recogniser, catalogue: Catalogue, names: NameWords | None = None
    ) -> None:
        self.name = recogniser.name
        self._recogniser = recogniser
        self._catalogue = catalogue
        self._demonyms = Demonyms(catalogue)
        self._states = frozenset(country.id for country in catalogue.demonyms.values())
        self._listed = ListedNames(catalogue.phrases, catalogue.small_letters)
        self._beside = ContextNames(catalogue.doubtful_phrases)
        names_looked_for = (*catalogue.phrases, *catalogue.doubtful_phrases)
        self._openers = Openers(
            (
                *HEADS,
                *BUILDINGS,
                *GROUPS,
                *ANNOUNCING,
                *EVENTS,
                *(name.split(" ", 1)[0] for name in names_looked_for),
            )
        )
        self._kinds: dict[str, int] = {}
        self._names = names or load_name_words()
        self._persons = PersonSpans(self._listed, self._names, self._is_national)

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence; see `Recogniser.recognise`."""
        found = self._recogniser.recognise([_plain(words) for words in sentences])
        made: list[list[Span]] = []
        for start, end in _documents(sentences):
            made += self._of_document(sentences[start:end], found[start:end])
        return made

    def _of_document(
        self, sentences: Sequence[Sequence[str]], spans: Sequence[Sequence[Span]]
    ) -> list[list[Span]]:
        names_places = any(
            span.type == "LOC" and words[span.start] != "المغرب"
            for words, of_one in zip(sentences, spans, strict=True)
            for span in of_one
        )
        named = [
            self._names_of(words, of_one, names_places=names_places)
            for words, of_one in zip(sentences, spans, strict=True)
        ]
        return self._persons.corrected(sentences, named)

    def _names_of(
        self, words: Sequence[str], spans: Sequence[Span], *, names_places: bool
    ) -> list[Span]:
        if not words:
            return []
        real = real_names(
            words,
            spans,
            self._listed,
            self._is_given,
            self._knows,
            names_places=names_places,
        )
        kinds = list(map(self._kinds.get, words))
        if None in kinds:
            kinds = [
                self._kind(word) if kind is None else kind
                for word, kind in zip(words, kinds, strict=True)
            ]
        if not any(kinds):
            return as_clubs(words, without_adjectives(words, real), self._is_state)

        def places(flag: int) -> list[int]:
            return [i for i, kind in enumerate(kinds) if kind and kind & flag]

        listed = places(_LISTED)
        named = with_listed(self._listed.find(words, listed), real) if listed else real
        doubtful = places(_DOUBTFUL)
        if doubtful:
            named = with_listed(self._beside.find(words, doubtful, named), named)
        named = as_clubs(words, without_adjectives(words, named), self._is_state)
        return self._with_their_nouns(words, named, places)

    def _with_their_nouns(
        self, words: Sequence[str], named: list[Span], places: Callable[[int], list[int]]
    ) -> list[Span]:
        """Add the names that the nouns at their heads tell."""
        if heads := places(_BUILDING):
            named = merge_spans(find_buildings(words, heads, named, self._count), named)
        if heads := places(_GROUP):
            made = find_groups(words, heads, named, self._is_national, self._knows)
            named = merge_spans(made, named)
        if heads := places(_HEAD):
            inside = frozenset(
                i for span in named if span.type == "LOC" for i in range(span.start, span.end)
            )
            institutions = find_institutions(words, heads, inside, self._is_national)
            named = merge_spans([Span(*bounds, "ORG") for bounds in institutions], named)
        if heads := places(_ANNOUNCING):
            named = merge_spans(find_announced(words, heads, named, self._is_national), named)
        if heads := places(_EVENT):
            named = merge_spans(find_events(words, heads, named, self._is_national), named)
        return named

    def _kind(self, word: str) -> int:
        """Return what a word may open, remembered: most words of news open nothing."""
        kind = self._kinds.get(word)
        if kind is None:
            if len(self._kinds) >= _MOST_WORDS:
                self._kinds.clear()
            kind = 0
            if self._openers.may_open(word):
                kind += _LISTED * self._listed.may_open(word)
                kind += _DOUBTFUL * self._beside.may_open(word)
                kind += _HEAD * bool(head_of(word))
                kind += _BUILDING * bool(building_head(word))
                kind += _GROUP * bool(group_head(word))
                kind += _ANNOUNCING * bool(announcing_head(word))
                kind += _EVENT * bool(event_head(word))
            self._kinds[word] = kind
        return kind

    def _knows(self, name: str) -> bool:
        return self._catalogue.knows(name) or self._listed.class_of(name.split()) is not None

    def _is_national(self, word: str) -> bool:
        return self._demonyms.country_of(word) is not None

    def _is_state(self, name: str) -> bool:
        return any(candidate.id in self._states for candidate in self._catalogue.lookup(name))

    def _count(self, word: str) -> int:
        return self._names.count(opening_key(word))

    def _is_given(self, word: str) -> bool:
        return self._count(word) >= _OFTEN


def _plain(words: Sequence[str]) -> Sequence[str]:
    """Return the words as a recogniser knows them: «صلاااح» as «صلاح», «#غزة» as «غزة»."""
    text = "\n".join(words)
    plain = unelongated(text)
    if "#" in plain:
        plain = _HASH.sub("", plain)
    return words if plain == text else plain.split("\n")


def _documents(sentences: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the documents, which empty sentences part."""
    start = 0
    for i, words in enumerate(sentences):
        if not words and i > start:
            yield start, i
            start = i
    if start < len(sentences):
        yield start, len(sentences)
