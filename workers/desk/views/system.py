"""The system: rates, backlog, readers and their lag, dead letters."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from aiohttp import web
from redis.asyncio import Redis

from nabaa.errors import NotFoundError
from nabaa.streams.keys import all_shards
from workers.desk.live.events import send_events
from workers.desk.live.snapshot import Snapshot
from workers.desk.server.look import look_of
from workers.desk.server.parts import Parts
from workers.operations.dead_letters import DeadLetter, drop_dead, read_dead, retry_dead
from workers.operations.status import read_status
from workers.operations.status_model import RATES, WireStatus

MINUTES = 60
LETTERS = 50
_FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SystemState:
    """The state that the page shows.

    Attributes:
        status: the wire at one moment.
        minutes: kind → count in each of the last 60 minutes, the oldest first.
    """

    status: WireStatus
    minutes: Mapping[str, tuple[int, ...]]


class SystemView:
    """Answers `/system`, its live events at `/live/system`, and what is done with dead letters.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reading = asyncio.Lock()
        self._last: SystemState | None = None
        self._read_at = 0.0

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/system", self._show)
        app.router.add_get("/live/system", self._listen)
        app.router.add_post("/dead/{act:retry|drop}", self._act)

    async def state(self) -> SystemState:
        """Return the state, at most two seconds old: every feed is looked at for it."""
        async with self._reading:
            if self._last is None or time.monotonic() - self._read_at > _FRESH_SECONDS:
                client, shards = self._parts.client, self._parts.shards
                self._last = SystemState(
                    await read_status(client, shards), await read_minutes(client, shards)
                )
                self._read_at = time.monotonic()
            return self._last

    async def _show(self, request: web.Request) -> web.Response:
        state = await self.state()
        groups = ("", *dict.fromkeys(group.name for group in state.status.groups if group.dead))
        return self._parts.page(
            request,
            "system.html",
            system=state,
            letters={group: await self._letters(group) for group in groups},
            done=request.query.get("done", ""),
        )

    async def _letters(self, group: str) -> list[DeadLetter]:
        letters = read_dead(self._parts.client, self._parts.shards, group)
        found = []
        async for letter in letters:
            found.append(letter)
            if len(found) == LETTERS:
                break
        return found

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        language = look_of(request).language

        async def write() -> str:
            return self._parts.templates.write(
                "system_state.html", language, system=await self.state()
            )

        with self._parts.broadcast.listen(("system", language), Snapshot(write)) as (listener, _):
            return await send_events(request, listener)

    async def _act(self, request: web.Request) -> web.Response:
        form = await request.post()
        letter, group = str(form.get("id", "")), str(form.get("group", ""))
        client, shards = self._parts.client, self._parts.shards
        act = request.match_info["act"]
        if act == "drop":
            await drop_dead(client, shards, letter, group)
        elif not await retry_dead(client, shards, letter, group):
            raise NotFoundError(f"{letter}: the article has left the wire")
        self._read_at = 0.0
        return web.Response(status=303, headers={"Location": f"/system?done={act}"})


async def read_minutes(client: Redis, shards: int) -> dict[str, tuple[int, ...]]:
    """Read what was done in each of the last 60 minutes.

    Args:
        client: answers in bytes.
        shards: number of shards to read.

    Returns:
        For each kind of `RATES` the counts, the oldest minute first.
    """
    seconds, _ = await client.time()
    last = int(seconds) // 60
    minutes = range(last - MINUTES + 1, last + 1)
    fields = [f"{kind}:{minute}" for kind in RATES for minute in minutes]
    sums = [0] * len(fields)
    for keys in all_shards(shards):
        counts = await client.hmget(keys.rates, fields)
        sums = [total + int(count or 0) for total, count in zip(sums, counts, strict=True)]
    counts_of = iter(sums)
    return {kind: tuple(islice(counts_of, MINUTES)) for kind in RATES}
