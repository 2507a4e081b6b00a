"""Looks up the names of one article by place, by role and by family name.

Which of them speaks is left to `speakers`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from nabaa.types import Entity, EntityType, Mention, TextField
from workers.entities.mentions.titles import CONSTRUCT_TITLES, DEFINITE_TITLES, HONORIFICS
from workers.quotes.cues import cue_words, fold
from workers.quotes.lexicon import (
    CLAUSE_OPENERS,
    INSTITUTIONS_FOLDED,
    ORGANISATIONS_FOLDED,
    PREPOSITIONS,
    SAME_FOLDED,
)
from workers.quotes.passage import COMMAS, ENDS, Passage

SHORTEST_FAMILY_NAME = 4
MAX_HOLDERS = 20
"""People with one role in one article; where there are more, the role names nobody."""


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
        passages: its texts, whose words give roles to the entities named in them.
    """

    def __init__(self, entities: Sequence[Entity], passages: Sequence[Passage]) -> None:
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
        self._roles: Mapping[str, dict[str, frozenset[str]]] | None = None
        self._names: Mapping[str, list[tuple[tuple[str, ...], str]]] | None = None
        self._families: Mapping[str, set[str]] | None = None
        self._passages = passages

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
            for place in self._places():
                if place.entity.type in ("PERS", "ORG"):
                    name = tuple(fold(word) for word in place.mention.text.split())
                    if name and len(names[name[0]]) < MAX_HOLDERS:
                        names[name[0]].setdefault(name, place.entity.id)
            self._names = {
                first: sorted(known.items(), key=lambda item: -len(item[0]))
                for first, known in names.items()
            }
        return self._names

    def _family_names(self) -> Mapping[str, set[str]]:
        if self._families is None:
            families: dict[str, set[str]] = defaultdict(set)
            for place in self._places():
                if place.entity.type == "PERS" and place.mention.text.strip():
                    families[fold(place.mention.text.split()[-1])].add(place.entity.id)
            self._families = dict(families)
        return self._families

    def _places(self) -> Iterator[PlacedMention]:
        for places in self._by_field.values():
            yield from places

    def by_role(self, words: list[str]) -> str | None:
        """Return the one entity that the article gives the role in `words`, a definite phrase."""
        head = words[0]
        if not head.startswith("ال") and not (len(words) > 1 and words[1].startswith("ال")):
            return None
        holders = self._holders().get(head.removeprefix("ال"), {})
        wanted = {word.removeprefix("ال") for word in words[1:4]} - SAME_FOLDED
        if len(holders) > MAX_HOLDERS:
            return None
        matching = [id_ for id_, beside in holders.items() if wanted <= beside]
        return matching[0] if len(matching) == 1 else None

    def _holders(self) -> Mapping[str, dict[str, frozenset[str]]]:
        """Return each word of a role with the entities that have it and their other words."""
        if self._roles is None:
            roles: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
            for passage in self._passages:
                for start, end, entity, mention in self._by_field.get(passage.field, ()):
                    if entity.type == "LOC":
                        continue
                    beside = _words_beside(passage, start, end, entity.type)
                    beside |= {fold(w).removeprefix("ال") for w in mention.role.split()}
                    for word in _heads(beside, entity.type):
                        known = roles[word].get(entity.id, frozenset())
                        roles[word][entity.id] = known | beside
            self._roles = dict(roles)
        return self._roles


@cache
def titles_folded() -> frozenset[str]:
    """Return the titles of persons as `cues.fold` leaves them, without their article."""
    titles = HONORIFICS | DEFINITE_TITLES | CONSTRUCT_TITLES
    return frozenset(fold(title).removeprefix("ال") for title in titles)


def _heads(beside: frozenset[str], kind: EntityType) -> frozenset[str]:
    """Return the words of a role by which it may be called: a person is known by a title only."""
    if kind != "PERS":
        return beside
    return beside & titles_folded()


def _words_beside(passage: Passage, start: int, end: int, kind: EntityType) -> frozenset[str]:
    """Return the folded words of the role before a name and in apposition after it."""
    beside = _words_before(passage, start, 6 if kind == "PERS" else 2)
    after = bisect_left(passage.starts, end)
    if kind != "PERS":
        beside &= ORGANISATIONS_FOLDED
        first = bisect_left(passage.starts, start)
        beside.update(fold(word).removeprefix("ال") for word in passage.words[first:after])
        return frozenset(beside)
    beside -= INSTITUTIONS_FOLDED
    if passage.word(after) not in COMMAS:
        return frozenset(beside)
    for word in passage.words[after + 1 : after + 6]:
        if word in PREPOSITIONS or word in ENDS or word in COMMAS or word in cue_words():
            break
        beside.add(fold(word).removeprefix("ال"))
    return frozenset(beside)


def _words_before(passage: Passage, start: int, most: int) -> set[str]:
    """Return the folded words before a name that may belong to its role, at most so many."""
    words = passage.words
    first = bisect_left(passage.starts, start)
    beside: set[str] = set()
    for i in range(first - 1, max(-1, first - 1 - most), -1):
        word = words[i]
        if word in PREPOSITIONS or word in ENDS or word in cue_words() or word in CLAUSE_OPENERS:
            break
        if word.startswith("لل") or (word[0] in "بل" and fold(word[1:]) in INSTITUTIONS_FOLDED):
            # «كلية الطب بجامعة الملك»: what stands before is not the name's own.
            break
        if word in COMMAS:
            # «وزير المالية، أنتون سيلانوف»: one comma right before the name.
            if i != first - 1:
                break
            continue
        title = fold(word[1:]).removeprefix("ال")
        if word[0] == "و" and title in titles_folded():
            beside.add(title)
            break  # «السفير سمير والوزير فادي»: what stands before is another person's
        beside.add(fold(word).removeprefix("ال"))
    return beside
