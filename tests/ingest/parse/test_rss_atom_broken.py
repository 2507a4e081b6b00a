"""Broken feeds are read as far as they can be."""

from __future__ import annotations

import pytest

from nabaa.errors import ParseError
from tests.support.parsed_feeds import CLOSE, OPEN, only, parse


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
