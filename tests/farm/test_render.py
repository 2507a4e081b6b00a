"""The farm's documents: every format, encoding and place of the text can be read back."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import get_args

import feedparser
import pytest
from lxml import html

from tests.support.farm.content.articles import PlacedArticle, SourceArticle, place, read_articles
from tests.support.farm.content.dates import NONSENSE, DateStyle, readable_date, write_date
from tests.support.farm.content.dialects import Format
from tests.support.farm.content.render import (
    Channel,
    Content,
    Declaration,
    Encoding,
    Style,
    content_type,
    guid_of,
    render_document,
    render_item,
    render_page,
)
from tests.support.farm.profiles import HARD_STYLES, STYLES

CHANNEL = Channel("نخيل برس", "http://127.0.0.1:1/", "ar", "Asia/Baghdad")
AFTERNOON = datetime(2018, 7, 3, 11, 5, 9, tzinfo=UTC)
AWKWARD = SourceArticle(
    id="1",
    url="https://outlet.example/1",
    source="",
    category="politics & more",
    title='قال: "نعم" & مضى، گفت',
    published=AFTERNOON,
    author="ليلى <المراسلة>",
    summary="ملخص قصير",
    text="فقرة أولى فيها ]]> و5 > 3 وایران €\nفقرة ثانية 😀 «مقتبسة»",
)
CODECS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig"} | {
    "windows-1256": "cp1256",
    "iso-8859-6": "iso8859_6",
}


def placed(*articles: SourceArticle, style: Style) -> tuple[PlacedArticle, ...]:
    return place(articles, "farm-0001", "http://127.0.0.1:1", style.links)


def document(style: Style, *articles: SourceArticle) -> bytes:
    entries = placed(*articles, style=style)
    items = [render_item(entry, CHANNEL, style) for entry in entries]
    return render_document(items, [entry.url for entry in entries], CHANNEL, style)


def text_of(markup: str) -> str:
    return "".join(map(str, html.fromstring(f"<div>{markup}</div>").itertext()))


def plain(markup: str) -> str:
    return " ".join(text_of(markup).split())


@pytest.mark.parametrize("form", get_args(Format))
def test_a_reader_finds_what_was_written(form: Format) -> None:
    for encoding, content in itertools.product(get_args(Encoding), get_args(Content)):
        assert_read_back(Style(format=form, encoding=encoding, content=content))


def assert_read_back(style: Style) -> None:
    body = document(style, AWKWARD)
    parsed = feedparser.parse(body, response_headers={"content-type": content_type(style)})
    assert not parsed.bozo, (style, parsed.get("bozo_exception"))
    (entry,) = parsed.entries
    assert plain(entry.title) == AWKWARD.title, style
    assert entry.link == placed(AWKWARD, style=style)[0].url, style
    assert entry.get("id", "") == guid_of(placed(AWKWARD, style=style)[0], style), style
    full = entry.content[-1].value if "content" in entry else entry.summary
    for line in AWKWARD.text.split("\n"):
        assert line in (full if style.content == "plain" else text_of(full)), style


@pytest.mark.parametrize("style", STYLES + HARD_STYLES)
def test_the_bytes_are_in_the_encoding_of_the_style(style: Style) -> None:
    text = document(style, *read_articles()[:20]).decode(CODECS[style.encoding])
    assert "نخيل برس" in text


def test_what_the_encoding_lacks_is_a_numeric_reference() -> None:
    body = document(Style(encoding="iso-8859-6"), AWKWARD)
    assert b"&#1711;" in body  # گ


def test_a_byte_order_mark_comes_once() -> None:
    body = document(Style(encoding="utf-8-sig"), AWKWARD, AWKWARD)
    assert body.startswith(b"\xef\xbb\xbf<?xml")
    assert body.count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize(
    ("declaration", "in_xml", "in_http"),
    [
        ("both", "windows-1256", "windows-1256"),
        ("xml", "windows-1256", None),
        ("http", None, "windows-1256"),
        ("none", None, None),
        ("wrong xml", "utf-8", "windows-1256"),
        ("wrong http", "windows-1256", "utf-8"),
        ("wrong both", "utf-8", "utf-8"),
    ],
)
def test_who_declares_the_encoding(
    declaration: Declaration, in_xml: str | None, in_http: str | None
) -> None:
    style = Style(encoding="windows-1256", declaration=declaration)
    first = document(style).split(b"\n")[0].decode()
    header = content_type(style)
    assert first == (
        f'<?xml version="1.0" encoding="{in_xml}"?>' if in_xml else '<?xml version="1.0"?>'
    )
    assert header == "application/rss+xml" + (f"; charset={in_http}" if in_http else "")


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("rfc822", "Tue, 03 Jul 2018 14:05:09 +0300"),
        ("iso", "2018-07-03T14:05:09+03:00"),
        ("zoneless", "2018-07-03 14:05:09"),
        ("arabic", "الثلاثاء، ٣ يوليو ٢٠١٨ - ٢:٠٥ م"),
        ("levantine", "٣ تموز ٢٠١٨ ١٤:٠٥"),
        ("maghrebi", "3 جويلية 2018 14:05"),
        ("none", ""),
    ],
)
def test_how_dates_are_written(style: DateStyle, written: str) -> None:
    assert write_date(AFTERNOON, style, "Asia/Baghdad") == written


def test_midnight_and_noon_are_twelve_o_clock() -> None:
    midnight, noon = datetime(2018, 7, 2, 21, tzinfo=UTC), datetime(2018, 7, 3, 9, tzinfo=UTC)
    assert write_date(midnight, "arabic", "Asia/Baghdad").endswith("١٢:٠٠ ص")
    assert write_date(noon, "arabic", "Asia/Baghdad").endswith("١٢:٠٠ م")


def test_a_nonsense_date_is_no_date() -> None:
    assert write_date(AFTERNOON, "nonsense", "Asia/Baghdad") in NONSENSE
    assert readable_date(AFTERNOON, "nonsense", "Asia/Baghdad") is None


def test_what_can_be_read_of_a_date_is_as_fine_as_the_style() -> None:
    assert readable_date(AFTERNOON, "rfc822", "Asia/Baghdad") == AFTERNOON
    assert readable_date(AFTERNOON, "levantine", "Asia/Baghdad") == AFTERNOON.replace(second=0)


def test_an_hour_that_comes_twice_is_read_as_the_first() -> None:
    second = datetime(2018, 10, 27, 21, 30, tzinfo=UTC)  # 23:30 in Beirut, for the second time
    assert readable_date(second, "zoneless", "Asia/Beirut") == second.replace(hour=20)
    assert readable_date(second, "rfc822", "Asia/Beirut") == second


def test_a_page_has_the_text_and_much_besides() -> None:
    style = Style(encoding="windows-1256")
    page = render_page(placed(AWKWARD, style=style)[0], CHANNEL, style)
    tree = html.fromstring(page)
    assert tree.findtext(".//h1") == AWKWARD.title
    assert [p.text for p in tree.iterfind(".//article/p")] == AWKWARD.text.split("\n")
    assert tree.find(".//nav") is not None
    assert tree.find(".//footer") is not None
