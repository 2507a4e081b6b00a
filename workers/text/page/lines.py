"""What stands around an article and is none of it: captions, share lines, tags, other headlines."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from workers.text.page.bylines import is_byline, read_signature
from workers.text.page.document import folded
from workers.text.page.written_dates import date_behind, is_date_line

SHORT = 200
"""Code points up to which a paragraph can be a line around the text."""

# A line that opens so and is short is never part of an article.
_MORE = (
    r"(?:[إا]قر[أا](?:/?ي|وا)?\s*(?:أ|ا|إ)?يض[اًا]+|[إا]قر[أا](?:/?ي|وا)?\s*(?:المزيد|[:：])|(?:موضوع|خبر|مقال)\s+(?:قد\s+)?(?:يهمك|يعجبك)|قد\s+(?:يعجبك|يهمك|تهمك)(?:\s+[أا]يض[اًا]+)?|شاهد(?:\s+[أا]يض[اًا]+|(?:\s+(?:بالفيديو|بالصور|الفيديو|الصور))?\s*[.:：…|]+)|طالع\s+[أا]يض[اًا]+"
    r"|اطلع\s+[أا]يض[اًا]+|تابع\s+[أا]يض[اًا]+|(?:مواضيع|موضوعات|أخبار|اخبار|مقالات)\s+(?:ذات\s+صلة|متعلقة|مشابهة|مرتبطة)"
    r"|(?:لمزيد|للمزيد)(?:\s+من\s+(?:الأخبار|التفاصيل\s*[:：]|المعلومات\s*[:：])|\s*[:：\-–…]|\s+اقر[أا])|ذات\s+صلة|روابط\s+ذات\s+صلة|المزيد\s+من\s+(?:الأخبار|المواضيع)|الأكثر\s+(?:قراءة|مشاهدة|تداولا)"
    r"|read\s+(?:more|also|next)\b|also\s+read\b|related\s*(?:articles|stories|topics|news)?\s*:)"
)
_BOX = (
    r"(?:(?:قصص|مقالات|مواضيع|أخبار|فيديوهات)\s+(?:مقترحة|موصى\s+بها)|متعلقات|مختارات|اخترنا\s+لكم?|(?:آخر|أهم|أبرز|أحدث)\s+(?:الأخبار|العناوين|المقالات|المواضيع|الموضوعات|المستجدات)|(?:ال)?أخبار\s+(?:ساخنة|أخرى|مشابهة|عاجلة)"
    r"|(?:أخبار|مقالات|مواضيع|موضوعات|تقارير)\s+(?:أخرى|إضافية|مختارة|قد\s+\S+)|المزيد(?:\s+(?:من|في|حول|عن)\s+.{1,30})?|(?:ا)?قرأ\s+(?:في|من)\s+.{1,20}"
    r"|من\s+نفس\s+القسم|في\s+هذا\s+(?:القسم|الملف)|الأكثر\s+\S+(?:\s+\S+)?|شريط\s+الأخبار|(?:مقالات|مواضيع)\s+(?:أخرى\s+)?لل(?:كاتب|مؤلف)ة?|موضوعات\s+مقترحة"
    r"|السابق\s+والتالي|اشترك\s+.{1,40}|النشرة\s+(?:البريدية|الإخبارية|اليومية|الأسبوعية)|إعلان|اعلان|advertisement)"
)
_SHARE = (
    r"(?:شارك(?:ها|ه|نا|وا)?(?=\s*(?:$|[:!]|المقال|الخبر|هذا\s+(?:المقال|الخبر|الموضوع)|الموضوع|الصفحة|برأيك|(?:على|عبر)?\s*(?:فيسبوك|تويتر|واتس)))"
    r"|مشاركة(?=\s*(?:$|:|المقال|الخبر))|انشر(?=\s*(?:$|:|الخبر))|إرسال\s+إلى\s+صديق|ارسل(?=\s*(?:$|لصديق))"
    r"|طباعة(?=\s*(?:$|الخبر|المقال))|اطبع|حفظ\s*$|نسخ\s+الرابط|انسخ\s+الرابط|تم\s+نسخ\s+الرابط|رابط\s+مختصر"
    r"|حجم\s+الخط|استمع\s+(?:للخبر|للمقال|لهذا\s+المقال|إلى\s+(?:المقال|الخبر|هذا\s+المقال))|الاستماع\s+(?:إلى\s+المقال|للمقال)|أضف\s+تعليق|اضف\s+تعليق|التعليقات(?=\s*(?:$|[(\d]))"
    r"|(?:\d+\s+)?تعليق(?:ات)?\s*$|مدة\s+القراءة|وقت\s+القراءة|دقائق?\s+للقراءة|\d+\s+دقائق?\s+(?:للقراءة|قراءة)|عدد\s+(?:المشاهدات|القراءات)"
    r"|(?:منذ|قبل)\s+(?:\d+\s+)?(?:ثانية|ثوان|دقيقة|دقائق|ساع|يوم|أيام|أسبوع|أسابيع|شهر|أشهر|سن|عام|أعوام)\w*\s*$"
    r"|\d{1,2}:\d\d(?:\s*/\s*\d{1,2}:\d\d)?\s*$|photos?\s*:.*|إعلان\W*$|اعلان\W*$|-?\s*advertisement\s*-?\s*$"
    r"|مادة\s+إعلانية|(?:يستمر|يتبع|تستمر|استمر)\s+.{0,20}بعد\s+الإعلان|قصة\s+مقترحة|view\s+this\s+post\s+on|a\s+post\s+shared\s+by|عرض\s+هذا\s+المنشور|تمت\s+مشاركة\s+منشور"
    r"|ع(?:\s+ع)*\s*$|الخط\s*\W*$|a\s*[+\-]\s*a?\s*[+\-]?\s*$"
    r"|تكبير\s+الخط|تصغير\s+الخط|فيسبوك\s*$|تويتر\s*$|واتس\s?[أا]ب\s*$|تيليجرام\s*$|تلغرام\s*$"
    r"|share(?:\s+(?:this|on|via)\b|\s*$)|tweet\s*$|print\s*$|facebook\s*$|twitter\s*$|whatsapp\s*$|listen\s+to\b|copy\s+link|advertisement\s*$)"
)
_FOLLOW = (
    r"(?:تابعونا|تابعنا|تابع(?:وا)?\s+(?:آخر\s+الأخبار|أخبارنا|قناتنا|صفحتنا)|اشترك(?:وا)?\s+(?:الآن|معنا|بنشرتنا|في\s+(?:نشر|النشر|خدم|قنا|القنا))"
    r"|(?:يمكنكم|يمكنك)\s+(?:استلام|متابعة|الاشتراك|تحميل)|(?:لمتابعة|للاشتراك|للانضمام|لتلقي)\s+.{0,60}(?:تلغرام|تليغرام|تيليجرام|تلجرام|واتس\s?[أا]ب|فيسبوك|تويتر|قناتنا|قناة|تطبيق|النشرة)"
    r"|انضم(?:وا)?\s+(?:إلينا|لقنا|الآن|إلى\s+قنا)|حمل(?:وا)?\s+تطبيق|سجل\s+(?:الآن|بريدك)|النشرة\s+(?:البريدية|الإخبارية)|للاشتراك"
    r"|follow\s+us\b|sign\s+up\b|subscribe\s+(?:to|now)\b)"
)
_CREDIT = (
    r"(?:المصدر\s*[:：\-–]|مصدر\s+الصورة|صدر\s+الصورة|تصوير\s*[:：\-–/]|عدسة\s*[:：\-–/]|الصورة\s*[:：]|صورة\s+(?:أرشيفية|ارشيفية|تعبيرية|توضيحية)"
    r"|أرشيفية\s*$|التعليق\s+على\s+الصورة|©|\(c\)|getty\s+images|image\s+(?:source|caption))"
)
_TAGS = (
    r"(?:الوسوم|وسوم|كلمات\s+(?:دلالية|مفتاحية|البحث)|الكلمات\s+(?:الدلالية|المفتاحية)|مفاتيح|تاجات|التصنيف(?:ات)?\s*[:：]|الأقسام\s*[:：]"
    r"|موضوعات\s*[:：]|tags?\s*[:：]|topics?\s*[:：]|filed\s+under)"
)
_POLICY = (
    r"(?:(?:إن|ان)?\s*(?:التعليقات|الآراء|المقالات)\s+(?:المنشورة|الواردة|الموجودة|لا\s+تعبر|تعبر|المكتوبة)|(?:هذا\s+)?(?:المقال|الرأي)\s+(?:لا\s+)?يعبر\s+"
    r"|الآراء\s+الواردة|سياسة\s+(?:التعليق|الخصوصية|النشر)|شروط\s+(?:التعليق|النشر|الاستخدام)|تعليقات\s+(?:القراء|الزوار)"
    r"|(?:هذه\s+)?الأخبار\s+المنشورة\s+على|تنويه\s*[:：]|جميع\s+الحقوق\s+محفوظة|حقوق\s+النشر|يرجى\s+(?:الالتزام|عدم)|(?:تحتفظ|يحتفظ)\s+(?:إدارة|الموقع|الصحيفة|الجريدة|القناة).{0,40}بحق|لن\s+يتم\s+نشر\s+(?:أي\s+)?(?:ال)?تعليق|نرحب\s+بتعليقات|شروط\s+نشر"
    r"|all\s+rights\s+reserved|comments?\s+(?:policy|are\s+closed))"
)
_COOKIES = (
    r"(?:(?:نستخدم|يستخدم\s+(?:هذا\s+)?(?:ال)?موقع\S*)\s*.{0,20}(?:ملفات|الكوكيز|كوكيز|تعريف\s+الارتباط)"
    r"|باستمرارك\s+في|بالضغط\s+على\s+\W?(?:موافق|قبول|أوافق)|سياسة\s+ملفات|نحن\s+وشركاؤنا|we\s+(?:and\s+our|use)\s+.{0,20}(?:cookies|partners)|this\s+(?:web)?site\s+uses\s+cookies|by\s+continuing\s+to)"
)
_ANYWHERE = re.compile(rf"^\W*{_SHARE}", re.IGNORECASE)
_AROUND = re.compile(rf"^\W*(?:{_SHARE}|{_FOLLOW}|{_CREDIT})", re.IGNORECASE)
_TAG_LINE = re.compile(rf"^\W*{_TAGS}", re.IGNORECASE)
_COOKIE_LINE = re.compile(rf"^\W*{_COOKIES}", re.IGNORECASE)
_POLICY_LINE = re.compile(rf"^\W*{_POLICY}", re.IGNORECASE)
_MORE_LABEL = re.compile(rf"^\W*{_MORE}[\s:：.…\-–]*$", re.IGNORECASE)
_BOX_LABEL = re.compile(rf"^\W*(?:{_MORE}|{_BOX})[\s:：.…\-–]*$", re.IGNORECASE)
_MORE_LINE = re.compile(rf"^\W*{_MORE}", re.IGNORECASE)
_SIGN = re.compile(r"^\W*$")
_DATE_LABELS = re.compile(
    r"^(?:\W*(?:(?:تاريخ\s+)?(?:ال)?نشر(?:ت)?(?:\s+في)?|نُشرت?(?:\s+في)?|(?:[آا]خر\s+)?تحديث|updated|published)\W*)+$",
    re.IGNORECASE,
)
# What stands alone behind a text: ways on, numbers of the news, requests, addresses.
_BEHIND = re.compile(
    r"^\W*(?:(?:ال)?مصدر(?:\s*[:：\-–].*)?|نقل[اً]+\s+عن\s+.{1,40}|(?:ال)?علامات\s*:.*|تاغ\S*\s*:.*|ما\s+رأي\S+|هل\s+(?:أعجب|لديك|وجدت|ترغب|تريد)\S*\s+.{0,50}"
    r"|لقراءة\s+.{1,60}|لمشاهدة\s+.{1,60}|اضغط\s+(?:هنا|على).{0,50}|(?:طالع|شاهد|تابع|اقر[أا])\s+(?:المزيد|الفيديو|الصور|المقال|الخبر).{0,120}|(?:ربما|قد)\s+(?:يعجب|يهم)\S+.{0,20}"
    r"|المزيد(?:\s+(?:من|عن|حول|في)\s+.{1,30})?|(?:العودة|عودة)\s+إلى\s+.{1,40}|(?:ال)?(?:صفحة|خبر|مقال|مقالة|موضوع|عدد)?\s*(?:السابقة?|التالية?|القادمة?)"
    r"|لا\s+توجد\s+تعليقات.{0,20}|تعليقات\s+(?:فيسبوك|حول\s+\S+)|لم\s+يعد\s+.{0,20}التعليق.{0,20}|[إا]رسال|[أا]رسل(?:\s+.{0,30})?|(?:ال)?رابط\s+(?:ال)?(?:مختصر|قصير).{0,60}"
    r"|حمّ?ل\s+(?:ال)?تطبيق.{0,40}|(?:إبلاغ|أبلغ|ابلغ)\s+عن\s+.{1,30}|انتهى\W+(?:\w\W*){1,4}|(?:يُ?تبع|للحديث\s+بقية)|نُ?شر(?:ت)?\s+(?:هذا\s+\S+\s+)?في\s+(?:ال)?(?:عدد|نسخة|صحيفة|جريدة)\s+.{1,40}"
    r"|شارك(?:ت)?\s+في\s+(?:التغطية|إعداد\s+.{1,20})\s*:.*|للتواصل\s+(?:مع\s+)?.{1,60}|(?:(?:تويتر|فيسبوك|إيميل|البريد(?:\s+الإلكتروني)?|twitter|email)\s*:?\s*)?\S*@\S+"
    r"|(?:صورة?|صور|فيديو|إخراج|مونتاج|غرافيك|تصميم|رسوم)\s*[:：]\s*.{1,40}|إعلان|اعلان|[\d٬,.]+\s+(?:قراءة|مشاهدة|مشاركة|إعجاب)|(?:ال)?تقييم.{0,20}|\d\s*/\s*\d+|(?:رقم|كود|رمز)\s+(?:ال)?(?:خبر|مقال)\s*.{0,20}"
    r"|[ـ_\-=*~.]{3,})\W*$",
    re.IGNORECASE,
)
# Who reads on below a text.
_READERS = re.compile(
    r"^\W*(?:(?:آراء|تعليقات|ردود)\s+(?:القراء|الزوار)|(?:ال)?تعليقات\s*(?:\W*\d+\W*)?|(?:\d+\s+)?تعليق(?:ات)?|(?:اترك|أضف|اضف|اكتب|شارك\s+ب)\s*(?:تعليق\S*|رد\S*)|شاركنا\s+رأيك"
    r"|(?:\d+\s+)?comments?|leave\s+a\s+(?:comment|reply))\W*$",
    re.IGNORECASE,
)
# Initials of editors, agencies' ends of a message, numbers and addresses alone.
_INITIALS = re.compile(
    r"^\(?(?:[\u0621-\u064a]{1,2}\.\s?){1,3}[\u0621-\u064a]{0,2}(?:\s*[/،,\-–]\s*(?:[\u0621-\u064a]{1,2}\.\s?){1,3}[\u0621-\u064a]{0,2})*\)?"
    r"\s*(?:\([^()]{0,60}\))?$"
)
_END = re.compile(
    r"^[\W_]*(?:[\u0621-\u064a](?:\s+[\u0621-\u064a]){1,2}|(?:#\S+\s*)+|انتهى|ان[تـ]+هى|\d{1,2}[:.]\d\d\s*ت\s*م|\d{3,6}|(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?)[\W_]*$",
    re.IGNORECASE,
)
# What a bureau signs with: «(إعداد … للنشرة العربية - تحرير …)».
_BUREAU = re.compile(
    r"^\W*(?:إعداد|تغطية|كتابة|شارك(?:ت)?\s+في\s+التغطية|ساهم(?:ت)?\s+في).*(?:للنشرة\s+العربية|تحرير|التقرير|التغطية)"
)
# «* كاتب وروائي من …» below a column.
_ROLE = re.compile(
    r"^(?:[*•●]\s*|-\s*)?(?:ال)?(?:كاتب|باحث|أكاديمي|صحفي|صحافي|أستاذ|محلل|خبير|روائي|ناقد|شاعر|محام|مستشار|دبلوماسي|سفير\s+سابق|وزير\s+سابق|إعلامي|مدون|مفكر|مؤرخ)"
    r"(?:ي|ة|ية)?(?:\s+و?\S+){0,9}$"
)
_VERBAL = re.compile(r"(?<!\S)(?:لم|لن|قد|كان|كانت|أن|إن|قال|قالت|يقول|الذي|التي)(?!\S)")
_ARABIC = re.compile("[\u0620-\u064a]")
_SENTENCE_ENDS = (".", "؟", "!", ":", "،", "»", '"', "…")
_MAX_LABELS = 3
_PLACES = (
    r"(?:تطبيق|إشعارات|قناتنا|قناة\s+\S+\s+على|النشرة|نشرتنا|تلغرام|تليغرام|تيليجرام|واتس\s?[أا]ب|فيسبوك|تويتر|يوتيوب"
    r"|[إا]نستغرام|غوغل|جوجل|google\s+news|بريدك)"
)
# What asks to follow, with where: longer than a bare «تابعونا». Some of these can begin a sentence.
_OFFER = re.compile(
    rf"^\W*(?:للاشتراك|للانضمام|لمتابعة|لتلقي|اشتركوا|انضموا|تابعوا|تابعونا|حملوا|و?يمكنكم)\b.*{_PLACES}",
    re.IGNORECASE,
)
_OFFER_AT_EDGE = re.compile(
    rf"^\W*(?:[أا]ضف|يمكنك|اشترك|انضم|تابع|حمل|سجل|اضغط)\b.*{_PLACES}", re.IGNORECASE
)
_OFFER_LENGTH = 150
_LABEL_LENGTH = 40
_LABEL_WORDS = 5
_LONG_POLICY = 600
_SHARE_LENGTH = 80  # a longer line that opens so is a sentence
_MAX_TRIMMED = 12  # lines at either edge


def is_more_label(text: str) -> bool:
    """Say whether a text is only the label above links to other articles («اقرأ أيضا:»)."""
    return len(text) <= 60 and bool(_MORE_LABEL.match(text))


def is_box_label(text: str) -> bool:
    """Say whether a text is the label above a box of other articles or of what a site offers."""
    return len(text) <= 60 and bool(_BOX_LABEL.match(text))


def is_readers_label(text: str) -> bool:
    """Say whether a text is the label above what readers wrote or may write."""
    return len(text) <= 60 and bool(_READERS.match(text))


def is_more_line(text: str) -> bool:
    """Say whether a text is a label with the headline of another article behind it."""
    return len(text) <= SHORT and bool(_MORE_LINE.match(text))


def trim_lines(
    paragraphs: Sequence[str],
    title: str,
    captions: Collection[str],
    names: Collection[str],
    sites: Collection[str],
) -> tuple[list[str], list[str], list[str]]:
    """Take the lines around an article off its paragraphs.

    Args:
        paragraphs: of the page's main text.
        title: of the article.
        captions: of its pictures, each as `folded` gives it.
        names: of the section and keywords, likewise.
        sites: names of the site, likewise.

    Returns:
        The paragraphs of the article, the lines before them, and those behind.
    """
    kept = [each for each in paragraphs if not _is_inserted(each)]
    known = {*captions, *names, *sites}
    heading = folded(title)
    end = len(kept)
    start = _count_before(kept, {*known, heading}, sites)
    first_behind = max(start, end - _MAX_TRIMMED)
    while end > first_behind and (
        _is_policy(kept[end - 1])
        or _is_ending(kept[end - 1])
        or _is_around(kept[end - 1], known, sites)
    ):
        end -= 1
    body = [each for each in kept[start:end] if len(each) > SHORT or folded(each) not in captions]
    return body, kept[:start], kept[end:]


def _is_inserted(paragraph: str) -> bool:
    """Say whether a paragraph belongs to the page wherever it stands."""
    if len(paragraph) <= _OFFER_LENGTH and _OFFER.match(paragraph):
        return True
    if _SIGN.match(paragraph) or _DATE_LABELS.match(paragraph) or is_more_line(paragraph):
        return True
    return len(paragraph) <= _SHARE_LENGTH and bool(_ANYWHERE.match(paragraph))


def _count_before(paragraphs: Sequence[str], known: Collection[str], sites: Collection[str]) -> int:
    """Count the lines before a text that belong to the page.

    Lines of a few words count too where a long Arabic paragraph follows: places, names, labels.
    """
    count = labels = 0
    for number, line in enumerate(paragraphs[:_MAX_TRIMMED]):
        if _is_around(line, known, sites):
            count = count if labels else number + 1
        elif len(line) <= _LABEL_LENGTH and len(line.split()) <= _LABEL_WORDS:
            labels += 1
            if labels > _MAX_LABELS or line.endswith(_SENTENCE_ENDS):
                return count
        else:
            is_text = len(line) >= 2 * _LABEL_LENGTH and "\n" not in line
            return number if is_text and _ARABIC.search(line) else count
    return count


def _is_ending(paragraph: str) -> bool:
    """Say whether a paragraph behind the text is what a desk or a wire adds, or says who writes."""
    if len(paragraph) > SHORT:
        return False
    if any(each.match(paragraph) for each in (_INITIALS, _END, _BUREAU, _BEHIND, _READERS)):
        return True
    return (bool(_ROLE.match(paragraph)) and not _VERBAL.search(paragraph)) and (
        paragraph[0] in "*•●-" or len(paragraph) <= 60
    )


def _is_policy(paragraph: str) -> bool:
    """Say whether a paragraph behind the text lists tags or the rules for comments."""
    if len(paragraph) <= SHORT and _TAG_LINE.match(paragraph):
        return True
    return len(paragraph) <= _LONG_POLICY and bool(_POLICY_LINE.match(paragraph))


def _is_around(paragraph: str, known: Collection[str], sites: Collection[str]) -> bool:
    """Say whether a paragraph at an edge belongs to the page."""
    if folded(paragraph) in known:
        return True
    if len(paragraph) <= _LONG_POLICY and _COOKIE_LINE.match(paragraph):
        return True
    if len(paragraph) > SHORT:
        return False
    if len(paragraph) <= _SHARE_LENGTH and _AROUND.match(paragraph):
        return True
    if _OFFER.match(paragraph) or _OFFER_AT_EDGE.match(paragraph):
        return True
    is_signed, _ = read_signature(paragraph, sites)
    if is_signed or is_date_line(paragraph) or is_byline(paragraph):
        return True
    dated = date_behind(paragraph)  # «سامي حداد | 8 فبراير 2019»
    return bool(dated) and len(paragraph) - len(dated) <= _LABEL_LENGTH
