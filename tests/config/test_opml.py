"""OPML: nabaa's own fields survive the way out and back, and any reader's document comes in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from config.model import Feed
from config.opml import read_opml, write_opml
from nabaa.errors import ConfigError
from tests.support.feeds import EXAMPLE, LISTS

GOLDEN = Path(__file__).with_name("golden")


def opml(*outlines: str) -> bytes:
    return f'<opml version="2.0"><body>\n{"".join(outlines)}\n</body></opml>'.encode()


def error_of(data: bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        read_opml(data, "list.opml")
    return str(caught.value)


def test_a_list_is_written_as_the_golden_document() -> None:
    assert write_opml([EXAMPLE]) == (GOLDEN / "own.opml").read_bytes()


@given(LISTS)
@settings(max_examples=80, deadline=None)
def test_what_is_exported_is_imported(feeds: list[Feed]) -> None:
    assert read_opml(write_opml(feeds), "list.opml") == feeds


def test_a_foreign_document_is_read_with_sensible_defaults() -> None:
    assert read_opml((GOLDEN / "foreign.opml").read_bytes(), "foreign.opml") == [
        Feed(
            id="daily.example-rss-6956901411",
            url="https://daily.example/rss",
            title="صحيفة المثال",
            outlet="صحيفة المثال",
            country="XX",
            timezone="UTC",
            topic="أخبار",
            tags=("أخبار", "Sport"),
        ),
        Feed(
            id="maghreb.example-feed-dd09a97490",
            url="http://maghreb.example/feed/",
            title="Maghreb News",
            outlet="Maghreb News",
            country="XX",
            timezone="UTC",
            language="fr",
            tags=("أخبار", "شمال أفريقيا", "world", "africa", "press"),
        ),
        Feed(
            id="untitled.example-atom.xml-c4e63c0b6c",
            url="https://untitled.example/atom.xml",
            title="untitled.example",
            outlet="untitled.example",
            country="XX",
            timezone="UTC",
        ),
    ]


def test_a_document_in_windows_1256_is_read() -> None:
    text = '<?xml version="1.0" encoding="windows-1256"?>\n' + opml(
        '<outline text="صحيفة" xmlUrl="https://a.example/"/>'
    ).decode("utf-8")
    assert read_opml(text.encode("windows-1256"), "list.opml")[0].title == "صحيفة"


def test_a_feed_in_a_folder_named_by_one_word_has_it_as_topic() -> None:
    feed = '<outline text="a" xmlUrl="https://a.example/"/>'
    read = read_opml(
        opml(f'<outline text="My feeds"><outline text="Tech">{feed}</outline></outline>'), "x"
    )
    assert (read[0].topic, read[0].tags) == ("tech", ("My feeds", "Tech"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "list.opml, line 1: not XML: Document is empty"),
        (opml('<outline text="a>'), "list.opml, line 3: not XML: "),
        (b'<opml><body>\n<outline text="&nbsp;"/></body></opml>', "list.opml, line 2: not XML: "),
        (b"<rss><channel/></rss>", "list.opml, line 1: not OPML: there is no <opml> with a <body>"),
        (b'<opml version="2.0"><head/></opml>', "list.opml, line 1: not OPML: "),
        (b"<outline>" * 1000, "list.opml, line 1: not XML: Excessive depth"),
    ],
)
def test_what_is_not_opml_is_told_with_its_line(data: bytes, said: str) -> None:
    assert error_of(data).startswith(said)


def test_every_outline_that_is_no_usable_feed_is_told_with_its_line() -> None:
    data = opml(
        '<outline text="a" xmlUrl="feed://a.example/"/>\n',
        '<outline text="b" xmlUrl="https://b.example/"/>\n',
        '<outline text="c" xmlUrl="https://c.example/" xmlns:n="urn:nabaa:opml"',
        ' n:timezone="Mars" n:interval_seconds="-5"/>',
    )
    assert error_of(data).splitlines() == [
        'list.opml, line 2: url "feed://a.example/" must be an absolute http or https address',
        'list.opml, line 4: timezone "Mars" is no IANA time zone',
        'list.opml, line 4: interval_seconds "-5" must be a whole number from 1 to 604800',
    ]


def test_one_id_for_two_addresses_is_told() -> None:
    own = write_opml([EXAMPLE, replace(EXAMPLE, url="https://else.example/")])
    assert error_of(own) == 'list.opml, line 8: id "example" is already used on line 7'


SECRET = "the contents of a file"


@pytest.mark.parametrize("place", ["text", "attribute"])
def test_an_external_entity_is_not_read(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    title, body = ("&e;", "") if place == "attribute" else ("a", "&e;")
    data = (
        f'<!DOCTYPE opml [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>\n'
        f'<opml><body><outline text="{title}" xmlUrl="https://a.example/">{body}</outline>'
        "</body></opml>"
    )
    assert SECRET not in error_of(data.encode())


def test_entities_that_grow_without_end_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    data = (
        f'<!DOCTYPE opml [<!ENTITY e0 "ha">{entities}]><opml><body>'
        '<outline text="&e12;" xmlUrl="https://a.example/"/></body></opml>'
    )
    assert error_of(data.encode()) == "list.opml: an OPML document must not have a DOCTYPE"


def test_a_document_type_is_refused() -> None:
    data = b'<!DOCTYPE opml [<!ENTITY e "a">]><opml><body><outline text="&e;"/></body></opml>'
    assert error_of(data) == "list.opml: an OPML document must not have a DOCTYPE"


def test_a_feed_that_no_list_could_hold_is_not_exported() -> None:
    with pytest.raises(ConfigError, match=r'feed "example": "title" must be one line'):
        write_opml([replace(EXAMPLE, title="bell \a")])


@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(max_size=80).map(opml),
        st.text(max_size=40).map(lambda text: opml(f'<outline text="{text}" xmlUrl="{text}"/>')),
    )
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_list_or_a_config_error(data: bytes) -> None:
    try:
        read_opml(data, "list.opml")
    except ConfigError as error:
        assert "list.opml" in str(error)
