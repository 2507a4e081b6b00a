"""Looks up the entities of one article by the role that it gives them.

«الوزير» is the one minister that the article names; where it names two, the adjective of a country
may tell which, «الوزير المصري».
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import cache

from nabaa.types import Entity, EntityType
from workers.entities.mentions.titles import CONSTRUCT_TITLES, DEFINITE_TITLES, HONORIFICS
from workers.quotes.cues import cue_words, fold
from workers.quotes.lexicon import (
    CLAUSE_OPENERS,
    INSTITUTIONS_FOLDED,
    ORGANISATIONS_FOLDED,
    PREPOSITIONS,
    ROLE_SYNONYMS,
    SAME_FOLDED,
)
from workers.quotes.mention_index import MentionIndex
from workers.quotes.passage import COMMAS, ENDS, Passage

_MOST_OF_PERSONS = 6
_MOST_OF_OTHERS = 2
MAX_HOLDERS = 20
"""People with one role in one article; where there are more, the role names nobody."""


class Roles:
    """Roles holds what the article calls its persons and organisations beside their names.

    Args:
        entities: of the article.
        passages: its texts, whose words give roles to the entities named in them.
        index: where the entities are named.
    """

    def __init__(
        self, entities: Sequence[Entity], passages: Sequence[Passage], index: MentionIndex
    ) -> None:
        self._entities = entities
        self._passages = {passage.field: passage for passage in passages}
        self._index = index
        self._known: Mapping[str, Entity] | None = None
        self._by_head: Mapping[str, dict[str, frozenset[str]]] | None = None
        self._countries_by_word: Mapping[str, str] | None = None
        # What the mentions of an entity tell, read once each: it may have thousands.
        self._countries_by_id: dict[str, set[str]] = {}
        self._genders: dict[str, bool | None] = {}
        self._kinds: dict[str, Set[str]] = {}

    def holder(self, words: list[str], *, named: bool = False) -> str | None:
        """Return the one entity that the article gives the role in `words`, a definite phrase.

        Args:
            words: the phrase, folded.
            named: a name stands in it: «مدرب ميلان».
        """
        if not words[0].startswith("ال") and not (
            words[1:2] and (named or words[1].startswith("ال"))
        ):
            return None
        holders = self._holders(words[0])
        if len(holders) > MAX_HOLDERS:
            return None
        wanted = self._wanted(words)
        matching = [id_ for id_, beside in holders.items() if wanted <= beside]
        if not matching:
            # «العاهل الأردني» is the king whom the list knows to be of Jordan.
            matching = [
                id_
                for id_, beside in holders.items()
                if self._countries(id_) and self.fits(id_, wanted - beside)
            ]
        return matching[0] if len(matching) == 1 else None

    def may_hold(self, id_: str, words: list[str]) -> bool:
        """Tell whether an entity has the role in `words`, and is of no other country."""
        beside = self._holders(words[0]).get(id_)
        return beside is not None and self.fits(id_, self._wanted(words) - beside)

    def fits(self, id_: str, words: Set[str]) -> bool:
        """Tell whether words name countries, by adjective or not, that may be an entity's own."""
        countries = {self._country_of(word) for word in words}
        if None in countries:
            return False
        own = self._countries(id_)
        return not own or countries <= own

    def adjectives(self, words: Set[str]) -> Set[str]:
        """Return those of the words that name countries."""
        return {word for word in words if self._country_of(word) is not None}

    def entity(self, id_: str) -> Entity:
        """Return an entity of the article by its id."""
        if self._known is None:
            self._known = {entity.id: entity for entity in self._entities}
        return self._known[id_]

    def agrees(self, id_: str, feminine: bool) -> bool:
        """Tell whether no title of a person is of the other gender."""
        if id_ not in self._genders:
            self._genders[id_] = _gender(self.entity(id_))
        return self._genders[id_] in (None, feminine)

    def kinds(self, id_: str) -> Set[str]:
        """Return what an organisation is called: «شركة» of «شركة النور»; empty for «ناتو»."""
        if id_ not in self._kinds:
            words = {
                fold(word).removeprefix("ال")
                for mention in self.entity(id_).mentions
                for word in (*mention.text.split(), *mention.role.split())
            }
            self._kinds[id_] = words & ORGANISATIONS_FOLDED
        return self._kinds[id_]

    def _countries(self, id_: str) -> set[str]:
        """Return the country of an entity by the list, or else by the adjectives of its roles."""
        known = self._countries_by_id.get(id_)
        if known is None:
            entity = self.entity(id_)
            told = {entity.country}
            if not entity.country:
                told = {
                    self._country_of(fold(word).removeprefix("ال")) or ""
                    for mention in entity.mentions
                    for word in mention.role.split()
                }
            known = self._countries_by_id[id_] = told - {""}
        return known

    def _country_of(self, word: str) -> str | None:
        """Return the country that a word names, empty where its code is not known."""
        if self._countries_by_word is None:
            self._countries_by_word = {
                fold(word).removeprefix("ال"): entity.country
                for entity in self._entities
                if any(mention.kind == "adjective" for mention in entity.mentions)
                for mention in entity.mentions
                for word in mention.text.split()
            }
        return self._countries_by_word.get(word)

    def _wanted(self, words: list[str]) -> Set[str]:
        """Return the words of a role after its first that tell its holders apart."""
        bare = (word.removeprefix("ال") for word in words[1:4] if not self._is_adverb(word))
        return set(bare) - SAME_FOLDED

    def _is_adverb(self, word: str) -> bool:
        """Tell whether a word is none of a role: «الرئيس الأميركي» ساخرا."""
        is_bare = word.endswith("ا") and not word.startswith("ال") and len(word) > 4
        return is_bare and self._country_of(word) is None

    def _holders(self, head: str) -> Mapping[str, frozenset[str]]:
        """Return the entities with the role whose first word is `head`, and their other words."""
        if self._by_head is None:
            roles: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
            field, person_end = "", 0
            for start, end, entity, mention in self._index.places():
                passage = self._passages.get(mention.field)
                if entity.type == "LOC" or passage is None:
                    continue
                floor = person_end if field == mention.field else 0
                beside = _words_beside(passage, floor, start, end, entity.type)
                if entity.type == "PERS":
                    field, person_end = mention.field, end
                beside |= {fold(w).removeprefix("ال") for w in mention.role.split()}
                for word in _heads(beside, entity.type):
                    known = roles[word].get(entity.id, frozenset())
                    roles[word][entity.id] = known | beside
            self._by_head = dict(roles)
        head = head.removeprefix("ال")
        return self._by_head.get(ROLE_SYNONYMS.get(head, head), {})


