"""Server-sent events while keys, clients and connections misbehave."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import AsyncExitStack

import httpx
import pytest
from aiohttp import web
from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.subscriber.cursor import read_after
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.workers.outputs.test_sse import events, publish, serving, take, titles
from workers.outputs import sse
from workers.outputs.http_server import listen, run_server
from workers.outputs.sse import EventServer

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


async def test_a_key_of_another_type_is_told_and_events_go_on_when_it_is_mended(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(client) as http, events(http) as reading:
        await publish(client, 1)
        assert titles(await take(reading, 1)) == ["1"]
        await client.rename(KEYS.articles, "nabaa:{0}:aside")
        await client.set(KEYS.articles, "no stream")

        async def is_told() -> bool:
            return "holds something that is no stream" in caplog.text

        await until(is_told)
        await client.rename("nabaa:{0}:aside", KEYS.articles)
        await publish(client, 2)
        assert titles(await take(reading, 1)) == ["2"]


async def test_events_go_on_after_the_key_was_removed(client: Redis) -> None:
    async with serving(client) as http, events(http) as reading:
        await publish(client, 1)
        await take(reading, 1)
        await client.delete(KEYS.articles)
        await publish(client, 2)
        assert titles(await take(reading, 1)) == ["2"]


async def test_a_reader_that_ends_is_told_and_started_again(
    client: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runs = 0
    wake = sse.Wire.follow

    async def fail_once(self: sse.Wire) -> None:
        nonlocal runs
        if self.path == "/articles":
            runs += 1
            if runs == 1:
                raise RuntimeError("a fault of ours")
        await wake(self)

    monkeypatch.setattr(sse.Wire, "follow", fail_once)
    async with serving(client) as http, events(http) as reading:

        async def runs_again() -> bool:
            return runs == 2

        await until(runs_again)
        await publish(client, 1)
        assert titles(await take(reading, 1)) == ["1"]
    assert "the reader of /articles failed; it is started again" in caplog.text


async def test_a_slow_client_that_is_overtaken_by_the_trimming_is_told_what_it_lost(
    client: Redis,
) -> None:
    await publish(client, *range(200), body_text="نص طويل " * 2000)
    ids = [message.id for message in messages_of_range(await client.xrange(KEYS.articles))]
    async with serving(client) as http, events(http, since="1h") as reading:
        await take(reading, 1)
        await client.xtrim(KEYS.articles, minid=ids[198], approximate=False)
        found = await take(reading, 1)
        while found[-1]["event"] != "nabaa.lost":
            found += await take(reading, 1)
        lost = json.loads(found[-1]["data"])
        assert lost["before"] == ids[198]
        assert lost["after"] == ids[len(found) - 1]
        assert titles(await take(reading, 2)) == ["198", "199"]


@pytest.mark.parametrize("since", ["999999d", "999999w"])
async def test_a_span_of_more_than_a_hundred_years_is_refused(client: Redis, since: str) -> None:
    async with serving(client) as http:
        answer = await http.get("/articles", params={"since": since})
    assert answer.status_code == 400
    assert "longer than 100 years" in answer.text


@pytest.mark.parametrize(
    "place", ["18446744073709551616-0", "9999999999999-0", "1-0\x00", "٣-0", "1", "-", "1-0,", "é"]
)
async def test_an_impossible_place_is_answered_with_400(client: Redis, place: str) -> None:
    await publish(client, 1)
    async with serving(client) as http:
        in_query = await http.get("/articles", params={"last_event_id": place})
        assert in_query.status_code == 400
        if "\x00" not in place:
            headers = [(b"Last-Event-ID", place.encode())]
            assert (await http.get("/articles", headers=headers)).status_code == 400


async def test_one_client_too_many_is_asked_to_come_later(client: Redis) -> None:
    async with (
        run_server(EventServer(client, 1, most_clients=2), "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False) as http,
    ):
        async with AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(events(http))
            refused = await http.get("/articles")
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")

        async def is_free() -> bool:
            async with http.stream("GET", "/articles") as answer:
                return answer.status_code == 200

        await until(is_free)


async def test_clients_that_read_nothing_are_held_few_articles(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = 0

    async def counted(*arguments: object) -> object:
        nonlocal held
        found = await read_after(*arguments)  # type: ignore[arg-type]
        held = max(held, sum(len(received.data) for received, _ in found.articles))
        return found

    monkeypatch.setattr("workers.outputs.sse.read_after", counted)
    data = encode_article(make_article(body_text="ب" * 100_000))
    for _ in range(200):
        await client.xadd(KEYS.articles, {"data": data})
    async with serving(client) as http, events(http, since="1h") as reading:
        await take(reading, 200)
    assert held <= 8 * len(data)


async def test_half_requests_are_closed_in_time_and_connections_are_bounded() -> None:
    async with listen(web.Application(), "127.0.0.1", 0, 3, request_seconds=0.5) as port:
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in half:
            writer.write(b"GET /articles HTTP/1.1\r\nHost: x\r\nX-Sl")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")
        writer.close()
        async with asyncio.timeout(30):
            for reader, writer in half:
                assert await reader.read() == b""
                writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 404 ")
        writer.close()


async def test_a_client_that_stands_still_is_let_go(
    client: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sse, "SEND_SECONDS", 0.5)
    data = encode_article(make_article(body_text="ب" * 1_000_000))
    for _ in range(20):
        await client.xadd(KEYS.articles, {"data": data})
    server = EventServer(client, 1)
    async with run_server(server, "127.0.0.1", 0) as port:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /articles?since=1h HTTP/1.1\r\nHost: x\r\n\r\n")

            async def is_served() -> bool:
                return server._clients == 1

            async def is_let_go() -> bool:
                return server._clients == 0

            await until(is_served)
            await until(is_let_go)
    assert not [record for record in caplog.records if record.exc_info]
