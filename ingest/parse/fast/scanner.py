"""Scans a feed document: where each item stands in it and what identifies it, and nothing else.

The parser is expat, which feedparser reads with as well: what is well-formed here is so there. What
an element means follows feedparser's handlers, for the documents where each item stands for itself,
so that leaving one out changes nothing in the others. Every other document raises
`FastPathUnsupportedError`. Which items are new, and what the rest says, is left to others.
"""

from __future__ import annotations

from typing import Literal
from xml.parsers import expat

from ingest.parse.fast.elements import (
    ADDRESSES,
    CAPTURED,
    CHANNEL,
    DATES,
    DESCRIPTION,
    GUID,
    IMAGE,
    IN_IMAGE,
    ITEM,
    LINK,
    NEVER_IN_ITEM,
    NEVER_OUTSIDE,
    ONLY_BEFORE_ITEMS,
    ORIGIN,
    PART,
    PLAIN,
    ROOT,
    SIMPLE_TEXTS,
    SOURCE,
    SUMMARY,
    TEXTS,
    TITLE,
    UNKNOWN,
    WORDS,
    Kind,
)
from ingest.parse.fast.namespaces import FastPathUnsupportedError, Names
from ingest.parse.fast.scanned import Address, ScannedItem, ScanResult, settle_base
from ingest.parse.feedparser_limits import MAX_ATTRIBUTES, MAX_ELEMENTS
from ingest.parse.newest import MAX_ITEMS
from ingest.parse.repair.xml_repair import has_doctype

Encoding = Literal["utf-8", "iso-8859-1"]

_XHTML = frozenset({"xhtml", "application/xhtml+xml"})


def scan(
    document: bytes, base_url: str, *, encoding: Encoding = "utf-8", with_words: bool = False
) -> ScanResult:
    """Find the items of a feed document.

    Args:
        document: its own declaration of an encoding is not heeded.
        base_url: absolute; relative links are resolved against it.
        encoding: `iso-8859-1` stands for every encoding that has ASCII in it and one byte for each
            other character; then all that identifies items must be ASCII.
        with_words: titles and dates too, which seldom identify an item.

    Returns:
        Its items, at least one.

    Raises:
        FastPathUnsupportedError: the document is malformed, or its items are not sure to stand for
            themselves.
    """
    scanner = _Scanner(document, base_url, encoding, with_words)
    try:
        scanner.run()
    except expat.ExpatError as error:
        raise FastPathUnsupportedError(str(error)) from error
    return scanner.found


