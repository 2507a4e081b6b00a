"""The main text of a page: trafilatura's choice below the headline, its edges trimmed.

trafilatura finds the block; what it errs about on Arabic pages are the edges. So what stands above
the headline, captions and links to other articles are taken out before, and lines that belong to
the page rather than to the article after; a lead that stands outside of the block is put back
where it is what the page calls its description.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass

from workers.text.page.container import cut_behind, find_container, name_container
from workers.text.page.document import (
    MAX_LINE,
    Block,
    Element,
    blocks_beside,
    cut_before,
    drop,
    find_elements,
    find_headline,
    folded,
    is_longer,
    text_of,
)
from workers.text.page.leads import find_leads, missing_lead
from workers.text.page.lines import SHORT, is_more_label, is_more_line, trim_lines
from workers.text.page.main_text import all_text, main_text, parted
from workers.text.page.others import drop_others

_SAME = 2  # paragraphs by which a text is known to begin again
_LEAST_BARE = 40  # code points of text that stands bare between paragraphs
_SHORT_TEXT = 400  # code points; of less, the page is read once more, with what stands above
_LEAST_TEXT = 250  # of still less, with less precision
_UNWANTED = (
    "//figcaption | //*[contains(@class, 'caption') and not(self::table)] | //nav | //footer"
    " | //*[contains(@class, 'cookie') or contains(@id, 'cookie') or contains(@class, 'consent')]"
)
_BREAKING = frozenset((
    "blockquote", "br", "div", "figure", "h2", "h3", "h4", "hr", "ol", "p", "section", "table",
    "ul",
))  # fmt: skip
_ARABIC = re.compile("[\u0620-\u064a]")


@dataclass(frozen=True, slots=True)
class Body:
    """A Body is the text of an article and what stood around it.

    Attributes:
        paragraphs: of the article.
        above: lines before them that were taken off.
        behind: the same behind them.
        source: how the text was found.
        others: how many other articles the page shows.
    """

    paragraphs: tuple[str, ...]
    above: tuple[str, ...]
    behind: tuple[str, ...]
    source: str
    others: int = 0


@dataclass(frozen=True, slots=True)
class CutPage:
    """A CutPage is a page that begins at its headline, which is not in it.

    Attributes:
        below: root of it; the whole page where no headline is sure.
        beside: short blocks that stood just above the headline.
    """

    below: Element
    beside: tuple[Block, ...]


def cut_above(root: Element, titles: Collection[str]) -> CutPage:
    """Return a copy of a page from its headline on.

    Args:
        root: of the page.
        titles: what its metadata call the article.
    """
    copy = deepcopy(root)
    for title in list(copy.iter("title")):
        drop(title)
    headline = find_headline(copy, [*titles])
    if headline is None:
        return CutPage(copy, ())
    beside = tuple(blocks_beside(headline))
    cut_before(headline)
    return CutPage(copy, beside)


def find_captions(root: Element) -> frozenset[str]:
    """Return the captions of a page's pictures, each as `folded` gives it."""
    found = set()
    for element in root.iter("figcaption"):
        found.add(folded(text_of(element)))
    for element in find_elements(root, "//*[contains(@class, 'caption')]")[:100]:
        found.add(folded(text_of(element)))
    for image in root.iter("img"):
        for name in ("alt", "title"):
            if len(image.get(name) or "") >= 10:
                found.add(folded(image.get(name) or ""))
    return frozenset(found - {""})


