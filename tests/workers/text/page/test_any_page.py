"""Whatever of a page is taken for its text stands in the page, and is plain and tidy."""

from __future__ import annotations

import re

from hypothesis import example, given, settings, strategies as st
from lxml import html

from tests.support.pages import furniture
from tests.support.pages.kinds import KINDS
from tests.support.pages.stories import FERRY, INTERVIEW, MATCH
from tests.support.pages.templates import page
from workers.text.normalise import drop_controls, tidy_spaces
from workers.text.page.document import folded
from workers.text.page.read import read_article_page

URL = "https://www.marfaa.example.eg/news/1"
BLOCK = "<div>نص بلا فقرة يطول قليلا حتى يحسب فقرة من الفقرات</div>"
BARE = "نص عار بين الفقرات يطول قليلا حتى يحسب"
BOXES = st.sampled_from(
    [
        furniture.cards(),
        furniture.links(),
        furniture.share(),
        furniture.comments(),
        furniture.newsletter(),
        furniture.footer(),
        "<table><tr><td>النسور</td><td>41</td></tr></table>",
        "<p>a &lt; b &amp; c&nbsp;d\u200f\u200be</p>",
        "<blockquote>كلام منقول</blockquote>",
        BLOCK,
        "<br>",
        BARE,
    ]
)
TEXTS = st.sampled_from([*FERRY.paragraphs, *INTERVIEW.paragraphs, *MATCH.paragraphs])
PIECES = st.lists(st.one_of(BOXES, TEXTS.map("<p>{}</p>".format)), max_size=14)
_SPACES = re.compile(r"\s+")


def is_of_page(text: str, markup: str) -> bool:
    shown = "".join(str(piece) for piece in html.document_fromstring(markup).itertext())
    whole = _SPACES.sub("", folded_whole(shown))
    return all(_SPACES.sub("", folded_whole(line)) in whole for line in re.split(r"[\n|]", text))


def folded_whole(text: str) -> str:
    return " ".join(folded(word) for word in drop_controls(text).split())


@settings(max_examples=40, deadline=None)
@given(PIECES)
@example([BARE, furniture.links(), BARE])
@example([furniture.links(), BARE, BLOCK])
@example([furniture.footer(), BLOCK, BLOCK])
@example([BARE, furniture.share(), BARE, f"<p>{INTERVIEW.paragraphs[0]}</p>"])
def test_the_text_of_any_page_stands_in_it_and_is_tidy(pieces: list[str]) -> None:
    markup = page("", f"<div><h1>{FERRY.title}</h1><div class='t'>{''.join(pieces)}</div></div>")
    text = read_article_page(markup, URL).body_text
    assert text == tidy_spaces(drop_controls(text))
    assert "&amp;" not in text
    assert is_of_page(text, markup)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(KINDS)), BOXES, st.integers(0, 10_000))
def test_a_box_put_anywhere_into_a_page_brings_no_markup(name: str, box: str, number: int) -> None:
    markup = KINDS[name]().markup
    places = [found.start() for found in re.finditer("<(?:p|div|li)[ >]", markup)]
    place = places[number % len(places)]
    text = read_article_page(markup[:place] + box + markup[place:], URL).body_text
    assert not re.search(r"</?[a-z]+[ >]|class=|&nbsp;", text)
