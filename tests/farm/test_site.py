"""One feed of the farm over time: when items appear, and that none is lost to a slow reader."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from tests.support.farm.behaviour import Arrival, Behaviour
from tests.support.farm.content.articles import place, read_articles
from tests.support.farm.content.render import Channel, Style
from tests.support.farm.site import FeedSite

START = 1_750_000_000.0
STYLE = Style(format="rss091", content="plain")


def site(count: int, arrival: Arrival, window: int = 8) -> FeedSite:
    articles = place(read_articles()[:count], "farm-0001", "http://127.0.0.1:1", STYLE.links)
    channel = Channel("نخيل برس", "http://127.0.0.1:1/", "ar", "Asia/Baghdad")
    return FeedSite(channel, articles, Behaviour(STYLE, window, arrival), START)


def visible(feed: FeedSite) -> set[str]:
    body = feed.document().body.decode()
    return {entry.key for entry in feed.expected() if f"/{entry.key}/" in body}


def test_items_come_at_their_rate_once_the_feed_was_asked_for() -> None:
    feed = site(20, Arrival(initial=2, per_second=0.5, hold=False))
    assert feed.grow(START + 100) is None
    feed.asked(START + 100)
    assert feed.grow(START + 100) == START + 102
    assert feed.grow(START + 107) == START + 108
    assert feed.shown == 5


def test_a_delay_moves_the_first_item() -> None:
    feed = site(20, Arrival(initial=0, per_second=1.0, delay_seconds=-0.25, hold=False))
    feed.asked(START)
    assert feed.grow(START) == START + 0.75


def test_without_a_rate_all_are_there_and_nothing_is_due() -> None:
    feed = site(20, Arrival())
    feed.asked(START)
    assert feed.grow(START + 9) is None
    assert feed.unshown == 0


def test_items_that_are_advanced_come_besides() -> None:
    feed = site(20, Arrival(initial=1, per_second=1.0, hold=False))
    feed.asked(START)
    assert feed.advance(3, START) == 3
    feed.grow(START + 2)
    assert feed.shown == 6


def test_no_more_can_be_advanced_than_there_are() -> None:
    feed = site(5, Arrival(initial=3))
    assert feed.advance(10, START) == 2


def test_the_window_shows_the_newest_first() -> None:
    feed = site(20, Arrival(), window=3)
    body = feed.document().body.decode()
    newest = [entry.url for entry in feed.expected()][:-4:-1]
    assert visible(feed) == {entry.key for entry in feed.expected()[-3:]}
    assert [body.index(url) for url in newest] == sorted(body.index(url) for url in newest)


def test_the_document_changes_only_with_its_items() -> None:
    feed = site(5, Arrival(initial=3))
    before = feed.document()
    assert feed.document() is before
    feed.advance(1, START)
    after = feed.document()
    assert (after.etag, after.last_modified) != (before.etag, before.last_modified)
    assert after.last_modified != before.last_modified


@given(
    st.integers(1, 40),
    st.integers(4, 16),
    st.lists(st.tuples(st.floats(0.0, 60.0), st.booleans()), max_size=60),
)
@settings(deadline=None, max_examples=60)
def test_no_item_scrolls_away_however_slow_the_reader_and_whatever_it_loses(
    count: int, window: int, polls: list[tuple[float, bool]]
) -> None:
    """Of the answers that were sent, up to three in a row are lost on the way."""
    arrival = Arrival(initial=window // 4, per_second=1.0)
    feed = site(count, replace(arrival), window)
    now, read, lost = START, set[str](), 0
    for pause, lose in polls + [(60.0, False)] * count:
        now += pause
        feed.asked(now)
        feed.grow(now)
        if lose and lost < 3:
            lost += 1
        else:
            lost = 0
            read |= visible(feed)
        feed.sent(feed.shown)
        feed.grow(now)
    assert read == {entry.key for entry in feed.expected()}
