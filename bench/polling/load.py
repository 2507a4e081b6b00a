"""The feeds that are polled, and what Redis knows of them when the measurement begins."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import redis

from bench.parsing import answer
from bench.polling.web import Mix, has_validators, make_bodies
from config.model import Feed
from ingest.model import FeedState
from ingest.parse.fast.reader import read_fast
from ingest.streams.feed_state import encode_state
from nabaa.streams.keys import Keys

KEYS = Keys(0)
FEEDS_PER_HOST = 5
MIXES = {
    "mixed": Mix(),
    "304": Mix(validators=1, news=0, failing=0),
    "same": Mix(validators=0, news=0, failing=0),
    "new": Mix(validators=1, news=1, failing=0),
    "failed": Mix(validators=1, news=0, failing=1),
}


@dataclass(frozen=True, slots=True)
class Load:
    """One run.

    Attributes:
        feeds: how many.
        interval_seconds: between polls of each.
        window_seconds: how long is measured.
        mix: name of what becomes of the polls.
        polite: whether the gap at a host holds; with a very short interval it cannot.
        profile: file for a profile of the window, or None.
    """

    feeds: int
    interval_seconds: int
    window_seconds: float
    mix: str = "mixed"
    polite: bool = False
    profile: str | None = None


def make_feeds(load: Load, port: int) -> list[Feed]:
    """Return the list: five feeds at each host."""
    return [
        Feed(
            id=f"f{number}",
            url=f"http://h{number // FEEDS_PER_HOST}.bench.example:{port}/{number}",
            title="أخبار",
            outlet="صحيفة",
            country="JO",
            timezone="Asia/Amman",
            interval_seconds=load.interval_seconds,
        )
        for number in range(load.feeds)
    ]


def settle(client: redis.Redis, feeds: Sequence[Feed], load: Load) -> None:
    """Put into Redis what a first poll of each feed leaves there, spread over an interval."""
    known = []
    for body in make_bodies():
        reading = read_fast(answer(body), feeds[0])
        assert reading is not None
        digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        known.append((digest, reading.fingerprints))
    random = Random(3)
    # Behind the start of the process, which is a matter of its own.
    begin = time.time() + 5 + load.feeds / 10_000
    pipe = client.pipeline(transaction=False)
    for number, feed in enumerate(feeds):
        digest, marks = known[number % len(known)]
        due = begin + random.uniform(0, load.interval_seconds)
        instant = datetime.fromtimestamp(due, UTC)
        state = FeedState(
            url=feed.url,
            etag='"0"' if has_validators(number, MIXES[load.mix]) else None,
            body_hash=digest,
            interval_seconds=float(load.interval_seconds),
            polled_at=instant - timedelta(seconds=load.interval_seconds),
            changed_at=instant - timedelta(seconds=load.interval_seconds),
            next_due=instant,
        )
        seen_at = f"{due - load.interval_seconds:.6f}"
        pipe.hset(KEYS.feed(feed.id), mapping={"state": encode_state(state), "seen_at": seen_at})
        pipe.zadd(KEYS.due, {feed.id: due})
        pipe.zadd(KEYS.seen(feed.id), dict.fromkeys(marks, float(seen_at)))
        if number % 1_000 == 999:
            pipe.execute()
    pipe.execute()
