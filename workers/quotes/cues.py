"""The words that announce a quotation: verbs of saying in all forms, and «بحسب» and its kin.

A table gives three forms of each verb and the rest are conjugated from them once, at the first
call. Where the quotation lies and who speaks is left to `find` and `speakers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from workers.quotes.lexicon import SAYING_NOUNS

Form = Literal["verb", "participle", "attribution"]

# Perfect, imperfect stem and participle stem of each verb («-» where it has none in use). Verbs
# that end in a weak letter are spelled out below the table.
_VERBS = """
قال قول قائل|أكد ؤكد مؤكد|أضاف ضيف مضيف|شدد شدد مشدد|أوضح وضح موضح|لفت لفت لافت
أشار شير مشير|اعتبر عتبر معتبر|صرح صرح مصرح|أعلن علن معلن|ذكر ذكر ذاكر|تابع تابع متابع
كشف كشف كاشف|حذر حذر محذر|أفاد فيد مفيد|بين بين مبين|زعم زعم زاعم|أبلغ - مبلغ
أخبر خبر مخبر|تعهد تعهد متعهد|نقل نقل ناقل|خلص خلص -|اتهم تهم متهم|وصف صف واصف
طالب طالب مطالب|توقع توقع متوقع|رجح رجح مرجح|نبه نبه منبه|استطرد ستطرد مستطرد
أردف ردف مردف|ختم ختم خاتم|اختتم ختتم مختتم|علق علق معلق|رد رد راد|أجاب جيب مجيب
تساءل تساءل متسائل|كتب كتب كاتب|غرد غرد مغرد|أقر قر مقر|اعترف عترف معترف|أورد ورد مورد
هدد هدد مهدد|نوه نوه منوه|ألمح لمح ملمح|أعرب عرب معرب|عبر عبر معبر|استدرك ستدرك مستدرك
جزم جزم جازم|أقسم قسم مقسم|وعد عد واعد|أسف أسف آسف|انتقد نتقد منتقد
استنكر ستنكر مستنكر|ندد ندد مندد|أثنى ثني مثني|رحب رحب مرحب|ناشد ناشد مناشد|نصح نصح ناصح
اعتقد عتقد معتقد|توعد توعد متوعد|استبعد ستبعد مستبعد|جدد جدد مجدد|لاحظ لاحظ ملاحظ|أصر - -
شكك شكك مشكك|برر برر مبرر|فسر فسر مفسر|سأل سأل سائل|خاطب خاطب مخاطب|شرح شرح شارح|عقب عقب معقب
حث حث حاث|اقترح قترح مقترح|استغرب ستغرب مستغرب|طمأن طمئن مطمئن|كرر كرر مكرر|أنذر نذر منذر
زاد زيد -|واصل واصل مواصل|أكمل كمل مكمل|استكمل ستكمل مستكمل|استأنف ستأنف مستأنف
استهجن ستهجن مستهجن|هتف هتف هاتف|أبرز برز مبرز|سجل سجل مسجل|توصل توصل متوصل|استنتج ستنتج مستنتج
"""
# Perfect (he, she, they), imperfect (he, they), participle (he, she).
_WEAK_VERBS = """
رأى رأت رأوا يرى يرون -
دعا دعت دعوا يدعو يدعون داعيا داعية
نفى نفت نفوا ينفي ينفون نافيا نافية
ادعى ادعت ادعوا يدعي يدعون مدعيا مدعية
روى روت رووا يروي يروون راويا راوية
أوصى أوصت أوصوا يوصي يوصون موصيا موصية
حكى حكت حكوا يحكي يحكون حاكيا حاكية
مضى مضت مضوا يمضي يمضون -
أبدى أبدت أبدوا يبدي يبدون مبديا مبدية
"""

CAME = "جاء"
_GENDERS = {"ه": False, "ا": True}
"""Gender that the last letter of «بقوله» and «بقولها» tells."""
_WITH_OBJECT = frozenset(
    {"وصف", "اتهم", "أبلغ", "أخبر", "أجاب", "حذر", "خاطب", "نصح", "طالب", "ناشد", "سأل"}
)
_ATTRIBUTIONS = (
    "بحسب",
    "حسب",
    "حسبما",
    "بحسبما",
    "وفق",
    "وفقا",
    "وفقاً",
    "وفقًا",
    "طبقا",
    "طبقاً",
    "طبقًا",
    "نقلا",
    "نقلاً",
    "نقلًا",
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A Cue is a word that announces a quotation.

    Attributes:
        form: a conjugated verb, a participle (مضيفا), or an attribution (بحسب).
        lemma: the verb's perfect without hamza, or the attribution.
        feminine: the form is feminine singular; None where it tells no gender («بالقول»).
        plural: the form is plural.
        joined: it begins with و or ف.
        purpose: it begins with the ل of a purpose: «وعاد ليؤكد أن».
    """

    form: Form
    lemma: str
    feminine: bool | None = False
    plural: bool = False
    joined: bool = False
    purpose: bool = False


