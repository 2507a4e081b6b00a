"""Finds the places where an article repeats a name that the recogniser did not mark.

Looked for are names of two words or more, and family names that one person of the article bears.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nabaa.types import EntityType, Mention, TextField
from workers.entities.groups.persons import families
from workers.entities.mentions.clitics import ArticleWords, list_cuts, part_clitics
from workers.entities.mentions.name_words import NameWords, opening_key, word_set
from workers.entities.mentions.roles import is_title
from workers.entities.mentions.verbs import is_saying
from workers.entities.model import TypedMention

_SHORTEST_FAMILY = 3
MAX_SOUGHT = 400
"""Names that are looked for in the texts of one article, each in one pass."""
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]+")
_PARTICLES = frozenset(("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "فك"))
_LONGEST_PARTICLES = 2
_LONGEST_WORD = 24
_FEWEST_OPENINGS = 3
_MAKES_ANOTHER_NAME = ("الدين", "الله", "بن ")

# Family names (without «ال») that are words of the language oftener than names.
_COMMON_WORDS = word_set(
    """
    على علي مع ما اول ثاني ثالث رابع خامس سادس عالم سلام سلامة صباح مساء عهد صدر حق خير فضل نصر
    نور فجر هلال قمر نجم شمس بدر سعيد كامل صالح صادق عادل جميل كريم كبير صغير طويل قصير شريف عزيز
    حكيم حليم رحيم امين مالك حافظ طالب غالب نادر ثابت ناجح حاضر غائب قادم شيخ سيد امير ملك وزير
    رئيس سلطان حاكم قاضي حداد نجار خياط بيطار صياد طيار خطيب طبيب كاتب شاعر معلم مصري سوري عراقي
    مغربي تونسي جزائري ليبي سوداني يمني سعودي قطري كويتي بحريني عماني اردني فلسطيني لبناني تركي
    ايراني كردي عربي هندي فرنسي روسي حربي بحري بدوي علوي شرقي غربي شمالي جنوبي رمضان شعبان رجب
    محرم صفر جمعة خميس سبت ماي مايو مارس جيل حرب سيف نمر فهد ذئب صقر حجر جبل بحر نهر وادي جبال
    حديد ذهب فضة عيد ميلاد فرح فرحات سرور امل حلم رجاء دعاء وفاء هدى منى ندى غني فقير حي ميت هادي
    مهدي مفتاح باب بيت دار قصر جسر طريق درب شهير معروف مشهور محبوب موجود مسعود مقبول منصور مبروك
    عوض بديل كون لي لو كي باي هو يو بول وايت كوك براون بلاك كينغ وود لونغ يونغ ستون فان دين زين
    كرم جود حسني كافي شافي وافي عمري نووي عظيم رحمن موحد مختار حسن حسين محمد احمد محمود عمر عثمان
    خالد وليد سامي رامي هاني سوف
    """
)


@dataclass(frozen=True, slots=True)
class _SoughtName:
    group: int
    type: EntityType
    name: str
    is_family: bool
    is_sure: bool = True


def find_unrecognised_mentions(
    mentions: Sequence[TypedMention],
    groups: Sequence[Sequence[int]],
    texts: Mapping[TextField, str],
    names: NameWords,
) -> list[tuple[int, TypedMention]]:
    """Find occurrences of established names that no mention covers.

    Args:
        mentions: of one article.
        groups: indices of the mentions of each entity.
        texts: the delivered texts.
        names: how often words open names.

    Returns:
        Index of the group and the new mention, which overlaps no other.
    """
    wanted = _wanted(mentions, groups, names)
    found: list[tuple[int, TypedMention]] = []
    for field, text in texts.items():
        taken = sorted(
            (m.mention.start, m.mention.end) for m in mentions if m.mention.field == field
        )
        folded, offsets = _fold(text)
        for key, want in wanted.items():
            for start, end in _occurrences(key, folded):
                left, right = offsets[start], offsets[end]
                place = bisect_left(taken, (right, 0))
                if place and taken[place - 1][1] > left:
                    continue
                if not _is_name_here(
                    folded, start, end, text[max(0, left - _LONGEST_WORD) : left], want, names
                ):
                    continue
                taken.insert(place, (left, right))
                mention = Mention(field, left, right, text[left:right])
                found.append((want.group, TypedMention(want.type, mention, want.name)))
    return found


def _wanted(
    mentions: Sequence[TypedMention], groups: Sequence[Sequence[int]], names: NameWords
) -> dict[str, _SoughtName]:
    """List what to look for, longest first, so that a full name is found before its parts."""
    wanted: dict[str, _SoughtName] = {}
    people: list[list[str]] = []
    for group, members in enumerate(groups):
        full: dict[str, EntityType] = {}
        for index in members:
            mention = mentions[index]
            if " " in mention.name:
                full.setdefault(mention.name, mention.type)
        people.append([name for name, kind in full.items() if kind == "PERS"])
        for name, kind in full.items():
            wanted.setdefault(_fold(name)[0], _SoughtName(group, kind, name, is_family=False))
    for group, family in families(people):
        key = _fold(family)[0]
        sure = len(groups[group]) > 1 or names.count(opening_key(family))
        if _is_family(key.removeprefix("ال"), is_sure=bool(sure)):
            sought = _SoughtName(group, "PERS", family, is_family=True, is_sure=bool(sure))
            wanted.setdefault(key, sought)
    # The names of the most mentions first, then as they stand: only so many are looked for.
    often = sorted(wanted.items(), key=lambda item: -len(groups[item[1].group]))[:MAX_SOUGHT]
    return dict(sorted(often, key=lambda item: -len(item[0])))


def _is_family(word: str, *, is_sure: bool) -> bool:
    """Tell whether a family name can stand for a person wherever it is found."""
    return (
        len(word) >= _SHORTEST_FAMILY
        and word.isalpha()
        and not any(letter.isascii() for letter in word)
        and (not is_sure or word not in _COMMON_WORDS)
    )


def _occurrences(key: str, text: str) -> Iterator[tuple[int, int]]:
    """Find where a folded text has a name that ends with a word.

    Yields:
        Start and end of the bare name; for «للأسد», which hides «الأسد», of the whole word.
    """
    forms = (key, "لل" + key[2:]) if key.startswith("ال") else (key,)
    for form in forms:
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if end == len(text) or not _is_in_word(text[end]):
                yield start, end
            start = text.find(form, end)


def _is_name_here(
    text: str, start: int, end: int, before: str, want: _SoughtName, names: NameWords
) -> bool:
    """Tell whether what stands before and after an occurrence leaves it the name."""
    word_start = start
    while start - word_start <= _LONGEST_PARTICLES and _is_in_word(
        text[word_start - 1 : word_start]
    ):
        word_start -= 1
    particles = text[word_start:start]
    if particles not in _PARTICLES:
        return False
    if particles:
        first, _, rest = want.name.partition(" ")
        seen = ArticleWords(openings={opening_key(first): 1})
        if (
            part_clitics(particles + first, rest, "", seen, names, _knows_nothing).clitics
            != particles
        ):
            return False
    if want.type != "PERS" or particles or text[start:end].startswith("لل"):
        return True
    words = before.split(" ")
    previous = words[-2] if len(words) > 1 and not words[-1] else ""
    if not want.is_sure:
        # «وأوضح بصل»: nothing but the verb tells that the vegetable is a person.
        return is_saying(previous)
    if previous and not is_title(previous):
        # «إحسان عباس» is another person than Mahmoud Abbas; «الحزب الحوثي» is an adjective.
        if any(
            names.count(opening_key(way.name)) >= _FEWEST_OPENINGS for way in list_cuts(previous)
        ):
            return False
        if want.is_family and previous.startswith("ال") and text.startswith("ال", start):
            return False
    return not (want.is_family and text.startswith(_MAKES_ANOTHER_NAME, end + 1))


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Fold the alefs and leave out diacritics and tatweel.

    Returns:
        The folded text, and for each of its places and its end the place in the text.
    """
    folded = text.replace("أ", "ا").replace("إ", "ا").replace("آ", "ا").replace("ٱ", "ا")
    if _MARKS.search(text) is None:
        return folded, range(len(text) + 1)
    offsets: list[int] = []
    start = 0
    for marks in _MARKS.finditer(text):
        offsets.extend(range(start, marks.start()))
        start = marks.end()
    offsets.extend(range(start, len(text) + 1))
    return _MARKS.sub("", folded), offsets


def _is_in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _knows_nothing(name: str) -> bool:
    del name
    return False
