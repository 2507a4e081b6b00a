"""Pages of every kind of outlet give exactly their article, or say why there is none."""

from __future__ import annotations

import pytest

from tests.support.pages.forms import WITHOUT_ARTICLE
from tests.support.pages.kinds import KINDS
from workers.text.page.read import read_article_page


@pytest.mark.parametrize("name", KINDS)
def test_a_page_gives_its_article(name: str) -> None:
    kind = KINDS[name]()
    page = read_article_page(kind.markup, kind.url)
    assert page.body_text == kind.body
    assert (page.title, page.by, page.published) == (kind.title, kind.by, kind.published)
    assert page.problem is None


@pytest.mark.parametrize("name", WITHOUT_ARTICLE)
def test_a_page_without_an_article_says_why(name: str) -> None:
    make, problem = WITHOUT_ARTICLE[name]
    page = read_article_page(make(), "https://www.marfaa.example.eg/news/8")
    assert page.problem == problem
    assert "اشترك" not in page.body_text
