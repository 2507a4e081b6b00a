"""Feed documents and article pages as bytes, in every format and encoding that the farm knows.

Pure functions. A document is put together from items that are rendered once, so that a feed that
gains one item costs one item.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from tests.support.farm.content.articles import LinkStyle, PlacedArticle
from tests.support.farm.content.dates import DateStyle, write_date
from tests.support.farm.content.dialects import FRAMES, MIME_TYPES, Format

Encoding = Literal["utf-8", "utf-8-sig", "windows-1256", "iso-8859-6"]
Declaration = Literal["both", "xml", "http", "none", "wrong xml", "wrong http", "wrong both"]
Content = Literal["plain", "cdata", "escaped", "encoded"]
Guid = Literal["permalink", "opaque", "none"]

PICTURE = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)
_WRONG = {"utf-8": "windows-1256", "windows-1256": "utf-8", "iso-8859-6": "utf-8"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a feed writes.

    Attributes:
        format: the feed format.
        encoding: what the bytes really are; `utf-8-sig` begins with a byte order mark. Characters
            that the encoding lacks are written as numeric references.
        declaration: who names the encoding: the XML declaration, the Content-Type, both or
            neither; and who of them names a wrong one while the other is right.
        content: where the text is: as `plain` text, as HTML in `cdata` or `escaped` HTML in the
            summary element, or `encoded`: the summary there and the whole text beside it
            (content:encoded, xhtml in Atom 1.0). RSS 0.9x has no such place and writes `escaped`.
        dates: how dates are written. RSS 0.9x items have none.
        guid: `permalink`: the address is the guid; `opaque`: the guid is none (isPermaLink=false,
            a tag URI in Atom); `none`: there is no guid. RSS 1.0 always has rdf:about, the address;
            RSS 0.9x never has one.
        links: how article addresses are written.
        mime: media type, in place of the format's own.
    """

    format: Format = "rss20"
    encoding: Encoding = "utf-8"
    declaration: Declaration = "both"
    content: Content = "encoded"
    dates: DateStyle = "rfc822"
    guid: Guid = "permalink"
    links: LinkStyle = "ascii"
    mime: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself: title, page address, language tag and IANA zone of its dates."""

    title: str
    url: str
    language: str
    timezone: str


def content_type(style: Style) -> str:
    """Return the Content-Type header of a feed in this style."""
    mime = style.mime or MIME_TYPES[style.format]
    match style.declaration:
        case "both" | "http" | "wrong xml":
            return f"{mime}; charset={_name(style)}"
        case "wrong http" | "wrong both":
            return f"{mime}; charset={_WRONG[_name(style)]}"
        case _:
            return mime


def guid_of(placed: PlacedArticle, style: Style) -> str:
    """Return the guid, Atom id or rdf:about that the item carries, or an empty string."""
    match style.format:
        case "rss10":
            return placed.url
        case "rss091" | "rss092":
            return ""
    match style.guid:
        case "permalink":
            return placed.url
        case "opaque":
            return f"tag:farm.example,2018:{placed.key}"
        case _:
            return ""


def date_style(style: Style) -> DateStyle:
    """Return how the items are dated: the style's own, or `none` in RSS 0.9x."""
    return "none" if style.format in ("rss091", "rss092") else style.dates


def render_item(placed: PlacedArticle, channel: Channel, style: Style) -> bytes:
    """Render one item, in the encoding of the style and without a byte order mark.

    Args:
        placed: the article.
        channel: of its feed.
        style: of its feed.

    Returns:
        The element of the item, for `render_document`.
    """
    frame = FRAMES[style.format]
    article = placed.article
    text = article.text or article.summary
    rich = "".join(f"<p>{_text(line)}</p>" for line in text.split("\n") if line.strip())
    content = style.content
    if content == "encoded" and not frame.encoded:
        content = "escaped"
    summary, full = "", ""
    match content:
        case "plain":
            summary = frame.summary_text.format(_text(text))
        case "cdata":
            summary = frame.summary_html.format(_cdata(rich))
        case "escaped":
            summary = frame.summary_html.format(_text(rich))
        case "encoded":
            summary = frame.summary_text.format(_text(article.summary or text.split("\n")[0]))
            full = frame.encoded.format(rich if frame.encoded_is_xhtml else _cdata(rich))
    if not text:
        summary = full = ""
    guid = guid_of(placed, style)
    guid_frame = frame.guid if style.guid == "permalink" else frame.guid_opaque
    published = ""
    if article.published is not None:
        published = write_date(article.published, date_style(style), channel.timezone)
    parts = (
        frame.title.format(_text(article.title)) if article.title else "",
        frame.link.format(_text(placed.url)),
        guid_frame.format(_text(guid)) if guid else "",
        frame.date.format(_text(published)) if published else "",
        frame.author.format(_text(article.author)) if article.author else "",
        frame.category.format(_text(article.category)) if article.category else "",
        frame.picture.format(_text(placed.picture), len(PICTURE)),
        summary,
        full,
    )
    item = frame.item.format(_text(placed.url), "\n".join(part for part in parts if part))
    return _encode(item, style)


