"""Documents of RSS and Atom, put together from ordinary items."""

from __future__ import annotations

Listed = tuple[str, bytes, str]
"""What a feed shows, its body, and its Content-Type, which may be empty."""

RSS_HEAD = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'
    "<title>أخبار الميناء</title><link>https://mina.example/</link>"
    "<description>كل جديد</description><language>ar-JO</language>"
    "<lastBuildDate>Sun, 01 Mar 2026 10:30:00 +0300</lastBuildDate>"
)
RSS_FOOT = "</channel></rss>"
ATOM_HEAD = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>أخبار الميناء</title>'
    '<id>tag:mina.example,2026:feed</id><link href="https://mina.example/"/>'
    "<updated>2026-03-01T10:30:00+03:00</updated>"
)
RDF_HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="{}">'
    '<channel rdf:about="https://mina.example/rss"><title>أخبار الميناء</title>'
    "<link>https://mina.example/</link><description>كل جديد</description></channel>"
    "<image><title>شعار</title><url>https://mina.example/logo.png</url>"
    "<link>https://mina.example/</link></image>"
)
RSS10 = "http://purl.org/rss/1.0/"
RSS090 = "http://my.netscape.com/rdf/simple/0.9/"


def rss_item(number: int, more: str = "", guid: str | None = None) -> str:
    """Return an ordinary item; `guid` is its element, if not the usual one."""
    address = f"https://mina.example/news/2026/{number}"
    guid = f'<guid isPermaLink="false">mina-{number}</guid>' if guid is None else guid
    return (
        f"<item><title>خبر رقم {number}</title><link>{address}</link>{guid}"
        f"<pubDate>Sun, 01 Mar 2026 0{number % 10}:00:00 +0300</pubDate>"
        f"<description>&lt;p&gt;وصلت السفينة {number} إلى الميناء.&lt;/p&gt;</description>"
        f"{more}</item>"
    )


def atom_entry(number: int, more: str = "", attributes: str = "") -> str:
    """Return an ordinary entry of Atom 1.0."""
    return (
        f"<entry{attributes}><id>tag:mina.example,2026:{number}</id><title>خبر رقم {number}</title>"
        f'<link rel="alternate" href="/news/2026/{number}"/>'
        f"<updated>2026-03-01T0{number % 10}:00:00+03:00</updated>{more}</entry>"
    )


def rss(*items: str, head: str = RSS_HEAD, foot: str = RSS_FOOT) -> bytes:
    """Put a document of RSS together, in UTF-8 and without a declaration."""
    return (head + "\n".join(items) + foot).encode()


def three(more: str = "", guid: str | None = None) -> bytes:
    """Return a document of RSS with three items alike."""
    return rss(*(rss_item(number, more, guid) for number in range(3)))


def atom(*entries: str, head: str = ATOM_HEAD) -> bytes:
    """Put a document of Atom together."""
    return f"{head}{''.join(entries)}</feed>".encode()
