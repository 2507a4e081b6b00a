"""From bytes to entries: every format, every lie about the encoding, every broken document."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings, strategies as st

from config.model import Feed
from ingest.model import Entry, Fetched, ParsedFeed
from ingest.parse.feedparser_limits import MAX_NAMESPACES, MAX_TAGS, read_feed
from ingest.parse.rss_atom import parse_feed
from ingest.parse.xml_repair import repair_xml
from nabaa.errors import ParseError
from nabaa.types import Media
from tests.ingest.parse.golden.expected import ENTRIES, TITLE

GOLDEN = Path(__file__).with_name("golden")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = Feed(
    id="sabah",
    url="https://sabah.example/rss.xml",
    title="صباح الخير",
    outlet="صحيفة الصباح",
    country="JO",
    timezone="Asia/Amman",
)
# What a format cannot say.
_NOT_BEFORE_RSS20 = {"guid", "content_html", "author", "published"}
LACKS = {
    "rss20": set(),
    "rss10": {"media"},
    "rss092": _NOT_BEFORE_RSS20,
    "rss091": _NOT_BEFORE_RSS20 | {"categories", "media"},
    "rss090": _NOT_BEFORE_RSS20 | {"summary_html", "categories", "media"},
    "atom10": set(),
    "atom03": set(),
}
EMPTY: dict[str, Any] = {"published": None, "categories": (), "media": ()}
OPEN = '<rss version="2.0"><channel><title>أخبار</title>'
CLOSE = "</channel></rss>"


def parse(body: str | bytes, content_type: str = "text/xml", url: str = FEED.url) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type}
    return parse_feed(Fetched(url, url, None, 200, headers, raw, 0.1, NOW), FEED, NOW)


def only(items: str, root: str = OPEN) -> Entry:
    (entry,) = parse(root + items + CLOSE).entries
    return entry


def as_expected(entry: Entry) -> dict[str, Any]:
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary_html": entry.summary_html,
        "content_html": entry.content_html,
        "author": entry.author,
        "published": entry.published.isoformat() if entry.published else None,
        "updated": entry.updated,
        "categories": entry.categories,
        "media": tuple((media.url, media.type, media.length) for media in entry.media),
    }


def expected(name: str) -> list[dict[str, Any]]:
    return [
        {key: EMPTY.get(key, "") if key in LACKS[name] else said for key, said in entry.items()}
        for entry in ENTRIES
    ]


@pytest.mark.parametrize("name", LACKS)
def test_every_format_says_the_same(name: str) -> None:
    parsed = parse((GOLDEN / f"{name}.xml").read_bytes())
    assert parsed.title == TITLE
    assert [as_expected(entry) for entry in parsed.entries] == expected(name)


@pytest.mark.parametrize("name", LACKS)
def test_the_format_is_named(name: str) -> None:
    assert parse((GOLDEN / f"{name}.xml").read_bytes()).format.startswith(name)


@pytest.mark.parametrize("name", LACKS)
def test_every_encoding_says_the_same(name: str) -> None:
    written = (GOLDEN / f"{name}.xml").read_text(encoding="utf-8")
    read = {}
    for encoding in ("windows-1256", "iso-8859-6", "utf-16", "utf-8-sig"):
        for label in (None, encoding.removesuffix("-sig"), "utf-8", "iso-8859-1"):
            text = written.replace(' encoding="utf-8"', f' encoding="{label}"' if label else "")
            header = f"text/xml; charset={label}" if label else "text/xml"
            parsed = parse(text.encode(encoding), header)
            read[encoding, label] = [as_expected(entry) for entry in parsed.entries]
    assert read == dict.fromkeys(read, expected(name))


@pytest.mark.parametrize("name", LACKS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_bounded_reader_says_what_feedparser_says(name: str) -> None:
    body = (GOLDEN / f"{name}.xml").read_bytes()
    bounded = read_feed(repair_xml(body.decode()).document.encode(), FEED.url)
    plain = feedparser.parse(
        io.BytesIO(body),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": FEED.url,
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    assert [dict(entry) for entry in bounded.entries] == [dict(entry) for entry in plain.entries]


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


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML page"),
        (b"<html><head><title>x</title></head></html>", "HTML page"),
        (b'{"items": []}', "JSON"),
        ("الصفحة غير موجودة".encode(), "plain text"),
        (b"/etc/passwd", "plain text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV*", "binary"),
        (b'<?xml version="1.0"?><urlset><url/></urlset>', "<urlset>"),
    ],
)
def test_a_body_that_is_no_feed_is_told_for_what_it_is(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason) as raised:
        parse(body)
    assert raised.value.feed_id == "sabah"


@pytest.mark.parametrize(
    "body",
    [
        OPEN + CLOSE,
        "<rss/>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title></feed>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/"/>',
    ],
)
def test_an_empty_feed_has_no_entries_and_no_error(body: str) -> None:
    assert parse(body).entries == ()


def test_a_warning_of_the_server_before_the_feed_is_passed_over() -> None:
    warning = "<br />\n<b>Warning</b>: Undefined index in /var/www/feed.php\n<?xml version='1.0'?>"
    assert parse(f"{warning}\n{OPEN}<item><title>خبر</title></item>{CLOSE}").entries


@pytest.mark.parametrize("prolog", ['<?xml version="1.0"', "<!-- cached", "<!DOCTYPE rss [", "<?x"])
def test_a_declaration_or_comment_that_never_ends_is_passed_over(prolog: str) -> None:
    assert parse(f"{prolog}\n{OPEN}<item><title>خبر</title></item>{CLOSE}").entries


def test_markup_after_the_feed_is_passed_over() -> None:
    items = "<item><title>خبر</title><link>https://sabah.example/?a=1&b=2</link></item>"
    parsed = parse(f"{OPEN}{items}{CLOSE}<!-- cached --><script>x()</script>")
    assert [entry.url for entry in parsed.entries] == ["https://sabah.example/?a=1&b=2"]


def test_html_entities_and_bare_ampersands_are_read() -> None:
    assert only("<item><title>بنك&nbsp;R&D &laquo;عودة&raquo;</title></item>").title == (
        "بنك\u00a0R&D «عودة»"
    )


@pytest.mark.parametrize("number", ["#xD800", "#xFFFFFFFF", "#0", "#99999999999999999999", "#xyz"])
def test_a_reference_to_no_character_loses_no_item(number: str) -> None:
    item = f"<item><guid>1</guid><title>خبر &{number};</title></item>"
    broken = "<item><title><![CDATA[خبر</title>&{0};<br></item>"
    for items in (item, item + broken.format(number)):
        assert parse(OPEN + items + CLOSE).entries[0].title.startswith("خبر")


def test_unescaped_markup_in_a_text_loses_no_item() -> None:
    item = "<item><guid>{}</guid><description><p>سطر<br>سطر</description></item>"
    parsed = parse(OPEN + item.format(1) + item.format(2) + CLOSE)
    assert [entry.guid for entry in parsed.entries] == ["1", "2"]


@pytest.mark.parametrize("element", ["category", "link", "guid", "author"])
def test_an_element_that_ends_in_another_item_loses_no_item(element: str) -> None:
    items = (
        f"<{element}>خبر<item><guid>1</guid></{element}><title>خبر</title></item>"
        "<item><guid>2</guid><title>خبر</title></item>"
    )
    assert [entry.guid for entry in parse(OPEN + items + CLOSE).entries] == ["1", "2"]


def test_relative_links_are_resolved_against_the_address_that_answered() -> None:
    body = OPEN + "<item><title>خبر</title><link>/news/7</link></item>" + CLOSE
    (entry,) = parse(body, url="https://www.sabah.example/feeds/rss").entries
    assert entry.url == "https://www.sabah.example/news/7"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/b"])
def test_links_that_are_not_of_the_web_are_dropped(link: str) -> None:
    assert only(f"<item><guid>1</guid><title>خبر</title><link>{link}</link></item>").url == ""


def test_a_guid_is_kept_as_written_wherever_the_feed_moves() -> None:
    body = OPEN + "<item><guid>news-7</guid><title>خبر</title></item>" + CLOSE
    (here,) = parse(body).entries
    (there,) = parse(body, url="https://other.example/rss").entries
    assert (here.guid, here.fingerprint) == ("news-7", there.fingerprint)


def test_a_guid_that_is_an_address_stands_for_a_missing_link() -> None:
    entry = only("<item><guid>https://sabah.example/news/7</guid><title>خبر</title></item>")
    assert entry.url == "https://sabah.example/news/7"


def test_the_first_of_two_items_with_one_fingerprint_wins() -> None:
    item = "<item><guid>7</guid><title>{}</title></item>"
    parsed = parse(OPEN + item.format("الأول") + item.format("الثاني") + CLOSE)
    assert [entry.title for entry in parsed.entries] == ["الأول"]


def test_a_guid_on_all_items_loses_none_of_them() -> None:
    item = "<item><guid>x</guid><link>https://sabah.example/{}</link><title>خبر</title></item>"
    assert len(parse(OPEN + item.format(1) + item.format(2) + CLOSE).entries) == 2


def test_an_item_that_says_nothing_is_counted() -> None:
    parsed = parse(OPEN + "<item><author>x@y.example</author></item><item/>" + CLOSE)
    assert (parsed.entries, parsed.skipped) == ((), 2)


def test_an_item_of_text_alone_is_an_entry() -> None:
    assert only("<item><description>نص بلا عنوان</description></item>").fingerprint


def test_a_date_without_a_zone_is_the_outlets() -> None:
    entry = only("<item><title>خبر</title><pubDate>٢٨ شباط ٢٠٢٦ ٢:٠٥ م</pubDate></item>")
    assert entry.published == datetime(2026, 2, 28, 11, 5, tzinfo=UTC)


def test_a_nonsense_date_is_none() -> None:
    date = "<pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>"
    assert only(f"<item><title>خبر</title>{date}</item>").published is None


def test_a_later_update_is_kept_beside_the_publication() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>خبر</title>'
        "<published>2026-03-01T08:00:00Z</published><updated>2026-03-01T09:00:00Z</updated>"
        "</entry></feed>"
    )
    (entry,) = parse(body).entries
    assert (entry.published, entry.updated) == (
        datetime(2026, 3, 1, 8, tzinfo=UTC),
        datetime(2026, 3, 1, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("desk@sabah.example (سلمى عوض)", "سلمى عوض"),
        ("سلمى عوض &lt;desk@sabah.example&gt;", "سلمى عوض"),
        ("desk@sabah.example", ""),
        ("سلمى عوض", "سلمى عوض"),
    ],
)
def test_an_author_is_a_name_and_no_address(author: str, name: str) -> None:
    assert only(f"<item><title>خبر</title><author>{author}</author></item>").author == name


def test_plain_text_of_atom_is_escaped_to_markup() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        "<title>أقل من &lt;5&gt;</title><content>2 &lt; 3</content></entry></feed>"
    )
    (entry,) = parse(body).entries
    assert (entry.title, entry.content_html) == ("أقل من &lt;5&gt;", "2 &lt; 3")


def test_the_caption_of_a_picture_is_not_the_content() -> None:
    root = OPEN.replace("<rss", '<rss xmlns:media="http://search.yahoo.com/mrss/"')
    entry = only(
        "<item><title>خبر</title><description>نص الخبر الكامل هنا</description><media:content "
        'url="//img.example/1.jpg"><media:description>صورة</media:description></media:content>'
        '<media:thumbnail url="https://img.example/t.jpg"/>'
        '<enclosure url="https://img.example/1.jpg" type="image/jpeg" length="0"/></item>',
        root,
    )
    assert (entry.summary_html, entry.content_html) == ("نص الخبر الكامل هنا", "")
    assert entry.media == (
        Media("https://img.example/1.jpg", "image/jpeg"),
        Media("https://img.example/t.jpg"),
    )


def test_declared_entities_are_neither_grown_nor_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = f"{doctype}{OPEN}<item><guid>1</guid><title>&l11;&f;</title></item>{CLOSE}"
    (entry,) = parse(body).entries
    assert entry.title == "&l11;&f;"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("<item><title>" + "خ" * 1_000_000 + "</title></item>", id="long title"),
        pytest.param(
            "<item><title>x</title><description>" + "نص " * 1_500_000 + "</description></item>",
            id="long item",
        ),
        pytest.param(
            "<item><title>x</title><author>" + "a" * 1_000_000 + "</author></item>",
            id="long author",
        ),
        pytest.param("<item><title>\0خبر\x1b</title></item>", id="controls"),
        pytest.param("<item><title>x</title></item>" + "<a>" * 20_000 + "</a>" * 20_000, id="deep"),
    ],
)
def test_hostile_items_are_read(item: str) -> None:
    assert len(parse(OPEN + item + CLOSE).entries) == 1


def test_more_categories_than_anybody_reads_are_left_out() -> None:
    categories = "".join(f"<category>{number}</category>" for number in range(MAX_TAGS + 50))
    assert len(only(f"<item><title>x</title>{categories}</item>").categories) == MAX_TAGS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("".join(f'<a xmlns:n{n}="u{n}"/>' for n in range(MAX_NAMESPACES + 1)), "namespaces"),
        ("<a/>" * 1_501, "elements"),
        ("<p>" * 1_000 + "x" * 3_000_000, "malformed"),
    ],
)
def test_a_document_made_to_cost_too_much_is_refused(
    body: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.parse.feedparser_limits.MAX_ELEMENTS", 1_500)
    with pytest.raises(ParseError, match=reason):
        parse(OPEN + body + CLOSE)


PIECES = [
    *("<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "خبر"),
    *("&amp;", "&#0;", "&#xD800;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x ["),
    *("<link>", "http://[", "</link>", "<guid>", "</guid>", "<media:content url='//['>", "\0"),
    *("<pubDate>", "</pubDate>", "٣١/٠٢", "</channel>", "</rss>", "<feed version='x'>", "<"),
    *(">", "<entry>", "</entry>", "<content type='xhtml'>", "<source url='x'>", "'", '"', "<?x "),
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.binary(max_size=20))
def test_no_body_raises_anything_but_parse_error(text: str, tail: bytes) -> None:
    for root in (b"", b"<rss version='2.0'><channel>"):
        with suppress(ParseError):
            parse(root + text.encode() + tail)
