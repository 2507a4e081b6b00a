"""Finds listed names that are names only beside a word which says so.

«صحيفة الخليج» and «لـ"الخليج"» are a newspaper, «مدينة الأبيض» is a town, «حماس وفتح» are two
movements, and who writes «على إكس» writes on a platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from workers.entities.guideline.marks import CLOSING_MARKS, OPENING_MARKS
from workers.entities.link.spelling import exact_key
from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import bare_title, cached_key
from workers.model import Span

_KINDS_OF_ORGANISATIONS = word_set(
    """
    صحيفه الصحيفه جريده مجله وكاله قناه شبكه اذاعه تلفزيون موقع منصه تطبيق شركه مجموعه بنك مصرف حركه
    تنظيم جماعه حزب نادي النادي فريق الفريق منظمه جبهه حساب سهم اسهم سهمي راديو مجمع
    """
)
_KINDS_OF_PLACES = word_set(
    """
    مدينه المدينه بلده محافظه ولايه مديريه قضاء ضاحيه ميناء مطار قريه اقليم منطقه عاصمه العاصمه معبر
    مدينتي محافظتي بلدتي
    """
)
_SPORT = word_set(
    """
    فاز يفوز فوز فوزه الفوز بفوزه خسر يخسر خساره خسارته تعادل تعادله تغلب تغلبه هزم هزيمه
    تاهل مباراه
    المباراه مباراته الدوري دوري الكاس كاس هدف هدفا هدفين اهداف الجوله مدرب المدرب مهاجم لاعب ملعب
    صداره الصداره نقطه نقاط
    """
)
_BESIDE_CLUB = word_set(
    "علي امام ضد مرمي لاعب مدرب حارس مهاجم مدافع نجم جماهير لاعبي فاز خسر تعادل تغلب تاهل هزم ويحل"
)
"""Before a club in a sentence on sport: «فاز على الهلال», «مدرب الاتفاق»."""

_PLATFORMS = word_set("اكس")
_BEFORE_PLATFORM = word_set("علي عبر منصه")
_TOLD = word_set("ل لـ مع عن في لصحيفه لجريده لموقع لقناه وفق بحسب نقلا")
_MARKS = OPENING_MARKS | CLOSING_MARKS
_LONGEST = 3
_NEAR = 12
_AGAINST = word_set("امام مرمي ضيفه مضيفه نظيره منافسه")
_OVER = word_set("علي مع")
_RESULTS = word_set("فاز يفوز فوز تغلب يتغلب تعادل يتعادل انتصر هزم يهزم خسر يخسر سحق يسحق")
"""Before «على», or right before a town, these tell that clubs play: «فاز أوساسونا على ألميريا»."""
_PLAYS = word_set(
    """
    يفوز يهزم يتعادل يخسر يتغلب يسحق يفاجئ يفاجي يواجه يستضيف يقتنص يخطف يتصدر يتاهل يسقط يودع هزم
    تغلب
    """
)
"""After a town these tell that its club plays."""
_FARTHEST_RESULT = 4
_GLUED = "لال"
"""«لـالعربية» once its tatweel is gone; properly written the article would hide: «للعربية»."""
_PRICE = re.compile(r"\d+[.,]\d+")
"""A number with decimals after a doubtful name: the price of its share."""

IsState = Callable[[str], bool]
"""Tells whether a name is that of a state."""


class ContextNames:
    """ContextNames finds the doubtful names of the catalogue by the words beside them.

    Args:
        doubtful: exact keys of names, with their classes.
    """

    def __init__(self, doubtful: Mapping[str, Set[str]]) -> None:
        self._doubtful = doubtful
        self._openers = frozenset(key.split()[0] for key in doubtful)

    def may_open(self, word: str) -> bool:
        """Tell whether a word may be the first of a doubtful name, «and» before it allowed."""
        key, _, _ = exact_key(_unglued(word)).partition(" ")
        return key in self._openers or (key[:1] == "و" and key[1:] in self._openers)

    def find(
        self, words: Sequence[str], places: Sequence[int], spans: Sequence[Span]
    ) -> list[Span]:
        """Find the doubtful names of a sentence that stand beside a word which says so.

        Args:
            words: its tokens.
            places: indices of the tokens that may open a name, ascending.
            spans: the names found so far, in order, never overlapping.

        Returns:
            In order, never overlapping.
        """
        found: list[Span] = []
        ends = {span.end for span in spans if span.type == "ORG"}
        for i in places:
            if found and i < found[-1].end:
                continue
            found.extend(self._at(words, i, ends))
            if found and found[-1].type == "ORG":
                ends.add(found[-1].end)
        return found

    def _at(self, words: Sequence[str], i: int, ends: Set[int]) -> Iterator[Span]:
        if words[i].startswith(_GLUED):
            if "ORG" in self._doubtful.get(exact_key(_unglued(words[i])), ()):
                yield Span(i, i + 1, "ORG")
            return
        if i + 1 < len(words) and _PRICE.fullmatch(words[i + 1]):
            yield from self._longest(words, i, "ORG")
            return
        if not i:
            return
        before = words[i - 1]
        if bare_title(before, _KINDS_OF_ORGANISATIONS) is not None:
            yield from self._longest(words, i, "ORG")
        elif bare_title(before, _KINDS_OF_PLACES) is not None:
            yield from self._longest(words, i, "LOC")
        elif before in _MARKS and i > 1:
            told = cached_key(words[i - 2])
            kind = bare_title(words[i - 2], _KINDS_OF_ORGANISATIONS)
            if told in _TOLD or kind is not None:
                for span in self._longest(words, i, "ORG"):
                    if span.end < len(words) and words[span.end] in _MARKS:
                        yield span
        elif cached_key(before) in _BESIDE_CLUB and is_sport(words, i):
            yield from self._longest(words, i, "ORG")
        elif (cached_key(before) in _BEFORE_PLATFORM and cached_key(words[i]) in _PLATFORMS) or (
            i in ends and self._is_second(words[i])
        ):
            yield Span(i, i + 1, "ORG")

    def _is_second(self, word: str) -> bool:
        is_joined = word[0] == "و" and len(word) > 3
        return is_joined and "ORG" in self._doubtful.get(exact_key(word[1:]), ())

    def _longest(self, words: Sequence[str], i: int, kind: str) -> Iterator[Span]:
        for end in range(min(i + _LONGEST, len(words)), i, -1):
            if not words[end - 1][0].isalnum():
                continue
            if kind in self._doubtful.get(exact_key(" ".join(words[i:end])), ()):
                yield Span(i, end, "ORG" if kind == "ORG" else "LOC")
                return


def is_sport(words: Sequence[str], i: int) -> bool:
    """Tell whether a word of sport stands near word `i`: «فاز», «مباراة», «هدفين»."""
    near = words[max(0, i - _NEAR) : i + _NEAR]
    return any(_is_of_sport(cached_key(word)) for word in near)


def _is_of_sport(key: str) -> bool:
    return key in _SPORT or (key[:1] in "وفبل" and key[1:] in _SPORT)


def as_clubs(words: Sequence[str], spans: Sequence[Span], is_state: IsState) -> list[Span]:
    """Turn the towns that play into clubs: «خسر برشلونة أمام جيرونا», «جيرونا يهزم فالنسيا».

    Args:
        words: tokens of a sentence.
        spans: its names, in order.
        is_state: tells the names of states, which have teams and no clubs.

    Returns:
        The same in order; where another organisation plays, towns after «أمام» and its like and
        beside a verb of winning or losing as organisations.
    """
    if not any(span.type == "ORG" for span in spans):
        return list(spans)
    opponents = {span.start for span in spans if span.type == "ORG"}
    return [
        Span(span.start, span.end, "ORG")
        if span.type == "LOC"
        and _plays(words, span, opponents)
        and not is_state(_name(words, span))
        else span
        for span in spans
    ]


def _plays(words: Sequence[str], span: Span, opponents: Set[int]) -> bool:
    """Tell whether what stands beside a town says that its club plays.

    Args:
        words: tokens of the sentence.
        span: the town.
        opponents: where names of organisations begin.
    """
    before = cached_key(words[span.start - 1]) if span.start else ""
    after = cached_key(words[span.end]) if span.end < len(words) else ""
    if before in _AGAINST:
        return is_sport(words, span.start)
    if after in _PLAYS:
        # «جيرونا يفاجئ برشلونة» needs no other word of sport
        beside = {span.end + 1, span.end + 2}
        return not beside.isdisjoint(opponents) or is_sport(words, span.start)
    if bare_title(before, _RESULTS) is not None:
        return is_sport(words, span.start)
    near = words[max(0, span.start - _FARTHEST_RESULT) : span.start - 1]
    return before in _OVER and any(bare_title(word, _RESULTS) is not None for word in near)


def _name(words: Sequence[str], span: Span) -> str:
    name = " ".join(words[span.start : span.end])
    return name.removeprefix("و")


def _unglued(word: str) -> str:
    return word[1:] if word.startswith(_GLUED) else word
