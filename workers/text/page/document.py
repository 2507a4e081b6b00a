"""A page parsed within bounds, its headline, its meta elements and its visible text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeAlias, cast

from lxml import etree, html

from workers.text.html import bound_markup

Element: TypeAlias = etree._Element
Block: TypeAlias = tuple[Element, str]
"""An element and its text, one line."""

MAX_LINE = 600
"""Code points of one line of metadata that are kept."""

MAX_TABLES = 100
"""Tables of a page that are read as tables."""

MAX_CELLS = 4_000
"""Tags of tables of a page that are read as tables."""

MAX_PAGE_TAGS = 20_000
"""Tags of a page that is read; a longer one holds no article."""

MAX_STEPS = 300_000
"""Depths of all elements of a page in sum: what reads it walks up to the root from each."""

MAX_BLOCKS = 5_000
"""Blocks of text of a page that are looked at."""

_MAX_METAS = 500
_CONTAINERS = 3  # around a headline, in which a line above it is of the article
_MAX_BESIDE = 20
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li",
    "main", "nav", "ol", "p", "section", "table", "td", "th", "time", "tr", "ul",
))
# fmt: on
_PARTING = BLOCKS - {"time"}
_UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "head", "select", "button"))
_TABLE_TAG = re.compile(
    r"</?(?:table|tbody|thead|tfoot|tr|td|th|caption|colgroup)\b[^<>]*>", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
_CONTROL = re.compile("[\x01-\x08\x0b\x0e-\x1f]+")
# Marks of direction and zero width, and halves of a pair that JSON can write («\\ud800»).
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
)
_NO_LETTER = re.compile(r"[\W_]+")
_FOLDED = str.maketrans("أإآٱةىؤئ", "ااااهيوي")


class TooManyElementsError(Exception):
    """The page has more elements than are looked at."""


def parse_page(markup: str) -> Element | None:
    """Parse a page into a tree.

    Args:
        markup: HTML; at most `MAX_MARKUP` code points of it are read.

    Returns:
        The root, or None where the markup holds no element.

    Raises:
        TooManyElementsError: there are more than `MAX_PAGE_TAGS`, or they are nested deeply.
    """
    bounded = _XML_DECLARATION.sub("", flatten_tables(_CONTROL.sub(" ", bound_markup(markup))))
    if bounded.count("<") > MAX_PAGE_TAGS:
        raise TooManyElementsError
    if "<" not in bounded:
        return None
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(bounded.encode("utf-8", "ignore"), parser=parser)
    except etree.ParserError:  # nothing but comments
        return None
    depth = steps = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        steps += depth
    if steps > 2 * MAX_STEPS:
        raise TooManyElementsError
    return root


def flatten_tables(page: str) -> str:
    """Return a page whose tables are lines of text where there are very many.

    trafilatura's time grows with the square of their number: 400 KB of them took 21 s.

    Args:
        page: HTML; left as it is up to `MAX_TABLES` tables and `MAX_CELLS` tags of tables.
    """
    if page.lower().count("<table") <= MAX_TABLES and page.lower().count("<t") <= MAX_CELLS:
        return page
    return _TABLE_TAG.sub("\n", page)


def one_line(text: str | None) -> str:
    """Return a text as one line of at most `MAX_LINE` code points, without invisible signs."""
    kept = (text or "")[: 4 * MAX_LINE]
    if not kept.isascii():
        kept = _INVISIBLE.sub("", kept)
    return " ".join(kept.split())[:MAX_LINE].strip()


def folded(text: str) -> str:
    """Return a text for comparison: letters and digits only, hamza seats and vowels left out."""
    decomposed = unicodedata.normalize("NFKD", text[: 4 * MAX_LINE].translate(_FOLDED)).lower()
    kept = "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")
    return _NO_LETTER.sub(" ", kept.replace("ـ", "")).strip()


def meta_values(root: Element) -> dict[str, list[str]]:
    """Collect the meta elements of a page.

    Returns:
        For each `property`, `name` or `itemprop`, in lower case, the contents in their order.
    """
    values: dict[str, list[str]] = {}
    for number, meta in enumerate(root.iter("meta")):
        if number >= _MAX_METAS:
            break
        content = one_line(meta.get("content"))
        for attribute in ("property", "name", "itemprop"):
            name = (meta.get(attribute) or "").strip().lower()[:100]
            if name and content:
                values.setdefault(name, []).append(content)
    return values


def find_headline(root: Element, titles: Sequence[str]) -> Element | None:
    """Find the headline that a reader sees.

    Args:
        root: of the page.
        titles: what the metadata call the article.

    Returns:
        The first `h1` (else `h2`) that says what one of the titles says; where there are no
        titles, the only `h1`; None where none is sure.
    """
    known = [set(folded(title).split()) for title in titles if title]
    headings = [each for each in root.iter("h1", "h2") if not is_unseen(each)][:100]
    first = [each for each in headings if each.tag == "h1"]
    for heading in first + [each for each in headings if each.tag == "h2"]:
        words = set(folded(text_of(heading)).split())
        # The title of a page may have the name of the site behind it.
        if len(words) >= 2 and any(
            len(words & title) >= 0.7 * max(len(words), 0.7 * len(title)) for title in known
        ):
            return heading
    if not known and len(first) == 1 and text_of(first[0]):
        return first[0]
    return None


def cut_before(headline: Element) -> None:
    """Remove all that stands before the headline in the body, and the headline itself."""
    child: Element = headline
    while (parent := child.getparent()) is not None and child.tag != "body":
        parent.text = None
        for sibling in list(child.itersiblings(preceding=True)):
            parent.remove(sibling)
        child = parent
    drop(headline)


def blocks_beside(headline: Element) -> list[Block]:
    """Return the short blocks that stand just above a headline, in the same container."""
    found: list[Block] = []
    child = headline
    for _ in range(_CONTAINERS):
        parent = child.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        above = [text_blocks(each, MAX_LINE) for each in child.itersiblings(preceding=True)]
        found = [*chain.from_iterable(reversed(above)), *found]
        child = parent
    return found[-_MAX_BESIDE:]


def drop(element: Element) -> None:
    """Remove an element and what is in it; the text behind it stays.

    Where it was a block, a line break stands for it: it parted what is before and behind it.
    """
    parent = element.getparent()
    if parent is None:
        return
    if element.tag in _PARTING and element.tail and not element.tail.isspace():
        line_break = element.makeelement("br")
        line_break.tail = element.tail
        parent.replace(element, line_break)
        return
    cast(html.HtmlElement, element).drop_tree()


def text_of(element: Element) -> str:
    """Return the beginning of the text of an element as one line."""
    return one_line(" ".join(_pieces(element)))


def is_longer(element: Element, length: int) -> bool:
    """Say whether the text of an element has more code points than a number, spaces not counted."""
    for piece in cast(Iterator[str], element.itertext()):
        length -= len("".join(piece.split()))
        if length < 0:
            return True
    return False


def _pieces(element: Element) -> Iterator[str]:
    length = 0
    for piece in cast(Iterator[str], element.itertext()):
        length += len(piece.strip())
        yield piece.strip()
        if length > 4 * MAX_LINE:
            return


def is_unseen(element: Element) -> bool:
    """Say whether an element stands in navigation, a footer or what no reader sees."""
    for depth, parent in enumerate(element.iterancestors()):
        if parent.tag in ("nav", "footer", "aside", "noscript", "template"):
            return True
        if depth > 40:
            break
    return False


def text_blocks(root: Element, longest: int) -> Iterator[Block]:
    """Yield the innermost blocks that hold text, in their order.

    Args:
        root: where to look.
        longest: code points of a block that is worth yielding.
    """
    count = 0
    for element in root.iter(etree.Element):
        if element.tag in _UNSEEN or not isinstance(element.tag, str):
            continue
        if element.tag not in BLOCKS and element.tag != "span":
            continue
        if any(child.tag in BLOCKS for child in element):
            text = one_line(element.text)
        else:
            text = text_of(element)
        if (text or element.tag == "time") and len(text) <= longest:
            count += 1
            if count > MAX_BLOCKS:
                return
            yield element, text


def find_elements(root: Element, path: str) -> list[Element]:
    """Return the elements that an XPath expression selects.

    Args:
        root: where to look.
        path: an expression of ours, for elements only.
    """
    return cast(list[Element], root.xpath(path))
