"""Pages whose form is another than text below a headline, and pages that hold no article."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tests.support.pages.furniture import (
    HEADLINES,
    TEASER,
    cards,
    cookies,
    footer,
    links,
    menu,
    metas,
    p,
    share,
)
from tests.support.pages.stories import FERRY, FLASH, INTERVIEW, LIVE, OPINION
from tests.support.pages.story_page import story_page
from tests.support.pages.templates import AUTHOR, CAPTION, SITE, Template, ld, page


def flash() -> Template:
    """One sentence, with more around it than in it."""
    body = (
        f"{menu()}<div class='page'><div class='article'><h1>{FLASH.title}</h1><div class='date'>الجمعة 8 فبراير"
        f" 2019 - 14:30</div>{share()}<div class='content'>{p(FLASH.paragraphs)}</div>{links()}</div>{cards()}"
        f"{cards('آخر الأخبار', 'latest')}</div>{footer()}{cookies()}"
    )
    return story_page(FLASH, "", body)


def questions() -> Template:
    """An interview whose questions begin with «*» in bold, in paragraphs with the answers."""
    intro, *rest = INTERVIEW.paragraphs
    pairs = "".join(
        f"<p><b>* {question}</b></p><p>- {answer}</p>"
        for question, answer in zip(rest[::2], rest[1::2], strict=True)
    )
    text = "\n\n".join(
        [intro, *(f"{'-' if number % 2 else '*'} {each}" for number, each in enumerate(rest))]
    )
    body = (
        f"{menu()}<article><h1>{INTERVIEW.title}</h1><div class='info'>حوار: {AUTHOR}</div><time"
        f" datetime='2019-02-08T14:30+02:00'>8 فبراير 2019</time><figure><img><figcaption>{CAPTION}</figcaption>"
        f"</figure><p>{intro}</p>{pairs}</article>{cards()}{footer()}"
    )
    return story_page(INTERVIEW, "", body, by=AUTHOR, text=text)


def live_blog() -> Template:
    """A live blog: the newest entry first, each with its time and buttons, all of it text."""
    intro, *entries = LIVE.paragraphs
    posts = "".join(
        f"<div class='live-post' id='p{number}'><span class='live-time'>1{3 - number}:0{number} GMT</span><div"
        f" class='live-body'><p>{each}</p></div><div class='live-share'><a>شارك</a> <a>نسخ الرابط</a></div></div>"
        for number, each in enumerate(entries)
    )
    body = (
        f"{menu()}<main><h1>{LIVE.title}</h1><div class='live-label'>مباشر</div><p class='updated'>نشر في: 8 فبراير"
        f" 2019 14:30</p><p class='intro'>{intro}</p><div class='live-blog'>{posts}</div></main>{cards()}{footer()}"
    )
    head = ld(**{
        "@type": "LiveBlogPosting", "headline": LIVE.title,
        "datePublished": "2019-02-08T12:30:00Z",
        "liveBlogUpdate": [{"@type": "BlogPosting", "articleBody": each} for each in entries],
    })  # fmt: skip
    return story_page(LIVE, head, body)


def several_pages() -> Template:
    """The first of three pages: numbers and «التالي» below the text."""
    body = (
        f"{menu()}<article><h1>{OPINION.title}</h1><p class='date'>08/02/2019 14:30</p><div class='entry'>"
        f"{p(OPINION.paragraphs)}<div class='page-links'>الصفحات: <span>1</span> <a href='/news/8/2'>2</a> <a"
        " href='/news/8/3'>3</a> <a rel='next' href='/news/8/2'>الصفحة التالية</a></div></div></article>"
        f"{links('السابق والتالي', 'nav-links')}{footer()}"
    )
    return story_page(OPINION, "<link rel='next' href='/news/8/2'>", body)


def gallery() -> Template:
    """A text over many pictures, each with its own caption and a number."""
    pictures = "".join(
        f"<div class='slide'><img src='/g{number}.jpg'><div class='slide-caption'><span>{number}/5</span><p>"
        f"{CAPTION} في اليوم رقم {number}</p></div></div>"
        for number in range(1, 6)
    )
    body = (
        f"{menu()}<article><h1>{FERRY.title}</h1><div class='meta'>2019-02-08 14:30</div><div class='gallery'>"
        f"{pictures}</div><div class='text'>{p(FERRY.paragraphs)}</div></article>{cards()}{footer()}"
    )
    return story_page(FERRY, "", body)


def accelerated() -> Template:
    """AMP in full: components, a side menu, related articles in a list, consent, share buttons."""
    components = (
        "<amp-ad width='300' height='250' type='doubleclick'></amp-ad><amp-list src='/related'><template"
        " type='amp-mustache'><div>{{title}}</div></template></amp-list>"
    )
    video = "<amp-youtube data-videoid='x' layout='responsive'></amp-youtube>"
    body = (
        f"<amp-sidebar id='s'>{menu('div')}</amp-sidebar><amp-consent id='c'><div><p>نستخدم ملفات تعريف الارتباط."
        "</p><button>موافق</button></div></amp-consent><header class='amp-wp-header'><div><a href='/'>"
        f"{SITE}</a></div></header><article class='amp-wp-article'><header class='amp-wp-article-header'><h1"
        f" class='amp-wp-title'>{FERRY.title}</h1><div class='amp-wp-meta amp-wp-byline'><amp-img src='/a.jpg'>"
        f"</amp-img><span class='amp-wp-author author vcard'>{AUTHOR}</span></div><div class='amp-wp-meta"
        " amp-wp-posted-on'><time datetime='2019-02-08T12:30:00+00:00'>3 سنوات ago</time></div></header><figure"
        f" class='amp-wp-article-featured-image'><amp-img></amp-img><p class='wp-caption-text'>{CAPTION}</p></figure>"
        f"<div class='amp-wp-article-content'>{p(FERRY.paragraphs, {1: components, 3: video})}</div><footer"
        " class='amp-wp-article-footer'><div class='amp-wp-meta amp-wp-tax-category'>التصنيفات: <a>حوادث</a></div>"
        "<div class='amp-wp-meta amp-wp-tax-tag'>الوسوم: <a>البحر</a></div><a href='#respond'>اترك تعليقا</a>"
        f"</footer></article><footer><h2>{SITE}</h2><a href='#top'>العودة إلى الأعلى</a></footer>"
    )
    return story_page(FERRY, "", body, by=AUTHOR)


def rendered() -> Template:
    """Next.js: styled blocks without `p`, and the same article once more in `__NEXT_DATA__`."""
    data = {"props": {"pageProps": {"article": {"title": FERRY.title, "body": FERRY.text}}}}
    text = "".join(
        f"<div class='sc-1x{number} kXYzA'><span>{each}</span></div>"
        for number, each in enumerate(FERRY.paragraphs)
    )
    body = (
        f"<div id='__next'><div class='sc-a1 bcD'>{menu('div')}</div><div class='sc-b2'><div class='sc-c3'><span>حوادث"
        f"</span></div><h1 class='sc-d4'>{FERRY.title}</h1><div class='sc-e5'><span>8 فبراير 2019، 14:30</span><span>"
        f"آخر تحديث: 8 فبراير 2019، 15:10</span></div><div class='sc-f6'><img><span>{CAPTION}</span></div><div"
        f" class='sc-g7'>{text}</div><div class='sc-h8'><div>#البحر</div><div>#حوادث</div></div></div>"
        f"<div class='sc-i9'>{cards()}</div>{footer('div')}</div><script id='__NEXT_DATA__' type='application/json'>"
        f"{json.dumps(data, ensure_ascii=False)}</script>"
    )
    return story_page(FERRY, "", body)


def _bare(title: str, body: str, head: str = "") -> str:
    return page(head, body, title=title)


def section_front() -> str:
    """A page of many articles."""
    return _bare(
        f"اقتصاد | {SITE}",
        f"{menu()}<main><h1>اقتصاد</h1>{cards('آخر الأخبار', 'list')}{cards('تقارير', 'list')}"
        f"{links('الأكثر قراءة')}</main>{footer()}",
        metas(og__title="اقتصاد", og__type="website", og__site_name=SITE),
    )


def front_page() -> str:
    """The front page of a newspaper, with `article` around each teaser."""
    teasers = "".join(
        f"<article><h2><a href='/n/{number}'>{each}</a></h2><time datetime='2019-02-08T1{number}:00:00Z'></time><p>{TEASER}"
        "</p></article>"
        for number, each in enumerate(HEADLINES * 3)
    )
    return _bare(SITE, f"{menu()}<main>{teasers}</main>{footer()}", metas(og__site_name=SITE))


def consent_wall() -> str:
    """A consent wall in place of the article."""
    return _bare(
        "قبل المتابعة",
        "<div class='wall'><h1>خصوصيتك تهمنا</h1><p>نحن وشركاؤنا الـ 812 نستخدم ملفات تعريف الارتباط لتخزين"
        " المعلومات على جهازك والوصول إليها ومعالجة البيانات الشخصية مثل المعرفات الفريدة.</p><p>يمكنك الموافقة"
        " أو الإدارة في أي وقت من سياسة الخصوصية.</p><button>قبول الكل</button><button>إدارة الخيارات</button></div>",
    )


def not_found() -> str:
    """A page that says with status 200 that there is none."""
    return _bare(
        f"الصفحة غير موجودة | {SITE}",
        f"{menu()}<main><h1>الصفحة غير موجودة</h1><p>عذرا، الصفحة التي تبحث عنها غير موجودة أو تم نقلها إلى"
        f" عنوان آخر. يمكنك العودة إلى الصفحة الرئيسية أو استخدام البحث.</p>{cards('قد يهمك')}</main>{footer()}",
    )


def drawn_by_script() -> str:
    """A page that draws its article with a script."""
    return _bare(
        FERRY.title,
        "<div id='root'></div><noscript>يرجى تفعيل جافا سكريبت لتشغيل هذا التطبيق.</noscript><script src='/a.js'>"
        "</script><script src='/b.js'></script>",
        metas(og__title=FERRY.title, og__type="article"),
    )


def for_subscribers() -> str:
    """A page with the beginning of an article and an offer."""
    return _bare(
        f"{FERRY.title} | {SITE}",
        f"{menu()}<article><h1>{FERRY.title}</h1>{p(FERRY.paragraphs[:2])}<div class='offer'><h3>هذا المحتوى متاح"
        " للمشتركين فقط</h3><p>اشترك الآن لقراءة المقال كاملا ابتداء من دولار واحد في الشهر</p><a>اشترك الآن</a>"
        f"</div></article>{cards()}{footer()}",
        metas(og__title=FERRY.title, og__type="article")
        + ld(headline=FERRY.title, isAccessibleForFree=False),
    )


WITHOUT_ARTICLE: Mapping[str, tuple[Callable[[], str], str]] = {
    "section_front": (section_front, "list"),
    "front_page": (front_page, "list"),
    "consent_wall": (consent_wall, "consent"),
    "not_found": (not_found, "empty"),
    "drawn_by_script": (drawn_by_script, "javascript"),
    "for_subscribers": (for_subscribers, "paywall"),
}
"""Pages that hold no article, or only its beginning, with the problem that they must be told by."""
