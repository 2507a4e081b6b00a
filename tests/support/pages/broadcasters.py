"""Pages as the content systems of broadcasters and agencies build them, around our own articles."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from tests.support.pages.furniture import (
    HEADLINES,
    cards,
    comments,
    cookies,
    footer,
    menu,
    metas,
    p,
    share,
    ticker,
)
from tests.support.pages.stories import FERRY, MARKETS
from tests.support.pages.story_page import social_head, titled_page
from tests.support.pages.templates import AUTHOR, CAPTION, SITE, Template, ld


def skip_links() -> Template:
    """Hashed classes, boxes with «تخطى … وواصل القراءة» and «نهاية» inside, sources of pictures."""
    picture = (
        "<figure class='bbc-1qn0xuy'><div><div class='bbc-189y18v'><img alt='عبارة في الميناء'"
        " src='/i.jpg'></div><p class='bbc-1qdcvv9'><span class='visually-hidden'>صدر الصورة،"
        " </span>Getty Images</p></div><figcaption class='bbc-1'><span class='visually-hidden'>"
        f"التعليق على الصورة، </span><p>{CAPTION}</p></figcaption></figure>"
    )
    box = (
        "<section class='bbc-iv88c3' role='region' aria-label='مواضيع قد تهمك'><p"
        " class='bbc-1tuo1t3'>مواضيع قد تهمك</p><a class='focusIndicator' href='#end'>تخطى مواضيع"
        " قد تهمك وواصل القراءة</a><ul><li><div>"
        f"<a href='/1'>{HEADLINES[0]}</a></div></li><li><a href='/2'>{HEADLINES[1]}</a></li></ul>"
        "<p id='end' tabindex='-1'>مواضيع قد تهمك نهاية</p></section>"
    )
    podcast = (
        "<section class='bbc-pod'><a href='#pod'>تخطى البودكاست وواصل القراءة</a><p>البودكاست</p><div>"
        "<p>مراهقتي (Morahakaty)</p><p>تابوهات المراهقة، من تقديم كريمة كواح وإعداد ميس باقي.</p>"
        "<p>الحلقات</p></div><p id='pod'>البودكاست نهاية</p></section>"
    )
    text = p(
        (f"<p class='bbc-1y32vyc' dir='rtl'>{each}</p>" for each in FERRY.paragraphs),
        {1: box, 3: podcast},
        "div dir='rtl' class='bbc-19j92fr'",
    )
    byline = (
        "<section aria-labelledby='article-byline'><strong id='article-byline'"
        " class='visually-hidden'>معلومات المقال</strong><ul><li><span class='visually-hidden'>"
        f"الكاتب، </span><span>{AUTHOR}</span></li><li><span class='visually-hidden'>الصفة، </span>"
        f"<span>{SITE} - القاهرة</span></li><li><time datetime='2019-02-08T12:30:00.000Z'>8 فبراير/"
        " شباط 2019</time></li></ul></section>"
    )
    body = (
        f"<a href='#content'>إذهب الى المحتوى</a><header><nav>{menu('div')}</nav></header><main"
        f" role='main'><div class='bbc-1151pbn'><h1 id='content' tabindex='-1'>{FERRY.title}</h1>"
        f"</div>{picture}{byline}{text}<section aria-labelledby='related'><h2>موضوعات ذات صلة</h2>"
        f"<ul><li><a href='/t/1'>البحر</a></li><li><a href='/t/2'>حوادث</a></li></ul></section>"
        f"</main>{cards('اخترنا لكم', 'bbc-top')}{footer()}"
    )
    head = social_head(FERRY) + ld(
        headline=FERRY.title,
        datePublished="2019-02-08T12:30:00.000Z",
        dateModified="2019-02-08T13:00:00.000Z",
        author={"@type": "NewsMediaOrganization", "name": SITE},
    )
    return Template(
        titled_page(FERRY, head, body, f" - {SITE}"), by=AUTHOR, title=FERRY.title, body=FERRY.text
    )


def story_body() -> Template:
    """An older broadcaster: seconds in `data-seconds`, caption labels off screen, subheads."""
    figure = (
        "<figure class='media-landscape has-caption'><span class='image-and-copyright-container'>"
        "<img class='js-image-replace' src='/x.jpg'><span class='off-screen'>مصدر الصورة</span>"
        "<span class='story-image-copyright'>AFP</span></span><figcaption class='media-caption'>"
        f"<span class='off-screen'>Image caption</span><span class='media-caption__text'>{CAPTION}"
        "</span></figcaption></figure>"
    )
    more = (
        "<ul class='story-body__unordered-list'><li class='story-body__list-item'><a href='/1'"
        f" class='story-body__link'>{HEADLINES[2]}</a></li><li class='story-body__list-item'>"
        f"<a href='/2' class='story-body__link'>{HEADLINES[3]}</a></li></ul><hr"
        " class='story-body__line'/>"
    )
    heads = {1, 4, 9}
    text = "".join(
        f"<h2 class='story-body__crosshead'>{each}</h2>"
        if number in heads
        else f"<li class='story-body__list-item'>{each}</li>"
        if number in (6, 7, 8)
        else f"<p>{each}</p>"
        for number, each in enumerate(MARKETS.paragraphs)
    )
    text = text.replace("<li", "<ul class='story-body__unordered-list'><li", 1)
    text = text.replace("</li><h2", "</li></ul><h2")
    text = text.replace(f"{MARKETS.paragraphs[0]}</p>", f"{MARKETS.paragraphs[0]}</p>{more}")
    body = (
        f"{menu()}<div class='story-body'><h1 class='story-body__h1'>{MARKETS.title}</h1><div"
        " class='byline'><span class='byline__name'>هبة درويش</span><span class='byline__title'>"
        f"{SITE} - الرملة</span></div><div class='with-extracted-share-icons'><div class='story-body__mini-info-list-and-share'>"
        "<ul class='mini-info-list'><li><div class='date date--v2' data-seconds='1549629000'"
        " data-datetime='8 فبراير/ شباط 2019'>8 فبراير/ شباط 2019</div></li></ul>"
        f"{share()}</div></div><div class='story-body__inner' property='articleBody'>{figure}{text}"
        "<p>يمكنكم استلام إشعارات بأهم الموضوعات بعد تحميل أحدث نسخة من تطبيق المرفأ على هاتفكم"
        f" المحمول.</p></div></div>{cards()}{footer('div')}"
    )
    return Template(
        titled_page(MARKETS, social_head(MARKETS), body),
        by=AUTHOR,
        title=MARKETS.title,
        body=MARKETS.text,
    )


def more_on() -> Template:
    """A lead under the headline in `em`, «list 1 of 3» boxes inside, a date of two kinds."""
    more = (
        "<section class='more-on'><div class='more-on__heading'><h2>اقرأ أيضا</h2></div><span"
        " class='screen-reader-text'>list of 2 items</span><ul class='more-on__list'><li><span"
        f" class='screen-reader-text'>list 1 of 2</span><a href='/1'>{HEADLINES[0]}</a></li><li>"
        f"<span class='screen-reader-text'>list 2 of 2</span><a href='/2'>{HEADLINES[1]}</a></li>"
        "</ul><span class='screen-reader-text'>end of list</span></section>"
    )
    tweet = (
        "<blockquote class='twitter-tweet' data-lang='ar'><p lang='ar' dir='rtl'>كل التضامن مع أهالي"
        " المفقودين <a href='https://t.co/x'>pic.twitter.com/abcd</a></p>&mdash; بلدية الرملة"
        " (@ramla) <a href='https://twitter.com/ramla/status/1'>8 فبراير 2019</a></blockquote>"
        "<script async src='https://platform.twitter.com/widgets.js'></script>"
    )
    body = (
        f"<div class='container'>{menu()}{ticker()}<main id='main-content-area'><header"
        f" class='article-header'><div class='topics'><a href='/news'>أخبار</a><span>|</span><a"
        f" href='/news/sea'>البحر</a></div><h1>{FERRY.title}</h1><p class='article__subhead'><em>"
        f"{FERRY.lead}</em></p></header><figure class='article-featured-image'><div><img"
        f" src='/f.jpg' alt='x'></div><figcaption>{CAPTION} (رويترز)</figcaption></figure><div"
        " class='article-info-block'><div class='article-dates'><div class='date-simple'><span"
        " class='screen-reader-text'>Published On 8 Feb 2019</span><span aria-hidden='true'>8/2/2019"
        "</span></div><div class='article-dates__updated'>|<span>آخر تحديث: 8/2/2019 04:10 م"
        " (بتوقيت مكة المكرمة)</span></div></div>"
        f"{share()}</div><div class='wysiwyg wysiwyg--all-content'>"
        f"{p(FERRY.paragraphs, {1: more, 3: tweet})}</div><div class='article-source'><span>المصدر :"
        f" </span><a href='/s'>الجزيرة + وكالات</a></div></main>{cards('المزيد من أخبار')}"
        f"</div>{footer()}{cookies()}"
    )
    head = social_head(FERRY, og__description=FERRY.lead) + ld(
        headline=FERRY.title,
        datePublished="2019-02-08T12:30:00Z",
        dateModified="2019-02-08T13:10:00Z",
        author={"@type": "Organization", "name": SITE},
        description=FERRY.lead,
    )
    quoted = "كل التضامن مع أهالي المفقودين pic.twitter.com/abcd\n\n— بلدية الرملة (@ramla) 8 فبراير 2019"
    text = [FERRY.lead, *FERRY.paragraphs[:4], quoted, *FERRY.paragraphs[4:]]
    return Template(titled_page(FERRY, head, body), title=FERRY.title, body="\n\n".join(text))


def dateline() -> Template:
    """«نشر …» in two months' names, a dateline «المدينة، البلد (…) --», the rules of comments."""
    paragraphs = (f"الرملة، الساحل (المرفأ) -- {FERRY.paragraphs[0]}", *FERRY.paragraphs[1:])
    body = (
        f"{menu()}<div class='l-main'><div class='article-right'><h1 class='pg-headline'>"
        f"{FERRY.title}</h1><div class='story-meta'><div class='category'><a href='/world'>العالم</a>"
        "</div><div class='publish-date'>نشر الجمعة، 08 فبراير / شباط 2019</div></div>"
        f"{share()}<div class='wysiwyg' id='body-text'><div class='media'><img src='/c.jpg' alt=''>"
        "<div class='media__caption'><span class='credit'>Credit: HAZEM/AFP/Getty Images</span></div>"
        f"</div>{p(paragraphs)}</div><div class='comments-policy'><p>تنويه: التعليقات المنشورة من قبل"
        " القراء لا تعكس رأي الموقع، ولا يتحمل الموقع مسؤولية ما ورد فيها. نرجو الالتزام بآداب الحوار"
        " وعدم استخدام الألفاظ النابية، وإلا سيتم حذف التعليق.</p></div>"
        f"{cards('قد يهمك أيضا', 'most')}</div></div>{footer()}"
    )
    head = social_head(FERRY, og__description=FERRY.paragraphs[0][:80]) + metas(
        article__published_time="2019-02-08T12:30:00.000Z"
    )
    return Template(
        titled_page(FERRY, head, body, f" - {SITE}"),
        title=FERRY.title,
        body="\n\n".join(paragraphs),
    )


