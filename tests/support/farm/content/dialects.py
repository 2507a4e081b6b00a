"""The elements of each feed format, as templates with one place for each value.

Sources: the RSS 0.91, 0.92 and 2.0 and RSS 1.0 specifications, RFC 4287 (Atom 1.0) and the Atom
0.3 draft. What goes into the places, and its escaping, is `render`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Format = Literal["rss20", "rss10", "rss092", "rss091", "atom10", "atom03"]


@dataclass(frozen=True, slots=True)
class Frame:
    """Templates of one format; an empty one means that the format has no such element.

    Attributes:
        head: from the root to the first item; places title, url, language and listed.
        foot: from the last item to the end.
        item: places its address and its elements.
        title, link, date, author, category: one place each.
        guid: a guid that is the address of the article.
        guid_opaque: a guid that is not.
        picture: places the address and the length in bytes.
        summary_text: a summary in plain text.
        summary_html: a summary in HTML, escaped or CDATA.
        encoded: the whole text in HTML beside the summary.
        encoded_is_xhtml: whether that text is markup of the document itself.
    """

    head: str
    foot: str
    item: str
    date: str
    author: str
    category: str
    summary_text: str
    summary_html: str
    link: str = "<link>{}</link>"
    title: str = "<title>{}</title>"
    guid: str = ""
    guid_opaque: str = ""
    picture: str = ""
    encoded: str = ""
    encoded_is_xhtml: bool = False


_CHANNEL = (
    "<channel><title>{title}</title><link>{url}</link>"
    "<description>{title}</description><language>{language}</language>"
)
_DESCRIPTION = "<description>{}</description>"
_ENCLOSURE = '<enclosure url="{}" type="image/gif" length="{}"/>'

_RSS20 = Frame(
    head=(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">' + _CHANNEL
    ),
    foot="</channel></rss>",
    item="<item>{1}</item>",
    date="<pubDate>{}</pubDate>",
    author="<dc:creator>{}</dc:creator>",
    category="<category>{}</category>",
    summary_text=_DESCRIPTION,
    summary_html=_DESCRIPTION,
    guid="<guid>{}</guid>",
    guid_opaque='<guid isPermaLink="false">{}</guid>',
    picture=_ENCLOSURE,
    encoded="<content:encoded>{}</content:encoded>",
)
_RSS10 = Frame(
    head=(
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="{url}"><title>{title}</title><link>{url}</link>'
        "<description>{title}</description><dc:language>{language}</dc:language>"
        "<items><rdf:Seq>{listed}</rdf:Seq></items></channel>"
    ),
    foot="</rdf:RDF>",
    item='<item rdf:about="{0}">{1}</item>',
    date="<dc:date>{}</dc:date>",
    author="<dc:creator>{}</dc:creator>",
    category="<dc:subject>{}</dc:subject>",
    summary_text=_DESCRIPTION,
    summary_html=_DESCRIPTION,
    encoded="<content:encoded>{}</content:encoded>",
)
_RSS092 = Frame(
    head='<rss version="0.92">' + _CHANNEL,
    foot="</channel></rss>",
    item="<item>{1}</item>",
    date="",
    author="",
    category="<category>{}</category>",
    summary_text=_DESCRIPTION,
    summary_html=_DESCRIPTION,
    picture=_ENCLOSURE,
)
_RSS091 = Frame(
    head='<rss version="0.91">' + _CHANNEL,
    foot="</channel></rss>",
    item="<item>{1}</item>",
    date="",
    author="",
    category="",
    summary_text=_DESCRIPTION,
    summary_html=_DESCRIPTION,
)
_ATOM10 = Frame(
    head=(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}"><title>{title}</title>'
        "<id>{url}</id>"
        '<link href="{url}"/>'
    ),
    foot="</feed>",
    item="<entry>{1}</entry>",
    date="<published>{0}</published><updated>{0}</updated>",
    author="<author><name>{}</name></author>",
    category='<category term="{}"/>',
    summary_text="<summary>{}</summary>",
    summary_html='<summary type="html">{}</summary>',
    link='<link rel="alternate" type="text/html" href="{}"/>',
    guid="<id>{}</id>",
    guid_opaque="<id>{}</id>",
    picture='<link rel="enclosure" href="{}" type="image/gif" length="{}"/>',
    encoded=('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{}</div></content>'),
    encoded_is_xhtml=True,
)
_ATOM03 = Frame(
    head=(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="{language}">'
        "<title>{title}</title>"
        '<link rel="alternate" type="text/html" href="{url}"/>'
    ),
    foot="</feed>",
    item="<entry>{1}</entry>",
    date="<issued>{0}</issued><modified>{0}</modified>",
    author="<author><name>{}</name></author>",
    category="<dc:subject>{}</dc:subject>",
    summary_text="<summary>{}</summary>",
    summary_html='<summary type="text/html" mode="escaped">{}</summary>',
    link='<link rel="alternate" type="text/html" href="{}"/>',
    guid="<id>{}</id>",
    guid_opaque="<id>{}</id>",
    encoded='<content type="text/html" mode="escaped">{}</content>',
)

FRAMES: Mapping[Format, Frame] = MappingProxyType(
    {
        "rss20": _RSS20,
        "rss10": _RSS10,
        "rss092": _RSS092,
        "rss091": _RSS091,
        "atom10": _ATOM10,
        "atom03": _ATOM03,
    }
)
MIME_TYPES: Mapping[Format, str] = MappingProxyType(
    {
        "rss20": "application/rss+xml",
        "rss10": "application/rdf+xml",
        "rss092": "text/xml",
        "rss091": "text/xml",
        "atom10": "application/atom+xml",
        "atom03": "application/xml",
    }
)
