"""Finds what a noun in construct names: parties, armed groups, foundations, companies.

«حركة العدل والمساواة», «كتائب سيد الشهداء», «جامعة حمد بن خليفة», «معهد واشنطن لسياسة الشرق
الأدنى» are one name each; a recogniser marks the person or the place inside, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from workers.entities.guideline.construct import IsNational, find_head
from workers.entities.guideline.group_words import (
    ARMED,
    BUSINESSES,
    CREEDS,
    DESCRIBE_COMPANIES,
    ENDOWED,
    FIRST_OF_TWO,
    HEADS,
    LEARNED,
    NETS,
    NO_FOREIGN_NAMES,
    NOT_ARMED,
    NOT_LEARNED,
    OWNED,
    PARTY_NOUNS,
    POLITICAL,
    PURPOSES,
    QUALITIES,
    SECOND_PARTY_NOUNS,
    TRADES,
    WITH_COUNTRY,
    WITH_PURPOSE,
)
from workers.entities.guideline.institution_words import NO_ADJECTIVES
from workers.entities.mentions.roles import cached_key
from workers.model import Span

_LONGEST = 9
_TITLES = frozenset(
    ("الملك", "الملكه", "الامير", "الاميره", "الشيخ", "السلطان", "الامام", "الشهيد", "الرئيس")
)

IsListed = Callable[[str], bool]
"""Tells whether the catalogue knows a name."""


@lru_cache(maxsize=1024)
def group_head(word: str) -> str:
    """Return the noun of a group that a word is, without particles; empty for other words."""
    return find_head(word, HEADS)


def find_groups(
    words: Sequence[str],
    heads: Sequence[int],
    spans: Sequence[Span],
    is_national: IsNational,
    is_listed: IsListed,
) -> list[Span]:
    """Find the groups, foundations and companies that a sentence names.

    Args:
        words: tokens of the sentence.
        heads: indices of those that may be the noun of one, ascending.
        spans: the names found so far, in order, never overlapping.
        is_national: tells adjectives of countries.
        is_listed: tells what the catalogue knows.

    Returns:
        Organisations, in order, never overlapping.
    """
    by_start = {span.start: span for span in spans}
    inside = {i: span for span in spans for i in range(span.start, span.end)}
    found: list[Span] = []
    for i in heads:
        head = group_head(words[i])
        if not head or (found and i < found[-1].end) or i + 1 >= len(words):
            continue
        covering = inside.get(i)
        if covering is not None and (covering.type != "ORG" or covering.start < i):
            continue
        end = _Group(words, i, by_start, is_national, is_listed).end(head, covering)
        if end:
            found.append(Span(i, end, "ORG"))
    return found


class _Group:
    """One name while it is read, from its noun on."""

    def __init__(
        self,
        words: Sequence[str],
        start: int,
        by_start: Mapping[int, Span],
        is_national: IsNational,
        is_listed: IsListed,
    ) -> None:
        self._words = words
        self._start = start
        self._limit = min(len(words), start + _LONGEST)
        self._by_start = by_start
        self._is_national = is_national
        self._is_listed = is_listed

    def end(self, head: str, covering: Span | None) -> int:
        """Return the index after the name, or 0 where the noun begins none that is not marked."""
        if covering is not None:
            return self._longer(head, covering)
        span = self._by_start.get(self._start + 1)
        if span is not None:
            return self._after_span(head, span)
        if head in POLITICAL:
            return self._party(self._start + 1)
        if head in ARMED:
            return self._armed(self._start + 1)
        return self._association(head)

    def _longer(self, head: str, covering: Span) -> int:
        """Return the index after a name that is marked in part, 0 where it is whole."""
        end = covering.end
        if head in WITH_PURPOSE:
            # «معهد ستوكهولم الدولي» is marked, «لأبحاث السلام» is not.
            end = self._purpose(end)
            if end == covering.end and self._key(end - 1) in PURPOSES:
                end = self._second_purpose(end)
        elif head in POLITICAL and self._key(end) in CREEDS:
            name = " ".join(self._words[covering.start : end])
            end += not self._is_listed(name) and not self._is_listed(name.partition(" ")[2])
        return end if end > covering.end else 0

    def _after_span(self, head: str, span: Span) -> int:
        if span.end > self._limit:
            return 0
        if span.type == "PERS":
            return self._after_person(head, span)
        if head in WITH_PURPOSE:
            adjectives = self._qualities(span.end)
            end = self._purpose(adjectives)
            if end > adjectives:
                return end
            if head in LEARNED and adjectives > span.end and span.type == "LOC":
                return adjectives
        if head in POLITICAL and head != "جبهه" and span.type == "LOC":
            # «تكتل لبنان القوي»; «جبهة الحديدة الجنوبية» is where they fight
            end = span.end + self._is_adjective(span.end)
            return end if end > span.end and not self._is_national(self._words[span.end]) else 0
        if head in OWNED and span.end < self._limit and self._key(span.end) in {"القابضه"}:
            return span.end + 1
        return 0

    def _after_person(self, head: str, span: Span) -> int:
        if head in ENDOWED:
            # «مدرسة خالد» may be where Khaled goes
            is_full = span.end - span.start > 1 or head in WITH_PURPOSE or head == "جامعه"
            return self._purpose(self._qualities(span.end)) if is_full else 0
        if head in OWNED:
            end = self._qualities(span.end)
            with_purpose = self._purpose(end)
            return with_purpose if with_purpose > span.end else 0
        if head in ARMED or head in {"حركه", "تيار"}:
            name = " ".join(self._words[span.start : span.end])
            # «كتائب القذافي» are those of the man whom everybody knows.
            return 0 if self._is_listed(name) or span.end - span.start < 2 else span.end
        return 0

    def _party(self, i: int) -> int:
        if self._key(i) in FIRST_OF_TWO:
            return self._two(i)
        if self._key(i) not in PARTY_NOUNS:
            return 0
        end = i + 1
        second = self._key(end)
        if second in SECOND_PARTY_NOUNS or (second[:1] == "و" and second[1:] in PARTY_NOUNS):
            end += 1
        return end + (self._key(end) in CREEDS)

    def _armed(self, i: int) -> int:
        key = self._key(i)
        if key in FIRST_OF_TWO:
            return self._two(i)
        if not key.startswith("ال") or len(key) < 5 or key in NOT_ARMED:
            return 0
        return min(i + 1 + (key in _TITLES), self._limit)

    def _two(self, i: int) -> int:
        """Return the index after «تحرير السودان» or «سيد الشهداء», 0 where one stands alone."""
        span = self._by_start.get(i + 1)
        if span is not None:
            return span.end if span.type == "LOC" and span.end <= self._limit else 0
        key = self._key(i + 1)
        is_name = key.startswith("ال") and len(key) > 4
        return i + 2 if is_name or (self._key(i) == "شهداء" and key.isalpha()) else 0

    def _association(self, head: str) -> int:
        """Read «جمعية الأمل العراقية», «مركز الفلك الدولي», «مركز الأهرام للدراسات»."""
        i = self._start + 1
        key = self._key(i)
        if head in ENDOWED and key in _TITLES:
            return self._titled(i + 1)
        if head == "شركه" and key in TRADES:
            span = self._by_start.get(i + 1)
            if span is not None and span.type == "LOC":
                return span.end
            return i + 2 if self._key(i + 1).startswith("ال") else 0
        if head == "شركه" and self._key(i + 1) in BUSINESSES and key not in DESCRIBE_COMPANIES:
            return i + 2 if key.startswith("ال") else 0
        if not key.startswith("ال"):
            return self._of_foreign_name(head, i)
        if len(key) < 5 or self._is_adjective(i):
            return 0
        end = i + 1
        if self._key(end).startswith("وال") and len(self._key(end)) > 5:
            end += 1
        adjectives = self._after_adjectives(end)
        has_country = any(self._is_national(self._words[k]) for k in range(end, adjectives))
        if head in WITH_PURPOSE:
            purpose = self._purpose(adjectives)
            if purpose > adjectives:
                return purpose
        if has_country and head in WITH_COUNTRY:
            is_description = key in DESCRIBE_COMPANIES and end == i + 1 and adjectives == end + 1
            return 0 if is_description or key in NETS else adjectives
        is_learned = head in LEARNED and key not in NOT_LEARNED
        return adjectives if is_learned and self._qualities(end) > end else 0

    def _titled(self, i: int) -> int:
        """Read «مركز الملك عبدالله المالي», from the name after the title on."""
        span = self._by_start.get(i)
        if span is None or span.type != "PERS" or span.end > self._limit:
            return 0
        return self._purpose(self._after_adjectives(span.end))

    def _of_foreign_name(self, head: str, i: int) -> int:
        """Read «مركز كارنيغي للشرق الأوسط»: a word that describes nothing, and a purpose."""
        key = self._key(i)
        is_name = key.isalpha() and len(key) > 3 and not key.endswith(("ه", "ي", "يا"))
        if head not in WITH_PURPOSE or not is_name or key in NO_FOREIGN_NAMES:
            return 0
        if not self._key(i + 1).startswith("لل"):
            return 0
        span = self._by_start.get(i + 1)
        if span is not None:
            return span.end if span.type == "LOC" and span.end <= self._limit else 0
        end = self._purpose(i + 1)
        return end if end > i + 1 else 0

    def _key(self, i: int) -> str:
        return cached_key(self._words[i]) if 0 <= i < self._limit else ""

    def _qualities(self, i: int) -> int:
        while self._key(i) in QUALITIES:
            i += 1
        return i

    def _purpose(self, i: int) -> int:
        """Return the index after «للدراسات الاستراتيجية» or «لأبحاث السلام», else `i`."""
        key = self._key(i)
        if key not in PURPOSES:
            return i
        end = i + 1
        if not key.startswith("لل"):
            span = self._by_start.get(end)
            if span is not None and span.end <= self._limit:
                return span.end
            if not self._key(end).startswith("ال"):
                return i
            end += 1
        return self._second_purpose(self._after_adjectives(end))

    def _second_purpose(self, i: int) -> int:
        """Return the index after «والأعمال الإنسانية», else `i`."""
        while self._key(i).startswith("وال") and f"لل{self._key(i)[3:]}" in PURPOSES:
            i = self._after_adjectives(i + 1)
        return i

    def _after_adjectives(self, i: int) -> int:
        start = i
        while self._is_adjective(i):
            i += 1
        key = self._key(i)
        # «الدولية والاستراتيجية»
        return i + (i > start and key.startswith("وال") and key.endswith("يه"))

    def _is_adjective(self, i: int) -> bool:
        key = self._key(i)
        if not key.startswith("ال") or key in NO_ADJECTIVES or i in self._by_start:
            return False
        is_relation = key.endswith(("ي", "يه")) and len(key) > 4
        return is_relation or key in QUALITIES or self._is_national(self._words[i])
