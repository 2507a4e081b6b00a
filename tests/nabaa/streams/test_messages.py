"""A stream is read page by page, each message once."""

from __future__ import annotations

from typing import cast

import pytest
from redis.asyncio import Redis

from nabaa.streams.groups import create_group
from nabaa.streams.messages import first_message, message_at, read_range

pytestmark = pytest.mark.anyio


async def add(client: Redis, number: int) -> str:
    return cast("bytes", await client.xadd("s", {"a": number})).decode()


@pytest.mark.parametrize("page", [1, 2, 5, 6, 100])
async def test_every_message_comes_once_whatever_the_page(client: Redis, page: int) -> None:
    ids = [await add(client, n) for n in range(5)]
    assert [message.id async for message in read_range(client, "s", page=page)] == ids
    assert [message.id async for message in read_range(client, "s", ids[2], page)] == ids[2:]


async def test_messages_may_be_deleted_while_they_are_read(client: Redis) -> None:
    ids = [await add(client, n) for n in range(5)]
    read = []
    async for message in read_range(client, "s", page=2):
        read.append(message.id)
        await client.xdel("s", message.id)
    assert read == ids


async def test_a_message_is_found_by_its_id(client: Redis) -> None:
    assert await first_message(client, "s") is None
    message_id = await add(client, 1)
    assert await message_at(client, "s", message_id) == await first_message(client, "s")
    assert await message_at(client, "s", "1-1") is None


async def test_a_group_is_made_once(client: Redis) -> None:
    assert await create_group(client, "s", "desk", "0")
    assert not await create_group(client, "s", "desk", "0")