def _gender(entity: Entity) -> bool | None:
    """Return whether the titles of a person are feminine; None where they do not tell."""
    for mention in entity.mentions:
        title = fold(mention.role.partition(" ")[0]).removeprefix("ال")
        if title in titles_folded() and title.endswith("ه"):
            return True
        if f"{title}ه" in titles_folded():
            return False
    return None


@cache
def titles_folded() -> frozenset[str]:
    """Return the titles of persons as `cues.fold` leaves them, without their article."""
    titles = HONORIFICS | DEFINITE_TITLES | CONSTRUCT_TITLES
    return frozenset(fold(title).removeprefix("ال") for title in titles)


def _heads(beside: Set[str], kind: EntityType) -> Set[str]:
    """Return the words of a role by which it may be called: a person is known by a title only."""
    if kind != "PERS":
        return beside
    return {ROLE_SYNONYMS.get(word, word) for word in beside & titles_folded()}


def _words_beside(
    passage: Passage, floor: int, start: int, end: int, kind: EntityType
) -> frozenset[str]:
    """Return the folded words of the role before a name and in apposition after it.

    No word before code point `floor` is one of them: «استقبل الوزير سمير ليلى».
    """
    most = _MOST_OF_PERSONS if kind == "PERS" else _MOST_OF_OTHERS
    beside = _words_before(passage, floor, start, most)
    after = bisect_left(passage.starts, end)
    if kind != "PERS":
        beside &= ORGANISATIONS_FOLDED
        first = bisect_left(passage.starts, start)
        beside.update(fold(word).removeprefix("ال") for word in passage.words[first:after])
        return frozenset(beside)
    if passage.word(after) not in COMMAS:
        return frozenset(beside)
    for word in passage.words[after + 1 : after + 6]:
        if word in PREPOSITIONS or word in ENDS or word in COMMAS or word in cue_words():
            break
        beside.add(fold(word).removeprefix("ال"))
    return frozenset(beside)


def _words_before(passage: Passage, floor: int, start: int, most: int) -> set[str]:
    """Return the folded words before a name that may belong to its role, at most so many."""
    words = passage.words
    first = bisect_left(passage.starts, start)
    beside: set[str] = set()
    for i in range(first - 1, max(-1, first - 1 - most), -1):
        word = words[i]
        if passage.starts[i] < floor:
            break
        if word in PREPOSITIONS or word in ENDS or word in cue_words() or word in CLAUSE_OPENERS:
            break
        if most < _MOST_OF_PERSONS and word.startswith("ال"):
            break  # «قالت الهيئة لرويترز»: a kind has no article of its own
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
