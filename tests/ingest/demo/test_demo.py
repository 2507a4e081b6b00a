"""The made-up press of `nabaa demo`: news without end, told by several outlets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from ingest.demo.news import load_demo_news
from ingest.demo.press import EVENT_SECONDS, TOLD_AFTER_SECONDS, Press, PressArticle
from ingest.demo.site import serve_press
from workers.text.page.read import read_article_page

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AN_HOUR_LATER = BEGAN + timedelta(hours=1)


@pytest.fixture
def press() -> Press:
    return Press(load_demo_news(), BEGAN)


def all_articles(press: Press, now: datetime) -> list[PressArticle]:
    return [article for outlet in press.outlets for article in press.newest(outlet.id, now)]


def test_every_name_in_braces_is_filled_in(press: Press) -> None:
    for article in all_articles(press, AN_HOUR_LATER):
        assert not re.search(r"[{}]", article.title + " ".join(article.text))


def test_news_lie_before_the_beginning_and_come_for_ever_after(press: Press) -> None:
    assert all_articles(press, BEGAN)
    for hours in (1, 24, 24 * 30):
        now = BEGAN + timedelta(hours=hours)
        newest = max(article.published for article in all_articles(press, now))
        assert now - newest < timedelta(seconds=EVENT_SECONDS)


def test_nothing_is_told_before_it_happened(press: Press) -> None:
    for seconds in range(0, 200, 7):
        now = BEGAN + timedelta(seconds=seconds)
        assert all(article.published <= now for article in all_articles(press, now))


def test_an_event_is_told_by_several_outlets_and_some_are_reprinted(press: Press) -> None:
    articles = all_articles(press, AN_HOUR_LATER)
    told: dict[int, list[PressArticle]] = {}
    for article in articles:
        told.setdefault(article.number // 10, []).append(article)
    assert max(len({each.outlet.id for each in event}) for event in told.values()) >= 4
    assert any(len({each.text[-1] for each in event}) < len(event) for event in told.values())


def test_an_article_is_continued_once(press: Press) -> None:
    told = BEGAN + timedelta(seconds=TOLD_AFTER_SECONDS[0])
    before = {(each.outlet.id, each.number): each for each in all_articles(press, told)}
    later = all_articles(press, told + timedelta(seconds=70))
    continued = [
        (before[key], each) for each in later if (key := (each.outlet.id, each.number)) in before
    ]
    grown = [(old, new) for old, new in continued if len(new.text) > len(old.text)]
    assert grown
    assert all(new.updated and new.text[:-1] == old.text for old, new in grown)


def test_the_wire_reads_feeds_and_pages(press: Press) -> None:
    with serve_press(press) as feeds:
        feed = httpx.get(feeds[0].url)
        url = re.findall(r"<guid>(.*?)</guid>", feed.text)[0]
        page = httpx.get(url).text
        assert httpx.get(f"{url}x").status_code == 404
    number = int(url.split("/")[-1].removesuffix(".html"))
    article = press.article(feeds[0].id.removeprefix("demo-"), number, datetime.now(UTC))
    assert article is not None
    read = read_article_page(page, url)
    assert (read.title, read.by) == (article.title, article.author)
    assert read.body_text == "\n\n".join(article.text)
