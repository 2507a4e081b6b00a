"""The lines of a page that tell who wrote, edited or photographed, and the names in them."""

from __future__ import annotations

import re
from collections.abc import Collection

from workers.text.page.document import folded, one_line

MAX_NAME = 80
"""Code points of an author line."""

_VERB = (
    r"(?:كُ?تبت?(?:ه|ها|وا)?(?:\s+بواسطة)?|(?:نُ?شرت?\s+)?بواسطة|بقلم(?:\s+(?:الكاتبة?|الأستاذة?|الدكتورة?))?|حاور(?:ه|ها|ت|ته|تها|هم)?"
    r"|أجر[ىت]\s+(?:الحوار|المقابلة|اللقاء)|[إا]عداد(?:\s+و\S+)?"
    r"|أعد(?:ه|ها|ت|ته|تها)?(?:\s+(?:التقرير|للنشر))?"
    r"|الكاتبة?|الصحفية?|by|written by|author)"
)
# These also begin a headline: «تقرير: أرباح المصارف»; a name behind them must be known as one.
_KIND = r"(?:حوار|تقرير|تحقيق|تغطية|متابعة|قراءة|ملف)"
# Whoever edited, translated or photographed has a line, but has not written.
_OTHER_VERB = r"(?:تحرير|المحررة?|محررة?|رصد|ترجمة|تصوير|عدسة|مراجعة|edited by|editing by)"
_MARK = r"\s*[:：\-–—/|،]\s*"
_NAME_END = r"(?=\s*(?:[\-–—|/•·،,؛;(\[]|تصوير|عدسة|ترجمة|$))"
_WORD = r"[^\W\d_][^\W\d_.'’\-ـ]*[.'’]?"
_NAMES = rf"({_WORD}(?:[ \u00a0]{_WORD}){{1,5}})"
_MARKED = re.compile(rf"^(?:{_VERB}){_MARK}(?:{_VERB}{_MARK}?)?{_NAMES}{_NAME_END}", re.IGNORECASE)
_MARKED_KIND = re.compile(
    rf"^{_KIND}{_MARK}(?:(?:{_KIND}|{_VERB}){_MARK}?)?{_NAMES}{_NAME_END}", re.IGNORECASE
)
_UNMARKED = re.compile(
    r"^(?:كُ?تبت?(?:ه|ها)?(?:\s+بواسطة)?|(?:نُ?شرت?\s+)?بواسطة|بقلم|by|written by)\s+"
    rf"{_NAMES}{_NAME_END}",
    re.IGNORECASE,
)
_OTHERS = re.compile(rf"^(?:{_OTHER_VERB}){_MARK}{_NAMES}{_NAME_END}", re.IGNORECASE)
_SIGNATURE_JOINT = re.compile(r"\s*[\-–—:：|/()،,]+\s*|\s+ـ+\s+")
_LABEL = re.compile(
    r"^(?:(?:by|written by|author|text|posted by)\b"
    r"|(?:كُ?تبت?\s+|نُ?شرت?\s+|مرسلة\s+|أضيف\s+|المقال\s+|الكاتبة?\s+)?بواسطة"
    r"|الكاتبة?(?=\s*[:：،])|نص\s*(?=[:：])"
    r"|بقلم(?:\s+(?:الكاتبة?|الأستاذة?))?|اسم\s+الكاتبة?)[\s:：،]*",
    re.IGNORECASE,
)
_ROLE_BEHIND = re.compile(
    r"\s+(?:تابع|تابِع|متابعة|follow|مراسلة?|صحفية?|صحافية?|كاتبة?|محررة?)$", re.IGNORECASE
)
_DAY_BEHIND = re.compile(
    r"\s+(?:يوم\s+)?(?:السبت|الأحد|الاحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة)"
    r"(?![^\W\d_]).*$"
)
_HANDLE = re.compile(r"(?<!\S)[\w.+-]{0,64}@[\w.-]{1,100}")
_ARABIC_WORD = re.compile("[\u0620-\u064a]{2}")
_LATIN_WORD = re.compile("[a-zA-Z]{2}")
_EDGE_SIGNS = " \t-–—|•*:：."
_NO_NAME = re.compile(
    r"[\d@#&<>{}=_/\\|…!?؟«»\"]|https?:|www\.|\.(?:com|net|org|png|jpe?g|gif)\b", re.IGNORECASE
)

