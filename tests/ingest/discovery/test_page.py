"""What a page says of its feeds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from ingest.discovery.page import (
    MAX_LINKS,
    Page,
    common_feed_addresses,
    is_feed_like,
    read_page,
)

URL = "https://www.sabah.example/ar/index.html"


def read(markup: str) -> Page:
    return read_page(markup, URL)


@pytest.mark.parametrize(
    "attributes",
    [
        'rel="alternate" type="application/rss+xml"',
        'rel="Alternate nofollow" type="application/atom+xml; charset=utf-8"',
        'rel="alternate" type="APPLICATION/FEED+JSON"',
        'rel="feed"',
    ],
)
def test_a_link_element_names_a_feed(attributes: str) -> None:
    assert read(f'<head><link {attributes} href="/f">').alternates == (
        "https://www.sabah.example/f",
    )


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="alternate" hreflang="en" href="/en/feed">',
        '<link rel="alternate" type="application/json+oembed" href="/x">',
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
    ],
)
def test_another_link_element_names_none(element: str) -> None:
    assert read(f"<head>{element}").alternates == ()


def test_addresses_follow_the_base_of_the_page() -> None:
    page = read('<base href="https://cdn.example/x/"><link rel="feed" href="rss">')
    assert page.alternates == ("https://cdn.example/x/rss",)


@pytest.mark.parametrize(
    ("anchor", "taken"),
    [
        ('<a href="/rss/1">x</a>', True),
        ('<a href="/x"><img alt="RSS"></a>', True),
        ('<a href="/x">خدمة <b>خلاصات</b></a>', True),
        ('<a href="https://feeds.feedburner.com/sabah">x</a>', True),
        ('<a href="https://sport.sabah.example/feed">x</a>', True),
        ('<a href="https://other.example/feed">x</a>', False),
        ('<a href="https://feedly.com/i/subscription/feed/x">RSS</a>', False),
        ('<a href="/news/1">المقال</a> RSS', False),
    ],
)
def test_an_anchor_counts_where_it_looks_like_a_feed_of_the_site(anchor: str, taken: bool) -> None:
    assert bool(read(f"<body>{anchor}").anchors) is taken


@pytest.mark.parametrize(
    ("address", "like"),
    [
        ("/rss.xml", True),
        ("/a/feed/", True),
        ("/?format=feed&type=rss", True),
        ("/rssnews.xml", True),
        ("/rss2", True),
        ("/index.rdf", True),
        ("/feedback", False),
        ("/news/brss", False),
        ("/across", False),
        ("//[", False),
    ],
)
def test_an_address_looks_like_a_feed_by_whole_words(address: str, like: bool) -> None:
    assert is_feed_like(address) is like


def test_links_to_others_do_not_crowd_out_those_of_the_site() -> None:
    others = "".join(f'<a href="https://other{n}.example/feed">x</a>' for n in range(MAX_LINKS))
    assert read(f"{others}<a href='/feed'>x</a>").anchors == ("https://www.sabah.example/feed",)


def test_the_name_and_language_of_a_site() -> None:
    page = read(
        '<html lang="ar-JO"><title> صباح  الخير </title>'
        '<meta property="og:site_name" content="صحيفة الصباح">'
    )
    assert (page.site_name, page.language) == ("صحيفة الصباح", "ar-JO")


def test_a_site_without_a_name_has_its_title() -> None:
    assert read("<title>صباح &amp; <b>مساء</title>").site_name.startswith("صباح & ")


def test_a_section_is_tried_before_the_root() -> None:
    places = common_feed_addresses("https://sabah.example/ar/sport/")
    assert places[:3] == (
        "https://sabah.example/ar/sport/feed",
        "https://sabah.example/ar/sport/rss",
        "https://sabah.example/feed",
    )
    assert common_feed_addresses("https://sabah.example")[0] == "https://sabah.example/feed"
    assert common_feed_addresses(URL)[0] == "https://www.sabah.example/ar/feed"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 300_000,
        "<a href=/rss>" * 200_000,
        "<a " + "b=1 " * 300_000 + ">",
        "<title>" + "a" * 2_000_000,
        '<link rel="feed" href="' + "a" * 2_000_000,
        "<!--" * 500_000,
    ],
    ids=["depth", "anchors", "attributes", "title", "address", "comments"],
)
def test_a_hostile_page_gives_few_links(markup: str) -> None:
    page = read(markup)
    assert len(page.alternates) + len(page.anchors) <= MAX_LINKS


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(st.sampled_from(["<a href=", "<", ">", "'", "rss", "<link ", "\0"])))
def test_any_text_is_a_page(text: str | list[str]) -> None:
    read("".join(text))
