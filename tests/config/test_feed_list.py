"""The feed list: what it accepts, how it names mistakes, and that edits leave the rest alone."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from config.feed_list import (
    add_feed,
    add_feeds,
    feed_id_from_url,
    load_feeds,
    remove_feed,
    save_feeds,
)
from config.feed_yaml import composed_rows, quick_rows, read_rows
from config.model import Feed
from nabaa.errors import ConfigError
from tests.support.feeds import EXAMPLE, LISTS

GOLDEN = Path(__file__).with_name("golden")
OTHER = replace(
    EXAMPLE, id="other", url="https://other.example/feed", tags=(), interval_seconds=None
)

SHORT = """\
feeds:
- url: https://news.example/rss
  title: صحيفة المثال
  outlet: المثال
  country: EG
  timezone: Africa/Cairo
"""


@pytest.fixture
def feed_list(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


def error_of(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_feeds(path)
    return str(caught.value)


def test_the_example_of_the_documentation_is_a_list(feed_list: Path) -> None:
    document = Path(__file__).parents[2].joinpath("docs", "feeds.md").read_text(encoding="utf-8")
    feed_list.write_text(document.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    [feed] = load_feeds(feed_list)
    assert (feed.id, feed.tags, feed.interval_seconds) == ("sabah", ("daily", "print"), 600)


@pytest.mark.parametrize("name", ["mistakes", "mistakes_of_form"])
def test_every_mistake_is_told_with_its_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    expected = Path(f"{name}.txt").read_text(encoding="utf-8")
    assert error_of(Path(f"{name}.yaml")) + "\n" == expected


def test_only_the_first_twenty_mistakes_are_told(feed_list: Path) -> None:
    feed_list.write_text("feeds:\n" + "- nonsense\n" * 25, encoding="utf-8")
    lines = error_of(feed_list).splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{feed_list}: 5 more mistakes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("feeds:\n- url: a: b\n", "line 2: not YAML: mapping values are not allowed here"),
        ("feeds:\n\t- a\n", "line 2: not YAML: found character '\\t' that cannot start any token"),
        ("feeds: [a\n", "line 2: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("feeds:\n- a: \x01\n", "line 2: the character U+0001 is not allowed"),
        ("feeds:\n- a: *b\n", "line 2: not YAML: found undefined alias 'b'"),
        ("feeds: []\n---\nfeeds: []\n", "line 2: not YAML: but found another document"),
        ("", 'line 1: missing key "feeds": the file must begin with it'),
        ("- url: x\n", 'line 1: missing key "feeds": the file must begin with it'),
        ("feedz: []\n", 'line 1: unknown key "feedz" (did you mean "feeds"?)'),
        ("feeds: 7\n", 'line 1: "feeds" must be a list of feeds'),
        ("[" * 1000, "line 1: not YAML: nested too deeply"),
    ],
)
def test_what_is_not_a_list_is_told_with_its_line(feed_list: Path, text: str, said: str) -> None:
    feed_list.write_text(text, encoding="utf-8")
    assert f"{feed_list}, {said}" in error_of(feed_list).splitlines()


def test_a_file_in_another_encoding_is_told_with_the_line_of_its_first_byte(
    feed_list: Path,
) -> None:
    feed_list.write_bytes(SHORT.encode("windows-1256"))
    assert error_of(feed_list).startswith(f"{feed_list}, line 3: byte 0xd5 is not UTF-8")


def test_a_missing_file_is_told(feed_list: Path) -> None:
    assert error_of(feed_list) == f"{feed_list}: the feed list does not exist"


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    assert error_of(tmp_path).startswith(f"{tmp_path}: the feed list cannot be read: ")


@pytest.mark.parametrize("text", ["feeds: []\n", "feeds:\n", "# none\nfeeds:  # yet\n"])
def test_an_empty_list_is_allowed(feed_list: Path, text: str) -> None:
    feed_list.write_text(text, encoding="utf-8")
    assert load_feeds(feed_list) == []


def test_a_feed_needs_only_five_keys(feed_list: Path) -> None:
    feed_list.write_text(SHORT, encoding="utf-8")
    assert load_feeds(feed_list) == [
        Feed(
            id="news.example-rss-b1d1b29934",
            url="https://news.example/rss",
            title="صحيفة المثال",
            outlet="المثال",
            country="EG",
            timezone="Africa/Cairo",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        SHORT.replace("\n", "\r\n"),
        "\ufeff" + SHORT,
        "---\n" + SHORT,
        SHORT.replace("- ", "  -   ").replace("\n  ", "\n      ").replace("      -", "  -"),
        SHORT.replace("صحيفة المثال", '"صحيفة\\u0020المثال"'),
        SHORT.replace("صحيفة المثال", ">-\n    صحيفة\n    المثال"),
        SHORT.replace("صحيفة المثال", "صحيفة\n    المثال"),
        SHORT.replace("المثال\n", "المثال  # الناشر\n"),
        SHORT.replace("  title", "\n# تعليق\n  title"),
        "feeds: [{url: 'https://news.example/rss', title: صحيفة المثال, outlet: المثال,\n"
        "  country: EG, timezone: Africa/Cairo}]",
    ],
)
def test_any_yaml_style_says_the_same(feed_list: Path, text: str) -> None:
    feed_list.write_text(SHORT, encoding="utf-8", newline="")
    plain = load_feeds(feed_list)
    feed_list.write_text(text, encoding="utf-8", newline="")
    assert load_feeds(feed_list) == plain


def test_norway_is_a_country_and_not_a_truth_value(feed_list: Path) -> None:
    text = SHORT.replace("EG", "NO").replace("timezone", "language: no\n  timezone")
    feed_list.write_text(text, encoding="utf-8")
    assert [(feed.country, feed.language) for feed in load_feeds(feed_list)] == [("NO", "no")]


@pytest.mark.parametrize(
    "same",
    ["http://news.example/rss", "https://NEWS.example:443/rss/", "https://news.example/rss#x"],
)
def test_the_same_address_written_otherwise_is_a_duplicate(feed_list: Path, same: str) -> None:
    again = SHORT.removeprefix("feeds:\n").replace("https://news.example/rss", same)
    feed_list.write_text(SHORT + again, encoding="utf-8")
    assert error_of(feed_list).startswith(
        f'{feed_list}, line 7: url "{same}" is already used on line 2'
    )


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_what_is_saved_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round_trip.yaml"
    save_feeds(path, feeds)
    assert load_feeds(path) == feeds


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_the_yaml_library_reads_a_saved_list_as_the_quick_reader_does(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "saved.yaml"
    save_feeds(path, feeds)
    text = path.read_text(encoding="utf-8")
    assert read_rows(text) == composed_rows(text)


_PIECES = st.sampled_from(
    [
        *("a", "ب ج", "a b", "a #b", "a#b", "a: b", "a:b", "a:", "7", "null", "nullx", "~", "|"),
        *(">", "- a", "-", "'q'", "'it''s'", '"q"', '"q\\n"', '"a" b', "[a, b]", "[]", "[ ]"),
        *("[a, b,]", "[null]", "[a b]", "[a: b]", "[a,b] c", "{a: b}", "&x a", "*x", "!t a"),
        *("?", "@a", "%a", "`a", "a  b", "a ", "a\t", "a\u00a0", "²", "", "# c", "a 'b", 'a"'),
    ]
)
_LINES = st.one_of(
    st.builds(
        "{}{}{}: {}".format,
        st.sampled_from(["", "  ", "    ", " "]),
        st.sampled_from(["", "- ", "-   "]),
        st.sampled_from(["id", "url", "a"]),
        _PIECES,
    ),
    st.builds("- id: {}".format, _PIECES),
    st.builds("  url: {}".format, _PIECES),
    st.sampled_from(["", "# c", "   # c", "feeds:", "---", "...", "- a", "  - a", "\t", "\u2028"]),
)


@given(st.lists(_LINES, min_size=1, max_size=6), st.sampled_from(["feeds:\n", "#c\nfeeds:\n", ""]))
@settings(max_examples=600, deadline=None)
def test_the_quick_reader_never_disagrees_with_the_yaml_library(
    lines: list[str], head: str
) -> None:
    text = head + "\n".join(lines)
    quick = quick_rows(text)
    if quick is not None:
        assert (quick, []) == composed_rows(text)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode())))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_list_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(b"feeds:\n- " + data)
    try:
        load_feeds(path)
    except ConfigError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize(
    ("url", "feed_id"),
    [
        ("https://news.example/rss", "news.example-rss-b1d1b29934"),
        ("http://www.news.example/ar/feed/", "news.example-ar-feed-9bbc7b625a"),
        ("https://مثال.example/أخبار?قسم=1", "example-1-e2a64d16f8"),
        ("https://a.example/" + "x" * 300, "a.example-" + "x" * 50 + "-1ab02e0b16"),
    ],
)
def test_a_derived_id_never_changes(url: str, feed_id: str) -> None:
    assert feed_id_from_url(url) == feed_id


@given(st.text(max_size=200).map("https://a.example/".__add__) | st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_a_derived_id_is_an_id(url: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", feed_id_from_url(url))


def test_addresses_that_differ_only_in_punctuation_get_different_ids() -> None:
    urls = [f"https://a.example/feed{mark}x" for mark in ("/", "-", "_", "?", "=")]
    assert len({feed_id_from_url(url) for url in urls}) == len(urls)


ODD_LIST = """\
# رأس القائمة: لا يُمس

