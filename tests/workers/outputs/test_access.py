"""Who may read the server-sent events: tokens in three places, pages of listed web sites."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from redis.asyncio import Redis

from nabaa.errors import ConfigError, UsageError
from workers.outputs.access import Access, check_reach
from workers.outputs.http_server import run_server
from workers.outputs.sse import EventServer

pytestmark = [
    pytest.mark.anyio,
    # Nothing here depends on the kind of server.
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]
TOKEN = "gehéim"
SITE = "https://desk.example"


@asynccontextmanager
async def serving(client: Redis, access: Access) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        run_server(EventServer(client, 1, access), "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False) as http,
    ):
        yield http


async def status_of(http: httpx.AsyncClient, **request: object) -> int:
    async with http.stream("GET", "/articles", **request) as answer:  # type: ignore[arg-type]
        return answer.status_code


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": {"Authorization": f"Bearer {TOKEN}".encode()}},
        {"headers": {"Authorization": f"bearer {TOKEN}".encode()}},
        {"params": {"token": TOKEN}},
        {"headers": {"Cookie": f"other=1; nabaa_token={TOKEN}".encode()}},
    ],
    ids=["header", "small letters", "query", "cookie"],
)
async def test_the_token_may_be_shown_in_a_header_the_query_or_a_cookie(
    client: Redis, request_: dict[str, object]
) -> None:
    async with serving(client, Access(TOKEN)) as http:
        assert await status_of(http, **request_) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": b"Bearer"},
        {"Authorization": b"Bearer \xff"},
        {"Authorization": b"\xff"},
        {"Authorization": b"Basic Z2VoZWlt"},
        {"Authorization": b"Bearer " + b"x" * 5000},
        {"Cookie": b"nabaa_token=\xff"},
        {"Cookie": b"nabaa_token"},
    ],
)
async def test_whatever_else_is_shown_is_answered_with_401(
    client: Redis, headers: dict[str, bytes]
) -> None:
    async with serving(client, Access(TOKEN)) as http:
        answer = await http.get(
            "/articles", headers=[(name.encode(), value) for name, value in headers.items()]
        )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("name", ["Last-Event-ID", "Origin", "Cookie", "X-Other"])
async def test_header_values_that_are_no_text_are_no_fault_of_ours(
    client: Redis, name: str
) -> None:
    async with serving(client, Access("", (SITE,))) as http:
        status = await status_of(http, headers={name: b"\xff\xfe"})
    assert status in (200, 400)


async def test_a_token_is_not_logged(client: Redis, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        async with serving(client, Access("geheim")) as http:
            assert await status_of(http, params={"token": "geheim"}) == 200
            assert await status_of(http, params={"token": "geheim", "since": "x"}) == 400
            http_port = http.base_url.port
            reader, writer = await asyncio.open_connection("127.0.0.1", http_port)
            writer.write(b"GET /articles?token=geheim HTTP/9.9\r\nbad header\r\n\r\n")
            await reader.read()
            writer.close()
    ours = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    ]
    assert not [record for record in ours if "geheim" in record.getMessage()]


async def test_a_page_of_a_listed_site_may_read(client: Redis) -> None:
    async with serving(client, Access(TOKEN, (SITE,))) as http:
        async with http.stream(
            "GET", "/articles", params={"token": TOKEN}, headers={"Origin": SITE}
        ) as answer:
            assert answer.status_code == 200
            assert answer.headers["access-control-allow-origin"] == SITE
            assert answer.headers["access-control-allow-credentials"] == "true"
        refused = await http.get("/articles", headers={"Origin": SITE})
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == SITE


async def test_a_page_of_another_site_may_not_read(client: Redis) -> None:
    async with serving(client, Access("", (SITE,))) as http:
        answer = await http.options("/articles", headers={"Origin": "https://other.example"})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


async def test_a_browser_that_asks_first_is_answered(client: Redis) -> None:
    asked = {
        "Origin": SITE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    async with serving(client, Access(TOKEN, (SITE,))) as http:
        answer = await http.options("/articles", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == SITE
    assert "Authorization" in answer.headers["access-control-allow-headers"]


async def test_any_page_may_read_without_a_cookie_where_that_is_set(client: Redis) -> None:
    async with serving(client, Access("", ("*",))) as http:
        answer = await http.options("/articles", headers={"Origin": "https://other.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", ["desk.example", "https://desk.example/page", "https://a@desk.example", "https://["]
)
def test_an_origin_that_is_none_is_refused(server_url: str, origin: str) -> None:
    with pytest.raises(ConfigError, match="NABAA_SERVE_ORIGINS"):
        Access("", (origin,))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "news.example", ""])
def test_an_address_that_others_reach_needs_a_token_or_a_word(server_url: str, host: str) -> None:
    with pytest.raises(UsageError, match="--without-token"):
        check_reach(host, "", is_open=False)
    check_reach(host, "geheim", is_open=False)
    check_reach(host, "", is_open=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_an_address_of_this_machine_alone_needs_no_token(server_url: str, host: str) -> None:
    check_reach(host, "", is_open=False)
