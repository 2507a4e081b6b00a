"""Feeds as they are found and the fast reader reads, each showing one thing that publishers do."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.documents.building import (
    ATOM_HEAD,
    RDF_HEAD,
    RSS090,
    RSS10,
    RSS_FOOT,
    RSS_HEAD,
    Listed,
    atom,
    atom_entry,
    rss,
    rss_item,
    three,
)


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
