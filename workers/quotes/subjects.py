"""Finds the subject of a cue: the entity named after its verb, right before it, or in a role.

Whom a pronoun means is left to `antecedents`. A subject is never guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from nabaa.types import TextField
from workers.quotes.cues import fold
from workers.quotes.lexicon import (
    ADVERBS,
    BEFORE_NAMES,
    BELONGINGS_FOLDED,
    COURTESIES_FOLDED,
    DOCUMENTS_FOLDED,
    MASCULINE_ORGANISATIONS_FOLDED,
    ORGANISATIONS_FOLDED,
    PREPOSITIONS,
    RELATIVES,
    RELATIVES_OF_PERSONS_FOLDED,
    ROLES_OF_PERSONS_FOLDED,
    WORDS_OF_FOLDED,
    WORKPLACE_PREPOSITIONS,
)
from workers.quotes.mention_index import MentionIndex, PlacedMention
from workers.quotes.noun_phrases import is_addressed, phrase_end, subject_bounds
from workers.quotes.passage import COMMAS, ENDS, Passage
from workers.quotes.roles import Roles, titles_folded

MAX_OPENING = 8
"""Words of a subject that stands before its verb, with its role."""
MAX_APPOSITION = 25
"""Words between the commas of «سمير، وهو طبيب في …، يقول»."""
MAX_SENTENCE = 60
"""Words of a sentence in which its subject is looked for."""
_FEWEST_OF_WORKPLACE = 2
"""Words of «في المستشفى», the preposition among them."""
_LONGEST_LEAD = 5
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
    """

    def __init__(self, index: MentionIndex, roles: Roles) -> None:
        self._index = index
        self.roles = roles

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
        return known or self.roles.holder(words, named=passage.starts_name(start + 1))

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

    def before(self, passage: Passage, verb: int) -> tuple[str | None, bool]:
        """Return the entity named right before the verb: «بومبيو قال»، «المرصد الذي أفاد».

        Returns:
            Its id or None; and whether the verb belongs to a relative clause, so that no pronoun
            goes back further than its head.
        """
        i = verb - 1
        while i >= 0 and passage.words[i] in ADVERBS:
            i -= 1
        relative = i >= 0 and passage.words[i] in RELATIVES
        if relative:
            i -= 1
            if passage.word(i) in COMMAS:
                i -= 1
        if passage.word(i) == ")":
            # «محمد بن سلمان (32 عاما) صرح»
            while i > verb - 8 and passage.word(i) not in ("(", ""):
                i -= 1
            i -= 1
        if i < 0 or passage.words[i] in ENDS:
            return None, relative
        for place in reversed(self._index.between(passage, max(0, i - 8), i + 1)):
            if place.end == passage.ends[i] and place.entity.type != "MISC":
                return place.entity.id, relative
            break
        return None, relative

    def opens(self, passage: Passage, verb: int) -> str | None:
        """Return the entity whose name stands between a sentence's start and its verb.

        It stands there alone, or with what is said of it between two commas.
        """
        first = passage.sentence_start(verb)
        if passage.words[verb - 1] in COMMAS and first < verb - 1:
            return self._opens_with_apposition(passage, first, verb - 1)
        if not 0 < verb - first <= MAX_OPENING:
            return None
        for place in self._index.between(passage, first, verb):
            lead = self._lead(passage, first, place.start)
            whole = place.end == passage.ends[verb - 1] and not belongs(lead)
            if whole and PREPOSITIONS.isdisjoint(passage.words[first:verb]):
                return place.entity.id if place.entity.type != "MISC" else None
        return None

    def _opens_with_apposition(self, passage: Passage, first: int, comma: int) -> str | None:
        """Return the entity of «لكن الطبيب سمير، وهو من بيروت، يقول» before its second comma."""
        for place in self._index.between(passage, first, min(comma, first + MAX_OPENING)):
            at = bisect_left(passage.starts, place.start)
            after = bisect_left(passage.starts, place.end)
            lead = [word for word in passage.words[first:at] if word not in BEFORE_NAMES]
            if place.entity.type not in ("PERS", "ORG") or passage.word(after) not in COMMAS:
                continue
            if after >= comma or comma - after > MAX_APPOSITION or len(lead) > _LONGEST_LEAD:
                return None
            folded = [fold(word) for word in lead]
            if belongs(folded) or not PREPOSITIONS.isdisjoint(lead):
                return None
            head = folded[0].removeprefix("و").removeprefix("ال") if folded else ""
            kinds = titles_folded() if place.entity.type == "PERS" else ORGANISATIONS_FOLDED
            return place.entity.id if not head or head in kinds else None
        return None

    def subject_of(
        self, passage: Passage, start: int, end: int, *, feminine: bool | None
    ) -> str | None:
        """Return the entity that a sentence's words `start` to `end` have for a subject.

        It is the first person or organisation of that gender that no preposition governs, nor a
        title: «وصلت رئيسة المفوضية ليلى».
        """
        for place in self._index.between(passage, start, min(end, start + MAX_SENTENCE)):
            if place.entity.type not in ("PERS", "ORG"):
                continue
            at = bisect_left(passage.starts, place.start)
            before = [fold(word) for word in passage.words[max(start, at - 3) : at]]
            if place.entity.type == "ORG":
                if not self._may_do(passage, place, before, feminine=feminine):
                    continue
            elif feminine is not None and self.roles.is_feminine(place.entity.id) == (not feminine):
                continue
            if is_addressed(passage, place):
                return place.entity.id if not WORDS_OF_FOLDED.isdisjoint(before) else None
            if self._is_governed(passage, max(start, at - 3), at):
                return None
            return None if belongs(before) else place.entity.id
        return None

    def _may_do(
        self, passage: Passage, place: PlacedMention, before: list[str], *, feminine: bool | None
    ) -> bool:
        """Tell whether an organisation may be what a verb of this gender has for a subject."""
        if any(word.removeprefix("ال") in titles_folded() for word in before):
            return False
        if feminine is None:
            return True
        head = fold(place.mention.text.partition(" ")[0]).removeprefix("ال")
        masculine = head in MASCULINE_ORGANISATIONS_FOLDED or (
            bool(before) and before[-1] in MASCULINE_ORGANISATIONS_FOLDED
        )
        if feminine:
            return not masculine
        # «رفع البنك المركزي الفائدة، وقال»: nothing but the verb stands before it.
        comma = max((k for k, word in enumerate(before) if word in COMMAS), default=-1)
        lead = [word for word in before[comma + 1 :] if word not in ORGANISATIONS_FOLDED]
        return masculine and len(lead) <= 1

    def _is_governed(self, passage: Passage, start: int, at: int) -> bool:
        """Tell whether a preposition in words `start` to `at` takes the name at `at`.

        It does not where it has a name of its own: «المبعوث إلى اليمن سمير», «وفي بوسطن هنأ سمير».
        """
        for i in range(at - 1, start - 1, -1):
            if passage.words[i] in PREPOSITIONS:
                own = self._index.between(passage, i + 1, at)
                return not (i + 1 < at and own and own[0].start == passage.starts[i + 1])
        return False

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
            and (feminine is None or self.roles.is_feminine(place.entity.id) != (not feminine))
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
        if len(persons) != 1 or passage.word(stop) not in WORKPLACE_PREPOSITIONS:
            return None
        at = bisect_left(passage.starts, persons[0].start)
        after = bisect_left(passage.starts, persons[0].end)
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


def belongs(lead: list[str]) -> bool:
    """Tell whether the words before a name make it somebody else who only belongs to it."""
    if not lead:
        return False
    if lead[-1] in BELONGINGS_FOLDED or lead[0] in RELATIVES_OF_PERSONS_FOLDED:
        return True
    for i, word in enumerate(lead):
        if word in ("باسم", "بلسان"):
            role = lead[i + 1].removeprefix("ال") if i + 1 < len(lead) else ""
            return not role or role in ROLES_OF_PERSONS_FOLDED
    return False


def _has_lam(word: str) -> bool:
    """Tell whether a folded word may begin with the preposition: «المتحدث لمركز سلمان سمير»."""
    return word[0] == "ل" and len(word) > 4 and not word.startswith(("لواء", "لاعب"))
