"""Feeds that feedparser may have to read alone, each showing one thing that publishers do."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.documents.building import (
    RSS_FOOT,
    RSS_HEAD,
    Listed,
    atom,
    atom_entry,
    rss,
    rss_item,
    three,
)


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
