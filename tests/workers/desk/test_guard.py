"""What stands around the pages: rights, forms, Host, headers; what feeds say is text."""

from __future__ import annotations

import re

import pytest
from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.types import Entity, Mention, Outlet, Quote
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.support.desk.newsroom import articles, publish
from tests.support.desk.serving import form_token, send_form, serving
from workers.desk.access.rights import AccessRules

pytestmark = [
    pytest.mark.anyio,
    # Nothing here depends on the kind of server.
    pytest.mark.parametrize("server_url", ["valkey"], indirect=True),
]
TOKENS = AccessRules(token="lesen", admin_token="walten")
FROM_ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}
PAGES = ["/", "/wire", "/names", "/quotations", "/map", "/feeds", "/system", "/search"]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.mark.parametrize("path", [*PAGES, "/live/wire", "/entity/Q1", "/search/trend", "/nothing"])
async def test_who_has_no_right_sees_the_way_in_alone(client: Redis, path: str) -> None:
    async with serving(client, TOKENS) as http:
        answer = await http.get(path, headers=FROM_ELSEWHERE)
        assert answer.status_code == 401
        assert "<nav" not in answer.text


async def test_a_token_opens_a_session_and_leaving_ends_it(client: Redis) -> None:
    async with serving(client, TOKENS) as http:
        http.headers.update(FROM_ELSEWHERE)
        wrong = await http.post(
            "/login", data={"token": "raten", "form_token": await form_token(http, "/login")}
        )
        assert wrong.status_code == 401
        right = await http.post(
            "/login",
            data={
                "token": "lesen",
                "back": "//evil.example/wire?words=a",
                "form_token": await form_token(http, "/login"),
            },
        )
        assert (right.status_code, right.headers["Location"]) == (303, "/wire?words=a")
        assert re.search("HttpOnly.*SameSite=Lax", right.headers["Set-Cookie"])
        assert (await http.get("/wire")).status_code == 200
        await send_form(http, "/logout")
        assert (await http.get("/wire")).status_code == 401


async def test_a_session_over_https_stays_there(client: Redis) -> None:
    headers = FROM_ELSEWHERE | {"X-Forwarded-Proto": "https"}
    async with serving(client, TOKENS) as http:
        assert "; Secure" in (await http.get("/login", headers=headers)).headers["Set-Cookie"]


async def test_who_reads_may_not_administer(client: Redis) -> None:
    async with serving(client, TOKENS) as http:
        http.headers.update(FROM_ELSEWHERE | {"Authorization": "Bearer lesen"})
        refused = await send_form(http, "/subscriptions?countries=EG", name="egypt")
        assert refused.status_code == 403
        http.headers["Authorization"] = "Bearer walten"
        assert (await send_form(http, "/subscriptions?countries=EG", name="egypt")).is_redirect


async def test_a_form_without_its_token_does_nothing(client: Redis) -> None:
    async with serving(client) as http:
        await http.get("/wire")
        forged = await http.post("/subscriptions?countries=EG", data={"name": "egypt"})
        assert forged.status_code == 403
        assert not await client.exists(Keys(0).subscriptions)


async def test_a_form_of_another_site_does_nothing(client: Redis) -> None:
    async with serving(client) as http:
        http.headers["Origin"] = "https://evil.example"
        assert (await send_form(http, "/preferences", language="en")).status_code == 403


async def test_a_name_that_was_rebound_gets_nothing(client: Redis) -> None:
    async with serving(client, names=("desk.example",)) as http:
        assert (await http.get("/wire", headers={"Host": "evil.example"})).status_code == 421
        assert (await http.get("/wire", headers={"Host": "desk.example"})).status_code == 200


async def test_every_answer_allows_nothing_of_other_sites(client: Redis) -> None:
    async with serving(client) as http:
        page = (await http.get("/wire")).text
        [style] = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
        for path in ("/wire", "/nothing", style):
            policy = (await http.get(path)).headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none';")
            assert "unsafe" not in policy
            assert "http" not in policy
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", page)


