"""Of a document with thousands of items the newest are read, and the rest is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from ingest.parse.dispatch import read_document
from ingest.parse.fast.reader import read_fast
from ingest.parse.newest import MAX_ITEMS
from tests.support.parsed_feeds import FEED, NOW, answer

COUNT = MAX_ITEMS + 500
FIRST = datetime(2026, 2, 1, tzinfo=UTC)


def rss_item(number: int) -> str:
    date = (FIRST - timedelta(minutes=number)).isoformat()
    return (
        f"<item><title>خبر {number}</title><link>https://sabah.example/{number}</link>"
        f"<guid>{number}</guid><pubDate>{date}</pubDate></item>"
    )


def rss(numbers: range) -> str:
    items = "".join(map(rss_item, numbers))
    return f'<rss version="2.0"><channel><title>أخبار</title>{items}</channel></rss>'


def atom(numbers: range) -> str:
    entries = "".join(
        f"<entry><id>{number}</id><title>خبر {number}</title>"
        f'<link href="https://sabah.example/{number}"/>'
        f"<updated>{(FIRST - timedelta(minutes=number)).isoformat()}</updated></entry>"
        for number in numbers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>أ</title><id>f</id>{entries}</feed>'


def json_feed(numbers: range) -> str:
    items = [
        {
            "id": str(number),
            "title": f"خبر {number}",
            "url": f"https://sabah.example/{number}",
            "date_published": (FIRST - timedelta(minutes=number)).isoformat(),
        }
        for number in numbers
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"items": items, "version": version, "hubs": [{"type": "x"}]})


def sitemap(numbers: range) -> str:
    urls = "".join(
        f"<url><loc>https://sabah.example/{number}</loc><news:news><news:title>خبر {number}"
        f"</news:title><news:publication_date>{(FIRST - timedelta(minutes=number)).isoformat()}"
        "</news:publication_date></news:news></url>"
        for number in numbers
    )
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'<urlset xmlns:news="{news}">{urls}</urlset>'


FORMATS = {"rss": rss, "atom": atom, "json": json_feed, "sitemap": sitemap}


def numbers_of(body: str) -> list[int]:
    parsed = read_document(answer(body), FEED, NOW)
    assert any("500 were left out" in notice for notice in parsed.notices)
    return [int(entry.url.rpartition("/")[2]) for entry in parsed.entries]


@pytest.mark.parametrize("name", FORMATS)
def test_the_newest_items_are_the_first(name: str) -> None:
    assert numbers_of(FORMATS[name](range(COUNT))) == list(range(MAX_ITEMS))


@pytest.mark.parametrize("name", FORMATS)
def test_the_newest_items_are_the_last_where_the_dates_say_so(name: str) -> None:
    backwards = range(COUNT - 1, -1, -1)
    assert numbers_of(FORMATS[name](backwards)) == list(range(MAX_ITEMS - 1, -1, -1))


def test_fifty_thousand_items_are_not_refused() -> None:
    parsed = read_document(answer(rss(range(50_000))), FEED, NOW)
    assert len(parsed.entries) == MAX_ITEMS


def test_the_fast_reader_finds_the_same_items() -> None:
    fetched = answer(rss(range(COUNT)))
    fast, whole = read_fast(fetched, FEED), read_document(fetched, FEED, NOW)
    assert fast is not None
    assert fast.fingerprints == [entry.fingerprint for entry in whole.entries]


def test_a_document_within_the_limit_has_no_notice() -> None:
    assert read_document(answer(rss(range(100))), FEED, NOW).notices == ()
