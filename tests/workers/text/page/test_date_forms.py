"""The date of a page is read to the minute in whatever form it tells it."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.pages.furniture import cards, metas, p
from tests.support.pages.stories import FERRY
from tests.support.pages.templates import SITE, ld, page
from workers.text.page.read import read_article_page

_EG, _TN, _COM = (f"https://www.marfaa.example{end}/1" for end in (".eg", ".tn", ""))


def at(hour: int, minute: int = 0, day: int = 8) -> datetime:
    return datetime(2019, 2, day, hour, minute, tzinfo=UTC)


SEEN = [
    ("<div class='date'>الجمعة، 8 فبراير 2019 2:30 م</div>", _EG, at(12, 30)),
    ("<span>الجمعة 08/فبراير/2019 - 02:30 م</span>", _EG, at(12, 30)),
    ("<span class='x'>08 فبراير 2019 - 14:30</span>", _EG, at(12, 30)),
    ("<div>الجمعة 08-02-2019 14:30</div>", _EG, at(12, 30)),
    ("<p>تاريخ النشر: 2019/02/08 02:30 PM</p>", _EG, at(12, 30)),
    ("<p>تم النشر في: الجمعة 8 فبراير 2019 | 2:30 مساءً</p>", _EG, at(12, 30)),
    ("<p>نشر بتاريخ 08 فيفري 2019 على الساعة 13:30</p>", _TN, at(12, 30)),
    ("<p>نشر في: 2019-02-08 13:30:00</p>", _TN, at(12, 30)),
    ("<p>8 شباط/فبراير 2019، 14:30</p>", _EG, at(12, 30)),
    ("<p>الجمعة 8 شباط (فبراير) 2019 - 14:30</p>", _EG, at(12, 30)),
    ("<p>الجمعة ٨ فبراير ٢٠١٩ ١٤:٣٠</p>", _EG, at(12, 30)),
    ("<p>نشر الجمعة 08 فبراير 2019 - الساعة 12:30 بتوقيت غرينتش</p>", _EG, at(12, 30)),
    (
        "<p>آخر تحديث: الجمعة 08 فبراير 2019 - 15:10</p><p>نشر: الجمعة 08 فبراير 2019 - 14:30</p>",
        _EG,
        at(12, 30),
    ),
    ("<p>نشر: الجمعة 08 فبراير 2019 - 14:30 | آخر تحديث: 15:10</p>", _EG, at(12, 30)),
    ("<p>نشر 08 فبراير 2019 14:30 م | تحديث 09 فبراير 2019 10:00 ص</p>", _EG, at(12, 30)),
    (
        "<div><span>الجمعة</span> <span>8</span> <span>فبراير</span> <span>2019</span> <span>14:30</span></div>",
        _EG,
        at(12, 30),
    ),
    ("<div class='date'><span>08 فبراير 2019</span><span>02:30 م</span></div>", _EG, at(12, 30)),
    ("<ul class='meta'><li>08 فبراير 2019</li><li>14:30</li></ul>", _EG, at(12, 30)),
    ("<div class='day'>08 فبراير 2019</div><div class='clock'>14:30</div>", _EG, at(12, 30)),
    ("<p>القاهرة: الجمعة 8 فبراير 2019 - 14:30</p>", _EG, at(12, 30)),
    ("<p>كتب: سامي حداد - الجمعة 8 فبراير 2019 - 14:30</p>", _EG, at(12, 30)),
    ("<p>سامي حداد | 8 فبراير 2019 14:30</p>", _EG, at(12, 30)),
    ("<p>8 فبراير 2019 14:30 بتوقيت القاهرة</p>", _COM, at(12, 30)),
    ("<p>8 فبراير 2019 - 15:30 بتوقيت مكة المكرمة</p>", _COM, at(12, 30)),
    ("<p>8 فبراير 2019 - 16:30 بتوقيت أبوظبي</p>", _COM, at(12, 30)),
    ("<p>Friday, February 8, 2019 - 14:30</p>", _EG, at(12, 30)),
    ("<p>Fri, 08 Feb 2019 14:30:00 +0200</p>", _EG, at(12, 30)),
    ("<p>08.02.2019 | 12:30 GMT</p>", _EG, at(12, 30)),
    ("<p>1440/06/03 هـ - 2019/02/08 م - 14:30</p>", _EG, at(12, 30)),
    ("<p>3 جمادى الآخرة 1440 هـ الموافق 8 فبراير 2019 م - 14:30</p>", _EG, at(12, 30)),
    ("<time datetime='2019-02-08T14:30:00+02:00'>منذ ساعتين</time>", _COM, at(12, 30)),
    ("<time data-timestamp='1549629000'>منذ ساعتين</time>", _COM, at(12, 30)),
    ("<span class='time' title='2019-02-08 14:30'>منذ ساعتين</span>", _EG, at(12, 30)),
    ("<p>8 فبراير 2019</p>", _EG, at(22, 0, 7)),
    ("<p>فبراير 8, 2019 2:30 م</p>", _EG, at(12, 30)),
    ("<p>12:30 - 2019/02/08 بتوقيت غرينيتش</p>", _EG, at(12, 30)),
    ("<p>آخر تحديث 14:30 - 8 فبراير 2019</p>", _EG, at(12, 30)),
    ("<p>2:30:15 PM 2/8/2019</p>", _EG, at(12, 30)),
]
_T = FERRY.title
TOLD = [
    (
        "<meta property='article:published_time' content='2019-02-08T14:30:00Z'>",
        "<p>الجمعة، 08 فبراير 2019 - 02:30 م</p>",
        "https://www.elwatannews.com/news/1",
        at(12, 30),
    ),
    (ld(headline=_T, datePublished="2019-02-08T14:30:00+02:00"), "", _COM, at(12, 30)),
    (
        ld(headline=_T, datePublished="2019-02-08T14:30:00Z"),
        "<p>الجمعة 8 فبراير 2019 02:30 م</p>",
        _EG,
        at(12, 30),
    ),
    (
        ld(headline=_T, datePublished="2019-02-08T12:30:00Z"),
        "<p>الجمعة 8 فبراير 2019 02:30 م</p>",
        _EG,
        at(12, 30),
    ),
    (ld(headline=_T, datePublished="2019-02-08 14:30:00"), "", _EG, at(12, 30)),
    (ld(headline=_T, datePublished="2019-02-08"), "<p>08 فبراير 2019 14:30</p>", _EG, at(12, 30)),
    (
        ld(headline=_T, datePublished="2019-02-08T00:00:00+02:00"),
        "<p>08 فبراير 2019 14:30</p>",
        _EG,
        at(12, 30),
    ),
    (
        ld(headline=_T, datePublished="Fri Feb 08 2019 14:30:00 GMT+0200 (EET)"),
        "",
        _COM,
        at(12, 30),
    ),
    (ld(headline=_T, datePublished="2/8/2019 2:30:00 PM"), "", _EG, at(12, 30)),
    (ld(headline=_T, datePublished="08/02/2019 14:30"), "", _EG, at(12, 30)),
    (ld(headline=_T, datePublished="1549629000"), "", _COM, at(12, 30)),
    (ld(headline=_T, datePublished=1549629000000), "", _COM, at(12, 30)),
    (
        ld(headline=_T, datePublished="0001-01-01T00:00:00"),
        "<p>08 فبراير 2019 14:30</p>",
        _EG,
        at(12, 30),
    ),
    (ld(headline=_T, datePublished="الجمعة، 08 فبراير 2019 02:30 م"), "", _EG, at(12, 30)),
    (
        "<meta property='article:published_time' content='2019-02-08T14:30:00+02:00'>",
        "",
        _COM,
        at(12, 30),
    ),
    (
        "<meta property='og:locale' content='ar_EG'><meta property='article:published_time' content='2019-02-08 14:30:00'>",
        "",
        _COM,
        at(12, 30),
    ),
    ("<meta name='pubdate' content='20190208T143000+0200'>", "", _COM, at(12, 30)),
    ("<meta itemprop='datePublished' content='2019-02-08T14:30:00+02:00'>", "", _COM, at(12, 30)),
    (
        "<meta name='article:published_time' content='2019-02-08T12:30:00+00:00'>",
        "<p>07 فبراير 2019</p>",
        _EG,
        at(12, 30),
    ),
    (
        ld(
            headline=_T,
            datePublished="2019-02-08T12:30:00+00:00",
            dateModified="2019-02-10T12:30:00+00:00",
        ),
        "<p>آخر تحديث: 10 فبراير 2019 14:30</p>",
        _EG,
        at(12, 30),
    ),
    ("<meta name='date' content='2026-01-01'>", "<p>08 فبراير 2019 14:30</p>", _EG, at(12, 30)),
    (
        ld(headline=_T, dateModified="2019-02-08T15:00:00+02:00"),
        "<p>08 فبراير 2019 14:30</p>",
        _COM,
        at(12, 30),
    ),
    (
        ld(
            **{
                "@type": "WebPage",
                "headline": _T,
                "name": _T,
                "datePublished": "2019-02-08T14:30:00+02:00",
            }
        ),
        "",
        _COM,
        at(12, 30),
    ),
]


def published(head: str, seen: str, url: str, *, above: bool = False) -> datetime | None:
    headline = f"<h1>{_T}</h1>"
    inner = f"{seen}{headline}" if above else f"{headline}{seen}"
    body = f"<div class='a'>{inner}{p(FERRY.paragraphs)}</div>{cards()}"
    named = metas(og__title=_T, og__site_name=SITE, og__type="article")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    found = read_article_page(page(named + head, body, title=_T), url, now=now).published
    return found and found.replace(second=0)


@pytest.mark.parametrize("above", [False, True])
def test_a_date_that_is_seen_is_read(above: bool) -> None:
    read = {seen: published("", seen, url, above=above) for seen, url, _ in SEEN}
    assert read == {seen: expected for seen, _, expected in SEEN}


def test_a_date_that_is_told_is_held_against_what_is_seen() -> None:
    read = {(head, seen): published(head, seen, url) for head, seen, url, _ in TOLD}
    assert read == {(head, seen): expected for head, seen, _, expected in TOLD}
