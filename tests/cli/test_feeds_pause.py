"""`nabaa feeds pause` and `resume`, on a wire that runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import redis

from nabaa.streams.keys import SHARDS, Keys
from tests.cli.conftest import Nabaa

# One server is enough here: the due set is tested on both.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


@pytest.fixture
def server(server_url: str) -> Iterator[redis.Redis]:
    """A server of a wire with two shards, which knows a feed in each."""
    with redis.Redis.from_url(server_url) as client:
        client.hset(SHARDS, "count", "2")
        client.zadd(Keys(0).due, {"sabah": 1})
        client.zadd(Keys(1).due, {"masaa": 1})
        yield client


@pytest.fixture
def feeds(nabaa: Nabaa, server_url: str) -> Nabaa:
    return partial(nabaa, "feeds", redis_url=server_url)


def is_paused(server: redis.Redis, shard: int, feed_id: str) -> bool:
    keys = Keys(shard)
    held = server.hexists(keys.feed(feed_id), "paused")
    assert held == (server.zscore(keys.due, feed_id) == float("inf"))
    return bool(held)


def test_feeds_are_paused_and_go_on_in_any_shard(server: redis.Redis, feeds: Nabaa) -> None:
    assert feeds("pause", "sabah", "masaa").out == "paused sabah\npaused masaa\n"
    assert feeds("pause", "masaa").status == 0
    assert (is_paused(server, 0, "sabah"), is_paused(server, 1, "masaa")) == (True, True)
    assert feeds("resume", "masaa").out == "going on: masaa\n"
    assert (is_paused(server, 0, "sabah"), is_paused(server, 1, "masaa")) == (True, False)


def test_where_one_feed_is_not_on_the_wire_none_is_paused(
    server: redis.Redis, feeds: Nabaa
) -> None:
    done = feeds("pause", "sabah", "nobody")
    assert (done.status, "there is no feed nobody" in done.err) == (2, True)
    assert not is_paused(server, 0, "sabah")


def test_status_names_what_is_paused(server: redis.Redis, nabaa: Nabaa, server_url: str) -> None:
    nabaa("feeds", "pause", "sabah", redis_url=server_url)
    assert "sabah" in nabaa("status", redis_url=server_url).out
