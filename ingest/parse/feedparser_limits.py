"""feedparser with limits: its own two parsers, kept from what costs it quadratic time.

`feedparser.parse` guesses encodings, opens bytes as a file name first, and lets a document choose
how long a few of its loops run. Here it gets a document that is UTF-8 already, and for every feed
within the limits says what `feedparser.parse` says; a test holds the two together.
"""

from __future__ import annotations

import io
import xml.sax
from contextlib import suppress
from typing import Any
from xml.parsers import expat
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import feature_external_ges, feature_external_pes

from feedparser import FeedParserDict
from feedparser.api import LooseFeedParser, StrictFeedParser

from ingest.parse.feedparser_media import MediaHandlers, is_base

MAX_NAMESPACES = 200
"""Namespace prefixes a document may declare: feedparser walks them at every element."""

MAX_TAGS = 100
"""Categories kept of one item: feedparser compares each new one with all before it."""

MAX_ELEMENTS = 60_000
"""Elements of a document: a long feed of a thousand items has 20,000, and each costs 30 µs."""

MAX_ATTRIBUTES = 1_000
"""Attributes of one element: feedparser walks them for each of them."""

MAX_LOOSE_BYTES = 3_000_000
"""Bytes of malformed XML that are read; the loose parser is slow on hostile markup."""

MAX_LOOSE_PIECES = 250_000
"""Texts and end tags of malformed XML: there each `<` that begins no tag is a text."""


SAFE_EXPAT = (2, 7, 0)
"""First version of expat that no depth of nesting crashes (CVE-2024-8176)."""


def describe_old_expat(version: tuple[int, ...] = expat.version_info) -> str | None:
    """Return a warning where Python reads XML with an expat that hostile documents may crash.

    Args:
        version: of expat, as Python was built with it.
    """
    if version >= SAFE_EXPAT:
        return None
    found, safe = (".".join(map(str, each)) for each in (version, SAFE_EXPAT))
    return (
        f"Python reads XML with expat {found}, which some documents crash (CVE-2024-8176): nabaa "
        f"keeps what they need from it, but update to a Python with expat {safe} or later"
    )


class TooComplexError(ValueError):
    """The document is over a limit: its message is one clause that says which."""


class _Limits(MediaHandlers):
    """Overrides of feedparser's mixin, above both of its parsers."""

    # A guid is kept as written: resolved, it would change whenever the feed moves.
    can_be_relative_uri = StrictFeedParser.can_be_relative_uri - {"id"}

    elements_seen = 0

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.elements_seen += 1
        if self.elements_seen > MAX_ELEMENTS:
            raise TooComplexError(f"the document has over {MAX_ELEMENTS:,} elements")
        if len(attrs) > MAX_ATTRIBUTES:
            raise TooComplexError(f"an element has over {MAX_ATTRIBUTES:,} attributes")
        if attrs and any(name[-4:].lower() == "base" for name, _ in attrs):
            base = self.baseuri or ""  # type: ignore[attr-defined]
            attrs = [
                each for each in attrs if each[0][-4:].lower() != "base" or is_base(each[1], base)
            ]
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self, tag: str) -> None:
        # An element that begins in one item and ends in another, where feedparser expects what its
        # start left behind, costs that element and not the feed.
        with suppress(LookupError):
            super().unknown_endtag(tag)  # type: ignore[misc]

    def handle_charref(self, ref: str) -> None:
        # A reference to what is no character, such as half a surrogate pair, says nothing.
        with suppress(ValueError, OverflowError):
            super().handle_charref(ref)  # type: ignore[misc]

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        if len(self.namespaces_in_use) >= MAX_NAMESPACES:  # type: ignore[attr-defined]
            raise TooComplexError(f"the document declares over {MAX_NAMESPACES} namespaces")
        super().track_namespace(prefix, uri)  # type: ignore[misc]

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        # As of any dictionary: FeedParserDict takes its time over names that it has renamed.
        tags = dict.get(self._get_context(), "tags")  # type: ignore[attr-defined]
        if tags is None or len(tags) < MAX_TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def _sync_author_detail(self, key: str = "author") -> None:
        # feedparser looks for an address of e-mail here, in quadratic time, and cuts those with a
        # long top-level domain in half; `ingest.parse.rss_atom` takes the address off the name.
        context = self._get_context()  # type: ignore[attr-defined]
        detail = context.get(f"{key}s", [FeedParserDict()])[-1]
        if detail:
            super()._sync_author_detail(key)  # type: ignore[misc]
        elif author := context.get(key):
            context.setdefault(f"{key}_detail", detail)
            detail["name"] = author


class _Strict(_Limits, StrictFeedParser):  # type: ignore[misc]
    """For well-formed XML."""

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - of SAX
        if len(attrs) > MAX_ATTRIBUTES:
            raise TooComplexError(f"an element has over {MAX_ATTRIBUTES:,} attributes")
        super().startElementNS(name, qname, attrs)


class _Loose(_Limits, LooseFeedParser):  # type: ignore[misc]
    """For everything else."""

    pieces_seen = 0

    def handle_data(self, text: str, escape: int = 1) -> None:
        self._count_piece()
        super().handle_data(text, escape)

    def unknown_endtag(self, tag: str) -> None:
        self._count_piece()
        super().unknown_endtag(tag)

    def _count_piece(self) -> None:
        self.pieces_seen += 1
        if self.pieces_seen > MAX_LOOSE_PIECES:
            raise TooComplexError(f"the malformed XML is in over {MAX_LOOSE_PIECES:,} pieces")


def read_feed(document: bytes, base_url: str) -> Any:
    """Read a feed document as feedparser does; nothing is fetched or opened.

    Args:
        document: UTF-8, with an XML declaration that says so and without a DOCTYPE.
        base_url: absolute; relative links are resolved against it.

    Returns:
        The parser that has read the document: `feeddata`, `entries` and `version` hold what
        `feedparser.parse` returns as `feed`, `entries` and `version`.

    Raises:
        TooComplexError: the document is over a limit.
    """
    strict = _configured(_Strict(base_url, None, "utf-8"))
    # Entities cannot grow: `repair_xml` drops the DOCTYPE, and expat bounds what is
    # left. In one piece: at each further piece of a document expat reads an attribute that has not
    # ended from its start again.
    reader = ExpatParser(namespaceHandling=1, bufsize=len(document) + 1)
    reader.setFeature(feature_external_ges, 0)
    reader.setFeature(feature_external_pes, 0)
    reader.setContentHandler(strict)
    reader.setErrorHandler(strict)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(document))
    try:
        reader.parse(source)
    except xml.sax.SAXException as error:
        if len(document) > MAX_LOOSE_BYTES:
            raise TooComplexError(
                f"the body is malformed XML and over {MAX_LOOSE_BYTES:,} bytes long"
            ) from error
    else:
        return strict
    loose = _configured(_Loose(base_url, None, "utf-8", {}))
    loose.feed(document.decode("utf-8", "replace"))
    return loose


def _configured(parser: Any) -> Any:
    # The workers make plain text of the markup: cleaning or rewriting it here would be lost work.
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    return parser
