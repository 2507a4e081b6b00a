"""The simulation of scaling says what queueing theory says where that can say it."""

from __future__ import annotations

import pytest

from bench.queues import Load, Times, simulate

ARTICLES = 60_000


def test_one_exponential_server_has_the_delays_of_m_m_1() -> None:
    times = Times(worker=0.01, publish=0.0, read=0.0)
    found = simulate(times, Load(50, 1, 0), ARTICLES, seed=1, variation=1.0)
    # The time in an M/M/1 system is exponential with mean 1 / (mu - lambda) = 20 ms.
    assert found.p50 == pytest.approx(0.02 * 0.6931, rel=0.1)
    assert found.p99 == pytest.approx(0.02 * 4.605, rel=0.2)


def test_a_station_is_busy_for_rate_times_service_time() -> None:
    times = Times(worker=0.012, publish=0.0001, read=0.0001)
    found = simulate(times, Load(400, 8, groups=9, shards=2), ARTICLES, seed=1)
    assert found.workers_busy == pytest.approx(400 * 0.012 / 8, rel=0.03)
    assert found.redis_busy == pytest.approx(400 * 0.001 / 2, rel=0.03)


def test_what_cannot_be_done_in_time_waits_for_ever() -> None:
    times = Times(worker=0.012, publish=0.0, read=0.0)
    late = simulate(times, Load(100, 1, 0), 2_000, seed=1)
    assert late.p50 > 1.0
    assert late.workers_busy > 0.99
