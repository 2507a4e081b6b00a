"""What publishers say of how often they may be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from ingest.schedule.publisher_hints import (
    PublisherHints,
    after_skipped,
    decode_hints,
    document_hints,
    encode_hints,
    header_floor_seconds,
)

NOW = datetime(2026, 3, 1, 9, 20, tzinfo=UTC)  # a Sunday
ITEM = b"<item><title>x</title><ttl>9</ttl></item>"


def channel(head: bytes, tail: bytes = b"") -> bytes:
    return (
        b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        + head
        + ITEM * 3
        + tail
        + b"</channel></rss>"
    )


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        (b"<ttl>60</ttl>", 3600),
        (b"<ttl> 5 </ttl>", 300),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        (
            b"<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            6 * 3600,
        ),
        (b"<s:updatePeriod>weekly</s:updatePeriod>", 7 * 86400),
        (b"<ttl>soon</ttl>", 0),
        (b"<ttl>-5</ttl>", 0),
        (b"<sy:updatePeriod>sometimes</sy:updatePeriod>", 0),
        (
            b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            86400,
        ),
        (b"", 0),
    ],
)
def test_a_document_says_how_often_it_is_made(head: bytes, seconds: float) -> None:
    assert document_hints(channel(head)).seconds == seconds


def test_what_stands_in_an_item_does_not_count() -> None:
    assert document_hints(channel(b"")) == PublisherHints()


def test_what_stands_after_the_items_counts() -> None:
    tail = b"<skipHours><hour>1</hour><hour>24</hour></skipHours><ttl>10</ttl>"
    assert document_hints(channel(b"", tail)) == PublisherHints(600, frozenset({0, 1}))


def test_skipped_hours_and_days_are_read() -> None:
    days = b"<skipDays><day>Friday</day><day>Someday</day></skipDays>"
    head = b"<skipHours><hour>2</hour></skipHours>" + days
    assert document_hints(channel(head)) == PublisherHints(0, frozenset({2}), frozenset({4}))


def test_who_skips_all_hours_skips_none() -> None:
    head = b"".join(b"<hour>%d</hour>" % hour for hour in range(24))
    assert document_hints(channel(head)) == PublisherHints()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": 'max-age="600"', "age": "100"}, 500),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=600, no-cache"}, 0),
        ({"cache-control": "no-store", "expires": "Sun, 01 Mar 2026 10:20:00 GMT"}, 0),
        ({"expires": "Sun, 01 Mar 2026 10:20:00 GMT"}, 3600),
        (
            {
                "expires": "Sun, 01 Mar 2020 10:20:00 GMT",
                "date": "Sun, 01 Mar 2020 10:10:00 GMT",
            },
            600,
        ),
        ({"expires": "0"}, 0),
        ({"expires": "-1", "cache-control": "max-age=x"}, 0),
        ({}, 0),
    ],
)
def test_headers_say_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: float) -> None:
    assert header_floor_seconds(headers, NOW) == seconds


def test_a_skipped_hour_is_waited_out() -> None:
    assert after_skipped(NOW, PublisherHints(0, frozenset({9, 10}))) == NOW + timedelta(hours=2)


def test_a_skipped_day_is_waited_out() -> None:
    due = after_skipped(NOW, PublisherHints(0, frozenset(), frozenset({6})))
    assert (due.weekday(), due.hour) == (0, 0)


@given(st.sets(st.integers(0, 23), max_size=23), st.sets(st.integers(0, 6), max_size=6))
def test_a_feed_is_asked_again_within_eight_days(hours: set[int], days: set[int]) -> None:
    hints = PublisherHints(0, frozenset(hours), frozenset(days))
    due = after_skipped(NOW, hints)
    assert due.hour not in hours
    assert due.weekday() not in days
    assert NOW <= due < NOW + timedelta(days=8)


@given(st.integers(0, 10**7), st.sets(st.integers(0, 23)), st.sets(st.integers(0, 6)))
def test_hints_are_remembered(seconds: int, hours: set[int], days: set[int]) -> None:
    hints = PublisherHints(seconds, frozenset(hours), frozenset(days))
    text = encode_hints(hints)
    assert decode_hints(text) == hints
    assert len(text or "") < 120


@given(st.binary(max_size=400))
def test_any_document_has_hints(body: bytes) -> None:
    document_hints(b"<rss><channel>" + body)
