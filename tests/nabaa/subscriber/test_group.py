"""A subscriber gets every article at least once, through its own ends and those of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import zstandard
from redis.asyncio import Redis

from nabaa import GroupReader, Received, follow
from nabaa.message import decode_article, encode_article
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.messages import messages_of_range
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.support.faults.proxy import Trouble, proxy_before
from workers.publish.retention import Retention

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


async def publish(client: Redis, *titles: str, stream: str = KEYS.articles) -> None:
    for title in titles:
        await client.xadd(stream, {"data": encode_article(make_article(title=title))})


async def take(reading: AsyncIterator[Received], count: int) -> list[Received]:
    async with asyncio.timeout(30):
        return [await anext(reading) for _ in range(count)]


def titles(received: list[Received]) -> list[str]:
    return [each.article.title for each in received]


async def pending(client: Redis, group: str = "desk") -> int:
    return int((await client.xpending(KEYS.articles, group))["pending"])


async def test_what_is_acknowledged_is_not_given_again(client: Redis) -> None:
    await publish(client, "أ", "ب", "ج")
    subscriber = GroupReader(client, 1, "desk", "me")
    async with aclosing(subscriber.read(asyncio.Event())) as reading:
        for received in await take(reading, 2):
            await subscriber.acknowledge(received)
        await subscriber.flush()
    async with aclosing(GroupReader(client, 1, "desk", "me").read(asyncio.Event())) as reading:
        assert titles(await take(reading, 1)) == ["ج"]
    assert await pending(client) == 1


async def test_a_reader_that_failed_is_given_the_article_again(client: Redis) -> None:
    await publish(client, "أ", "ب")
    subscriber = GroupReader(client, 1, "desk", "me")

    async def read_and_fail() -> None:
        async with aclosing(subscriber.read(asyncio.Event())) as reading:
            async for received in reading:
                raise ValueError(received.article.title)

    with pytest.raises(ValueError, match="أ"):
        await read_and_fail()
    async with aclosing(subscriber.read(asyncio.Event())) as reading:
        assert titles(await take(reading, 2)) == ["أ", "ب"]


async def test_a_reader_is_told_what_its_group_has_lost_and_only_once(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(1, 501):
        await client.xadd(KEYS.articles, {"data": b"x"}, id=f"{number}-0")
    await client.xgroup_create(KEYS.articles, "desk", id="0")
    await Retention(client).trim(KEYS.articles, KEYS.lost, 1e10, 100)
    await client.delete(KEYS.articles)
    await publish(client, "أ", "ب")
    for _ in range(2):
        caplog.clear()
        reader = GroupReader(client, 1, "desk", "me", start="0", redeliver_seconds=0.1)
        async with aclosing(reader.read(asyncio.Event())) as reading:
            await take(reading, 2)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await anext(reading)
        assert caplog.text.count("is slower than the trimming of nabaa:{0}:articles: from 1-0") == 1


async def test_a_packed_article_is_read_and_a_damaged_one_is_buried(client: Redis) -> None:
    data = zstandard.compress(encode_article(make_article(title="أ")))
    await client.xadd(KEYS.articles, {"data": data[:-9], "dataencoding": "zstd"})
    await client.xadd(KEYS.articles, {"data": data, "dataencoding": "zstd"})
    async with aclosing(GroupReader(client, 1, "desk", "me").read(asyncio.Event())) as reading:
        assert titles(await take(reading, 1)) == ["أ"]
    [dead] = messages_of_range(await client.xrange(KEYS.dead_of("desk")))
    assert dead.fields[b"error"] == b"the message holds no article in `data`"


async def test_reading_resumes_after_more_than_one_batch_of_unacknowledged(client: Redis) -> None:
    await publish(client, *map(str, range(10)))
    subscriber = GroupReader(client, 1, "desk", "me", count=3)
    for _ in range(2):
        async with aclosing(subscriber.read(asyncio.Event())) as reading:
            assert titles(await take(reading, 10)) == [str(number) for number in range(10)]


async def test_an_article_of_a_reader_that_is_gone_goes_to_another(client: Redis) -> None:
    await publish(client, "أ")
    async with aclosing(GroupReader(client, 1, "desk", "gone").read(asyncio.Event())) as reading:
        await take(reading, 1)
    other = GroupReader(client, 1, "desk", "other", redeliver_seconds=0.001)
    async with aclosing(other.read(asyncio.Event())) as reading:
        assert titles(await take(reading, 1)) == ["أ"]


async def test_an_article_that_a_reader_works_on_goes_to_no_other(client: Redis) -> None:
    await publish(client, "أ", "ب")
    one = GroupReader(client, 1, "desk", "one", count=1)
    async with aclosing(one.read(asyncio.Event())) as reading:
        await take(reading, 1)
        async with aclosing(GroupReader(client, 1, "desk", "two").read(asyncio.Event())) as other:
            assert titles(await take(other, 1)) == ["ب"]


async def test_every_group_gets_every_article(client: Redis) -> None:
    await publish(client, "أ", "ب")
    for group in ("desk", "archive"):
        async with aclosing(GroupReader(client, 1, group, "me").read(asyncio.Event())) as reading:
            assert titles(await take(reading, 2)) == ["أ", "ب"]


async def test_a_new_group_may_begin_now(client: Redis) -> None:
    await publish(client, "قديم")
    subscriber = GroupReader(client, 1, "desk", "me", start="now")
    stop = asyncio.Event()
    async with aclosing(subscriber.read(stop)) as reading:
        first = asyncio.ensure_future(anext(reading))

        async def joined() -> bool:
            return bool(await client.xinfo_groups(KEYS.articles))

        await until(joined)
        await publish(client, "جديد")
        assert (await first).article.title == "جديد"


async def test_articles_of_all_shards_arrive(client: Redis) -> None:
    for keys in all_shards(3):
        await publish(client, str(keys.shard), stream=keys.articles)
    async with aclosing(GroupReader(client, 3, "desk", "me").read(asyncio.Event())) as reading:
        assert sorted(titles(await take(reading, 3))) == ["0", "1", "2"]


async def test_an_article_comes_as_the_bytes_that_were_published(client: Redis) -> None:
    data = encode_article(make_article()).replace(b'{"uri"', b'{"mood": "calm", "uri"')
    await client.xadd(KEYS.articles, {"data": data})
    async with aclosing(GroupReader(client, 1, "desk", "me").read(asyncio.Event())) as reading:
        [received] = await take(reading, 1)
    assert received.data == data
    assert received.article == decode_article(data) == make_article()


async def test_what_is_no_article_or_was_trimmed_is_passed_over(client: Redis) -> None:
    subscriber = GroupReader(client, 1, "desk", "me")
    await publish(client, "مضى")
    async with aclosing(subscriber.read(asyncio.Event())) as reading:
        await take(reading, 1)
    await client.xtrim(KEYS.articles, maxlen=0, approximate=False)
    await client.xadd(KEYS.articles, {"note": "not ours"})
    await publish(client, "خبر")
    async with aclosing(subscriber.read(asyncio.Event())) as reading:
        assert titles(await take(reading, 1)) == ["خبر"]
    assert await pending(client) == 1


async def test_a_group_that_was_removed_is_joined_again(client: Redis) -> None:
    await publish(client, "أ")
    subscriber = GroupReader(client, 1, "desk", "me")
    async with aclosing(subscriber.read(asyncio.Event())) as reading:
        await subscriber.acknowledge((await take(reading, 1))[0])
        await client.delete(KEYS.articles)
        await publish(client, "ب")
        assert titles(await take(reading, 1)) == ["ب"]


@pytest.mark.parametrize("ids", [["5-1"], ["5-0", "5-1", "5-2"], ["3-0", "6-0"]])
async def test_a_stream_that_began_anew_with_the_ids_that_were_read_is_read_from_its_begin(
    client: Redis, ids: list[str]
) -> None:
    await client.xadd(KEYS.articles, {"data": encode_article(make_article(title="أ"))}, id="5-1")
    subscriber = GroupReader(client, 1, "desk", "me")
    async with aclosing(subscriber.read(asyncio.Event())) as reading:
        await subscriber.acknowledge((await take(reading, 1))[0])
        await subscriber.flush()
        async with client.pipeline() as together:
            together.delete(KEYS.articles)
            for each in ids:
                article = make_article(title=each)
                together.xadd(KEYS.articles, {"data": encode_article(article)}, id=each)
            await together.execute()
        assert titles(await take(reading, len(ids))) == ids


async def test_reading_ends_when_it_is_told_to(client: Redis) -> None:
    await publish(client, "أ", "ب")
    stop = asyncio.Event()
    read = []
    async for received in GroupReader(client, 1, "desk", "me").read(stop):
        read.append(received)
        stop.set()
    assert titles(read) == ["أ"]


async def test_following_begins_with_the_newest_and_goes_on(client: Redis) -> None:
    await publish(client, "أ", "ب", "ج")
    async with aclosing(follow(client, 1, 2, asyncio.Event())) as reading:
        assert titles(await take(reading, 2)) == ["ب", "ج"]
        await publish(client, "د")
        assert titles(await take(reading, 1)) == ["د"]


async def test_following_may_begin_with_none_of_what_is_there(client: Redis) -> None:
    await publish(client, "أ")
    stop = asyncio.Event()
    async with aclosing(follow(client, 1, 0, stop)) as reading:
        first = asyncio.ensure_future(anext(reading))
        numbered = 0

        async def came() -> bool:
            # Whatever comes after it has looked is new to it; what came before is not.
            nonlocal numbered
            numbered += 1
            await publish(client, str(numbered))
            return first.done()

        await until(came)
        assert (await first).article.title != "أ"


async def test_following_leaves_no_trace(client: Redis) -> None:
    await publish(client, "أ")
    async with aclosing(follow(client, 1, 1, asyncio.Event())) as reading:
        await take(reading, 1)
    assert await client.xinfo_groups(KEYS.articles) == []


async def test_what_was_given_in_an_answer_that_got_lost_comes_again_at_once(
    client: Redis, server_url: str
) -> None:
    await publish(client, "أ", "ب")
    trouble = Trouble(cut=1, cut_what=b"\r\n>\r\n", cut_most=1)  # the first read of what is new
    with proxy_before(Path(server_url.removeprefix("unix://")), trouble) as url:
        async with connect(url) as proxied:
            reader = GroupReader(proxied, 1, "desk", "me")
            async with aclosing(reader.read(asyncio.Event())) as reading:
                assert titles(await take(reading, 2)) == ["أ", "ب"]
    assert trouble.cuts == 1
