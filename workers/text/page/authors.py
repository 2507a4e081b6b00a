"""Who wrote an article: structured data where it can be a person, else the byline that is seen.

A wrong author is worse than none: names of sites, agencies, desks, editors' accounts and pictures
are refused, as are Latin names on an Arabic page that the reader does not see beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree

from workers.text.page.body import Body
from workers.text.page.bylines import MAX_NAME, person_name, read_byline, read_signature
from workers.text.page.document import Block, Element, folded, is_longer, one_line, text_of
from workers.text.page.structured import StructuredArticle, types_of

_LONG = 150  # code points from which on a block is a paragraph of the text
_MAX_SEEN = 60_000
_MAX_SIGNERS = 30
_NAME_TAGS = ("a", "strong", "b", "span", "h3", "h4", "h5")
_NO_SIGNER = frozenset(("script", "style", "meta", "link", "body", "html"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INSIDE = re.compile(r"(?<!\S)(?:كتبت?|بقلم|حوار)\s*[:：\-–]")  # behind a date in one block
_AUTHOR_PATH = re.compile(r"author|writer|كاتب|profile|journalist|editor", re.IGNORECASE)
_ARABIC = re.compile("[\u0620-\u064a]")
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-]|lbl|txt|(?<=[a-z])(?=[A-Z]))(?i:author|byline|writer|writtenby|writeby|by-line"
    r"|editor-?name|katib|journalist)"
)
_METAS = (
    "article:author", "author", "parsely-author", "sailthru.author", "dc.creator",
    "cxenseparse:author",
)  # fmt: skip


def find_author(
    blocks: Sequence[Block],
    structured: StructuredArticle,
    metas: dict[str, list[str]],
    site_names: Collection[str],
    body: Body,
    signers: Sequence[Sequence[str]],
    ruled: Sequence[str],
    *,
    arabic: bool,
) -> tuple[str, str]:
    """Find who wrote an article.

    Args:
        blocks: of text, from the headline on.
        structured: JSON-LD of the article.
        metas: see `meta_values`.
        site_names: what the site calls itself, and its host.
        body: what was found of the text, with the lines around it.
        signers: see `find_signers`.
        ruled: what a rule selects as authors.
        arabic: whether the article is in Arabic.

    Returns:
        The author line and its source; two empty strings where none is sure.
    """
    sites = {key for name in site_names if (key := folded(name).replace(" ", ""))}
    keys = {folded(name) for name in site_names}
    joint = "، " if arabic else ", "
    if by_rule := [_signed_by(each, sites, keys) for each in ruled]:
        names = [name for name in by_rule if name]
        return joint.join(dict.fromkeys(names)), "rule:author" if names else ""
    for line in body.above:
        if name := person_name(read_byline(line) or read_signature(line, keys)[1], sites):
            return name, "byline"
    is_above_text = True
    for element, text in blocks:
        is_above_text = is_above_text and len(text) < _LONG
        # A kicker with a link, or another headline, may read like a byline: «تقرير: …».
        is_candidate = is_above_text and element.tag not in _HEADINGS and not _links(element)
        inside = _INSIDE.search(text)
        byline = read_byline(text[inside.start() :] if inside else text)
        if is_candidate and (name := person_name(byline, sites)):
            return name, "byline"
        if not is_above_text:
            break
    signed = {name for line in body.behind if (name := person_name(read_byline(line), sites))}
    if len(signed) == 1:  # several are those of other articles
        return signed.pop(), "byline"
    told = [("json-ld:author", _structured_names(structured))]
    told += [(f"meta:{key}", metas.get(key, [])) for key in _METAS]
    for source, written in told:
        names = [name for each in written[:5] if (name := _signed_by(each, sites, keys))]
        if names and _is_trusted(names, blocks, arabic):
            return joint.join(dict.fromkeys(names)), source
    marked = {name for texts in signers if (name := _first_signed(texts, sites, keys))}
    # Several are those of other articles.
    return (marked.pop(), "element") if len(marked) == 1 else ("", "")


def find_signers(below: Element) -> list[tuple[str, ...]]:
    """Return the texts of the elements that a page marks as its author's name.

    Args:
        below: root of the page from its headline on.

    Returns:
        For each short element the texts of its parts and its own; of elements above the first
        paragraph where there are any, else of all.
    """
    above: list[tuple[str, ...]] = []
    behind: list[tuple[str, ...]] = []
    outer = None
    is_above = True
    for element in below.iter(etree.Element):
        if not isinstance(element.tag, str) or element.tag in _NO_SIGNER:
            continue
        if is_above and element.tag in ("p", "div") and len(one_line(element.text)) >= _LONG:
            is_above = False
        if not _BYLINE_CLASS.search(_marks(element)):
            continue
        if outer is not None and outer in element.iterancestors():
            continue
        if is_longer(element, 2 * MAX_NAME):
            continue
        outer = element
        parts = [text_of(each) for each in islice(element.iter(*_NAME_TAGS), 8)]
        texts = [each for each in (*parts, text_of(element)) if each]
        (above if is_above else behind).append(tuple(dict.fromkeys(texts)))
        if len(above) + len(behind) >= _MAX_SIGNERS:
            break
    return [each for each in above if each] or [each for each in behind if each]


def _signed_by(text: str, sites: Collection[str], keys: Collection[str]) -> str:
    """Return the person in a text such as «ليلى منصور» or «ليلى منصور - بيروت»."""
    return person_name(read_signature(text, keys)[1] or text, sites)


def _first_signed(texts: Sequence[str], sites: Collection[str], keys: Collection[str]) -> str:
    return next(filter(None, (_signed_by(text, sites, keys) for text in texts)), "")


def _marks(element: Element) -> str:
    names = (element.get(key) or "" for key in ("class", "id", "itemprop", "rel"))
    return " ".join(names)[:300]


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
        return [one_line(unescape(value))]
    if not isinstance(value, dict):
        return []
    if types_of(value) & {"organization", "newsmediaorganization", "corporation", "website"}:
        return []
    name = value.get("name")
    return [
        one_line(unescape(each))
        for each in (name if isinstance(name, list) else [name])
        if isinstance(each, str)
    ]


def _is_trusted(names: Sequence[str], blocks: Sequence[Block], arabic: bool) -> bool:
    """Say whether names of the metadata may stand: on an Arabic page, Latin ones must be seen."""
    foreign = [name for name in names if not _ARABIC.search(name)] if arabic else []
    if not foreign:
        return True
    seen = " ".join(folded(text) for _, text in blocks if len(text) <= 2 * MAX_NAME)[:_MAX_SEEN]
    return all(f" {folded(name)} " in f" {seen} " for name in foreign)
