"""What stands in the middle of a text: boxes of the page are left out, parts of the text are kept."""

# Markup stands in lines as long as it is.
# ruff: noqa: E501

from __future__ import annotations

import re

import pytest

from tests.support.pages.furniture import metas
from tests.support.pages.stories import FERRY
from tests.support.pages.templates import SITE, page
from workers.text.page.read import read_article_page

BOXES = [
    "<p><a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p><strong><a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></strong></p>",
    "<p><strong>اقرأ أيضًا | <a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></strong></p>",
    "<p>اقرأ/ي أيضاً: <a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p>إقرأ أيضاً</p><p><a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p><strong>إقرأ المزيد:</strong> <a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<h4>اقرأ في المرفأ</h4><ul><li><a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></li></ul>",
    "<div><span>اقرأ أيضاً</span><a href='/n/1'><img src='x.jpg'><span>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</span></a></div>",
    "<div class='abc'><div>متعلقات</div><div><a href='/n/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></div></div>",
    "<aside><h3>خلفية</h3><p>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</p></aside>",
    "<p>مادة إعلانية</p>",
    "<p>يستمر العرض بعد الإعلان</p>",
    "<div>- إعلان -</div>",
    "<p>Advertisement</p>",
    "<p>[إعلان]</p>",
    "<p>يتبع بعد الإعلان</p>",
    "<p>قصص مقترحة</p><ul><li><a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></li></ul>",
    "<blockquote class='instagram-media'><div><a href='https://www.instagram.com/p/x'>عرض هذا المنشور على Instagram</a></div><p><a href='https://www.instagram.com/p/x'>تمت مشاركة منشور بواسطة Ramla (@ramla)</a></p></blockquote>",
    "<blockquote class='instagram-media'><p>View this post on Instagram</p><p>A post shared by Ramla (@ramla)</p></blockquote>",
    "<div class='fb-post' data-href='x'></div>",
    "<figure><iframe></iframe><figcaption>لحظة وصول الناجين</figcaption></figure>",
    "<figure><img src='y.jpg'><p>ناجون يصلون إلى الميناء (المرفأ)</p></figure>",
    "<div class='image'><img src='y.jpg'><span>ناجون يصلون إلى الميناء (المرفأ)</span></div>",
    "<p><img src='y.jpg'></p><p style='text-align:center'><small>ناجون يصلون إلى الميناء</small></p>",
    "<p style='text-align:center'><img src='y.jpg'><br/>ناجون يصلون إلى الميناء (الفرنسية)</p>",
    "<div class='wp-caption'><img src='y.jpg'><p>ناجون يصلون إلى الميناء</p></div>",
    "<div class='video'><video></video><div>فيديو: لحظة الغرق</div></div>",
    "<div data-type='embed'><div class='jw'>تشغيل الفيديو</div><span>01:24</span></div>",
    "<div class='poll'><h4>استطلاع</h4><p>هل تؤيد بناء جسر؟</p><label>نعم</label><label>لا</label><button>صوت</button></div>",
    "<div class='inline-newsletter'><p>سجل في نشرتنا ليصلك كل جديد</p><input><button>سجل</button></div>",
    "<div class='follow'><p>تابعوا آخر أخبار المرفأ عبر Google News</p></div>",
    "<p>تابعوا المرفأ عبر <a href='#'>تلغرام</a> للحصول على آخر الأخبار</p>",
    "<p>للاشتراك في نشرتنا الإخبارية اضغط <a href='/n'>هنا</a></p>",
    "<div class='swiper'><div class='swiper-slide'><a href='/1'><h5>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</h5></a></div><div class='swiper-slide'><a href='/2'><h5>افتتاح معرض الكتاب بمشاركة مئتي دار</h5></a></div></div>",
    "<ul class='rel'><li><a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></li><li><a href='/2'>افتتاح معرض الكتاب بمشاركة مئتي دار</a></li></ul>",
    "<p>شاهد أيضاً: <a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p>شاهد بالفيديو.. <a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p>إقرأوا أيضا: وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</p>",
    "<p>لمزيد من التفاصيل: <a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p>(اقرأ: <a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a>)</p>",
    "<p>&gt;&gt; <a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<p>موضوع يهمك: <a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></p>",
    "<h3><a href='/1'>وزير الزراعة يتفقد سدود الجنوب بعد الأمطار الغزيرة</a></h3>",
    "<p>&nbsp;</p>",
    "<p>***</p>",
    "<hr>",
    "<p>. . .</p>",
    "<div class='ad-slot'><script>x</script><p>إعلان</p></div>",
    "<div class='audio'>استمع إلى المقال <span>00:00</span></div>",
    "<p><a href='/1'>اضغط هنا لمشاهدة الفيديو</a></p>",
    "<p>شاهد الفيديو:</p>",
    "<div role='complementary'><p>تذكير</p><p>كانت الهيئة قد أعلنت تفاصيل أخرى</p></div>",
]
PARTS = [
    "<h3>ماذا قال الناجون؟</h3>",
    "<h2>تحقيق رسمي</h2>",
    "<p><strong>شهادات</strong></p>",
    "<ul><li>مئة وأربعون راكبا</li><li>عشرة مفقودين</li></ul>",
    "<blockquote>لم نر شيئا قبل الاصطدام، ثم صاح أحدهم.</blockquote>",
    "<p>وقال: <a href='/t/1'>«لم نر شيئا»</a>.</p>",
    "<p>وأضاف في <a href='https://x.com/1'>تغريدة على حسابه الرسمي</a> أن البحث مستمر.</p>",
    "<div>نص في قسم بلا فقرة يصف ما جرى على الشاطئ في تلك الليلة.</div>",
    "<p><img src='e.jpg'>ووصل أقارب الركاب إلى الميناء منذ الصباح الباكر وانتظروا ساعات طويلة قبل أن يسمح لهم بالدخول.</p>",
    "<ol><li>عبارة الفجر</li><li>عبارة الظهر</li></ol>",
    "<table><tr><td>السنة</td><td>عدد الحوادث</td></tr><tr><td>2017</td><td>3</td></tr><tr><td>2018</td><td>5</td></tr></table>",
    "<p>قال شاهد:</p><p>- لم نر شيئا.</p>",
    "<dl><dt>الناجون</dt><dd>مئة وثلاثون</dd></dl>",
    "<p><span style='display:inline'>وبقيت السفن الأخرى في الميناء.</span></p>",
    "<div class='content-item'><p>وصلت سفينتان أخريان إلى موقع الحادث بعد ساعة واحدة.</p></div>",
]
TEXT = list(FERRY.paragraphs)
_TAG = re.compile("<[^>]+>")
_SIGNS = re.compile(r"\W+")


def paragraphs_with(markup: str) -> list[str]:
    text = [f"<p>{each}</p>" for each in TEXT]
    body = f"<div class='pg'><h1>{FERRY.title}</h1><div class='t'>{''.join([*text[:2], markup, *text[2:]])}</div></div>"
    head = metas(og__title=FERRY.title, og__site_name=SITE)
    markup = page(head, body, title=FERRY.title)
    return read_article_page(markup, "https://www.marfaa.example.eg/1").body_text.split("\n\n")


@pytest.mark.parametrize("markup", BOXES)
def test_a_box_in_the_text_is_left_out(markup: str) -> None:
    assert paragraphs_with(markup) == TEXT


@pytest.mark.parametrize("markup", PARTS)
def test_a_part_of_the_text_is_kept(markup: str) -> None:
    found = paragraphs_with(markup)
    kept = " ".join(each for each in found if each not in TEXT)
    assert _SIGNS.sub(" ", kept).split() == _SIGNS.sub(" ", _TAG.sub(" ", markup)).split()
    assert [each for each in found if each in TEXT] == TEXT
