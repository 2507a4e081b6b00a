"""Markup as feeds carry it: whole, broken, escaped too often, hostile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from workers.text.html import MAX_MARKUP, html_to_text, looks_like_page

PIECES = (
    "<p>", "</p>", "<br>", "<div class='a'>", "</div>", "<li>", "<td>", "<script>", "</script>",
    "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&lt;", "&#0;", "&#x202e;", "<", ">", "&", "خبر",
    " ", "\n", "\t", "\0", "<a href=x>", "</a>", "<pre>", "</pre>", "<svg>", "x<y",
    "<i hidden>", "</i>", "<p style='display:none'>", "<zz>",
)  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>أول</p><p>ثان</p>", "أول\n\nثان"),
        ("أول<br>ثان<br/>ثالث", "أول\nثان\nثالث"),
        ("<ul><li>أول</li><li>ثان</li></ul>", "أول\nثان"),
        ("<table><tr><td>أ</td><td>ب</td></tr><tr><td>ج</td></tr></table>", "أ | ب\nج"),
        ("<h2>عنوان</h2>نص", "عنوان\n\nنص"),
        ("نص <b>غليظ</b>، و<i>مائل</i>.", "نص غليظ، ومائل."),
        ("<form id='page'><div>نص <label>ابحث</label><input name='q'></div></form>", "نص"),
        ("<p>سطر\n  من المصدر</p>", "سطر من المصدر"),
    ],
)
def test_the_layout_that_a_reader_sees_is_kept(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_line_ends_are_kept_where_no_markup_makes_lines() -> None:
    assert html_to_text("سطر\n<b>بلا</b> فقرات") == "سطر\nبلا فقرات"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>alert('x')</script>",
        "<style>p { color: red }</style>",
        "<!-- إعلان -->",
        "<img src='https://example.org/pixel.gif' onerror='alert(1)'>",
        "<iframe src='https://example.org'>إطار</iframe>",
        "<button>اشترك</button>",
        "<svg><text>رسم</text></svg>",
    ],
)
def test_what_no_reader_sees_is_left_out(hidden: str) -> None:
    assert html_to_text(f"<p>خبر {hidden}مهم</p>") == "خبر مهم"


def test_a_quotation_element_has_its_marks() -> None:
    assert html_to_text("<p>قال: <q>لا <b>تراجع</b></q>، ومضى</p>") == "قال: «لا تراجع»، ومضى"


@pytest.mark.parametrize(
    "attribute",
    ["hidden", "style='display:none'", "style='color: red; Visibility : hidden'"],
)
def test_an_element_that_its_attributes_hide_is_left_out(attribute: str) -> None:
    markup = f"<p>خبر <span {attribute}>مخفي <b>أيضا</b><img src='a'></span>مهم</p>"
    assert html_to_text(markup) == "خبر مهم"


def test_a_page_whose_body_waits_for_a_script_is_read() -> None:
    assert html_to_text("<body style='visibility:hidden'><p>خبر</p></body>") == "خبر"


def test_pictures_inside_the_markup_do_not_use_up_what_is_read() -> None:
    picture = "A" * MAX_MARKUP
    assert html_to_text(f"<img src='data:image/png;base64,{picture}'><p>خبر</p>") == "خبر"


def test_only_so_much_of_a_text_is_read() -> None:
    assert html_to_text("<p>" + "خ" * (MAX_MARKUP + 5)) == "خ" * (MAX_MARKUP - 3)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("مصر &amp; السودان", "مصر & السودان"),
        ("&quot;خبر&quot;&nbsp;مهم", '"خبر" مهم'),
        ("&lt;p&gt;أول&lt;/p&gt;&lt;p&gt;ثان&lt;/p&gt;", "أول\n\nثان"),
        ("&amp;quot;خبر&amp;quot;", '"خبر"'),
        ("<![CDATA[<p>خبر</p>]]>", "خبر"),
    ],
)
def test_markup_that_was_escaped_once_too_often_is_read(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    "text", ["3 < 5 و7 > 6", "راسلنا <info@example.org>", "x<y وz>3", "قيل: <لا>"]
)
def test_a_sign_that_begins_no_tag_is_text(text: str) -> None:
    assert html_to_text(text) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>خبر</p><p>مبتور", "خبر\n\nمبتور"),
        ("خبر<img src='http", "خبر"),
        ("</p></div>خبر", "خبر"),
    ],
)
def test_broken_markup_loses_no_text(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_text_below_any_depth_is_found() -> None:
    assert html_to_text("<div>" * 100_000 + "خبر" + "</div>" * 100_000) == "خبر"


def test_closing_tags_that_close_nothing_cost_no_more_than_others() -> None:
    assert html_to_text("<b>" * 50_000 + "</i>" * 50_000 + "خبر") == "خبر"


def test_a_million_letters_without_a_tag_come_back() -> None:
    assert html_to_text("خ" * 1_000_000) == "خ" * 1_000_000


@pytest.mark.parametrize(
    ("text", "is_page"),
    [("<!doctype html><p>خبر", True), ("\ufeff <HTML><body>", True), ("<p>خبر</p>", False)],
)
def test_a_page_is_told_from_a_fragment(text: str, is_page: bool) -> None:
    assert looks_like_page(text) is is_page


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_markup_gives_tidy_text(markup: str) -> None:
    text = html_to_text(markup)
    assert "\n\n\n" not in text
    assert "\t" not in text
    assert text == text.strip("\n")