@cache
def cue_words() -> dict[str, Cue]:
    """Return every word that may announce a quotation, as it is written without diacritics."""
    cues: dict[str, Cue] = {}
    for word, cue in _base_forms():
        for spelling in _spellings(word):
            cues.setdefault(spelling, cue)
            joined = Cue(cue.form, cue.lemma, cue.feminine, cue.plural, True)
            # A participle goes on from another («مؤكدا …، ومشددا على أن») but begins no sentence.
            for letter in "و" if cue.form == "participle" else "وف":
                cues.setdefault(letter + spelling, joined)
    return cues


def _base_forms() -> Iterator[tuple[str, Cue]]:
    for row in _VERBS.replace("\n", "|").split("|"):
        if not row:
            continue
        perfect, imperfect, participle = row.split()
        lemma = fold(perfect)
        yield perfect, Cue("verb", lemma)
        yield f"{perfect}ت", Cue("verb", lemma, feminine=True)
        yield f"{perfect}تا", Cue("verb", lemma, plural=True)
        yield f"{perfect}وا", Cue("verb", lemma, plural=True)
        if imperfect != "-":
            yield f"ي{imperfect}", Cue("verb", lemma)
            yield f"ت{imperfect}", Cue("verb", lemma, feminine=True)
            yield f"ي{imperfect}ون", Cue("verb", lemma, plural=True)
            yield f"لي{imperfect}", Cue("verb", lemma, purpose=True)
            yield f"لت{imperfect}", Cue("verb", lemma, feminine=True, purpose=True)
        # وصفه بأنه, اتهمها بأن: these take their object as a suffix.
        if perfect in _WITH_OBJECT:
            for suffix in ("ه", "ها", "هم"):
                yield f"{perfect}{suffix}", Cue("verb", lemma)
                yield f"{perfect}ت{suffix}", Cue("verb", lemma, feminine=True)
                if imperfect != "-":
                    yield f"ي{imperfect}{suffix}", Cue("verb", lemma)
                    yield f"ت{imperfect}{suffix}", Cue("verb", lemma, feminine=True)
        if participle != "-":
            for ending in ("ا", "اً", "ًا"):
                yield participle + ending, Cue("participle", lemma)
            yield f"{participle}ة", Cue("participle", lemma, feminine=True)
            yield f"{participle}ين", Cue("participle", lemma, plural=True)
    yield from _weak_forms()
    for word in sorted(SAYING_NOUNS):
        yield word, Cue("participle", "قال", feminine=_GENDERS.get(word[-1]))
    # «جاء في بيان أن»
    yield "جاء", Cue("verb", CAME)
    for word in _ATTRIBUTIONS:
        yield word, Cue("attribution", word.rstrip("ًا"))


def _weak_forms() -> Iterator[tuple[str, Cue]]:
    for row in _WEAK_VERBS.strip().split("\n"):
        he, she, they, does, do, *participles = row.split()
        lemma = fold(he)
        yield he, Cue("verb", lemma)
        yield she, Cue("verb", lemma, feminine=True)
        yield they, Cue("verb", lemma, plural=True)
        yield does, Cue("verb", lemma)
        yield f"ت{does[1:]}", Cue("verb", lemma, feminine=True)
        yield do, Cue("verb", lemma, plural=True)
        for word, feminine in zip(participles, (False, True), strict=False):
            if word == "-":
                break
            yield word, Cue("participle", lemma, feminine=feminine)
        yield f"ل{does}", Cue("verb", lemma, purpose=True)
        yield f"لت{does[1:]}", Cue("verb", lemma, feminine=True, purpose=True)


def _spellings(word: str) -> tuple[str, ...]:
    spellings = {word, word.replace("أ", "ا", 1)}
    spellings |= {f"{s[:-1]}ي" for s in spellings if s.endswith("ى")}
    return tuple(sorted(spellings))


_FOLDED = str.maketrans(
    "أإآٱىةؤئ", "ااااي" + "هوي", "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"
)


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Return a word for comparing: no diacritics, tatweel or hamza, ى as ي, ة as ه."""
    return word.translate(_FOLDED)
