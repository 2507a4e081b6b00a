"""What a server answers when it cannot be used for now is told apart from a fault of ours."""

from __future__ import annotations

import asyncio
import logging

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.errors import ConfigError, QueueError
from nabaa.redis.backoff import RedisBackoff, keep_going
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


async def test_an_outage_is_told_once_and_its_end_as_well(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()
    stop.set()  # no wait is waited for
    backoff = RedisBackoff("here")
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            await backoff.wait(OSError("gone."), stop)
        backoff.reset()
        backoff.reset()
    assert caplog.messages == [
        "Redis at here cannot be used: gone; waiting for it",
        "Redis at here can be used again",
    ]


async def test_an_outage_of_a_day_is_waited_out() -> None:
    stop = asyncio.Event()
    stop.set()
    backoff = RedisBackoff("here")
    for _ in range(2_000):  # 2 to this power is beyond what a float holds
        await backoff.wait(OSError("gone"), stop)


async def test_work_begins_anew_after_an_outage(client: Redis) -> None:
    stop = asyncio.Event()
    done: list[str] = []

    async def begin() -> None:
        done.append("begin")

    async def step() -> None:
        done.append("step")
        if len(done) == 2:
            raise ConnectionResetError
        if len(done) == 4:
            raise ResponseError("NOGROUP no such key")
        if len(done) == 6:
            stop.set()

    await keep_going("here", begin, step, stop)
    assert done == ["begin", "step"] * 3


async def test_a_fault_of_ours_ends_the_work(client: Redis) -> None:
    async def begin() -> None:
        raise ResponseError("ERR unknown command")

    with pytest.raises(ResponseError, match="unknown command"):
        await keep_going("here", begin, begin, asyncio.Event())


async def test_a_plain_client_cannot_run_what_must_reach_the_replicas(server_url: str) -> None:
    async with Redis.from_url(server_url) as plain:
        with pytest.raises(QueueError, match="does not wait until replicas and disks"):
            script(plain, "workers.publish", "publish", durable=True)
        script(plain, "workers.publish", "publish")
