"""What a page shows beside its article, taken out by its form: other articles, boxes, forms.

Names of classes help, but no two outlets share them; so a list of other articles is known by its
cards, which repeat, link away and carry a headline, and a box in the text by the label above it.
What stands behind the container of the article is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from workers.text.page.boxes import BOX_TAGS, LITTLE, containers_of, outermost_around
from workers.text.page.captions import drop_captions
from workers.text.page.container import weigh
from workers.text.page.document import (
    BLOCKS,
    Element,
    drop,
    find_elements,
    is_longer,
    one_line,
    text_of,
)
from workers.text.page.lines import is_box_label, is_readers_label

_BEFORE = 200  # code points of text before what can follow it
_CARD = 500  # code points of another article's headline, date and teaser
_SHARE = 0.34  # of a page's text that is the article for sure
_BOX = 700  # of a box inside of the text
_LEAST_CARDS = 3
_CARD_TAGS = frozenset(("div", "li", "article", "section", "tr", "td", "a", "dl", "figure"))
_AMP = frozenset(("amp-sidebar", "amp-consent", "amp-list", "amp-ad"))
_KEPT = frozenset(("body", "html", "main", "article", "table", "tbody", "tr", "td", "th"))
_LABEL_TAGS = frozenset(("h2", "h3", "h4", "h5", "h6", "div", "span", "p", "strong", "b", "a"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN_CLASS = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|screen-?reader(?:-text)?|sr-only|off-?screen|visuallyhidden"
    r"|d-none|print-only)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Whole words of class names and ids of what is not the text, wherever it stands.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|shares|sharing|sharethis|addtoany|social|socials|newsletter|newsletters|subscribe"
    r"|subscription|breadcrumbs?|comments?|respond|disqus|toc|most-?read|most-?viewed|relateds?|related-?"
    r"(?:posts?|news|articles?|topics|links|stories)|read-?more|more-?on|read-?also|see-?also|also-?read"
    r"|you-?may-?like|recommend(?:ed|ations?)?|promo|self-?promo|ads?|advert(?:isement)?s?|adsbygoogle|banner"
    r"|sponsored|about-?author|author-?(?:box|bio|info|desc(?:ription)?)|writer-?(?:box|bio|info)|bio|tags|tag-?list"
    r"|keywords|cookies?|gdpr|consent|pager|pagination|page-?links|nav-?links|post-?navigation|prev-?next|rating"
    r"|print|toolbar|tools|ticker|breaking|copyright|comments?-?(?:policy|rules|list|form|area)|download-?app"
    r"|app-?promo|pull-?quote|pullquote|player|sidebar|poll|survey|quiz|instagram-media|fb-post|tiktok-embed)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SKIP = re.compile(r"^\W*(?:تخطى|تخطي|تجاوز|skip)\b", re.IGNORECASE)


def drop_others(below: Element) -> int:
    """Remove what is not the article from a page that begins at its headline.

    Args:
        below: root of it; is changed.

    Returns:
        How many other articles it showed.
    """
    _drop_hidden(below)
    _drop_behind(below)
    _drop_furniture(below)
    _drop_skipped(below)
    drop_captions(below)
    cards = _drop_cards(below)
    _drop_labelled(below)
    return cards


def _drop_hidden(below: Element) -> None:
    for element in find_elements(below, "//*[@hidden or @style or @class]"):
        marks = element.get("class") or ""
        is_hidden = (
            element.get("hidden") is not None
            or _HIDDEN.search(element.get("style") or "")
            or (_UNSEEN_CLASS.search(marks) and not is_longer(element, LITTLE))
        )
        if is_hidden and element.tag not in ("body", "html") and not is_longer(element, _BOX):
            drop(element)


def _drop_furniture(below: Element) -> None:
    """Remove small elements whose class, id or tag says that they are not the text."""
    for element in list(below.iter("form", "select", "button", "dialog", "aside", "nav", "iframe")):
        if element.tag in ("select", "button", "iframe") or not is_longer(element, _BOX):
            drop(element)
    for element in find_elements(below, "//*[@role='complementary' or @role='navigation']"):
        if not is_longer(element, _BOX):
            drop(element)
    for element in list(below.iter(etree.Element)):
        if element.tag in _AMP:
            drop(element)
    weights = weigh(below)
    most = _SHARE * weights[below]
    for element in find_elements(below, "//*[@class or @id]"):
        if element.tag in _KEPT or element.getparent() is None:
            continue
        marks = _CAMEL.sub("-", f"{element.get('class') or ''} {element.get('id') or ''}"[:300])
        if not _FURNITURE.search(marks):
            continue
        if weights[element] <= most:
            drop(element)


def _drop_behind(below: Element) -> None:
    """Remove what readers wrote, and whole articles that follow with headlines of their own."""
    weights = weigh(below)
    for element, before in list(_with_text_before(below, weights)):
        if element.getparent() is None or before < _BEFORE:
            continue
        if element.tag == "article":
            if next(element.iter("h1"), None) is not None:
                drop(element)
        elif is_readers_label(text_of(element)):
            _drop_with_siblings(element)


def _with_text_before(below: Element, weights: dict[Element, int]) -> Iterator[tuple[Element, int]]:
    """Yield articles and short elements, each with the text of the paragraphs before it."""
    seen = 0
    for event, element in etree.iterwalk(below, events=("start", "end")):
        if event == "end":
            seen += weights[element] - sum(weights[child] for child in element)
        elif element.tag == "article" or (element.tag in _LABEL_TAGS and _is_label(element)):
            yield element, seen


def _drop_with_siblings(label: Element) -> None:
    """Remove the box that a label opens; where it opens none, the label and all behind it."""
    text = text_of(label)
    box = label
    for each in containers_of(label):
        if each.tag not in BOX_TAGS or not _opens(each, text):
            break
        box = each
    for sibling in list(box.itersiblings()) if box is label else ():
        drop(sibling)
    drop(box)


def _drop_skipped(below: Element) -> None:
    """Remove boxes that a link inside offers to skip («تخطى … وواصل القراءة»)."""
    links = [
        link
        for link in below.iter("a")
        if (link.get("href") or "").startswith("#") and _SKIP.match(text_of(link))
    ]
    weights = weigh(below) if links else {}
    most = _SHARE * weights.get(below, 0)
    for link in links:
        box = next(
            (
                each
                for each in containers_of(link)
                if each.tag in BOX_TAGS and weights[each] <= most and not is_longer(each, _BOX)
            ),
            None,
        )
        if box is not None:
            drop(box)


def _drop_cards(below: Element) -> int:
    """Remove other articles: elements alike that carry a headline and link away."""
    count = 0
    for parent in list(below.iter(etree.Element)):
        if len(parent) < _LEAST_CARDS or parent.getparent() is None or _is_running(parent):
            continue
        groups: dict[tuple[str, str], list[Element]] = {}
        for child in parent:
            if child.tag in _CARD_TAGS:
                name = (child.get("class") or "").split(" ")[0]
                groups.setdefault((child.tag, name), []).append(child)
        for group in groups.values():
            if len(group) < _LEAST_CARDS:
                continue
            cards = [each for each in group[:300] if _is_card(each)]
            if len(cards) >= _LEAST_CARDS and len(cards) >= 0.7 * len(group):
                count += sum(_has_heading(each) for each in cards)
                for card in cards:
                    drop(card)
    for link in list(below.iter("a")):
        if _links_away(link) and any(each.tag in _HEADINGS for each in link.iter()):
            outer = outermost_around(link)
            if not is_longer(outer, _CARD):
                count += 1
                drop(outer)
    return count


def _is_running(parent: Element) -> bool:
    """Say whether an element has text of its own between its children."""
    tails = [parent.text, *(each.tail for each in parent)]
    return parent.tag == "p" or any(len(each.strip()) > 3 for each in tails if each)


def _has_heading(element: Element) -> bool:
    return any(each.tag in _HEADINGS for each in element.iter())


def _is_card(element: Element) -> bool:
    if is_longer(element, _CARD):
        return False
    links = [element] if element.tag == "a" else list(element.iter("a"))[:20]
    links = [each for each in links if _links_away(each)]
    if not links:
        return False
    for link in links:
        if any(each.tag in _HEADINGS for each in link.iter()):
            return True
        if any(each.tag in _HEADINGS for each in link.iterancestors()):
            return True
    text = len(text_of(element)) if element.tag not in ("td", "tr") else 0
    return 0 < text <= 2 * sum(len(text_of(each)) for each in links)


def _links_away(link: Element) -> bool:
    href = (link.get("href") or "").strip()
    return bool(href) and not href.startswith(("#", "javascript:", "mailto:", "tel:"))


def _drop_labelled(below: Element) -> None:
    """Remove boxes under a label such as «مواضيع قد تهمك», and labels with nothing below them."""
    weights = weigh(below)
    most = _SHARE * weights[below]
    for element, text in list(_labels(below)):
        if element.getparent() is None:
            continue
        box = element
        for each in containers_of(element):
            if each.tag not in BOX_TAGS or weights[each] > most or is_longer(each, _BOX):
                break
            if not _opens(each, text):
                break
            box = each
        drop(box)


def _is_label(element: Element) -> bool:
    """Say whether an element is small enough for a label, and holds no block."""
    return (
        len(element) <= 3
        and BLOCKS.isdisjoint(str(child.tag) for child in element)
        and not is_longer(element, LITTLE)
    )


def _labels(below: Element) -> Iterator[tuple[Element, str]]:
    for element in below.iter(*_LABEL_TAGS):
        text = text_of(element) if _is_label(element) else ""
        if text and is_box_label(text):
            yield element, text


def _opens(box: Element, label: str) -> bool:
    return one_line(text_of(box)).startswith(label)
