"""Looks up the names of one article by place and by family name; by role in `roles`.

Which of them speaks is left to `speakers`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nabaa.types import Entity, Mention, TextField
from workers.quotes.cues import fold
from workers.quotes.passage import Passage

SHORTEST_FAMILY_NAME = 4
MAX_ALIKE = 20
"""Names with one first word that are told apart in one article."""


class PlacedMention(NamedTuple):
    """A PlacedMention is a mention with the entity that it names.

    Attributes:
        start: code points from the start of the text.
        end: code points, exclusive.
        entity: the entity that it is of.
        mention: the mention itself.
    """

    start: int
    end: int
    entity: Entity
    mention: Mention


class MentionIndex:
    """A MentionIndex holds the mentions of an article in order, without adjectives of countries.

    Args:
        entities: of the article.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        by_field: dict[TextField, list[PlacedMention]] = defaultdict(list)
        for entity in entities:
            for mention in entity.mentions:
                if mention.kind == "name":
                    by_field[mention.field].append(
                        PlacedMention(mention.start, mention.end, entity, mention)
                    )
        for places in by_field.values():
            places.sort(key=lambda place: (place.start, place.end))
        self._by_field = dict(by_field)
        self._starts = {
            field: [place.start for place in places] for field, places in self._by_field.items()
        }
        self._names: Mapping[str, list[tuple[tuple[str, ...], str]]] | None = None
        self._families: Mapping[str, set[str]] | None = None

    def between(self, passage: Passage, start: int, end: int) -> list[PlacedMention]:
        """Return the mentions that begin in words `start` to `end` of a text."""
        if end <= start or start >= len(passage.words):
            return []
        return self.within(
            passage.field, passage.starts[start], passage.ends[min(end, len(passage.words)) - 1]
        )

    def within(self, field: TextField, start: int, end: int) -> list[PlacedMention]:
        """Return the mentions that begin in code points `start` to `end` of a text."""
        starts = self._starts.get(field)
        if not starts:
            return []
        return self._by_field[field][bisect_left(starts, start) : bisect_left(starts, end)]

    def by_name(self, words: list[str]) -> str | None:
        """Return the entity whose name opens the subject at a place where no name was found.

        It is one that the article names elsewhere, in full or, a person, by the family name.

        Args:
            words: the subject, folded.
        """
        for name, id_ in self._known_names().get(words[0], ()):
            rest = words[len(name) :]
            # «الاتحاد» is not «الاتحاد الأوروبي»; «البنك المركزي للبنوك» is what a verb may leave.
            whole = not rest or (len(name) > 1 and rest[0].startswith("ل"))
            if whole and tuple(words[: len(name)]) == name:
                return id_
        if len(words[0]) < SHORTEST_FAMILY_NAME or (words[1:2] and not words[1].startswith("ال")):
            return None
        holders = self._family_names().get(words[0], set())
        return next(iter(holders)) if len(holders) == 1 else None

    def _known_names(self) -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
        """Return by its first word each name of a person or organisation, longest first."""
        if self._names is None:
            names: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
            for place in self.places():
                if place.entity.type in ("PERS", "ORG"):
                    name = tuple(fold(word) for word in place.mention.text.split())
                    if name and len(names[name[0]]) < MAX_ALIKE:
                        names[name[0]].setdefault(name, place.entity.id)
            self._names = {
                first: sorted(known.items(), key=lambda item: -len(item[0]))
                for first, known in names.items()
            }
        return self._names

    def _family_names(self) -> Mapping[str, set[str]]:
        if self._families is None:
            families: dict[str, set[str]] = defaultdict(set)
            for place in self.places():
                if place.entity.type == "PERS" and place.mention.text.strip():
                    families[fold(place.mention.text.split()[-1])].add(place.entity.id)
            self._families = dict(families)
        return self._families

    def places(self) -> Iterator[PlacedMention]:
        """Yield every mention, those of one text after those of another."""
        for places in self._by_field.values():
            yield from places
