"""JSON Feed to entries: every key, every wrong type, every document that is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from config.model import Feed
from ingest.identity.fingerprint import fingerprint
from ingest.model import Entry, Fetched, ParsedFeed
from ingest.parse.dispatch import read_document
from ingest.parse.json_feed import MAX_VALUES
from nabaa.errors import ParseError
from nabaa.types import Media
from tests.ingest.parse.golden.expected import ENTRIES, TITLE

NOW = datetime(2026, 3, 2, tzinfo=UTC)
VERSION = "https://jsonfeed.org/version/1.1"
FEED = Feed(
    id="sabah",
    url="https://sabah.example/feed.json",
    title="صباح الخير",
    outlet="صحيفة الصباح",
    country="JO",
    timezone="Asia/Amman",
)


def read(body: str | bytes, content_type: str = "application/feed+json") -> ParsedFeed:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    headers = {"content-type": content_type}
    return read_document(Fetched(FEED.url, FEED.url, None, 200, headers, raw, 0.1, NOW), FEED, NOW)


def document(*items: Any, **keys: Any) -> str:
    return json.dumps({"version": VERSION, "title": TITLE, "items": list(items), **keys})


def only(item: dict[str, Any], **keys: Any) -> Entry:
    (entry,) = read(document({"id": "1", **item}, **keys)).entries
    return entry


def test_every_key_arrives_as_in_the_other_formats() -> None:
    items = [
        {
            "id": said["guid"],
            "url": said["url"],
            "title": said["title"],
            "summary": "",
            "content_html": said["content_html"],
            "authors": [{"name": said["author"]}],
            "date_published": said["published"],
            "tags": said["categories"],
            "attachments": [
                {"url": url, "mime_type": kind, "size_in_bytes": size}
                for url, kind, size in said["media"]
            ],
        }
        for said in ENTRIES
    ]
    parsed = read(document(*items, language="ar"))
    assert (parsed.title, parsed.format, parsed.language) == (TITLE, "json11", "ar")
    for entry, said in zip(parsed.entries, ENTRIES, strict=True):
        assert entry.guid == said["guid"]
        assert entry.url == said["url"]
        assert entry.title == said["title"]
        assert entry.content_html == said["content_html"]
        assert entry.author == said["author"]
        assert entry.published and entry.published.isoformat() == said["published"]
        assert entry.categories == said["categories"]
        assert (
            tuple((media.url, media.type, media.length) for media in entry.media) == (said["media"])
        )


def test_the_fingerprint_is_that_of_any_other_format() -> None:
    assert only({"id": "tag:1"}).fingerprint == fingerprint("tag:1", "", "", "")


def test_version_1_names_its_one_author_and_its_format() -> None:
    item = {"id": "1", "author": {"name": "ليلى الخطيب"}}
    parsed = read(document(item, version="https://jsonfeed.org/version/1"))
    assert (parsed.format, parsed.entries[0].author) == ("json1", "ليلى الخطيب")


def test_the_authors_of_the_feed_are_those_of_an_item_without() -> None:
    assert only({}, authors=[{"name": "سامر"}, {"url": "x"}, {"name": "نور"}]).author == "سامر، نور"


@pytest.mark.parametrize("written", ["7", "1.0", "9" * 50])
def test_an_id_that_is_a_number_stays_as_it_is_written(written: str) -> None:
    (entry,) = read(f'{{"version":"{VERSION}","items":[{{"id":{written}}}]}}').entries
    assert entry.guid == written


def test_plain_text_keeps_its_paragraphs_and_signs() -> None:
    text = "قال: 3 < 5\nثم سكت\n\nوانصرف & عاد"
    assert only({"content_text": text}).content_html == (
        "<p>قال: 3 &lt; 5<br>ثم سكت</p><p>وانصرف &amp; عاد</p>"
    )


def test_markup_is_preferred_to_plain_text() -> None:
    entry = only({"content_html": "<p>أ</p>", "content_text": "أ", "summary": "a<b"})
    assert (entry.content_html, entry.summary_html) == ("<p>أ</p>", "a&lt;b")


def test_relative_addresses_are_resolved_against_the_feed() -> None:
    entry = only({"url": "/news/1", "image": "i.jpg", "attachments": [{"url": "/a.mp3"}]})
    assert entry.url == "https://sabah.example/news/1"
    assert entry.media == (
        Media("https://sabah.example/i.jpg"),
        Media("https://sabah.example/a.mp3"),
    )


def test_an_item_that_points_elsewhere_has_that_address() -> None:
    assert only({"external_url": "https://other.example/1"}).url == "https://other.example/1"


def test_an_address_of_another_scheme_is_none() -> None:
    assert only({"url": "javascript:alert(1)", "image": "data:,x"}).url == ""


def test_a_date_without_a_zone_is_in_that_of_the_outlet() -> None:
    entry = only({"date_published": "2026-03-01T10:00:00", "date_modified": "2026-03-01T09:00:00Z"})
    assert entry.published == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert entry.updated == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_what_is_of_a_wrong_type_is_left_out_and_the_rest_stays() -> None:
    entry = only(
        {
            "title": 5,
            "content_html": {"a": 1},
            "authors": {"name": "x"},
            "tags": ["اقتصاد", None, ["x"], "اقتصاد"],
            "attachments": [None, {"url": 5}, {"url": "/a", "size_in_bytes": "many"}],
            "date_published": False,
            "_extension": {"deep": [1]},
        }
    )
    assert (entry.title, entry.content_html, entry.author) == ("", "", "")
    assert entry.categories == ("اقتصاد",)
    assert entry.media == (Media("https://sabah.example/a"),)


def test_items_that_say_nothing_are_counted() -> None:
    parsed = read(document({"id": "1"}, 5, None, {}, {"tags": ["x"]}, {"id": None, "url": ""}))
    assert (len(parsed.entries), parsed.skipped) == (1, 5)


def test_items_with_one_id_and_one_text_are_one_entry() -> None:
    text = {"id": "1", "content_text": "نص"}
    parsed = read(document({"title": "أول", **text}, {"title": "أول: تصحيح", **text}))
    assert [entry.title for entry in parsed.entries] == ["أول: تصحيح"]


def test_items_with_one_id_and_nothing_else_in_common_are_entries_of_their_own() -> None:
    parsed = read(document({"id": "1", "title": "أول"}, {"id": "1", "title": "ثان"}))
    assert [entry.title for entry in parsed.entries] == ["أول", "ثان"]


def test_controls_and_half_characters_do_not_reach_an_entry() -> None:
    body = f'{{"version":"{VERSION}","items":[{{"id":"1","title":"a\\ud800\\u0000\\u000bb\tc"}}]}}'
    assert read(body).entries[0].title == "ab\tc"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_any_encoding_is_read(encoding: str) -> None:
    text = f'{{"version": "{VERSION}", "title": "أخبار الصباح في عمان", "items": []}}'
    assert read(text.encode(encoding), "application/json").title == "أخبار الصباح في عمان"


@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/xml", ""])
def test_the_content_type_is_not_asked(kind: str) -> None:
    assert read(document({"id": "1"}), kind).format == "json11"


def test_a_feed_without_version_is_one_where_its_type_says_so() -> None:
    assert len(read('{"items": [{"id": "1"}]}').entries) == 1


def test_a_document_that_was_cut_off_keeps_its_whole_items() -> None:
    whole = document({"id": "1", "title": "}]"}, {"id": "2", "tags": ["]", '"']}, {"id": "3"})
    assert whole.endswith('{"id": "3"}]}')
    parsed = read(whole[:-3])
    assert ([entry.guid for entry in parsed.entries], parsed.cut) == (["1", "2"], True)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_wherever_it_is_cut_the_items_are_the_first_of_the_whole(data: st.DataObject) -> None:
    texts = st.text(st.sampled_from('ab"\\{}[],\n'), max_size=8)
    items = data.draw(st.lists(st.fixed_dictionaries({"title": texts, "x": texts}), min_size=1))
    whole = document(*({"id": str(number), **item} for number, item in enumerate(items)))
    body = whole[: data.draw(st.integers(1, len(whole)))]
    try:
        guids = [entry.guid for entry in read(body).entries]
    except ParseError:
        guids = []
    assert guids == [str(number) for number in range(len(guids))]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[]", "the body is JSON, but no JSON Feed: it is not one object"),
        ("{}", "the body is a JSON Feed without the list "),
        ('{"items": {}}', "the body is a JSON Feed without the list "),
        ("{", "the body looks like JSON, not a feed"),
        ('{"', "the body is cut off before the end of its first item"),
        ('{"items": [{"id": "1"', "the body is cut off before the end of its first item"),
        ('{"items": [}', r"the body is broken JSON, and cut off|cut off before the end"),
        ('{"a": 1,, "items": []}', r"the body is broken JSON \(.*: line 1, column 9\)"),
        ('{"items": []} {}', r"the body is broken JSON \(Extra data"),
        ("[" * 100_000 + "]" * 100_000, "the document is nested too deeply"),
        ('{"tags": [' + "{}," * MAX_VALUES + "{}]}", "the document has over 200,000 values"),
    ],
    ids=lambda value: value[:20],
)
def test_a_document_that_is_none_gives_a_sentence(body: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read(body)


def test_other_json_is_refused() -> None:
    with pytest.raises(ParseError, match='no JSON Feed: its "version" names none'):
        read('{"version": "1.1", "items": []}', "application/json")


def test_commas_in_a_text_are_no_values() -> None:
    assert only({"content_html": "a,[{" * MAX_VALUES}).content_html.startswith("a,[{")


HOSTILE = {
    "escapes": '{"a":"' + '\\"' * 2_000_000 + "\\",
    "strings": '{"' * 2_000_000,
    "depth": "{" * 9_000_000,
    "digits": '{"items": [' + "9" * 9_000_000,
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_text_is_refused_in_one_pass(attack: str) -> None:
    with pytest.raises(ParseError):
        read(HOSTILE[attack])


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        *("id", "url", "external_url", "title", "content_html", "content_text", "summary"),
        *("image", "banner_image", "date_published", "date_modified", "authors", "author", "tags"),
        *("attachments", "language", "name", "mime_type", "size_in_bytes", "version", "items"),
    ]
)
FIELDS = st.dictionaries(KEYS, ANY_JSON | st.dictionaries(KEYS, ANY_JSON), max_size=8)


@settings(max_examples=300, deadline=None)
@given(ANY_JSON)
def test_any_json_is_a_feed_or_a_parse_error(value: Any) -> None:
    _read_or_refuse(json.dumps(value))


@settings(max_examples=100, deadline=None)
@given(st.lists(FIELDS | ANY_JSON, max_size=4), FIELDS)
def test_items_of_any_shape_never_raise(items: list[Any], keys: dict[str, Any]) -> None:
    parsed = read(json.dumps({**keys, "version": VERSION, "items": items}))
    assert len(parsed.entries) + parsed.skipped <= len(items)
    for entry in parsed.entries:
        f"{entry}".encode()


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('{}[]",:\\u0ad8 \n1.eE-+truefalsn'), max_size=60))
def test_any_text_that_begins_like_json_is_a_feed_or_a_parse_error(text: str) -> None:
    _read_or_refuse("{" + text)


def _read_or_refuse(body: str) -> None:
    try:
        read(body)
    except ParseError as error:
        assert "\n" not in str(error)
