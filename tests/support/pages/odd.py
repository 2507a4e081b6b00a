"""Pages with odd markup: misleading names, copies of the text, widgets, no headings, drop caps."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

from tests.support.pages.furniture import (
    HEADLINES,
    TEASER,
    cards,
    comments,
    footer,
    links,
    menu,
    p,
    share,
)
from tests.support.pages.stories import FERRY, INTERVIEW, MARKETS, OPINION
from tests.support.pages.story_page import story_page
from tests.support.pages.templates import AUTHOR, CAPTION, SITE, Template, ld

_DATE = "<div class='date'>الجمعة 8 فبراير 2019 - 14:30</div>"


def misleading_names() -> Template:
    """The text stands in elements named like furniture: share, widget, comment, sidebar."""
    body = (
        f"{menu()}<div class='row has-sidebar'><div class='share-wrapper col-8'><h1>{FERRY.title}</h1>{_DATE}<div class='widget social-text'>"
        f"<div class='print-area comments-open'>{p(FERRY.paragraphs)}</div></div>{share()}</div><div class='sidebar'>{cards()}</div></div>{footer()}"
    )
    return story_page(FERRY, "", body)


def two_copies() -> Template:
    """The text twice: for wide screens and for narrow ones, and once more for the printer."""
    text = p(FERRY.paragraphs)
    body = (
        f"{menu()}<article><h1>{FERRY.title}</h1>{_DATE}<div class='hidden-xs'>{text}</div><div class='visible-xs'>{text}</div><div style='display:none' class='print'>"
        f"{FERRY.title}{text}</div></article>{footer()}"
    )
    return story_page(FERRY, "", body)


def sections() -> Template:
    """Each part of the text in a `section` with its heading and blocks of its own."""
    parts = ((0,), (1, 2, 3), (4, 5, 6, 7, 8), (9, 10, 11))
    text = ""
    for part in parts:
        lines = [MARKETS.paragraphs[number] for number in part]
        head = f"<h2>{lines.pop(0)}</h2>" if len(part) > 1 else ""
        text += (
            f"<section class='part'>{head}"
            + "".join(f"<div class='block'>{each}</div>" for each in lines)
            + "</section>"
        )
    body = f"{menu()}<main><h1>{MARKETS.title}</h1>{_DATE}<div class='parts'>{text}</div></main>{cards()}{footer()}"
    return story_page(MARKETS, "", body)


def drop_cap() -> Template:
    """The first letter in an element of its own, words in bold, links, footnote numbers, soft hyphens."""
    first, second, *rest = OPINION.paragraphs
    dropped = f"<span class='dropcap'>{first[0]}</span>{first[1:]}"
    marked = second.replace("المكتبات", "<b>المكتبات</b>").replace(
        "مدن", "<a href='/t/cities'>مدن</a>"
    )
    soft = [each.replace("الكتب", "الك&shy;تب") for each in rest]
    body = f"{menu()}<div class='post'><h1>{OPINION.title}</h1>{_DATE}<div class='post-content'>{p([dropped, marked, *soft])}</div></div>{comments()}{footer()}"
    return story_page(OPINION, "", body)


def widgets() -> Template:
    """Prayer times, currencies, weather and a choice of cities between headline and text."""
    widget = (
        "<div class='prayer'><h3>مواقيت الصلاة</h3><ul><li>الفجر 05:02</li><li>الظهر 12:09</li><li>العصر 15:14</li></ul></div><div class='rates'><h3>أسعار العملات</h3><table><tr>"
        "<td>دولار</td><td>17.60</td></tr><tr><td>يورو</td><td>19.95</td></tr></table></div><div class='weather'><span>القاهرة</span> <b>19°</b> <select><option>اختر المدينة</option></select></div>"
    )
    body = f"{menu()}<div class='page'><div class='main'><h1>{FERRY.title}</h1>{_DATE}</div><div class='mid'>{widget}</div><div class='txt'>{p(FERRY.paragraphs)}</div></div>{footer()}"
    return story_page(FERRY, "", body)


def kicker() -> Template:
    """A kicker in the headline and another above it; the lead in bold as the first paragraph."""
    first, *rest = FERRY.paragraphs
    body = f"{menu()}<article><div class='kicker'>كارثة في البحر</div><h1><span class='label'>بالصور |</span> {FERRY.title}</h1>{_DATE}<p><b>{first}</b></p>{p(rest)}</article>{links()}{footer()}"
    return story_page(FERRY, "", body)


def fonts_and_tables() -> Template:
    """A page of the nineties: no heading, `font`, `center`, the text in a cell with `br`."""
    text = "<br><br>".join(FERRY.paragraphs)
    body = (
        f"<center><table width='90%'><tr><td colspan='2'>{menu('div')}</td></tr><tr><td width='70%'><font size='5' color='blue'><b>{FERRY.title}</b></font><br><font size='2'>08/02/2019 14:30</font>"
        f"<hr><font size='3'>{text}</font><hr><a href='javascript:print()'>طباعة</a></td><td width='30%'>{cards()}</td></tr></table></center>{footer('div')}"
    )
    return story_page(FERRY, "", body)


def privacy_panel() -> Template:
    """A long panel of consent behind the page, longer than the text, with purposes and partners."""
    purposes = "".join(
        f"<div class='ot-purpose'><h4>الغرض {n}</h4><p>تسمح لنا ملفات تعريف الارتباط هذه بإحصاء الزيارات ومصادرها حتى نتمكن من قياس أداء موقعنا وتحسينه، وتساعدنا على معرفة الصفحات الأكثر شعبية.</p></div>"
        for n in range(8)
    )
    body = (
        f"{menu()}<article><h1>{OPINION.title}</h1>{_DATE}<div class='text'>{p(OPINION.paragraphs)}</div></article>{footer()}<div id='onetrust-consent-sdk'><div class='ot-panel'><h2>مركز تفضيلات"
        f" الخصوصية</h2><p>عند زيارتك أي موقع، قد يخزن معلومات على متصفحك أو يستردها.</p>{purposes}<button>السماح للكل</button></div></div>"
    )
    return story_page(OPINION, "", body)


def bullets_first() -> Template:
    """The article in three points above the text, and its whole text in a list of steps below."""
    points = "".join(f"<li>{each[:60]}</li>" for each in FERRY.paragraphs[:3])
    body = f"{menu()}<article><h1>{FERRY.title}</h1>{_DATE}<div class='highlights'><h3>أبرز ما جاء في الخبر</h3><ul>{points}</ul></div><div class='article-body'>{p(FERRY.paragraphs)}</div></article>{footer()}"
    return story_page(FERRY, "", body)


def answers_in_details() -> Template:
    """Questions and answers in `details`, an editor's note in italics before them."""
    intro, *rest = INTERVIEW.paragraphs
    pairs = "".join(
        f"<details open><summary>{question}</summary><p>{answer}</p></details>"
        for question, answer in zip(rest[::2], rest[1::2], strict=True)
    )
    body = f"{menu()}<article><h1>{INTERVIEW.title}</h1><div class='byline'>حوار: {AUTHOR}</div>{_DATE}<div class='article-content'><p><em>{intro}</em></p>{pairs}</div></article>{footer()}"
    return story_page(INTERVIEW, "", body, by=AUTHOR)


