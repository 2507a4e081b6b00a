"""What stands around an article on the pages of newspapers: menus, lists, forms, other articles."""

# Texts stand in lines as long as they are.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.support.pages.templates import SITE

SECTIONS = (
    "سياسة", "اقتصاد", "رياضة", "ثقافة", "منوعات", "علوم", "صحة", "محافظات", "آراء", "فيديو",
)  # fmt: skip
HEADLINES = (
    "وزير الزراعة يتفقد سدود الجنوب بعد الأمطار",
    "افتتاح معرض الكتاب بمشاركة مئتي دار نشر",
    "إضراب سائقي الحافلات يدخل يومه الثالث",
    "اكتشاف أثري جديد تحت سوق النحاسين",
    "ارتفاع طفيف في أسعار الزيت والسكر",
)
TEASER = (
    "قال مسؤولون في المدينة إن العمل بدأ قبل أسبوع، وإن النتائج الأولى تظهر في نهاية الشهر، فيما"
    " ينتظر السكان تفاصيل أخرى من المجلس البلدي الذي يجتمع غدا."
)
COMMENT = (
    "مقال رائع، لكنني أختلف مع الكاتب في نقطة واحدة، فأنا أعيش في هذه المدينة منذ ثلاثين عاما ولم أر"
    " شيئا مما ذكره، وأتمنى أن يزورنا ليرى بنفسه."
)


def p(texts: Iterable[str], between: Mapping[int, str] = {}, tag: str = "p") -> str:
    """Return texts in elements of their own, with markup behind those of given numbers."""
    name = tag.partition(" ")[0]
    return "".join(
        f"<{tag}>{text}</{name}>\n{between.get(number, '')}" for number, text in enumerate(texts)
    )


def menu(tag: str = "nav") -> str:
    """Return a menu with sections and theirs below."""
    items = "".join(
        f"<li><a href='/{number}'>{name}</a><ul><li><a href='/{number}/a'>أخبار {name}</a></li>"
        f"<li><a href='/{number}/b'>تقارير {name}</a></li></ul></li>"
        for number, name in enumerate(SECTIONS)
    )
    return f"<{tag} class='main-menu'><ul><li><a href='/'>الرئيسية</a></li>{items}</ul></{tag}>"


def ticker() -> str:
    """Return a line of breaking news."""
    items = "".join(f"<a href='/n/{number}'>{each}</a> " for number, each in enumerate(HEADLINES))
    return f"<div class='ticker'><span>عاجل</span>{items}</div>"


def cards(title: str = "الأكثر قراءة", kind: str = "most-read") -> str:
    """Return other articles with headline, date and teaser."""
    items = "".join(
        f"<div class='item'><a href='/n/{number}'><img src='/t/{number}.jpg' alt='{each}'></a>"
        f"<h3><a href='/n/{number}'>{each}</a></h3><span class='date'>07 فبراير 2019 - 09:1{number}"
        f"</span><p>{TEASER}</p></div>"
        for number, each in enumerate(HEADLINES)
    )
    return f"<div class='{kind}'><h2>{title}</h2>{items}</div>"


def links(title: str = "اقرأ أيضا", kind: str = "related", heading: str = "h3") -> str:
    """Return a list of links to other articles."""
    items = "".join(
        f"<li><a href='/n/{number}'>{each}</a></li>" for number, each in enumerate(HEADLINES[:3])
    )
    return f"<div class='{kind}'><{heading}>{title}</{heading}><ul>{items}</ul></div>"


def share() -> str:
    """Return a bar of buttons."""
    names = ("فيسبوك", "تويتر", "واتساب", "تلغرام", "نسخ الرابط", "طباعة")
    items = "".join(f"<li><a href='#'>{name}</a></li>" for name in names)
    return f"<div class='share'><span>شارك</span><ul>{items}</ul></div>"


def newsletter() -> str:
    """Return a form of subscription to a newsletter."""
    return (
        "<div class='newsletter'><h4>النشرة البريدية</h4><p>اشترك في نشرتنا الأسبوعية ليصلك أهم"
        " الأخبار والتقارير إلى بريدك الإلكتروني كل صباح</p><form><input type='email'"
        " placeholder='بريدك الإلكتروني'><button>اشترك</button></form><p>يمكنك إلغاء الاشتراك في"
        " أي وقت</p></div>"
    )


def comments() -> str:
    """Return readers' comments with the form for another."""
    items = "".join(
        f"<li class='comment'><b>{name}</b> <time>منذ {number} ساعات</time><p>{COMMENT}</p></li>"
        for number, name in ((3, "أبو خالد"), (5, "قارئ من الشمال"))
    )
    return (
        f"<div id='comments'><h3>التعليقات (2)</h3><ol>{items}</ol><h3>اترك تعليقا</h3><form><p>لن"
        " يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *</p><label>الاسم</label>"
        "<input><label>التعليق</label><textarea></textarea><button>إرسال التعليق</button></form>"
        "</div>"
    )


def footer(tag: str = "footer") -> str:
    """Return the end of a page."""
    return (
        f"<{tag} class='site-footer'><p>{SITE} يومية مستقلة تصدر في مدينة الرملة منذ عام 1961، وتعنى"
        " بشؤون الساحل والجزر، ولها مكاتب في خمس مدن.</p><ul><li><a href='/about'>من نحن</a></li>"
        "<li><a href='/contact'>اتصل بنا</a></li><li><a href='/privacy'>سياسة الخصوصية</a></li></ul>"
        f"<p>جميع الحقوق محفوظة © {SITE} 2019</p></{tag}>"
    )


def cookies() -> str:
    """Return a bar that asks for consent, as it stands at the end of many pages."""
    return (
        "<div id='gdpr-bar'><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا. بمواصلة التصفح"
        " فإنك توافق على سياسة الخصوصية.</p><button>موافق</button></div>"
    )


def metas(**properties: str) -> str:
    """Return meta elements; `__` in a name stands for a colon."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">'
        for name, content in properties.items()
    )
