"""One page to its article: the text, and what the page says of it, each with its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from lxml import etree

from config.page_rules import PageRule
from workers.text.language import LanguageIdentifier
from workers.text.normalise import drop_controls, tidy_spaces
from workers.text.page.addresses import (
    find_canonical,
    find_keywords,
    find_linked,
    find_picture,
    find_section,
    site_of,
)
from workers.text.page.authors import find_author, find_signers
from workers.text.page.body import cut_above, find_body, find_captions
from workers.text.page.document import (
    MAX_LINE,
    Element,
    TooManyElementsError,
    find_headline,
    folded,
    meta_values,
    one_line,
    parse_page,
    text_blocks,
    text_of,
)
from workers.text.page.model import ArticlePage
from workers.text.page.problems import find_problem, without_offers
from workers.text.page.published import find_dates
from workers.text.page.rules import apply_rule
from workers.text.page.structured import StructuredArticle, read_structured
from workers.text.page.zones import zone_of_page

_SITE_JOINT = re.compile(r"\s+[|\-–—:»«•]\s+|\s*\|\s*")
_KIND = re.compile(r"^(?:صحيفة|جريدة|قناة|موقع|وكالة|بوابة|شبكة|مجلة)\s+")
_TITLE_SOURCES = ("json-ld:headline", "meta:og:title", "title")
_LONGEST_KIND = 20
_ARABIC = re.compile("[\u0620-\u064a]")
_LATIN = re.compile("[a-zA-Z]")


def read_article_page(
    markup: str,
    url: str,
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
    rule: PageRule | None = None,
    *,
    is_article: bool = False,
) -> ArticlePage:
    """Read the article of a page.

    Args:
        markup: HTML; at most `MAX_MARKUP` code points of it are read.
        url: absolute address that it came from.
        zone: of the outlet, for dates that name none; None for what the page tells.
        now: aware, when it came; later dates are nonsense. None for the present.
        rule: of its outlet (`PageRules.rule_for`); where it selects nothing, the part is looked for
            as without it.
        is_article: whether somebody has said that the page is an article: what is found of its text
            is given, however short it is or whatever else the page looks like.

    Returns:
        The article; with `problem` set where the page holds none, or only its beginning.
    """
    try:
        root = parse_page(markup)
    except TooManyElementsError:
        return ArticlePage(canonical=url, problem="too_long", sources={"canonical": "url"})
    if root is None:
        return ArticlePage(canonical=url, problem="empty", sources={"canonical": "url"})
    return _read(root, url, zone, now or datetime.now(UTC), rule, is_article=is_article)


def _read(
    root: Element,
    url: str,
    zone: ZoneInfo | None,
    now: datetime,
    rule: PageRule | None,
    *,
    is_article: bool,
) -> ArticlePage:
    metas = meta_values(root)
    page_title = one_line(next((each.text for each in root.iter("title") if each.text), ""))
    told = [*metas.get("og:title", ())[:1], page_title]
    structured = read_structured(root, next(filter(None, told), ""))
    scripts = sum(1 for _ in root.iter("script"))
    etree.strip_elements(root, "script", "style", with_tail=False)
    selected = apply_rule(root, rule)
    sites = [*_site_names(structured, metas, url), *_names_behind(page_title, told[0])]
    titles = [structured.text("headline"), *told]
    title, title_source = _find_title(root, titles, sites)
    cut = cut_above(root, [title, *titles])
    below = cut.below
    blocks = list(text_blocks(below, 2 * MAX_LINE))
    descriptions = [
        structured.text("description"),
        *metas.get("og:description", ())[:1],
        *metas.get("description", ())[:1],
    ]
    section, section_source = find_section(structured, metas, title, sites)
    keywords, keywords_source = find_keywords(structured, metas)
    zone = zone or zone_of_page(url, root, structured, metas)
    dates = find_dates(root, blocks, cut.beside, structured, metas, zone, now, selected.date)
    picture, picture_source = find_picture(root, url, structured, metas)
    canonical, canonical_source = find_canonical(root, url, structured, metas)
    captions = find_captions(root) - {folded(each) for each in descriptions}
    if picture and picture.caption:
        captions |= {folded(picture.caption)}
    is_arabic = bool(_ARABIC.search(title or page_title))
    names = {folded(each) for each in (section, *keywords)} - {""}
    site_keys = {folded(each) for each in sites} - {""}
    description = max(descriptions, key=len, default="")
    signers = find_signers(below)
    names |= {folded(each) for texts in signers for each in texts}
    body = find_body(
        root, below, blocks, url, title, description, captions, names, site_keys, selected.body
    )
    by, by_source = find_author(
        blocks, structured, metas, sites, body, signers, selected.authors, arabic=is_arabic
    )
    problem = find_problem(
        root,
        blocks,
        structured,
        "\n\n".join(body.paragraphs),
        title=title,
        cards=body.others,
        scripts=scripts,
        has_article=_describes_article(structured, metas)
        or (title_source == "h1" and dates.published is not None),
    )
    paragraphs = body.paragraphs
    if problem == "paywall":
        paragraphs = without_offers(paragraphs)
    elif problem and not is_article:
        paragraphs = ()
    text = "\n\n".join(paragraphs)
    language = _language(text or title, root.get("lang") or "")
    # Letters stay as the page writes them: what is delivered is normalised by the worker.
    text, title, by = (tidy_spaces(drop_controls(each)) for each in (text, title, by))
    sources = {
        "title": title_source,
        "body_text": body.source if text else "",
        "by": by_source,
        **dates.sources,
        "picture": picture_source,
        "canonical": canonical_source,
        "section": section_source,
        "keywords": keywords_source,
        "language": "text" if text or title else "",
    }
    return ArticlePage(
        title,
        text,
        by,
        dates.published,
        dates.modified,
        picture,
        canonical,
        section,
        keywords,
        language,
        find_linked(root, url, "amphtml"),
        find_linked(root, url, "next"),
        problem,
        {name: source for name, source in sources.items() if source},
    )


def _describes_article(structured: StructuredArticle, metas: dict[str, list[str]]) -> bool:
    return (
        structured.is_article
        or "article" in metas.get("og:type", ())
        or "article:published_time" in metas
    )


def _site_names(structured: StructuredArticle, metas: dict[str, list[str]], url: str) -> list[str]:
    names = [*metas.get("og:site_name", ()), *metas.get("application-name", ())]
    names += metas.get("twitter:site", [])[:1]
    for publisher in structured.values("publisher"):
        if isinstance(publisher, dict):
            names.append(one_line(str(publisher.get("name") or "")))
    names.append(site_of(url).partition(".")[0])
    bare = [_KIND.sub("", name) for name in names]  # «صحيفة المرفأ» signs as «المرفأ»
    return [name for name in dict.fromkeys([*names, *bare]) if name]


def _names_behind(page_title: str, title: str) -> list[str]:
    """Return what the title of a page says behind that of its article: the site, the section."""
    first, *rest = _SITE_JOINT.split(page_title)
    is_headline = folded(first) == folded(title) != folded(page_title)
    return [part for part in rest if part] if is_headline else []


def _find_title(root: Element, titles: Sequence[str], sites: Sequence[str]) -> tuple[str, str]:
    """Return the headline that the reader sees, else what the metadata say without the site."""
    headline = find_headline(root, titles)
    if headline is not None:
        shown = text_of(headline)
        for title, source in zip(titles, _TITLE_SOURCES, strict=False):
            # An agency names the kind of news before it: «عام / …».
            if title and shown.endswith(title) and len(shown) - len(title) <= _LONGEST_KIND:
                return title, "h1" if shown == title else source
        return shown, "h1"
    known = {folded(site) for site in sites}
    for title, source in zip(titles, _TITLE_SOURCES, strict=False):
        parts = [part for part in _SITE_JOINT.split(title) if folded(part) not in known]
        if title:
            return (" - ".join(parts) if parts else title), source
    return "", ""


def _language(text: str, declared: str) -> str:
    hint = declared.partition("-")[0].lower()[:8]
    if hint == "en" and _ARABIC.search(text) and not _LATIN.search(text[:200]):
        hint = ""
    return _identifier().identify(text, hint)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier()
