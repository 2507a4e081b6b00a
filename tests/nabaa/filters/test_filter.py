"""A filter is read strictly, and what is wrong with one is told in a sentence."""

from __future__ import annotations

import pytest

from nabaa.errors import QueueError, UsageError
from nabaa.filters.filter import (
    MAX_VALUES,
    Filter,
    check_filter,
    check_name,
    decode_filter,
    describe_filter,
    encode_filter,
    read_filter,
)

WRITTEN = """
entities: [Q79]
words: ["مجلس الأمن", "=أوبك", "انتخاب*"]
any_of:
  - countries: [EG]
  - topics: [politics]
none_of:
  - words: [مباراة]
"""
READ = Filter(
    entities=("Q79",),
    words=("مجلس الأمن", "=أوبك", "انتخاب*"),
    any_of=(Filter(countries=("EG",)), Filter(topics=("politics",))),
    none_of=(Filter(words=("مباراة",)),),
)


def test_a_filter_is_written_in_yaml() -> None:
    assert read_filter(WRITTEN, "desk.yaml") == READ


def test_a_filter_that_was_kept_comes_back_as_it_was() -> None:
    assert decode_filter(encode_filter(READ)) == READ


def test_json_is_read_as_well() -> None:
    assert read_filter(encode_filter(READ).decode(), "desk.json") == READ


def test_a_filter_is_told_in_a_line() -> None:
    assert describe_filter(READ) == (
        "entities Q79, words مجلس الأمن|=أوبك|انتخاب*, (countries EG or topics politics), "
        "not (words مباراة)"
    )


@pytest.mark.parametrize("name", ["", "Desk", "a" * 65, "a b", "مكتب", "a\n", "a:b"])
def test_a_name_that_cannot_be_in_a_key_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a subscription"):
        check_name(name)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Filter(), "the filter states no condition"),
        (Filter(any_of=(Filter(),)), r"any_of\[0\] states no condition"),
        (Filter(entities=("مصر",)), "entities: 'مصر' is not an entity's id"),
        (Filter(countries=("eg",)), "countries: 'eg' is not a country's code"),
        (Filter(languages=("AR",)), "languages: 'AR' is not a language's code"),
        (Filter(words=("…",)), "words: '…' has no letter or digit"),
        (Filter(words=("*",)), "has no letter or digit"),
        (Filter(words=("من*",)), "needs 3 letters before"),
        (Filter(words=("مجلس الأمن*",)), "only at the end of a single word"),
        (Filter(all_words=("ان*تخاب",)), "only at the end of a single word"),
        (Filter(topics=(" ",)), "topics: an empty value"),
        (Filter(words=("ب" * 201,)), "longer than 200 characters"),
        (Filter(words=("كلمة",) * (MAX_VALUES + 1)), "has 1001 values and may have 1000"),
        (Filter(none_of=(Filter(words=("…",)),)), r"none_of\[0\].words"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(wanted: Filter, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        check_filter(wanted)


def test_filters_within_filters_end_somewhere() -> None:
    wanted = Filter(topics=("news",))
    for _ in range(5):
        wanted = Filter(none_of=(wanted,))
    with pytest.raises(UsageError, match="more than 4 filters deep"):
        check_filter(wanted)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("word: [a]", "desk.yaml: object contains unknown field `word`; there are entities"),
        ("words: [", "desk.yaml: not YAML or JSON"),
        ("", "desk.yaml: expected `object`"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_name(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_filter(text, "desk.yaml")


def test_what_another_version_kept_is_told() -> None:
    with pytest.raises(QueueError, match="not a filter: object contains unknown field `moods`"):
        decode_filter(b'{"moods": ["glad"]}')


def test_each_story_once_is_asked_for_by_the_whole_filter_alone() -> None:
    check_filter(Filter(per="story", min_outlets=3))
    with pytest.raises(UsageError, match=r"any_of\[0\]"):
        check_filter(Filter(any_of=(Filter(per="story"),)))
    with pytest.raises(UsageError, match="min_outlets"):
        check_filter(Filter(words=("خبر",), min_outlets=3))


def test_a_filter_says_that_it_wants_no_reprints() -> None:
    wanted = read_filter("{words: [خبر], reprints: false, per: story, min_outlets: 2}", "desk.yaml")
    assert describe_filter(wanted) == "words خبر, no reprints, each story of 2 outlets once"
