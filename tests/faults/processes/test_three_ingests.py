"""Three ingest processes share the feeds of one Redis; one is killed, and nothing is missed."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from config.feed_list import save_feeds
from ingest.streams.entries import decode_entry
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.behaviour import Arrival, Behaviour, Slow, Spell
from tests.support.farm.content.articles import key_of
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread
from tests.support.faults.loaded_wire import many_articles

KEYS = Keys(0)
FEEDS = 60
EACH = 12
LEASE_SECONDS = 1.5


def queued(client: redis.Redis) -> Counter[str | None]:
    """Count the entries on the stream by their name in the farm."""
    messages = messages_of_range(client.xrange(KEYS.entries))
    return Counter(key_of(decode_entry(message.fields[b"data"]).url) for message in messages)


def polling(farm: Farm) -> set[str]:
    """Return the contacts of the processes that have asked the farm lately."""
    seen = (request for feed in farm.feeds() for request in farm.requests(feed.id))
    return {request.headers["user-agent"].partition("+")[2].rstrip(")") for request in seen}


@pytest.mark.load
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_one_of_three_is_killed_and_every_entry_comes_once(server_url: str, tmp_path: Path) -> None:
    # Half of the items are there at once; answers that take their time leave polls in flight.
    slow = Behaviour(arrival=Arrival(initial=EACH // 2), spells=(Spell(Slow(0.2), every=2),))
    farm = Farm(many_articles(FEEDS * EACH), FEEDS, behaviours=[slow])
    settings = {
        "NABAA_REDIS_URL": server_url,
        "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_TICK_SECONDS": "0.1",
        "NABAA_POLL_INTERVAL_SECONDS": "0.5",
        "NABAA_FETCH_TIMEOUT_SECONDS": "1.4",
        "NABAA_LEASE_SECONDS": str(LEASE_SECONDS),
        "NABAA_FETCH_CONCURRENCY": "8",
    }
    with redis.Redis.from_url(server_url) as client, run_farm_in_thread(farm), ExitStack() as stack:
        feeds = [replace(feed, interval_seconds=None) for feed in farm.feeds()]
        save_feeds(tmp_path / "feeds.yaml", feeds)
        first, second, third = [
            stack.enter_context(
                Daemon(
                    "ingest",
                    settings={**settings, "NABAA_CONTACT": name},
                    log=tmp_path / f"{name}.log",
                )
            )
            for name in ("first", "second", "third")
        ]
        eventually(lambda: polling(farm) == {"first", "second", "third"}, 60)
        second.kill()
        asked = {feed.id: farm.counters(feed.id).requests for feed in feeds}
        for feed in feeds:
            farm.advance(feed.id, EACH)
        # Those that the dead process had taken come back after its lease, and go on.
        eventually(
            lambda: all(farm.counters(feed.id).requests > asked[feed.id] + 1 for feed in feeds), 60
        )
        eventually(lambda: client.xlen(KEYS.entries) >= FEEDS * EACH, 60)
        for daemon in (first, third):
            daemon.stop()
        assert queued(client) == Counter(entry.key for entry in farm.expected())
        late = client.zcount(KEYS.due, "-inf", float(client.time()[0]) - 60)
        assert (client.zcard(KEYS.due), late) == (FEEDS, 0)
