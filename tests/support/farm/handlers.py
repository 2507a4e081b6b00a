"""What the farm answers to a request for a feed, an article page or a picture."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from tests.support.farm.answers import Answer, Healthy, Sent
from tests.support.farm.arrivals import Arrivals
from tests.support.farm.content.articles import PlacedArticle
from tests.support.farm.content.dressed import dress_page
from tests.support.farm.content.render import PICTURE, content_type
from tests.support.farm.log import RequestLog, SeenRequest
from tests.support.farm.site import FeedSite


@dataclass(frozen=True, slots=True)
class ServedFarm:
    """What the handlers need of a farm.

    Attributes:
        sites: by the ids of their feeds.
        logs: of the requests for each feed.
        pages: site and article by the key of the article.
        arrivals: of new items.
        closing: set when the farm ends.
        address: makes the address of a feed, and of a hop of its redirects.
    """

    sites: Mapping[str, FeedSite]
    logs: Mapping[str, RequestLog]
    pages: Mapping[str, tuple[FeedSite, PlacedArticle]]
    arrivals: Arrivals
    closing: asyncio.Event
    address: Callable[[str, int], str]


def add_routes(app: web.Application, farm: ServedFarm) -> None:
    """Have an application answer for the feeds, pages and pictures of a farm."""

    async def get_feed(request: web.Request) -> web.StreamResponse:
        feed = request.match_info["feed"]
        if feed not in farm.sites:
            raise web.HTTPNotFound
        answer = Answer(request, farm.closing)
        try:
            return await _answer(farm, request, feed, answer)
        except ConnectionResetError:
            return web.Response()  # goes nowhere: the client went away
        finally:
            farm.logs[feed].end(_seen(request, answer.sent))

    async def get_page(request: web.Request) -> web.Response:
        found = farm.pages.get(request.match_info["key"])
        if found is None:
            raise web.HTTPNotFound
        site, placed = found
        kind = site.behaviour.pages
        if kind == "redirects":
            hop = int(request.query.get("hop", "0")) + 1
            raise web.HTTPFound(f"{request.path}?hop={hop}")
        body = dress_page(placed, site.channel, site.behaviour.style, kind)
        return web.Response(body=body, content_type="text/html")

    async def get_picture(request: web.Request) -> web.Response:
        return web.Response(body=PICTURE, content_type="image/gif")

    app.router.add_get("/feeds/{feed}", get_feed)
    app.router.add_get(r"/feeds/{feed}/{hop:\d+}", get_feed)
    app.router.add_get("/articles/{key}/{slug}", get_page)
    app.router.add_get("/media/{name}", get_picture)


async def _answer(
    farm: ServedFarm, request: web.Request, feed: str, answer: Answer
) -> web.StreamResponse:
    site, now = farm.sites[feed], time.time()
    redirect = site.behaviour.redirect(int(request.match_info.get("hop", "0")))
    if redirect is not None:
        status, hop = redirect
        return await answer.whole(status, b"", {"Location": farm.address(feed, hop)})
    number = farm.logs[feed].begin()
    site.asked(now)
    farm.arrivals.look(feed)
    trouble = site.behaviour.trouble(number)
    if trouble is None and site.unchanged(request.headers):
        return await answer.whole(304, b"", site.validators(number, now))
    shown = site.shown
    response = await answer.give(_healthy(site, request, number, now), trouble)
    if answer.sent.complete and request.method == "GET":
        site.sent(shown)
        farm.arrivals.look(feed)
    return response


def _healthy(site: FeedSite, request: web.Request, number: int, now: float) -> Healthy:
    """Return what the feed answers to this request when nothing goes wrong."""
    plain = {"Content-Type": content_type(site.behaviour.style)}
    headers = plain | site.validators(number, now)
    coding = site.behaviour.coding
    if coding != "identity" and coding in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = coding
        headers["Vary"] = "Accept-Encoding"
    else:
        coding = "identity"
    return Healthy(
        body=site.compressed(coding),
        headers=headers,
        plain_body=site.document().body,
        plain_headers=plain,
        empty_body=site.empty_body,
    )


def _seen(request: web.Request, sent: Sent) -> SeenRequest:
    return SeenRequest(
        at=datetime.now(UTC),
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        status=sent.status,
        body_bytes=sent.body_bytes,
        complete=sent.complete,
    )
