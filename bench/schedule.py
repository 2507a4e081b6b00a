"""Polls spent and delay from publication to pickup: the adaptive interval against fixed ones.

Feeds are simulated with the hours and weekdays at which outlets really published (ANT has dates,
SaudiNewsNet the times at which articles were captured); the plans are those of
`ingest.schedule.next_poll`, the same code that runs in the daemon, on simulated time.

    python -m bench.schedule --data ../shared/data/news --plot docs/schedule.svg
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import fmean, quantiles

from dateutil import parser as dates

from config.model import Feed
from ingest.model import FeedState, Fetched
from ingest.schedule.next_poll import after_success
from ingest.schedule.outcome import News
from ingest.schedule.policy import PollPolicy

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 28
LEARNING_DAYS = 7  # not counted
WINDOW = 30  # items that a feed shows
FEED = Feed("simulated", "https://news.example/feed", "", "", "XX", "UTC")
WEEK_HOURS = 7 * 24
FIXED = 900.0
BASES = (450.0, 600.0, 900.0, 1350.0, 1800.0, 2700.0)
CLASSES = ((0.0, 2.0), (2.0, 10.0), (10.0, 50.0), (50.0, 1e9))


@dataclass(frozen=True, slots=True)
class Spent:
    """What a policy spent on a feed and how late its articles were.

    Attributes:
        polls: in the days that count.
        delays: seconds from publication to pickup of each article published in these days.
    """

    polls: int
    delays: Sequence[float]


def profiles(folder: Path) -> list[list[float]]:
    """Return for each outlet the share of its articles in each hour of the week, from Monday."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for name, field in (("ant", "date"), ("saudinewsnet", "date_extracted")):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                try:
                    at = dates.parse(article[field])
                except (ValueError, KeyError, OverflowError):
                    continue
                at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
                counted[article["source"]][at.weekday() * 24 + at.hour] += 1
    found = []
    for hours in counted.values():
        total = sum(hours.values())
        if total >= 1000:
            # Half of the evenness that a small sample lacks is put back.
            found.append([(hours[h] + 0.5) / (total + 0.5 * WEEK_HOURS) for h in range(WEEK_HOURS)])
    return found


def publications(profile: Sequence[float], a_day: float, random: Random) -> list[datetime]:
    """Draw the times at which a feed publishes: a Poisson process with an outlet's hours."""
    times = []
    for hour in range(DAYS * 24):
        at = START + timedelta(hours=hour)
        expected = a_day * 7 * profile[at.weekday() * 24 + at.hour]
        for _ in range(_poisson(expected, random)):
            times.append(at + timedelta(seconds=random.uniform(0, 3600)))
    return sorted(times)


def _poisson(mean: float, random: Random) -> int:
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def poll_times(
    policy: PollPolicy, times: Sequence[datetime], feed: Feed, random: Random
) -> Iterator[datetime]:
    """Yield when a feed is polled, by the plans of the daemon itself."""
    state, now, seen = FeedState(), START + timedelta(days=1), 0
    end = START + timedelta(days=DAYS)
    while now < end:
        yield now
        published = bisect_right(times, now)
        new = times[max(seen, published - WINDOW) : published]
        seen = published
        answer = Fetched(feed.url, feed.url, None, 200, {}, b"", 0.1, now)
        news = News(len(new), new) if new or state.polled_at is None else None
        state = after_success(feed, state, answer, "x", policy, random, news)
        assert state.next_due is not None
        now = state.next_due


def spent(policy: PollPolicy, times: Sequence[datetime], feed: Feed, random: Random) -> Spent:
    """Simulate one feed."""
    counted_from = START + timedelta(days=LEARNING_DAYS)
    polls = list(poll_times(policy, times, feed, random))
    delays = []
    for at in times:
        picked = bisect_right(polls, at)
        if at >= counted_from and picked < len(polls):
            delays.append((polls[picked] - at).total_seconds())
    return Spent(sum(at >= counted_from for at in polls), delays)


def _row(name: str, results: Sequence[Spent], feeds_days: float) -> tuple[float, float]:
    delays = [delay for each in results for delay in each.delays]
    polls = sum(each.polls for each in results) / feeds_days
    mean, deciles = fmean(delays), quantiles(delays, n=10)
    print(f"| {name} | {polls:.1f} | {mean:,.0f} | {deciles[4]:,.0f} | {deciles[8]:,.0f} |")
    return polls, mean


def main() -> None:
    """Simulate and print the tables of `bench/README.md`."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data/news"))
    arguments.add_argument("--feeds", type=int, default=240)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--plot", type=Path)
    chosen = arguments.parse_args()
    random = Random(chosen.seed)
    outlets = profiles(chosen.data)
    rates = [min(300.0, math.exp(random.gauss(math.log(8), 1.6))) for _ in range(chosen.feeds)]
    feeds = [publications(random.choice(outlets), rate, random) for rate in rates]
    print(
        f"{len(feeds)} feeds, {len(outlets)} outlets' hours, "
        f"{sum(map(len, feeds)) / DAYS / len(feeds):.1f} articles a feed and day"
    )
    feeds_days = len(feeds) * (DAYS - LEARNING_DAYS)

    def run(policy: PollPolicy, feed: Feed) -> list[Spent]:
        return [spent(policy, times, feed, Random(n)) for n, times in enumerate(feeds)]

    print("\n| policy | polls a feed and day | mean delay, s | p50 | p90 |")
    print("| --- | ---: | ---: | ---: | ---: |")
    fixed, adaptive = [], []
    every = run(PollPolicy(FIXED, 30, 3600), _fixed(FIXED))
    standard: list[Spent] = []
    for base in BASES:
        fixed.append(
            _row(f"fixed, {base:.0f} s", run(PollPolicy(base, 30, 3600), _fixed(base)), feeds_days)
        )
    for base in BASES:
        results = run(PollPolicy(base, 30, 3600), FEED)
        adaptive.append(_row(f"adaptive, base {base:.0f} s", results, feeds_days))
        standard = results if base == FIXED else standard
    print("\n| articles a day | feeds | polls, fixed 900 s | adaptive | delay, fixed | adaptive |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for least, most in CLASSES:
        chosen_feeds = [n for n, rate in enumerate(rates) if least <= rate < most]
        cells = [f"{least:g} to {most:g}" if most < 1e9 else f"over {least:g}"]
        cells.append(str(len(chosen_feeds)))
        both = [[results[n] for n in chosen_feeds] for results in (every, standard)]
        days = len(chosen_feeds) * (DAYS - LEARNING_DAYS)
        cells += [f"{sum(each.polls for each in results) / days:.0f}" for results in both]
        for results in both:
            cells.append(f"{fmean([d for each in results for d in each.delays]):,.0f}")
        print("| " + " | ".join(cells) + " |")
    if chosen.plot:
        _plot(chosen.plot, fixed, adaptive)


def _fixed(seconds: float) -> Feed:
    return Feed(FEED.id, FEED.url, "", "", "XX", "UTC", interval_seconds=int(seconds))


def _plot(
    path: Path, fixed: Sequence[tuple[float, float]], adaptive: Sequence[tuple[float, float]]
) -> None:
    from matplotlib import pyplot  # noqa: PLC0415 - only who draws needs it

    figure, axes = pyplot.subplots(figsize=(6, 4))
    for points, name in ((fixed, "fixed"), (adaptive, "adaptive")):
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(xlabel="polls a feed and day", ylabel="mean delay, s", xscale="log", yscale="log")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)


if __name__ == "__main__":
    main()
