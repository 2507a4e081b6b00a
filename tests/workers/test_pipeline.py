"""From what a feed carries to what is delivered: the text clean, the mentions cut exactly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from config.model import Feed
from ingest.model import Entry
from nabaa.message import decode_article, encode_article
from nabaa.types import Article, EntityType, Media, Outlet
from tests.support.entities.name_list import ListedNames
from tests.support.entries import make_entry
from workers.pipeline import LONGEST_TITLE, ArticleMaker

NAMES: dict[str, EntityType] = {"عمّان": "LOC", "سامي الحداد": "PERS"}
MAKER = ArticleMaker(ListedNames(NAMES))
SABAH = Feed(
    *("sabah", "https://sabah.example/rss.xml", "صباح الخير", "صحيفة الصباح", "JO", "Asia/Amman"),
    topic="culture",
    tags=("daily",),
)
PARAGRAPH = "افتتح وزير الثقافة معرض الكتاب في العاصمة الأردنية أمس بحضور جمهور كبير"
SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def entry(**changes: Any) -> Entry:
    return replace(make_entry(SABAH, "a"), **changes)


def made(**changes: Any) -> Article:
    [article] = MAKER.make([entry(**changes)])
    assert article is not None
    return article


def mentions(article: Article) -> list[str]:
    return [
        f"{each.field} {getattr(article, each.field)[each.start : each.end]}"
        for entity in article.entities
        for each in entity.mentions
    ]


def test_html_becomes_paragraphs_of_text() -> None:
    article = made(
        title="<b>افتتاح</b> المعرض &amp; الحفل",
        content_html="<div><p>الفقرة&nbsp;الأولى.</p><script>x()</script>"
        "<p>الثانية <a href='/'>هنا</a>.</p></div>",
    )
    assert article.title == "افتتاح المعرض & الحفل"
    assert article.body_text == "الفقرة الأولى.\n\nالثانية هنا."


def test_mentions_cut_the_delivered_text_and_not_the_markup() -> None:
    article = made(
        title="سامي&#160;الحداد في <i>عمّان</i>",
        content_html="<p>وصل <b>سامي</b> <i>الحداد</i>\u200f إلى «عمّان»،</p><p>ثم غادر عمّان.</p>",
    )
    assert mentions(article) == [
        "title سامي الحداد",
        "body_text سامي الحداد",
        *("title عمّان", "body_text عمّان", "body_text عمّان"),
    ]
    assert [entity.name for entity in article.entities] == ["سامي الحداد", "عمان"]


PIECES = st.sampled_from(
    [
        *(
            "عمّان",
            " ",
            "سامي",
            "الحداد",
            "<p>",
            "</p>",
            "<br>",
            "&nbsp;",
            "&amp;",
            "&lt;b&gt;",
            ".",
        ),
        *(
            "\u200f",
            "\u202b",
            "\ufeff",
            "ـ",
            "ﻋﻤّﺎن",
            "\x1b[31m",
            "\0",
            "\n",
            "\r",
            "😀",
            "e\u0301",
            "<",
        ),
        *("<![CDATA[", "]]>", "<script>", "</script>", "ک", "3.5"),
    ]
)
MARKUP = st.lists(PIECES, max_size=12).map("".join)


@given(MARKUP, MARKUP, MARKUP)
@settings(deadline=None, max_examples=80)
def test_whatever_a_feed_carries_is_delivered_clean_and_cut_exactly(
    title: str, summary: str, content: str
) -> None:
    article = made(
        title=title,
        summary_html=summary,
        content_html=f"<p>{PARAGRAPH} في عمّان.</p>{content}",
        author=summary,
        categories=(title, content),
    )
    texts = (article.title, article.summary, article.body_text, article.by, *article.categories)
    for text in texts:
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", text
        )
    assert not any("\n" in text for text in (article.title, article.by, *article.categories))
    for entity in article.entities:
        for each in entity.mentions:
            assert getattr(article, each.field)[each.start : each.end] == each.text
    assert decode_article(encode_article(article)) == article


def test_what_the_feed_says_of_the_article_comes_along() -> None:
    media = (Media("https://sabah.example/a.jpg", "image/jpeg", 1024),)
    article = made(
        author="<a>ليلى\nحداد</a>", categories=("ثقافة", " ", "كتب&amp;نشر"), media=media
    )
    assert (article.by, article.categories, article.media) == (
        *("ليلى حداد", ("ثقافة", "كتب&نشر"), media),
    )
    assert (article.outlet, article.topic, article.tags) == (
        *(Outlet("صحيفة الصباح", "JO", "sabah"), "culture", ("daily",)),
    )


def test_an_article_without_a_date_was_published_when_it_was_first_seen() -> None:
    article = made(published=None)
    assert (article.published, article.first_seen, article.updated) == (SEEN, SEEN, None)


def test_a_summary_is_the_body_where_there_is_no_other() -> None:
    article = made(summary_html=f"<p>{PARAGRAPH}.</p>", content_html="")
    assert (article.summary, article.body_text) == ("", f"{PARAGRAPH}.")


def test_a_summary_that_says_more_than_the_body_is_the_body() -> None:
    article = made(summary_html=f"{PARAGRAPH}. وفيه ألف كتاب.", content_html=f"{PARAGRAPH}.")
    assert (article.summary, article.body_text) == ("", f"{PARAGRAPH}. وفيه ألف كتاب.")


@pytest.mark.parametrize("end", ["", "...", "…", " […]", "\n…"])
def test_a_summary_that_only_opens_the_body_is_left_out(end: str) -> None:
    article = made(summary_html=PARAGRAPH + end, content_html=f"<p>{PARAGRAPH} ومسؤولين.</p>")
    assert article.summary == ""


def test_a_summary_of_its_own_stays() -> None:
    article = made(summary_html="ألف كتاب في معرض واحد", content_html=f"<p>{PARAGRAPH}.</p>")
    assert article.summary == "ألف كتاب في معرض واحد"


def test_an_entry_without_text_is_delivered_with_its_title() -> None:
    article = made(summary_html="", content_html="")
    assert (article.title, article.summary, article.body_text) == (
        *("افتتاح معرض الكتاب في عمّان", "", ""),
    )


def test_an_entry_without_anything_is_still_an_article() -> None:
    article = made(title="", summary_html="", content_html="")
    assert (article.title, article.body_text, article.language) == ("", "", "ar")


def test_a_title_of_a_megabyte_is_cut_and_whole_in_the_text() -> None:
    title = "افتتاح معرض الكتاب في عمّان " * 20_000
    article = made(title=title)
    assert len(article.title) <= LONGEST_TITLE + 1
    assert article.title.endswith("…")
    whole = article.body_text.partition("\n\n")[0]
    assert whole == title.strip()
    assert whole.startswith(article.title[:-1])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PARAGRAPH, "ar"),
        ("The minister opened the book fair in the capital on Sunday morning.", "en"),
        ("Le ministre a inauguré dimanche la foire du livre dans la capitale.", "fr"),
        ("وزیر فرهنگ نمایشگاه کتاب را صبح یکشنبه در پایتخت گشود و گفت که این نمایشگاه", "fa"),
    ],
)
def test_the_language_is_told_by_the_text(text: str, language: str) -> None:
    article = made(title=text, content_html=f"<p>{text}</p>")
    assert article.language == language


def test_only_arabic_articles_have_entities() -> None:
    text = "The minister said in عمّان that the fair had opened in the capital on Sunday"
    assert made(title=text, content_html=text).entities == ()


def test_languages_that_are_not_wanted_are_dropped_and_the_order_stays() -> None:
    english = entry(title="The fair opens in the capital", content_html="It was opened on Sunday.")
    maker = ArticleMaker(ListedNames(NAMES), ["ar"])
    first, second, third = maker.make([entry(), english, entry(title="ختام المعرض")])
    assert (first is not None, second, third is not None) == (True, None, True)


def test_no_entry_makes_no_article() -> None:
    assert MAKER.make([]) == []


def test_the_same_entry_has_the_same_name_in_each_poll_and_another_in_another_feed() -> None:
    later = entry(title="افتتاح المعرض", fetched_at=datetime(2026, 4, 1, tzinfo=UTC))
    elsewhere = entry(feed=replace(SABAH, id="masaa"))
    [again, other] = MAKER.make([later, elsewhere])
    assert again is not None
    assert other is not None
    assert again.uri == made().uri != other.uri
    assert re.fullmatch("urn:nabaa:article:[0-9a-f]{32}", made().uri)


def test_the_content_hash_follows_the_text_alone() -> None:
    assert made().content_hash == made(author="آخر", published=None).content_hash
    assert made().content_hash != made(title="غيره").content_hash


def test_a_plain_text_becomes_an_article_of_no_feed() -> None:
    article = MAKER.make_plain("وصل سامي الحداد", "أسعار <5 & أكثر.\n\nفي عمّان.", SEEN)
    assert article.body_text == "أسعار <5 & أكثر.\n\nفي عمّان."
    assert mentions(article) == ["title سامي الحداد", "body_text عمّان"]
    assert (article.url, article.published) == ("", SEEN)
