"""What is wrong with one feed is told in one sentence; every other entry and feed flows on."""

from __future__ import annotations

import logging
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from redis.asyncio import Redis

from config.feed_list import save_feeds
from ingest.parse.item import MAX_TITLE
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.behaviour import (
    Behaviour,
    Cut,
    EmptyBody,
    EmptyFeed,
    Flood,
    Spell,
    Trouble,
    Truncated,
    WebPage,
)
from tests.support.farm.content.articles import Oddity, key_of, read_articles
from tests.support.farm.content.render import Style
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread
from tests.support.wires.polled_farm import wired

KEYS = Keys(0)
HEALTHY = Behaviour(style=Style(content="plain"), coding="identity")
LIMIT = 2_000_000


def sick(trouble: Trouble, **changes: object) -> Behaviour:
    return replace(HEALTHY, spells=(Spell(trouble),), **changes)  # type: ignore[arg-type]


# ---- the feed list ----------------------------------------------------------------------------


# ---- one bad feed beside a good one -----------------------------------------------------------


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        pytest.param(
            sick(WebPage()), "the body is an HTML page, not a feed", id="a page that is no feed"
        ),
        pytest.param(sick(EmptyBody()), "the body is empty", id="an empty body"),
        pytest.param(
            sick(Flood()),
            "the body is larger than 2,000,000 bytes (NABAA_MAX_BODY_BYTES sets the limit)",
            id="a body of 5 GB",
        ),
        pytest.param(
            sick(Flood(total_bytes=500_000_000, gzipped=True)),
            "the body is larger than 2,000,000 bytes when decompressed "
            "(NABAA_MAX_BODY_BYTES sets the limit)",
            id="a gzip bomb",
        ),
        pytest.param(
            sick(Cut(after_bytes=60)),
            "the connection ended in the middle of the answer",
            id="an answer cut before its first item",
        ),
        pytest.param(
            sick(Truncated(share=0.02)),
            "the body is cut off before the end of its first item",
            id="a document cut before its first item ends",
        ),
    ],
)
async def test_a_feed_without_a_whole_entry_is_told_in_one_sentence(
    client: Redis, caplog: pytest.LogCaptureFixture, behaviour: Behaviour, said: str
) -> None:
    async with wired(client, behaviour, HEALTHY, max_body_bytes=LIMIT) as wire:
        outcome = await wire.poll(0)
        state = await wire.state(0)
        error = f"feed farm-0001: {wire.feed(0).url}: {said}"
        assert (outcome.error, state.last_error) == (error, error)
        assert [message.partition(";")[0] for message in caplog.messages] == [error]
        assert (await wire.poll(1)).new_entries == len(wire.farm.expected("farm-0002"))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        pytest.param(
            Cut(after_bytes=4_000),
            "the connection ended in the middle of the answer",
            id="Content-Length too long",
        ),
        pytest.param(
            Cut(after_bytes=4_000, chunked=True),
            "the connection ended in the middle of the answer",
            id="no last chunk",
        ),
        pytest.param(
            Truncated(share=0.5),
            "the document is cut off before its end tag",
            id="XML without its end",
        ),
    ],
)
async def test_of_a_truncated_body_the_whole_entries_are_kept_and_the_rest_is_asked_for(
    client: Redis, caplog: pytest.LogCaptureFixture, trouble: Trouble, said: str
) -> None:
    once = replace(HEALTHY, spells=(Spell(trouble, first=1),))
    async with wired(client, once) as wire:
        kept = (await wire.poll()).new_entries
        state = await wire.state()
        error = (
            f"feed farm-0001: {wire.feed().url}: {said}; entries that came whole were kept: {kept}"
        )
        assert 0 < kept < 12
        assert (state.last_error, state.failures) == (error, 1)
        assert [message.rpartition(";")[0] for message in caplog.messages] == [error]
        assert (await wire.poll()).new_entries == 12 - kept
        assert sorted(filter(None, await wire.keys())) == sorted(
            entry.key for entry in wire.farm.expected()
        )
        assert (await wire.state()).last_error is None


@pytest.mark.anyio
async def test_of_a_compressed_body_that_was_cut_the_whole_entries_are_kept(
    client: Redis,
) -> None:
    packed = replace(HEALTHY, coding="gzip", spells=(Spell(Cut(after_bytes=4_000), first=1),))
    async with wired(client, packed, articles=40) as wire:
        kept = (await wire.poll()).new_entries
        assert 0 < kept < 40
        assert (await wire.poll()).new_entries == 40 - kept


