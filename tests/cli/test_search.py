"""`nabaa index` fills the archive from files, `nabaa search` asks it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nabaa.message import encode_article
from nabaa.subscriber.received import Received
from nabaa.types import Article
from tests.cli.conftest import Nabaa
from tests.support.archived import named, news, said
from workers.outputs.archive import Archive as Files
from workers.outputs.ndjson import NdjsonHour

NOW = datetime.now(UTC)


def recent(number: int, title: str, days_ago: int = 1, **changes: object) -> Article:
    published = NOW - timedelta(days=days_ago)
    return news(number, title, published=published, first_seen=published, **changes)  # type: ignore[arg-type]


@pytest.fixture
def filled(nabaa: Nabaa, tmp_path: Path) -> Nabaa:
    """The command line in a folder with an archive of some articles."""
    guterres = named("Q1253", "غوتيريش")
    articles = [
        recent(1, "هدنة في السودان", entities=[guterres], quotes=(said("الهدنة ضرورة", "Q1253"),)),
        recent(2, "السودان: الهدنة تنهار", days_ago=60),
        recent(3, "هدنة في اليمن", entities=[named("Q805", "اليمن", "LOC")]),
    ]
    Files(tmp_path / "files", NdjsonHour).add(
        [Received("s", f"1764137261{n:03}-0", encode_article(a)) for n, a in enumerate(articles)]
    )
    done = nabaa("index", str(tmp_path / "files"))
    assert (done.status, done.out) == (
        0,
        "3 articles, 0 later versions and 0 events of stories stored, 0 messages known before\n",
    )
    return nabaa


def titles(out: str) -> list[str]:
    return [json.loads(line)["article"]["title"] for line in out.splitlines()]


def test_words_entities_speakers_and_time_are_asked_for(filled: Nabaa) -> None:
    asked = {
        ("السودان هدنة",): ["هدنة في السودان", "السودان: الهدنة تنهار"],
        ("السودان هدنة", "--since", "30d"): ["هدنة في السودان"],
        ("هدنة", "--entity", "Q805"): ["هدنة في اليمن"],
        ("هدنة", "--entity", "اليمن"): ["هدنة في اليمن"],
        ("--speaker", "غوتيريش"): ["هدنة في السودان"],
        ("هدنة", "--until", "30d", "--order", "newest"): ["السودان: الهدنة تنهار"],
    }
    assert {words: titles(filled("search", *words, "--json").out) for words in asked} == asked


def test_what_is_found_is_shown_for_the_eye(filled: Nabaa) -> None:
    done = filled("search", "هدنة", "-n", "1")
    assert done.status == 0
    assert "هدنة" in done.out
    assert "https://sabah.example/" in done.out
    assert done.out.splitlines()[-1] == "3 found"


def test_quotations_are_found_with_their_speaker(filled: Nabaa) -> None:
    assert "غوتيريش: الهدنة ضرورة" in filled("search", "--quotations", "هدنة").out
    assert filled("search", "--quotations", "--speaker", "Q1", "هدنة").status == 1


def test_nothing_found_is_told_by_the_status(filled: Nabaa) -> None:
    assert filled("search", "زرافة").status == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("اب*",), "needs 3 letters"),
        (("هدنة", "--entity", "زرافة"), "no article of the archive names 'زرافة'"),
        (("هدنة", "--since", "soon"), "not a span of time"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(
    filled: Nabaa, words: tuple[str, ...], sentence: str
) -> None:
    done = filled("search", *words)
    assert done.status == 2
    assert sentence in done.err


def test_an_archive_that_is_not_there_is_told_in_a_sentence(nabaa: Nabaa) -> None:
    done = nabaa("search", "هدنة")
    assert (done.status, done.err) == (
        2,
        "nabaa: there is no archive in data/archive.sqlite3: `nabaa index` makes one\n",
    )


def test_an_address_that_is_no_database_is_told_without_its_password(nabaa: Nabaa) -> None:
    done = nabaa("search", "هدنة", archive_url="mysql://u:secret@db/x")
    assert done.status == 2
    assert "mysql is not known" in done.err
    assert "secret" not in done.err


def test_a_server_that_cannot_be_reached_is_told_without_its_password(nabaa: Nabaa) -> None:
    done = nabaa("search", "هدنة", archive_url="postgresql://u:secret@/x?host=/nowhere")
    assert done.status == 2
    assert "cannot be used" in done.err
    assert "secret" not in done.err
