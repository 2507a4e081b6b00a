"""Documents in two encodings are read field by field, whichever of the two prevails."""

from __future__ import annotations

import pytest

from ingest.parse.charset import decode_feed, decode_part
from ingest.parse.dispatch import read_document
from ingest.parse.fast.reader import parse_new_items, read_fast
from tests.support.parsed_feeds import FEED, NOW, answer

TITLE = "وزير الخارجية يصل إلى بيروت في زيارة رسمية"
TEXT = "قال الوزير في مؤتمر صحفي إن المباحثات مع الرئيس كانت مثمرة وإن الاتفاق قريب"


def document(foreign: int, other: str = "windows-1256", declared: str = "utf-8") -> bytes:
    """Ten items, the texts of the first so many in another encoding."""
    items = b"".join(
        f"<item><title>{TITLE} {n}</title><link>https://sabah.example/{n}</link><description>".encode()
        + f"{TEXT} {n}".encode(other if n < foreign else "utf-8")
        + b"</description></item>"
        for n in range(10)
    )
    head = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
    return f"{head}<title>أخبار</title>".encode() + items + b"</channel></rss>"


@pytest.mark.parametrize("other", ["windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("foreign", [1, 3, 5, 9, 10])
def test_every_field_is_readable(foreign: int, other: str) -> None:
    parsed = read_document(answer(document(foreign, other)), FEED, NOW)
    assert [entry.title for entry in parsed.entries] == [f"{TITLE} {n}" for n in range(10)]
    assert [entry.summary_html for entry in parsed.entries] == [f"{TEXT} {n}" for n in range(10)]


def test_both_encodings_are_told() -> None:
    parsed = read_document(answer(document(3)), FEED, NOW)
    assert parsed.encoding == "utf-8+windows-1256"
    assert parsed.notices == ("the document is in two encodings, utf-8 and windows-1256",)


def test_a_character_that_was_cut_in_half_makes_no_second_encoding() -> None:
    body = document(0).replace("قريب 3".encode(), "قري".encode() + b"\xd8")
    text, encoding = decode_feed(body, None)
    assert encoding == "utf-8"
    assert "قري\ufffd" in text


def test_a_part_is_read_as_the_whole_is() -> None:
    body = document(3)
    text, encoding = decode_feed(body, None)
    items = body[body.index(b"<item>") :]
    assert text.endswith(decode_part(items, encoding))


def test_new_items_of_such_a_document_are_readable_too() -> None:
    fetched = answer(document(3))
    reading = read_fast(fetched, FEED)
    if reading is not None:
        rest = parse_new_items(reading, reading.fingerprints[1:], fetched, FEED, NOW)
        assert rest is None or rest.entries[0].summary_html == f"{TEXT} 0"
