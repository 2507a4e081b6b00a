"""The list that is shipped: it loads, and it is as wide as the README says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import config
from config.feed_list import load_feeds
from config.feed_rules import address_key
from config.feed_yaml import read_rows
from config.model import Feed
from config.opml import read_opml, write_opml

FILE = Path(config.__file__).with_name("feeds.yaml")


@pytest.fixture(scope="module")
def feeds() -> list[Feed]:
    return load_feeds(FILE)


def test_a_feed_is_checked_on_a_day_or_unverified(feeds: list[Feed]) -> None:
    """They were gathered where none can be fetched; the days are those of public lists."""
    head = FILE.read_text(encoding="utf-8").partition("feeds:\n")[0]
    assert "one without it is unverified" in head
    days = {date.fromisoformat(feed.checked) for feed in feeds if feed.checked}
    assert min(days) >= date(2026, 1, 1)
    assert any(not feed.checked for feed in feeds)


def test_the_readme_counts_the_feeds(feeds: list[Feed]) -> None:
    readme = FILE.parents[1] / "README.md"
    assert f"the {len(feeds)} feeds of `config/feeds.yaml`" in readme.read_text("utf-8")


def test_each_states_outlet_country_zone_language_and_topic() -> None:
    rows, _ = read_rows(FILE.read_text(encoding="utf-8"))
    stated = {"id", "url", "title", "outlet", "country", "timezone", "language", "topic"}
    assert all(stated <= {field.key for field in row.fields} for row in rows)


def test_there_are_at_least_a_hundred_feeds(feeds: list[Feed]) -> None:
    assert len(feeds) >= 100


def test_they_come_from_at_least_twenty_five_countries_and_pan_arab_outlets(
    feeds: list[Feed],
) -> None:
    countries = {feed.country for feed in feeds}
    assert "XX" in countries
    assert len(countries - {"XX"}) >= 25


def test_every_arab_state_with_a_press_online_is_there(feeds: list[Feed]) -> None:
    states = {
        *("AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA"),
        *("MR", "OM", "PS", "QA", "SA", "SD", "SO", "SY", "TN", "YE"),
    }
    assert states <= {feed.country for feed in feeds}


def test_they_cover_more_than_general_news(feeds: list[Feed]) -> None:
    topics = {feed.topic for feed in feeds}
    assert {"news", "politics", "business", "sport", "technology", "science"} <= topics


def test_ids_and_addresses_are_unique(feeds: list[Feed]) -> None:
    assert len({feed.id for feed in feeds}) == len(feeds)
    assert len({address_key(feed.url) for feed in feeds}) == len(feeds)


def test_all_are_expected_in_arabic(feeds: list[Feed]) -> None:
    assert {feed.language for feed in feeds} == {"ar"}


def test_the_list_survives_opml(feeds: list[Feed]) -> None:
    assert read_opml(write_opml(feeds), "feeds.opml") == feeds
