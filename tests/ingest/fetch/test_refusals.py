"""What answers in place of a feed is named: bot walls, logins, consent, the home page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import web

from ingest.fetch.fetcher import Fetcher
from ingest.fetch.refusals import describe_refusal
from ingest.model import Fetched
from tests.support.site import Site

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = "https://sabah.example/rss.xml"


def page(
    body: str, status: int = 200, final_url: str = FEED, headers: dict[str, str] | None = None
) -> Fetched:
    content = f"<!DOCTYPE html><html><head>{body}</head></html>".encode()
    return Fetched(FEED, final_url, None, status, headers or {}, content, 0.0, NOW)


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<title>Just a moment...</title>", "Cloudflare"),
        ('<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script>', "Cloudflare"),
        ('<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>', "Imperva"),
        ("Sucuri WebSite Firewall - Access Denied", "Sucuri"),
        ("Access Denied. Reference&#32;&#35;18&#46;8d", "Akamai"),
        ('<script src="https://ct.captcha-delivery.com/c.js">', "DataDome"),
        ("<script>var a=toNumbers('x');slowAES.decrypt(a)</script>", "a script of the host"),
    ],
)
def test_a_bot_wall_is_named(body: str, name: str, status: int) -> None:
    told = describe_refusal(page(body, status))
    assert told is not None
    assert told.startswith(f"the publisher's bot protection ({name}) refuses programs")
    assert "let the User-Agent or the address of this machine through" in told


def test_a_wall_is_known_by_its_header() -> None:
    told = describe_refusal(page("", 403, headers={"cf-mitigated": "challenge"}))
    assert told is not None
    assert "(Cloudflare)" in told


def test_a_wall_without_a_name_is_one_too() -> None:
    told = describe_refusal(page("<title>Checking your browser</title>", 503))
    assert told is not None
    assert told.startswith("the publisher's bot protection refuses programs")


@pytest.mark.parametrize(
    ("fetched", "words"),
    [
        (page("", final_url="https://consent.sabah.example/?to=rss"), "asks for consent"),
        (page("<title>Before you continue</title>"), "asks for consent"),
        (page("", final_url="https://sabah.example/wp-login.php?to=rss"), "to log in"),
        (page("<form><input name=p type='password'></form>"), "to log in"),
        (page("<title>الرئيسية</title>", final_url="https://sabah.example/"), "home page"),
        (page("", 301), "does not say where"),
        (page("", 304), "was not asked that"),
    ],
)
def test_what_stands_before_the_feed_is_named(fetched: Fetched, words: str) -> None:
    told = describe_refusal(fetched)
    assert told is not None
    assert words in told
    assert fetched.final_url == FEED or fetched.final_url in told


@pytest.mark.parametrize("status", [200, 403, 404, 500])
def test_another_page_is_not_judged(status: int) -> None:
    assert describe_refusal(page("<title>غير موجود</title>", status)) is None


def test_a_feed_about_a_wall_is_none() -> None:
    body = b"<rss><title>Just a moment...</title></rss>"
    assert describe_refusal(Fetched(FEED, FEED, None, 200, {}, body, 0.0, NOW)) is None


@pytest.mark.anyio
async def test_a_cookie_is_sent_back_within_one_fetch(site: Site, fetcher: Fetcher) -> None:
    seen = []

    async def wall(request: web.Request) -> web.StreamResponse:
        seen.append(request.cookies.get("pass"))
        if "pass" in request.cookies:
            return web.Response(text="<rss/>")
        response = web.Response(status=302, headers={"Location": request.path})
        response.set_cookie("pass", "7")
        return response

    url = site.page("/wall", wall)
    assert (await fetcher.fetch("a", url)).body == b"<rss/>"
    await fetcher.fetch("a", url)
    assert seen == [None, "7", None, "7"]


@pytest.mark.anyio
async def test_a_cookie_of_one_host_is_not_told_to_another(site: Site, fetcher: Fetcher) -> None:
    seen = []

    async def end(request: web.Request) -> web.StreamResponse:
        seen.append(dict(request.cookies))
        return web.Response(text="<rss/>")

    elsewhere = site.page("/end", end).replace("127.0.0.1", "localhost")

    async def start(_: web.Request) -> web.StreamResponse:
        response = web.Response(status=302, headers={"Location": elsewhere})
        response.set_cookie("pass", "7")
        return response

    await fetcher.fetch("a", site.page("/start", start))
    assert seen == [{}]
