"""Finds the subject of a cue: the entity named after its verb, right before it, or in a role.

Whom a pronoun means is left to `speakers`. A subject is never guessed.
"""

from __future__ import annotations

from bisect import bisect_left

from nabaa.types import TextField
from workers.quotes.cues import cue_words, fold
from workers.quotes.lexicon import (
    ADVERBS,
    BELONGINGS_FOLDED,
    COURTESIES_FOLDED,
    DOCUMENTS_FOLDED,
    ORGANISATIONS_FOLDED,
    PREPOSITIONS,
    RELATIVES,
    RELATIVES_OF_PERSONS_FOLDED,
    ROLES_OF_PERSONS_FOLDED,
    SAYING_AGAIN,
    WORDS_OF_FOLDED,
    WORKPLACE_PREPOSITIONS,
)
from workers.quotes.mention_index import MentionIndex, PlacedMention, titles_folded
from workers.quotes.passage import COMMAS, ENDS, Passage

MAX_OPENING = 8
"""Words of a subject that stands before its verb, with its role."""
MAX_SENTENCE = 60
"""Words of a sentence in which its subject is looked for."""
_FEWEST_OF_WORKPLACE = 2
"""Words of «في المستشفى», the preposition among them."""
_TONGUES = frozenset(("لسان", "لساني"))
_BRACKETS = frozenset('"«“”„‹(')


class Subjects:
    """Subjects finds the entities that stand as subjects of cues in one article.

    Args:
        index: its names.
    """

    def __init__(self, index: MentionIndex) -> None:
        self._index = index

    def after(
        self,
        passage: Passage,
        start: int,
        end: int,
        *,
        source: bool = False,
        takes_object: bool = False,
    ) -> tuple[str | None, bool]:
        """Return the entity that the subject in words `start` to `end` names.

        Args:
            passage: the text.
            start: index of the word after the cue.
            end: index where the subject's place ends.
            source: the words follow an attribution and may begin with ل: وفقا لصحيفة.
            takes_object: a second name there is not the subject: واتهمت روسيا أوكرانيا.

        Returns:
            Its id or None; and whether there is a subject at all (False: a pronoun is meant).
        """
        end = min(end, start + MAX_SENTENCE)
        start, stop = _bounds(passage, start, end, source=source)
        if stop == start:
            return None, False
        words = [fold(word) for word in passage.words[start:stop]]
        if source and words[0].startswith("ل") and words[0] != "لجنه":
            words[0] = words[0][1:]
            words[0] = f"ا{words[0]}" if words[0].startswith("ل") else words[0]
        if words[0] in DOCUMENTS_FOLDED:
            return self._issuer(passage, start + 1, min(stop + 4, end)), True
        found = self._index.between(passage, start, stop)
        if takes_object and found and found[0].start == passage.starts[start]:
            return found[0].entity.id, True
        persons = [place for place in found if place.entity.type == "PERS"]
        if persons:
            lead = self._lead(passage, start, persons[0].start)
            if len(persons) == 1 or not (belongs(lead) or any(map(_has_lam, lead))):
                return (None if belongs(lead) else persons[0].entity.id), True
            return persons[-1].entity.id, True
        for place in found[:1]:
            lead = words[: len(self._lead(passage, start, place.start))]
            if self._is_whole_subject(passage, place, lead, stop, source=source):
                return place.entity.id, True
        if passage.word(stop) in COMMAS:
            beside = self._apposition(passage, stop + 1, end)
            if beside is not None:
                return beside, True
        courteous = self._with_courtesy(passage, stop, end)
        if courteous is not None:
            return courteous, True
        known = self._index.by_name(words)
        if known is None and not source and words[0].removeprefix("ال") in titles_folded():
            known = self._after_workplace(passage, stop, end)
        return known or self._index.by_role(words), True

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
        """Return the entity whose name alone stands between a sentence's start and its verb."""
        first = passage.sentence_start(verb)
        if not 0 < verb - first <= MAX_OPENING:
            return None
        for place in self._index.between(passage, first, verb):
            lead = self._lead(passage, first, place.start)
            whole = place.end == passage.ends[verb - 1] and not belongs(lead)
            if whole and PREPOSITIONS.isdisjoint(passage.words[first:verb]):
                return place.entity.id if place.entity.type != "MISC" else None
        return None

    def subject_of(self, passage: Passage, start: int, end: int, *, feminine: bool) -> str | None:
        """Return the entity that a sentence's words `start` to `end` have for a subject.

        It is the first person, or the first organisation where the pronoun is feminine, that no
        preposition governs.
        """
        for place in self._index.between(passage, start, min(end, start + MAX_SENTENCE)):
            if place.entity.type not in (("PERS", "ORG") if feminine else ("PERS",)):
                continue
            at = bisect_left(passage.starts, place.start)
            before = [fold(word) for word in passage.words[max(start, at - 3) : at]]
            if passage.text[place.start] == "ل" or passage.text[max(0, place.start - 1)] == "ل":
                return place.entity.id if not WORDS_OF_FOLDED.isdisjoint(before) else None
            if self._is_governed(passage, max(start, at - 3), at):
                return None
            return None if belongs(before) else place.entity.id
        return None

    def _is_governed(self, passage: Passage, start: int, at: int) -> bool:
        """Tell whether a preposition in words `start` to `at` takes the name at `at`.

        It does not where it has a name of its own: «المبعوث إلى اليمن سمير», «وفي بوسطن هنأ سمير».
        """
        for i in range(at - 1, start - 1, -1):
            if passage.words[i] in PREPOSITIONS:
                own = self._index.between(passage, i + 1, at)
                return not (i + 1 < at and own and own[0].start == passage.starts[i + 1])
        return False

    def others_between(self, field: TextField, start: int, end: int, speaker: str) -> bool:
        """Tell whether a person other than `speaker` is named in these code points."""
        return any(
            place.entity.type == "PERS" and place.entity.id != speaker
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
        stop = _phrase_end(passage, start, end)
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


def _bounds(passage: Passage, start: int, end: int, *, source: bool) -> tuple[int, int]:
    """Return the bounds of the noun phrase that stands for the subject."""
    start = _skip(passage, start, end)
    stop = _phrase_end(passage, start + source, end) if start < end else start
    if passage.word(stop) == "على" and passage.word(stop + 1) in _TONGUES:
        # «وردت الحركة على لسان رئيسها سمير»
        return stop + 2, _phrase_end(passage, stop + 2, end)
    return start, stop


def _skip(passage: Passage, start: int, end: int) -> int:
    while start < end and (
        passage.words[start] in ADVERBS
        or passage.words[start] in ("(", "-")
        or passage.words[start] in SAYING_AGAIN
    ):
        start += 1
    return start


def _phrase_end(passage: Passage, start: int, end: int) -> int:
    """Return the index after the noun phrase that begins at `start`."""
    words = passage.words
    end = min(end, start + 14, len(words))
    i = start
    while i < end:
        word = words[i]
        close = passage.closing.get(i)
        if close is not None and close - i <= 5:
            i = close + 1
            continue
        if word in PREPOSITIONS or word in COMMAS or word in ("(", ":") or passage.is_break(i):
            break
        if i > start and word[0] == "ل" and word[1:2].isascii() and len(word) > 2:
            break  # «لCNN»
        if i > start and (word in ADVERBS or (word in cue_words() and _is_finite(word))):
            break
        i += 1
    return min(i, end)


def _is_finite(word: str) -> bool:
    return cue_words()[word].form != "verb" or word[0] in "وف"