@pytest.mark.anyio
async def test_a_feed_that_is_always_cut_brings_what_it_has(client: Redis) -> None:
    async with wired(client, sick(Truncated(share=0.5))) as wire:
        kept = (await wire.poll()).new_entries
        for _ in range(20):
            assert (await wire.poll()).new_entries == 0
        state = await wire.state()
        assert kept > 0
        assert state.next_due is not None
        assert state.polled_at is not None
        assert (state.next_due - state.polled_at).total_seconds() <= 900 * 1.1


@pytest.mark.anyio
async def test_an_empty_feed_is_told_and_is_no_failure(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ingest")
    async with wired(client, sick(EmptyFeed())) as wire:
        outcome = await wire.poll()
        assert (outcome.new_entries, outcome.error) == (0, None)
        assert caplog.messages == ["feed farm-0001: the document holds no entries"]


@pytest.mark.anyio
@pytest.mark.parametrize("oddity", ["no text", "no title", "giant title"])
async def test_a_strange_entry_takes_no_other_with_it(client: Redis, oddity: Oddity) -> None:
    async with wired(client, replace(HEALTHY, oddity=oddity), max_body_bytes=LIMIT) as wire:
        outcome = await wire.poll()
        assert (outcome.new_entries, outcome.error) == (12, None)
        assert [entry.title for entry in await wire.entries()] == [
            expected.title[:MAX_TITLE] for expected in wire.farm.expected()
        ]


@pytest.mark.anyio
async def test_the_title_of_a_megabyte_is_cut_and_told(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    giant = replace(HEALTHY, oddity="giant title")
    async with wired(client, giant, max_body_bytes=LIMIT) as wire:
        await wire.poll()
        assert len((await wire.entries())[0].title) == MAX_TITLE
    assert "feed farm-0001: fields over their limits were cut: title in 1 items" in caplog.messages


@pytest.mark.anyio
@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
async def test_a_body_of_five_gigabytes_takes_no_memory(client: Redis, gzipped: bool) -> None:
    """The farm is measured with it: it makes its flood while it sends it."""
    async with wired(client, sick(Flood(gzipped=gzipped)), max_body_bytes=LIMIT) as wire:
        tracemalloc.start()
        try:
            await wire.poll()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 40_000_000
        assert wire.farm.counters().body_bytes < 40_000_000


# ---- all of it at once, in the daemons --------------------------------------------------------


@pytest.fixture
def valkey_url(valkey_socket: Path) -> str:
    with redis.Redis(unix_socket_path=str(valkey_socket)) as client:
        client.flushall()
    return f"unix://{valkey_socket}"


def until_struck(farm: Farm) -> Callable[[], bool]:
    """Return a predicate: every feed has been asked often enough for its trouble to strike."""
    return lambda: all(farm.counters(feed.id).requests >= 5 for feed in farm.feeds())


@pytest.mark.load
def test_through_all_the_troubles_of_the_web_each_article_comes_exactly_once(
    valkey_url: str, tmp_path: Path
) -> None:
    feeds_file = tmp_path / "feeds.yaml"
    farm = Farm(read_articles(), 44, profile="mixed", interval_seconds=1)
    settings = {
        "NABAA_REDIS_URL": valkey_url,
        "NABAA_FEEDS_FILE": str(feeds_file),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_TICK_SECONDS": "0.1",
        "NABAA_FETCH_TIMEOUT_SECONDS": "3",
        "NABAA_RETRY_BASE_SECONDS": "0.2",
    }
    with (
        redis.Redis.from_url(valkey_url) as client,
        run_farm_in_thread(farm),
    ):
        save_feeds(feeds_file, farm.feeds())
        expected = {entry.key for entry in farm.expected()}
        with (
            Daemon("ingest", settings=settings, log=tmp_path / "ingest.log") as ingest,
            Daemon("work", settings=settings, log=tmp_path / "work.log") as work,
        ):
            eventually(until_struck(farm), 60)
            eventually(lambda: client.xlen(KEYS.articles) >= len(expected), 60)
            eventually(lambda: client.xlen(KEYS.entries) == 0)
            peak_bytes = ingest.peak_bytes()
            printed = ingest.printed() + work.printed()
        articles = [
            article_of(message.fields)
            for message in messages_of_range(client.xrange(KEYS.articles))
        ]
        dead = client.xlen(KEYS.dead)
    arrived = Counter(key_of(article.url) for article in articles)
    assert (expected - arrived.keys(), dead) == (set(), 0)
    assert set(arrived.values()) == {1}
    assert "Traceback" not in printed
    assert peak_bytes < 400_000_000
