"""Finds the subject of a sentence by what stands before its verb or right after its first one.

«لكن الطبيب سمير، وهو من بيروت، يقول», «رفع البنك المركزي الفائدة، وقال».
"""

from __future__ import annotations

from bisect import bisect_left

from workers.quotes.cues import fold
from workers.quotes.lexicon import (
    ADVERBS,
    BEFORE_NAMES,
    MASCULINE_ORGANISATIONS_FOLDED,
    ORGANISATIONS_FOLDED,
    PREPOSITIONS,
    RELATIVES,
    WORDS_OF_FOLDED,
)
from workers.quotes.mention_index import MentionIndex, PlacedMention
from workers.quotes.noun_phrases import belongs, is_addressed
from workers.quotes.passage import COMMAS, ENDS, Passage
from workers.quotes.roles import Roles, titles_folded

MAX_OPENING = 8
"""Words of a subject that stands before its verb, with its role."""
MAX_APPOSITION = 25
"""Words between the commas of «سمير، وهو طبيب في …، يقول»."""
MAX_SENTENCE = 60
"""Words of a sentence in which its subject is looked for."""
_LONGEST_LEAD = 5


class SentenceSubjects:
    """SentenceSubjects finds the entities that whole sentences of one article are about.

    Args:
        index: its names.
        roles: what it calls them.
    """

    def __init__(self, index: MentionIndex, roles: Roles) -> None:
        self._index = index
        self._roles = roles

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
            at = bisect_left(passage.starts, place.start)
            lead = [fold(word) for word in passage.words[first:at]]
            whole = place.end == passage.ends[verb - 1] and not belongs(lead)
            if whole and PREPOSITIONS.isdisjoint(passage.words[first:verb]):
                return place.entity.id if place.entity.type != "MISC" else None
        return None

    def _opens_with_apposition(self, passage: Passage, first: int, comma: int) -> str | None:
        """Return the entity of «لكن الطبيب سمير، وهو من بيروت، يقول» before its second comma."""
        for place in self._index.between(passage, first, min(comma, first + MAX_OPENING)):
            at = bisect_left(passage.starts, place.start)
            after = bisect_left(passage.starts, place.end)
            lead = [
                word
                for word in passage.words[first:at]
                if word not in BEFORE_NAMES and word not in COMMAS
            ]
            if place.entity.type not in ("PERS", "ORG") or passage.word(after) not in COMMAS:
                continue
            if after > comma or comma - after > MAX_APPOSITION or len(lead) > _LONGEST_LEAD:
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
            if passage.word(at - 1) == "(":
                continue  # «بيروت (رويترز) - وصل سمير»
            before = [fold(word) for word in passage.words[max(start, at - 3) : at]]
            if place.entity.type == "ORG":
                if not self._may_do(passage, place, before, feminine=feminine):
                    continue
            elif feminine is not None and not self._roles.agrees(place.entity.id, feminine):
                continue
            if is_addressed(passage, place):
                return place.entity.id if not WORDS_OF_FOLDED.isdisjoint(before) else None
            if self._is_governed(passage, max(start, at - 3), at):
                return None
            return None if belongs(before) else place.entity.id
        return None

    def state_at(self, passage: Passage, verb: int, *, feminine: bool | None) -> str | None:
        """Return the state named right after a feminine verb: «أدانت فرنسا الهجوم، وقالت»."""
        word = passage.words[verb]
        if not feminine or not word.endswith("ت") or word.endswith("ات"):
            return None  # «تصريحات فرنسا» is no verb
        for place in self._index.between(passage, verb + 1, verb + 2):
            if place.entity.type == "LOC" and place.start == passage.starts[verb + 1]:
                return place.entity.id
        return None

    def may_be(self, id_: str, *, feminine: bool) -> bool:
        """Tell whether a pronoun of this gender may mean an entity."""
        entity = self._roles.entity(id_)
        if entity.type == "PERS":
            return self._roles.agrees(id_, feminine)
        return _is_masculine(entity.mentions[0].text) != feminine

    def _may_do(
        self, passage: Passage, place: PlacedMention, before: list[str], *, feminine: bool | None
    ) -> bool:
        """Tell whether an organisation may be what a verb of this gender has for a subject."""
        if any(word.removeprefix("ال") in titles_folded() for word in before):
            return False
        if feminine is None:
            return True
        kind = before[-1] if before else ""
        masculine = _is_masculine(place.mention.text) or _is_masculine(kind)
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


def _is_masculine(name: str) -> bool:
    """Tell whether the first noun of an organisation's name is masculine: «البنك المركزي»."""
    head = fold(name.partition(" ")[0]).removeprefix("ال")
    return head in MASCULINE_ORGANISATIONS_FOLDED
