"""Finds the names of buildings, streets and the like: «مستشفى الجلاء», «جسر الملك حسين».

The noun that says what the place is belongs to its name; a recogniser marks the second word alone
or not at all. Towns and regions keep their noun as a role («مدينة طنطا»).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from workers.entities.guideline.construct import find_head
from workers.entities.guideline.institution_words import NO_ADJECTIVES
from workers.entities.guideline.marks import OPENING_MARKS, closing_mark
from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key
from workers.model import Span

_ANY_NAME = word_set(
    """
    مطار ميناء مخيم سد جسر مسجد جامع كنيسه مستشفي معبر حي ملعب استاد ستاد قصر شارع ساحه ميدان متحف
    سجن كوبري حقل دوار حديقه مرفا اوتوستراد
    """
)
"""Before these, definite nouns and what opens names are names too."""

_DEFINITE: Mapping[str, frozenset[str]] = {
    "المسجد": word_set("الاقصي الحرام النبوي الاموي الكبير"),
    "الجامع": word_set("الازهر الاموي الكبير"),
    "المتحف": word_set("المصري البريطاني الوطني القومي"),
    "المسرح": word_set("البلدي الوطني القومي الملكي الروماني"),
    "القصر": word_set("الجمهوري الرئاسي الملكي الاميري الحكومي"),
    "الملعب": word_set("الاولمبي البلدي"),
    "المستشفي": word_set(
        """
        الجامعي العسكري الامريكي الاميركي السعودي الاوروبي المعمداني الاندونيسي الايطالي الفرنسي
        الالماني الاردني المغربي الاماراتي القطري الكويتي التركي الروسي الكندي الوطني المركزي
        الجنوبي الشمالي الاهلي
        """
    ),
    "الحرم": word_set("المكي النبوي القدسي الابراهيمي"),
}
"""Definite nouns and the adjectives that make a name of them."""

HEADS = (
    _ANY_NAME
    | _DEFINITE.keys()
    | word_set("محطه برج قلعه معتقل مقبره قاعده منتجع صاله مفاعل مصفاه مسرح فندق منفذ")
)
"""Search keys of what says that a place follows."""

_TITLES = word_set(
    "الملك الملكه الامير الاميره الشيخ الشيخه الرئيس السلطان الامام القديس السيده الشهيد القائد"
)
_SECOND_WORD_NEEDED = word_set(
    "راس كرم ابو ام بن عين بير بئر تل دير باب كفر بيت خان سيدي برج جبل وادي سان سانت"
)
_NOT_INDEFINITE = word_set(
    """
    دولي دوليه عسكري حدودي ميداني خاص حكومي محلي مدني جديد اخر كبير صغير رئيسي مركزي جامعي تعليمي
    عام مدينه بلده قريه محافظه ولايه منطقه جزيره ملعب نادي كره سوق مباراه حرب قتال انتظار مشاه لجوء
    في من علي الي عن لا ما لم يوم مده بعد قبل منذ شيعي سني هادئ سري العاب الغام اخري راقي كل
    بسبب بين عند حيث هو هي ان او ثم
    """
)
_NO_NAMES = word_set(
    """
    المدينه المنطقه العاصمه القريه البلده البلاد الحي المعركه القتال الحرب المباراه الفريق المنتخب
    النادي الخصم العمل العرض المنافسه اللعب السياسه الحدث الاحداث الجريمه الحكم الرئيسي الوحيد نفسه
    المذكور الجديد الجديده القديم القديمه التدريب المشاه اللاجئين النازحين الوافدين المهجرين
    الاحتجاز المتظاهرين الصيد المؤتمرات الضيافه السوق الاخير الطوارئ الحروق الرئاسه الحدود الذي
    التي الدولي الحالي الجهه المعهد الموسم الدوله الاطفال الحيوانات النفط الغاز السجناء الولايه
    المحافظه المخيم الميناء المطار الان اليوم الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت
    الماضي المقبل وهو وهي العجز النقص الثغرات المنزل القصر الحاويات الوقود القطار القطارات
    المستشفي الضحيه المصابين المرضي الفنون التكنولوجيا التكنولوجيات المعرفه الاستثمار الاقتصاد
    الانترنت الثقافه الرياضه الاعلام الطب الصحه البحث التعليم العلوم الاول الثاني المنافس المضيف
    العداله الاعمال الاخر الافتتاح الاصطياد الانزال الناشط الصحفي الصحافي الجهادي الجهاديه
    """
)
"""Definite nouns that tell of the place and do not name it: «ملعب الفريق», «مخيم اللاجئين»."""
_ADJECTIVES = word_set(
    "الكبير الكبيره الكبري القديم القديمه الجديد الجديده الاحمر الاخضر الازرق الابيض الاولي الاعظم"
)
_AFTER_NAME = word_set(
    """
    الدولي الدوليه الجامعي الحدودي التخصصي العسكري العسكريه العام المركزي النوويه النووي الجوي
    الجويه الكبير الحكومي الخيري
    """
)
"""Adjectives that belong to the name of a place after the name proper."""
_LONGEST_MARKED = 4
_SHORTEST_UNKNOWN = 4
_OFTEN_ENOUGH = 2
_OFTEN_GIVEN = 15
"""Times that a word opens a name before another may follow it: «شارع محمد علي»."""

CountsName = Callable[[str], int]
"""Tells how often a word opens a name."""


@lru_cache(maxsize=1024)
def building_head(word: str) -> str:
    """Return the noun of a building that a word is, without particles; empty for other words."""
    return find_head(word, HEADS)


def find_buildings(
    words: Sequence[str], heads: Sequence[int], spans: Sequence[Span], counts: CountsName
) -> list[Span]:
    """Find the buildings, streets and the like that a sentence names.

    Args:
        words: tokens of the sentence.
        heads: indices of those that may be the noun of one, ascending.
        spans: the names found so far, in order, never overlapping.
        counts: tells how often a word opens a name.

    Returns:
        Places, in order, never overlapping.
    """
    by_start = {span.start: span for span in spans}
    inside = {i: span for span in spans for i in range(span.start, span.end)}
    found: list[Span] = []
    for i in heads:
        head = building_head(words[i])
        if not head or (found and i < found[-1].end):
            continue
        if i in inside and inside[i].type != "LOC":
            continue  # «قصر الإليزيه» is an institution, «مسجد» ends the name of a film
        if head in _DEFINITE:
            start, end = i, _definite_end(words, i + 1, head, by_start)
        else:
            start, end = i + 1, _end(words, i + 1, head, by_start, counts)
        if end < 0:
            start, end = i + 2, -end
        elif end:
            start = i
        if end:
            end += end < len(words) and cached_key(words[end]) in _AFTER_NAME
            found.append(Span(start, end, "LOC"))
    return found


def _end(
    words: Sequence[str], i: int, head: str, by_start: Mapping[int, Span], counts: CountsName
) -> int:
    """Return the index after the name that follows its noun; negative where it stands in marks."""
    if i >= len(words):
        return 0
    span = by_start.get(i)
    if span is not None:
        is_name = _may_name(words[i], span, head, counts)
        return span.end if is_name else 0
    if head not in _ANY_NAME:
        return 0
    if words[i] in OPENING_MARKS:
        return _marked(words, i)
    key = cached_key(words[i])
    if key in _TITLES and i + 1 < len(words):
        titled = by_start.get(i + 1)
        if titled is not None:
            return titled.end
        return i + 2 if counts(words[i + 1]) >= _OFTEN_ENOUGH else 0
    end = _unmarked_end(words, i, by_start, counts)
    if not end and head == "مطار" and _may_be_unknown(words[i]):
        return i + 1
    return end


def _may_be_unknown(word: str) -> bool:
    """Tell whether a word after «مطار» may be a place that nobody has heard of."""
    key = cached_key(word)
    return (
        len(key) >= _SHORTEST_UNKNOWN
        and key.isalpha()
        and key[0] not in "وفك"
        and key not in _NOT_INDEFINITE | _NO_NAMES
        and not key.endswith(("ي", "يه"))
    )


def _may_name(word: str, span: Span, head: str, counts: CountsName) -> bool:
    """Tell whether a name that was found right after the noun of a building belongs to it."""
    if span.type == "PERS" and head == "سجن":
        return False  # «سجن» is to imprison as well
    if span.type == "ORG" and head == "ميدان":
        return False  # «في ميدان باريس سان جيرمان»: where the club plays
    if word[0] in "بل" and counts(word[1:]) > counts(word):
        return False  # «ميناء بباكستان»
    if span.type in ("ORG", "MISC") and head not in _ANY_NAME:
        return False
    return cached_key(word) not in _NO_NAMES


def _unmarked_end(
    words: Sequence[str], i: int, by_start: Mapping[int, Span], counts: CountsName
) -> int:
    """Return the index after a name that no span covers, 0 where there is none."""
    key = cached_key(words[i])
    if key.startswith("ال") and len(key) > 3:
        if key in _NO_NAMES or key in NO_ADJECTIVES:
            return 0
        after = by_start.get(i + 1)
        if after is None and i + 1 < len(words) and _describes(words[i + 1]):
            return i + 2
        return i + 1
    if key in _NOT_INDEFINITE or not key.isalpha() or counts(words[i]) < _OFTEN_ENOUGH:
        return 0
    end = i + 1
    while end < len(words) and cached_key(words[end - 1]) in _SECOND_WORD_NEEDED:
        end += 1
    goes_on = end < len(words) and counts(words[end - 1]) >= _OFTEN_GIVEN
    if goes_on and cached_key(words[end]) not in _NOT_INDEFINITE:
        end += counts(words[end]) >= _OFTEN_ENOUGH
    return end


def _definite_end(words: Sequence[str], i: int, head: str, by_start: Mapping[int, Span]) -> int:
    """Return the index after «المسجد الأقصى» or «المستشفى الجامعي الحسن الثاني», else 0."""
    if i >= len(words) or cached_key(words[i]) not in _DEFINITE[head]:
        return 0
    following = by_start.get(i + 1)
    # «القصر الرئاسي وهادي يستقيل» is a palace and a man
    is_called = following is not None and following.type == "PERS" and words[i + 1][0] != "و"
    return following.end if following is not None and is_called else i + 1


def _marked(words: Sequence[str], i: int) -> int:
    """Return minus the index after a name in marks, 0 where the marks hold more than a name."""
    end = closing_mark(words, i, _LONGEST_MARKED)
    is_name = end and all(word.replace("-", "").isalpha() for word in words[i + 1 : end - 1])
    return -end if is_name else 0


def _describes(word: str) -> bool:
    key = cached_key(word)
    return key in _ADJECTIVES or (
        key.startswith("ال") and key.endswith(("ي", "يه")) and key not in NO_ADJECTIVES
    )
