"""A whole poll: real HTTP from a farm of feeds, committed to a real server."""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from ingest.streams.entries import EntriesStream
from nabaa.redis.connection import connect
from tests.support.farm.behaviour import (
    Arrival,
    Behaviour,
    EmptyFeed,
    Refuse,
    Spell,
    Stall,
    Validators,
)
from tests.support.farm.content.render import Style
from tests.support.wires.polled_farm import KEYS, Wire, wired

pytestmark = pytest.mark.anyio
HEALTHY = Behaviour(style=Style(guid="opaque"))
GROWING = replace(HEALTHY, arrival=Arrival(initial=4))


async def wait_seconds(wire: Wire) -> float:
    """Return how long the feed is left alone after its last poll."""
    state = await wire.state()
    assert state.next_due is not None
    assert state.polled_at is not None
    return (state.next_due - state.polled_at).total_seconds()


async def test_the_first_poll_queues_every_entry_the_oldest_first(client: Redis) -> None:
    async with wired(client, HEALTHY) as wire:
        outcome = await wire.poll()
        assert outcome.new_entries == 12
        assert await wire.keys() == [entry.key for entry in wire.farm.expected()]


async def test_an_entry_says_what_its_feed_said(client: Redis) -> None:
    async with wired(client, HEALTHY) as wire:
        await wire.poll()
        for entry, expected in zip(await wire.entries(), wire.farm.expected(), strict=True):
            said = (entry.url, entry.guid, entry.title, entry.published)
            assert said == (expected.url, expected.guid, expected.title, expected.published)


@pytest.mark.parametrize("validators", ["both", "etag", "last-modified"])
async def test_an_unchanged_feed_answers_304_and_queues_nothing(
    client: Redis, validators: Validators
) -> None:
    async with wired(client, replace(HEALTHY, validators=validators)) as wire:
        await wire.poll()
        outcome = await wire.poll()
        assert wire.farm.counters().not_modified == 1
        assert (outcome.new_entries, outcome.error, outcome.bytes_read) == (0, None, 0)


@pytest.mark.parametrize("validators", ["none", "lying"])
async def test_a_body_that_is_the_same_is_not_read_again(
    client: Redis, validators: Validators
) -> None:
    async with wired(client, replace(HEALTHY, validators=validators)) as wire:
        await wire.poll()
        before = await wire.state()
        assert (await wire.poll()).new_entries == 0
        after = await wire.state()
        assert wire.farm.counters().complete == 2
        assert after.changed_at == before.changed_at
        assert after.polled_at != before.polled_at


async def test_a_body_that_changed_but_says_nothing_new_is_no_change(client: Redis) -> None:
    async with wired(client, replace(HEALTHY, validators="none")) as wire:
        await wire.poll()
        before = await wire.state()
        # As if the body that was seen had had another build date.
        other = replace(before, body_hash="other")
        outcome = await wire.poller.poll(wire.feed(), other, wire.stream)
        after = await wire.state()
        assert (outcome.new_entries, outcome.error) == (0, None)
        assert (after.changed_at, after.body_hash) == (before.changed_at, before.body_hash)


async def test_a_changed_feed_queues_only_the_new_entry(client: Redis) -> None:
    async with wired(client, GROWING) as wire:
        assert (await wire.poll()).new_entries == 4
        wire.farm.advance("farm-0001")
        assert (await wire.poll()).new_entries == 1
        assert await wire.keys() == [entry.key for entry in wire.farm.shown()]


async def test_two_polls_at_once_queue_each_entry_once(client: Redis) -> None:
    async with wired(client, HEALTHY) as wire:
        first, second = await asyncio.gather(wire.poll(), wire.poll())
        assert first.new_entries + second.new_entries == 12
        assert len(set(await wire.keys())) == len(await wire.keys()) == 12


