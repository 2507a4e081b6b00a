"""More pages of newspapers and sites: page builders, old headings, dates and names of every form."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.pages.furniture import (
    COMMENT,
    HEADLINES,
    TEASER,
    cards,
    comments,
    cookies,
    footer,
    links,
    menu,
    metas,
    newsletter,
    p,
    share,
    ticker,
)
from tests.support.pages.stories import FERRY, INTERVIEW, MARKETS, MATCH, OPINION, Story
from tests.support.pages.templates import AUTHOR, CAPTION, PUBLISHED, SITE, Template, ld, page

_URL = "https://www.marfaa.example.eg/news/8"


def _template(
    story: Story,
    head: str,
    body: str,
    by: str = "",
    *,
    url: str = _URL,
    text: str = "",
    published: datetime | None = PUBLISHED,
    titled: bool = True,
) -> Template:
    named = metas(og__title=story.title, og__site_name=SITE) if titled else ""
    return Template(
        page(named + head, body, title=f"{story.title} | {SITE}"),
        url,
        by,
        published,
        title=story.title,
        body=text or story.text,
    )


def page_builder() -> Template:
    """A page builder: everything is a widget in a widget, the text as well."""

    def widget(kind: str, content: str) -> str:
        return (
            f"<div class='elementor-element elementor-element-1a2b elementor-widget elementor-widget-{kind}'><div"
            f" class='elementor-widget-container'>{content}</div></div>"
        )

    posts = "".join(
        f"<article class='elementor-post'><div class='elementor-post__text'><h3 class='elementor-post__title'><a href='/n/{n}'>"
        f"{each}</a></h3><div class='elementor-post__excerpt'><p>{TEASER}</p></div></div></article>"
        for n, each in enumerate(HEADLINES)
    )
    body = (
        f"<div class='elementor elementor-location-header'>{widget('nav-menu', menu())}</div><div class='elementor"
        f" elementor-location-single post'><section class='elementor-section'>{widget('theme-post-title', f'<h1 class=elementor-heading-title>{FERRY.title}</h1>')}"
        f"{widget('post-info', f'<ul class=elementor-inline-items><li><span class=elementor-icon-list-text>{AUTHOR}</span></li><li><span>8 فبراير، 2019</span></li><li><span>2:30 م</span></li></ul>')}"
        f"{widget('theme-post-featured-image', '<img src=/f.jpg>')}{widget('theme-post-content', p(FERRY.paragraphs))}"
        f"{widget('share-buttons', share())}{widget('posts', f'<div class=elementor-posts-container>{posts}</div>')}"
        f"{widget('author-box', f'<h4>{AUTHOR}</h4><p>صحافية تكتب عن البحر والموانئ، وتعمل في الصحيفة منذ سنوات طويلة.</p>')}"
        f"</section></div>{footer()}"
    )
    head = metas(article__published_time="2019-02-08T12:30:00+00:00") + ld(
        headline=FERRY.title, author={"@type": "Person", "name": AUTHOR}
    )
    return _template(FERRY, head, body, AUTHOR)


def tag_theme() -> Template:
    """A theme with «- إعلان -» in the text, a view counter, an author box and «المادة السابقة»."""
    ad = "<div class='td-a-rec td-a-rec-id-content_inline'><span class='td-adspot-title'>- إعلان -</span></div>"
    body = (
        f"<div class='td-main-menu'>{menu('div')}</div>{ticker()}<div class='td-ss-main-content'><article class='post'><div"
        f" class='td-post-header'><ul class='td-category'><li><a>حوادث</a></li></ul><header class='td-post-title'><h1"
        f" class='entry-title'>{FERRY.title}</h1><div class='td-module-meta-info'><div class='td-post-author-name'>"
        f"<div class='td-author-by'>بواسطة</div> <a href='/author/h'>{AUTHOR}</a><div class='td-author-line'> - </div></div>"
        "<span class='td-post-date'><time class='entry-date updated td-module-date' datetime='2019-02-08T14:30:00+02:00'>"
        "فبراير 8, 2019</time></span><div class='td-post-views'><i></i><span>1204</span></div></div></header></div><div"
        f" class='td-post-sharing-top'>{share()}</div><div class='td-post-content tagdiv-type'><div class='td-post-featured-image'>"
        f"<figure><a href='/f.jpg'><img></a><figcaption class='wp-caption-text'>{CAPTION}</figcaption></figure></div>{p(FERRY.paragraphs, {0: ad, 2: ad, 4: ad})}"
        "</div><footer><div class='td-post-source-tags'><ul class='td-tags'><li><span>الوسوم</span></li><li><a>البحر</a></li>"
        "</ul></div><div class='td-block-row td-post-next-prev'><div><span>المادة السابقة</span><a href='/p'>"
        f"{HEADLINES[0]}</a></div><div><span>المقالة القادمة</span><a href='/q'>{HEADLINES[1]}</a></div></div><div class='author-box-wrap'>"
        f"<div class='desc'><div class='td-author-name vcard author'><a>{AUTHOR}</a></div><div class='td-author-description'>تكتب عن البحر.</div></div></div>"
        f"</footer></article>{cards('مقالات ذات صلةالمزيد للكاتب', 'td_block_related_posts')}{comments()}</div><div class='td-ss-main-sidebar'>{cards()}</div>{footer()}"
    )
    return _template(FERRY, "", body, AUTHOR)


def headline_of_h2() -> Template:
    """The site is the `h1`, the headline an `h2` with an id, the byline beside its date."""
    body = (
        f"<h1 class='logo'><a href='/'>{SITE}</a></h1>{menu('div')}<div class='container'><div class='right'>{cards()}</div><div class='left'><div"
        f" id='article_holder'><h2 id='article_title' class='title'>{FERRY.title}</h2><div class='subinfo'><b>محليات</b> "
        f"<time class='relative_time' datetime='2019-02-08 13:30:00'>8 فبراير 2019 (13:30)</time> - <span>بقلم: {AUTHOR}</span></div><div"
        f" id='article_img'><img><p>ص:ح.م</p></div><div id='article_body_content'>{p(FERRY.paragraphs)}<p><strong>اقرأ أيضا: </strong>"
        f"<a href='/2'>{HEADLINES[0]}</a></p></div></div><div id='fb-root'></div><h3>كلمات دلالية:</h3><a>البحر</a></div></div>{footer('div')}"
    )
    return _template(FERRY, "", body, AUTHOR, url="https://www.marfaa.example.dz/press/article/8/")


def no_heading() -> Template:
    """No heading element at all: the headline in a `div`, the text in another with bare lines."""
    text = "<br>\r\n<br>\r\n".join(FERRY.paragraphs)
    body = (
        f"<div id='top'>{menu('div')}</div><div class='content-left'><div class='news_title'>{FERRY.title}</div><div class='news_date'>"
        f"08-02-2019 02:30 PM</div><div class='news_img'><img src='/n.jpg'></div><div class='news_body'><b>المرفأ</b><br>{text}</div><div"
        f" class='news_share'>{share()}</div></div><div class='content-right'>{cards('آخر الأخبار')}</div>{footer('div')}"
    )
    return _template(FERRY, "", body)


def many_headings() -> Template:
    """Every other article has an `h1` too; the comments are longer than the text."""
    others = "".join(
        f"<div class='news-item'><h1><a href='/n/{n}'>{each}</a></h1><p>{TEASER}</p></div>"
        for n, each in enumerate(HEADLINES)
    )
    readers = "".join(
        f"<div class='reader'><span class='reader-name'>قارئ {n}</span><div class='reader-text'>{COMMENT} {COMMENT}</div></div>"
        for n in range(6)
    )
    body = (
        f"{menu()}<div class='top-news'>{others}</div><div class='details-page'><h1>{OPINION.title}</h1><h5>{AUTHOR}</h5><h6>الجمعة ٨ فبراير ٢٠١٩"
        f" ٠٢:٣٠ م</h6><div class='details-text'>{p(OPINION.paragraphs)}</div><div class='readers'><h3>آراء القراء</h3>{readers}</div></div>{footer()}"
    )
    head = ld(headline=OPINION.title, author=AUTHOR)
    return _template(OPINION, head, body, AUTHOR)


def bold_dateline() -> Template:
    """A bold dateline in the first paragraph, links in the sentences, a «شاهد» line, a Reuters end."""
    first = f"<strong>الرملة (المرفأ)</strong> - {FERRY.paragraphs[0]}"
    second = FERRY.paragraphs[1].replace("خفر السواحل", "<a href='/t/coast'>خفر السواحل</a>")
    texts = (first, second, *FERRY.paragraphs[2:])
    body = (
        f"{menu()}<div class='ArticlePage'><h1 class='ArticleHeader_headline'>{FERRY.title}</h1><div class='ArticleHeader_date'>8 فبراير 2019 / 12:30 م"
        f" / بتوقيت جرينتش</div><div class='StandardArticleBody_body'><div class='PrimaryAsset'><div class='LazyImage_container'><img></div><div"
        f" class='Image_caption'><span>{CAPTION}. تصوير: نادر فؤاد - المرفأ</span></div></div>{p(texts, {2: '<p>شاهد.. <a href=/v>لحظة وصول الناجين إلى الميناء</a></p>'})}"
        f"<p>(إعداد {AUTHOR} للنشرة العربية)</p></div></div>{cards()}{footer()}"
    )
    text = "\n\n".join([f"الرملة (المرفأ) - {FERRY.paragraphs[0]}", *FERRY.paragraphs[1:]])
    head = metas(article__published_time="2019-02-08T12:30:00+0000")
    return _template(FERRY, head, body, text=text, url="https://ara.marfaa.example/article/idARA1")


def picture_tables() -> Template:
    """Pictures in tables with their captions, footnotes, verses as quotations, wide spaces."""
    first, *rest = INTERVIEW.paragraphs
    table = (
        "<table align='left' class='image'><tr><td><img src='/p.jpg'></td></tr><tr><td class='caption'>"
        f"{CAPTION}</td></tr></table>"
    )
    spaced = first.replace(" ", " &nbsp;", 3)
    pairs = "".join(
        f"<p><span style='color:#c00'>{each}</span></p>" if n % 2 == 0 else f"<p>{each}</p>"
        for n, each in enumerate(rest)
    )
    body = (
        f"{menu()}<div class='node'><h1>{INTERVIEW.title}</h1><div class='submitted'>حاورتها: {AUTHOR}</div><div class='date'>2019/2/8 14:30</div>"
        f"<div class='content'><p>{spaced}</p>{table}{pairs}</div></div>{links('مواضيع متعلقة')}{footer()}"
    )
    return _template(INTERVIEW, "", body, AUTHOR)


def relative_time() -> Template:
    """«منذ 3 ساعات» for the reader; the instant only in a meta element; two authors with «و»."""
    body = (
        f"{menu()}<section class='article-view'><h1>{FERRY.title}</h1><div class='authors'><a rel='author' href='/a/1'>{AUTHOR}</a> و<a rel='author'"
        f" href='/a/2'>سامي حداد</a></div><span class='ago'>منذ 3 ساعات</span><div class='body-text'>{p(FERRY.paragraphs)}</div></section>{cards()}{footer()}"
    )
    head = "<meta name='pubdate' content='2019-02-08T14:30:00+02:00'>" + ld(
        headline=FERRY.title,
        author=[{"@type": "Person", "name": AUTHOR}, {"@type": "Person", "name": "سامي حداد"}],
    )
    return _template(FERRY, head, body, f"{AUTHOR}، سامي حداد")


def translated() -> Template:
    """A translator and an editor but no author; «المصدر» with a foreign newspaper; a read time."""
    body = (
        f"{menu()}<article class='single'><h1>{MARKETS.title}</h1><div class='single-meta'><span>8 فبراير، 2019</span> <span>14:30</span> <span>5 دقائق"
        f" للقراءة</span></div><p class='translator'>ترجمة: كريم نجار</p><p>تحرير: سامي حداد</p><div class='single-text'>{_subheads()}</div><p class='source'>المصدر: <a"
        f" href='https://paper.example'>ذي مورنينغ بيبر</a></p></article>{newsletter()}{links('قد يعجبك أيضا')}{footer()}{cookies()}"
    )
    return _template(MARKETS, "", body)


def _subheads() -> str:
    text = ""
    for number, each in enumerate(MARKETS.paragraphs):
        tag = "li" if number in (6, 7, 8) else "h3" if number in (1, 4, 9) else "p"
        text += f"<{tag}>{each}</{tag}>"
    return text.replace("<li>", "<ul><li>", 1).replace("</li><h3>", "</li></ul><h3>")


def persian_host() -> Template:
    """«بتوقيت غرينتش» with Arabic digits, a summary in a box, a number of the news, a short link."""
    body = (
        f"{menu('div')}<div class='news-page'><div class='rutitr'>عبارات الساحل</div><h1>{FERRY.title}</h1><div class='nav-date'>الجمعة ٨ فبراير ٢٠١٩ - ١٢:٣٠ بتوقيت"
        f" غرينتش</div><img><p class='lead'>{FERRY.lead}</p><div class='body'><div class='echo-detail'>{p(FERRY.paragraphs)}</div></div><div class='news-code'>رمز الخبر:"
        f" 4012871</div><div class='short-link'><span>الرابط القصير</span><input value='https://mrf.example/x'></div></div>{links('الأكثر مشاهدة')}{footer('div')}"
    )
    head = metas(og__description=FERRY.lead)
    return _template(FERRY, head, body, text=f"{FERRY.lead}\n\n{FERRY.text}")


def tabbed_lists() -> Template:
    """Tabs of latest and most read between headline and text, related in the middle of a `div` text."""
    tabs = (
        "<div class='tabs'><ul class='tab-heads'><li>الأحدث</li><li>الأكثر قراءة</li></ul><div class='tab'><ul>"
        + "".join(f"<li><a href='/n/{n}'>{each}</a></li>" for n, each in enumerate(HEADLINES))
        + "</ul></div></div>"
    )
    text = "".join(
        f"<div>{each}</div><div>&nbsp;</div>" + (links("أخبار قد تهمك", "box") if n == 2 else "")
        for n, each in enumerate(FERRY.paragraphs)
    )
    body = (
        f"{menu()}<div class='wrapper'><h1 class='t'>{FERRY.title}</h1>{tabs}<div class='i'>نشر: 2019-02-08 14:30 تحديث: 2019-02-08 15:00</div>"
        f"<div class='x'>{text}</div><div>طباعة الخبر</div></div>{footer('div')}"
    )
    return _template(FERRY, "", body)


def photo_credit_lines() -> Template:
    """Agency, place and photographer in lines of their own before the text and behind it."""
    body = (
        f"{menu()}<article><h1>{FERRY.title}</h1><time datetime='2019-02-08T12:30:00Z'>08/02/2019</time><div class='post-content'><p><img></p><p><em>{CAPTION} (أ ف ب)</em></p>"
        f"<p>القاهرة - أ ش أ</p>{p(FERRY.paragraphs)}<p>تصوير: نادر فؤاد</p><p>م ع</p></div></article>{cards()}{footer()}"
    )
    return _template(FERRY, "", body)


def match_centre() -> Template:
    """A sports site: line-ups in lists beside the text, odds in a widget, «تابع أيضا» in it."""
    lineup = "".join(f"<li><span>{n}</span> لاعب {n}</li>" for n in range(1, 12))
    texts = MATCH.paragraphs[:3]
    body = (
        f"{menu()}<div class='match-header'><div>النسور</div><div>3 - 1</div><div>الميناء</div></div><div class='row'><div class='main'><h1>{MATCH.title}</h1><div class='by-line'>"
        f"<span>كتب : {AUTHOR}</span><span>الجمعة، 08 فبراير 2019 - 14:30</span></div><div class='news-details'>{p(texts, {1: '<div class=also><p>طالع أيضا</p><p><a href=/1>' + HEADLINES[0] + '</a></p></div>'})}</div></div>"
        f"<div class='side'><div class='lineup'><h4>التشكيل</h4><ul>{lineup}</ul></div></div></div>{footer()}"
    )
    return _template(MATCH, "", body, AUTHOR, text="\n\n".join(texts))


def quoted_release() -> Template:
    """A statement in `blockquote` and a list, headings of sections, «انتهى» and contacts behind."""
    texts = FERRY.paragraphs
    inner = f"<p>{texts[0]}</p><blockquote><p>{texts[1]}</p></blockquote><ul><li>{texts[2]}</li><li>{texts[3]}</li></ul><p>{texts[4]}</p><p>{texts[5]}</p>"
    body = (
        f"{menu()}<main id='main'><div class='region-content'><h1 class='page-header'>{FERRY.title}</h1><div class='field-date'><span class='date-display-single' content='2019-02-08T14:30:00+02:00'>الجمعة,"
        f" فبراير 8, 2019 - 14:30</span></div><div class='field field-name-body'><div class='field-items'><div class='field-item even' property='content:encoded'>{inner}<p>-انتهى-</p></div></div></div></div></main>{footer()}"
    )
    return _template(FERRY, "", body)


def next_headline() -> Template:
    """Endless scrolling: the next article stands whole below the first one, with its own headline."""
    other = (
        f"<article class='story'><h1>{MATCH.title}</h1><time datetime='2019-02-07T10:00:00Z'>7 فبراير 2019</time><div class='story-text'>"
        f"{p(MATCH.paragraphs[:4])}</div></article>"
    )
    body = (
        f"{menu()}<div class='stream'><article class='story'><h1>{FERRY.title}</h1><time datetime='2019-02-08T12:30:00Z'>8 فبراير 2019</time><div class='story-text'>{p(FERRY.paragraphs)}</div></article>"
        f"<div class='next'>المقال التالي</div>{other}</div>{footer()}"
    )
    return _template(FERRY, "", body)


def month_first() -> Template:
    """English dates on an Arabic page, an avatar with the writer's name, a count of shares, hashtags."""
    body = (
        f"{menu()}<div class='post-single'><div class='post-cat'>مجتمع</div><h1>{OPINION.title}</h1><div class='post-meta'><img class='avatar' alt='{AUTHOR}'><span class='author-name'>{AUTHOR}</span> <span>Feb 8, 2019 at 2:30 pm</span> <span>12 مشاركة</span></div>"
        f"<div class='post-text'>{p(OPINION.paragraphs)}<p>#مكتبات #كتب</p></div></div>{links('قد يهمك', 'rel')}{footer()}"
    )
    return _template(OPINION, "", body, AUTHOR)


def day_only() -> Template:
    """A day without a time, which is all that the page tells; the writer's city behind his name."""
    body = f"{menu()}<article><h1>{OPINION.title}</h1><p class='writer'>{AUTHOR} - بيروت</p><p class='d'>الجمعة 08 شباط 2019</p>{p(OPINION.paragraphs)}</article>{_column()}{footer()}"
    published = datetime(2019, 2, 7, 22, tzinfo=UTC)
    return _template(OPINION, "", body, AUTHOR, published=published)


def _column() -> str:
    return "".join(
        f"<div class='col'><a href='/w/{n}'>كاتب آخر {n}</a><h4><a href='/n/{n}'>{each}</a></h4></div>"
        for n, each in enumerate(HEADLINES)
    )
