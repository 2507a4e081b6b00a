"""Ten templates of an article page, each with traps of its kind around the same article.

Every page holds exactly `PARAGRAPHS` as its text, `TITLE` as its headline, and the date
`PUBLISHED` wherever its template tells a time of day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

TITLE = "افتتاح محطة جديدة لتحلية المياه في ميناء الرملة"
LEAD = (
    "افتتحت بلدية الرملة صباح اليوم محطة لتحلية المياه تكفي مئة ألف من السكان، بعد ثلاث سنوات من"
    " العمل في الموقع القديم للميناء."
)
PARAGRAPHS = (
    LEAD,
    "وقال المهندس سامر الحلبي، مدير المشروع، إن المحطة تعمل بالطاقة الشمسية في ساعات النهار، وإن"
    " كلفة المتر المكعب انخفضت إلى النصف مقارنة بالمحطة القديمة التي أغلقت العام الماضي.",
    "وأضاف أن البلدية درست خمسة مواقع قبل أن تختار هذا الموقع، لأنه قريب من الخزان الرئيسي ولا"
    " يحتاج إلى أنابيب طويلة تمر تحت الأحياء السكنية.",
    "من جهتها أوضحت رئيسة البلدية، ليلى منصور، أن المرحلة الثانية تبدأ في الربيع، وتشمل توسيع"
    " الشبكة لتصل إلى القرى المجاورة التي تعتمد على الصهاريج منذ عقود.",
    "وينتظر السكان أن تنخفض فواتير المياه، فيما تقول جمعية المستهلكين إن التسعيرة الجديدة لن تعلن"
    " قبل نهاية العام.",
)
BODY = "\n\n".join(PARAGRAPHS)
AUTHOR = "هبة درويش"
SITE = "صحيفة المرفأ"
CAPTION = "خزانات المحطة الجديدة عند مدخل الميناء"
PUBLISHED = datetime(2019, 2, 8, 12, 30, tzinfo=UTC)
"""14:30 in Cairo, 13:30 in Tunis, 15:30 in Baghdad."""

_MENU = (
    "<nav><ul><li><a href='/'>الرئيسية</a></li><li><a href='/s'>سياسة</a></li>"
    "<li><a href='/e'>اقتصاد</a></li><li><a href='/r'>رياضة</a></li></ul></nav>"
)
_FOOTER = f"<footer><p>جميع الحقوق محفوظة © {SITE} 2019</p><a href='/about'>من نحن</a></footer>"
_OTHERS = (
    "<div class='latest-news'><h3>الأكثر قراءة</h3><ul><li><a href='/1'>ارتفاع أسعار القمح في"
    " الأسواق العالمية</a></li><li><a href='/2'>بقلم: كريم نجار - رأي في المسألة</a></li>"
    "<li><a href='/3'>الأحد 3 فبراير 2019 - 09:10 ص</a></li></ul></div>"
)


@dataclass(frozen=True, slots=True)
class Template:
    """A Template is one page with what must be read from it.

    Attributes:
        markup: the page.
        url: where it came from.
        by: author line.
        published: as the page tells it.
        caption: of its picture.
        title: headline.
        body: text.
    """

    markup: str
    url: str = "https://www.marfaa.example.eg/news/2019/02/08/water"
    by: str = ""
    published: datetime | None = PUBLISHED
    caption: str = ""
    title: str = TITLE
    body: str = BODY


def paragraphs(between: Mapping[int, str] = {}) -> str:
    """Return the article as `<p>`, with markup behind the paragraphs of given numbers."""
    return "".join(f"<p>{text}</p>{between.get(n, '')}" for n, text in enumerate(PARAGRAPHS))


def ld(**fields: object) -> str:
    """Return a script of JSON-LD with a NewsArticle."""
    article = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE} | fields
    return f'<script type="application/ld+json">{json.dumps(article, ensure_ascii=False)}</script>'


def page(
    head: str, body: str, *, lang: str = ' lang="ar"', title: str = f"{TITLE} | {SITE}"
) -> str:
    """Return a whole page."""
    return (
        f"<!DOCTYPE html><html{lang} dir='rtl'><head><meta charset='utf-8'><title>{title}</title>"
        f"{head}</head><body>{body}</body></html>"
    )


def _metas(**properties: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">'
        for name, content in properties.items()
    )


_OPEN_GRAPH = _metas(og__title=TITLE, og__site_name=SITE, og__type="article")


def agency() -> Template:
    """A page in good order: `article`, JSON-LD with dates in full."""
    head = _OPEN_GRAPH + ld(
        datePublished="2019-02-08T14:30:00+02:00",
        dateModified="2019-02-08T15:00:00+02:00",
        author={"@type": "Person", "name": AUTHOR},
        articleBody=PARAGRAPHS[0][:60],
        articleSection="محليات",
        image={"@type": "ImageObject", "url": "https://img.marfaa.example.eg/a/tank.jpg"},
    )
    figure = (
        f"<figure><img src='/a/tank.jpg' alt='{TITLE}'><figcaption>{CAPTION}</figcaption></figure>"
    )
    body = f"{_MENU}<article><h1>{TITLE}</h1>{figure}{paragraphs()}</article>{_OTHERS}{_FOOTER}"
    return Template(page(head, body), by=AUTHOR, caption=CAPTION)


def above_the_text() -> Template:
    """Cookie banner, caption, share line, «تم نشره» and byline before the text."""
    body = (
        "<div class='cc-banner'><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك، باستمرارك في التصفح"
        f" فأنت توافق على ذلك.</p></div>{_MENU}<div class='post'><h1>{TITLE}</h1>"
        f"<div class='story'><p>{CAPTION}</p><p>شارك</p>"
        f"<p>تم نشره الجمعة 08 شباط / فبراير 2019 02:30"
        f" مساءً</p><p>كتبت- {AUTHOR}:</p>{paragraphs()}</div></div>{_OTHERS}{_FOOTER}"
    )
    figure = f"<figure><img src='/a/tank.jpg'><figcaption>{CAPTION}</figcaption></figure>"
    return Template(page(_OPEN_GRAPH, figure + body), by=AUTHOR)


def standfirst_outside() -> Template:
    """The lead stands in a block of its own, away from the text, and is the description."""
    head = _OPEN_GRAPH + _metas(og__description=LEAD, article__published_time="20190208T1430+0200")
    text = "".join(
        f"<div class='article__block'><div class='article__text'>{each}</div></div>"
        for each in PARAGRAPHS[1:]
    )
    body = (
        f"{_MENU}<div class='article__header'><h1>{TITLE}</h1><div class='article__announce'><div"
        f" class='article__announce-text'>{LEAD}</div></div></div>"
        f"<div class='article__body'>{text}</div>"
        "<div class='article__tags'><a href='/t/1'>المياه</a> <a href='/t/2'>الطاقة</a></div>"
        f"{_OTHERS}{_FOOTER}"
    )
    return Template(page(head, body))


def policy_below() -> Template:
    """Comment policy, tags and links to others behind the text, and «اقرأ أيضا» inside it."""
    head = _OPEN_GRAPH + ld(datePublished="2019-02-08T12:30:00Z", author=SITE)
    more = "<p>اقرأ أيضاً: <a href='/9'>بدء العمل في سد الوادي الجديد</a></p>"
    label = (
        "<h4>اقرأ أيضا:</h4><ul><li><a href='/7'>خبر عن أسعار الخبز</a></li>"
        "<li><a href='/8'>خبر عن المدارس</a></li></ul>"
    )
    body = (
        f"{_MENU}<article><h1>{TITLE}</h1><time datetime='2019-02-08T12:30:00Z'>قبل ساعتين</time>"
        f"{paragraphs({1: more, 3: label})}<p>كلمات دلالية: المياه، الطاقة، البلدية</p>"
        "<p>التعليقات المنشورة لا تعبر عن رأي الصحيفة، ويرجى الالتزام بآداب الحوار.</p>"
        f"<p>تابعونا على فيسبوك وتويتر</p></article>{_OTHERS}{_FOOTER}"
    )
    return Template(page(head, body))


def broken_lines() -> Template:
    """No paragraphs: one `div` with `<br>`; a wrong language; the date in words of Tunisia."""
    text = "<br><br>".join(PARAGRAPHS)
    body = (
        f"<table><tr><td><a href='/'>الرئيسية</a></td></tr></table><h1>{TITLE}</h1>"
        f"<div class='meta'>نشر في : 8 فيفري 2019 - 13:30</div>"
        f"<div id='content'>{text}</div>{_FOOTER}"
    )
    markup = page(_OPEN_GRAPH, body, lang=' lang="en-US"')
    return Template(markup, "https://www.marfaa.example.tn/article/812")


def single_breaks() -> Template:
    """One `<br>` between the paragraphs, the headline in an `h2`, no language."""
    text = "<br />\n".join(PARAGRAPHS)
    body = (
        f"{_MENU}<div class='content'><h2 class='title'>{TITLE}</h2>"
        f"<span class='date'>الجمعة 8 شباط 2019"
        f" 15:30</span><div class='text'>{text}</div></div>{_OTHERS}{_FOOTER}"
    )
    return Template(page(_OPEN_GRAPH, body, lang=""), "http://marfaa.example.iq/index.php?id=812")


def cairo_stamped() -> Template:
    """Local time stamped Z, the site as author, a developer in `author`, an IP in og:url."""
    head = (
        _OPEN_GRAPH
        + _metas(
            og__url="http://10.0.0.7/news/2019/02/08/water",
            article__published_time="2019-02-08T14:30:00Z",
            article__author="Marfaa; Logo Png",
        )
        + "<meta name='author' content='Pixel Devs'>"
        + "<meta name='keywords' content='المياه,الطاقة الشمسية، البلدية'>"
        + ld(datePublished="2019-02-08T14:30:00Z", author={"@type": "Person", "name": "marfaa"})
    )
    body = (
        f"{_MENU}<div class='news'><h1>{TITLE}</h1>"
        f"<div class='news-date'>الجمعة 08/فبراير/2019 - 02:30 م</div>"
        f"<div class='by'>كتب: {AUTHOR} - تصوير: نادر فؤاد</div>"
        f"{paragraphs()}</div>{_OTHERS}{_FOOTER}"
    )
    return Template(page(head, body), by=AUTHOR)


def sentence_for_date() -> Template:
    """An Arabic sentence in `published_time`, a change before it, JSON-LD in CDATA and `@graph`."""
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#o", "name": SITE},
            {"@type": "WebPage", "@id": "#w", "name": SITE},
            {"@type": "Person", "@id": "#p", "name": AUTHOR},
            {
                "@type": ["NewsArticle"],
                "headline": TITLE,
                "author": [{"@id": "#p"}],
                "publisher": {"@id": "#o"},
                "dateModified": "2019-02-07T09:00:00+02:00",
                "articleSection": ["الرئيسية", "محليات"],
            },
        ],
    }
    head = (
        _OPEN_GRAPH
        + _metas(article__published_time="الجمعة، 08 فبراير 2019 02:30 م")
        + "<script type='application/ld+json'>//<![CDATA[\n"
        + json.dumps(graph, ensure_ascii=False)
        + "\n//]]></script>"
    )
    body = f"{_MENU}<h1>{TITLE}</h1><div class='body'>{paragraphs()}</div>{_OTHERS}{_FOOTER}"
    return Template(page(head, body), by=AUTHOR)


def broken_data() -> Template:
    """JSON-LD with raw line breaks and a trailing comma, in a list; keywords of the whole menu."""
    menu = "، ".join(f"قسم {number}" for number in range(40))
    head = (
        _OPEN_GRAPH
        + f'<meta name="keywords" content="{menu}">'
        + '<meta property="article:section" content="الرئيسية">'
        + '<script type="application/ld+json">[{"@type":"NewsArticle","headline":"'
        + TITLE
        + '","description":"سطر\nثان","datePublished":"2019-02-08 14:30:00",'
        + '"author":{"@type":"Organization","name":"'
        + SITE
        + '"},},]</script>'
    )
    body = f"{_MENU}<h1>{TITLE}</h1><div class='entry'>{paragraphs()}</div>{_OTHERS}{_FOOTER}"
    return Template(page(head, body))


def amp() -> Template:
    """The AMP form of an article, with the dialogue's byline and two months in one date."""
    head = (
        _OPEN_GRAPH
        + '<link rel="canonical" href="https://www.marfaa.example.eg/news/2019/02/08/water">'
    )
    body = (
        f"<header><a href='/'>{SITE}</a></header><article><h1>{TITLE}</h1><p>حوار: {AUTHOR}</p>"
        f"<p>8 شباط / فبراير 2019 14:30</p>{paragraphs()}<p>المصدر: وكالات</p></article>{_FOOTER}"
    )
    markup = page(head, body, lang=' ⚡ lang="ar"')
    return Template(markup, "https://www.marfaa.example.eg/amp/news/2019/02/08/water", by=AUTHOR)


TEMPLATES: Mapping[str, Callable[[], Template]] = {
    each.__name__: each
    for each in (
        agency,
        above_the_text,
        standfirst_outside,
        policy_below,
        broken_lines,
        single_breaks,
        cairo_stamped,
        sentence_for_date,
        broken_data,
        amp,
    )
}
"""All of them by their names."""
