"""What commands a browser, a terminal or a log does not get through to the people who read."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Sequence
from random import Random
from xml.sax.saxutils import escape

import pytest
from redis.asyncio import Redis
from rich.console import Console

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.poller import Poller
from ingest.runtime.terminal import log_to_stderr
from ingest.schedule.policy import PollPolicy
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, decode_entry
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.faults.hostile_site import answer, serving
from workers.model import Span
from workers.outputs.tail import show
from workers.pipeline import ArticleMaker

KEYS = Keys(0)
HOSTILE = (
    "\x1b]8;;https://evil.example\x1b\\نص\x1b]8;;\x1b\\ \x1b[2J\x9b31m \u202eقلب\u202c\u2066عزل"
    "\u2069 ص\u200bفر\ufeff سطر\u2028آخر\u2029\r\n2026-03-01 ERROR كاذب\x07"
)
COMMANDS = frozenset(
    "\x1b\x9b\x07\r\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2028\u2029\ufeff"
)
MARKUP = (
    "<p onclick='evil()'>نص <b onmouseover=evil()>غامق</b></p><script>evil()</script>"
    "<style>evil{}</style><img src='https://pixel.wp.com/evil.gif' width=1 height=1>"
    "<svg onload=evil()><title>evil</title></svg><iframe src='javascript:evil()'>evil</iframe>"
    "&lt;script&gt;evil()&lt;/script&gt;"
)
SCHEMES = (
    "javascript:evil()",
    "JaVaScRiPt:evil()",
    "java&#9;script:evil()",
    "java&#10;script:evil()",
    "&#1;javascript:evil()",
    "javascript&#58;evil()",
    "javascript&amp;colon;evil()",
    " data:text/html,evil",
    "file:///etc/evil",
    "vbscript:evil()",
    "//",
    "http://",
    "http:evil",
)


class _NoNames:
    """A recogniser of nothing: names are not what is looked at."""

    name = "none"

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [[] for _ in sentences]


def _rss(*items: str) -> bytes:
    return (
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>x</title>"
        f"{''.join(f'<item>{each}</item>' for each in items)}</channel></rss>"
    ).encode()


def _hostile_rss() -> bytes:
    text = escape(HOSTILE)
    return _rss(
        f"<guid>1</guid><title>{text}</title><description>{text}{escape(MARKUP)}</description>"
        f"<author>{text}</author><category>{text}</category><link>https://x.example/{text}</link>"
        f"<media:content url='https://x.example/a.jpg' type='{text}' width='600'>"
        f"<media:title>{text}</media:title></media:content>"
        "<media:content url='https://x.example/pixel.gif' width='1' height='1'/>"
        "<enclosure url='https://pixel.wp.com/g.gif?x=1' type='image/gif' length='43'/>"
    )


def _hostile_json() -> bytes:
    item = {
        "id": "1",
        "title": HOSTILE,
        "url": f"https://x.example/{HOSTILE}",
        "content_html": HOSTILE + MARKUP,
        "authors": [{"name": HOSTILE}],
        "tags": [HOSTILE],
        "image": "https://stats.wordpress.com/b.gif",
        "attachments": [
            {"url": "https://x.example/a.jpg", "mime_type": HOSTILE, "title": HOSTILE},
            {"url": "javascript:evil()", "mime_type": "image/png"},
        ],
    }
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "items": [item]}).encode()


async def _articles(client: Redis, body: bytes, kind: str = "text/xml") -> list[Article]:
    """Deliver a feed from the wire to the article."""
    settings = Settings(allow_private_addresses=True)
    with serving({"/x": answer(body, f"Content-Type: {kind}; charset=utf-8")}) as site:
        feed = Feed("x", f"{site.base_url}/x", "x", "صحيفة", "JO", "UTC")
        due, stream = DueSet(client, KEYS, lease_seconds=60), EntriesStream(client, KEYS, 3600)
        await due.sync([feed.id], 3600)
        [state] = await due.states([feed.id])
        async with Fetcher(settings) as fetcher:
            poller = Poller(fetcher, PollPolicy.of(settings), Random(1))
            assert (await poller.poll(feed, state, stream)).error is None
    messages = messages_of_range(await client.xrange(KEYS.entries))
    entries = [decode_entry(message.fields[b"data"]) for message in messages]
    return [each for each in ArticleMaker(_NoNames()).make(entries) if each is not None]


def _every_text(article: Article) -> list[str]:
    media = [text for each in article.media for text in (each.url, each.type, each.title)]
    return [
        *(article.title, article.summary, article.body_text, article.by, article.url),
        *article.categories,
        *media,
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("make", [_hostile_rss, _hostile_json])
async def test_no_text_of_an_article_commands_anything(client: Redis, make: object) -> None:
    assert callable(make)
    [article] = await _articles(client, make())
    for text in _every_text(article):
        assert not COMMANDS & set(text)
        assert "evil" not in text.replace("evil.example", "")
    assert "نص غامق" in " ".join(article.body_text.split())
    assert "\n" not in article.title + article.by + article.url + "".join(article.categories)


@pytest.mark.anyio
@pytest.mark.parametrize("make", [_hostile_rss, _hostile_json])
async def test_a_pixel_that_counts_readers_is_no_media(client: Redis, make: object) -> None:
    assert callable(make)
    [article] = await _articles(client, make())
    assert [each.url for each in article.media] == ["https://x.example/a.jpg"]


@pytest.mark.anyio
async def test_an_address_of_another_scheme_is_none(client: Redis) -> None:
    items = [
        f"<guid isPermaLink='false'>{number}</guid><title>x</title><link>{scheme}</link>"
        f"<enclosure url='{scheme}' type='image/png'/>"
        for number, scheme in enumerate(SCHEMES)
    ]
    articles = await _articles(client, _rss(*items))
    assert len(articles) == len(SCHEMES)
    for article in articles:
        for url in (article.url, *(each.url for each in article.media)):
            assert not url or url.startswith(("http://", "https://"))


@pytest.mark.anyio
@pytest.mark.parametrize("is_terminal", [True, False])
async def test_what_tail_prints_commands_no_terminal(client: Redis, is_terminal: bool) -> None:
    [article] = await _articles(client, _hostile_rss())
    out = io.StringIO()
    show(article, Console(file=out, force_terminal=is_terminal, color_system=None, width=80))
    # The isolates that tail itself puts around a line are closed on it.
    printed = out.getvalue().replace("\u2067", "").replace("\u2066", "").replace("\u2069", "")
    assert not COMMANDS & set(printed)


def test_a_record_of_the_log_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        log_to_stderr("INFO")
        logging.getLogger("ingest").warning("feed %s: %s", HOSTILE, "\n2026-03-01 ERROR forged")
        try:
            int(f"{HOSTILE}\n2026-03-01 ERROR forged")
        except ValueError:
            logging.getLogger("ingest").exception("feed x")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if not line.startswith("    ")]) == 2
    assert not COMMANDS & set("".join(lines))


@pytest.mark.anyio
@pytest.mark.parametrize(
    "header", ["X-Evil: \x1b[2J", "Content-Encoding: \x1b[2J\x9b", "Location: http://\x1b[2J/"]
)
async def test_a_header_does_not_get_into_an_error_as_it_is(client: Redis, header: str) -> None:
    settings = Settings(allow_private_addresses=True)
    with serving({"/x": answer(b"<x>\x1b[2J", header, status="302 \x1b[2J")}) as site:
        feed = Feed("x", f"{site.base_url}/x", "x", "صحيفة", "JO", "UTC")
        due, stream = DueSet(client, KEYS, lease_seconds=60), EntriesStream(client, KEYS, 3600)
        await due.sync([feed.id], 3600)
        [state] = await due.states([feed.id])
        async with Fetcher(settings) as fetcher:
            outcome = await Poller(fetcher, PollPolicy.of(settings), Random(1)).poll(
                feed, state, stream
            )
    assert outcome.error
    assert not COMMANDS & set(outcome.error)