def angular() -> Template:
    """Components of Angular, a summary beside the body, a line of place and site before it."""
    related = (
        "<div class='related-inline ng-star-inserted'><span>أخبار ذات صلة</span><a href='/1'><img"
        f" alt='{HEADLINES[0]}'><h6>{HEADLINES[0]}</h6></a><a href='/2'><h6>{HEADLINES[1]}</h6></a></div>"
    )
    video = (
        "<div class='inlinevideo'><i></i><span class='video-title'>شاهد لحظة وصول الناجين إلى الميناء"
        "</span><span>1:24</span></div>"
    )
    first, *rest = FERRY.paragraphs
    body = (
        f"<app-root><app-header>{menu()}{ticker()}</app-header><app-article><article><h1"
        f" class='article-title ng-star-inserted'>{FERRY.title}</h1><div class='article-meta'><span"
        " class='source'>المرفأ - القاهرة</span><span class='time'> 8 فبراير 2019 - 14:30 بتوقيت"
        " القاهرة </span></div><figure><img src='/s.jpg'><figcaption>"
        f"{CAPTION}</figcaption></figure><div class='article-body-wrap'><div class='article-summary'>"
        f"{first}</div><div id='firstBodyDiv' class='article-body ng-star-inserted'>{p(rest, {0: related, 2: video})}"
        f"</div></div><div class='tags'><span>كلمات دلالية</span><a>البحر</a><a>حوادث</a></div></article>"
        f"{cards('الأكثر قراءة')}</app-article><app-footer>{footer('div')}</app-footer></app-root>"
    )
    head = social_head(FERRY, og__description=first[:100])
    return Template(
        titled_page(FERRY, head, body), "https://www.marfaa.example/news/8", "", title=FERRY.title,
        body=FERRY.text,
    )  # fmt: skip