async def test_no_address_of_a_page_leaves_the_machine(client: Redis) -> None:
    async with serving(client) as http:
        for path in ("/wire", "/feeds", "/system"):
            page = (await http.get(path)).text
            loaded = re.findall(r'(?:src|href|action|hx-get|hx-sse:connect)="([^"]*)"', page)
            assert loaded
            assert not [address for address in loaded if not address.startswith(("/", "#"))]


async def test_files_are_kept_by_browsers_and_packed(client: Redis) -> None:
    async with serving(client) as http:
        page = (await http.get("/wire")).text
        for address in re.findall(r'"(/static/[^"]+)"', page):
            answer = await http.get(address)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
            assert (answer.headers.get("Content-Encoding") == "gzip") == ("woff2" not in address)
        assert (await http.get("/static/0/css/desk.css")).headers["Cache-Control"] == "no-cache"
        assert (await http.get("/static/0/../app.py")).status_code == 404


async def test_what_a_feed_says_is_text_and_never_html(client: Redis) -> None:
    title = f"{HOSTILE} عمّان"
    entity = Entity("local:0123456789abcdef", "PERS", HOSTILE, None,
                    (Mention("title", 0, len(HOSTILE), HOSTILE),))  # fmt: skip
    article = make_article(
        title=title,
        summary=HOSTILE,
        body_text=HOSTILE,
        by=HOSTILE,
        topic=HOSTILE,
        url='https://sabah.example/?a="><script>',
        outlet=Outlet(HOSTILE, "JO", "sabah"),
        entities=(entity,),
        quotes=(Quote("body_text", 0, 8, HOSTILE[:8], entity.id, HOSTILE, "direct"),),
    )
    await client.xadd(Keys(0).articles, {"data": encode_article(article)})
    async with serving(client) as http:

        async def has_come() -> bool:
            return "row-title" in (await http.get("/wire")).text

        await until(has_come)
        pages = [(await http.get(path)).text for path in ("/wire", f"/article/{'0' * 32}")]
        async with http.stream("GET", "/live/wire?after=x-0") as events:
            pages.append(await anext(events.aiter_text()))
        for page in pages:
            assert "&lt;script&gt;alert(1)" in page
            assert "<script>alert" not in page
            assert "<img" not in page
            assert "{{ 7*7 }}" in page


async def test_a_page_of_before_a_restart_gets_the_newest_and_no_count(client: Redis) -> None:
    await publish(client, articles(40))
    async with serving(client) as http:

        async def has_come() -> bool:
            return (await http.get("/wire")).text.count("row-title") == 40

        await until(has_come)
        for place, more in (("x-7", False), ("", False), ("EPOCH-0", True)):
            page = (await http.get("/wire")).text
            epoch = re.search(r"after=([0-9a-f]+)-", page)
            assert epoch is not None
            headers = {"Last-Event-ID": place.replace("EPOCH", epoch[1])} if place else {}
            async with http.stream("GET", "/live/wire", headers=headers) as events:
                lines = events.aiter_lines()
                event = await anext(lines)
                while not event.startswith("data: "):
                    event = await anext(lines)
            assert event.count("<article") == 20
            assert ('"row more"' in event) is more


async def test_the_look_is_kept_by_the_browser(client: Redis) -> None:
    async with serving(client) as http:
        page = (await http.get("/wire")).text
        assert '<html lang="ar" dir="rtl" data-theme="auto">' in page
        answer = await send_form(http, "/preferences", language="en", theme="dark", back="/wire")
        assert answer.headers["Location"] == "/wire"
        page = (await http.get("/wire")).text
        assert '<html lang="en" dir="ltr" data-theme="dark">' in page
        await send_form(http, "/preferences", language='"><b>', theme="loud")
        assert '<html lang="ar" dir="rtl" data-theme="auto">' in (await http.get("/wire")).text


async def test_a_page_does_not_wait_for_a_server_that_stands_still(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.desk.server.guard.PAGE_SECONDS", 0.2)
    async with serving(client) as http:
        await client.client_pause(1000)
        answer = await http.get("/feeds")
        assert (answer.status_code, "0.2 seconds" in answer.text) == (503, True)
        await client.ping()
        assert (await http.get("/names")).status_code == 200
