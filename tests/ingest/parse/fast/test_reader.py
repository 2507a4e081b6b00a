"""The quick reader against feedparser: what it says must be what feedparser says of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from config.model import Feed
from ingest.model import Fetched
from ingest.parse.fast.reader import FastReading, open_new_items, parse_new_items, read_fast
from ingest.parse.feedparser_limits import read_feed
from ingest.parse.rss_atom import open_feed, parse_feed
from nabaa.errors import ParseError
from tests.support.documents.building import RSS_HEAD, rss, rss_item, three
from tests.support.documents.odd_feeds import odd_feeds
from tests.support.documents.plain_feeds import plain_feeds
from tests.support.documents.wild_feeds import wild_feeds

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = Feed(
    id="mina",
    url="https://mina.example/rss.xml",
    title="الميناء",
    outlet="صحيفة الميناء",
    country="JO",
    timezone="Asia/Amman",
)
PLAIN = {name: (body, kind) for name, body, kind in plain_feeds()}
ODD = {name: (body, kind) for name, body, kind in odd_feeds()}


def answer(body: bytes, content_type: str = "") -> Fetched:
    headers = {"content-type": content_type} if content_type else {}
    return Fetched(FEED.url, FEED.url, None, 200, headers, body, 0.1, NOW)


def read(body: bytes, content_type: str = "") -> FastReading:
    reading = read_fast(answer(body, content_type), FEED)
    assert reading is not None
    return reading


def assert_same_as_feedparser(
    fetched: Fetched, is_known: Callable[[str], bool]
) -> FastReading | None:
    """Compare with feedparser, where some fingerprints are known; return the quick reading."""
    reading = read_fast(fetched, FEED)
    if reading is None:
        return None
    whole = parse_feed(fetched, FEED, NOW)
    assert reading.fingerprints == [entry.fingerprint for entry in whole.entries]
    assert reading.cut == whole.cut
    known = set(filter(is_known, reading.fingerprints))
    if len(known) == len(reading.fingerprints):
        return reading
    unknown = tuple(entry for entry in whole.entries if entry.fingerprint not in known)
    keys = tuple(each for each in whole.keys if each.fingerprint not in known)
    rest = parse_new_items(reading, known, fetched, FEED, NOW)
    assert rest == replace(whole, entries=unknown, keys=keys)
    everything = read_feed(open_feed(fetched, FEED).document, fetched.final_url)
    rest = read_feed(open_new_items(reading, known, fetched, FEED).document, fetched.final_url)
    kept = zip(everything.entries, reading.kept(known), strict=True)
    assert rest.entries == [entry for entry, is_kept in kept if is_kept]
    return reading


def in_every_way(fetched: Fetched) -> Iterator[FastReading | None]:
    """Compare with feedparser, whatever is known: each subset of the entries."""
    fingerprints = [entry.fingerprint for entry in parse_feed(fetched, FEED, NOW).entries]
    for chosen in range(2 ** len(fingerprints)):
        known = {
            fingerprint for place, fingerprint in enumerate(fingerprints) if chosen >> place & 1
        }
        yield assert_same_as_feedparser(fetched, known.__contains__)


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_feed_is_read_as_feedparser_reads_it_whatever_is_known(name: str) -> None:
    for reading in in_every_way(answer(*PLAIN[name])):
        assert reading is not None


@pytest.mark.parametrize("name", ODD)
def test_an_odd_feed_is_read_as_feedparser_reads_it_or_not_at_all(name: str) -> None:
    for _ in in_every_way(answer(*ODD[name])):
        pass


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(wild_feeds(), st.integers(0, 63))
def test_a_wild_feed_is_read_as_feedparser_reads_it_or_not_at_all(body: bytes, known: int) -> None:
    fetched = answer(body)
    try:
        parse_feed(fetched, FEED, NOW)
    except ParseError:
        assert read_fast(fetched, FEED) is None
    else:
        # Whether an entry is known is drawn by its fingerprint.
        assert_same_as_feedparser(
            fetched, lambda fingerprint: bool(known >> int(fingerprint, 16) % 6 & 1)
        )


@pytest.mark.parametrize(
    "changed",
    [
        (b"10:30:00 +0300</lastBuildDate>", b"10:45:00 +0300</lastBuildDate>"),
        (b"</channel>", b"<!-- served in 12 ms --></channel>"),
        (b"</channel>", b"<?counter 8?></channel>"),
        (b"<ttl>5</ttl>", b"<ttl>6</ttl>"),
    ],
)
def test_what_is_no_news_leaves_the_fingerprints(changed: tuple[bytes, bytes]) -> None:
    before = rss(*map(rss_item, range(3)), head=RSS_HEAD + "<ttl>5</ttl>")
    after = before.replace(*changed)
    assert after != before
    assert read(after).fingerprints == read(before).fingerprints


def test_a_body_of_one_byte_a_character_is_skimmed_without_telling_which() -> None:
    body = three().decode().encode("windows-1256")
    assert read(body).opened is None
    rest = parse_new_items(read(body), read(body).fingerprints[1:], answer(body), FEED, NOW)
    assert rest is not None
    assert (rest.encoding, rest.entries[0].title) == ("windows-1256", "خبر رقم 0")


def test_an_entry_that_feedparser_takes_for_another_is_left_to_it_alone() -> None:
    body = three()
    reading = replace(read(body), item_fingerprints=["another", *read(body).item_fingerprints[1:]])
    assert parse_new_items(reading, reading.item_fingerprints[1:], answer(body), FEED, NOW) is None


@pytest.mark.parametrize("name", ["malformed", "nested items", "the title behind", "no version"])
def test_where_an_item_may_not_stand_for_itself_feedparser_reads_everything(name: str) -> None:
    assert read_fast(answer(*ODD[name]), FEED) is None


@pytest.mark.parametrize("body", [b'{"version": "7"}', b"<urlset></urlset>", b"", b"<html/>"])
def test_what_is_no_feed_is_left_alone(body: bytes) -> None:
    assert read_fast(answer(body), FEED) is None
