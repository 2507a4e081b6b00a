"""Clocks that jump and clocks that disagree: each article once, and none waits for the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faults.clocks import Clock
from tests.support.faults.loaded_wire import EACH_ONCE, loaded_wire
from tests.support.faults.small_wire import a_server
from tests.support.servers import Server

pytestmark = pytest.mark.load

ARTICLES = 400
HOUR = 3600


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def clocked_server(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A server on a clock of the test's."""
    with a_server(tmp_path / "valkey") as server:
        with monkeypatch.context() as surroundings:
            for name, value in clock.variables.items():
                surroundings.setenv(name, value)
            server.start()
        yield server


@pytest.mark.parametrize("hours", [1, -1], ids=["forward", "back"])
def test_a_clock_that_jumps_an_hour_loses_nothing_and_doubles_nothing(
    clocked_server: Server, clock: Clock, tmp_path: Path, hours: int
) -> None:
    # One clock for all: the machine's, as when its time is set.
    variables = dict.fromkeys(("ingest", "work", "subscribe"), clock.variables)
    with loaded_wire(
        clocked_server.url, tmp_path, ARTICLES, shown=ARTICLES // 2, variables=variables
    ) as wire:
        wire.until_published(ARTICLES // 4)
        clock.set(hours * HOUR)
        wire.until_published(ARTICLES // 2)
        wire.show_the_rest()
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_hosts_whose_clocks_are_a_minute_apart_share_the_work(
    server_url: str, tmp_path: Path
) -> None:
    fast, slow = Clock(tmp_path / "fast"), Clock(tmp_path / "slow")
    fast.set(30)
    slow.set(-30)
    variables = {"ingest": fast.variables, "work": slow.variables, "subscribe": fast.variables}
    with loaded_wire(server_url, tmp_path, ARTICLES, variables=variables) as wire:
        wire.until_all()
        assert wire.outcome() == EACH_ONCE
