"""A key of another type, a stream whose highest id is used up: a script writes all or nothing.

Lua scripts are not rolled back (https://redis.io/docs/latest/develop/programmability/eval-intro/):
what one has written before it fails stays written.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit, encode_entry
from ingest.streams.page_wishes import COMMIT_FUNCTIONS, PagePlan, PageWish
from ingest.streams.pages import PageQueue
from nabaa.redis.client import script
from nabaa.redis.errors import StoredDataError
from nabaa.streams.keys import WORKERS_GROUP, Keys
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.farm.behaviour import Behaviour
from tests.support.farm.content.articles import read_articles
from tests.support.farm.server import Farm
from tests.support.wires.ingest_service import running, until_logged, until_queued
from workers.publish.retention import Retention
from workers.publish.versions import MadeArticle
from workers.queue import Delivery, WorkQueue

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
HIGHEST = 2**64 - 1
FAULTS = ("another type", "no id left")


async def spoil(client: Redis, key: str, fault: str, ids_left: int = 0) -> None:
    """Put at a key what cannot be appended to."""
    if fault == "another type":
        await client.set(key, "not ours")
        return
    await client.xadd(key, {"data": b"x"}, id=f"{HIGHEST}-{HIGHEST - ids_left}")
    await client.xtrim(key, maxlen=0, approximate=False)


@pytest.fixture
async def delivery(client: Redis, feed: Feed) -> Delivery:
    """An entry that a worker holds."""
    await client.xgroup_create(KEYS.entries, WORKERS_GROUP, id="0", mkstream=True)
    await client.xadd(KEYS.entries, {"data": encode_entry(make_entry(feed, "a"))})
    [taken] = await WorkQueue(client, KEYS, "me").take(1, 1)
    return taken


async def pending(client: Redis) -> int:
    return int((await client.xpending(KEYS.entries, WORKERS_GROUP))["pending"])


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_entry_whose_article_cannot_be_published_stays_queued(
    client: Redis, delivery: Delivery, fault: str
) -> None:
    await spoil(client, KEYS.articles, fault)
    queue, made = WorkQueue(client, KEYS, "me"), MadeArticle(make_article())
    with pytest.raises(StoredDataError, match=r"nabaa:\{0\}:articles "):
        await queue.publish([(delivery, made)])
    assert (await pending(client), await client.xlen(KEYS.entries)) == (1, 1)
    assert not await client.exists(KEYS.article(made.names.address))
    await client.delete(KEYS.articles)
    assert await queue.publish([(delivery, made)]) == 1


async def test_counts_of_another_type_keep_no_article_back(
    client: Redis, delivery: Delivery
) -> None:
    await client.set(KEYS.rates, "not ours")
    published = await WorkQueue(client, KEYS, "me").publish(
        [(delivery, MadeArticle(make_article()))]
    )
    assert (published, await pending(client)) == (1, 0)


async def test_a_record_of_another_type_is_replaced(client: Redis, delivery: Delivery) -> None:
    made = MadeArticle(make_article())
    await client.sadd(KEYS.article(made.names.address), "not ours")
    assert await WorkQueue(client, KEYS, "me").publish([(delivery, made)]) == 1
    assert await client.type(KEYS.article(made.names.address)) == b"string"


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_subscription_that_can_take_no_copy_is_logged_and_keeps_nothing_back(
    client: Redis, delivery: Delivery, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    await spoil(client, KEYS.subscription("desk"), fault)
    queue = WorkQueue(client, KEYS, "me", lambda _: ["desk"])
    assert await queue.publish([(delivery, MadeArticle(make_article()))]) == 1
    assert caplog.text.count("nabaa:{0}:sub:desk receives no articles: ") == 1


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_entry_that_cannot_be_buried_stays_queued(
    client: Redis, delivery: Delivery, fault: str
) -> None:
    await spoil(client, KEYS.dead, fault)
    queue = WorkQueue(client, KEYS, "me")
    with pytest.raises(StoredDataError, match=r"nabaa:\{0\}:dead "):
        await queue.bury(delivery, "ValueError: no")
    assert (await pending(client), await client.xlen(KEYS.entries)) == (1, 1)
    await client.delete(KEYS.dead)
    assert await queue.bury(delivery, "ValueError: no")


async def test_a_message_of_more_fields_than_a_script_can_hold_is_buried(client: Redis) -> None:
    await client.xgroup_create(KEYS.entries, WORKERS_GROUP, id="0", mkstream=True)
    await client.xadd(KEYS.entries, {f"field {i}": b"x" for i in range(9_000)})
    queue = WorkQueue(client, KEYS, "me")
    [delivery] = await queue.take(1, 1)
    assert await queue.bury(delivery, "not an entry")
    assert (await pending(client), await client.xlen(KEYS.dead)) == (0, 1)


@pytest.mark.parametrize(("fault", "ids_left"), [*((each, 0) for each in FAULTS), (FAULTS[1], 1)])
async def test_a_poll_whose_entries_cannot_be_queued_is_not_committed(
    client: Redis, feed: Feed, fault: str, ids_left: int
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    await spoil(client, KEYS.entries, fault, ids_left)
    stream = EntriesStream(client, KEYS, 3600)
    entries = [make_entry(feed, mark) for mark in "abc"]
    marks = [entry.fingerprint for entry in entries]
    commit = PollCommit(feed.id, FeedState(etag='"1"'), 900, marks, entries)
    with pytest.raises(StoredDataError, match=r"nabaa:\{0\}:entries "):
        await stream.commit_poll(commit)
    assert not await client.exists(KEYS.feed(feed.id), KEYS.seen(feed.id))
    if fault != "another type":
        assert not await client.xlen(KEYS.entries)
    await client.delete(KEYS.entries)
    assert await stream.commit_poll(commit) == 3


@pytest.mark.parametrize("key", [KEYS.due, KEYS.feed("sabah"), KEYS.seen("sabah")])
async def test_a_poll_is_not_committed_where_any_of_its_keys_is_another_type(
    client: Redis, feed: Feed, key: str
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    await client.delete(key)
    await client.set(key, "not ours")
    entry = make_entry(feed, "a")
    commit = PollCommit(feed.id, FeedState(), 900, [entry.fingerprint], [entry])
    with pytest.raises(StoredDataError, match=r"nabaa:\{0\}:"):
        await EntriesStream(client, KEYS, 3600).commit_poll(commit)
    assert not await client.exists(KEYS.entries)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_a_hub_sent_counts_as_seen_only_where_it_is_queued(
    client: Redis, feed: Feed, fault: str
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    await spoil(client, KEYS.entries, fault)
    commit = script(client, "ingest.websub", "commit_push", functions=COMMIT_FUNCTIONS)
    keys = [KEYS.due, KEYS.seen(feed.id), KEYS.entries, KEYS.rates, KEYS.feed(feed.id)]
    keys += [KEYS.pages, KEYS.page_waits]
    args = [feed.id, 60, 0, "f" * 32, "", "{}", 0, "e" * 32, "d" * 32, "{}", 0]
    with pytest.raises(StoredDataError):
        await commit(keys=keys, args=args)
    assert not await client.exists(KEYS.seen(feed.id))
    await client.delete(KEYS.entries)
    assert await commit(keys=keys, args=args) == 2
    assert await commit(keys=keys, args=args) == 0


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("page", [b"page", b""])
async def test_entries_wait_for_their_page_until_the_queue_takes_them(
    client: Redis, feed: Feed, fault: str, page: bytes
) -> None:
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    plan = PagePlan(lambda _: PageWish("x", is_wanted=True), 0)
    commit = PollCommit(feed.id, FeedState(), 9, ["a"], [make_entry(feed, "a")])
    await EntriesStream(client, KEYS, 3600, plan).commit_poll(commit)
    await spoil(client, KEYS.entries, fault)
    pages = PageQueue(client, KEYS, 60, 60)
    with pytest.raises(StoredDataError):
        await pages.settle("x", page)
    with pytest.raises(StoredDataError):
        await pages.release("x")
    assert [len(job.entries) for job in await pages.take(9)] == [1]
    await client.delete(KEYS.entries)
    assert await pages.settle("x", page) == 1


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_entry_that_cannot_be_moved_to_its_shard_is_moved_later(
    client: Redis, fault: str
) -> None:
    await spoil(client, KEYS.entries, fault)
    move = script(client, "workers.operations", "move_entry")
    keys, args = [KEYS.entries, KEYS.moved], ["1 entries 5-0", "data", "{}"]
    with pytest.raises(StoredDataError):
        await move(keys=keys, args=args)
    await client.delete(KEYS.entries)
    assert await move(keys=keys, args=args) == 1
    assert await move(keys=keys, args=args) == 0


async def test_nothing_is_trimmed_whose_losses_cannot_be_kept(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("broken", "sound"):
        for number in range(1, 301):
            await client.xadd(KEYS.subscription(name), {"data": b"x"}, id=f"{number}-0")
    await client.set(KEYS.lost_of("broken"), "not ours")
    await client.set(KEYS.subscription("string"), "not ours")
    retention = Retention(client)
    for _ in range(2):
        await retention.trim_subscriptions(KEYS, ["string", "broken", "sound"], 1e10, 100)
    assert await client.xlen(KEYS.subscription("broken")) == 300
    assert await client.xlen(KEYS.subscription("sound")) < 300
    assert caplog.text.count("is not trimmed: ") == 2


@pytest.mark.parametrize("key", [KEYS.due, KEYS.clocks])
async def test_no_feed_is_leased_where_its_time_cannot_be_kept(
    client: Redis, feed: Feed, key: str
) -> None:
    due = DueSet(client, KEYS, 60)
    await due.sync([feed.id], 3600)
    await client.delete(key)
    await client.set(key, "not ours")
    with pytest.raises(StoredDataError, match="in place of a"):
        await due.take(10)


async def test_an_ingest_says_once_that_nothing_can_be_queued_and_goes_on_when_it_is_mended(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await spoil(client, KEYS.entries, "no id left")
    farm = Farm(read_articles()[:12], 3, behaviours=[Behaviour()])
    async with farm, running(client, tmp_path / "feeds.yaml", farm.feeds(), lease_seconds=1):

        async def were_all_asked() -> bool:
            return all(farm.requests(feed.id) for feed in farm.feeds())

        await until(were_all_asked)
        await until_logged(caplog, "nabaa:{0}:entries takes no entry any more")
        await client.delete(KEYS.entries)
        await until_queued(client, 12)
        await until_logged(caplog, "polls are committed again")
    assert caplog.text.count("takes no entry any more") == 1