def render_document(
    items: Sequence[bytes], urls: Sequence[str], channel: Channel, style: Style
) -> bytes:
    """Put a document together.

    Args:
        items: from `render_item`, in document order.
        urls: the addresses of the same items, which RSS 1.0 lists a second time.
        channel: of the feed.
        style: of the feed.

    Returns:
        The bytes of the document.
    """
    frame = FRAMES[style.format]
    listed = "".join(f'<rdf:li rdf:resource="{_text(url)}"/>' for url in urls)
    head = frame.head.format(
        title=_text(channel.title),
        url=_text(channel.url),
        language=_text(channel.language),
        listed=listed,
    )
    mark = codecs.BOM_UTF8 if style.encoding == "utf-8-sig" else b""
    return b"".join(
        (
            mark,
            _encode(f"{_declaration(style)}\n{head}\n", style),
            b"\n".join(items),
            _encode(f"\n{frame.foot}\n", style),
        )
    )


def render_page(placed: PlacedArticle, channel: Channel, style: Style) -> bytes:
    """Render the page of an article as a site does: menu, text, related links and imprint.

    Args:
        placed: the article.
        channel: of its feed.
        style: of its feed; the page is in the same encoding and says so in a meta element.

    Returns:
        The bytes of an HTML document.
    """
    article = placed.article
    paragraphs = "\n".join(
        f"<p>{_text(line)}</p>" for line in article.text.split("\n") if line.strip()
    )
    date = write_date(article.published, "arabic", channel.timezone) if article.published else ""
    title, outlet = _text(article.title), _text(channel.title)
    menu = "".join(
        f'<li><a href="/{path}">{name}</a></li>'
        for path, name in (("", "الرئيسية"), ("politics", "سياسة"), ("sport", "رياضة"))
    )
    page = f"""<!DOCTYPE html>
<html lang="{_text(channel.language)}" dir="rtl">
<head>
<meta charset="{_name(style)}">
<title>{title} | {outlet}</title>
<meta property="og:title" content="{title}">
<meta property="og:description" content="{_text(article.summary)}">
<meta property="og:image" content="{_text(placed.picture)}">
<link rel="canonical" href="{_text(placed.url)}">
<script>window.dataLayer = [];</script>
</head>
<body>
<header><a href="/">{outlet}</a><nav><ul>{menu}</ul></nav></header>
<main><article>
<h1>{title}</h1>
<div class="meta"><span>{_text(article.author)}</span> <time>{date}</time></div>
<figure><img src="{_text(placed.picture)}" alt=""></figure>
{paragraphs}
</article></main>
<aside><h2>الأكثر قراءة</h2><ul><li><a href="/1">أخبار اليوم</a></li></ul>
<p>اشترك في نشرتنا البريدية</p></aside>
<footer>جميع الحقوق محفوظة © {outlet}</footer>
</body>
</html>
"""
    return _encode(page, style)


def _name(style: Style) -> str:
    return "utf-8" if style.encoding == "utf-8-sig" else style.encoding


def _declaration(style: Style) -> str:
    match style.declaration:
        case "both" | "xml" | "wrong http":
            return f'<?xml version="1.0" encoding="{_name(style)}"?>'
        case "wrong xml" | "wrong both":
            return f'<?xml version="1.0" encoding="{_WRONG[_name(style)]}"?>'
        case _:
            return '<?xml version="1.0"?>'


def _encode(text: str, style: Style) -> bytes:
    return text.encode(_name(style), "xmlcharrefreplace")


def _text(text: str) -> str:
    return escape(text, quote=True)


def _cdata(markup: str) -> str:
    return "<![CDATA[{}]]>".format(markup.replace("]]>", "]]]]><![CDATA[>"))
