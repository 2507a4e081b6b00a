"""What may be done with bytes from anywhere, and what must hold of the outcome.

Each target takes bytes and raises only where nabaa is wrong. Who makes the bytes is left to
`tests.fuzz` (guided by coverage) and to the tests (seeds and findings).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from config.model import Feed
from ingest.discovery.page import read_page
from ingest.fetch.content_coding import DecompressError, decompress
from ingest.fetch.robots import parse_robots
from ingest.identity.addresses import web_address
from ingest.model import Fetched
from ingest.parse.charset import decode_feed
from ingest.parse.dates import parse_date, sane_date
from ingest.parse.dispatch import is_feed, read_document
from ingest.parse.fast.reader import parse_new_items, read_fast
from ingest.parse.rss_atom import parse_feed
from ingest.runtime.terminal import printable
from nabaa.errors import ParseError
from nabaa.search_key import search_key
from workers.pipeline import plain_texts
from workers.text.html import html_to_text
from workers.text.language import LanguageIdentifier
from workers.text.normalise import normalise, normalise_line
from workers.text.tokenise import sentences, tokenise

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://mina.example/rss.xml"
FEED = Feed("mina", URL, "الميناء", "صحيفة الميناء", "JO", "Asia/Amman")
LIMIT = 1_000_000

_CODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br", "zstd, gzip", "gzip, gzip, gzip")
_KEPT_CONTROLS = "\n"
_UNSEEN = frozenset(
    "\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def feed(body: bytes) -> None:
    """The quick reader says what feedparser says, whatever is known, or nothing."""
    fetched = _answer(body)
    if not is_feed(body):
        return
    reading = read_fast(fetched, FEED)
    try:
        whole = parse_feed(fetched, FEED, NOW)
    except ParseError:
        assert reading is None, "the quick reader read what is no feed"
        return
    if reading is None:
        return
    assert reading.fingerprints == [entry.fingerprint for entry in whole.entries]
    assert reading.cut == whole.cut
    known = {mark for mark in reading.fingerprints if int(mark, 16) % 2}
    if len(known) < len(reading.fingerprints):
        rest = parse_new_items(reading, known, fetched, FEED, NOW)
        unknown = tuple(entry for entry in whole.entries if entry.fingerprint not in known)
        # Notices are of the part that was read: what is known may be what was mended.
        assert rest is None or rest == replace(
            whole, entries=unknown, keys=rest.keys, notices=rest.notices
        )


def document(body: bytes) -> None:
    """A document of any format gives entries that can be delivered, or is refused."""
    try:
        parsed = read_document(_answer(body), FEED, NOW)
    except ParseError as error:
        assert len(str(error)) < 6_000
        return
    for entry in parsed.entries:
        assert not entry.url or entry.url.startswith(("http://", "https://"))
        assert all(media.url.startswith(("http://", "https://")) for media in entry.media)
        for text in plain_texts(entry):
            _check_clean(normalise(text))


def page(body: bytes) -> None:
    """A page of a site proposes addresses of the web only."""
    text, _ = decode_feed(body, "text/html")
    read_page(text, "https://mina.example/")


def html(body: bytes) -> None:
    """Markup becomes clean text."""
    _check_clean(normalise(html_to_text(body.decode("utf-8", "surrogatepass"))))


def text(body: bytes) -> None:
    """Normalising is final, and what works on clean text takes any."""
    raw = body.decode("utf-8", "surrogatepass")
    for language in ("ar", "fa"):
        clean = normalise(raw, language)
        _check_clean(clean)
        assert normalise(clean, language) == clean
    line = normalise_line(raw)
    assert "\n" not in line
    LanguageIdentifier().identify(clean, "ar")
    search_key(line)
    assert all(clean[token.start : token.end] == token.text for token in tokenise(clean))
    sentences(clean)
    assert len(printable(raw)) == len(raw)
    assert "\x1b" not in printable(raw)
    address = web_address(raw, URL)
    assert not address or (address.startswith(("http://", "https://")) and "\n" not in address)


def date(body: bytes) -> None:
    """A date is one instant in UTC, or none."""
    found = parse_date(body.decode("utf-8", "surrogatepass"), ZoneInfo("Asia/Amman"))
    assert found is None or found.tzinfo is UTC
    sane = sane_date(found, NOW)
    assert sane is None or sane == found


def coding(body: bytes) -> None:
    """Nothing becomes longer than the limit; the first byte chooses the coding."""
    with suppress(DecompressError):
        assert len(decompress(body[1:], _CODINGS[body[0] % len(_CODINGS)], LIMIT)) <= LIMIT


def encoding(body: bytes) -> None:
    """Every body is some text; the first line is its Content-Type."""
    head, _, rest = body.partition(b"\n")
    decoded, _ = decode_feed(rest, head.decode("latin-1"))
    decoded.encode("utf-8")


def robots(body: bytes) -> None:
    """A robots.txt says yes or no."""
    rules = parse_robots(body)
    assert rules.can_fetch("https://mina.example/a?b=c", "nabaa") in (True, False)
    rules.crawl_delay("nabaa")


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (feed, document, page, html, text, date, coding, encoding, robots)
}


def run(data: bytes) -> None:
    """Give data to the target that its first byte chooses.

    Args:
        data: the number of the target in `TARGETS`, and what it is to get.
    """
    if len(data) < 2:
        return
    targets = list(TARGETS.values())
    with suppress(UnicodeDecodeError):
        targets[data[0] % len(targets)](data[1:])


def _answer(body: bytes) -> Fetched:
    return Fetched(URL, URL, None, 200, {}, body, 0.1, NOW)


def _check_clean(clean: str) -> None:
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(
        unicodedata.category(each) in ("Cc", "Cs") for each in clean if each not in _KEPT_CONTROLS
    )
    assert not any(
        each in clean for each in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    assert not any(each in clean for each in "\u200b\u200e\u200f\u2028\u2029\ufeff")
