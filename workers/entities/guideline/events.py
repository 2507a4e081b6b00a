"""Finds the names of prizes, cups, festivals, fairs, works and vessels by their noun.

A recogniser marks the place inside («جائزة الباحة للإبداع», «معرض الشارقة الدولي»), or nothing.
The words in marks after «رواية» or «فيلم» are a work, the words after «السفينة» a vessel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from workers.entities.guideline.construct import IsNational, find_head
from workers.entities.guideline.institution_words import NO_ADJECTIVES
from workers.entities.guideline.marks import OPENING_MARKS, closing_mark
from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key
from workers.model import Span

_PRIZES = word_set("جائزه الجائزه وسام")
_FESTIVALS = word_set("مهرجان معرض")
_CUPS = word_set("كاس")
_WORKS = word_set(
    "روايه فيلم مسلسل كتاب ديوان اغنيه مسرحيه البوم برنامج مجموعته روايته فيلمه كتابه"
)
_VESSELS = word_set(
    "السفينه سفينه الناقله المدمره البارجه الفرقاطه العباره الغواصه مسبار المسبار متصفح لقاح"
)
_GAMES = word_set("مونديال اولمبياد")
HEADS = _PRIZES | _FESTIVALS | _GAMES | _CUPS | _WORKS | _VESSELS

_OPENS_CUP = word_set(
    """
    العالم الامم اسيا العرب الخليج السوبر الملك الامير الاميره ولي خادم الاتحاد الرئيس الكونفدراليه
    الكونفيدراليه القارات الجزائر تونس مصر العرش الجمهوريه رئيس الرابطه المحترفين امم
    """
)
_GOES_ON_CUP = word_set(
    "العهد الحرمين الشريفين الجمهوريه الدوله الافريقيه الاسيويه الاوروبيه العربيه"
)
_GOES_ON = word_set(
    """
    الدولي الدوليه العالمي العالميه السينمائي السينمائيه المسرحي الوطني الوطنيه العربي العربيه
    الثقافي الصيفي الادبيه التقديريه التشجيعيه الكبري الاول الاولي الاقليمي
    """
)
"""Adjectives that belong to the name of a festival, a fair or a prize."""
_NOT_AFTER_FESTIVAL = word_set(
    """
    الذي التي العام السنه الافتتاح الختام الدوره اليوم الصور صور فني غنائي شعبي سنوي خطابي انتخابي
    السنوي الحالي الحاليه القادم المقبل الماضي الافضل الاولي الماليه الماديه نفسها التقديريه المقدمه
    """
)
_NO_PURPOSE = word_set("للمشاركه للمره للعام للسنه للدوره للموسم للفتره للمواطنين للجمهور للزوار")
_LONGEST_WORK = 6
_SHORTEST = 4


@lru_cache(maxsize=32768)
def event_head(word: str) -> str:
    """Return the noun of a prize, cup, festival, work or vessel that a word is; else empty."""
    return find_head(word, HEADS)


def find_events(
    words: Sequence[str], heads: Sequence[int], spans: Sequence[Span], is_national: IsNational
) -> list[Span]:
    """Find the prizes, cups, festivals, fairs, works and vessels that a sentence names.

    Args:
        words: tokens of the sentence.
        heads: indices of those that may open one, ascending.
        spans: the names found so far, in order, never overlapping.
        is_national: tells adjectives of countries.

    Returns:
        MISC, in order, never overlapping.
    """
    inside = {i: span for span in spans for i in range(span.start, span.end)}
    found: list[Span] = []
    for i in heads:
        head = event_head(words[i])
        if not head or i + 1 >= len(words) or (found and i < found[-1].end):
            continue
        if i in inside and inside[i].start < i:
            continue  # inside another name
        span = _Event(words, i, inside, is_national).span(head)
        if span is not None:
            found.append(span)
    return found


class _Event:
    """One name while it is read, from its noun on."""

    def __init__(
        self,
        words: Sequence[str],
        start: int,
        inside: Mapping[int, Span],
        is_national: IsNational,
    ) -> None:
        self._words = words
        self._is_national = is_national
        self._start = start
        self._inside = inside

    def span(self, head: str) -> Span | None:
        first = self._start + 1
        if head in _WORKS:
            end = closing_mark(self._words, first, _LONGEST_WORK)
            return Span(first + 1, end, "MISC") if end else None
        if head in _VESSELS:
            return self._vessel(first)
        end = self._cup_end(first) if head in _CUPS else self._festival_end(first, head)
        return Span(self._start, end, "MISC") if end else None

    def _key(self, i: int) -> str:
        return cached_key(self._words[i]) if i < len(self._words) else ""

    def _vessel(self, i: int) -> Span | None:
        if self._words[i] in OPENING_MARKS:
            end = closing_mark(self._words, i, _LONGEST_WORK)
            return Span(i + 1, end, "MISC") if end else None
        if self._key(i).startswith("ال") and self._is_national(self._words[i]):
            i += 1  # «السفينة البنمية إيفر غيفن»
        span = self._inside.get(i)
        # «سفينة روسيا» is a ship of that state
        is_name = span is not None and span.start == i and span.type in ("PERS", "MISC")
        return Span(i, span.end, "MISC") if span is not None and is_name else None

    def _cup_end(self, i: int) -> int:
        """Return the index after «خادم الحرمين الشريفين» or «أفريقيا», 0 for no cup."""
        span = self._inside.get(i)
        if span is not None and span.start == i and span.type == "LOC":
            return span.end
        if self._key(i) not in _OPENS_CUP:
            return 0
        end = i + 1
        if self._key(i) == "امم":
            span = self._inside.get(end)
            end = span.end if span is not None else end
            if end == i + 1:
                return 0
        while self._key(end) in _GOES_ON_CUP or self._is_person(end):
            end = self._inside[end].end if end in self._inside else end + 1
        return end

    def _is_person(self, i: int) -> bool:
        span = self._inside.get(i)
        titled = self._key(i - 1) in {"الملك", "الامير", "الرئيس", "الاميره"}
        return titled and span is not None and span.type == "PERS" and span.start == i

    def _festival_end(self, i: int, head: str) -> int:
        span = self._inside.get(i)
        key = self._key(i)
        if span is not None and span.start == i:
            if span.end < len(self._words) and span.type == "MISC":
                return self._after_purpose(span.end)
            if head in _GAMES:
                return span.end if span.type == "LOC" else 0
            end = self._after_purpose(self._after_adjectives(span.end))
            # «معرض الرياض» may be a show room, «جائزة ماليزيا» a race
            return end if end > span.end or head == "مهرجان" else 0
        is_noun = key.startswith("ال") and len(key) > _SHORTEST and head not in _GAMES
        if not is_noun or key in _NOT_AFTER_FESTIVAL or key in NO_ADJECTIVES:
            return 0
        if key in _GOES_ON:
            # «الجائزة العالمية للرواية العربية»
            adjectives = self._after_adjectives(i)
            end = self._after_purpose(adjectives) if head.startswith("ال") else 0
            return end if end > adjectives else 0
        if head.startswith("ال"):
            return 0
        adjectives = self._after_adjectives(i + 1)
        end = self._after_purpose(adjectives)
        is_named = end > i + 1 or (head == "مهرجان" and not key.endswith(("ي", "يه")))
        return end if is_named else 0

    def _after_adjectives(self, i: int) -> int:
        while self._key(i) in _GOES_ON:
            i += 1
        return i

    def _after_purpose(self, i: int) -> int:
        """Return the index after «للكتاب» or «للرواية العربية», `i` where there is none."""
        key = self._key(i)
        if not key.startswith("لل") or len(key) <= _SHORTEST or key in _NO_PURPOSE:
            return i
        return self._after_adjectives(i + 1)
