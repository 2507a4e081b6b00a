"""What was scanned of a document: its items, and what feedparser would make of their addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from feedparser.html import _cp1252
from feedparser.urls import make_safe_absolute_uri

from ingest.identity.addresses import web_address
from ingest.parse.fast.namespaces import FastPathUnsupportedError
from ingest.parse.feedparser_media import is_base, resolve_as_feedparser

_HTML_TYPES = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


class Address(NamedTuple):
    """An address as written.

    Attributes:
        written: the text or the attribute.
        base: absolute; what it is resolved against, or None where it is taken as it is.
        is_text: whether it is the text of an element, which feedparser mends, and no attribute.
    """

    written: str
    base: str | None
    is_text: bool = False

    def resolved(self) -> str:
        """Return the address as feedparser does."""
        if self.base is None:
            return repaired(self.written)
        if not self.is_text:
            return resolve_as_feedparser(self.base, self.written)
        address = repaired(resolve_as_feedparser(self.base, self.written)) if self.written else ""
        return _REFERENCE.sub(r"&\1", address.replace("&amp;", "&"))


@dataclass(slots=True)
class ScannedItem:
    """What identifies an item; its texts are as written, without spaces at the ends.

    Attributes:
        start: where its start tag begins, in bytes.
        guid: RSS guid, Atom id or rdf:about, or an empty string.
        end: where its end tag ends, in bytes.
        guid_is_link: whether the guid that is being read is an address.
        link: what feedparser makes its link, or None.
        alternates: addresses of links in `alternate` relation.
        origin: the address before FeedBurner, or an empty string.
        title: may be empty.
        titles: how many titles it has.
        dates: published, created and updated as written, empty where there is none.
        sure_words: whether title and dates are sure to be what feedparser takes for them.
        texts: where its title and its texts begin and end, by turns, in bytes.
    """

    start: int
    guid: str
    end: int = 0
    guid_is_link: bool = False
    link: Address | None = None
    alternates: list[Address] = field(default_factory=list)
    origin: str = ""
    title: str = ""
    titles: int = 0
    dates: list[str] = field(default_factory=lambda: ["", "", ""])
    sure_words: bool = True
    texts: list[int] = field(default_factory=list)
    _relation: str = ""

    def open_link(self, attributes: Mapping[str, str], base: str) -> bool:
        """Take the start tag of a link; return whether that was all of it."""
        relation = attributes.get("rel", "alternate").lower()
        self._relation = relation
        href = attributes.get("url", attributes.get("uri", attributes.get("href"))) or (
            attributes.get("href")
        )
        if href is None:
            return False
        address = Address(href, base)
        if relation == "alternate":
            self.alternates.append(address)
            if attributes.get("type", "text/html").lower() in _HTML_TYPES:
                self.link = address
        return True

    def close_link(self, address: Address) -> None:
        """Take the text of a link that has no attribute for it."""
        self.link = address
        if address.written and self._relation == "alternate":
            self.alternates.append(address)

    def close_guid(self, text: str) -> None:
        """Take the text of a guid; it is the link where it may be and no other came before."""
        self.guid = repaired(text)
        if self.guid_is_link and self.link is None:
            self.link = Address(text, None)

    def url(self) -> str:
        """Return the item's address; empty where there is none."""
        candidates = (self.link, *self.alternates)
        for address in (
            repaired(self.origin),
            *(found.resolved() for found in candidates if found),
            self.guid,
        ):
            if url := web_address(address.strip()):
                return url
        return ""

    def words_in(self, document: bytes) -> bytes:
        """Return title and texts as they stand in the document, one behind the other."""
        spans = zip(self.texts[::2], self.texts[1::2], strict=True)
        return b"".join(document[start:end] for start, end in spans)

    def date_text(self) -> str:
        """Return its first date as written, or an empty string."""
        return repaired(next(filter(None, self.dates), ""))


@dataclass(slots=True)
class ScanResult:
    """What was found in a document.

    Attributes:
        items: in document order.
        cdata_sections: number of them.
        markup_in_comments: whether a comment or processing instruction holds a `<`.
    """

    items: list[ScannedItem] = field(default_factory=list)
    cdata_sections: int = 0
    markup_in_comments: bool = False

    def take_cdata_section(self) -> None:
        """Count a CDATA section."""
        self.cdata_sections += 1

    def take_comment(self, *texts: str) -> None:
        """Take the texts of a comment or processing instruction."""
        self.markup_in_comments |= any("<" in text for text in texts)


def repaired(text: str) -> str:
    """Mend a text as feedparser does: UTF-8 taken for Latin-1, characters of windows-1252."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252)


def settle_base(outer: str, base: str) -> str:
    """Return a base address as feedparser takes it: resolved anew at each element within.

    Args:
        outer: absolute; the base around it.
        base: as an attribute writes it.

    Raises:
        FastPathUnsupportedError: resolving it again would give another one.
    """
    if not is_base(base, "" if outer is base else outer):
        raise FastPathUnsupportedError("a base too long for an address")
    taken = make_safe_absolute_uri(outer, base) or outer
    if not taken or make_safe_absolute_uri(taken, taken) not in (taken, ""):
        raise FastPathUnsupportedError("a base that changes")
    return str(taken)