feeds:   # القائمة
  # مصر
  -   id: one
      url: "https://one.example/rss"
      title: >-
        عنوان على
        سطرين
      outlet: واحد
      country: EG
      timezone: Africa/Cairo
      tags:
        - a
        - b

  # العراق: هذا العنوان للقسم كله
  -   {id: two, url: 'https://two.example/rss', title: اثنان, outlet: اثنان, country: IQ,
       timezone: Asia/Baghdad}

# ذيل القائمة
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_adding_leaves_every_other_byte(feed_list: Path, bom: str, newline: str) -> None:
    before = (bom + ODD_LIST).replace("\n", newline)
    feed_list.write_text(before, encoding="utf-8", newline="")
    add_feed(feed_list, EXAMPLE)
    after = feed_list.read_bytes().decode("utf-8")
    added = after[after.index("  - id: example") : after.index("interval_seconds: 600") + 21]
    assert after.replace(added + newline, "") == before
    assert load_feeds(feed_list)[-1] == EXAMPLE


@given(LISTS, st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_feeds_added_together_stand_as_if_saved(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed], kept: int
) -> None:
    path, saved = (tmp_path_factory.getbasetemp() / name for name in ("added.yaml", "saved.yaml"))
    save_feeds(path, feeds[:kept])
    add_feeds(path, feeds[kept:])
    save_feeds(saved, feeds)
    assert load_feeds(path) == feeds
    if feeds[:kept]:
        assert path.read_bytes() == saved.read_bytes()


