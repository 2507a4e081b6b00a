"""Finds the subject of a cue: the entity named after its verb, right before it, or in a role.

Whom a pronoun means is left to `antecedents`. A subject is never guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from nabaa.types import TextField
from workers.quotes.cues import fold
from workers.quotes.lexicon import (
    BELONGINGS_FOLDED,
    COURTESIES_FOLDED,
    DOCUMENTS_FOLDED,
    ORGANISATIONS_FOLDED,
    PREPOSITIONS,
    WORKPLACE_PREPOSITIONS,
)
from workers.quotes.mention_index import MentionIndex, PlacedMention
from workers.quotes.noun_phrases import belongs, is_addressed, phrase_end, subject_bounds
from workers.quotes.passage import COMMAS, Passage
from workers.quotes.roles import Roles, titles_folded
from workers.quotes.sentence_subjects import MAX_SENTENCE, SentenceSubjects

_FEWEST_OF_WORKPLACE = 2
"""Words of «في المستشفى», the preposition among them."""
_BRACKETS = frozenset('"«“”„‹(')


@dataclass(frozen=True, slots=True)
class Subject:
    """A Subject is the noun phrase in a subject's place.

    Attributes:
        id: entity that it names; None where it names none of the article.
        start: index of its first word.
        end: index after its last word; `start` where nothing stands there and a pronoun is meant.
    """

    id: str | None
    start: int
    end: int

    @property
    def is_there(self) -> bool:
        """Tells whether there is a subject at all."""
        return self.end > self.start


class Subjects:
    """Subjects finds the entities that stand as subjects of cues in one article.

    Args:
        index: its names.
        roles: what it calls them.

    Attributes:
        roles: what it calls them.
        sentences: the subjects of its whole sentences.
    """

    def __init__(self, index: MentionIndex, roles: Roles) -> None:
        self._index = index
        self.roles = roles
        self.sentences = SentenceSubjects(index, roles)

    def after(
        self,
        passage: Passage,
        start: int,
        end: int,
        *,
        source: bool = False,
        takes_object: bool = False,
    ) -> Subject:
        """Return the subject that stands in words `start` to `end`.

        Args:
            passage: the text.
            start: index of the word after the cue.
            end: index where the subject's place ends.
            source: the words follow an attribution and may begin with ل: وفقا لصحيفة.
            takes_object: a second name there is not the subject: واتهمت روسيا أوكرانيا.
        """
        end = min(end, start + MAX_SENTENCE)
        start, stop = subject_bounds(passage, start, end, self._index, source=source)
        if stop == start:
            return Subject(None, start, start)
        named = self._named(passage, start, stop, end, source=source, takes_object=takes_object)
        return Subject(named, start, stop)

    def _named(
        self, passage: Passage, start: int, stop: int, end: int, *, source: bool, takes_object: bool
    ) -> str | None:
        """Return the entity that the noun phrase in words `start` to `stop` names."""
        words = [fold(word) for word in passage.words[start:stop]]
        if source and words[0].startswith("ل") and words[0] != "لجنه":
            words[0] = words[0][1:]
            words[0] = f"ا{words[0]}" if words[0].startswith("ل") else words[0]
        if words[0] in DOCUMENTS_FOLDED:
            return self._issuer(passage, start + 1, min(stop + 4, end))
        found = self._index.between(passage, start, stop)
        if takes_object and found and found[0].start == passage.starts[start]:
            return found[0].entity.id
        persons = [
            place
            for place in found
            if place.entity.type == "PERS" and (source or not is_addressed(passage, place))
        ]
        if persons:
            lead = self._lead(passage, start, persons[0].start)
            if len(persons) == 1 or not (belongs(lead) or any(map(_has_lam, lead))):
                return None if belongs(lead) else persons[0].entity.id
            return persons[-1].entity.id
        for place in found[:1]:
            lead = words[: len(self._lead(passage, start, place.start))]
            if self._is_whole_subject(passage, place, lead, stop, source=source):
                return place.entity.id
        if passage.word(stop) in COMMAS:
            beside = self._apposition(passage, stop + 1, end)
            if beside is not None:
                return beside
        courteous = self._with_courtesy(passage, stop, end)
        if courteous is not None:
            return courteous
        known = self._index.by_name(words)
        if known is None and not source and words[0].removeprefix("ال") in titles_folded():
            known = self._after_workplace(passage, stop, end)
        return known or self.roles.holder(words, named=bool(found))

    def _is_whole_subject(
        self, passage: Passage, place: PlacedMention, lead: list[str], stop: int, *, source: bool
    ) -> bool:
        """Tell whether a name that is no person's is the subject itself and not a part of it."""
        _, end, entity, _ = place
        kinds = [word for word in lead if word not in _BRACKETS]
        if not all(word in ORGANISATIONS_FOLDED for word in kinds):
            return False
        if entity.type == "ORG":
            return True
        if entity.type == "MISC":
            return bool(kinds) or source
        rest = bisect_left(passage.starts, end)
        return not lead and (rest >= stop or passage.words[rest].startswith("ل"))

    def others_between(
        self,
        field: TextField,
        start: int,
        end: int,
        speaker: str,
        *,
        feminine: bool | None = None,
    ) -> bool:
        """Tell whether a person other than `speaker` is named in these code points.

        Args:
            field: text that they stand in.
            start: first code point.
            end: code point after the last.
            speaker: who is not another.
            feminine: gender of the pronoun, so that a person of the other one is none either.
        """
        return any(
            place.entity.type == "PERS"
            and place.entity.id != speaker
            and (feminine is None or self.roles.agrees(place.entity.id, feminine))
            for place in self._index.within(field, start, end)
        )

    def _issuer(self, passage: Passage, start: int, end: int) -> str | None:
        for place in self._index.between(passage, start, end):
            # «تقرير للبيت الأبيض»: whatever class the house was given, it has issued the report.
            issued = "ل" in passage.text[max(0, place.start - 1) : place.start + 1]
            if place.entity.type == "ORG" or (issued and place.entity.type != "PERS"):
                return place.entity.id
        return None

    def _apposition(self, passage: Passage, start: int, end: int) -> str | None:
        stop = phrase_end(passage, start, end)
        for place in self._index.between(passage, start, stop):
            if (
                place.entity.type == "PERS"
                and place.start <= passage.starts[min(start + 4, stop - 1)]
            ):
                return place.entity.id
        return None

    def _after_workplace(self, passage: Passage, stop: int, end: int) -> str | None:
        """Return the one person of a subject whose office stands «في …» before the name.

        «قال رئيس القسم في المستشفى سمير النجار إن»: nothing may govern the name itself, and
        nothing but a comma or the end of the subject's place follows it.
        """
        persons = [
            place
            for place in self._index.between(passage, stop, end)
            if place.entity.type == "PERS"
        ]
        if len(persons) != 1:
            return None
        at = bisect_left(passage.starts, persons[0].start)
        after = bisect_left(passage.starts, persons[0].end)
        # «وزير العلاقة مع البرلمان، سمير النجار، إن»
        apart = passage.words[at - 1] in COMMAS and passage.word(after) in COMMAS
        if not apart and passage.word(stop) not in WORKPLACE_PREPOSITIONS:
            return None
        before = passage.words[at - 1]
        governed = before in PREPOSITIONS or fold(before) in BELONGINGS_FOLDED
        whole = at < len(passage.starts) and passage.starts[at] == persons[0].start
        ends = (
            after >= end or passage.words[after] in COMMAS or passage.words[after] in PREPOSITIONS
        )
        has_place = at - stop >= _FEWEST_OF_WORKPLACE
        return persons[0].entity.id if whole and ends and has_place and not governed else None

    def _with_courtesy(self, passage: Passage, start: int, end: int) -> str | None:
        for place in self._index.between(passage, start, end):
            if place.entity.type == "PERS":
                at = bisect_left(passage.starts, place.start)
                before = at - 2 if passage.word(at - 1) == "." else at - 1
                if fold(passage.word(before)) in COURTESIES_FOLDED:
                    return place.entity.id
        return None

    def _lead(self, passage: Passage, start: int, offset: int) -> list[str]:
        at = bisect_left(passage.starts, offset)
        return [fold(word) for word in passage.words[start:at]]


def _has_lam(word: str) -> bool:
    """Tell whether a folded word may begin with the preposition: «المتحدث لمركز سلمان سمير»."""
    return word[0] == "ل" and len(word) > 4 and not word.startswith(("لواء", "لاعب"))
