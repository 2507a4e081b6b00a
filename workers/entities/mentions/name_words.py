"""How often a word opens a name in the news: the evidence on which particles are parted.

`name_words.txt.gz` is made by `training.names.count_names`; this module reads it.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from nabaa.search_key import search_key


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that lists them, parted by white space."""
    return frozenset(text.split())


NAME_NOUNS = word_set(
    """
    جامعه منظمه مجلس حزب وزاره اتحاد نادي منتخب فريق كاس دوري بطوله مهرجان جائزه قصر بيت مطار
    ميناء ملعب مستشفي مدينه محافظه ولايه دوله جمهوريه مملكه اماره سلطنه مقاطعه اقليم منطقه بلده
    قريه جزيره جزر جبل جبال نهر بحر خليج مضيق وادي صحراء قناه صحيفه وكاله شركه مؤسسه بنك هيئه لجنه
    معهد مركز كليه حركه تنظيم جماعه جبهه تيار حلف كتله ائتلاف لواء كتائب سرايا الويه جيش قوات حرس
    جهاز مكتب نقابه جمعيه رابطه محكمه برلمان حكومه رئاسه سفاره قنصليه قاعده معبر سجن مخيم حي شارع
    ميدان ساحه مسجد كنيسه دير متحف مسرح حديقه سد برج صندوق برنامج مبادره اتفاقيه معاهده مؤتمر قمه
    منتدي معرض مجموعه شبكه موقع مجله اذاعه دار فرقه الحزب المجلس المنظمه الاتحاد وحدات
    سلطه بلديه مديريه مصلحه نيابه ديوان شرطه سلاح فيلق كتيبه قياده غرفه دائره مفوضيه بعثه بورصه مصرف
    """
)
"""Common nouns (search keys) that open the names of organisations, places and events."""


@lru_cache(maxsize=4096)
def opening_key(word: str) -> str:
    """Return the search key of a word, but with the hamza of its first letter.

    A particle before «إيدن» gives «بإيدن», so «بايدن» hides no «إيدن».

    Args:
        word: first word of a name as written.
    """
    key = search_key(word)
    return word[0] + key[1:] if word[:1] in "أإآ" and key else key


class NameWords:
    """Counts of the words that open names.

    Args:
        counts: how often a word (opening key), bare of particles, opens a name.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def count(self, key: str) -> int:
        """Return how often a word opens a name, 0 where it is not listed.

        Args:
            key: opening key of one word.
        """
        return self._counts.get(key, 0)

    def __len__(self) -> int:
        return len(self._counts)


@cache
def load_name_words() -> NameWords:
    """Load the counts that ship with the package: about a megabyte, read once."""
    packed = (files(__package__) / "name_words.txt.gz").read_bytes()
    counts: dict[str, int] = {}
    number = 0
    for line in gzip.decompress(packed).decode().splitlines():
        if line.isdigit():
            number = int(line)
        else:
            counts[line] = number
    return NameWords(counts)