def find_body(
    whole: Element,
    below: Element,
    blocks: Sequence[Block],
    url: str,
    title: str,
    description: str,
    captions: Collection[str],
    names: Collection[str],
    sites: Collection[str],
    ruled: Element | None = None,
) -> Body:
    """Find the text of an article.

    Args:
        whole: the page; is not changed.
        below: the page from its headline on; is changed.
        blocks: of text in it.
        url: of the page.
        title: of the article.
        description: what the metadata say of it. It is looked for in Arabic only: there the lead is
            the beginning of the article, elsewhere a second headline.
        captions: see `find_captions`.
        names: of the section and keywords, each as `folded` gives it.
        sites: names of the site, likewise.
        ruled: what a rule selects as the text; is changed.

    Returns:
        Its paragraphs, none where the page has no main text.
    """
    leads = find_leads(blocks, description, {folded(title), *captions})
    _drop_links_to_others(blocks)
    others = _drop_others_of(below)
    container = find_container(below)
    if container is not None:
        cut_behind(container)
        name_container(container)
    _wrap_bare_text(below)
    if ruled is not None:
        _drop_others_of(ruled)
        paragraphs, source = all_text(ruled), "rule:body"
    else:
        paragraphs, source = _chosen_text(whole, below, container, url), "main text"
    kept, above, behind = trim_lines(_without_copy(paragraphs), title, captions, names, sites)
    if ruled is None and kept and (lead := missing_lead(leads, kept, blocks)):
        kept.insert(0, lead)
        source = "lead and main text"
    return Body(tuple(kept), tuple(above), tuple(behind), source, others)


def _drop_others_of(below: Element) -> int:
    for element in find_elements(below, _UNWANTED):
        # A class on the text itself, or on the page, says nothing.
        if not is_longer(element, MAX_LINE):
            drop(element)
    return drop_others(below)


def _chosen_text(whole: Element, below: Element, container: Element | None, url: str) -> list[str]:
    paragraphs = main_text(below, url, precise=True)
    if _length(paragraphs) < _SHORT_TEXT:
        # What trafilatura chooses may depend on what stands above the headline.
        uncut = deepcopy(whole)
        drop_others(uncut)
        uncut_text = main_text(uncut, url, precise=True)
        if _length(uncut_text) > 2 * _length(paragraphs):
            paragraphs = uncut_text
    if _length(paragraphs) < _LEAST_TEXT:
        if container is not None:
            wider = all_text(container)
        else:
            wider = parted(main_text(below, url, precise=False), all_text(below))
        if _length(wider) > _length(paragraphs):
            paragraphs = wider
    return paragraphs


def _without_copy(paragraphs: list[str]) -> list[str]:
    """Leave out a text that begins again: a page may hold it for wide and for narrow screens."""
    opening = paragraphs[:_SAME]
    for number in range(_SAME, len(paragraphs) - _SAME + 1):
        if paragraphs[number : number + _SAME] == opening:
            return paragraphs[:number]
    return paragraphs


def _length(paragraphs: Collection[str]) -> int:
    return sum(map(len, paragraphs))


def _drop_links_to_others(blocks: Sequence[Block]) -> None:
    """Remove labels such as «اقرأ أيضا» with the links that they stand above."""
    labels = [
        (element, text)
        for element, text in blocks
        if len(text) <= SHORT and (is_more_label(text) or is_more_line(text))
    ]
    for element, text in labels[:200]:
        parent = element.getparent()
        if parent is None:
            continue
        if is_more_label(text):
            following = element.getnext()
            if following is None and parent.tag != "body":
                following = parent.getnext()
            if following is not None and _is_only_links(following):
                drop(following)
        if element.tag != "body" and len(text_of(element)) <= SHORT:
            drop(element)


def _wrap_bare_text(below: Element) -> None:
    """Make paragraphs of the text that stands bare between paragraphs, which would be left out."""
    for element in list(below.iter("div", "td", "section", "article")):
        if element.find("p") is None:
            continue
        if _is_bare(element.text) and (len(element) == 0 or element[0].tag in _BREAKING):
            paragraph = element.makeelement("p")
            paragraph.text, element.text = element.text, None
            element.insert(0, paragraph)
        for child in list(element):
            if (
                child.tag == "div"
                and _is_bare(child.text)
                and _BREAKING.isdisjoint(each.tag for each in child)
            ):
                child.tag = "p"
            following = child.getnext()
            ends = following is None or following.tag in _BREAKING
            if ends and child.tag in _BREAKING and _is_bare(child.tail):
                paragraph = child.makeelement("p")
                paragraph.text, child.tail = child.tail, None
                child.addnext(paragraph)


def _is_bare(text: str | None) -> bool:
    return bool(text) and len(" ".join((text or "").split())) >= _LEAST_BARE


def _is_only_links(element: Element) -> bool:
    text = text_of(element)
    linked = " ".join(text_of(link) for link in element.iter("a"))
    return bool(text) and len(folded(linked)) >= 0.9 * len(folded(text))