def list_of_one() -> Template:
    """The whole article is one item of a list, with the latest news as the others."""
    others = "".join(
        f"<li class='post'><h2><a href='/n/{n}'>{each}</a></h2><p>{TEASER}</p></li>"
        for n, each in enumerate(HEADLINES)
    )
    body = f"{menu()}<ul class='posts'><li class='post'><h1>{FERRY.title}</h1>{_DATE}<div><figure><img><figcaption>{CAPTION}</figcaption></figure>{p(FERRY.paragraphs)}</div></li>{others}</ul>{footer()}"
    return story_page(FERRY, "", body)


def microdata() -> Template:
    """No JSON-LD: `itemprop` for the author, the date and the text, in elements of any kind."""
    body = (
        f"{menu()}<div itemscope itemtype='http://schema.org/NewsArticle'><h1 itemprop='headline'>{FERRY.title}</h1><span itemprop='author' itemscope itemtype='http://schema.org/Person'><span itemprop='name'>{AUTHOR}"
        f"</span></span><i itemprop='datePublished' content='2019-02-08T14:30:00+02:00'>الجمعة</i><div itemprop='articleBody'>{p(FERRY.paragraphs)}</div><span itemprop='publisher' itemscope><span itemprop='name'>{SITE}</span></span></div>{footer()}"
    )
    return story_page(FERRY, ld(**{"@type": "Organization", "name": SITE}), body, by=AUTHOR)
