"""`nabaa cluster`: a story for each article of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Nabaa

QUAKE = "ضرب زلزال قوي فجر اليوم مدينة فالبارايسو الساحلية وسط تشيلي وغادر السكان بيوتهم"
NEWS: list[dict[str, object]] = [
    {"id": "a", "date": "2026-03-01T08:00:00+00:00", "title": "زلزال يضرب تشيلي", "text": QUAKE},
    {"id": "b", "date": "Sun, 01 Mar 2026 11:30:00 +0300", "title": "تشيلي تهتز", "summary": QUAKE},
    {"id": 3, "date": "2026-03-01 10:00", "title": "البرلمان الأردني يقر الموازنة", "text": ""},
    {
        "id": "d",
        "time": "2026-03-01T11:00:00Z",
        "title": "زلزال تشيلي: فالبارايسو بلا كهرباء بعد الهزة",
        "url": "https://n.example/1",
        "outlet": "الصحيفة",
        "more": ["is", "left", "out"],
    },
]


def lines(*articles: dict[str, object]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles).encode()


def test_each_article_gets_its_story_and_a_reprint_the_article_that_was_first(
    nabaa: Nabaa,
) -> None:
    done = nabaa("cluster", "-", stdin=b"\xef\xbb\xbf" + lines(*NEWS) + b"\n")
    assert (done.status, done.err) == (0, "")
    assert [json.loads(line) for line in done.out.splitlines()] == [
        {"id": "a", "story": "a", "dup": "a"},
        {"id": "b", "story": "a", "dup": "a"},
        {"id": "3", "story": "3", "dup": None},
        {"id": "d", "story": "a", "dup": None},
    ]


def test_a_file_without_articles_gives_nothing(nabaa: Nabaa) -> None:
    assert nabaa("cluster", "-", stdin=b"\n\n").out == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "b", "title', "JSON is malformed"),
        (b"[1]", "Expected `object`, got `array`"),
        (b'{"title": "x", "date": "2026-03-01"}', "Object missing required field `id`"),
        (b'{"id": "b", "date": "2026-03-01"}', "needs a title, text or summary"),
        (b'{"id": "b", "title": "x"}', "needs a date"),
        (b'{"id": "b", "title": "x", "date": "soon"}', 'the date "soon" is neither ISO 8601'),
        (b'{"id": "b", "title": 5, "date": "2026-03-01"}', "Expected `str | null`, got `int`"),
        (b'{"id": "a", "title": "x", "date": "2026-03-01"}', 'an earlier line has the id "a"'),
        (b'{"id": "b", "title": "\xff", "date": "2026-03-01"}', "can't decode byte 0xff"),
        (b'{"id": "b", "title": "x", "date": "0001-01-01T00:00:00+14:00"}', 'the date "0001-'),
        (b'{"id": "b", "more": ' + b"[" * 100_000, "is nested too deeply"),
        (b'{"id": "\\ud800", "title": "x", "date": "2026-03-01"}', "surrogate"),
    ],
)
def test_a_line_that_is_no_article_is_named_in_one_sentence(
    nabaa: Nabaa, tmp_path: Path, line: bytes, reason: str
) -> None:
    (tmp_path / "news.jsonl").write_bytes(lines(NEWS[0]) + line + b"\n")
    done = nabaa("cluster", "news.jsonl")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("nabaa: news.jsonl, line 2: ")
    assert reason in done.err
    assert done.err.count("\n") == 1


def test_a_file_that_cannot_be_read_is_named(nabaa: Nabaa) -> None:
    done = nabaa("cluster", "none.jsonl")
    assert (done.status, done.err) == (
        2,
        "nabaa: none.jsonl: cannot be read: No such file or directory\n",
    )
