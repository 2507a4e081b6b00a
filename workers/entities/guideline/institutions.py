"""Finds the names of public institutions: head, what it governs, and the adjective of a country.

«وزارة الخارجية الأميركية», «الجيش الإسرائيلي», «البنك المركزي المصري», «مجلس النواب» are one name
each. Recognisers trained on corpora that leave them out never mark them; see docs/entities.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from workers.entities.guideline.construct import IsNational, find_head
from workers.entities.guideline.institution_words import (
    AFTER_PLACE,
    ANY_ADJECTIVE,
    ANY_NOUN,
    ASSOCIATIONS,
    COMPLETE,
    CONSTRUCT_HEADS,
    COUNTRY_IS_ENOUGH,
    DEFINITE_HEADS,
    DESCRIBE,
    ELECTIONS,
    HEADS_WITH_PURPOSE,
    INNER_NOUNS,
    NATIONAL_HEADS,
    NEEDS_MORE,
    NOT_AFTER_HEAD,
    OF_COUNTRY,
    OF_OFFICE,
    PLACE_IS_ENOUGH,
    PLURAL_IS_ENOUGH,
    PRECEDING_TITLES,
    SECOND_PORTFOLIOS,
    SHORT_MINISTRIES,
    TAKES_PLACE,
    TAKES_SECOND,
    WHOLE_QUALITIES,
    WITHOUT_PURPOSE,
)
from workers.entities.guideline.phrase import Phrase
from workers.entities.guideline.unit_words import ARMS, ORDINALS, UNITS
from workers.entities.mentions.roles import cached_key

HEADS = (
    CONSTRUCT_HEADS.keys()
    | DEFINITE_HEADS.keys()
    | NATIONAL_HEADS
    | SHORT_MINISTRIES
    | ASSOCIATIONS
    | UNITS
)
_BEFORE_SHORT_MINISTRY = frozenset(
    ("باسم", "في", "من", "الي", "عن", "لدي", "علي", "مع", "مقر", "بيان", "بحسب", "وفق")
)
_ADJECTIVES_AFTER_COUNTRY = frozenset(("الحر", "الموحد", "العام"))
_BETWEEN = frozenset(("مستانف", "وصناعه"))
"""Indefinite words between two nouns of a name: «محكمة جنح مستأنف طنطا»."""
_LONGEST = 9


@lru_cache(maxsize=1024)
def head_of(word: str) -> str:
    """Return the head of an institution's name that a word is, without particles.

    Args:
        word: as written.

    Returns:
        Its search key; empty for all other words.
    """
    return find_head(word, HEADS)


def find_institutions(
    words: Sequence[str],
    heads: Sequence[int],
    places: frozenset[int],
    is_national: IsNational,
) -> list[tuple[int, int]]:
    """Find the institutions that a sentence names.

    Args:
        words: tokens of the sentence.
        heads: indices of those that may be the head of a name, ascending.
        places: indices of those that stand inside names of places.
        is_national: tells adjectives of countries.

    Returns:
        First index and the index after the last, in order, never overlapping.
    """
    found: list[tuple[int, int]] = []
    for i in heads:
        if found and i < found[-1][1]:
            continue
        end = _Name(words, i, places, is_national).end(head_of(words[i]))
        if end:
            found.append((i, end))
    return found


class _Name:
    """One name while it is read, from its head on."""

    def __init__(
        self, words: Sequence[str], start: int, places: frozenset[int], is_national: IsNational
    ) -> None:
        self._words = words
        self._start = start
        self._limit = min(len(words), start + _LONGEST)
        self._places = places
        self._phrase = Phrase(words, self._limit, is_national, HEADS)

    def end(self, head: str) -> int:
        """Return the index after the name, or 0 where the head begins none."""
        if head in NATIONAL_HEADS and self._phrase.is_of_country(self._start + 1):
            if head == "الرئاسه" and self._before() in ELECTIONS:
                return 0
            return self._after_country(self._start + 2)
        if head in DEFINITE_HEADS and self._phrase.key(self._start + 1) in DEFINITE_HEADS[head]:
            end = self._definite(head)
            if end:
                return end
        if head in UNITS:
            return self._unit()
        if head in ASSOCIATIONS:
            return self._association(head)
        if head in SHORT_MINISTRIES and self._is_short_ministry():
            return self._start + 2
        if head in CONSTRUCT_HEADS:
            return self._construct(head)
        return 0

    def _before(self) -> str:
        return cached_key(self._words[self._start - 1]) if self._start else ""

    def _after_country(self, i: int) -> int:
        return i + (self._phrase.key(i) in _ADJECTIVES_AFTER_COUNTRY)

    def _is_short_ministry(self) -> bool:
        """Tell «قالت الخارجية الأميركية» from «السياسة الخارجية الأميركية»."""
        if not self._phrase.is_of_country(self._start + 1) or not self._phrase.key(
            self._start + 1
        ).endswith("ه"):
            return False
        if not self._start or self._phrase.key(self._start) not in SHORT_MINISTRIES:
            return True  # nothing before it, or a particle that only a noun takes
        before = self._before()
        if not before or not before[-1].isalpha() or before in _BEFORE_SHORT_MINISTRY:
            return True
        return before.endswith("ت") and not before.startswith("ال")

    def _definite(self, head: str) -> int:
        i = self._start + 2
        has_country = False
        while self._phrase.is_adjective(i):
            has_country = self._phrase.is_of_country(i)
            i += 1
            if has_country:
                i = self._after_country(i)
                break
        purpose = self._phrase.after_purpose(i)
        if purpose > i and head in HEADS_WITH_PURPOSE:
            return purpose + self._phrase.is_of_country(purpose)
        is_complete = head in COMPLETE or i > self._start + 2
        # «المجلس الوطني» alone may be anybody's.
        return i if is_complete or has_country or self._phrase.is_of_country(self._start + 1) else 0

    def _unit(self) -> int:
        """Return the index after «الفرقة الأولى مدرع» or «اللواء 35», 0 where no number follows."""
        i = self._start + 1
        key = self._phrase.key(i)
        arm = i + 1 + (self._phrase.key(i + 1) in ARMS)
        if key.isdecimal():
            return arm if self._words[self._start].endswith("واء") or arm > i + 1 else 0
        return arm if key in ORDINALS and arm > i + 1 else 0

    def _association(self, head: str) -> int:
        i = self._start + 1
        countries = 0
        while self._phrase.is_adjective(i) and self._phrase.key(i) not in DESCRIBE:
            countries += self._phrase.is_of_country(i)
            i += 1
        if i == self._start + 1:
            return 0
        purpose = i if head in WITHOUT_PURPOSE else self._phrase.after_purpose(i)
        if purpose > i:
            return purpose + self._phrase.is_of_country(purpose)
        # «اللجنة التونسية الجزائرية» is a meeting of two states.
        if countries == 1 and (head in COUNTRY_IS_ENOUGH or i > self._start + 2):
            return i
        if i > self._start + 2 and (
            self._phrase.key(i) == "(" or self._phrase.key(i - 1) in WHOLE_QUALITIES
        ):
            return i  # «الحركة الدستورية الإسلامية (حدس)», «اللجنة الأمنية العليا»
        return i if head in ANY_ADJECTIVE else 0

    def _construct(self, head: str) -> int:
        i = self._start + 1
        key = self._phrase.key(i)
        allowed = CONSTRUCT_HEADS[head]
        if head in TAKES_PLACE and not allowed:
            # «رئيس بلدية لندن» is the mayor of London
            is_mayor = head == "بلديه" and self._before() in PRECEDING_TITLES
            return 0 if is_mayor else self._place_end(i)
        if head in ANY_NOUN:
            if key in NOT_AFTER_HEAD or not (self._phrase.is_noun(i) or key in INNER_NOUNS):
                return 0
            if self._phrase.is_of_country(i):
                return 0
        elif key not in allowed:
            return self._unlisted_noun(i, head)
        if key in INNER_NOUNS or not key.startswith("ال"):
            i = self._governed(i + (self._phrase.key(i + 1) in _BETWEEN), head)
            if not i:
                return 0
        i += 1
        has_country = False
        while not has_country:
            second = head in TAKES_SECOND and self._phrase.key(i) in SECOND_PORTFOLIOS
            if not second and not self._phrase.is_adjective(i):
                break
            has_country = self._phrase.is_of_country(i)
            i += 1
        if has_country:
            i = self._after_country(i)
        elif head in TAKES_PLACE:
            i = self._place_end(i) or i
        return 0 if self._is_office(head, has_country=has_country) else i

    def _unlisted_noun(self, i: int, head: str) -> int:
        """Return the index after a name whose first noun no list has, 0 where it is none."""
        if head in PLACE_IS_ENOUGH and i in self._places:
            end = self._place_end(i)
            return end + (self._phrase.key(end) in AFTER_PLACE)
        key = self._phrase.key(i)
        if head in PLURAL_IS_ENOUGH and key.startswith("ال") and key.endswith(("ين", "ات")):
            return i + 1
        return self._of_country(i) if head in OF_COUNTRY else 0

    def _of_country(self, i: int) -> int:
        """Return the index after «المسح الجيولوجي الأميركية», 0 where no such country ends it."""
        if not self._phrase.is_noun(i) or self._phrase.is_adjective(i):
            return 0
        end = i + 1
        while self._phrase.is_adjective(end):
            if self._phrase.is_of_country(end) and self._phrase.key(end).endswith("ه"):
                # «وكالة الطاقة الروسية»: right after a feminine noun it may belong to that
                return 0 if end == i + 1 and self._phrase.key(i).endswith("ه") else end + 1
            end += 1
        return 0

    def _governed(self, i: int, head: str) -> int:
        """Return the last word of what an inner noun governs, 0 where it needs one and has none."""
        is_place = i + 1 in self._places
        if not is_place and not self._phrase.is_noun(i + 1):
            return 0 if not CONSTRUCT_HEADS[head] or head in NEEDS_MORE else i
        return self._place_end(i + 1) - 1 if is_place and head in TAKES_SECOND else i + 1

    def _is_office(self, head: str, *, has_country: bool) -> bool:
        """Tell the office that somebody holds from the institution: «رئاسة الحكومة»."""
        title = self._before()
        if title in PRECEDING_TITLES and self._phrase.key(self._start + 1) == "الوزراء":
            return True
        if head != "رئاسه":
            return False
        return title in OF_OFFICE or (not has_country and title not in {"باسم", "بيان"})

    def _place_end(self, i: int) -> int:
        end = i
        while end in self._places and end < self._limit:
            end += 1
        return end if end > i else 0
