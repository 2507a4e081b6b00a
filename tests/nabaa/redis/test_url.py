"""What an address of a wire's Redis says."""

from __future__ import annotations

import pytest

from nabaa.errors import ConfigError
from nabaa.redis.client import key_of
from nabaa.redis.url import Safety, parse_address, with_options


def test_the_sentinels_of_a_service_are_named() -> None:
    address = parse_address("redis+sentinel://me:s%2Fcret@a:1,b,[::1]:3/news/2")
    assert (address.kind, address.service) == ("sentinel", "news")
    assert address.nodes == (("a", 1), ("b", 26379), ("::1", 3))
    assert address.connection["password"] == "s/cret"
    assert address.connection["db"] == 2
    assert address.redacted == "redis+sentinel://a:1,b,[::1]:3/news/2"


def test_the_nodes_of_a_cluster_are_named() -> None:
    address = parse_address("redis+cluster://a,b:7001")
    assert (address.kind, address.nodes) == ("cluster", (("a", 6379), ("b", 7001)))


def test_the_secrets_of_sentinels_are_their_own() -> None:
    address = parse_address("redis+sentinel://:x@a/news?sentinel_password=y")
    assert address.sentinel == {"password": "y"}
    assert address.connection["password"] == "x"


def test_what_writes_must_reach_is_read() -> None:
    address = parse_address("redis://a?wait_replicas=2&wait_fsync=true&wait_milliseconds=50")
    assert address.safety == Safety(replicas=2, fsync=True, milliseconds=50)
    assert not any(name.startswith("wait") for name in address.connection)


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://a:1",
        "redis+sentinel:///news",
        "redis+cluster://",
        "redis+cluster://a/3",
        "redis+cluster://a:b",
        "redis+other://a",
        "redis://a?wait_replicas=all",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a Redis server"):
        parse_address(url)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("redis://a/0", "redis://:p%40ss@a/0"),
        ("redis://me@a/0", "redis://me:p%40ss@a/0"),
        ("redis://me:own@a/0", "redis://me:own@a/0"),
    ],
)
def test_a_password_is_put_where_none_is(url: str, wanted: str) -> None:
    assert with_options(url, "p@ss", {}) == wanted


def test_what_the_address_says_goes_before_settings() -> None:
    merged = with_options("redis://a?wait_replicas=2", None, {"wait_replicas": 1})
    assert merged == "redis://a?wait_replicas=2"


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("XADD", "k", "*", "a", "b"), "k"),
        (("XINFO STREAM", "k"), "k"),
        (("XREADGROUP", "GROUP", "g", "c", "COUNT", 1, b"STREAMS", "k", ">"), "k"),
        (("EVALSHA", "sha", 2, "k", "l", "a"), "k"),
        (("SCRIPT EXISTS", "sha"), None),
        (("PING",), None),
    ],
)
def test_a_command_goes_to_the_node_of_its_first_key(
    command: tuple[object, ...], key: str | None
) -> None:
    assert key_of(command) == key
