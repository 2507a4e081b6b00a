"""What a server answers when it cannot be used for now is told apart from a fault of ours."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from nabaa.errors import ConfigError, QueueError
from nabaa.redis.client import script
from nabaa.redis.connection import address_of, connect
from nabaa.redis.errors import TRANSIENT_ERRORS, Parser, ServerStateError
from nabaa.redis.url import redacted

pytestmark = pytest.mark.anyio

PASSING = [
    "LOADING Valkey is loading the dataset in memory",
    "READONLY You can't write against a read only replica.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "MISCONF Errors writing to the AOF file: No space left on device",
    "NOREPLICAS Not enough good replicas to write.",
    "BUSY Redis is busy running a script.",
    "UNBLOCKED force unblock from blocking operation, instance state changed",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "NOSCRIPT No matching script. Please use EVAL.",
    "CLUSTERDOWN The cluster is down",
    "WRONGTYPE Operation against a key holding the wrong kind of value",
    "TRYAGAIN Multiple keys request during rehashing of slot",
]


@pytest.mark.parametrize("reply", PASSING)
def test_a_state_of_the_server_passes(reply: str) -> None:
    assert isinstance(Parser.parse_error(reply), TRANSIENT_ERRORS)


@pytest.mark.parametrize("reply", PASSING)
def test_a_state_of_the_server_passes_when_a_script_met_it_on_redis_6(reply: str) -> None:
    met = f"ERR Error running script (call to f_0a1b): @user_script:9: @user_script: 9: -{reply}"
    assert isinstance(Parser.parse_error(met), TRANSIENT_ERRORS)


@pytest.mark.parametrize(
    "reply",
    [
        "NOPERM this user has no permissions to run the 'xadd' command",
        "ERR unknown command 'XAUTOCLAIM'",
        "ERR Error running script (call to f_0a1b): @user_script:9: attempt to index a nil value",
    ],
)
def test_a_fault_of_ours_does_not_pass(reply: str) -> None:
    assert not isinstance(Parser.parse_error(reply), TRANSIENT_ERRORS)


async def test_the_client_reads_answers_so(client: Redis) -> None:
    await client.config_set("min-replicas-to-write", "1")
    try:
        with pytest.raises(ServerStateError):
            await client.set("a", "b")
    finally:
        await client.config_set("min-replicas-to-write", "0")


@pytest.mark.parametrize("url", ["", "localhost", "http://localhost", "redis://a:b/0"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a Redis server"):
        connect(url)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://me:secret@news.example:6380/1", "rediss://news.example:6380/1"),
        ("redis://:secr/et@news.example", "redis://news.example"),
        ("redis://news.example?password=secret", "redis://news.example"),
        ("unix://me:secret@/run/valkey.sock", "unix:///run/valkey.sock"),
        ("me:secret@news.example", "news.example"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, wanted: str) -> None:
    assert redacted(url) == wanted


async def test_more_commands_than_connections_wait_their_turn(server_url: str) -> None:
    async with connect(server_url, connections=2) as client:
        assert await asyncio.gather(*(client.ping() for _ in range(100))) == [True] * 100


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("redis://me:secret@news.example:6380/1", "redis://news.example:6380/1"),
        ("redis://", "redis://"),
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock"),
    ],
)
async def test_a_client_tells_its_address(url: str, wanted: str) -> None:
    assert address_of(connect(url)) == wanted


async def test_a_plain_client_cannot_run_what_must_reach_the_replicas(server_url: str) -> None:
    async with Redis.from_url(server_url) as plain:
        with pytest.raises(QueueError, match="does not wait until replicas and disks"):
            script(plain, "workers.publish", "publish", durable=True)
        script(plain, "workers.publish", "publish")
