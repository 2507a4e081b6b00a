"""Pages of agencies, and of broadcasters whose text stands among boxes, players and columns."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from tests.support.pages.furniture import (
    HEADLINES,
    TEASER,
    cards,
    footer,
    links,
    menu,
    metas,
    newsletter,
    p,
    share,
)
from tests.support.pages.stories import FERRY, INTERVIEW
from tests.support.pages.story_page import social_head, titled_page
from tests.support.pages.templates import AUTHOR, CAPTION, PUBLISHED, SITE, Template, ld


def _ad() -> str:
    return "<div class='o-ad-container o-ad-container--inread'><span>إعلان</span></div>"


def _read_more() -> str:
    return f"<p><strong>للمزيد- <a href='/1'>{HEADLINES[1]}</a></strong></p>"


def chapo() -> Template:
    """A chapô in `p` before the dates, an application to load, the signature of an agency."""
    body = (
        f"{menu()}<main class='l-main'><article class='t-content t-content--article'><a"
        f" class='t-content__tag'>حوادث</a><h1 class='t-content__title a-page-title'>{FERRY.title}</h1>"
        "<div class='t-content__dates'><p class='m-pub-dates'><span class='m-pub-dates__date'>نشرت في:"
        " <time datetime='2019-02-08T12:30:00+00:00' pubdate='pubdate'>08/02/2019 - 12:30</time></span>"
        "<span class='m-pub-dates__date m-pub-dates__date--modified'>آخر تحديث: <time"
        " datetime='2019-02-08T13:40:00+00:00'>08/02/2019 - 13:40</time></span></p></div><figure"
        f" class='m-item-image'><img alt='{CAPTION}'><figcaption class='m-figure__caption'>{CAPTION}"
        " <span class='a-media-legend'>© أ ف ب</span></figcaption></figure><div class='t-content__metas'>"
        f"<div class='m-from-author'><span>نص:</span> <a class='m-from-author__name' href='/auteurs/h'>"
        f"{AUTHOR}</a> <span>تابِع</span></div><div class='m-reading-time'>2 دقائق</div></div><p class='t-content__chapo'>"
        f"{FERRY.lead}</p><div class='o-ad-container__label'>إعلان</div><div class='t-content__body u-clearfix'>"
        f"{p(FERRY.paragraphs, {0: _ad(), 2: _read_more(), 4: _ad()})}<p><strong>فرانس24/ أ ف ب</strong></p>"
        "<div class='m-self-promo'><p>الرسالة الإخبارية</p><p>لا تفوتوا أهم الأحداث. تلقوا إلى بريدكم"
        " ملخصا لأبرز الأخبار</p><a>اشتراك</a><p>حملوا التطبيق وتابعوا الأخبار الدولية</p></div></div>"
        f"<ul class='m-tags-list'><li>البحر</li></ul></article>{cards('الأكثر قراءة')}</main>{footer()}"
    )
    head = social_head(FERRY, og__description=FERRY.lead) + ld(
        headline=FERRY.title, datePublished="2019-02-08T12:30:00+00:00"
    )
    return Template(
        titled_page(FERRY, head, body, f" - {SITE}"),
        by=AUTHOR,
        title=FERRY.title,
        body=f"{FERRY.lead}\n\n{FERRY.text}",
    )


def long_text() -> Template:
    """An intro before the picture, boxes in the text, initials of editors and agencies at its end."""
    first, *rest = FERRY.paragraphs
    picture = (
        "<div class='picBox full'><a class='overlayLink'><img title='x' src='/d.jpg'></a><p>"
        f"{CAPTION}</p></div>"
    )
    group = (
        "<div class='group'><h4>مختارات</h4><div class='linkList'><a href='/1'><h2>"
        f"{HEADLINES[0]}</h2><p>{TEASER} (7.2.2019)&nbsp;</p></a></div></div>"
    )
    text = p(rest, {1: group})
    body = (
        f"{menu()}<div id='bodyContent'><div class='col3'><div class='col3'><h4 class='artikel'>"
        f"سياسة</h4><h1>{FERRY.title}</h1><p class='intro'>{first}</p>{picture}<div class='group'><div"
        f" class='longText'>{text}<p>ع.ج/ ه.د (أ ف ب، رويترز)</p></div></div></div><div class='col1'><div"
        " class='group smallList'><ul><li><strong>تاريخ</strong> 08.02.2019</li><li><strong>كلمات"
        " مفتاحية</strong> <a>البحر</a></li><li><strong>طباعة</strong> <a>طباعة هذه الصفحة</a></li>"
        f"<li><strong>الرابط</strong> https://p.dw.com/p/3D0qL</li></ul></div></div></div></div>{cards('مواضيع ذات صلة')}{footer('div')}"
    )
    head = social_head(FERRY, og__description=first) + metas(
        article__published_time="2019-02-08T12:30:00.000Z"
    )
    return Template(
        titled_page(FERRY, head, body, f" | {SITE} | {PUBLISHED:%d.%m.%Y}"),
        title=FERRY.title,
        body=FERRY.text,
    )


def players() -> Template:
    """Players with their own words inside of the text, an interview under a first picture."""
    player = (
        "<div class='wsw__embed'><div class='media-block'><div class='c-mmp'><h3>سلمى الراوي تتحدث عن"
        " فيلمها</h3><p>please wait</p><div class='c-mmp__overlay'>Embed<p>No media source currently"
        " available</p></div><span>0:00</span><span>0:01:52</span><a>رابط مباشر</a></div></div></div>"
    )
    text = "".join(
        f"<p><strong>{each}</strong></p>" if number % 2 else f"<p>{each}</p>"
        for number, each in enumerate(INTERVIEW.paragraphs)
    ).replace(
        f"<p><strong>{INTERVIEW.paragraphs[3]}", player + "<p><strong>" + INTERVIEW.paragraphs[3]
    )
    body = (
        f"{menu()}<div id='page'><div class='hdr-container'><div class='category'><a>ثقافة</a></div><h1"
        f" class='title pg-title'>{INTERVIEW.title}</h1><div class='publishing-details'><div"
        " class='published'><span class='date'><time pubdate='pubdate' datetime='2019-02-08T12:30:00+00:00'>"
        "08 فبراير 2019 </time></span></div><div class='links'><ul class='links__list'><li"
        f" class='links__item'><a class='links__item-link' href='/author/h'>{AUTHOR}</a></li></ul></div>"
        "</div></div><div class='cover-media'><figure class='media-image'><img><figcaption><span"
        f" class='caption'>{CAPTION}</span></figcaption></figure></div>{share()}<div class='body-container'>"
        f"<div id='article-content' class='content-floated-wrap'><div class='wsw'>{text}</div>"
        f"<ul><li><div class='c-author c-author--hlight'><div class='media-block'><h4 class='c-author__name'>"
        f"{AUTHOR}</h4><div class='c-author__bio'><p>صحافية تكتب في الثقافة والسينما منذ عشر سنوات، وتقيم"
        " في القاهرة.</p></div><a>Follow</a></div></div></li></ul></div></div></div>"
        f"{links('مواضيع ذات صلة')}{footer()}"
    )
    return Template(
        titled_page(INTERVIEW, social_head(INTERVIEW), body), by=AUTHOR, title=INTERVIEW.title,
        body=INTERVIEW.text,
    )  # fmt: skip


def news_agency() -> Template:
    """Place, name and agency in one line behind the lead; the agency's rules at the end."""
    body = (
        f"<div class='top'>{menu()}</div><div class='detay'><h1 class='detay-spot-category'>{FERRY.title}"
        f"</h1><h4>{FERRY.lead}</h4><div class='detay-bg'><span class='tarih'> {AUTHOR} &nbsp;"
        "<i></i> 08.02.2019 - محدث : 08.02.2019</span></div><img class='detay-buyukFoto' src='/aa.jpg'>"
        f"<div class='detay-icerik'><div class='detay-paylas'></div><h6>Ramla</h6><p>الرملة / {AUTHOR} / المرفأ</p>"
        f"{p(FERRY.paragraphs)}<div class='detay-foot'><p>الأخبار المنشورة على الصفحة الرسمية للوكالة، هي"
        " اختصار لجزء من الأخبار التي تُعرض للمشتركين عبر نظام تدفق الأخبار. من أجل الاشتراك لدى الوكالة"
        f" يُرجى الاتصال بالرابط التالي.</p></div></div></div>{cards('مواضيع ذات صلة')}{footer('div')}"
    )
    head = social_head(FERRY, og__description=FERRY.lead) + metas(
        article__published_time="2019-02-08T12:30:00Z"
    )
    return Template(
        titled_page(FERRY, head, body),
        by=AUTHOR,
        title=FERRY.title,
        body=f"{FERRY.lead}\n\n{FERRY.text}",
    )


