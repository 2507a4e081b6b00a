"""What an article takes from its page: its text where that is longer, and what its feed lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.model import Feed
from config.page_rules import PageRulesFile
from ingest.model import Entry
from ingest.streams.stored_page import StoredPage, encode_page
from nabaa.types import Article
from tests.support.entities.name_list import ListedNames
from tests.support.entries import make_entry
from tests.support.pages.templates import (
    AUTHOR,
    BODY,
    LEAD,
    PARAGRAPHS,
    PUBLISHED,
    SITE,
    TITLE,
    page,
    paragraphs,
)
from workers.pipeline import ArticleMaker
from workers.text.page.read import read_article_page

MAKER = ArticleMaker(ListedNames({"سامر الحلبي": "PERS"}))
FEED = Feed("marfaa", "https://marfaa.example.eg/rss", SITE, SITE, "EG", "Africa/Cairo")
URL = "https://marfaa.example.eg/news/1"
FETCHED = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


def metas(**properties: str) -> str:
    return "".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{value}">'
        for name, value in properties.items()
    )


MARKUP = page(
    f"<h1>{TITLE}</h1><p>كتبت: {AUTHOR}</p>{paragraphs()}",
    metas(
        og_title=TITLE,
        og_type="article",
        og_image="https://img.marfaa.example.eg/1.jpg",
        article_section="مدن",
        article_published_time="2019-02-08T14:30:00+02:00",
    )
    + '<link rel="canonical" href="https://marfaa.example.eg/news/1/slug">',
)


def stored(markup: str | bytes = MARKUP, **changes: Any) -> bytes:
    body = markup if isinstance(markup, bytes) else markup.encode()
    kept = {"final_url": URL, "content_type": "text/html; charset=utf-8", "body": body}
    return encode_page(StoredPage(**(kept | {"fetched_at": FETCHED} | changes)))


def entry(**changes: Any) -> Entry:
    made = make_entry(FEED, "1", title=TITLE, summary=f"<p>{LEAD}</p>", content="")
    return replace(made, **({"url": URL} | changes))


def make(data: bytes, **changes: Any) -> Article:
    [article] = MAKER.make([entry(**changes)], [data])
    assert article is not None
    return article


def test_the_text_is_that_of_the_page_and_its_names_are_found() -> None:
    article = make(stored())
    assert (article.body_source, article.body_text) == ("page", BODY)
    assert article.summary == "", "it only repeats how the text begins"
    mentions = [mention for each in article.entities for mention in each.mentions]
    [mention] = [each for each in mentions if each.text == "سامر الحلبي"]
    assert mention.field == "body_text"
    assert article.body_text[mention.start : mention.end] == mention.text


def test_a_summary_of_the_feeds_own_stays_beside_the_text() -> None:
    article = make(stored(), summary_html="محطة التحلية الجديدة في الرملة تبدأ العمل")
    assert article.body_source == "page"
    assert article.summary == "محطة التحلية الجديدة في الرملة تبدأ العمل"


def test_what_the_page_says_of_its_article_is_told() -> None:
    told = make(stored()).page
    assert told is not None
    assert told.canonical == "https://marfaa.example.eg/news/1/slug"
    assert (told.section, told.extracted_at, told.problem) == ("مدن", FETCHED, "")
    assert told.picture is not None
    assert told.picture.url == "https://img.marfaa.example.eg/1.jpg"


def test_author_and_date_of_the_page_stand_in_where_the_feed_has_none() -> None:
    article = make(stored(), published=None)
    assert (article.by, article.published) == (AUTHOR, PUBLISHED)
    feeds_own = datetime(2019, 2, 8, 13, tzinfo=UTC)
    article = make(stored(), published=feeds_own, author="مريم سالم")
    assert (article.by, article.published) == ("مريم سالم", feeds_own)


def test_a_longer_text_of_the_feed_stays() -> None:
    article = make(stored(), content_html=f"<p>{BODY} {BODY}</p>")
    assert article.body_source == "feed"
    assert article.page is not None


def test_a_page_about_something_else_is_left_alone() -> None:
    words = "منتخب الكرة يفوز على ضيفه بهدفين في مباراة ودية أقيمت مساء أمس"
    article = make(stored(), title="ودية المنتخب", summary_html=words)
    assert (article.body_source, article.page) == ("feed", None)
    assert article.body_text == words


@pytest.mark.parametrize(
    "data",
    [b"damaged", stored(b""), stored(b"\xff\xfe\x00<"), stored("<p>" * 100)],
    ids=["damaged", "empty", "no text", "no article"],
)
def test_a_page_that_holds_nothing_leaves_the_text_of_the_feed(data: bytes) -> None:
    article = make(data)
    assert (article.body_source, article.body_text) == ("feed", LEAD)


def test_the_page_is_read_in_its_own_encoding() -> None:
    data = stored(MARKUP.encode("windows-1256"), content_type="text/html; charset=windows-1256")
    assert make(data).body_text == BODY


def test_without_a_page_nothing_changes() -> None:
    article = make(b"")
    assert (article.body_source, article.page) == ("feed", None)
    assert MAKER.make([entry()]) == [article]


def test_a_page_of_several_entries_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    ours = "workers.article_page.read_article_page"

    def counted(markup: str, *args: Any) -> Any:
        read.append(markup)
        return read_article_page(markup, *args)

    monkeypatch.setattr(ours, counted)
    articles = MAKER.make([entry(), entry(guid="2")], [stored(), stored()])
    assert len(read) == 1
    assert [each and each.body_source for each in articles] == ["page", "page"]


def test_a_fault_of_ours_with_a_page_does_not_cost_the_article(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("workers.article_page.read_article_page", fail)
    assert make(stored()).body_text == LEAD
    assert "too deep" in caplog.text


def test_a_rule_of_its_outlet_says_where_the_text_is(tmp_path: Path) -> None:
    path = tmp_path / "page_rules.yaml"
    path.write_text("pages:\n- host: marfaa.example.eg\n  strip: //p[last()]\n", "utf-8")
    maker = ArticleMaker(ListedNames({}), page_rules=PageRulesFile(path))
    [article] = maker.make([entry()], [stored()])
    assert article is not None
    assert article.body_text == "\n\n".join(PARAGRAPHS[:-1])
