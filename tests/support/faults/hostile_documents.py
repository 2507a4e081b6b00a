"""Documents that a publisher of feeds would never write, each made to cost its reader dearly."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Mapping

import brotli
import zstandard

_RSS = '<?xml version="1.0"?><rss version="2.0"{}><channel><title>x</title>'
_END = "</channel></rss>"
_JSON = '{"version":"https://jsonfeed.org/version/1.1","items":['
_SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
)


def _item(inside: str) -> str:
    return f"<item><title>خبر</title><guid>x</guid>{inside}</item>"


def _feed(inside: str, attributes: str = "", doctype: str = "") -> bytes:
    document = _RSS.format(attributes) + inside + _END
    return document.replace("?>", f"?>{doctype}", 1).encode()


def _laughs() -> str:
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f'<!DOCTYPE rss [<!ENTITY a0 "ha">{"".join(names)}]>'


def _deep(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


def _attributes(count: int) -> str:
    return "".join(f' a{n}="{n}"' for n in range(count))


def _namespaces(count: int) -> str:
    return "".join(f' xmlns:n{n}="urn:{n}"' for n in range(count))


def _sitemap(inside: str) -> bytes:
    return f"{_SITEMAP}{inside}</urlset>".encode()


def _url(inside: str) -> str:
    return f"<url><loc>https://x.example/1</loc><news:news>{inside}</news:news></url>"


DOCUMENTS: Mapping[str, Callable[[int], bytes]] = {
    "entities that grow tenfold nine times": lambda _: _feed(_item("&a9;"), doctype=_laughs()),
    "one long entity named many times": lambda size: _feed(
        _item("&a;" * (size // 6)), doctype=f'<!DOCTYPE rss [<!ENTITY a "{"a" * (size // 2)}">]>'
    ),
    "a depth of many elements": lambda size: _feed(_item(_deep(size // 7))),
    "a depth of many items": lambda size: _feed("<item>" * (size // 7)),
    "many attributes on one element": lambda size: _feed(_item(f"<x{_attributes(size // 13)}/>")),
    "one attribute on many elements": lambda size: _feed(_item('<x a="1"/>' * (size // 10))),
    "one long text": lambda size: _feed(_item(f"<description>{'ن' * (size // 2)}</description>")),
    "many tiny items": lambda size: _feed("<item/>" * (size // 7)),
    "many tiny items with a guid": lambda size: _feed(
        "".join(f"<item><guid>{n}</guid></item>" for n in range(size // 33))
    ),
    "many namespaces": lambda size: _feed(_item("x"), _namespaces(size // 22)),
    "a namespace on many elements": lambda size: _feed(_item('<a xmlns="u"/>' * (size // 14))),
    "a long guid": lambda size: _feed(f"<item><guid>{'g' * size}</guid></item>"),
    "a long link": lambda size: _feed(f"<item><link>https://x/{'g' * size}</link></item>"),
    "a long name": lambda size: _feed(_item(f"<{'n' * size}/>")),
    "many end tags": lambda size: _feed(_item("</a>" * (size // 4))),
    "many starts of tags": lambda size: _feed(_item("<a " * (size // 3))),
    "many lone signs": lambda size: _feed(_item("<" * size)),
    "many comments": lambda size: _feed("<!---->" * (size // 7) + _item("x")),
    "many processing instructions": lambda size: _feed("<?a?>" * (size // 5) + _item("x")),
    "many sections": lambda size: _feed(
        _item(f"<description>{'<![CDATA[x]]>' * (size // 13)}</description>")
    ),
    "many open sections": lambda size: _feed(_item("<![CDATA[" * (size // 9))),
    "many references": lambda size: _feed(
        _item(f"<description>{'&#65;' * (size // 5)}</description>")
    ),
    "many categories": lambda size: _feed(
        _item("".join(f"<category>{n}</category>" for n in range(size // 26)))
    ),
    "many enclosures": lambda size: _feed(
        _item("".join(f'<enclosure url="http://x/{n}"/>' for n in range(size // 34)))
    ),
    "many authors": lambda size: _feed(
        _item("".join(f"<author>a{n}@x.example (n{n})</author>" for n in range(size // 40)))
    ),
    "an author of many signs": lambda size: _feed(_item(f"<author>{'a@' * (size // 2)}</author>")),
    "JSON of many depths": lambda size: (_JSON + "[" * size).encode(),
    "JSON of many open objects": lambda size: (_JSON + '{"a":' * (size // 5)).encode(),
    "JSON of a long number": lambda size: (_JSON + '{"id":' + "9" * size + "}]}").encode(),
    "JSON of many items": lambda size: (
        _JSON + ",".join('{"id":1}' for _ in range(size // 9)) + "]}"
    ).encode(),
    "JSON of many numbers": lambda size: (_JSON + "1," * (size // 2) + "1]}").encode(),
    "JSON of a long text": lambda size: (
        _JSON + json.dumps({"id": "1", "content_html": "<p>" * (size // 3)}) + "]}"
    ).encode(),
    "a sitemap of a depth": lambda size: _sitemap(_url(_deep(size // 7))),
    "a sitemap of attributes": lambda size: _sitemap(f"<x{_attributes(size // 13)}/>"),
    "a sitemap of tiny items": lambda size: _sitemap("<url/>" * (size // 6)),
    "a sitemap of namespaces": lambda size: _sitemap(f"<x{_namespaces(size // 22)}/>"),
    "a sitemap of entities": lambda _: (_laughs() + _SITEMAP + _url("&a9;") + "</urlset>").encode(),
    "a sitemap of keywords": lambda size: _sitemap(
        _url(f"<news:title>x</news:title><news:keywords>{'a,' * (size // 2)}</news:keywords>")
    ),
    "a sitemap of pictures": lambda size: _sitemap(
        _url("<news:title>x</news:title>")
        + "<url><loc>https://x.example/2</loc>"
        + "<image><loc>/p</loc></image>" * (size // 28)
        + "</url>"
    ),
}
"""A document of about so many bytes by what is hostile about it."""


def zeros(times: int, coding: str) -> bytes:
    """Return many bytes that were compressed to few, beginning like a feed."""
    plain = b"<rss>" + bytes(times)
    match coding:
        case "gzip":
            return gzip.compress(plain, mtime=0)
        case "deflate":
            return zlib.compress(plain)
        case "br":
            return bytes(brotli.compress(plain, quality=5))
        case _:
            return zstandard.compress(plain)