def bold_intro() -> Template:
    """A bold intro apart, GMT with points, a box to read more and a source inside the text."""
    more = (
        f"<div class='read-more'><a class='read-more__link' href='/1'><div class='read-more__title'>"
        f"{HEADLINES[4]}</div></a></div>"
    )
    first, *rest = FERRY.paragraphs
    body = (
        f"<div class='layout'>{menu()}<div class='article article_section'><h1 class='heading'>"
        f"{FERRY.title}</h1><div class='news-date-time news_date'><span>تاريخ النشر:<span"
        " class='date'>08.02.2019 | 12:30 GMT</span></span> |<span> آخر تحديث:08.02.2019 | 13:10 GMT"
        f"</span> | <a href='/l'>أخبار العالم</a></div><div class='media'><img src='/rt.jpg' alt='{FERRY.title}'>"
        f"<div class='media__footer'><span class='media__title'>{CAPTION}</span><span"
        " class='media__copyright'>Reuters</span></div></div><div class='article__summary"
        f" intro-text'>{first}</div><div class='article__share'>تابعوا المرفأ على <img alt='tg'></div>"
        f"<div class='article__text text js-mediator-article'>{p(rest, {1: more})}"
        '<p>المصدر: "نوفوستي"</p></div><div class=\'tags-trends\'><a href="/t">البحر</a></div>'
        f"</div>{cards('الأخبار الأكثر قراءة', 'main-sidebar')}{comments()}</div>{footer()}"
    )
    head = social_head(FERRY, og__description=first)
    return Template(titled_page(FERRY, head, body), title=FERRY.title, body=FERRY.text)