def columns_of_tables() -> Template:
    """A state agency's old page: tables in tables, the date with a bar, a line of font sizes."""
    text = "".join(f"<p>　　{each}</p>" for each in FERRY.paragraphs)
    body = (
        f"<table width='960'><tr><td>{menu('div')}</td></tr></table><table width='960'><tr><td"
        f" width='660'><table><tr><td class='bt' id='Title'><h1>{FERRY.title}</h1></td></tr><tr><td><table>"
        "<tr><td id='pubtime'>2019-02-08 14:30:11</td><td>|</td><td><span id='source'>"
        "arabic.marfaa.example</span></td></tr></table></td></tr><tr><td>حجم الخط: <a>كبير</a> | <a>متوسط"
        f"</a> | <a>صغير</a></td></tr><tr><td id='Content'><p align='center'><img src='/x.jpg'></p><p"
        f" align='center'>{CAPTION}</p>{text}</td></tr><tr><td><span>تحرير: Xu Ma</span></td></tr></table>"
        f"</td><td width='300' valign='top'>{cards('أخبار ساخنة', 'hot')}</td></tr></table>"
        f"<table><tr><td>{footer('div')}</td></tr></table>"
    )
    return Template(
        titled_page(FERRY, "", body, f"_{SITE}"),
        published=PUBLISHED.replace(second=11),
        title=FERRY.title,
        body=FERRY.text,
    )