class _Scanner:
    """The handlers of one document, and where in it they are."""

    def __init__(
        self, document: bytes, base_url: str, encoding: Encoding, with_words: bool
    ) -> None:
        self.found = ScanResult()
        self._document = document
        self._is_ascii = encoding != "utf-8"
        self._skipped = frozenset() if with_words else WORDS
        self._names = Names()
        self._kinds = self._names.kinds
        self._ordinary = self._names.ordinary
        self._stack: list[Kind] = []
        # The base of each element that sets one, with its depth; the outermost is the document's.
        self._bases = [(0, settle_base(base_url, base_url))]
        self._item: ScannedItem | None = None
        self._captured: list[str] = []
        self._is_captured = False
        self._in_source = False
        self._in_text = 0  # how many elements are open from the text on
        self._is_xhtml = False
        self._summary_outside = False
        parser = expat.ParserCreate(encoding, " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self._names.declare
        parser.StartCdataSectionHandler = self.found.take_cdata_section
        parser.CommentHandler = self.found.take_comment
        parser.ProcessingInstructionHandler = self.found.take_comment
        self._parser = parser

    def run(self) -> None:
        """Read the document to its end."""
        if has_doctype(self._document):  # expat must not see what it declares
            raise FastPathUnsupportedError("a document type")
        if self._document.count(b"<") > MAX_ELEMENTS:
            raise FastPathUnsupportedError("very many elements")
        self._parser.Parse(self._document, True)
        self._names.check()
        if not self.found.items:
            raise FastPathUnsupportedError("no items")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._kinds.get(name) or self._learn(name)
        if self._in_text:
            self._start_markup(kind, attributes)
            return
        stack = self._stack
        parent = stack[-1] if stack else None
        if attributes and not attributes.keys() <= self._ordinary:
            if len(attributes) > MAX_ATTRIBUTES:
                raise FastPathUnsupportedError("very many attributes")
            self._set_base(attributes)
        if self._item is None:
            self._start_outside(name, kind, parent, attributes)
        elif parent is not ITEM:
            self._start_deep(self._item, kind, parent)
        elif kind is not PLAIN and kind is not UNKNOWN:
            self._start_field(self._item, kind, attributes)
        if kind in TEXTS:
            if parent is ITEM and self._item is not None:
                self._item.texts.append(self._parser.CurrentByteIndex)
            self._in_text = 1
            keys = self._names.attributes(attributes) if attributes else {}
            self._is_xhtml = keys.get("type", "").lower() in _XHTML
        stack.append(kind)

    def _learn(self, name: str) -> Kind:
        self._expect_ascii(name)
        return self._names.learn(name)

    def _expect_ascii(self, *texts: str) -> None:
        if self._is_ascii and not all(map(str.isascii, texts)):
            raise FastPathUnsupportedError("another encoding is needed to tell the items apart")

    def _start_markup(self, kind: Kind, attributes: dict[str, str]) -> None:
        # feedparser acts on the end tags of markup as if they were those of a feed's elements.
        if kind is not UNKNOWN or not self._is_xhtml:
            raise FastPathUnsupportedError("markup in a text")
        if attributes and not attributes.keys() <= self._ordinary:
            if len(attributes) > MAX_ATTRIBUTES:
                raise FastPathUnsupportedError("very many attributes")
            self._names.attributes(attributes)
        if self._item is not None and self._stack[-1] is TITLE:
            self._item.sure_words = False
        self._in_text += 1

    def _start_outside(
        self, name: str, kind: Kind, parent: Kind | None, attributes: dict[str, str]
    ) -> None:
        if parent is None:
            if kind is not ROOT or not self._names.starts_feed(name):
                raise FastPathUnsupportedError("not the root of a feed")
        elif kind is ITEM:
            self._start_item(parent, attributes)
        elif kind in NEVER_OUTSIDE:
            raise FastPathUnsupportedError("an element that belongs into items")
        elif kind is CHANNEL:
            keys = self._names.attributes(attributes)
            if parent is not ROOT or "href" in keys or "lastmod" in keys:
                raise FastPathUnsupportedError("an odd channel")
        elif self.found.items and kind in ONLY_BEFORE_ITEMS:
            raise FastPathUnsupportedError("the feed's own title behind items")
        elif len(self._stack) > 1 and self._stack[-2] in (IMAGE, PART):
            raise FastPathUnsupportedError("a nested image")
        elif kind in (SUMMARY, DESCRIPTION):
            if self._summary_outside:
                raise FastPathUnsupportedError("two summaries of the feed")
            self._summary_outside = kind is SUMMARY

    def _start_item(self, parent: Kind, attributes: dict[str, str]) -> None:
        if parent not in (ROOT, CHANNEL):
            raise FastPathUnsupportedError("an item out of its place")
        keys = self._names.attributes(attributes)
        if "href" in keys or "lastmod" in keys:
            raise FastPathUnsupportedError("an item of another format")
        guid = keys.get("rdf:about", "")
        self._expect_ascii(guid)
        if len(self.found.items) >= MAX_ITEMS:
            raise FastPathUnsupportedError("very many items")
        self._item = ScannedItem(self._parser.CurrentByteIndex, guid)

    def _start_deep(self, item: ScannedItem, kind: Kind, parent: Kind | None) -> None:
        """Take an element that stands in another one of an item."""
        if kind in NEVER_IN_ITEM or parent in CAPTURED:
            raise FastPathUnsupportedError("an element that belongs outside of items, or into none")
        if self._in_source:
            if kind in (SOURCE, IMAGE, PART):
                raise FastPathUnsupportedError("an odd source")
            item.sure_words = item.sure_words and kind not in TEXTS
        elif kind in ADDRESSES:
            raise FastPathUnsupportedError("an address deep in an item")
        elif self._stack[-2] is IMAGE or (parent is IMAGE and kind not in IN_IMAGE):
            raise FastPathUnsupportedError("an odd image")
        elif kind is PART and parent is not IMAGE:
            raise FastPathUnsupportedError("an element that belongs outside of items")
        elif kind in TEXTS or kind in DATES:
            item.sure_words = False

    def _start_field(self, item: ScannedItem, kind: Kind, attributes: dict[str, str]) -> None:
        """Begin to read what stands right in an item."""
        if kind in SIMPLE_TEXTS or kind in self._skipped:
            return
        keys = self._names.attributes(attributes) if attributes else {}
        if kind in NEVER_IN_ITEM or kind is PART or (kind is ORIGIN and keys):
            raise FastPathUnsupportedError("an element that belongs outside of items")
        if kind is GUID:
            item.guid_is_link = keys.get("ispermalink", "true") == "true"
        elif kind is LINK:
            self._expect_ascii(*keys.values())
            if item.open_link(keys, self._bases[-1][1]):
                return
        elif kind is TITLE:
            item.titles += 1
            plain = keys.get("type", "").lower() in ("", "text", "html", "text/plain", "text/html")
            item.sure_words = item.sure_words and plain and "mode" not in keys
        elif kind in DATES:
            # An unknown element is kept another way where it has attributes.
            item.sure_words = item.sure_words and not keys
        elif kind is not ORIGIN:
            self._in_source = kind is SOURCE
            return
        self._is_captured = True
        self._captured.clear()
        self._parser.CharacterDataHandler = self._captured.append

    def _end(self, _: str) -> None:
        if self._in_text:
            self._in_text -= 1
            if self._in_text:
                return
        stack = self._stack
        kind = stack.pop()
        if self._item is not None:
            if kind in TEXTS and stack[-1] is ITEM:
                self._item.texts.append(self._parser.CurrentByteIndex)
            if self._is_captured:
                self._end_field(self._item, kind, "".join(self._captured))
            elif kind is ITEM:
                self._end_item(self._item)
            elif kind is SOURCE:
                self._in_source = False
        if self._bases[-1][0] > len(stack):
            self._bases.pop()

    def _end_field(self, item: ScannedItem, kind: Kind, text: str) -> None:
        self._is_captured = False
        self._parser.CharacterDataHandler = None
        if self._is_ascii and not text.isascii():
            if kind in ADDRESSES:
                self._expect_ascii(text)
            item.sure_words = False
        text = text.strip()
        if kind is GUID:
            item.close_guid(text)
        elif kind is LINK:
            item.close_link(Address(text, self._bases[-1][1], is_text=True))
        elif kind is ORIGIN:
            item.origin = text
        elif kind is TITLE:
            item.title = text
        else:
            item.dates[DATES[kind]] = text

    def _end_item(self, item: ScannedItem) -> None:
        index = self._parser.CurrentByteIndex
        if index <= item.start:
            raise FastPathUnsupportedError("an item without an end tag")
        item.end = self._document.index(b">", index) + 1
        self.found.items.append(item)
        self._item = None

    def _set_base(self, attributes: dict[str, str]) -> None:
        keys = self._names.attributes(attributes)
        if base := keys.get("xml:base", keys.get("base")):
            self._expect_ascii(base)
            outer = self._bases[-1][1]
            self._bases.append((len(self._stack) + 1, settle_base(outer, base)))