async def test_a_feed_that_moved_three_times_is_remembered(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ingest")
    async with wired(client, replace(HEALTHY, redirects=(301, 308, 301))) as wire:
        for _ in range(4):
            await wire.poll()
        assert wire.paths() == [*["", "/1", "/2", "/3"] * 3, "/3"]
        moved = f"feed farm-0001 has moved for good to {wire.farm.feed_urls[0]}/3"
        assert caplog.messages.count(moved) == 1


async def test_a_feed_that_is_elsewhere_for_a_while_is_not_remembered(client: Redis) -> None:
    async with wired(client, replace(HEALTHY, redirects=(302,))) as wire:
        await wire.poll()
        await wire.poll()
        assert wire.paths() == ["", "/1", "", "/1"]


async def test_a_failure_where_the_feed_moved_sends_us_back_to_the_list(client: Redis) -> None:
    moved = replace(HEALTHY, redirects=(301,), spells=(Spell(Refuse(503), every=4),))
    async with wired(client, moved) as wire:
        for _ in range(5):
            await wire.poll()
        assert wire.paths() == [*["", "/1"] * 3, "/1", "", "/1"]


async def test_a_redirect_that_is_not_seen_three_times_in_a_row_moves_nothing(
    client: Redis,
) -> None:
    moved = replace(HEALTHY, redirects=(301,), spells=(Spell(Refuse(500), every=3),))
    async with wired(client, moved) as wire:
        for _ in range(5):
            await wire.poll()
        assert wire.paths() == ["", "/1"] * 5


async def test_another_address_in_the_list_forgets_the_validators_but_no_entry(
    client: Redis,
) -> None:
    async with wired(client, HEALTHY) as wire:
        await wire.poll()
        elsewhere = replace(wire.feed(), url=f"{wire.feed().url}?format=rss")
        outcome = await wire.poller.poll(elsewhere, await wire.state(), wire.stream)
        assert wire.farm.counters().complete == 2
        assert (outcome.new_entries, (await wire.state()).url) == (0, elsewhere.url)


async def test_a_feed_that_is_gone_is_told_and_asked_no_more(client: Redis) -> None:
    async with wired(client, replace(HEALTHY, spells=(Spell(Refuse(410)),))) as wire:
        outcome = await wire.poll()
        assert outcome.error == (
            f"feed farm-0001: {wire.feed().url}: the publisher has closed this feed for good "
            "(HTTP status 410): find its new address or take it out of the list"
        )
        state = await wire.state()
        assert (state.ended, state.next_due, state.failure) == (True, None, "gone")
        assert await client.zscore(KEYS.due, wire.feed().id) == math.inf


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "HTTP status 404 (Not Found)"),
        (500, "HTTP status 500 (Internal Server Error)"),
        (599, "HTTP status 599"),
    ],
)
async def test_a_refusal_is_told_with_its_meaning(client: Redis, status: int, said: str) -> None:
    async with wired(client, replace(HEALTHY, spells=(Spell(Refuse(status)),))) as wire:
        await wire.poll()
        error = (await wire.state()).last_error
        assert error == f"feed farm-0001: {wire.feed().url}: {said}"


@pytest.mark.parametrize("status", [429, 503])
async def test_what_the_server_asks_for_in_retry_after_is_honoured(
    client: Redis, status: int
) -> None:
    busy = Spell(Refuse(status, retry_after="7200"))
    async with wired(client, replace(HEALTHY, spells=(busy,))) as wire:
        await wire.poll()
        assert await wait_seconds(wire) == pytest.approx(7200, abs=1)


async def test_the_wait_grows_with_each_failure(client: Redis) -> None:
    async with wired(client, replace(HEALTHY, spells=(Spell(Refuse(500)),))) as wire:
        for failures in range(1, 7):
            await wire.poll()
            assert (await wire.state()).failures == failures
        assert await wait_seconds(wire) >= 30 * 2**5 / 2


async def test_a_feed_without_an_end_hits_the_deadline(client: Redis) -> None:
    stalled = replace(HEALTHY, spells=(Spell(Stall(after_bytes=100)),))
    async with wired(client, stalled, deadline_seconds=0.2) as wire:
        outcome = await wire.poll()
        assert outcome.error == (
            f"feed farm-0001: {wire.feed().url}: no complete answer within 0.2 seconds"
        )


async def test_a_feed_that_works_again_is_told(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ingest")
    async with wired(client, replace(HEALTHY, spells=(Spell(Refuse(500), first=2),))) as wire:
        for _ in range(3):
            await wire.poll()
        state = await wire.state()
        assert (state.failures, state.last_error) == (0, None)
        assert caplog.messages[-1] == "feed farm-0001 works again after 2 failed polls"


async def test_only_the_first_of_several_failures_is_a_warning(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "ingest")
    async with wired(client, replace(HEALTHY, spells=(Spell(Refuse(500)),))) as wire:
        for _ in range(3):
            await wire.poll()
    levels = [record.levelno for record in caplog.records if record.name == "ingest.poll_log"]
    assert levels == [logging.WARNING, logging.DEBUG, logging.DEBUG]


async def test_a_new_process_warns_of_a_feed_that_goes_on_failing(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "ingest")
    async with wired(client, replace(HEALTHY, spells=(Spell(Refuse(500)),))) as wire:
        await wire.poll()
        wire.restart()
        await wire.poll()
    assert len(caplog.messages) == 2


async def test_an_empty_answer_between_two_good_ones_makes_no_entry_new_again(
    client: Redis,
) -> None:
    async with wired(client, replace(HEALTHY, spells=(Spell(EmptyFeed(), every=2),))) as wire:
        assert [(await wire.poll()).new_entries for _ in range(3)] == [12, 0, 0]


async def test_a_crash_between_fetch_and_commit_means_that_the_feed_is_polled_again(
    client: Redis, tmp_path: Path
) -> None:
    nowhere = connect(f"unix://{tmp_path / 'none'}")
    async with wired(client, HEALTHY) as wire, nowhere:
        [taken] = await wire.due.take(10)
        lost = EntriesStream(nowhere, KEYS, 3600)
        with pytest.raises(RedisConnectionError):
            await wire.poller.poll(wire.feed(), taken.state, lost)
        assert wire.farm.counters().complete == 1
        await client.zadd(KEYS.due, {taken.feed_id: 0})  # its lease has run out
        [again] = await wire.due.take(10)
        outcome = await wire.poller.poll(wire.feed(), again.state, wire.stream)
        assert (again.state, outcome.new_entries) == (taken.state, 12)
