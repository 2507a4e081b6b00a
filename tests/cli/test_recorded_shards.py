"""A command looks at all shards that the wire has, whatever NABAA_SHARDS is where it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import redis

from nabaa.message import encode_article
from nabaa.streams.keys import SHARDS, Keys, all_shards
from tests.cli.conftest import Nabaa
from tests.support.articles import make_article

# One server is enough here: both are read in tests/workers.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


@pytest.fixture
def server(server_url: str) -> Iterator[redis.Redis]:
    """A wire of four shards with one article on each."""
    with redis.Redis.from_url(server_url) as client:
        client.hset(SHARDS, "count", "4")
        for keys in all_shards(4):
            article = make_article(uri=f"urn:nabaa:article:{keys.shard:032x}")
            client.xadd(keys.articles, {"data": encode_article(article)})
        yield client


def test_a_subscription_has_a_stream_on_every_shard(
    nabaa: Nabaa, server: redis.Redis, server_url: str
) -> None:
    assert nabaa("subscriptions", "add", "desk", "--topic", "x", redis_url=server_url).status == 0
    assert all(server.exists(keys.subscription("desk")) for keys in all_shards(4))


def test_a_subscription_that_is_removed_is_gone_from_every_shard(
    nabaa: Nabaa, server: redis.Redis, server_url: str
) -> None:
    nabaa("subscriptions", "add", "desk", "--topic", "x", redis_url=server_url)
    server.xadd(Keys(3).subscription("desk"), {"data": b"x"})
    done = nabaa("subscriptions", "remove", "desk", redis_url=server_url)
    assert done.out == "removed desk and its streams, on which 1 articles were\n"
    assert not any(server.exists(keys.subscription("desk")) for keys in all_shards(4))


def test_a_filter_is_tried_on_every_shard(
    nabaa: Nabaa, server: redis.Redis, server_url: str
) -> None:
    done = nabaa("subscriptions", "test", "--topic", "culture", redis_url=server_url)
    assert done.err == "4 of 4 articles match\n"


def test_status_counts_every_shard(nabaa: Nabaa, server: redis.Redis, server_url: str) -> None:
    done = nabaa("status", "--json", redis_url=server_url)
    assert json.loads(done.out)["articles"] == 4


def test_entities_are_counted_on_every_shard(
    nabaa: Nabaa, server: redis.Redis, server_url: str
) -> None:
    [row] = nabaa("entities", "--json", redis_url=server_url).out.splitlines()
    assert (json.loads(row)["name"], json.loads(row)["articles"]) == ("عمّان", 4)
