"""What tells a receiver that is down from an article that it does not take."""

from __future__ import annotations

import pytest

from workers.outputs.receiver import LONGEST_PAUSE_SECONDS, MOST_FAILED, ReceiverHealth


def fail(health: ReceiverHealth, message_id: str, now: float, wait: float = 0.0) -> bool:
    return health.note_failure(message_id, began=now, now=now, wait_seconds=wait, own=True)


def test_the_first_failure_is_nobodys_own_and_holds_up_no_other() -> None:
    health = ReceiverHealth()
    assert not fail(health, "1-0", 10.0)
    assert not health.is_down
    assert health.resumes_at > 10.0


def test_an_article_that_failed_while_another_was_taken_is_to_blame_from_then_on() -> None:
    health = ReceiverHealth()
    fail(health, "1-0", 10.0)
    health.note_alive("2-0", 11.0)
    assert fail(health, "1-0", 12.0)
    assert not health.is_down


def test_an_article_that_fails_while_others_are_taken_meanwhile_is_suspected_at_once() -> None:
    health = ReceiverHealth()
    health.note_alive("2-0", 11.0)
    assert not health.note_failure("1-0", began=10.0, now=15.0, wait_seconds=0.0, own=True)
    assert health.is_suspect("1-0")
    assert health.resumes_at == 0.0
    assert fail(health, "1-0", 16.0)


def test_many_articles_that_fail_in_a_row_mean_that_the_receiver_is_down() -> None:
    health = ReceiverHealth()
    for number in range(MOST_FAILED):
        assert not health.is_down
        fail(health, f"{number}-0", 10.0 + number / 100)
    assert health.is_down


def test_one_article_that_fails_again_with_no_other_taken_means_that_the_receiver_is_down() -> None:
    health = ReceiverHealth()
    fail(health, "1-0", 10.0)
    fail(health, "1-0", 12.0)
    assert health.is_down


def test_after_an_outage_nothing_that_failed_in_it_is_to_blame() -> None:
    health = ReceiverHealth()
    for now in (10.0, 12.0, 15.0):
        fail(health, "0-0", now)
    health.note_alive("2-0", 11.0)
    assert not fail(health, "0-0", 20.0)


def test_what_was_on_its_way_when_a_pause_began_makes_it_no_longer() -> None:
    health = ReceiverHealth()
    for number in range(MOST_FAILED):
        health.note_failure(f"{number}-0", 9.0, 10.0, 0.0, own=True)
    resumes_at = health.resumes_at
    health.note_failure("99-0", began=9.0, now=resumes_at - 0.1, wait_seconds=0.0, own=True)
    assert health.resumes_at == resumes_at
    health.note_alive("100-0", 11.0)
    assert fail(health, "99-0", 20.0)


def test_pauses_grow_to_a_minute() -> None:
    health = ReceiverHealth()
    now = 0.0
    for _ in range(100):
        fail(health, "1-0", now)
        pause = health.resumes_at - now
        now = health.resumes_at + 0.1
    assert pause == pytest.approx(LONGEST_PAUSE_SECONDS)


@pytest.mark.parametrize("asked", [30.0, 3600.0])
def test_a_receiver_is_left_alone_for_as_long_as_it_asks(asked: float) -> None:
    health = ReceiverHealth()
    fail(health, "1-0", 10.0, asked)
    assert health.resumes_at == 10.0 + asked


def test_a_failure_of_the_receiver_alone_makes_no_article_suspect() -> None:
    health = ReceiverHealth()
    health.note_failure("1-0", 10.0, 10.0, 0.0, own=False)
    assert health.is_down
    health.note_alive("2-0", 11.0)
    assert not health.is_suspect("1-0")
