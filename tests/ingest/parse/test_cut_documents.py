"""Documents that end too early keep their whole items."""

from __future__ import annotations

import pytest

from nabaa.errors import ParseError
from tests.support.parsed_feeds import CLOSE, GOLDEN, LACKS, OPEN, as_expected, expected, parse


@pytest.mark.parametrize("name", LACKS)
def test_a_cut_document_gives_no_half_item(name: str) -> None:
    body = (GOLDEN / f"{name}.xml").read_bytes()
    whole = expected(name)
    first = min(end for tag in (b"</item>", b"</entry>") if (end := body.find(tag) + len(tag)) > 9)
    for length in range(first, len(body), 37):
        said = [as_expected(entry) for entry in parse(body[:length]).entries]
        assert said == whole[: len(said)]


@pytest.mark.parametrize(
    "body", ['<?xml version="1.0"?>\n<!-- ', "<rss", OPEN, OPEN + "<item><title>خ"]
)
def test_a_document_cut_before_its_first_item_ends_is_told(body: str) -> None:
    with pytest.raises(ParseError, match="cut off"):
        parse(body)


def test_the_items_before_the_cut_are_delivered() -> None:
    items = "".join(f"<item><guid>{number}</guid><title>خبر</title></item>" for number in range(3))
    parsed = parse(OPEN + items + "<item><guid>3</guid><title>خبر مقطو")
    assert [entry.guid for entry in parsed.entries] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "tail", ["", CLOSE[:5], "</channel>", "</channel></rss", "<item><title>خبر", "<item><![CDATA["]
)
def test_a_document_without_its_end_is_told(tail: str) -> None:
    assert parse(OPEN + "<item><guid>1</guid></item>" + tail).cut


@pytest.mark.parametrize("name", LACKS)
def test_a_whole_document_is_not_taken_for_a_cut_one(name: str) -> None:
    assert not parse((GOLDEN / f"{name}.xml").read_bytes()).cut


@pytest.mark.parametrize("broken", range(3))
def test_a_cdata_section_that_is_never_closed_loses_no_item(broken: int) -> None:
    items = (
        f"<item><guid>{number}</guid><title><![CDATA[خبر]]></title>"
        f"<description><![CDATA[<p>نص & آخر</p>{'' if number == broken else ']]>'}</description>"
        "</item>"
        for number in range(3)
    )
    parsed = parse(OPEN + "".join(items) + CLOSE)
    assert [(entry.guid, entry.title) for entry in parsed.entries] == [
        ("0", "خبر"),
        ("1", "خبر"),
        ("2", "خبر"),
    ]
    assert all("نص" in entry.summary_html for entry in parsed.entries)
    assert not parsed.cut


def test_an_item_end_quoted_in_a_text_is_not_where_the_cut_is() -> None:
    parsed = parse(
        OPEN + "<item><guid>1</guid></item><item><guid>2</guid>"
        "<description><![CDATA[<code></item></code>]]></description><title>مقطو"
    )
    assert [entry.guid for entry in parsed.entries] == ["1"]
