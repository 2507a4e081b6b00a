"""The pages of the farm's articles: in ten templates, and with traps for who fetches them."""

from __future__ import annotations

import pytest

from tests.farm.test_render import CHANNEL
from tests.support.farm.content.articles import PlacedArticle, place, read_articles
from tests.support.farm.content.dressed import HUGE_BYTES, PageKind, dress_page, template_of
from tests.support.farm.content.render import Style
from tests.support.pages.templates import TEMPLATES
from workers.text.page.read import read_article_page


def many() -> tuple[PlacedArticle, ...]:
    written = [each for each in read_articles() if each.text.count("\n") >= 2][:40]
    return place(written, "farm-0001", "http://127.0.0.1:1", "ascii")


def page_of(article: PlacedArticle, kind: PageKind) -> str:
    return dress_page(article, CHANNEL, Style(), kind).decode()


def test_the_pages_are_in_all_templates_and_hold_their_articles() -> None:
    articles = many()
    assert {template_of(each) for each in articles} == set(TEMPLATES)
    for each in articles:
        found = read_article_page(page_of(each, "templates"), "https://farm.example.eg/1")
        assert found.title == each.article.title
        assert found.body_text.split() == each.article.text.split()


@pytest.mark.parametrize("kind", ["consent", "javascript"])
def test_walls_are_told(kind: str) -> None:
    [article, *_] = many()
    page = page_of(article, "script" if kind == "javascript" else "consent")
    assert read_article_page(page, "https://farm.example.eg/1").problem == kind


def test_a_huge_page_has_its_article_at_the_beginning() -> None:
    [article, *_] = many()
    page = dress_page(article, CHANNEL, Style(), "huge")
    assert len(page) > HUGE_BYTES * 0.95
    assert article.article.title.encode() in page[:4_000]
