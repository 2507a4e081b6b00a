"""Finds the organisations that the noun before them announces: «صحيفة عدن الغد», «مجموعة «بلموند»».

Papers, channels and companies are too many for any list. What stands in marks after their noun is a
name, and so is a definite word after «صحيفة», or words without the article between «شركة» and the
adjective of a country: «شركة سميت سالفدج الهولندية».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from workers.entities.guideline.construct import IsNational, find_head
from workers.entities.guideline.institution_words import NO_ADJECTIVES
from workers.entities.guideline.marks import CLOSING_OF, closing_mark
from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key
from workers.model import Span

_PAPERS = word_set("صحيفه جريده قناه اذاعه فضائيه")
"""Before these a definite word is a name."""
_MARKED = word_set(
    "جماعه تنظيم كتيبه مجله موقع شبكه شركه مجموعه مؤسسه منظمه وكاله منصه بنك حركه حزب نادي تلفزيون"
    " جمعيه"
)
"""Before these, and the former, words in marks are a name."""
_COMPANIES = word_set("شركه مجموعه")
_MASCULINE = word_set("موقع بنك حزب نادي تلفزيون")

_BRACKETED = word_set(
    "مجموعه منظمه هيئه اتحاد رابطه جمعيه تحالف جماعه مؤسسه لجنه وكاله مركز معهد برنامج صندوق مجلس"
    " شبكه حركه جبهه نقابه مبادره"
)
"""Before these what leads to an acronym in brackets is a name: «مجموعة تنمية الجنوب (سادك)»."""

HEADS = _PAPERS | _MARKED | _BRACKETED

_SECOND = word_set(
    "اليوم الغد الجديد الجديده الاوسط الاولي الثانيه الان نيوز برس بوست تايمز نت تي الاحرار"
)
"""Second words of papers and channels: «المصري اليوم»."""
_NO_PAPERS = word_set(
    """
    الامس الدعوي الطعن الحاله الاتهام الاستئناف الاتصال الاتصالات التلفزيون التلفزه التواصل الري
    المياه الخبر الاخبار البيان المباراه المباريات النشيد الحكم القرار النبا الحوار الذي التي
    الوصل الشعب المذكوره الواحده الرئيسيه المحليه السويس بنما الحفل الحوارات النتائج الكره
    """
)
"""Definite words after «صحيفة» and its like that name none: «صحيفة الدعوى», «قناة الري»."""
_NO_COMPANIES = word_set(
    "من في علي مع عن الي ضد بين منذ خلال عبر تابعه تدعي اخري كبري خاصه ملك تحت داخل خارج او اثر"
)
"""Words between «شركة» and an adjective of a country that no name holds."""
_CLOSING_OF: Mapping[str, str] = {**CLOSING_OF, "(": ")"}
_LONGEST = 4
_LONGEST_COMPANY = 3
_LONGEST_BRACKETED = 6
_LONGEST_ACRONYM = 7


@lru_cache(maxsize=32768)
def announcing_head(word: str) -> str:
    """Return the noun that announces an organisation that a word is; empty for other words."""
    return find_head(word, HEADS)


def find_announced(
    words: Sequence[str],
    heads: Sequence[int],
    spans: Sequence[Span],
    is_national: IsNational,
) -> list[Span]:
    """Find the organisations that a noun announces, without the noun but before brackets.

    Args:
        words: tokens of the sentence.
        heads: indices of those that may announce one, ascending.
        spans: the names found so far, in order, never overlapping.
        is_national: tells adjectives of countries.

    Returns:
        Organisations, in order, never overlapping; none that another of the class covers.
    """
    inside = {i: span for span in spans for i in range(span.start, span.end)}
    found: list[Span] = []
    for i in heads:
        start = i + 1
        head = announcing_head(words[i])
        if not head or start >= len(words) or (found and start < found[-1].end):
            continue
        if head in _BRACKETED:
            end = _bracket(words, start)
            if end and not (i in inside and inside[i].start < i):
                found.append(Span(i, end, "ORG"))
                continue
        if i in inside or head not in _PAPERS | _MARKED:
            continue
        if words[start] in _CLOSING_OF:
            start += 1
            end = _marked_end(words, start, head)
        elif head in _PAPERS:
            end = _paper_end(words, start, inside, is_national)
        elif head in _COMPANIES:
            end = _company_end(words, start, is_national)
        else:
            end = 0
        if end and not any(k in inside and inside[k].type == "ORG" for k in range(start, end)):
            found.append(Span(start, end, "ORG"))
    return found


def _bracket(words: Sequence[str], start: int) -> int:
    """Return the index of the bracket that holds the acronym of a name, 0 where none does."""
    for end in range(start + 1, min(start + _LONGEST_BRACKETED + 1, len(words) - 2)):
        if words[end] == "(":
            # «منظمة إرهابية (داعش)» is described, «مجموعة تنمية الجنوب (سادك)» is named
            if not words[end - 1].startswith(("ال", "وال", "لل")):
                return 0
            return end if words[end + 2] == ")" and _may_be_acronym(words[end + 1]) else 0
        if not words[end].startswith(("ال", "وال", "لل")):
            return 0
    return 0


def _may_be_acronym(word: str) -> bool:
    """Tell an acronym from an adjective or a number: «سادك», «SADC», not «الحكومية»."""
    is_short = word.isalpha() and 2 < len(word) <= _LONGEST_ACRONYM
    return is_short and not word.endswith(("ية", "ي")) and (word.isupper() or not word.isascii())


def _marked_end(words: Sequence[str], start: int, head: str) -> int:
    """Return the index of the closing mark, 0 where the marks hold more than a name."""
    end = closing_mark(words, start - 1, _LONGEST, _CLOSING_OF)
    return end if end and _may_be_marked(words[start:end], head) else 0


def _may_be_marked(words: Sequence[str], head: str) -> bool:
    """Tell a name from what is said ironically: «منظمة "إرهابية"»."""
    if not all(word.replace("-", "").replace(".", "").isalnum() for word in words):
        return False
    key = cached_key(words[0])
    adjective = "ي" if head in _MASCULINE else "يه"
    return len(words) > 1 or key.startswith("ال") or not key.endswith(adjective)


def _paper_end(
    words: Sequence[str], start: int, inside: Mapping[int, Span], is_national: IsNational
) -> int:
    """Return the index after «الوطن» or «عدن الغد» behind «صحيفة», else 0."""
    span = inside.get(start)
    following = (
        cached_key(words[span.end if span else start + 1]) if _has(words, start, span) else ""
    )
    if span is not None:
        is_name = span.type == "LOC" and span.start == start and following in _SECOND
        return span.end + 1 if is_name else 0
    key = cached_key(words[start])
    is_word = key.startswith("ال") and len(key) > 4 and key.isalpha()
    if not is_word or key in _NO_PAPERS or key in NO_ADJECTIVES:
        return 0
    if is_national(words[start]) and following not in _SECOND:
        return 0
    if key.endswith("يه") and following not in _SECOND and key != "الاخباريه":
        return 0  # «القناة», «قناة الجزيرة»: an adjective alone describes
    return start + 1 + (following in _SECOND)


def _has(words: Sequence[str], start: int, span: Span | None) -> bool:
    return (span.end if span is not None else start + 1) < len(words)


def _company_end(words: Sequence[str], start: int, is_national: IsNational) -> int:
    """Return the index of the adjective of a country behind «سميت سالفدج», else 0."""
    for end in range(start, min(start + _LONGEST_COMPANY + 1, len(words))):
        word = words[end]
        key = cached_key(word)
        if key.startswith("ال"):
            # «شركة … السعودية» may be the state
            is_end = end > start and key.endswith("ه") and key != "السعوديه" and is_national(word)
            return end if is_end else 0
        if not word.isalpha() or key in _NO_COMPANIES or key.startswith(("و", "بال", "لل", "فال")):
            return 0
    return 0
