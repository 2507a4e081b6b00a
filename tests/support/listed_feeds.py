"""Feeds as they are found, each showing one thing that publishers do."""

from __future__ import annotations

from collections.abc import Iterator

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


def plain_feeds() -> Iterator[Listed]:
    """Yield feeds that the quick reader must not leave to feedparser."""
    yield from _of_every_format()
    yield from _identified()
    yield from _with_more()
    yield from _to_mend()
    yield from _of_every_encoding()


def _of_every_format() -> Iterator[Listed]:
    yield "rss20", three(), ""
    yield "rss20 with a declaration", b'<?xml version="1.0" encoding="UTF-8"?>\n' + three(), ""
    yield "byte order mark", b"\xef\xbb\xbf" + three(), ""
    for version in ("0.91", "0.92"):
        items = (rss_item(number, guid="") for number in range(3))
        yield f"rss {version}", rss(*items).replace(b'"2.0"', f'"{version}"'.encode()), ""
    for version in (RSS10, RSS090):
        yield (
            f"rdf {version}",
            rss(
                *(
                    f'<item rdf:about="urn:mina:{n}"><title>خبر {n}</title>'
                    f"<link>https://mina.example/{n}</link><dc:date>2026-03-01</dc:date></item>"
                    for n in range(3)
                ),
                head=RDF_HEAD.format(version),
                foot="</rdf:RDF>",
            ),
            "",
        )
    entries = [atom_entry(number) for number in range(3)]
    yield "atom10", atom(*entries), ""
    yield (
        "atom03",
        atom(
            *entries,
            head=ATOM_HEAD.replace("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"),
        ),
        "",
    )
    xhtml = (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml" lang="ar"><p>نص'
        "<br/><b>غامق</b></p><div>آخر</div></div></content>"
    )
    yield "atom10 with xhtml", atom(*(atom_entry(number, xhtml) for number in range(3))), ""
    yield (
        "atom10 with html and a base",
        atom(
            *(
                atom_entry(
                    n,
                    '<content type="html" xml:base="https://other.example/a/">&lt;p&gt;نص&lt;/p&gt;</content>',
                )
                for n in range(3)
            )
        ),
        "",
    )
    yield (
        "bases of feed and entries",
        atom(
            atom_entry(1, attributes=' xml:base="https://a.example/x/"'),
            atom_entry(2, '<link rel="enclosure" href="b.mp3"/>', ' xml:base="/y/" xml:lang="fr"'),
            atom_entry(3),
            head=ATOM_HEAD.replace(" xml:lang", ' xml:base="https://base.example/z/" xml:lang'),
        ),
        "",
    )


