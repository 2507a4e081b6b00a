"""The text of a feed to one XML document: what publishers commonly break is repaired here.

What is repaired: whatever stands before the root element (declaration, DOCTYPE, a PHP warning) or
after it, entities of HTML, bare ampersands, character references that XML forbids, CDATA sections
that are never closed, and a document that was cut off. Broken nesting is left to feedparser's
loose parser.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import NamedTuple

from ingest.parse.newest import MAX_ITEMS, ItemSpans, cut_to_newest
from ingest.parse.not_a_feed import NotAFeedError, describe_body

MAX_MARKS = 60_000
"""Tags of a document, start and end tags each: what is over it goes with its oldest items."""

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_JUNK_CHARACTERS = 64 * 1024

_NAME = re.compile(r"<((?:[^\s<>/:!?]{1,64}:)?([^\s<>/:!?]{1,64}))(?=[\s/>])")
_FEED_ROOT = re.compile(r"<((?:[a-z]\w{0,15}:)?(rss|rdf|feed))(?=\s[^<]*\b(?:version|xmlns))", re.I)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_CDATA = "<![CDATA["
_ITEM_END = re.compile(r"</(?:[\w.-]{1,64}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_START = re.compile(r"<(?:[\w.-]{1,64}:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_LANDMARK = re.compile(
    r"<!\[CDATA\["
    r"|</(?:[\w.-]{1,64}:)?(?P<end>item|entry|channel|rss|rdf|feed)\s*>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"&(?!(?:lt|gt|amp|quot|apos);)"
    r"(?:#(?:[xX](?P<hex>[0-9a-fA-F]{1,8})|(?P<dec>[0-9]{1,8}));|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};))?"
)


class RepairedXml(NamedTuple):
    """One XML document.

    Attributes:
        document: it begins with an XML declaration in UTF-8.
        cut: whether the text ended before the end tag of the root; the document ends with the last
            item that stood whole in it then, since half an item is no item.
        omitted: number of items that were left out because there are too many.
    """

    document: str
    cut: bool
    omitted: int = 0


def repair_xml(text: str) -> RepairedXml:
    """Make one XML document of the text of a feed; linear in its length.

    Entities that a DOCTYPE declares stay unexpanded, so that none can grow or be fetched.

    Args:
        text: as decoded, without characters that XML forbids.

    Returns:
        The document, and whether the text was cut off.

    Raises:
        NotAFeedError: the root element is not one of a feed, there is none, or the document is
            cut off before the end of its first item.
    """
    start, root = _find_root(text)
    extent = _measure(text, start, root.rpartition(":")[2].lower())
    if limit := _items_over_limits(text, extent):
        shorter, omitted = cut_to_newest(text, _item_spans(text, start, extent), limit)
        if omitted:
            return repair_xml(shorter)._replace(omitted=omitted)
    pieces = [_DECLARATION]
    position = start
    for span in extent.verbatim_spans:
        if span.begin >= extent.end:
            break
        pieces += (repair_references(text[position : span.begin]), span.text)
        position = span.end
    pieces.append(repair_references(text[position : extent.end]))
    if extent.cut:
        pieces.append(f"</channel></{root}>" if extent.in_channel else f"</{root}>")
    return RepairedXml("".join(pieces), extent.cut)


class _VerbatimSpan(NamedTuple):
    """A stretch of the text in which `&` is a letter like any other, and what stands for it."""

    begin: int
    end: int
    text: str


class _Extent(NamedTuple):
    end: int  # where the document ends
    cut: bool  # whether its end tags are missing there
    in_channel: bool  # whether the channel is open there
    item_ends: list[int]  # behind each item that stands whole in the text
    verbatim_spans: list[_VerbatimSpan]


def _measure(text: str, start: int, root: str) -> _Extent:
    verbatim_spans: list[_VerbatimSpan] = []
    ends: dict[str, int] = {}
    item_ends: list[int] = []
    position = start
    sections = _Sections(text, root)
    while found := _LANDMARK.search(text, position):
        position = found.end()
        if found["end"]:
            name = found["end"].lower()
            ends[name] = position
            if name in ("item", "entry"):
                item_ends.append(position)
            continue
        close = sections.close(position)
        if close is None:
            break
        if close:
            position = close
            verbatim_spans.append(_VerbatimSpan(found.start(), close, text[found.start() : close]))
        else:
            verbatim_spans.append(_VerbatimSpan(found.start(), position, ""))
    item_end = max(ends.get("item", -1), ends.get("entry", -1))
    if ends.get(root, -1) > item_end:
        return _Extent(ends[root], False, False, item_ends, verbatim_spans)
    if item_end < 0:
        opened = _after(text, ">", start)
        if text[opened - 2 : opened] == "/>":  # an empty root
            return _Extent(opened, False, False, item_ends, verbatim_spans)
        raise NotAFeedError("the body is cut off before the end of its first item")
    in_channel = root == "rss" and not 0 <= ends.get("channel", -1) < item_end
    return _Extent(item_end, True, in_channel, item_ends, verbatim_spans)


def _items_over_limits(text: str, extent: _Extent) -> int:
    """Return how many items may stay in the document, or 0 where all may."""
    count = len(extent.item_ends)
    if count < 2:
        return 0
    marks = text.count("<", 0, extent.end)
    if count <= MAX_ITEMS and marks <= MAX_MARKS:
        return 0
    return max(1, min(MAX_ITEMS, count * MAX_MARKS * 9 // (10 * marks)))


def _item_spans(text: str, start: int, extent: _Extent) -> ItemSpans:
    opened = _ITEM_START.search(text, start, extent.item_ends[0])
    return ItemSpans(opened.start() if opened else extent.item_ends[0], extent.item_ends)


class _Sections:
    """Finds where CDATA sections end, in linear time over a document.

    Args:
        text: of the document.
        root: local name of the root element, in lower case.
    """

    def __init__(self, text: str, root: str) -> None:
        self._text = text
        self._root_end = re.compile(rf"</(?:[\w.-]{{1,64}}:)?{root}\s*>", re.IGNORECASE)
        self._close = 0
        self._root_end_at = 0

    def close(self, position: int) -> int | None:
        """Return where the section ends whose text begins at `position`.

        Returns:
            The position behind `]]>`; 0 where the publisher forgot it, which the start of another
            section behind the end of an item shows, or the end of the root behind all sections;
            None where the document is cut off within the section.
        """
        if 0 <= self._close < position:
            self._close = self._text.find("]]>", position)
        if self._close >= 0:
            inner = self._text.find(_CDATA, position, self._close)
            if inner >= 0 and _ITEM_END.search(self._text, position, inner):
                return 0
            return self._close + 3
        if 0 <= self._root_end_at < position:
            found = self._root_end.search(self._text, position)
            self._root_end_at = found.start() if found else -1
        return 0 if self._root_end_at >= 0 else None


def _skip_prolog(text: str) -> int:
    """Return the position behind declarations, comments and a DOCTYPE."""
    position = 0
    while True:
        position = _skip_space(text, position)
        if text.startswith("<?", position):
            position = _after(text, "?>", position)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            position = _after_doctype(text, position)
        else:
            return position


def _find_root(text: str) -> tuple[int, str]:
    """Return where the root element begins and its name, prefix and all."""
    position = _skip_prolog(text)
    found = _NAME.match(text, position)
    if found and found[2].lower() in _ROOTS:
        return position, found[1]
    # A warning of the server's software before the document keeps no reader from it, nor does a
    # declaration or comment that never ends.
    start = position if position < len(text) else 0
    buried = _FEED_ROOT.search(text, start, start + _JUNK_CHARACTERS)
    if buried:
        return buried.start(), buried[1]
    raise NotAFeedError(describe_body(text, found[1] if found else None))


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and (text[position].isspace() or text[position] == "\ufeff"):
        position += 1
    return position


def _after(text: str, mark: str, position: int) -> int:
    found = text.find(mark, position)
    return len(text) if found < 0 else found + len(mark)


def _after_doctype(text: str, position: int) -> int:
    end = _after(text, ">", position)
    if "[" not in text[position:end]:
        return end
    subset_end = _SUBSET_END.search(text, position)
    return subset_end.end() if subset_end else end


def without_doctype(text: str) -> str:
    """Return a document without what stands before its root element."""
    position = _skip_prolog(text)
    return text[position:] if "<!DOCTYPE" in text[:position].upper() else text


def has_doctype(document: bytes) -> bool:
    """Tell whether a DOCTYPE stands before the root element, where alone XML allows one.

    Args:
        document: in an encoding that has ASCII in it.
    """
    prolog = _PROLOG.match(document)
    return document.startswith(b"<!DOCTYPE", prolog.end() if prolog else 0)


def repair_references(text: str) -> str:
    """Mend bare ampersands, entities of HTML and references that XML forbids, outside CDATA."""
    return _REFERENCE.sub(_repaired_reference, text)


def _repaired_reference(found: re.Match[str]) -> str:
    if name := found["name"]:
        character = html5.get(name)
        return character.replace("&", "&amp;").replace("<", "&lt;") if character else f"&amp;{name}"
    if number := found["hex"] or found["dec"]:
        code = int(number, 16 if found["hex"] else 10)
        return found[0] if _is_xml_character(code) else ""
    return "&amp;"


def _is_xml_character(code: int) -> bool:
    """Tell whether XML 1.0 (section 2.2) allows the character."""
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
