"""A reader without a group learns of everything that it may have missed."""

from __future__ import annotations

from typing import cast

import pytest
from redis.asyncio import Redis

from nabaa.errors import UsageError
from nabaa.message import encode_article
from nabaa.redis.errors import ServerStateError
from nabaa.streams.ids import FIRST, following_id, order_of
from nabaa.streams.keys import Keys
from nabaa.subscriber.cursor import Cursor, Gap, cursor_before, read_after, read_cursor, resume
from tests.support.articles import make_article

pytestmark = pytest.mark.anyio
STREAM = Keys(0).articles


async def publish(client: Redis, count: int = 1) -> list[str]:
    data = encode_article(make_article())
    added = [await client.xadd(STREAM, {"data": data}) for _ in range(count)]
    return [cast("bytes", message_id).decode() for message_id in added]


async def read_all(client: Redis, cursor: Cursor) -> tuple[list[str], tuple[Gap, ...], Cursor]:
    """Read until nothing new comes."""
    ids: list[str] = []
    gaps: tuple[Gap, ...] = ()
    while True:
        reading = await read_after(client, [STREAM], cursor)
        ids += [received.message_id for received, _ in reading.articles]
        gaps += reading.gaps
        if reading.cursor == cursor:
            return ids, gaps, cursor
        cursor = reading.cursor


async def test_who_lost_nothing_reads_everything_and_no_gap(client: Redis) -> None:
    first, *rest = await publish(client, 100)
    assert await read_all(client, Cursor((first,))) == (rest, (), Cursor((rest[-1],)))


async def test_a_reader_that_was_overtaken_by_the_trimming_learns_the_range(client: Redis) -> None:
    ids = await publish(client, 200)
    reading = await read_after(client, [STREAM], Cursor((ids[0],)))
    at = reading.cursor.ids[0]
    await client.xtrim(STREAM, maxlen=10, approximate=False)
    read, gaps, _ = await read_all(client, reading.cursor)
    assert read == ids[-10:]
    assert gaps == (Gap(STREAM, at, ids[-10]),)


async def test_a_reader_that_comes_back_to_an_emptied_stream_learns_the_range(
    client: Redis,
) -> None:
    ids = await publish(client, 10)
    await client.xtrim(STREAM, maxlen=0, approximate=False)
    _, gaps, cursor = await read_all(client, Cursor((ids[4],)))
    assert gaps == (Gap(STREAM, ids[4], following_id(ids[-1])),)
    [later] = await publish(client)
    assert (await read_all(client, cursor))[:2] == ([later], ())


async def test_a_reader_that_had_read_everything_lost_nothing_when_it_is_trimmed(
    client: Redis,
) -> None:
    ids = await publish(client, 3)
    _, _, cursor = await read_all(client, Cursor((ids[0],)))
    await client.xtrim(STREAM, maxlen=0, approximate=False)
    assert (await read_all(client, cursor))[:2] == ([], ())
    new = await publish(client, 2)
    assert (await read_all(client, cursor))[:2] == (new, ())


async def test_a_deleted_stream_is_a_gap_once_and_read_from_its_new_start(client: Redis) -> None:
    ids = await publish(client, 3)
    await client.delete(STREAM)
    _, gaps, cursor = await read_all(client, Cursor((ids[-1],)))
    [gap] = gaps
    assert gap.after == ids[-1]
    assert order_of(gap.before) >= order_of(ids[-1])
    new = await publish(client, 2)
    assert (await read_all(client, cursor))[:2] == (new, ())


async def test_a_stream_that_began_anew_with_lower_ids_is_read_from_its_start(
    client: Redis,
) -> None:
    await client.xadd(STREAM, {"data": encode_article(make_article())}, id="5-0")
    read, gaps, _ = await read_all(client, Cursor(("1000-0",)))
    assert (read, gaps) == (["5-0"], (Gap(STREAM, "1000-0", "5-0"),))


async def test_who_begins_now_gets_what_comes_next_and_no_gap(client: Redis) -> None:
    assert (await cursor_before(client, [STREAM])).ids == (FIRST,)
    await publish(client, 3)
    await client.xtrim(STREAM, maxlen=0, approximate=False)
    cursor = await cursor_before(client, [STREAM])
    [later] = await publish(client)
    assert (await read_all(client, cursor))[:2] == ([later], ())


async def test_who_begins_before_all_that_is_there_gets_it_and_no_gap(client: Redis) -> None:
    ids = await publish(client, 3)
    cursor = await cursor_before(client, [STREAM], "5-0")
    assert (await read_all(client, cursor))[:2] == (ids, ())


async def test_a_shard_that_was_added_is_read_from_its_start(client: Redis) -> None:
    assert read_cursor("7-1", 3) == Cursor(("7-1", FIRST, FIRST))


@pytest.mark.parametrize(
    "text", ["", "x", "1-0,1-0", "1-0,", "18446744073709551616-0", "1-99999999999999999999"]
)
async def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no place on this wire"):
        read_cursor(text, 1)


async def test_a_place_in_the_future_is_refused(client: Redis) -> None:
    with pytest.raises(UsageError, match="lies in the future"):
        await resume(client, "18446744073709551615-0", 1)
    assert (await resume(client, "1700000000000-0", 1)).ids == ("1700000000000-0",)


async def test_a_key_of_another_type_is_a_state_that_passes(client: Redis) -> None:
    await client.set(STREAM, "x")
    with pytest.raises(ServerStateError, match="holds something that is no stream"):
        await read_after(client, [STREAM], Cursor((FIRST,)))
    with pytest.raises(ServerStateError, match="holds something that is no stream"):
        await cursor_before(client, [STREAM])
