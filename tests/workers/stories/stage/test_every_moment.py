"""The stage dies before and after each command, and another one goes on: each article once."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.stories.events import articles_of
from tests.support.stories.told import EACH_IN_ONE, outcome_of, publish, read_told
from tests.support.wires.stories_service import grouping, until_placed
from workers.stories.stage import batch, service
from workers.stories.stage.service import StoriesService

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]
KEYS = Keys(0)
LEASE_SECONDS = 30.0


class Died(BaseException):
    """The end of a process."""


class DyingClient:
    """Ends the work with one of its commands, before or after Redis has done it.

    Args:
        client: passes the commands on.
        last: number of the command that is the last.
        is_done: whether Redis still does that one.
    """

    def __init__(self, client: Redis, last: int, is_done: bool) -> None:
        self._pass_on = client.execute_command
        self._last = last
        self._is_done = is_done
        self.count = 0

    async def execute(self, *args: Any, **options: Any) -> Any:
        self.count += 1
        if self.count < self._last:
            return await self._pass_on(*args, **options)  # type: ignore[no-untyped-call]
        if self.count == self._last and self._is_done:
            await self._pass_on(*args, **options)  # type: ignore[no-untyped-call]
        raise Died


async def run_until_it_dies(url: str, last: int, is_done: bool, articles: int) -> bool:
    """Run a stage; return whether it died, and had not placed all articles before."""
    async with connect(url) as client:
        dying = DyingClient(client, last, is_done)
        client.execute_command = dying.execute  # type: ignore[method-assign]
        running = asyncio.ensure_future(
            StoriesService(Settings(), client, "test", LEASE_SECONDS, 0.02).run(asyncio.Event())
        )
        async with connect(url) as other:
            ending = asyncio.ensure_future(until_placed(other, articles))
            await asyncio.wait({running, ending}, return_when=asyncio.FIRST_COMPLETED)
            died = running.done()
            for task in (running, ending):
                task.cancel()
            results = await asyncio.gather(running, ending, return_exceptions=True)
        assert isinstance(results[0], Died | asyncio.CancelledError), results[0]
        return died


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
async def test_a_stage_that_dies_at_any_command_loses_and_doubles_nothing(
    client: Redis, server_url: str, is_done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 4)
    articles = list(articles_of(2))
    last, died = 0, True
    while died:
        last += 1
        await client.flushall()
        await publish(client, articles)
        died = await run_until_it_dies(server_url, last, is_done, len(articles))
        await client.delete(KEYS.stories_lease)  # as if its time were over
        async with grouping(client, lease_seconds=LEASE_SECONDS):
            await until_placed(client, len(articles))
        told = await read_told(client)
        assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE, last
    assert last > 9  # it made all of its commits before it did not die


async def test_a_stage_that_is_held_up_while_it_works_changes_nothing_any_more(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = list(articles_of(2))
    go_on, tell = threading.Event(), batch.tell_stories
    held: list[str] = []

    def tell_late(*arguments: Any) -> Any:
        if not held:
            held.append(threading.current_thread().name)
            go_on.wait(20)
        return tell(*arguments)

    monkeypatch.setattr(service, "tell_stories", tell_late)
    async with grouping(client, lease_seconds=0.3) as first:
        # As a process that stands still: it does not renew its lease either.
        await publish(client, articles)

        async def is_held() -> bool:
            return bool(held)

        await until(is_held)
        renew = first._store.take
        monkeypatch.setattr(first._store, "take", asyncio.Event().wait)
        async with grouping(client, lease_seconds=0.3):
            await until_placed(client, len(articles))
            before = await read_told(client)
            monkeypatch.setattr(first._store, "take", renew)
            go_on.set()

            async def has_given_up() -> bool:
                return not first.progress.is_at_work

            await until(has_given_up)
    told = await read_told(client)
    assert told == before
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE
