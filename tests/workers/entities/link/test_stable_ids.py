"""A local id is the same for every spelling of a name: over 300 pairs of spellings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workers.entities.link.resolve import local_id

NAMES = [
    *("أسامة الحمادي", "آمنة القرني", "إياد أبو زهرة", "أروى آل مكي"),
    *("إسراء عبد الله", "أكرم أبو علي", "إلهام الغزالي", "أيوب الأزرق"),
    *("هيئة البيئة", "مؤسسة الوفاء", "جامعة القرية", "شركة الأنهار"),
    *("نقابة الأدباء", "رئاسة المجموعة", "وكالة الإنماء", "جمعية الأصدقاء"),
    *("غابرييل غوميز", "غونزالو غارسيا", "إنغريد غوتمان", "غريغوري فيليبوف"),
    *("ڤيكتور غالاغر", "غيورغي فاغنر", "فيليكس غروس", "غيلدا غرين"),
    *("مصطفى العلي", "هدى المنى", "يحيى الصافي", "سلمى الهاشمي"),
    *("ليلى الشامي", "موسى عيسى", "رضى المولى", "نجوى السامرائي"),
]

SPELLINGS: dict[str, Callable[[str], str]] = {
    "bare alefs": lambda name: name.translate(str.maketrans("أإآ", "ااا")),
    "teh marbuta as heh": lambda name: name.replace("ة", "ه"),
    "alef maqsura as yeh": lambda name: name.replace("ى", "ي"),
    "without hamza": lambda name: name.replace("ؤ", "و").replace("ئ", "ي").replace("ء", ""),
    "tatweel": lambda name: name[:2] + "ـ" * 3 + name[2:],
    "diacritics": lambda name: name[0] + "َ" + name[1:] + "ُ",
    "joined compounds": lambda name: name.replace("عبد ", "عبد").replace("أبو ", "أبو"),
    "two spaces": lambda name: name.replace(" ", "  "),
    "foreign g": lambda name: name.replace("غ", "ج") if "غ" in name[:1] else name,
    "elongated": lambda name: name.replace("ا", "ااا", 1),
}
PAIRS = [(name, spell(name)) for name in NAMES for spell in SPELLINGS.values()]


def test_there_are_enough_pairs() -> None:
    assert len(PAIRS) >= 300


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_has_the_same_local_id(spelling: str) -> None:
    foreign = "حعصضطظذ"
    for name in NAMES:
        other = SPELLINGS[spelling](name)
        if spelling == "foreign g" and any(letter in name for letter in foreign):
            continue  # in Arabic names غ and ج are two letters
        assert local_id("PERS", other) == local_id("PERS", name), (name, other)
