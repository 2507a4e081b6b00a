"""The farm's input: what is read, and which article is in which feed."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.errors import ConfigError
from tests.support.farm.content.articles import (
    GIANT_TITLE_BYTES,
    LinkStyle,
    SourceArticle,
    key_of,
    make_odd,
    place,
    read_articles,
    share_out,
)

ARTICLE = {
    "id": "1",
    "url": "https://outlet.example/1",
    "source": "نخيل برس",
    "category": "sport",
    "title": "عنوان الخبر",
    "date": "Wed, 12 Mar 2025 10:00:00 +0300",
    "author": "",
    "summary": "ملخص",
    "text": "فقرة أولى\nفقرة ثانية",
}


def write(path: Path, *articles: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
    return path


def numbered(count: int) -> list[SourceArticle]:
    day = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        SourceArticle(str(n), f"https://x.example/{n}", "", "", f"خبر {n}", day, "", "", "نص")
        for n in range(count)
    ]


def test_the_sample_holds_120_arabic_articles_and_a_few_others() -> None:
    articles = read_articles()
    arabic = [one for one in articles if not set(one.text) & set("abcdeéکیےەڕ") - set("کی")]
    assert len(articles) == 128
    assert len(arabic) >= 110
    assert all(one.title and one.text and one.published for one in articles)


def test_an_address_that_occurs_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", ARTICLE, ARTICLE | {"id": "2", "title": "عنوان آخر"})
    assert [article.id for article in read_articles(path)] == ["1"]


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ARTICLE).encode()))
    assert read_articles(path)[0].title == ARTICLE["title"]


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("Wed, 12 Mar 2025 10:00:00 +0300", datetime(2025, 3, 12, 7, tzinfo=UTC)),
        ("2025-03-12T10:00:00+03:00", datetime(2025, 3, 12, 7, tzinfo=UTC)),
        ("2025-03-12 10:00:00", datetime(2025, 3, 12, 10, tzinfo=UTC)),
        ("12/03/2025", datetime(2025, 3, 12, tzinfo=UTC)),
        ("أمس", None),
        ("", None),
    ],
)
def test_the_forms_of_date_are_read(tmp_path: Path, date: str, instant: datetime | None) -> None:
    path = write(tmp_path / "a.jsonl", ARTICLE | {"date": date})
    assert read_articles(path)[0].published == instant


def test_characters_that_xml_cannot_carry_are_dropped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", ARTICLE | {"title": "خبر\x02 \x00عاجل\ufffe"})
    assert read_articles(path)[0].title == "خبر عاجل"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: not a JSON object"),
        ('{"id": "7"}', "line 2: key url: a string is missing"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = write(tmp_path / "a.jsonl", ARTICLE)
    path.write_text(path.read_text("utf-8") + line, "utf-8")
    with pytest.raises(ConfigError, match=message):
        read_articles(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl"):
        read_articles(tmp_path / "nowhere.jsonl")


def test_a_limit_picks_the_same_articles_each_time_from_the_whole_file() -> None:
    picked = read_articles(limit=30)
    everything = [article.id for article in read_articles()]
    assert picked == read_articles(limit=30)
    assert len(picked) == 30
    assert max(everything.index(article.id) for article in picked) > 100


@given(st.integers(0, 60), st.integers(1, 20))
@settings(deadline=None, max_examples=50)
def test_each_article_is_in_exactly_one_feed(count: int, feeds: int) -> None:
    shares = share_out(numbered(count), feeds)
    dealt = [article.id for share in shares for article in share]
    assert sorted(dealt) == sorted(str(n) for n in range(count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_feed_shows_its_articles_oldest_first() -> None:
    early, late = numbered(2)
    late = replace(late, published=datetime(2025, 2, 1, tzinfo=UTC))
    assert share_out([late, early], 1) == [(early, late)]


@pytest.mark.parametrize("links", ["ascii", "percent", "iri"])
def test_an_address_keeps_its_key_however_it_is_written(links: LinkStyle) -> None:
    placed = place(numbered(3), "farm-0001", "http://127.0.0.1:1", links)
    assert [key_of(one.url) for one in placed] == ["farm-0001.0", "farm-0001.1", "farm-0001.2"]


def test_another_address_has_no_key() -> None:
    assert key_of("https://outlet.example/1") is None


def test_a_giant_title_is_a_mebibyte() -> None:
    first, second = make_odd(numbered(2), "giant title")
    assert GIANT_TITLE_BYTES <= len(first.title.encode()) < GIANT_TITLE_BYTES + 100
    assert second.title == "خبر 1"


def test_an_article_without_text_keeps_its_title() -> None:
    (first,) = make_odd(numbered(1), "no text")
    assert (first.title, first.summary, first.text) == ("خبر 0", "", "")
