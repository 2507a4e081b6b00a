"""Pages of newspapers and agencies of one country each, around our own articles."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.support.pages.furniture import (
    HEADLINES,
    TEASER,
    cards,
    footer,
    links,
    menu,
    metas,
    p,
    share,
)
from tests.support.pages.stories import FERRY
from tests.support.pages.story_page import story_page
from tests.support.pages.templates import AUTHOR, CAPTION, SITE, Template


def state_agency() -> Template:
    """An agency's release: both calendars in the first line, signs of the wire at its end."""
    first, *rest = FERRY.paragraphs
    opening = f"الرملة 03 جمادى الآخرة 1440 هـ الموافق 08 فبراير 2019 م واس<br>{first}"
    body = (
        f"{menu()}<div class='detail'><div class='section'>عام / {FERRY.title}</div><h1>عام / {FERRY.title}</h1>"
        "<div class='date'>الجمعة 1440/6/3 هـ الموافق 2019/02/08 م واس</div>"
        f"<div class='body'><p>{opening}<br>{'<br>'.join(rest)}<br>// انتهى //<br>15:30ت م<br>0112</p><p>"
        "www.marfaa.example/2019</p></div></div>"
        f"{links('أخبار ذات صلة')}{footer()}"
    )
    template = story_page(FERRY, "", body, url="https://www.marfaa.example.sa/8")
    return replace(template, published=datetime(2019, 2, 7, 21, tzinfo=UTC))


def gulf_tables() -> Template:
    """Nested tables with fonts and justified lines, the headline bold, the ticker in a marquee."""
    text = "".join(
        f"<p style='text-align:justify' dir='rtl'><font size='4' face='Simplified Arabic'>{each}</font></p>"
        for each in FERRY.paragraphs
    )
    body = (
        f"<marquee>{' ** '.join(HEADLINES)}</marquee><table width='100%'><tr><td width='180' valign='top'>"
        f"{menu('div')}</td><td valign='top'><table width='100%'><tr><td class='NewsTitle'><h1>{FERRY.title}</h1>"
        "</td></tr><tr><td class='NewsDate'>الجمعة 8 فبراير 2019 الساعة 14:30</td></tr><tr><td align='center'>"
        f"<img src='/g.jpg' border='0'><br><font color='red'>{CAPTION}</font></td></tr><tr><td class='NewsBody'>{text}</td></tr><tr><td>"
        "<a>أرسل لصديق</a> <a>طباعة</a> <a>حفظ</a></td></tr></table></td><td width='200' valign='top'>"
        f"{cards('أهم الأخبار')}</td></tr></table>{footer('div')}"
    )
    return story_page(FERRY, "", body, url="http://www.marfaa.example.eg/ArticleDetail.aspx?id=1")


def lebanese() -> Template:
    """A short item without a container of its own: time first, «أفادت», sharing and ads around."""
    text = "<br />".join(FERRY.paragraphs[:2])
    body = (
        f"{menu()}<div class='newsDetails'><div class='newsTop'><span>أخبار محلية</span><span class='newsTime'>"
        "14:30 - 2019 شباط 08</span></div>"
        f"<h1 class='newsTitle'>{FERRY.title}</h1><div class='newsBody'>{text}</div>{share()}<div class='banner'>"
        "<p>لمشاهدة أحدث الأخبار حمّل تطبيقنا على هاتفك الذكي</p></div></div>"
        f"{cards('آخر الأخبار', 'latest')}{cards('الأكثر قراءة', 'most')}{footer('div')}"
    )
    return story_page(
        FERRY,
        "",
        body,
        text="\n\n".join(FERRY.paragraphs[:2]),
        url="https://www.marfaa.example.eg/n/8",
    )


def tunisian() -> Template:
    """French months in Arabic letters, initials below the text, a player above it."""
    body = (
        f"<div id='wrap'>{menu()}<div class='audio-player'><span>استمع مباشر</span> 0:00 / 0:00</div><div"
        f" class='detail-article'><h1>{FERRY.title}</h1><p class='dateArticle'>نُشر : الجمعة 08 فيفري 2019 13:30"
        f"</p><div class='rateArticle'>تقييم</div><div class='imgArt'><img></div><div class='descArticle desc'>{p(FERRY.paragraphs)}"
        f"<p>ه.د</p></div></div><div class='fb-comments'></div>{cards('الأكثر قراءة')}</div>{footer('div')}"
    )
    return story_page(FERRY, "", body, url="https://www.marfaa.example.tn/ar/a/8")


def iraqi() -> Template:
    """The site as the first words of the text, a Telegram line behind, the date with two months."""
    paragraphs = (f"المرفأ/ {FERRY.paragraphs[0]}", *FERRY.paragraphs[1:])
    body = (
        f"{menu()}<div class='single'><h1>{FERRY.title}</h1><div class='meta'><i></i> 2019-02-08T12:30:00+00:00"
        f" <a href='/c'>أمن</a></div><div class='text'>{p(paragraphs)}<p>لمتابعة أخبارنا على تلغرام اضغط هنا</p>"
        f"</div></div>{cards('الأكثر قراءة')}{footer()}"
    )
    return story_page(
        FERRY, "", body, text="\n\n".join(paragraphs), url="https://www.marfaa.example.iq/8"
    )


def highlights() -> Template:
    """«أبرز النقاط» above the text, a summary drawn by a machine, pull quotes, an audio bar."""
    quote = f"<div class='pull-quote'><span>{FERRY.paragraphs[4][:50]}</span></div>"
    body = (
        f"{menu()}<article><h1>{FERRY.title}</h1><div class='byline'><a href='/authors/h'>{AUTHOR}</a> <span"
        " class='role'>مراسلة</span></div><time datetime='2019-02-08T14:30:00+02:00'>الجمعة 8 فبراير 2019 14:30"
        f"</time><div class='audio'>استمع إلى المقال (4 دقائق)</div><figure><img><figcaption>{CAPTION}</figcaption></figure>"
        f"<div class='article-content'>{p(FERRY.paragraphs, {2: quote, 3: _subscribe()})}</div>"
        f"<div class='cls'>© {SITE}</div></article>{cards('المزيد من أخبار البحر', 'more')}{footer()}"
    )
    return story_page(FERRY, metas(og__type="article"), body, by=AUTHOR)


def _subscribe() -> str:
    return (
        "<div class='subscribe-box'><p>اشترك في قناتنا على واتساب لتصلك آخر الأخبار أولا بأول</p><p>"
        f"تابعونا عبر <a>تلغرام</a></p></div><p class='ad-label'>يستمر المحتوى بعد الإعلان</p><aside><p>{TEASER}</p></aside>"
    )
