"""What a body brings, with feedparser and past it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from config.model import Feed
from ingest.changes.detect import DocumentChanges, detect_changes
from ingest.model import Fetched
from ingest.parse.rss_atom import parse_feed
from nabaa.errors import ParseError
from tests.support.documents.building import rss, rss_item, three
from tests.support.documents.odd_feeds import odd_feeds

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


async def read(body: bytes, *seen: bytes) -> DocumentChanges:
    """Read a body after others were seen."""
    known = {
        entry.fingerprint
        for document in seen
        for entry in parse_feed(answer(document), FEED, NOW).entries
    }

    async def ask(content_digests: Sequence[str]) -> Collection[str]:
        return known & set(content_digests)

    return await detect_changes(answer(body), FEED, NOW, ask)


def titles(contents: DocumentChanges) -> list[str]:
    return [entry.title for entry in contents.new]


@pytest.mark.parametrize("body", [three(), MALFORMED], ids=["quickly", "by feedparser"])
async def test_all_is_new_the_oldest_first_where_nothing_was_seen(body: bytes) -> None:
    contents = await read(body)
    assert titles(contents) == ["خبر رقم 2", "خبر رقم 1", "خبر رقم 0"]
    assert list(contents.fingerprints) == [entry.fingerprint for entry in reversed(contents.new)]


async def test_only_what_was_not_seen_is_new_but_all_is_present() -> None:
    contents = await read(rss(rss_item(3), rss_item(1)), rss(rss_item(1)))
    assert titles(contents) == ["خبر رقم 3"]
    assert len(contents.fingerprints) == 2


async def test_a_document_that_says_nothing_new_is_not_parsed() -> None:
    contents = await read(three() + b"<!-- 12 ms -->", three())
    assert (contents.parsed, contents.new, len(contents.fingerprints)) == (None, (), 3)


async def test_a_malformed_document_is_parsed_whatever_was_seen() -> None:
    contents = await read(MALFORMED, MALFORMED)
    assert contents.parsed is not None
    assert (contents.new, len(contents.fingerprints)) == ([], 3)


async def test_a_document_that_was_cut_off_says_so_though_nothing_in_it_is_new() -> None:
    contents = await read(three()[:-8], three())
    assert (contents.cut, contents.new, len(contents.fingerprints)) == (True, (), 3)


async def test_what_is_no_feed_is_told() -> None:
    with pytest.raises(ParseError, match="HTML page"):
        await read(b"<html><body>404</body></html>")


async def reread(body: bytes, before: bytes) -> DocumentChanges:
    """Read a body of which all is known, after the one that was there before it."""
    first = await read(before)
    known = {*first.fingerprints, *(await read(body)).fingerprints}

    async def ask(content_digests: Sequence[str]) -> Collection[str]:
        return known & set(content_digests)

    return await detect_changes(answer(body), FEED, NOW, ask, first.content_digests)


CHANGED = three().replace("وصلت السفينة 1".encode(), "تأخرت السفينة 1".encode())


def malformed(body: bytes) -> bytes:
    return body.replace(b"<description>", b"<description>&nbsp; <b>", 1)


@pytest.mark.parametrize("way", [bytes, malformed], ids=["quickly", "by feedparser"])
async def test_a_known_entry_that_says_something_else_is_revised(way: Any) -> None:
    contents = await reread(way(CHANGED), way(three()))
    [entry] = contents.revised
    assert entry.is_revision
    assert "تأخرت السفينة 1" in entry.summary_html
    assert (contents.new, len(contents.fingerprints)) == ([], 3)


@pytest.mark.parametrize("way", [bytes, malformed], ids=["quickly", "by feedparser"])
async def test_what_is_new_is_read_beside_what_is_revised(way: Any) -> None:
    first = await read(way(three()))
    body = way(CHANGED.replace(b"</channel>", rss_item(7).encode() + b"</channel>"))

    async def ask(content_digests: Sequence[str]) -> Collection[str]:
        return set(first.fingerprints) & set(content_digests)

    contents = await detect_changes(answer(body), FEED, NOW, ask, first.content_digests)
    assert titles(contents) == ["خبر رقم 7"]
    assert [entry.title for entry in contents.revised] == ["خبر رقم 1"]
    assert not contents.new[0].is_revision


async def test_a_date_or_a_counter_that_changed_revises_nothing() -> None:
    counted = three("<comments>https://mina.example/7</comments>").replace(
        b"0300</pubDate>", b"0200</pubDate>"
    )
    assert not (await reread(counted, three())).revised


async def test_a_document_that_was_cut_off_revises_nothing_and_leaves_the_marks() -> None:
    contents = await reread(CHANGED[:-8], three())
    assert (contents.revised, contents.content_digests) == ((), b"")


@pytest.mark.parametrize("way", [bytes, malformed], ids=["quickly", "by feedparser"])
async def test_entries_of_one_address_say_so(way: Any) -> None:
    ticker = rss(
        *(rss_item(number).replace(f"2026/{number}<", "live<") for number in (1, 2)), rss_item(3)
    )
    contents = await read(way(ticker))
    assert {entry.title: entry.shares_url for entry in contents.new} == {
        "خبر رقم 1": True,
        "خبر رقم 2": True,
        "خبر رقم 3": False,
    }


async def test_a_new_entry_that_has_the_address_of_a_known_one_says_so() -> None:
    first = rss(rss_item(1).replace("2026/1<", "live<"))
    both = rss(*(rss_item(number).replace(f"2026/{number}<", "live<") for number in (2, 1)))
    [entry] = (await read(both, first)).new
    assert entry.shares_url