# fmt: off
_NO_PERSON = frozenset(folded(word) for word in (
    "كاتب", "كاتبة", "صحفي", "صحفية", "صحافي", "صحافية", "روائي", "روائية", "باحث", "باحثة",
    "مراسلة", "أستاذ", "أستاذة", "خبير", "خبيرة", "محلل", "محللة", "ناقد", "ناقدة", "إعلامي",
    "admin", "administrator", "editor", "editors", "editorial", "webmaster", "staff", "team",
    "desk", "newsroom", "news", "logo", "png", "jpg", "image", "user", "guest", "developer",
    "website", "site", "agency", "agencies", "correspondent", "reporter", "reuters", "afp", "ap",
    "unknown", "anonymous", "author", "authors", "online", "tv", "channel", "network", "media",
    "محرر", "المحرر", "محررة", "محررو", "تحرير", "التحرير", "هيئة", "فريق", "موقع", "الموقع",
    "صحيفة", "جريدة", "قناة", "وكالة", "وكالات", "الوكالات", "أخبار", "الأخبار", "نيوز", "شبكة",
    "بوابة", "مؤسسة", "مراسل", "المراسل", "مراسلو", "مراسلنا", "رويترز", "الأناضول", "فرانس",
    "برس", "أدمن", "ادمن", "مدير", "إدارة", "مشرف", "خاص", "متابعات", "ترجمة", "ترجمات", "مجهول",
    "قسم", "غرفة", "مصدر", "تلفزيون", "راديو", "إذاعة", "ديسك", "الديسك", "تصوير", "نت",
    "الإخبارية", "إخبارية", "الإخباري", "سي", "أون", "أونلاين", "لاين", "مباشر", "وزير", "الوزير",
    "رئيس", "الرئيس", "سفير", "السفير", "بيان", "النائب", "المتحدث", "شركة", "حلول", "برمجيات",
    "برمجة", "للبرمجة", "تصميم", "تطوير", "مجموعة", "مركز", "جامعة", "موفد", "موفدنا", "مندوب",
    "وحدة", "ملف", "استضافة", "القسم", "مكتب", "محررون", "المحررون", "يوميات", "آخر", "المزيد",
    "مقالات",
))
_PLACES_AND_AGENCIES = frozenset(folded(name) for name in (
    "القاهرة", "الرياض", "جدة", "مكة المكرمة", "دبي", "أبوظبي", "أبو ظبي", "الشارقة", "الدوحة",
    "الكويت", "المنامة", "مسقط", "صنعاء", "عدن", "بغداد", "أربيل", "البصرة", "دمشق", "حلب",
    "بيروت", "عمان", "عمّان", "القدس", "غزة", "رام الله", "الخرطوم", "طرابلس", "بنغازي", "تونس",
    "الجزائر", "الرباط", "الدار البيضاء", "نواكشوط", "مقديشو", "الإسكندرية", "لندن", "باريس",
    "واشنطن", "نيويورك", "موسكو", "برلين", "أنقرة", "اسطنبول", "إسطنبول", "طهران", "جنيف",
    "بروكسل", "رويترز", "أ ف ب", "أ.ف.ب", "فرانس برس", "د ب أ", "د.ب.أ", "أ ب", "أسوشيتد برس",
    "أ ش أ", "الأناضول", "واس", "وام", "قنا", "كونا", "بنا", "بترا", "سانا", "وفا", "واج", "وات",
    "شينخوا", "سبوتنيك", "تاس", "فرانس24", "فرانس 24", "الجزيرة نت", "الجزيرة", "العربية",
    "العربية نت", "سكاي نيوز عربية", "بي بي سي", "سي إن إن", "يورونيوز", "الحرة", "روسيا اليوم",
    "أ ب د", "نوفوستي", "وكالات", "الوكالات", "متابعات", "خاص", "CNN", "BBC", "AFP", "Reuters",
))
_SENTENCE_WORDS = frozenset(folded(word) for word in (
    "في", "من", "إلى", "عن", "أن", "إن", "التي", "الذي", "هذا", "هذه", "قال", "قالت", "كان",
    "كانت", "بعد", "قبل", "خلال", "مع", "بين", "حول", "لا", "لم", "ما", "ثم", "أو", "كما", "وقد",
    "وفي", "ومن", "مقالا", "مقالة", "تغريدة", "منشورا", "رسالة", "عبر", "لدى", "عند", "منذ", "حتى",
    "the", "of", "in", "on", "at", "for", "to", "with", "is", "was", "and",
))
_GIVEN = frozenset(folded(name) for name in (
    "أحمد", "محمد", "محمود", "مصطفى", "علي", "على", "حسن", "حسين", "خالد", "عمر", "عمرو",
    "إبراهيم", "يوسف", "كريم", "سامي", "سامر", "نادر", "فؤاد", "كمال", "جمال", "طارق", "ياسر",
    "هشام", "وليد", "ماجد", "نبيل", "رامي", "عادل", "عماد", "أيمن", "أشرف", "شريف", "حسام",
    "إسلام", "أمير", "باسم", "بسام", "بلال", "تامر", "توفيق", "جابر", "جورج", "حاتم", "حازم",
    "حمدي", "حمزة", "داود", "رائد", "راشد", "رشيد", "رضا", "رفيق", "زياد", "زكريا", "زيد", "سالم",
    "سعد", "سعود", "سعيد", "سلمان", "سليم", "سليمان", "سمير", "سيد", "شادي", "صابر", "صالح",
    "صلاح", "ضياء", "طه", "عاطف", "عامر", "عباس", "عبد", "عبدالله", "عبدالرحمن", "عبدالعزيز",
    "عثمان", "عدنان", "عزت", "عصام", "علاء", "عيسى", "غسان", "فادي", "فارس", "فاروق", "فتحي",
    "فراس", "فهد", "فيصل", "قاسم", "كامل", "لؤي", "ماهر", "مازن", "مالك", "مأمون", "مجدي", "محسن",
    "مروان", "مصعب", "معاذ", "معتز", "مهند", "منصور", "منير", "موسى", "ميشال", "ناصر", "نزار",
    "نضال", "نعيم", "هاني", "هيثم", "وائل", "وسام", "ياسين", "يحيى", "يزن", "إيهاب", "إياد", "أنس",
    "أسامة", "أكرم", "أنور", "بدر", "جهاد", "أمجد", "رمضان", "هبة", "ليلى", "سارة", "فاطمة",
    "مريم", "مي", "منى", "نور", "نورا", "نورة", "هند", "هدى", "هالة", "إيمان", "أسماء", "أمل",
    "أماني", "آية", "بسمة", "دعاء", "دنيا", "دينا", "رانيا", "رباب", "رحاب", "رشا", "رنا", "ريم",
    "ريهام", "زهراء", "زينب", "سحر", "سعاد", "سلمى", "سمر", "سميرة", "سناء", "سهى", "شيماء",
    "شيرين", "صفاء", "عائشة", "عبير", "علياء", "غادة", "فرح", "لمى", "لينا", "ماجدة", "مروة",
    "مها", "ميساء", "نادية", "نجلاء", "نسرين", "نهى", "نوال", "هاجر", "هناء", "هيام", "وفاء",
    "ياسمين", "جميلة", "خديجة", "حنان", "جنى", "رولا", "كارول", "ماري", "رغد", "سوسن", "لبنى",
    "سلوى",
))
"""Given names that are common."""
# fmt: on


