"""Processes whose clock is days off: what is stored is judged by the clock of Redis."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from redis.asyncio import Redis

import nabaa.subscriber.client
from nabaa import Subscriber
from nabaa.message import encode_article
from nabaa.redis.clock import RedisClock, read_time
from nabaa.streams.keys import Keys
from tests.support.articles import make_article

pytestmark = pytest.mark.anyio
ARTICLES = Keys(0).articles
DAYS = [8, -8]


class WrongDatetime(datetime):
    """The time of a machine whose clock was set wrongly."""

    off = timedelta()

    @classmethod
    def now(cls, tz: timezone | None = None) -> Any:  # type: ignore[override]
        return super().now(tz) + cls.off


@pytest.mark.parametrize("days", DAYS, ids=["ahead", "behind"])
async def test_a_group_begins_so_long_ago_by_the_clock_of_redis(
    client: Redis, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    seconds, _ = await client.time()
    for age, title in ((10_800, "قديم"), (3_600, "حديث")):
        data = encode_article(make_article(title=title))
        await client.xadd(ARTICLES, {"data": data}, id=f"{(seconds - age) * 1000}-0")
    monkeypatch.setattr(WrongDatetime, "off", timedelta(days=days))
    monkeypatch.setattr(nabaa.subscriber.client, "datetime", WrongDatetime)
    async with aclosing(aiter(Subscriber(client, "desk", since="2h"))) as articles:
        article = await asyncio.wait_for(anext(articles), 10)
    assert article.title == "حديث"


@pytest.mark.parametrize("days", DAYS, ids=["ahead", "behind"])
async def test_a_process_whose_clock_is_wrong_goes_by_that_of_redis(
    client: Redis, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + days * 86400)
    clock = RedisClock(client)
    await clock.sync()
    assert abs(clock.now() - await read_time(client)) < timedelta(seconds=5)
