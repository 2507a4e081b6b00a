"""Who wrote an article: structured data where it can be a person, else the byline that is seen.

A wrong author is worse than none: names of sites, agencies, desks, editors' accounts and pictures
are refused, as are Latin names on an Arabic page that the reader does not see beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from workers.text.page.document import MAX_LINE, Element, folded, one_line, text_blocks
from workers.text.page.structured import StructuredArticle, types_of

MAX_NAME = 80
"""Code points of an author line."""

_LONG = 150  # code points from which on a block is a paragraph of the text
_MAX_SEEN = 60_000
_VERB = (
    r"(?:كتب(?:ت|ه|ها|وا)?|بقلم|حوار|حاور(?:ه|ها|ته|تها|هم)?|أجر[ىت]\s+الحوار|تقرير|تحقيق|تغطية|متابعة"
    r"|إعداد|اعداد|أعد(?:ه|ها|ت|ته|تها)?(?:\s+(?:التقرير|للنشر))?|الكاتبة?|المحررة?|الصحفية?|تحرير|رصد"
    r"|by|written by|author)"
)
_MARK = r"\s*[:：\-–—/|،]\s*"
_NAME_END = r"(?=\s*(?:[\-–—|/•·،,؛;(\[]|تصوير|عدسة|ترجمة|$))"
_WORD = r"[^\W\d_][^\W\d_.'’\-ـ]*[.'’]?"
_NAMES = rf"({_WORD}(?:[ \u00a0]{_WORD}){{1,5}})"
_MARKED = re.compile(rf"^(?:{_VERB}){_MARK}(?:{_VERB}{_MARK}?)?{_NAMES}{_NAME_END}", re.IGNORECASE)
_UNMARKED = re.compile(
    rf"^(?:كتب(?:ت|ه|ها)?|بقلم|by|written by)\s+{_NAMES}{_NAME_END}", re.IGNORECASE
)
_BYLINE = re.compile(rf"^{_VERB}(?:{_MARK}|\s)", re.IGNORECASE)
_ARABIC = re.compile("[\u0620-\u064a]")
_NO_NAME = re.compile(
    r"[\d@#<>{}=_/\\|…!?؟«»\"]|https?:|www\.|\.(?:com|net|org|png|jpe?g|gif)\b", re.IGNORECASE
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|writer|by-?line|editor-?name|katib)", re.IGNORECASE
)

# fmt: off
_NO_PERSON = frozenset(folded(word) for word in (
    "admin", "administrator", "editor", "editors", "editorial", "webmaster", "staff", "team",
    "desk", "newsroom", "news", "logo", "png", "jpg", "image", "user", "guest", "developer",
    "website", "site", "agency", "agencies", "correspondent", "reporter", "reuters", "afp", "ap",
    "unknown", "anonymous", "author", "authors", "online", "tv", "channel", "network", "media",
    "محرر", "المحرر", "محررة", "محررو", "تحرير", "التحرير", "هيئة", "فريق", "موقع", "الموقع",
    "صحيفة", "جريدة", "قناة", "وكالة", "وكالات", "الوكالات", "أخبار", "الأخبار", "نيوز", "شبكة",
    "بوابة", "مؤسسة", "مراسل", "المراسل", "مراسلو", "مراسلنا", "رويترز", "الأناضول", "فرانس", "برس",
    "أدمن", "ادمن", "مدير", "إدارة", "مشرف", "خاص", "متابعات", "ترجمة", "ترجمات", "مجهول", "قسم",
    "غرفة", "مصدر", "تلفزيون", "راديو", "إذاعة", "ديسك", "الديسك", "تصوير",
    "القسم", "مكتب", "محررون", "المحررون", "يوميات", "آخر", "المزيد", "مقالات",
))
_SENTENCE_WORDS = frozenset(folded(word) for word in (
    "في", "من", "على", "إلى", "عن", "أن", "إن", "التي", "الذي", "هذا", "هذه", "قال", "قالت", "كان",
    "كانت", "بعد", "قبل", "خلال", "مع", "بين", "حول", "لا", "لم", "ما", "ثم", "أو", "كما", "وقد",
    "وفي", "ومن", "مقالا", "مقالة", "تغريدة", "منشورا", "رسالة", "عبر", "لدى", "عند", "منذ", "حتى",
    "the", "of", "in", "on", "at", "for", "to", "with", "is", "was", "and",
))
# fmt: on


def find_author(
    root: Element,
    structured: StructuredArticle,
    metas: dict[str, list[str]],
    site_names: Iterable[str],
    lines: Sequence[str],
    *,
    arabic: bool,
) -> tuple[str, str]:
    """Find who wrote an article.

    Args:
        root: of the page, from its headline on.
        structured: JSON-LD of the article.
        metas: see `meta_values`.
        site_names: what the site calls itself, and its host.
        lines: short lines at the edges of the text, which may be bylines.
        arabic: whether the article is in Arabic.

    Returns:
        The author line and its source; two empty strings where none is sure.
    """
    sites = {key for name in site_names if (key := folded(name).replace(" ", ""))}
    seen = ""
    is_above_text = True
    for _, text in text_blocks(root, MAX_LINE):
        is_above_text = is_above_text and len(text) < _LONG
        if is_above_text and (name := _acceptable(read_byline(text), sites)):
            return name, "byline"
        if len(text) <= 2 * MAX_NAME and len(seen) < _MAX_SEEN:
            seen += f" {folded(text)} "
    names = [_acceptable(name, sites) for name in _structured_names(structured)]
    if names and all(names) and len(names) <= 5:
        joined = ", ".join(dict.fromkeys(names)) if not arabic else "، ".join(dict.fromkeys(names))
        if _is_trusted(names, seen, arabic):
            return joined, "json-ld:author"
    for key in (
        "article:author",
        "author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "cxenseparse:author",
    ):
        values = [_acceptable(name, sites) for name in metas.get(key, ())[:5]]
        if values and all(values) and _is_trusted(values, seen, arabic):
            return ("، " if arabic else ", ").join(dict.fromkeys(values)), f"meta:{key}"
    marked = {
        name
        for element, text in text_blocks(root, MAX_NAME)
        if _BYLINE_CLASS.search(_marks(element)) and (name := _acceptable(text, sites))
    }
    # Several are those of other articles.
    return (marked.pop(), "element") if len(marked) == 1 else ("", "")


def _marks(element: Element) -> str:
    names = (element.get("class") or "", element.get("itemprop") or "", element.get("rel") or "")
    return " ".join(names)[:300]


def read_byline(line: str) -> str:
    """Return the name in a line such as «كتبت: هبة موسى», or an empty string."""
    if len(line) > 2 * MAX_NAME:
        return ""
    line = line.strip(" \t-–—|•*:：.")
    found = _MARKED.match(line) or _UNMARKED.match(line)
    return one_line(found[1]) if found else ""


def is_byline(line: str) -> bool:
    """Say whether a line only tells who wrote: it opens as a byline does and names somebody."""
    return bool(_BYLINE.match(line.strip(" \t-–—|•*"))) and bool(read_byline(line))


def _structured_names(structured: StructuredArticle) -> list[str]:
    names: list[str] = []
    for value in structured.values("author") or structured.values("creator"):
        names += _names_of(value)
    return names[:10]


def _names_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [one_line(value)]
    if not isinstance(value, dict):
        return []
    if types_of(value) & {"organization", "newsmediaorganization", "corporation", "website"}:
        return []
    name = value.get("name")
    return [
        one_line(each)
        for each in (name if isinstance(name, list) else [name])
        if isinstance(each, str)
    ]


def _acceptable(name: str, sites: set[str]) -> str:
    """Return a name that can be a person's, or an empty string."""
    name = one_line(name).strip(" -–—|،,:.")
    found = _MARKED.match(name) or _UNMARKED.match(name)
    name = found[1] if found else name
    if not name or len(name) > MAX_NAME or _NO_NAME.search(name):
        return ""
    words = folded(name).split()
    if not 2 <= len(words) <= 6 or _NO_PERSON & set(words) or _SENTENCE_WORDS & set(words):
        return ""
    key = "".join(words)
    if any(
        key == site or (len(key) > 4 and key in site) or (len(site) > 4 and site in key)
        for site in sites
    ):
        return ""
    return name


def _is_trusted(names: Sequence[str], seen: str, arabic: bool) -> bool:
    """Say whether names of the metadata may stand: on an Arabic page, Latin ones must be seen."""
    return all(not arabic or _ARABIC.search(name) or f" {folded(name)} " in seen for name in names)
