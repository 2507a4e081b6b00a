"""`nabaa reshard` as who runs a wire calls it."""

from __future__ import annotations

import pytest
import redis

from nabaa.streams.keys import SHARDS, Keys
from tests.cli.conftest import Nabaa

# One server is enough here: both are read in tests/faults.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


@pytest.fixture
def server(server_url: str) -> redis.Redis:
    client = redis.Redis.from_url(server_url)
    client.hset(SHARDS, "count", "1")
    return client


def test_subscriptions_have_streams_on_the_new_shards(
    nabaa: Nabaa, server: redis.Redis, server_url: str
) -> None:
    nabaa("subscriptions", "add", "desk", "--word", "القاهرة", redis_url=server_url)
    assert nabaa("reshard", "--to", "2", redis_url=server_url).status == 0
    assert server.exists(Keys(1).subscription("desk"))


def test_a_shard_that_is_back_keeps_its_articles(
    nabaa: Nabaa, server: redis.Redis, server_url: str
) -> None:
    nabaa("subscriptions", "add", "desk", "--word", "القاهرة", redis_url=server_url)
    streams = (Keys(1).articles, Keys(1).subscription("desk"))
    nabaa("reshard", "--to", "2", redis_url=server_url)
    for stream in streams:
        server.xadd(stream, {"data": "x"})
    nabaa("reshard", "--to", "1", redis_url=server_url)
    assert all(int(server.ttl(stream)) > 0 for stream in streams)
    nabaa("reshard", "--to", "2", redis_url=server_url)
    assert all(server.ttl(stream) == -1 for stream in streams)