def blocks() -> Template:
    """Blocks of types: text, quotation, photo, article, infographics; the lead in the header."""

    def block(kind: str, content: str) -> str:
        return f"<div class='article__block' data-type='{kind}'>{content}</div>"

    promo = block(
        "article",
        f"<div class='article__article'><a href='/1'>{HEADLINES[0]}</a><div class='article__article-desc'>"
        f"<a class='article__article-title'>{HEADLINES[0]}</a><div class='article__article-info'>"
        "7 فبراير 2019, 09:10 GMT</div></div></div>",
    )
    photo = block(
        "media",
        f"<div class='article__photo'><img title='{CAPTION}'><div class='media__copyright'><a>©"
        f" Sputnik . Ali</a></div><div class='media__description'>{CAPTION}</div></div>",
    )
    text = "".join(
        block("text", f"<div class='article__text'>{each}</div>") + {1: promo, 3: photo}.get(n, "")
        for n, each in enumerate(FERRY.paragraphs)
    )
    body = (
        f"{menu()}<div class='article'><div class='article__meta' itemscope itemtype='https://schema.org/Article'>"
        f"<div itemprop='mainEntityOfPage'>https://www.marfaa.example.eg/x</div><div itemprop='headline'>"
        f"{FERRY.title}</div><div itemprop='datePublished'>2019-02-08T12:30+0000</div><div itemprop='dateModified'>"
        f"2019-02-08T12:35+0000</div><div itemprop='author'><div itemprop='name'>{SITE}</div></div>"
        f"<div itemprop='articleBody'>{FERRY.lead} 08.02.2019</div></div><div class='article__header'><div class='article__info'>"
        "<a class='article__info-date' data-unixtime='1549629000'>12:30 GMT 08.02.2019</a><span>(تم"
        f" التحديث: 12:35 GMT 08.02.2019)</span></div><h1 class='article__title'>{FERRY.title}</h1>"
        "<div class='article__announce'><div class='article__photo'><div class='media__copyright'>©"
        f" AP Photo</div></div><div class='article__announce-text'>{FERRY.lead}</div></div><div"
        " class='article__news-services-subscribe'><div>تابعنا عبر</div><span>تلغرام</span></div></div>"
        f"<div class='article__body'>{text}</div><div class='article__footer'>"
        f"<div class='article__tags'><a>البحر</a></div>{share()}</div></div>{cards('شريط الأخبار', 'lenta')}"
        f"{footer()}"
    )
    head = social_head(FERRY, og__description=FERRY.lead)
    return Template(
        titled_page(FERRY, head, body, f" - 08.02.2019, {SITE}"),
        title=FERRY.title,
        body=f"{FERRY.lead}\n\n{FERRY.text}",
    )