def read_byline(line: str) -> str:
    """Return the name in a line such as «كتبت: هبة موسى», or an empty string."""
    if len(line) > 2 * MAX_NAME:
        return ""
    line = _bare(line)
    if found := _MARKED.match(line) or _UNMARKED.match(line):
        return one_line(found[1])
    found = _MARKED_KIND.match(line)
    return one_line(found[1]) if found and _is_given(found[1]) else ""


def _is_given(name: str) -> bool:
    """Say whether a name begins with a given name that is common."""
    words = [word for word in folded(name).split() if len(word) > 1]
    return bool(words) and (words[0] in _GIVEN or f"{words[0]} {words[-1]}" in _GIVEN)


def _bare(line: str) -> str:
    """Return a line without the addresses that stand behind a name."""
    return _DAY_BEHIND.sub("", _HANDLE.sub(" ", line)).strip(_EDGE_SIGNS)


def read_signature(line: str, names: Collection[str]) -> tuple[bool, str]:
    """Read a line of a place, an agency or the site, with or without a name beside it.

    Args:
        line: such as «القاهرة - هبة موسى», «المرفأ | هبة موسى», «رويترز» or «بيروت (أ ف ب)».
        names: of the site, each as `folded` gives it.

    Returns:
        Whether it is one, and the name in it, empty where there is none.
    """
    if len(line) > MAX_NAME:
        return False, ""
    parts = [part for part in _SIGNATURE_JOINT.split(line.strip(_EDGE_SIGNS)) if part.strip()]
    known = _PLACES_AND_AGENCIES.union(names)
    others = [part for part in parts if folded(part) not in known]
    if not 0 < len(parts) <= 4 or len(others) == len(parts):
        return False, ""
    if len(others) == 2 and folded(parts[-1]) in known and len(folded(others[0]).split()) <= 2:
        others = others[1:]  # «الرملة / هبة درويش / الأناضول»: no list has every place
    if len(others) > 1:
        return False, ""
    if not others:
        return True, ""
    name = person_name(others[0], set())
    return (True, name) if name and len(name.split()) <= 4 else (False, "")


def is_byline(line: str) -> bool:
    """Say whether a line only tells who wrote, edited or photographed."""
    if len(line) > 2 * MAX_NAME:
        return False
    bare = _bare(line)
    if _MARKED.match(bare) or _OTHERS.match(bare):
        return True
    return bool(person_name(read_byline(line), ()))  # «كتب الوزير تغريدة» is none


def person_name(name: str, sites: Collection[str]) -> str:
    """Return a name that can be a person's, without the words of a byline, or an empty string.

    Args:
        name: as the page writes it.
        sites: names of the site, each folded and without spaces.
    """
    name = one_line(name).strip(" -–—|،,:.")
    found = _MARKED.match(name) or _UNMARKED.match(name)
    name = _ROLE_BEHIND.sub("", found[1] if found else _LABEL.sub("", name))
    if not name or len(name) > MAX_NAME or _NO_NAME.search(name):
        return ""
    words = folded(name).split()
    if folded(name) in _PLACES_AND_AGENCIES or max(map(len, words), default=0) < 2:
        return ""
    if not 2 <= len(words) <= 6 or _NO_PERSON & set(words) or _SENTENCE_WORDS & set(words):
        return ""
    if _ARABIC_WORD.search(name) and _LATIN_WORD.search(name):  # «Next Previous واس»
        return ""
    key = "".join(words)
    if any(
        key == site or (len(key) > 4 and key in site) or (len(site) > 4 and site in key)
        for site in sites
    ):
        return ""
    return name
