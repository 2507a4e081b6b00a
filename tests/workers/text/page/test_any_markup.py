"""Whatever a page holds, it is read, and what comes out can be written as JSON."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings, strategies as st

from tests.support.pages.templates import TEMPLATES, TITLE
from workers.text.page.read import read_article_page

URL = "https://www.marfaa.example.eg/news/1"
PIECES = st.sampled_from(
    [
        "<h1>", "</h1>", "<p>", "</p>", "<div class='caption'>", "</div>", "<br>", "<table>",
        "<td>",
        "<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle","headline":',
        '"\\ud800"', '{"@graph":[', "]}", "}", "<![CDATA[", "]]>", "<!--", "-->", "<figure>",
        "<figcaption>", "<time datetime='2019-02-30'>", "<meta property='og:title' content='",
        "'>", "<link rel=canonical href='//[", "<a href='x'>", "اقرأ أيضا", "كتبت: هبة موسى", "\0",
        "8 فبراير 2019", "\ud800", "&#xd800;", "&lt;", TITLE, "<svg>", "<template>", "<body>",
        "</body>", "</html>", "<?xml version='1.0' encoding='utf-16'?>", "<base href='x'>",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_markup_is_read(markup: str) -> None:
    assert msgspec.json.encode(read_article_page(markup, URL))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(TEMPLATES)), st.integers(0, 3_000), st.integers(0, 400))
def test_a_page_that_lacks_a_piece_is_read(name: str, start: int, length: int) -> None:
    markup = TEMPLATES[name]().markup
    damaged = markup[:start] + markup[start + length :]
    assert msgspec.json.encode(read_article_page(damaged, URL))
