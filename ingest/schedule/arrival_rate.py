"""How often a feed brings news, learnt from its polls, and when it is worth while to ask it next.

A poll costs the same whether it brings news or not, and an article waits for the next poll. With a
rate of λ(t) articles a day, the polls that make articles wait least for a given number of polls lie
where the integral of √λ grows by the same amount from one to the next: for a steady rate that is
the square-root law, an interval ∝ 1/√λ (cf. Cho and Garcia-Molina, "Effective page refresh policies
for Web crawlers", ACM TODS 28(4), 2003). Rates are counted by hour of the day (UTC), each day with
less weight than the one after it. Pure; what is done with the interval is
`ingest.schedule.next_poll`'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

DAY = timedelta(days=1)
MEMORY_DAYS = 10.0
"""A day of so long ago has a third of the weight of today."""

REFERENCE_RATE = 24.0
"""Articles a day at which a feed is asked at the base interval."""

_PRIOR_DAYS = 0.25  # what is believed of a feed that nothing is known of: the reference rate
_SMOOTHING = 3.0  # articles in each hour of the day that are believed before any was seen
_LEAST_RATE = 1e-3  # articles a day
_LONGEST_HISTORY = timedelta(days=14)
_HOURS = 24
_TEXT = " ".join(["%d", *["%.3g"] * (1 + _HOURS)])


@dataclass(frozen=True, slots=True)
class ArrivalRate:
    """How many articles a feed brings at which hour of the day, as learnt from its polls.

    Attributes:
        day: the day since 1970-01-01 (UTC) up to which weights have been lowered.
        days: weighted days for which the feed has been watched.
        counts: weighted articles by hour of the day (UTC).
    """

    day: int
    days: float = 0.0
    counts: tuple[float, ...] = (0.0,) * _HOURS

    def rates(self) -> tuple[float, ...]:
        """Return the articles a day at the rate of each hour of the day (UTC)."""
        total = sum(self.counts)
        overall = (total + REFERENCE_RATE * _PRIOR_DAYS) / (self.days + _PRIOR_DAYS)
        flat = total / _HOURS + _SMOOTHING
        return tuple(
            max(_LEAST_RATE, overall * (count + _SMOOTHING) / flat) for count in self.counts
        )


def learn(
    rate: ArrivalRate | None, since: datetime | None, now: datetime, articles: int
) -> ArrivalRate:
    """Take into account what a poll brought.

    Args:
        rate: before the poll, or None.
        since: the last good poll; None where there was none, then nothing is learnt.
        now: of this poll, aware UTC.
        articles: that are new since.
    """
    rate = _aged(rate or ArrivalRate(_day(now)), now)
    if since is None or now <= since:
        return rate
    watched = min(now - since, _LONGEST_HISTORY)
    if not articles:
        return replace(rate, days=rate.days + watched / DAY)
    counts = list(rate.counts)
    # It is not known when in between they appeared.
    counts[(now - watched / 2).hour] += articles
    return replace(rate, days=rate.days + watched / DAY, counts=tuple(counts))


def learn_history(published: Sequence[datetime], now: datetime) -> ArrivalRate:
    """Learn from the dates of a document that is read for the first time.

    Args:
        published: of its entries, aware UTC; those of the future and of long ago do not count.
        now: aware UTC.

    Returns:
        What the last days show; nothing where fewer than three dates can be used.
    """
    rate = ArrivalRate(_day(now))
    recent = sorted(at for at in published if now - _LONGEST_HISTORY < at <= now)
    # A feed that gives all of its items one date says nothing of when it publishes.
    if len(recent) < 3 or recent[-1] - recent[0] < timedelta(minutes=30):
        return rate
    for before, at in pairwise([recent[0], *recent[1:]]):
        rate = learn(rate, before, at, 0)
        counts = list(rate.counts)
        counts[at.hour] += 1
        rate = replace(rate, counts=tuple(counts))
    return learn(rate, recent[-1], now, 0)


def interval_seconds(rate: ArrivalRate, now: datetime, base_seconds: float) -> float:
    """Return how long after a poll the next one is worth while.

    Args:
        rate: of the feed.
        now: of the poll, aware UTC.
        base_seconds: the interval of a feed that brings `REFERENCE_RATE` articles a day.

    Returns:
        The time in which ∫√λ grows as much as in `base_seconds` at the reference rate; at most
        seven days.
    """
    left = base_seconds * math.sqrt(REFERENCE_RATE)
    weights = [math.sqrt(hourly) for hourly in rate.rates()]
    whole_day = sum(weights) * 3600
    days = min(7, int(left // whole_day))
    left -= days * whole_day
    waited = days * 86400.0
    hour, in_hour = now.hour, now.minute * 60 + now.second + now.microsecond / 1e6
    while waited < 7 * 86400:
        rest = 3600 - in_hour
        if left <= weights[hour] * rest:
            return waited + left / weights[hour]
        left -= weights[hour] * rest
        waited += rest
        hour, in_hour = (hour + 1) % _HOURS, 0.0
    return 7 * 86400.0


def encode_arrival_rate(rate: ArrivalRate) -> str:
    """Return an arrival rate as text of less than 200 characters: day, days, then the 24 counts."""
    return _TEXT % (rate.day, rate.days, *rate.counts)


def decode_arrival_rate(text: str | None) -> ArrivalRate | None:
    """Read an arrival rate; None where the text is none of this version, for it is learnt again."""
    try:
        day, days, *counts = (text or "").split(" ")
        rate = ArrivalRate(int(day), float(days), tuple(map(float, counts)))
    except ValueError:
        return None
    usable = all(math.isfinite(n) and n >= 0 for n in (rate.days, *rate.counts))
    return rate if usable and len(rate.counts) == _HOURS else None


def _aged(rate: ArrivalRate, now: datetime) -> ArrivalRate:
    """Lower the weights of the days before today."""
    passed = _day(now) - rate.day
    if passed <= 0:
        return rate
    weight = math.exp(-passed / MEMORY_DAYS)
    counts = tuple(count * weight for count in rate.counts)
    return ArrivalRate(_day(now), rate.days * weight, counts)


def _day(now: datetime) -> int:
    return int(now.astimezone(UTC).timestamp() // 86400)
