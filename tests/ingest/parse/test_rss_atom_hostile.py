"""Feeds made to do harm cost a bounded effort."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from ingest.parse.feedparser_limits import MAX_NAMESPACES, MAX_TAGS
from nabaa.errors import ParseError
from tests.support.parsed_feeds import CLOSE, OPEN, only, parse


def test_declared_entities_are_neither_grown_nor_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = f"{doctype}{OPEN}<item><guid>1</guid><title>&l11;&f;</title></item>{CLOSE}"
    (entry,) = parse(body).entries
    assert entry.title == "&l11;&f;"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("<item><title>" + "خ" * 1_000_000 + "</title></item>", id="long title"),
        pytest.param(
            "<item><title>x</title><description>" + "نص " * 1_500_000 + "</description></item>",
            id="long item",
        ),
        pytest.param(
            "<item><title>x</title><author>" + "a" * 1_000_000 + "</author></item>",
            id="long author",
        ),
        pytest.param("<item><title>\0خبر\x1b</title></item>", id="controls"),
        pytest.param("<item><title>x</title></item>" + "<a>" * 20_000 + "</a>" * 20_000, id="deep"),
    ],
)
def test_hostile_items_are_read(item: str) -> None:
    assert len(parse(OPEN + item + CLOSE).entries) == 1


def test_more_categories_than_anybody_reads_are_left_out() -> None:
    categories = "".join(f"<category>{number}</category>" for number in range(MAX_TAGS + 50))
    assert len(only(f"<item><title>x</title>{categories}</item>").categories) == MAX_TAGS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("".join(f'<a xmlns:n{n}="u{n}"/>' for n in range(MAX_NAMESPACES + 1)), "namespaces"),
        ("<a/>" * 1_501, "elements"),
        ("<p>" * 1_000 + "x" * 3_000_000, "malformed"),
    ],
)
def test_a_document_made_to_cost_too_much_is_refused(
    body: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.parse.feedparser_limits.MAX_ELEMENTS", 1_500)
    with pytest.raises(ParseError, match=reason):
        parse(OPEN + body + CLOSE)


PIECES = [
    *("<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "خبر"),
    *("&amp;", "&#0;", "&#xD800;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x ["),
    *("<link>", "http://[", "</link>", "<guid>", "</guid>", "<media:content url='//['>", "\0"),
    *("<pubDate>", "</pubDate>", "٣١/٠٢", "</channel>", "</rss>", "<feed version='x'>", "<"),
    *(">", "<entry>", "</entry>", "<content type='xhtml'>", "<source url='x'>", "'", '"', "<?x "),
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.binary(max_size=20))
def test_no_body_raises_anything_but_parse_error(text: str, tail: bytes) -> None:
    for root in (b"", b"<rss version='2.0'><channel>"):
        with suppress(ParseError):
            parse(root + text.encode() + tail)
