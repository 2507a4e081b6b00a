"""What is learnt of when a feed brings news, and the interval that follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from ingest.schedule.arrival_rate import (
    REFERENCE_RATE,
    ArrivalRate,
    decode_arrival_rate,
    encode_arrival_rate,
    interval_seconds,
    learn,
    learn_history,
)

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
BASE = 900.0


def watched(
    a_day: float, days: int = 20, hours: tuple[int, ...] = tuple(range(24))
) -> tuple[ArrivalRate, datetime]:
    """Return what is learnt of a feed that brings so much, all of it in some hours of the day."""
    rate, now = None, NOW
    for _ in range(days * 24):
        before, now = now, now + timedelta(hours=1)
        middle = now - timedelta(minutes=30)
        brought = a_day / len(hours) if middle.hour in hours else 0
        # Counts are whole; what is left over comes with the next.
        rate = learn(rate, before, now, round(brought))
    assert rate is not None
    return rate, now


@pytest.mark.parametrize("a_day", [24, 96, 480])
def test_the_interval_follows_the_root_of_the_rate(a_day: int) -> None:
    rate, now = watched(a_day)
    expected = BASE * (REFERENCE_RATE / a_day) ** 0.5
    assert interval_seconds(rate, now, BASE) == pytest.approx(expected, rel=0.1)


def test_a_feed_that_brings_nothing_is_asked_ever_more_seldom() -> None:
    few, many = (interval_seconds(*watched(0, days), base_seconds=BASE) for days in (1, 20))
    assert BASE < few < many


def test_a_feed_that_sleeps_at_night_is_asked_when_it_wakes() -> None:
    rate, now = watched(240, hours=tuple(range(6, 18)))
    evening, noon = (now.replace(hour=hour, minute=0) for hour in (22, 12))
    by_day = interval_seconds(rate, noon, BASE)
    assert interval_seconds(rate, evening, BASE) > 3 * by_day
    # Late at night the wait reaches into the morning and ends soon after it has begun.
    last = now.replace(hour=5, minute=50)
    assert interval_seconds(rate, last, BASE) < 600 + 2 * by_day


def test_a_feed_that_falls_silent_is_forgotten_day_by_day() -> None:
    rate, now = watched(240)
    busy = interval_seconds(rate, now, BASE)
    for _ in range(30):
        before, now = now, now + timedelta(days=1)
        rate = learn(rate, before, now, 0)
    assert interval_seconds(rate, now, BASE) > 3 * busy


def test_the_dates_of_the_first_document_are_a_history() -> None:
    published = [NOW - timedelta(minutes=30 * number) for number in range(50)]
    rate = learn_history(published, NOW)
    assert sum(rate.rates()) / 24 == pytest.approx(48, rel=0.25)


@pytest.mark.parametrize(
    "published",
    [
        [],
        [NOW] * 50,
        [NOW + timedelta(days=1 + number) for number in range(50)],
        [NOW - timedelta(days=1000 + number) for number in range(50)],
    ],
    ids=["none", "all the same", "future", "long ago"],
)
def test_dates_that_say_nothing_teach_nothing(published: list[datetime]) -> None:
    assert sum(learn_history(published, NOW).counts) == 0


def test_what_came_while_nobody_watched_teaches_nothing() -> None:
    assert sum(learn(None, None, NOW, 1000).counts) == 0


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2_000_000), st.integers(0, 5_000)), max_size=20),
    st.floats(0.1, 100_000),
)
def test_any_history_gives_a_finite_interval_and_a_short_text(
    polls: list[tuple[int, int]], base: float
) -> None:
    rate, now = learn(None, None, NOW, 0), NOW
    for seconds, articles in polls:
        before, now = now, now + timedelta(seconds=seconds)
        rate = learn(rate, before, now, articles)
    text = encode_arrival_rate(rate)
    assert len(text) < 200
    assert decode_arrival_rate(text) is not None
    assert 0 < interval_seconds(rate, now, base) <= 7 * 86400


@pytest.mark.parametrize(
    "text", [None, "", "1 2", "x", "1 nan " + "0 " * 23 + "0", "1 -1" + " 0" * 24]
)
def test_a_rhythm_of_another_version_is_learnt_again(text: str | None) -> None:
    assert decode_arrival_rate(text) is None
