"""Whose turn it is at a host: pages wait without keeping the feeds from their host."""

from __future__ import annotations

from ingest.pages.turns import HostTurns


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_of_the_pages_of_one_host_one_asks_and_the_others_come_one_by_one() -> None:
    turns = HostTurns(1.0, Clock())
    turns.begin_round()
    assert [turns.take("sabah.example", waited=False) for _ in range(4)] == [0, 1, 2, 3]
    assert turns.take("masa.example", waited=False) == 0


def test_who_comes_back_at_its_time_asks() -> None:
    clock = Clock()
    turns = HostTurns(1.0, clock)
    turns.begin_round()
    turns.take("sabah.example", waited=False)
    clock.now += turns.take("sabah.example", waited=False)
    turns.begin_round()
    assert turns.take("sabah.example", waited=False) == 0


def test_nobody_asks_behind_one_that_was_promised_a_later_time() -> None:
    turns = HostTurns(1.0, Clock())
    turns.begin_round()
    turns.take("sabah.example", waited=False)
    turns.promise("sabah.example", 30)
    assert turns.take("sabah.example", waited=False) == 31
    assert turns.take("sabah.example", waited=True) == 0


def test_this_machine_needs_no_turns() -> None:
    turns = HostTurns(1.0, Clock())
    turns.begin_round()
    assert [turns.take("127.0.0.1", waited=False) for _ in range(3)] == [0, 0, 0]
