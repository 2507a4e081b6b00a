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
class Rhythm:
    """What was learnt of a feed.

    Attributes:
        day: the day since 1970-01-01 (UTC) up to which weights have been lowered.
        days: how long the feed has been watched, with weights.
        counts: articles by hour of the day (UTC), with weights.
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


def learn(rhythm: Rhythm | None, since: datetime | None, now: datetime, articles: int) -> Rhythm:
    """Take into account what a poll brought.

    Args:
        rhythm: before the poll, or None.
        since: the last good poll; None where there was none, then nothing is learnt.
        now: of this poll, aware UTC.
        articles: that are new since.
    """
    rhythm = _aged(rhythm or Rhythm(_day(now)), now)
    if since is None or now <= since:
        return rhythm
    watched = min(now - since, _LONGEST_HISTORY)
    if not articles:
        return replace(rhythm, days=rhythm.days + watched / DAY)
    counts = list(rhythm.counts)
    # It is not known when in between they appeared.
    counts[(now - watched / 2).hour] += articles
    return replace(rhythm, days=rhythm.days + watched / DAY, counts=tuple(counts))


def learn_history(published: Sequence[datetime], now: datetime) -> Rhythm:
    """Learn from the dates of a document that is read for the first time.

    Args:
        published: of its entries, aware UTC; those of the future and of long ago do not count.
        now: aware UTC.

    Returns:
        What the last days show; nothing where fewer than three dates can be used.
    """
    rhythm = Rhythm(_day(now))
    recent = sorted(at for at in published if now - _LONGEST_HISTORY < at <= now)
    # A feed that gives all of its items one date says nothing of its rhythm.
    if len(recent) < 3 or recent[-1] - recent[0] < timedelta(minutes=30):
        return rhythm
    for before, at in pairwise([recent[0], *recent[1:]]):
        rhythm = learn(rhythm, before, at, 0)
        counts = list(rhythm.counts)
        counts[at.hour] += 1
        rhythm = replace(rhythm, counts=tuple(counts))
    return learn(rhythm, recent[-1], now, 0)


def interval_seconds(rhythm: Rhythm, now: datetime, base_seconds: float) -> float:
    """Return how long after a poll the next one is worth while.

    Args:
        rhythm: of the feed.
        now: of the poll, aware UTC.
        base_seconds: the interval of a feed that brings `REFERENCE_RATE` articles a day.

    Returns:
        The time in which ∫√λ grows as much as in `base_seconds` at the reference rate; at most
        seven days.
    """
    left = base_seconds * math.sqrt(REFERENCE_RATE)
    weights = [math.sqrt(rate) for rate in rhythm.rates()]
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


def encode_rhythm(rhythm: Rhythm) -> str:
    """Return a rhythm as text of less than 200 characters: day, days, then the 24 counts."""
    return _TEXT % (rhythm.day, rhythm.days, *rhythm.counts)


def decode_rhythm(text: str | None) -> Rhythm | None:
    """Read a rhythm; None where the text is none of this version, for it is learnt again."""
    try:
        day, days, *counts = (text or "").split(" ")
        rhythm = Rhythm(int(day), float(days), tuple(map(float, counts)))
    except ValueError:
        return None
    usable = all(math.isfinite(each) and each >= 0 for each in (rhythm.days, *rhythm.counts))
    return rhythm if usable and len(rhythm.counts) == _HOURS else None


def _aged(rhythm: Rhythm, now: datetime) -> Rhythm:
    """Lower the weights of the days before today."""
    passed = _day(now) - rhythm.day
    if passed <= 0:
        return rhythm
    weight = math.exp(-passed / MEMORY_DAYS)
    counts = tuple(count * weight for count in rhythm.counts)
    return Rhythm(_day(now), rhythm.days * weight, counts)


def _day(now: datetime) -> int:
    return int(now.astimezone(UTC).timestamp() // 86400)
