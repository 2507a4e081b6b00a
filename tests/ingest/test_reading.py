"""What a body brings, with feedparser and past it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import pytest

from config.errors import ParseError
from config.types import Feed
from ingest.parse import parse_feed
from ingest.reading import Contents, read_contents
from ingest.types import Fetched
from tests.ingest.listed_feeds import odd_feeds, rss, rss_item, three

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = Feed(
    id="mina",
    url="https://mina.example/rss.xml",
    title="الميناء",
    outlet="صحيفة الميناء",
    country="JO",
    timezone="Asia/Amman",
)
MALFORMED = next(body for name, body, _ in odd_feeds() if name == "malformed")


def answer(body: bytes) -> Fetched:
    return Fetched(FEED.url, FEED.url, None, 200, {}, body, 0.1, NOW)


async def read(body: bytes, *seen: bytes) -> Contents:
    """Read a body after others were seen."""
    known = {
        entry.fingerprint
        for document in seen
        for entry in parse_feed(answer(document), FEED, NOW).entries
    }

    async def ask(marks: Sequence[str]) -> Collection[str]:
        return known & set(marks)

    return await read_contents(answer(body), FEED, NOW, ask)


def titles(contents: Contents) -> list[str]:
    return [entry.title for entry in contents.new]


@pytest.mark.parametrize("body", [three(), MALFORMED], ids=["quickly", "by feedparser"])
async def test_all_is_new_the_oldest_first_where_nothing_was_seen(body: bytes) -> None:
    contents = await read(body)
    assert titles(contents) == ["خبر رقم 2", "خبر رقم 1", "خبر رقم 0"]
    assert list(contents.present) == [entry.fingerprint for entry in reversed(contents.new)]


async def test_only_what_was_not_seen_is_new_but_all_is_present() -> None:
    contents = await read(rss(rss_item(3), rss_item(1)), rss(rss_item(1)))
    assert titles(contents) == ["خبر رقم 3"]
    assert len(contents.present) == 2


async def test_a_document_that_says_nothing_new_is_not_parsed() -> None:
    contents = await read(three() + b"<!-- 12 ms -->", three())
    assert (contents.parsed, contents.new, len(contents.present)) == (None, (), 3)


async def test_a_malformed_document_is_parsed_whatever_was_seen() -> None:
    contents = await read(MALFORMED, MALFORMED)
    assert contents.parsed is not None
    assert (contents.new, len(contents.present)) == ([], 3)


async def test_a_document_that_was_cut_off_says_so_though_nothing_in_it_is_new() -> None:
    contents = await read(three()[:-8], three())
    assert (contents.cut, contents.new, len(contents.present)) == (True, (), 3)


async def test_what_is_no_feed_is_told() -> None:
    with pytest.raises(ParseError, match="HTML page"):
        await read(b"<html><body>404</body></html>")
