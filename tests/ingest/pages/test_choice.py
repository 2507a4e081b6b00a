"""Which entries want the page of their article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config.model import Feed
from config.settings import Settings
from ingest.model import Entry
from ingest.pages.choice import choose_page, is_short, page_plan
from ingest.streams.page_wishes import PageWish
from tests.support.entries import make_entry

SHORT = "<p>افتتح وزير الثقافة معرض الكتاب.</p>"
LONG = f"<p>{'كلمة ' * 300}</p>"


def entry_of(feed: Feed, summary: str = SHORT, content: str = "", **changes: Any) -> Entry:
    entry = make_entry(feed, "1", summary=summary, content=content)
    return replace(entry, **changes)


@pytest.mark.parametrize(
    ("summary", "content", "short"),
    [
        ("", "", True),
        (SHORT, "", True),
        (SHORT, SHORT, True),
        (LONG, "", False),
        (SHORT, LONG, False),
        (SHORT, f"{LONG}<p>البقية […]</p>", True),
        (SHORT, f"{LONG} [&#8230;]<p>The post appeared first on Sabah.</p>", True),
        (SHORT, f"{LONG}<a href='https://sabah.example/1'>اقرأ المزيد</a>", True),
        (SHORT, f"<p>{'كلمة ' * 2000} […]</p>", False),
        (SHORT, "<b></b>" * 2000, True),
    ],
)
def test_a_text_is_short_by_what_one_sees_of_it(
    feed: Feed, summary: str, content: str, short: bool
) -> None:
    assert is_short(entry_of(feed, summary, content), below=1000) == short


def test_a_short_text_wants_its_page(feed: Feed) -> None:
    assert choose_page(entry_of(feed), "auto", 1000).is_wanted
    assert not choose_page(entry_of(feed, LONG), "auto", 1000).is_wanted
    assert choose_page(entry_of(feed, LONG), "always", 1000).is_wanted
    assert choose_page(entry_of(feed), "never", 1000) == PageWish()


@pytest.mark.parametrize(
    "changes",
    [{"url": ""}, {"url": "https://sabah.example/"}, {"url": "ftp://a/b"}, {"shares_url": True}],
    ids=["no address", "front page", "not of the web", "shared with other items"],
)
def test_an_address_that_is_no_articles_page_is_not_fetched(
    feed: Feed, changes: dict[str, Any]
) -> None:
    assert choose_page(entry_of(feed, **changes), "always", 1000) == PageWish()


def test_spellings_of_one_address_are_one_page(feed: Feed) -> None:
    one = choose_page(entry_of(feed, url="https://sabah.example/a?utm_source=rss"), "auto", 1000)
    other = choose_page(entry_of(feed, url="http://www.sabah.example/a/"), "auto", 1000)
    assert one == other


def test_a_feed_says_otherwise_than_the_setting(feed: Feed) -> None:
    never = page_plan(Settings(full_text="never"))
    assert not never.wish(entry_of(feed)).is_wanted
    assert never.wish(entry_of(replace(feed, full_text="auto"))).is_wanted
    assert not page_plan(Settings()).wish(entry_of(replace(feed, full_text="never"))).is_wanted
