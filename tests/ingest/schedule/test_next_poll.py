"""When a feed is asked next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, strategies as st

from config.model import Feed
from ingest.model import FeedState, Fetched
from ingest.schedule.next_poll import (
    after_cut,
    after_failure,
    after_success,
)
from ingest.schedule.outcome import News
from ingest.schedule.policy import PollPolicy
from ingest.schedule.publisher_hints import PublisherHints, encode_hints, retry_after_seconds
from nabaa.errors import FailureKind

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
QUIET = Feed("a", "https://a.example/", "", "", "XX", "UTC")
POLICY = PollPolicy(interval_seconds=900, retry_base_seconds=30, retry_max_seconds=3600)


def answer(status: int = 200, moved_to: str | None = None, **headers: str) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched(
        "https://a.example/", "https://a.example/", moved_to, status, named, b"", 0.1, NOW
    )


def planned(
    feed: Feed, state: FeedState, fetched: Fetched, body_hash: str | None = "new"
) -> FeedState:
    return after_success(feed, state, fetched, body_hash, POLICY, Random(1))


def failed(feed: Feed, state: FeedState, seed: int = 1, floor: float = 0) -> FeedState:
    return after_failure(feed, state, "no route", floor, POLICY, NOW, Random(seed))


def delay(state: FeedState) -> float:
    assert state.next_due is not None
    return (state.next_due - NOW).total_seconds()


POLLED = FeedState(polled_at=NOW - timedelta(seconds=900))


def after(
    feed: Feed = QUIET,
    state: FeedState = POLLED,
    news: News | None = None,
    fetched: Fetched | None = None,
) -> FeedState:
    return after_success(feed, state, fetched or answer(), "new", POLICY, Random(1), news)


def test_a_feed_of_which_nothing_is_known_is_asked_after_the_interval() -> None:
    assert delay(after()) == pytest.approx(900, rel=0.11)


def test_a_feed_can_override_the_interval(feed: Feed) -> None:
    often = replace(feed, interval_seconds=60)
    assert delay(after(often)) == pytest.approx(60, rel=0.11)


def test_feeds_added_together_do_not_stay_together(feed: Feed) -> None:
    delays = {
        delay(after_success(feed, FeedState(), answer(), "new", POLICY, Random(seed)))
        for seed in range(50)
    }
    assert max(delays) > 2 * min(delays)


def test_restarts_make_no_herd(feed: Feed) -> None:
    delays = {
        delay(after_success(feed, POLLED, answer(), "new", POLICY, Random(seed)))
        for seed in range(50)
    }
    assert max(delays) - min(delays) > 90


def test_a_feed_that_brings_much_is_asked_often() -> None:
    brought = [NOW - timedelta(minutes=10 * number) for number in range(50)]
    assert delay(after(state=FeedState(), news=News(50, brought))) < 450


def test_a_feed_that_brings_little_is_asked_seldom() -> None:
    brought = [NOW - timedelta(days=number) for number in range(12)]
    first = after(state=FeedState(), news=News(12, brought))
    assert delay(after(state=first)) > 1500


@given(
    new=st.integers(0, 10_000),
    gap=st.integers(0, 10_000_000),
    polls=st.integers(1, 5),
    seed=st.integers(0, 10),
)
def test_the_interval_stays_within_its_bounds(new: int, gap: int, polls: int, seed: int) -> None:
    state = POLLED
    for number in range(polls):
        now = NOW + timedelta(seconds=gap * number)
        fetched = replace(answer(), fetched_at=now)
        state = after_success(QUIET, state, fetched, "new", POLICY, Random(seed), News(new))
        assert state.next_due is not None
        wait = (state.next_due - now).total_seconds()
        assert POLICY.shortest_seconds * 0.899 <= wait <= POLICY.longest_seconds * 1.101


@pytest.mark.parametrize(
    ("fetched", "seconds"),
    [
        (answer(cache_control="max-age=7200"), 7200),
        (answer(expires="Sun, 01 Mar 2026 12:00:00 GMT"), 3 * 3600),
        (answer(cache_control="max-age=99999999"), 86400),
    ],
)
def test_how_long_an_answer_is_fresh_is_the_least_wait(fetched: Fetched, seconds: float) -> None:
    assert seconds <= delay(after(fetched=fetched)) <= seconds * 1.1


def test_what_a_document_asks_for_holds_until_the_next_document() -> None:
    state = after(news=News(1, hints=encode_hints(PublisherHints(seconds=3600))))
    assert delay(after(state=state)) >= 3600
    assert delay(after(state=state, news=News(0))) < 3600


def test_a_feed_is_not_asked_in_an_hour_that_it_skips() -> None:
    hints = encode_hints(PublisherHints(hours=frozenset({9, 10, 11})))
    due = after(news=News(1, hints=hints)).next_due
    assert due is not None
    assert due.hour == 12


def test_the_time_of_the_last_change_is_that_of_the_last_news() -> None:
    before = replace(POLLED, changed_at=NOW - timedelta(days=1))
    assert after(state=before, news=News(0)).changed_at == before.changed_at
    assert after(state=before, news=News(1)).changed_at == NOW


def test_validators_are_remembered(feed: Feed) -> None:
    state = planned(feed, FeedState(), answer(etag='"1"', last_modified="yesterday"))
    assert (state.etag, state.last_modified) == ('"1"', "yesterday")


def test_validators_that_an_answer_leaves_out_are_forgotten(feed: Feed) -> None:
    assert planned(feed, FeedState(etag='"1"'), answer()).etag is None


@pytest.mark.parametrize("value", ['"خبر"', '"\x01"', '"' + "a" * 5_000 + '"', ""])
def test_a_validator_that_no_request_can_carry_is_not_remembered(feed: Feed, value: str) -> None:
    state = planned(feed, FeedState(), answer(etag=value, last_modified=value))
    assert (state.etag, state.last_modified) == (None, None)


def test_validators_outlive_an_answer_of_not_modified(feed: Feed) -> None:
    assert planned(feed, FeedState(etag='"1"'), answer(304), None).etag == '"1"'


def test_a_permanent_redirect_is_remembered(feed: Feed) -> None:
    state = planned(feed, FeedState(), answer(moved_to="https://b.example/"))
    assert (state.moved_to, state.moved_seen) == ("https://b.example/", 1)


def test_a_good_poll_ends_a_row_of_failures(feed: Feed) -> None:
    state = planned(feed, FeedState(failures=3, last_error="no route"), answer())
    assert (state.failures, state.last_error) == (0, None)


def test_validators_outlive_a_failure(feed: Feed) -> None:
    assert failed(feed, FeedState(etag='"1"')).etag == '"1"'


@given(failures=st.integers(0, 100), seed=st.integers(0, 100))
def test_the_wait_doubles_with_each_failure_up_to_the_longest(failures: int, seed: int) -> None:
    feed = Feed("a", "https://a.example/", "", "", "XX", "UTC")
    ceiling = min(3600.0, 30 * 2.0**failures)
    wait = delay(failed(feed, FeedState(failures=failures), seed))
    assert ceiling / 2 - 0.001 <= wait <= ceiling + 0.001


def test_what_the_server_asks_for_is_the_least_wait(feed: Feed) -> None:
    assert delay(failed(feed, FeedState(), floor=5000)) == 5000


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Sun, 01 Mar 2026 09:02:00 GMT", 120),
        ("Sun, 01 Mar 2026 08:00:00 GMT", 0),
        ("99999999999", 7 * 86400),
        ("soon", 0),
        ("", 0),
        ("٣", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float) -> None:
    assert retry_after_seconds(answer(503, retry_after=value)) == seconds


def test_retry_after_of_a_good_answer_is_honoured(feed: Feed) -> None:
    assert delay(planned(feed, FeedState(), answer(retry_after="7200"))) == 7200


def cut(feed: Feed, state: FeedState, fetched: Fetched | None = None) -> FeedState:
    return after_cut(feed, state, fetched or answer(etag='"2"'), "cut off", POLICY, Random(1))


def test_a_cut_document_is_a_failure_that_is_told(feed: Feed) -> None:
    state = cut(feed, FeedState(failures=2))
    assert (state.failures, state.last_error) == (3, "cut off")


def test_the_validators_of_a_cut_document_are_not_remembered(feed: Feed) -> None:
    state = cut(feed, FeedState(etag='"1"', body_hash="whole"))
    assert (state.etag, state.body_hash) == ('"1"', "whole")


def test_the_rest_of_a_cut_document_is_asked_for_soon(feed: Feed) -> None:
    assert delay(cut(feed, FeedState())) <= 30


def test_a_feed_that_is_always_cut_is_polled_at_its_interval(feed: Feed) -> None:
    assert delay(cut(feed, replace(POLLED, failures=50))) == pytest.approx(900, rel=0.11)


def test_a_feed_that_moved_and_is_cut_stays_where_it_moved(feed: Feed) -> None:
    moved = FeedState(moved_to="https://b.example/", moved_seen=3)
    assert (cut(feed, moved).moved_to, cut(feed, moved).moved_seen) == ("https://b.example/", 3)


@pytest.mark.parametrize("failures", [0, 1, 8, 14, 15, 1000])
@pytest.mark.parametrize("kind", ["missing", "dns"])
def test_a_feed_that_is_not_there_waits_up_to_a_week(
    feed: Feed, kind: FailureKind, failures: int
) -> None:
    state = FeedState(failures=failures)
    after = after_failure(feed, state, "404", 0, POLICY, NOW, Random(1), kind)
    ceiling = min(7 * 86400, 30 * 2.0 ** min(failures, 30))
    assert ceiling / 2 <= delay(after) <= ceiling


def test_a_feed_that_is_gone_is_not_due_again(feed: Feed) -> None:
    after = after_failure(feed, FeedState(), "410", 0, POLICY, NOW, Random(1), "gone")
    assert (after.ended, after.next_due) == (True, None)


def test_a_good_poll_brings_an_ended_feed_back(feed: Feed) -> None:
    assert not planned(feed, FeedState(ended=True, failure="gone"), answer()).ended


def test_retry_after_of_a_cut_document_is_honoured(feed: Feed) -> None:
    assert delay(cut(feed, FeedState(), answer(retry_after="7200"))) == 7200
