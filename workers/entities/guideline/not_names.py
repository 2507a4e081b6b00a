"""Takes out of a recogniser's spans what is no name, and parts spans that hold two names.

Currencies, «الله», the prayer «المغرب», «أبي» and «على» are words; «اليونيسف والفاو» and
«OpenAI أن ChatGPT» are two names each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workers.entities.guideline.listed_names import ListedNames
from workers.entities.guideline.marks import CLOSING_MARKS, OPENING_MARKS
from workers.entities.mentions.name_words import word_set
from workers.entities.mentions.roles import cached_key
from workers.entities.mentions.titles import CONSTRUCT_TITLES
from workers.model import Span

_CURRENCIES = word_set(
    """
    دولار دولارا الدولار دولارات يورو اليورو ين الين ريال ريالا درهم درهما دينار دينارا جنيه جنيها
    ليره روبل يوان روبيه شيكل فرنك كرونه الدولارات
    """
)
_UNITS = word_set("ميغاواط غيغاواط كيلوواط ميغابايت غيغابايت كيلومتر كيلومترا هكتار برميل طن")
_GOD = word_set("الله لله بالله والله تعالي الرحمن")
_BLESSINGS = word_set("حفظه رحمه رعاه سلمه وفقه حفظها رحمها ادامه رضي صلي")
_HONOURS = word_set("معالي سمو فخامت جلالت سعادت دولت سماحت غبطت فضيلت سيادت")
_PRAYERS = word_set("الفجر الشروق الظهر العصر العشاء")
_BEFORE_PRAYER = word_set("اذان اذن صلاه لصلاه بصلاه وصلاه موعد فريضه عقب وقت اذاني")
_KINSHIP = word_set("ابي امي اخي اختي ابني ابنتي جدي جدتي عمي خالي زوجي زوجتي والدي والدتي")
_PRONOUNS = word_set("لي لنا له لها لهم")
_PEOPLES = word_set(
    """
    دروز الدروز اكراد الاكراد كرد الكرد شيعه الشيعه سنه السنه علويين العلويين علويون العلويون
    مسيحيين
    المسيحيين مسيحيون المسيحيون مسلمين المسلمين مسلمون المسلمون اقباط الاقباط يهود اليهود
    ازيديين الايزيديين الايزيديون الازيديين
    تركمان التركمان اشوريين الاشوريين موارنه الموارنه امازيغ الامازيغ
    سلفيين السلفيين سلفيون السلفيون ارمن الارمن روهينغا الروهينغا هوتو توتسي
    """
)
_OPEN_ANOTHER = word_set("رابطه منظمه جامعه حركه حزب شركه مؤسسه جمعيه وكاله وزاره مجلس نقابه صحيفه")
_INSIDE_NO_NAME = frozenset(("أن", "بأن", "فأن"))
_PREPOSITION_ALA = "على"
_LETTERS = word_set(
    "اي ايه بي سي دي اي اف جي جيه اتش كيه كي ال ام ان او كيو ار اس تي يو في دبليو اكس واي زد"
)
_FEWEST_LETTERS = 2
_FEWEST_OF_TWO = 2
_FEWEST_SPOKEN = 3
_RELATIONS = word_set("ابن بنت ابنه اخت اخ عم خال ام اب زوج زوجه")

Tells = Callable[[str], bool]
"""Tells something of a word or a name: that it often opens names, that a list has it."""


def real_names(
    words: Sequence[str],
    spans: Sequence[Span],
    listed: ListedNames,
    is_given: Tells,
    is_known_name: Tells,
    *,
    names_places: bool,
) -> list[Span]:
    """Leave out what is no name and part what is two.

    Args:
        words: tokens of a sentence.
        spans: those of the recogniser, in order.
        listed: the names that are looked for.
        is_given: tells first words of names.
        is_known_name: tells listed names of places and organisations.
        names_places: the article names other places.

    Returns:
        In order, never overlapping.
    """
    found: list[Span] = []
    for span in spans:
        for part in _parts(words, span, is_known_name):
            for one in _parted_from_person(words, part, listed, is_given):
                kept = _without_country(words, _without_particle(words, one, listed), listed)
                if not _is_no_name(words, kept, is_given, names_places):
                    found.append(kept)
    return found


def without_adjectives(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """Leave out «السعودية» right after an organisation: «صحيفة عكاظ السعودية»."""
    ends = {span.end for span in spans if span.type == "ORG"}
    return [span for span in spans if span.start not in ends or not _is_saudi(words, span)]


def _parts(words: Sequence[str], span: Span, is_known_name: Tells) -> Iterator[Span]:
    """Part a span before «and» with a listed name, and at a word that no name holds."""
    start = span.start
    for i in range(span.start + 1, span.end):
        if i < start:
            continue
        word = words[i]
        if word in _INSIDE_NO_NAME:
            if start < i:
                yield Span(start, i, span.type)
            start = i + 1
        elif (
            word[0] == "و"
            and len(word) > 2
            and (span.type != "PERS" or is_known_name(" ".join(words[span.start : i])))
            and _is_second(words, span, i, is_known_name)
        ):
            yield Span(start, i, span.type)
            start = i
    if start < span.end:
        yield Span(start, span.end, span.type)


def _is_second(words: Sequence[str], span: Span, i: int, is_known_name: Tells) -> bool:
    if is_known_name(" ".join(words[span.start : span.end])):
        return False  # «البوسنة والهرسك» is one
    is_long = span.type == "ORG" and i - span.start > 1 and i + 1 < span.end
    if is_long and cached_key(words[i][1:]) in _OPEN_ANOTHER and words[i + 1].startswith("ال"):
        return True  # «منظمة التعاون الإسلامي ورابطة العالم الإسلامي»
    return any(
        is_known_name(" ".join([words[i][1:], *words[i + 1 : end]]))
        for end in range(span.end, i, -1)
    )


def _parted_from_person(
    words: Sequence[str], span: Span, listed: ListedNames, is_given: Tells
) -> Iterator[Span]:
    """Part an organisation from the person after it: «مدير منظمة الصحة العالمية تيدروس»."""
    if span.type == "ORG" and span.end - span.start > _FEWEST_OF_TWO:
        for known in listed.find(words[span.start : span.end], [0]):
            cut = span.start + known.end
            is_name = known.type == "ORG" and known.end > 1 and cut + 1 < span.end
            if is_name and is_given(words[cut]) and not words[cut].startswith("ال"):
                yield Span(span.start, cut, "ORG")
                yield Span(cut, span.end, "PERS")
                return
        cut = _after_letters(words, span)
        if cut + 1 < span.end and is_given(words[cut]):
            yield Span(span.start, cut, "ORG")
            yield Span(cut, span.end, "PERS")
            return
    yield span


def _after_letters(words: Sequence[str], span: Span) -> int:
    """Return the end of a name that Latin letters spell: «سي إن إن» «كريستيان أمانبور»."""
    end = span.start
    if end and words[end - 1] in OPENING_MARKS:
        return span.end  # a brand in marks is whole: «بي سي بي جي ماكس أزريا»
    while end < span.end and cached_key(words[end]) in _LETTERS:
        end += 1
    return end if end - span.start >= _FEWEST_LETTERS else span.end


def _without_country(words: Sequence[str], span: Span, listed: ListedNames) -> Span:
    """Leave out «السعودية» after the name of a paper or a company, where it is an adjective."""
    if span.type != "ORG" or span.end - span.start != _FEWEST_OF_TWO:
        return span
    if not _is_saudi(words, Span(span.end - 1, span.end, "LOC")):
        return span
    if listed.class_of(words[span.start : span.end]) is not None:
        return span  # «أرامكو السعودية»
    return Span(span.start, span.end - 1, "ORG")


def _is_saudi(words: Sequence[str], span: Span) -> bool:
    """Tell the one country whose name is its adjective."""
    is_one = span.type == "LOC" and span.end - span.start == 1
    return is_one and cached_key(words[span.start]) == "السعوديه"


def _without_particle(words: Sequence[str], span: Span, listed: ListedNames) -> Span:
    """Leave out «على» before a thing that people write on or win against."""
    if words[span.start] != _PREPOSITION_ALA or span.type != "PERS" or span.end - span.start < 2:
        return span
    kind = listed.class_of(words[span.start + 1 : span.end])
    return span if kind is None else Span(span.start + 1, span.end, kind)


def _is_no_name(words: Sequence[str], span: Span, is_given: Tells, names_places: bool) -> bool:
    keys = [cached_key(word) for word in words[span.start : span.end]]
    before = cached_key(words[span.start - 1]) if span.start else ""
    if len(keys) == 1:
        if keys[0] in _CURRENCIES or keys[0] in _GOD or keys[0] in _KINSHIP or keys[0] in _UNITS:
            return True
        if keys[0] in _PEOPLES:
            return span.type == "PERS"
        if keys[0] == "المغرب":
            return _is_prayer(words, span.start, before, names_places)
    if span.type == "MISC" and len(keys) >= _FEWEST_SPOKEN and _is_spoken(words, span):
        return True
    if span.type == "PERS":
        if len(keys) == 1 and (_is_title_of_many(keys[0]) or _is_honour(keys[0])):
            return True
        if (
            keys[0] in _BLESSINGS
            or (keys[0] == "المولي" and len(keys) > 1)
            or all(key in _GOD for key in keys)
        ):
            return True
        if keys[0] == "ابي":
            # «أبي محمد الجولاني» is a name, «كان أبي يعمل» is not.
            return len(keys) == 1 or not (is_given(words[span.start + 1]) or keys[1][:2] == "ال")
        if keys[0] in _KINSHIP or keys[0] in _PRONOUNS or keys[:2] == ["شاهد", "عيان"]:
            return True
        if keys[0] in _RELATIONS and len(keys) == 2:
            return keys[1].endswith(("ها", "ه", "هم", "نا"))
    return False


def _is_title_of_many(key: str) -> bool:
    """Tell a title in the construct plural: «محللو» بنك, «مسؤولو» الوزارة."""
    return key.endswith("و") and key[:-1] in CONSTRUCT_TITLES


def _is_honour(key: str) -> bool:
    """Tell an honour with a pronoun: «معاليه», «سموها»."""
    return key.endswith(("ه", "ها", "هم")) and key.rstrip("اهم") in _HONOURS


def _is_spoken(words: Sequence[str], span: Span) -> bool:
    """Tell whether what looks like a work is all that somebody says: «وكتبت: "…"»."""
    return (
        words[max(0, span.start - 2) : span.start - 1] == [":"]
        and words[span.start - 1] in OPENING_MARKS
        and words[span.end : span.end + 1] != []
        and words[span.end] in CLOSING_MARKS
    )


def _is_prayer(words: Sequence[str], i: int, before: str, names_places: bool) -> bool:
    """Tell the prayer from the state: its call, other prayers or an hour stand beside it."""
    if before in _BEFORE_PRAYER:
        return True
    beside = [cached_key(word) for word in words[max(0, i - 8) : i + 9]]
    if not _PRAYERS.isdisjoint(beside):
        return any(word[0].isdigit() for word in words[i + 1 : i + 3]) or before in _PRAYERS
    if before in ("بعد", "قبل", "حتي"):
        return not names_places
    return False
