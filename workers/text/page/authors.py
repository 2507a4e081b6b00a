"""Who wrote an article: structured data where it can be a person, else the byline that is seen.

A wrong author is worse than none: names of sites, agencies, desks, editors' accounts and pictures
are refused, as are Latin names on an Arabic page that the reader does not see beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from workers.text.page.document import Block, Element, folded, one_line
from workers.text.page.structured import StructuredArticle, types_of

MAX_NAME = 80
"""Code points of an author line."""

_LONG = 150  # code points from which on a block is a paragraph of the text
_MAX_SEEN = 60_000
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VERB = (
    r"(?:كتب(?:ت|ه|ها|وا)?|بقلم|حوار|حاور(?:ه|ها|ته|تها|هم)?|أجر[ىت]\s+الحوار|تقرير|تحقيق|تغطية"
    r"|متابعة|إعداد|اعداد|أعد(?:ه|ها|ت|ته|تها)?(?:\s+(?:التقرير|للنشر))?|الكاتبة?|الصحفية?"
    r"|by|written by|author)"
)
# Whoever edited, translated or photographed has a line, but has not written.
_OTHER_VERB = r"(?:تحرير|المحررة?|محررة?|رصد|ترجمة|تصوير|عدسة|مراجعة|edited by|editing by)"
_MARK = r"\s*[:：\-–—/|،]\s*"
_NAME_END = r"(?=\s*(?:[\-–—|/•·،,؛;(\[]|تصوير|عدسة|ترجمة|$))"
_WORD = r"[^\W\d_][^\W\d_.'’\-ـ]*[.'’]?"
_NAMES = rf"({_WORD}(?:[ \u00a0]{_WORD}){{1,5}})"
_MARKED = re.compile(rf"^(?:{_VERB}){_MARK}(?:{_VERB}{_MARK}?)?{_NAMES}{_NAME_END}", re.IGNORECASE)
_UNMARKED = re.compile(
    rf"^(?:كتب(?:ت|ه|ها)?|بقلم|by|written by)\s+{_NAMES}{_NAME_END}", re.IGNORECASE
)
_OTHERS = re.compile(rf"^(?:{_OTHER_VERB}){_MARK}{_NAMES}{_NAME_END}", re.IGNORECASE)
_EDGE_SIGNS = " \t-–—|•*:：."
_AUTHOR_PATH = re.compile(r"author|writer|كاتب|profile|journalist|editor", re.IGNORECASE)
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
    "نت", "الإخبارية", "إخبارية", "الإخباري", "سي", "أون", "أونلاين", "لاين", "مباشر",
    "وزير", "الوزير", "رئيس", "الرئيس", "سفير", "السفير", "بيان", "النائب", "المتحدث",
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
    blocks: Sequence[Block],
    structured: StructuredArticle,
    metas: dict[str, list[str]],
    site_names: Iterable[str],
    lines: Sequence[str],
    *,
    arabic: bool,
) -> tuple[str, str]:
    """Find who wrote an article.

    Args:
        blocks: of text, from the headline on.
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
    for element, text in blocks:
        is_above_text = is_above_text and len(text) < _LONG
        # A kicker with a link, or another headline, may read like a byline: «تقرير: …».
        is_candidate = is_above_text and element.tag not in _HEADINGS and not _links(element)
        if is_candidate and (name := _acceptable(read_byline(text), sites)):
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
        for element, text in blocks
        if len(text) <= MAX_NAME
        and _BYLINE_CLASS.search(_marks(element))
        and (name := _acceptable(text, sites))
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
    line = line.strip(_EDGE_SIGNS)
    found = _MARKED.match(line) or _UNMARKED.match(line)
    return one_line(found[1]) if found else ""


def is_byline(line: str) -> bool:
    """Say whether a line only tells who wrote, edited or photographed."""
    return bool(read_byline(line)) or (
        len(line) <= 2 * MAX_NAME and bool(_OTHERS.match(line.strip(_EDGE_SIGNS)))
    )


def _links(element: Element) -> bool:
    """Say whether a block is a link to something else than its author."""
    return any(
        not _BYLINE_CLASS.search(f"{link.get('class') or ''} {link.get('rel') or ''} ")
        and not _AUTHOR_PATH.search(link.get("href") or "")
        for link in element.iter("a")
    )


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
