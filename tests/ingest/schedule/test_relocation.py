"""Where a feed is asked for after redirects, and after they stop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.model import Feed
from ingest.model import FeedState, Fetched
from ingest.schedule.relocation import (
    after_failed_poll,
    after_redirects,
    choose_address,
    has_ended,
    state_for_address,
)

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
NEW = "https://new.example/rss"
NEWER = "https://newer.example/rss"


def redirected(to: str | None) -> Fetched:
    return Fetched("https://a.example/", to or "https://a.example/", to, 200, {}, b"", 0.1, NOW)


def after(*polls: str | Exception | None) -> FeedState:
    """Return the state after polls: each redirected there, or nowhere, or failed."""
    state = FeedState()
    for poll in polls:
        if isinstance(poll, Exception):
            moved_to, seen = after_failed_poll(state)
        else:
            moved_to, seen = after_redirects(state, redirected(poll))
        state = FeedState(moved_to=moved_to, moved_seen=seen)
    return state


FAILED = Exception()


@pytest.mark.parametrize(
    ("polls", "asked"),
    [
        ([NEW, NEW], None),
        ([NEW, NEW, NEW], NEW),
        ([NEW, NEW, None, NEW, NEW], None),
        ([NEW, NEWER, NEW, NEWER], None),
        ([NEW, NEW, FAILED, NEW], None),
        ([NEW, NEW, NEW, None, None], NEW),
        ([NEW, NEW, NEW, NEWER, NEWER], NEW),
        ([NEW, NEW, NEW, NEWER, NEWER, NEWER], NEWER),
        ([NEW, NEW, NEW, FAILED], None),
        ([NEW, NEW, NEW, FAILED, FAILED], NEW),
        ([NEW, NEW, NEW, FAILED, NEW], NEW),
        ([NEW, NEW, NEW, FAILED, None], None),
    ],
)
def test_a_new_address_is_asked_once_it_is_believed(
    feed: Feed, polls: list[str | Exception | None], asked: str | None
) -> None:
    state = after(*polls)
    listed_at = FeedState(url=feed.url, moved_to=state.moved_to, moved_seen=state.moved_seen)
    assert choose_address(feed, state_for_address(feed, listed_at)) == (asked or feed.url)


def test_another_address_in_the_list_is_asked_at_once(feed: Feed) -> None:
    state = FeedState(url="https://old.example/", moved_to=NEW, moved_seen=3, etag='"1"')
    assert state_for_address(feed, state) == FeedState(url=feed.url)


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (FeedState(), True),
        (FeedState(moved_to=NEW, moved_seen=2), True),
        (FeedState(moved_to=NEW, moved_seen=3), False),
        (FeedState(moved_to=NEW, moved_seen=0, failure="down"), False),
        (FeedState(moved_to=NEW, moved_seen=0, failure="gone"), True),
    ],
)
def test_a_feed_has_ended_when_every_address_of_it_is_gone(state: FeedState, ended: bool) -> None:
    assert has_ended(state) is ended