def test_of_feeds_added_together_none_is_added_when_one_is_in_the_list(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    before = feed_list.read_bytes()
    with pytest.raises(ConfigError, match='id "example" is already in the list'):
        add_feeds(feed_list, [OTHER, replace(OTHER, id="example", url="https://new.example/")])
    assert feed_list.read_bytes() == before


def test_a_feed_that_stands_twice_among_those_added_is_told(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    with pytest.raises(ConfigError, match='added feed 2: id "other" is already used on line 1'):
        add_feeds(feed_list, [OTHER, replace(OTHER, url="https://new.example/")])


def test_a_feed_may_be_polled_every_second(feed_list: Path) -> None:
    feed_list.write_text(SHORT + "  interval_seconds: 1\n", encoding="utf-8")
    assert load_feeds(feed_list)[0].interval_seconds == 1


def test_an_exception_from_tls_is_true_or_false(feed_list: Path) -> None:
    feed_list.write_text(SHORT + "  insecure_tls: true\n", encoding="utf-8")
    assert load_feeds(feed_list)[0].insecure_tls
    feed_list.write_text(SHORT + "  insecure_tls: maybe\n", encoding="utf-8")
    with pytest.raises(ConfigError, match='insecure_tls "maybe" must be true or false'):
        load_feeds(feed_list)


def test_removing_leaves_every_other_line(feed_list: Path) -> None:
    feed_list.write_text(ODD_LIST, encoding="utf-8")
    remove_feed(feed_list, "one")
    start, end = ODD_LIST.index("  -   id: one"), ODD_LIST.index("\n  # العراق")
    assert feed_list.read_text(encoding="utf-8") == ODD_LIST[:start] + ODD_LIST[end:]


@given(LISTS.filter(bool))
@settings(max_examples=40, deadline=None)
def test_a_feed_added_and_removed_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.getbasetemp() / "trace.yaml"
    *kept, last = feeds
    save_feeds(path, kept)
    before = path.read_bytes()
    add_feed(path, last)
    assert load_feeds(path) == feeds
    remove_feed(path, last.id)
    assert load_feeds(path) == kept
    if kept:
        assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["feeds: []\n", "feeds:", "# قائمة\nfeeds: [ ]  # فارغة\n# ذيل\n"])
def test_the_first_feed_can_be_added_and_the_last_removed(feed_list: Path, text: str) -> None:
    feed_list.write_text(text, encoding="utf-8")
    add_feed(feed_list, EXAMPLE)
    assert load_feeds(feed_list) == [EXAMPLE]
    remove_feed(feed_list, EXAMPLE.id)
    assert load_feeds(feed_list) == []
    assert re.findall("#.*", feed_list.read_text(encoding="utf-8")) == re.findall("#.*", text)


def test_adding_to_a_file_without_a_last_line_break(feed_list: Path) -> None:
    feed_list.write_text(SHORT.rstrip("\n"), encoding="utf-8")
    add_feed(feed_list, EXAMPLE)
    assert load_feeds(feed_list)[-1] == EXAMPLE


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        (replace(OTHER, id="example"), 'id "example" is already in the list'),
        (
            replace(OTHER, url="http://news.example/ar/rss.xml/"),
            'url "http://news.example/ar/rss.xml/" is already in the list as feed "example"',
        ),
    ],
)
def test_a_feed_that_is_in_the_list_is_not_added(feed_list: Path, feed: Feed, said: str) -> None:
    save_feeds(feed_list, [EXAMPLE])
    with pytest.raises(ConfigError) as caught:
        add_feed(feed_list, feed)
    assert str(caught.value) == f"{feed_list}, line 2: {said}"


