"""The entry that a list would have for a feed: what is declared, and what is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from config.feed_rules import check_feed
from config.model import Feed
from ingest.discovery.page import Page
from ingest.discovery.proposal import country_of, language_of, one_line, propose, timezone_of
from ingest.model import Entry, ParsedFeed
from tests.support.entries import make_entry

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://sabah.example.jo/rss"


def parsed(title: str = "صباح", language: str = "", headlines: tuple[str, ...] = ()) -> ParsedFeed:
    feed = Feed("x", URL, "x", "x", "XX", "UTC")
    entries: list[Entry] = [
        make_entry(feed, str(number), headline) for number, headline in enumerate(headlines)
    ]
    return ParsedFeed(title, "rss20", "utf-8", tuple(entries), language=language)


@pytest.mark.parametrize(
    ("host", "country", "zone"),
    [
        ("sabah.com.eg", "EG", "Africa/Cairo"),
        ("sabah.jo", "JO", "Asia/Amman"),
        ("sabah.co.uk", "GB", "Europe/London"),
        ("xn--mgbaam7a8h", "AE", "Asia/Dubai"),
        ("sabah.xn--mgberp4a5d4ar", "SA", "Asia/Riyadh"),
        ("صباح.مصر", "EG", "Africa/Cairo"),
        ("sabah.com", "XX", "UTC"),
        ("sabah.tv", "XX", "UTC"),
        ("sabah.me", "XX", "UTC"),
        ("sabah.xn--\u0661", "XX", "UTC"),
        ("127.0.0.1", "XX", "UTC"),
        ("", "XX", "UTC"),
    ],
)
def test_country_and_zone_are_guessed_from_the_domain(host: str, country: str, zone: str) -> None:
    assert (country_of(host), timezone_of(country)) == (country, zone)


@pytest.mark.parametrize(
    ("declared", "on_page", "headline", "language"),
    [
        ("ar-SA", "", "خبر", "ar"),
        ("en-US", "", "خبر من عمّان", "ar"),
        ("en-US", "fa-IR", "خبر از تهران", "fa"),
        ("", "ar", "News of Amman", "und"),
        ("fr_FR", "ar", "Nouvelles", "fr"),
        ("", "", "2026", "und"),
        ("ar", "", "2026", "ar"),
        ("arabic", "", "خبر", "ar"),
    ],
)
def test_a_declared_language_counts_unless_the_letters_say_otherwise(
    declared: str, on_page: str, headline: str, language: str
) -> None:
    assert language_of(parsed(language=declared, headlines=(headline,)), on_page) == language


def test_the_title_is_the_feeds_and_the_outlet_the_sites() -> None:
    feed = propose(URL, parsed("رياضة"), Page("صحيفة الصباح", "ar", (), ()))
    assert (feed.title, feed.outlet) == ("رياضة", "صحيفة الصباح")
    assert (feed.country, feed.timezone) == ("JO", "Asia/Amman")


def test_a_feed_without_a_name_is_called_after_its_host() -> None:
    feed = propose(URL, parsed(""), None)
    assert (feed.title, feed.outlet) == ("sabah.example.jo", "sabah.example.jo")


def test_a_title_is_one_line_of_plain_text() -> None:
    assert one_line("&lt;b&gt;صباح&lt;/b&gt;\n\u202eالخير\x1b \u2028نعم") == "صباح الخير نعم"


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.text(max_size=12), st.text())
def test_whatever_is_declared_a_list_can_hold_the_feed(
    title: str, name: str, language: str, headline: str
) -> None:
    document: Any = parsed(title, language, (headline,))
    check_feed(propose(URL, document, Page(name, language, (), ())))