def _identified() -> Iterator[Listed]:
    yield "relative links", rss(*(f"<item><link>/n/{n}</link></item>" for n in range(3))), ""
    yield (
        "relative links that are shared",
        rss(*(f"<item><guid>7</guid><link>n/{n}?a=1&amp;b=2</link></item>" for n in range(3))),
        "",
    )
    cdata = "<content:encoded><![CDATA[<p>نص & <a href='x'>رابط</a></p>]]></content:encoded>"
    yield "cdata", three(cdata), ""
    yield "guid in cdata", three(guid="<guid><![CDATA[ mina & ]]>7<![CDATA[]]></guid>"), ""
    yield (
        "guids that are links",
        rss(*(f"<item><guid>https://a.example/x/{n}</guid></item>" for n in range(3))),
        "",
    )
    yield "no guids", rss(*(rss_item(number, guid="") for number in range(3))), ""
    yield (
        "no guids, the front page as link",
        rss(
            *(
                f"<item><title>عاجل {n}</title><link>https://mina.example</link>"
                f"<pubDate>2026-03-01 0{n}:00</pubDate></item>"
                for n in range(3)
            )
        ),
        "",
    )
    yield "only titles", rss(*(f"<item><title>عاجل {n}</title></item>" for n in range(3))), ""
    yield "one guid on all", three(guid="<guid>7</guid>"), ""
    yield "every item twice", rss(*(rss_item(number // 2) for number in range(6))), ""


def _with_more() -> Iterator[Listed]:
    media = (
        '<enclosure url="https://mina.example/a.jpg" type="image/jpeg" length="0"/>'
        '<media:group><media:content url="https://mina.example/b.jpg"><media:title>صورة</media:title>'
        '<media:thumbnail url="https://mina.example/c.jpg"/></media:content></media:group>'
        "<dc:creator>ليلى</dc:creator><category>ثقافة</category><source url='https://s.example'>س</source>"
    )
    yield "media", three(media), ""
    yield "atom links in rss", three('<atom:link rel="related" href="https://r.example/"/>'), ""
    yield (
        "feedburner without guids",
        rss(
            *(
                f"<item><link>https://f.example/~r/{n}</link>"
                f"<feedburner:origLink>https://o.example/{n // 2}</feedburner:origLink></item>"
                for n in range(3)
            )
        ),
        "",
    )
    yield "feedburner", three("<feedburner:origLink>https://o.example/1</feedburner:origLink>"), ""
    yield (
        "comments and instructions between",
        rss(rss_item(1), "<!-- 1 -->", rss_item(2), "<?php counter ?>", rss_item(3)),
        "",
    )
    yield "a comment in markup", rss(rss_item(1), "<!-- <item> -->", rss_item(2)), ""
    yield (
        "items outside of the channel",
        rss(*(rss_item(n) for n in range(3)), head=RSS_HEAD + "</channel>", foot="</rss>"),
        "",
    )
    yield (
        "odd prefixes",
        three().replace(b"content", b"q").replace(b"xmlns:dc", b"xmlns:zz").replace(b"dc:", b"zz:"),
        "",
    )
    yield (
        "a namespace in each item",
        three(
            '<x:total xmlns:x="http://purl.org/syndication/thread/1.0">3</x:total>'
            '<m:thumbnail xmlns:m="http://search.yahoo.com/mrss/" url="https://mina.example/t.jpg"/>'
        ),
        "",
    )
    yield "unknown elements", three('<views>7</views><geo a="b"><deep>1</deep></geo>'), ""
    yield "references", three("<category>&#x623;&#1582; &amp; &lt;b&gt;</category>"), ""


def _to_mend() -> Iterator[Listed]:
    yield "entities of html", three("<category>&laquo;أ&raquo;&nbsp;</category>"), ""
    yield "a bare ampersand", three("<category>أ & ب</category>"), ""
    yield "a doctype", b'<!DOCTYPE rss SYSTEM "x.dtd">' + three(), ""
    yield "a warning before", b"<b>Warning</b>: in /index.php\n" + three(), ""
    yield "junk behind", three() + b"<!-- cached --><script>x()</script>", ""
    yield "truncated in an item", rss(*(rss_item(n) for n in range(4)))[:-60], ""
    yield "truncated behind an item", three().removesuffix(RSS_FOOT.encode()), ""
    yield "arabic dates", three().replace(b"Sun, 01 Mar 2026", "الأحد ١ مارس ٢٠٢٦".encode()), ""
    yield "arabic addresses", three().replace(b"/news/", "/أخبار/".encode()), ""
    yield (
        "a tail behind the items",
        rss(*(rss_item(n) for n in range(3)), foot=f"<ttl>5</ttl><pubDate>x</pubDate>{RSS_FOOT}"),
        "",
    )
    yield (
        "upper case",
        three().replace(b"guid", b"GUID").replace(b"<item", b"<Item").replace(b"</item", b"</Item"),
        "",
    )


def _of_every_encoding() -> Iterator[Listed]:
    for encoding in ("windows-1256", "iso-8859-6"):
        body = three().decode().encode(encoding)
        declared = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
        yield encoding, declared + body, ""
        yield f"{encoding}, not declared", body, ""
        yield f"{encoding}, declared wrongly", b'<?xml version="1.0" encoding="utf-8"?>' + body, ""
        yield f"{encoding}, another in the header", declared + body, "text/xml; charset=iso-8859-1"
        arabic = three().decode().replace("/news/", "/أخبار/").encode(encoding)
        yield f"{encoding} and arabic addresses", arabic, ""
    yield (
        "utf-8 declared as another",
        (b'<?xml version="1.0" encoding="windows-1256"?>' + three()),
        "text/xml; charset=windows-1256",
    )
    yield (
        "utf-8 with a broken sequence",
        three("<category>\u062e</category>").replace(
            "\u062e</category>".encode(), b"\xd8</category>", 1
        ),
        "",
    )
    yield "utf-16", three().decode().encode("utf-16"), ""


def odd_feeds() -> Iterator[Listed]:
    """Yield feeds that feedparser may have to read alone."""
    yield "malformed", three("<p><b>x</p></b>"), ""
    yield (
        "an entity of its own",
        (b'<!DOCTYPE rss [<!ENTITY e "value">]>' + three("<category>&e;</category>")),
        "",
    )
    yield "markup in a summary", three("<summary>x<div>y</div>z</summary>"), ""
    yield (
        "a title in markup",
        atom(
            *(
                atom_entry(n, '<content type="xhtml"><svg><title>x</title></svg></content>')
                for n in range(3)
            )
        ),
        "",
    )
    yield "nested items", rss(rss_item(1, rss_item(2)), rss_item(3)), ""
    yield "empty items", rss("<item/>", rss_item(1), "<item></item>"), ""
    yield (
        "the title behind",
        rss(rss_item(1), rss_item(2), foot=f"<title>آخر</title>{RSS_FOOT}"),
        "",
    )
    yield "two channels", rss(rss_item(1), "</channel><channel><title>ثان</title>", rss_item(2)), ""
    yield (
        "a content of the feed",
        rss(
            *(rss_item(n, "<description>ثان</description>") for n in range(3)),
            head=RSS_HEAD + "<content:encoded>x</content:encoded>",
        ),
        "",
    )
    yield (
        "a prefix of two namespaces",
        rss(
            rss_item(1, '<x:date xmlns:x="http://purl.org/dc/elements/1.1/">2026-03-01</x:date>'),
            rss_item(2, '<x:date xmlns:x="urn:other">2026-03-01</x:date>'),
        ),
        "",
    )
    yield (
        "a namespace of two prefixes",
        rss(
            rss_item(1, '<date xmlns="urn:other">2026-03-01</date>'),
            rss_item(2, '<x:date xmlns:x="urn:other">2026-03-01</x:date>'),
            rss_item(3, '<date xmlns="urn:other">2026-03-01</date>'),
        ),
        "",
    )
    yield (
        "the prefix of another namespace",
        rss(
            rss_item(
                1,
                '<dc:content xmlns:dc="http://search.yahoo.com/mrss/" url="https://a.example/1"/>',
            ),
            rss_item(2, "<dc:creator>ليلى</dc:creator>"),
        ),
        "",
    )
    yield (
        "a source with parts",
        atom(
            *(
                atom_entry(n, "<source><id>s</id><title>س</title><link href='/s'/></source>")
                for n in range(3)
            )
        ),
        "",
    )
    yield "an image in each item", three("<image><url>https://mina.example/i.png</url></image>"), ""
    yield "links deep in an item", three("<box><link>https://deep.example/</link></box>"), ""
    yield "no version", rss(rss_item(1), rss_item(2), head="<channel>", foot="</channel>"), ""
    yield "an attribute like another", three('<link x:href="/y" xmlns:x="urn:x"/>'), ""
    yield "references too long to mend", three(guid="<guid>&#0000000065;</guid>"), ""
    yield (
        "cdata in cdata",
        three("<content:encoded><![CDATA[</item><![CDATA[]]></content:encoded>"),
        "",
    )
    yield "an unknown default namespace", three().replace(b"<rss ", b'<rss xmlns="urn:u" '), ""
    yield (
        "a summary before the description",
        rss(
            *(
                rss_item(n, "<summary>ملخص</summary><content:encoded>نص</content:encoded>")
                for n in range(3)
            )
        ),
        "",
    )
    yield (
        "a base that is not one",
        atom(atom_entry(1, attributes=' xml:base="javascript:x"'), atom_entry(2)),
        "",
    )