def test_a_feed_that_no_list_could_hold_is_not_added(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    with pytest.raises(ConfigError) as caught:
        add_feed(feed_list, replace(OTHER, title="two\nlines", interval_seconds=0))
    assert str(caught.value).splitlines() == [
        'feed "other": "title" must be one line of text: it contains U+000A',
        'feed "other": interval_seconds "0" must be a whole number from 1 to 604800',
    ]


def test_an_unknown_id_is_told_with_the_nearest_one(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE, OTHER])
    with pytest.raises(ConfigError) as caught:
        remove_feed(feed_list, "exmaple")
    assert str(caught.value) == (
        f'{feed_list}: no feed has the id "exmaple" (did you mean "example"?)'
    )


@pytest.mark.parametrize(
    "text",
    [
        "feeds: [{id: one, url: 'https://one.example/', title: a, outlet: a, country: XX,\n"
        "  timezone: UTC}]\n",
        SHORT.replace("feeds:", "#\u2028\nfeeds:").replace("- url", "- id: one\n  url"),
    ],
)
@pytest.mark.parametrize(
    "edit", [lambda path: add_feed(path, EXAMPLE), lambda path: remove_feed(path, "one")]
)
def test_a_list_that_cannot_be_cut_by_lines_is_left_alone(
    feed_list: Path, text: str, edit: object
) -> None:
    feed_list.write_text(text, encoding="utf-8")
    assert callable(edit)
    with pytest.raises(ConfigError, match="edit it by hand"):
        edit(feed_list)
    assert feed_list.read_text(encoding="utf-8") == text


def test_a_list_with_mistakes_is_not_edited(feed_list: Path) -> None:
    feed_list.write_text(SHORT.replace("EG", "Egypt"), encoding="utf-8")
    with pytest.raises(ConfigError, match='line 5: country "Egypt"'):
        add_feed(feed_list, EXAMPLE)


def test_a_list_with_duplicates_is_not_saved(feed_list: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        save_feeds(feed_list, [EXAMPLE, replace(OTHER, id=EXAMPLE.id)])
    assert str(caught.value) == f'{feed_list}: feed 2: id "example" is already used on line 1'
    assert not feed_list.exists()


def test_a_write_that_fails_leaves_the_old_list(feed_list: Path) -> None:
    save_feeds(feed_list, [EXAMPLE])
    before = feed_list.read_bytes()
    blocked = feed_list.with_name(f".feeds.yaml.{os.getpid()}")
    blocked.mkdir()
    with pytest.raises(ConfigError, match="the feed list cannot be written"):
        save_feeds(feed_list, [OTHER])
    assert feed_list.read_bytes() == before


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: No such file or directory"):
        save_feeds(tmp_path / "none" / "feeds.yaml", [EXAMPLE])


def test_a_write_keeps_the_mode_and_the_link_and_leaves_no_neighbour(tmp_path: Path) -> None:
    target, link = tmp_path / "target.yaml", tmp_path / "link.yaml"
    save_feeds(target, [EXAMPLE])
    target.chmod(0o640)
    link.symlink_to(target)
    add_feed(link, OTHER)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert load_feeds(target) == [EXAMPLE, OTHER]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "target.yaml"]
