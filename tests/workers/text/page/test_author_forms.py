"""The author of a page is right in whatever form it is told, or empty."""

# Markup stands in lines as long as it is.

from __future__ import annotations

from tests.support.pages.furniture import cards, metas, p
from tests.support.pages.stories import FERRY
from tests.support.pages.templates import SITE, ld, page
from workers.text.page.read import read_article_page

T = FERRY.title


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


CASES = [
    ("", "<p>كتبت- هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>كتب محمد عبد الرحمن</p>", "", "محمد عبد الرحمن"),
    ("", "<p>كتب/ علي حسن:</p>", "", "علي حسن"),
    ("", "<p>بقلم الكاتب: سامي حداد</p>", "", "سامي حداد"),
    ("", "<p>بقلم د. سامي حداد</p>", "", "د. سامي حداد"),
    ("", "<div class='author'>هبة درويش</div>", "", "هبة درويش"),
    (
        "",
        "<div class='author'><a href='/a'>هبة درويش</a><span>صحافية من الرملة</span></div>",
        "",
        "هبة درويش",
    ),
    ("", "<div class='author'><img alt='هبة'><a>هبة درويش</a><a>تابع</a></div>", "", "هبة درويش"),
    ("", "<span class='writer'>الكاتب: هبة درويش</span>", "", "هبة درويش"),
    ("", "<div class='author-name'>بواسطة هبة درويش</div>", "", "هبة درويش"),
    ("", "<div>بواسطة: <a rel='author'>هبة درويش</a></div>", "", "هبة درويش"),
    ("", "<p>بواسطة: هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>بواسطة هبة درويش</p>", "", "هبة درويش"),
    ("", "<div class='author'>admin</div>", "", ""),
    ("", "<div class='author'>المرفأ</div>", "", ""),
    ("", "<div class='author'>فريق التحرير</div>", "", ""),
    ("", "<div class='author'>قسم الأخبار</div>", "", ""),
    ("", "<div class='author'>وكالة الأنباء</div>", "", ""),
    ("", "<div class='author'>محرر الشؤون السياسية</div>", "", ""),
    ("", "<div class='author'>موفد المرفأ إلى الرملة</div>", "", ""),
    ("", "<div class='author'>مراسلونا في الخارج</div>", "", ""),
    ("", "<div class='author'>أ ف ب</div>", "", ""),
    ("", "<div class='author'>Reuters Arabic</div>", "", ""),
    ("", "<div class='author'>القاهرة: هبة درويش</div>", "", "هبة درويش"),
    ("", "<div class='author'>هبة درويش - القاهرة</div>", "", "هبة درويش"),
    ("", "<div class='author'>هبة درويش | المرفأ</div>", "", "هبة درويش"),
    ("", "<div class='author'>هبة درويش، المرفأ</div>", "", "هبة درويش"),
    ("", "<div class='author'>هبة درويش وسامي حداد</div>", "", "هبة درويش وسامي حداد"),
    (ld(headline=T, author=person("هبة درويش")), "", "", "هبة درويش"),
    (
        ld(headline=T, author=[person("هبة درويش"), person("سامي حداد")]),
        "",
        "",
        "هبة درويش، سامي حداد",
    ),
    (ld(headline=T, author="هبة درويش"), "", "", "هبة درويش"),
    (ld(headline=T, author=["هبة درويش"]), "", "", "هبة درويش"),
    (ld(headline=T, author=person("صحيفة المرفأ")), "", "", ""),
    (ld(headline=T, author=person("المرفأ أونلاين")), "", "", ""),
    (ld(headline=T, author=person("Heba Darwish")), "", "", ""),
    (ld(headline=T, author=person("heba.darwish")), "<p>كتبت: هبة درويش</p>", "", "هبة درويش"),
    (ld(headline=T, author=person("https://marfaa.example/heba")), "", "", ""),
    (ld(headline=T, author=person("كتب: هبة درويش")), "", "", "هبة درويش"),
    (ld(headline=T, author=person("هبة درويش - القاهرة")), "", "", "هبة درويش"),
    (ld(headline=T, author=person("هبة درويش, القاهرة")), "", "", "هبة درويش"),
    (ld(headline=T, author=person(" ")), "", "", ""),
    (ld(headline=T, author={"@type": "Organization", "name": "هيئة الإذاعة"}), "", "", ""),
    ("<meta name='author' content='هبة درويش'>", "", "", "هبة درويش"),
    ("<meta name='author' content='شركة الحلول الرقمية للبرمجة'>", "", "", ""),
    ("<meta name='author' content='Smart Solutions Co.'>", "", "", ""),
    ("<meta property='article:author' content='https://www.facebook.com/marfaa'>", "", "", ""),
    ("<meta name='twitter:creator' content='@heba'>", "", "", ""),
    ("", "", "<p>كتب: هبة درويش</p>", "هبة درويش"),
    ("", "<p>إعداد: هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>إعداد وتقديم: هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>تقرير: هبة درويش - تصوير: نادر فؤاد</p>", "", "هبة درويش"),
    ("", "<p>تصوير: نادر فؤاد</p>", "", ""),
    ("", "<p>ترجمة: نادر فؤاد</p>", "", ""),
    ("", "<p>تحرير: نادر فؤاد</p>", "", ""),
    ("", "<p>مونتاج: نادر فؤاد</p>", "", ""),
    ("", "<p>رسوم: نادر فؤاد</p>", "", ""),
    ("", "<p>حاورته: هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>أجرت الحوار: هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>أجرى المقابلة: سامي حداد</p>", "", "سامي حداد"),
    ("", "<p>القاهرة ـ هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>القاهرة – «المرفأ»</p>", "", ""),
    ("", "<p>بيروت: «المرفأ»</p>", "", ""),
    ("", "<p>خاص - هبة درويش</p>", "", "هبة درويش"),
    ("", "<p>أنشر مقالي هنا كل أسبوع</p>", "", ""),
    ("", "<p>رئيس التحرير: كمال داود</p>", "", ""),
    ("", "<p>المدير العام: كمال داود</p>", "", ""),
    ("", "<p>الوسوم: كمال داود</p>", "", ""),
    ("", "<a href='/tag/x'>كمال داود</a>", "", ""),
    ("", "<p>كتب الوزير كمال داود على تويتر</p>", "", ""),
    ("", "<p>تحقيق: قتل ثلاثة في الرملة</p>", "", ""),
    ("", "<p>متابعة: أحداث الرملة الأخيرة</p>", "", ""),
    ("", "<p>تقرير: أرباح المصارف</p>", "", ""),
    ("", "<p>تغطية: مؤتمر المناخ</p>", "", ""),
    ("", "<p>حوار: مستقبل الصحافة العربية</p>", "", ""),
]


def author(head: str, line: str, behind: str) -> str:
    text = f"<div class='x'>{p(FERRY.paragraphs)}{behind}</div>"
    body = f"<article><h1>{T}</h1>{line}{text}</article>{cards()}"
    named = metas(og__title=T, og__site_name=SITE, og__type="article")
    markup = page(named + head, body, title=f"{T} | {SITE}")
    return read_article_page(markup, "https://www.marfaa.example.eg/1").by


def test_the_author_is_right_or_empty() -> None:
    read = {case[:3]: author(*case[:3]) for case in CASES}
    assert read == {case[:3]: case[3] for case in CASES}
