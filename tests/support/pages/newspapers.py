"""Pages as the content systems of newspapers build them, around our own articles."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from tests.support.pages.furniture import (
    COMMENT,
    HEADLINES,
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
from tests.support.pages.stories import FERRY, MARKETS, MATCH, OPINION, POEM
from tests.support.pages.story_page import story_page
from tests.support.pages.templates import AUTHOR, CAPTION, SITE, Template, ld


def story_date() -> Template:
    """A Cairo daily: the byline without a colon, a box of related news and tags in the text."""
    related = (
        "<div class='relatedCollapse'><div class='title'>موضوعات متعلقة:</div><ul><li><h3><a href='/1'>"
        f"{HEADLINES[0]}</a></h3></li><li><h3><a href='/2'>{HEADLINES[1]}</a></h3></li></ul></div>"
    )
    body = (
        f"{menu()}{ticker()}<div id='article'><div id='articleHeader'><h1>{FERRY.title}</h1><div"
        " class='newsStoryDate'>الجمعة، 08 فبراير 2019 02:30 م</div></div><div class='img-cont'><img"
        f" src='/large/20190208.jpg' alt='{CAPTION}' title='{CAPTION}'><span class='img-cap'>{CAPTION}"
        f"</span></div>{share()}<span class='writeBy'> كتبت {AUTHOR} </span><div id='articleBody'>"
        f"<p>&nbsp;</p>{p(FERRY.paragraphs, {2: related})}<p><iframe src='https://www.youtube.com/embed/x'>"
        f"</iframe></p><p>&nbsp;</p></div><div class='tags'><h3><a href='/t/1'>البحر</a></h3><h3>"
        f"<a href='/t/2'>عبارة الرملة</a></h3></div></div>{cards('الأكثر قراءة', 'mostRead')}"
        f"{comments()}{footer('div')}"
    )
    return story_page(FERRY, metas(og__type="article"), body, by=AUTHOR)


def byline_in_text() -> Template:
    """The time before the date, «كتب- …:» as the first line, «اقرأ أيضًا» inside, «/» at the end."""
    more = (
        f"<p><strong>اقرأ أيضًا:</strong></p><p><a href='/1'><strong>{HEADLINES[0]}</strong></a></p>"
    )
    inline = f"<p>اقرأ أيضًا.. <a href='/2'>{HEADLINES[2]}</a></p>"
    body = (
        f"{menu()}<div class='articleHeader'><h1>{FERRY.title}</h1><div class='time_icon'><span>02:30"
        " م</span> <span>الجمعة 08 فبراير 2019</span></div></div><div class='articleInner'><div class='imageWrap'>"
        f"<img alt='{FERRY.title}'><p>{CAPTION}</p></div><div class='ArticleDetails details'><p><strong>كتب-"
        f" {AUTHOR}:</strong></p>{p(FERRY.paragraphs, {1: inline, 3: more})}</div><div"
        f" class='shareArticle'>{share()}</div><div class='Keywords'>#البحر #العبارة</div></div>"
        f"{cards('أخبار متعلقة')}{cards('إعلان', 'ads')}{footer()}"
    )
    return story_page(FERRY, metas(og__type="article"), body, by=AUTHOR)


def aspx() -> Template:
    """ASP.NET: a form around all, spans with ids, text of `br` alone, d-m-yyyy with a bar."""
    text = "<br/><br/>".join(FERRY.paragraphs)
    body = (
        "<form method='post' action='./News.aspx' id='form1'><div class='aspNetHidden'><input"
        f" type='hidden' name='__VIEWSTATE' value='/wEPDw'></div>{menu('div')}<table cellpadding='0'><tr>"
        "<td class='outer'><div><span id='ContentPlaceHolder1_lblSection'>محافظات</span></div><h1><span"
        f" id='ContentPlaceHolder1_lblTitle'>{FERRY.title}</span></h1><div><span id='lblAuthor'>{AUTHOR}"
        "</span></div><div><span id='ContentPlaceHolder1_divdate'>8-2-2019 | 14:30</span> &nbsp;<span>عدد"
        f" القراءات: 1520</span></div><img id='imgMain' src='/m.jpg'><div class='titleimg'>{CAPTION}</div>"
        f"<div id='ContentPlaceHolder1_divContent' class='bbody'><p>{text}<br/>&nbsp;</p></div><div>كلمات"
        f" البحث</div><a>البحر</a> | <a>العبارة</a></td><td class='side'>{cards()}</td></tr></table>"
        f"{footer('div')}</form>"
    )
    return story_page(
        FERRY, "", body, by=AUTHOR, url="http://gate.marfaa.example.eg/News/2105812.aspx"
    )


def drupal() -> Template:
    """Drupal fields: a label over each, the byline «المدينة: …», Hijri beside Gregorian."""
    body = (
        f"{menu()}<main role='main'><article class='node node--type-article'><div class='node__content'>"
        f"<h1 class='page-title'><span class='field field--name-title'>{FERRY.title}</span></h1>"
        f"<h2 class='field field--name-field-subtitle'>{FERRY.lead}</h2>"
        "<div class='entry_date'>نُشر: 14:30-8 فبراير 2019 م ـ 03 جمادى الآخرة 1440 هـ</div><div"
        " class='field field--name-field-image'><img alt='x'><div class='image-caption'>"
        f"{CAPTION} (رويترز)</div></div><div class='author'>القاهرة: <a href='/ar/author/h'>{AUTHOR}</a></div>"
        f"<div class='clearfix text-formatted field field--name-body field__item'>{p(FERRY.paragraphs, {1: _paragraph_promo()})}"
        "</div><div class='field field--name-field-tags'><div class='field__label'>مواضيع</div><div"
        f" class='field__items'><a>البحر</a></div></div></div></article></main>{_opinion_list()}{footer()}"
    )
    head = metas(article__published_time="2019-02-08T14:30:00+0200", og__description=FERRY.lead)
    return story_page(FERRY, head, body, by=AUTHOR, text=f"{FERRY.lead}\n\n{FERRY.text}")


def _paragraph_promo() -> str:
    return (
        "<div class='paragraph paragraph--type--related'><div class='related-title'>اقرأ المزيد</div><div"
        f" class='related-item'><a href='/1'><img></a><h3><a href='/1'>{HEADLINES[0]}</a></h3></div></div>"
    )


def _opinion_list() -> str:
    return (
        "<div class='opinion-block'><h2>الرأي</h2><div><a>كريم نجار</a><h3><a href='/o/1'>رأي في المسألة"
        "</a></h3></div><div><a>سامي حداد</a><h3><a href='/o/2'>ما بعد الصيف</a></h3></div></div>"
    )


def maghreb() -> Template:
    """WordPress of the Maghreb: «هسبريس - …» as author, the weekday, a card inside the text."""
    card = f"<div class='post-card-inline'><a href='/1'><div class='card'><h4>{HEADLINES[0]}</h4></div></a></div>"
    body = (
        f"<header>{menu()}</header><div class='col-lg-8'><div class='article'><h1 class='post-title'>"
        f"{FERRY.title}</h1><div class='entry-meta'><span class='author'><a href='/author/h'>المرفأ - {AUTHOR}"
        "</a></span><span class='date-post'>الجمعة 8 فبراير 2019 - 13:30</span></div><div"
        f" class='featured-image'><figure class='wp-block-image'><img><figcaption>صورة: {CAPTION}</figcaption></figure></div>"
        f"<article><div class='article-content'>{p(FERRY.paragraphs, {2: card})}</div></article><section"
        f" class='box-tags'><a rel='tag'>البحر</a> <a rel='tag'>العبارة</a></section>{newsletter()}{comments()}"
        f"</div></div><aside>{cards('الأكثر قراءة')}</aside>{footer()}"
    )
    return story_page(FERRY, "", body, by=AUTHOR, url="https://www.marfaa.example.ma/h-8.html")


def big_theme() -> Template:
    """A large WordPress theme: meta and share bars, ads and a table of contents, an author box."""
    toc = (
        "<div id='toc_container' class='toc'><p class='toc_title'>محتويات المقال</p><ul class='toc_list'><li>"
        "<a href='#1'>لماذا انخفض السعر؟</a></li><li><a href='#2'>من يستفيد؟</a></li></ul></div>"
    )
    text, inside = "", False
    for number, each in enumerate(MARKETS.paragraphs):
        is_item = number in (6, 7, 8)
        text += "<ul>" if is_item and not inside else "</ul>" if inside and not is_item else ""
        inside = is_item
        tag = "li" if is_item else "h2" if number in (1, 4, 9) else "p"
        text += f"<{tag}>{each}</{tag}>{toc if number == 0 else ''}"
        text += "<div class='code-block code-block-1'><ins class='adsbygoogle'></ins></div>"
    body = (
        f"{menu()}<div class='main-content'><article id='the-post' class='container-wrapper post-content'>"
        "<header class='entry-header-outer'><nav id='breadcrumb'><a href='/'>الرئيسية</a><em>/</em><a>اقتصاد"
        f"</a></nav><div class='entry-header'><span class='post-cat-wrap'><a>اقتصاد</a></span><h1"
        f" class='post-title entry-title'>{MARKETS.title}</h1><div class='single-post-meta post-meta clearfix'>"
        f"<span class='author-meta single-author with-avatars'><span class='meta-author'><a class='author-name'"
        f" href='/author/h'>{AUTHOR}</a></span></span><span class='date meta-item'>8 فبراير، 2019</span><span"
        " class='meta-comment'>0</span><span class='meta-views'>1٬204</span><span class='meta-reading-time'>"
        f"دقيقتان</span></div></div></header><div class='featured-area'><figure><img></figure></div><div"
        f" class='entry-content entry clearfix'>{text}</div><div id='post-extra-info'>{share()}</div></article>"
        f"<div class='about-author container-wrapper'><div class='author-info'><h3 class='author-name'><a>{AUTHOR}"
        "</a></h3><div class='author-bio'>صحافية اقتصادية تتابع أسواق الحبوب والطاقة منذ عشر سنوات، صدر لها كتاب"
        f" عن تاريخ الرغيف في مدن الساحل.</div></div></div>{links('مقالات ذات صلة', 'container-wrapper')}{comments()}</div>"
        f"<aside>{cards()}</aside>{footer()}{cookies()}"
    )
    head = (
        metas(article__published_time="2019-02-08T12:30:00+00:00", og__type="article")
        + "<script type='application/ld+json' class='yoast-schema-graph'>"
        '{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"المرفأ"},{"@type":"WebPage",'
        f'"name":"{MARKETS.title}","datePublished":"2019-02-08T12:30:00+00:00","dateModified":'
        '"2019-02-09T08:00:00+00:00"},{"@type":"Person","name":"admin"}]}</script>'
        "<meta name='twitter:label1' content='كُتب بواسطة'><meta name='twitter:data1' content='admin'>"
    )
    return story_page(MARKETS, head, body, by=AUTHOR)


def joomla() -> Template:
    """Joomla: the headline in an `h2`, a list of details, hits, a pager, the address as author."""
    body = (
        f"{menu('div')}<div class='item-page' itemscope itemtype='https://schema.org/Article'><div class='page-header'>"
        f"<h2 itemprop='headline'>{POEM.title}</h2></div><dl class='article-info muted'><dt>التفاصيل</dt><dd"
        f" class='createdby' itemprop='author'>كتب بواسطة: <span itemprop='name'>{AUTHOR}</span></dd><dd"
        " class='category-name'>المجموعة: <a>ثقافة</a></dd><dd class='published'><time"
        " datetime='2019-02-08T14:30:00+02:00' itemprop='datePublished'>نشر بتاريخ: 08 شباط/فبراير 2019"
        "</time></dd><dd class='hits'>الزيارات: 812</dd></dl><ul class='actions'><li><a>طباعة</a></li><li>"
        f"<a>البريد الإلكتروني</a></li></ul><div itemprop='articleBody'>{_verses()}</div><ul class='pager'><li>"
        "<a rel='prev'>السابق</a></li><li><a rel='next'>التالي</a></li></ul></div>"
        f"{links('أحدث المقالات', 'module')}{footer('div')}"
    )
    return story_page(
        POEM, "", body, by=AUTHOR, url="http://marfaa.example.eg/index.php/culture/812-poem"
    )


def _verses() -> str:
    first, verses, *rest = POEM.paragraphs
    lines = verses.replace("\n", "<br />")
    return f"<p>{first}</p><p style='text-align:center'>{lines}</p>{p(rest)}"


def blogger() -> Template:
    """Blogger: justified spans in `div` with `br` between, the title in an `h3`, labels below."""
    text = "<div><br /></div>".join(
        f"<div dir='rtl' style='text-align: justify;'><span style='font-size: large;'><span"
        f" style='font-family: arial;'>{each}</span></span></div>"
        for each in OPINION.paragraphs
    )
    body = (
        f"<div class='header'><h1 class='title'><a href='/'>{SITE}</a></h1></div><div class='main-outer'><h2"
        f" class='date-header'><span>الجمعة، 8 فبراير 2019</span></h2><div class='post hentry'><h3 class='post-title"
        f" entry-title'>{OPINION.title}</h3><div class='post-body entry-content'>{text}<div style='clear: both;'>"
        f"</div></div><div class='post-footer'><span class='post-author vcard'>مرسلة بواسطة <span class='fn'>{AUTHOR}"
        "</span></span> في <span class='post-timestamp'><abbr class='published'"
        " title='2019-02-08T14:30:00+02:00'>2:30 م</abbr></span><span class='post-labels'>التسميات: <a>كتب</a>"
        f"</span></div></div><div class='comments'><h4>ليست هناك تعليقات:</h4><p>إرسال تعليق</p><p>{COMMENT}</p>"
        f"</div></div><div class='sidebar'>{links('أرشيف المدونة الإلكترونية', 'widget', 'h2')}</div>{footer('div')}"
    )
    return story_page(
        OPINION, "", body, by=AUTHOR, url="https://marfaa.blogspot.com/2019/02/books.html"
    )


def opinion() -> Template:
    """A columnist's page: name and biography above the text, «* كاتب …» behind, other columns."""
    body = (
        f"{menu()}<div class='opinion-page'><div class='writer-box'><img alt='{AUTHOR}'><a class='writer-name'"
        f" href='/writers/h'>{AUTHOR}</a><p class='writer-bio'>كاتبة وروائية من الرملة، صدرت لها أربع روايات"
        f" ومجموعتان قصصيتان، وتكتب زاوية أسبوعية في الصحيفة منذ سنوات.</p></div><h1>{OPINION.title}</h1><p"
        f" class='date'>8 فبراير 2019 | 02:30 م</p>{share()}<div class='text'>{p(OPINION.paragraphs)}<p>*"
        " كاتبة وروائية</p><p>المقالات المنشورة تعبر عن آراء أصحابها ولا تعبر بالضرورة عن رأي الصحيفة</p></div>"
        f"{links('مقالات أخرى للكاتب', 'more-of-writer')}</div>{_opinion_list()}{comments()}{footer()}"
    )
    head = ld(headline=OPINION.title, author={"@type": "Person", "name": AUTHOR})
    return story_page(OPINION, head, body, by=AUTHOR)


def result_table() -> Template:
    """A match with its table, a box of statistics beside it, a betting banner as a picture."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split(" | ")) + "</tr>"
        for row in MATCH.paragraphs[4:8]
    )
    text = f"{p(MATCH.paragraphs[:4])}<table border='1'>{rows}</table>{p(MATCH.paragraphs[8:])}"
    body = (
        f"{menu()}<div class='match-widget'><span>النسور</span> <b>3 - 1</b> <span>الميناء</span></div><main>"
        f"<article><h1>{MATCH.title}</h1><p class='post-date'>كتب : {AUTHOR} | الجمعة، 08 فبراير 2019 - 14:30"
        f"</p><img alt='لاعبو النسور يحتفلون بالهدف الثالث'><div class='details'>{text}</div>{links()}</article>"
        f"</main>{cards('مباريات اليوم')}{footer()}"
    )
    return story_page(MATCH, "", body, by=AUTHOR)