def several_hands() -> Template:
    """«بقلم» with an agency, an offset in words, «شارك هذا المقال» and a discussion."""
    body = (
        f"{menu()}<section><article class='o-article'><h1 class='c-article-title'>{FERRY.title}</h1><div"
        f" class='c-article-contributors'><b>بقلم:</b>&nbsp;<a href='/profiles/h'>{AUTHOR}</a>&nbsp;&amp;"
        "&nbsp;<b>أ ف ب</b></div><div class='c-article-publication-date'>نشرت في <time"
        " datetime='2019-02-08 13:30:00+01:00'>08/02/2019 - 13:30</time> بتوقيت غرينيتش+1 •<span>آخر تحديث"
        " <time datetime='2019-02-08 14:05:00+01:00'>14:05</time></span></div><div class='c-article-share'>"
        "شارك هذا المقال <a>محادثة</a> <span>شارك هذا المقال</span><button>Close Button</button></div><div"
        " class='c-article-copy-link'>نسخ/لصق رابط الفيديو المضمن أدناه:<input value='x'><b>Copy to"
        f" clipboard</b></div><figure><img><figcaption>{CAPTION} &nbsp;&nbsp;-&nbsp;&nbsp;حقوق النشر&nbsp;"
        f"&nbsp;AP Photo</figcaption></figure><div class='c-article-summary'><p>{FERRY.lead}</p></div>"
        "<div class='c-ad'><span>اعلان</span></div><div class='c-article-content js-article-content'>"
        f"{p(FERRY.paragraphs, {1: _widget(), 3: _ad()})}</div><div class='c-article-sources'>المصادر الإضافية"
        f" • أ ف ب</div>{share()}<div class='c-tags'>الكلمات المفتاحية <a>بحر</a></div></article></section>"
        f"{newsletter()}{cards('مواضيع إضافية')}{footer()}"
    )
    head = social_head(FERRY, og__description=FERRY.lead) + ld(
        headline=FERRY.title,
        datePublished="2019-02-08T13:30:00+01:00",
        author=[{"@type": "Person", "name": AUTHOR}, {"@type": "Organization", "name": "أ ف ب"}],
    )
    return Template(
        titled_page(FERRY, head, body),
        by=AUTHOR,
        title=FERRY.title,
        body=f"{FERRY.lead}\n\n{FERRY.text}",
    )


def _widget() -> str:
    return (
        "<div class='widget widget--type-related widget--align-left'><div class='widget__wrapper'><h3>مواضيع"
        f" ذات صلة</h3><ul class='widget__related_list'><li><a href='/1'>{HEADLINES[2]}</a></li></ul></div></div>"
    )
