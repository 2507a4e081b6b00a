"""The life of a subscription, as pure decisions on a clock of the test's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from ingest.model import FeedState
from ingest.schedule.push_pacing import apply_push_pacing
from ingest.websub.hub_links import Advert
from ingest.websub.subscription import (
    LONGEST_WAIT_SECONDS,
    TRIES_OF_A_HUB,
    HubSubscription,
    is_intended,
    on_advertised,
    on_delivered,
    on_denied,
    on_missed,
    on_refused,
    on_verified,
    prepare_request,
    resume,
    unsubscribe,
)

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
CALLBACK = "https://wire.example/push"
FEED = "https://news.example/feed"
ADVERT = Advert(("https://hub.example/",), FEED, FEED)
TWO_HUBS = Advert(("https://hub.example/", "https://other.example/"), FEED, FEED)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def new() -> HubSubscription:
    held = on_advertised(None, ADVERT, CALLBACK, NOW)
    assert held is not None
    return held


@pytest.fixture
def active(new: HubSubscription) -> HubSubscription:
    asked = prepare_request(new, NOW)
    assert asked is not None
    held = on_verified(asked, 86400, NOW, Random(1))
    assert held is not None
    return held


def test_the_same_hub_seen_again_changes_nothing(active: HubSubscription) -> None:
    assert on_advertised(active, ADVERT, CALLBACK, later(60)) == active


def test_another_hub_is_tried_when_the_first_failed_three_times(new: HubSubscription) -> None:
    failing = replace(new, failures=TRIES_OF_A_HUB)
    tried = on_advertised(failing, TWO_HUBS, CALLBACK, NOW)
    assert tried is not None
    assert tried.hub == TWO_HUBS.hubs[1]
    assert on_advertised(tried, TWO_HUBS, CALLBACK, NOW) == tried


def test_another_hub_is_tried_when_the_first_denied(active: HubSubscription) -> None:
    tried = on_advertised(on_denied(active, "no", NOW), TWO_HUBS, CALLBACK, NOW)
    assert tried is not None
    assert tried.hub == TWO_HUBS.hubs[1]


def test_a_hub_that_works_is_kept_where_others_are_named(active: HubSubscription) -> None:
    failing = replace(active, failures=TRIES_OF_A_HUB)  # to renew; its lease still runs
    assert on_advertised(failing, TWO_HUBS, CALLBACK, NOW) == failing


def test_two_subscriptions_share_no_secret(new: HubSubscription) -> None:
    other = on_advertised(None, ADVERT, CALLBACK, NOW)
    assert other is not None
    assert len({new.token, new.secret, other.token, other.secret}) == 4


def test_nothing_is_asked_before_its_time(active: HubSubscription) -> None:
    assert prepare_request(active, NOW) is active


def test_a_request_is_on_record_before_it_is_sent(new: HubSubscription) -> None:
    asked = prepare_request(new, NOW)
    assert asked is not None
    assert asked.asked_at == NOW
    assert is_intended(asked, "subscribe", ADVERT.topic)


@pytest.mark.parametrize(
    ("mode", "topic"),
    [("unsubscribe", ADVERT.topic), ("subscribe", "https://news.example/Feed"), ("", "")],
)
def test_what_was_not_asked_is_not_intended(new: HubSubscription, mode: str, topic: str) -> None:
    assert not is_intended(prepare_request(new, NOW), mode, topic)


def test_a_verification_counts_once(active: HubSubscription) -> None:
    assert not is_intended(active, "subscribe", ADVERT.topic)


@pytest.mark.parametrize("lease", [600.0, 86400.0, 864000.0])
def test_a_lease_is_renewed_with_a_fifth_of_it_left(new: HubSubscription, lease: float) -> None:
    asked = prepare_request(new, NOW)
    assert asked is not None
    held = on_verified(asked, lease, NOW, Random(1))
    assert held is not None
    assert later(0.6 * lease) <= held.act_at <= later(0.8 * lease)
    assert held.pushed_until == later(lease)


def test_a_hub_that_never_verifies_is_asked_ever_less_often(new: HubSubscription) -> None:
    waits, now, held = [], NOW, new
    for _ in range(12):
        asked = prepare_request(held, now)
        assert asked is not None
        waits.append((asked.act_at - now).total_seconds())
        held, now = asked, asked.act_at
    assert waits[:4] == [600, 1200, 2400, 4800]
    assert waits[-1] == LONGEST_WAIT_SECONDS


def test_a_renewal_that_is_refused_keeps_the_lease(active: HubSubscription) -> None:
    asked = prepare_request(active, active.act_at)
    assert asked is not None
    held = on_refused(asked, asked.asked_at, "HTTP status 500", active.act_at)
    assert held is not None
    assert (held.status, held.pushed_until) == ("active", active.lease_until)
    assert (held.failures, held.last_error) == (1, "HTTP status 500")


def test_a_refusal_that_comes_after_the_verification_changes_nothing(
    active: HubSubscription,
) -> None:
    assert on_refused(active, NOW, "no answer within 30 seconds", later(30)) is active


def test_a_lease_that_ended_is_pushed_no_more(active: HubSubscription) -> None:
    asked = prepare_request(active, later(2 * 86400))
    assert asked is not None
    assert (asked.status, asked.pushed_until) == ("wanted", None)


def test_a_denial_ends_the_lease_and_waits_a_day(active: HubSubscription) -> None:
    held = on_denied(active, "", NOW)
    assert held.pushed_until is None
    assert held.act_at == later(LONGEST_WAIT_SECONDS)
    assert held.last_error == "the hub denied: it gives no reason"


def test_leaving_asks_the_hub_to_end_it(active: HubSubscription) -> None:
    asked = prepare_request(unsubscribe(active, NOW), NOW)
    assert asked is not None
    assert (asked.request, asked.pushed_until) == ("unsubscribe", None)
    assert on_verified(asked, None, NOW, Random(1)) is None


def test_leaving_what_was_never_verified_asks_nobody(new: HubSubscription) -> None:
    assert prepare_request(unsubscribe(new, NOW), NOW) is None


def test_one_that_is_wanted_again_is_asked_for_anew(active: HubSubscription) -> None:
    leaving = unsubscribe(active, NOW)
    assert leaving is not None
    held = resume(leaving, CALLBACK, NOW)
    assert (held.status, held.request, held.token) == ("wanted", "subscribe", active.token)


def test_two_misses_in_a_row_cost_the_trust_and_a_delivery_brings_it_back(
    active: HubSubscription,
) -> None:
    once = on_missed(active)
    assert once is not None
    assert once.pushed_until == active.lease_until
    twice = on_missed(once)
    assert twice is not None
    assert twice.pushed_until is None
    assert on_delivered(twice) == active


@settings(deadline=None, max_examples=60)
@given(planned=st.floats(1, 1e6), lease=st.floats(-1e6, 1e7), safety=st.floats(1, 1e6))
def test_pacing_never_polls_sooner_nor_after_both_plan_and_lease(
    planned: float, lease: float, safety: float
) -> None:
    state = FeedState(polled_at=NOW, next_due=later(planned), pushed_until=later(lease))
    due = apply_push_pacing(state, safety, Random(1)).next_due
    assert due is not None
    assert later(planned) <= due <= max(later(planned), later(lease))
    assert due <= max(later(planned), later(1.1 * safety + 1))


def test_pacing_leaves_a_feed_without_a_hub_alone() -> None:
    state = FeedState(polled_at=NOW, next_due=later(900))
    assert apply_push_pacing(state, 21600, Random(1)) is state
    assert apply_push_pacing(replace(state, next_due=None), 21600, Random(1)).next_due is None
