"""Finds the countries that adjectives and peoples name: «السورية», «الفرنسيين», «أميركي».

Takes the list of demonyms from the catalogue and adds the morphology: particles, article, endings.
What stands inside a name («علي المصري») is left out: the caller says which tokens are taken. So
is what leaves open which country is meant («كوري» alone) or is no country («عربي»).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workers.entities.link.catalogue import Candidate, Catalogue
from workers.entities.link.spelling import exact_key
from workers.entities.mentions.clitics import list_cuts
from workers.model import Token

_ENDINGS = ("", "ه", "ون", "ين", "ان", "ات", "تان", "تين", "ا")
# «اليمنى» is the right hand, «مجرى» a course: here ى is not the ي of a hasty writer.
_NOT_WITH_MAQSURA = frozenset(("يمني", "مجري"))
# «باللغة الفرنسية», «المحيط الهندي», «التمر الهندي» speak of no country.
_NOT_AFTER: Mapping[str, frozenset[str]] = {
    "يه": frozenset(("اللغه", "لغه", "باللغه", "واللغه", "للغه", "لغته", "لغتها")),
    "هندي": frozenset(("المحيط", "بالمحيط", "والمحيط", "للمحيط", "التمر", "تمر")),
    "روماني": frozenset(("الامبراطوريه", "العصر", "المسرح", "الاثار", "العهد", "الحقبه")),
    "قطري": frozenset(("القياده", "قياده", "القيادات")),
}
_SOUTH_AFRICA = "جنوب افريقيا"
_TWO_WORDS: Mapping[tuple[str, str], str] = {
    ("كوري", "جنوبي"): "كوريا الجنوبية",
    ("كوري", "شمالي"): "كوريا الشمالية",
    ("كونغوي", "ديمقراطي"): "جمهورية الكونغو الديمقراطية",
    ("غيني", "بيساوي"): "غينيا بيساو",
    ("غيني", "استوايي"): "غينيا الاستوائية",
}
"""Demonyms of two words; the first alone leaves open which country is meant."""

_NOT_BEFORE = frozenset(("لاتيني", "جنوبي", "شمالي"))
"""«أميركي لاتيني» is not of the United States."""

_SHORTEST = 3
_MARK = re.compile("[\u064b-\u0652\u0670\u0640]")
_MAY_END = re.compile("[يى](?:[ةها]|[وي]ن|ا[نت]|ت[اي]ن)?\\Z")
_TAIL = 3


@dataclass(frozen=True, slots=True)
class Demonym:
    """A Demonym is a word that names a country by its people.

    Attributes:
        start: code points from the start of the text, after any particles.
        end: code points, exclusive.
        country: which country or continent.
    """

    start: int
    end: int
    country: Candidate


@dataclass(frozen=True, slots=True)
class _Word:
    """A word read as a demonym: its stem, its ending, and the particles before it."""

    stem: str
    ending: str
    clitics: str
    length: int


class Demonyms:
    """Finds demonyms.

    Args:
        catalogue: lists the countries and their demonyms.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._countries = dict(catalogue.demonyms)
        self._pairs = {
            words: country
            for words, name in _TWO_WORDS.items()
            for country in catalogue.lookup(name)[:1]
        }
        self._stems = frozenset(self._countries).union(first for first, _ in self._pairs)
        # Broken plurals («الأتراك») end in anything; their last letters pass most words over.
        self._tails = frozenset(stem[-_TAIL:] for stem in self._stems if not stem.endswith("ي"))
        self._south_africa = next(iter(catalogue.lookup(_SOUTH_AFRICA)), None)
        # The words of news come again and again; most are no demonym.
        self._read = lru_cache(maxsize=8192)(self._reading)

    def country_of(self, word: str) -> Candidate | None:
        """Return the country that a word names by its people; None for all other words."""
        demonym = self._read(word)
        return self._countries.get(demonym.stem) if demonym is not None else None

    def find(self, tokens: Sequence[Token], is_taken: Callable[[int], bool]) -> list[Demonym]:
        """Find the demonyms of one sentence.

        Args:
            tokens: of the sentence.
            is_taken: tells whether the token of an index stands inside a name.

        Returns:
            In reading order, never overlapping.
        """
        found: list[Demonym] = []
        # Most sentences have none, and are passed over at the speed of C.
        words = list(map(self._read, [token.text for token in tokens]))
        for place in [place for place, word in enumerate(words) if word is not None]:
            token, word = tokens[place], words[place]
            if word is None or is_taken(place):
                continue
            before = exact_key(tokens[place - 1].text) if place else ""
            if self._says_other(word, before):
                continue
            start, end = token.start + word.length, token.end
            following = None
            if place + 1 < len(tokens) and not is_taken(place + 1):
                following = _masculine(tokens[place + 1].text)
            country = self._countries.get(word.stem)
            pair = self._pairs.get((word.stem, following or ""))
            if pair is not None:
                country, end = pair, tokens[place + 1].end
            elif following in _NOT_BEFORE and word.stem in {"امريكي", "اميركي"}:
                continue
            elif word.stem == "افريقي" and place and before.removeprefix("ال") == "جنوب":
                country = self._south_africa
                if not is_taken(place - 1):
                    start = tokens[place - 1].start
            if country is not None:
                found.append(Demonym(start, end, country))
        return found

    def _reading(self, text: str) -> _Word | None:
        if len(text) < _SHORTEST or not "\u0620" <= text[0] <= "\u06d3":
            return None
        plain = _MARK.sub("", text)
        if not _MAY_END.search(plain) and exact_key(plain[-_TAIL:]) not in self._tails:
            return None
        for way in list_cuts(text):
            key = exact_key(way.name)
            stem, ending = self._parts(key)
            definite = False
            if not stem and key.startswith("ال"):
                definite = True
                stem, ending = self._parts(key[2:])
            if not stem:
                continue
            if text.endswith("ى") and stem in _NOT_WITH_MAQSURA:
                return None
            if ending in {"", "ا"} and not definite and self._catalogue.knows(way.name):
                return None  # «جيبوتي» and «روسيا» are countries themselves
            if way.clitics[-1:] in {"ك", "ف"} and not definite:
                continue
            return _Word(stem, ending, way.clitics, way.length)
        return None

    def _parts(self, key: str) -> tuple[str, str]:
        for ending in _ENDINGS:
            stem = key.removesuffix(ending)
            if stem in self._stems and key.endswith(ending):
                if ending and not stem.endswith("ي"):
                    continue  # broken plurals take none
                return stem, ending
        return "", ""

    @staticmethod
    def _says_other(word: _Word, before: str) -> bool:
        if word.ending == "ه" and (before in _NOT_AFTER["يه"] or word.clitics[-1:] in {"ب", "ل"}):
            return True  # a language: «قال بالفرنسية»; adjectives take no preposition
        return before in _NOT_AFTER.get(word.stem, ())


@lru_cache(maxsize=256)
def _masculine(text: str) -> str:
    """Fold the second word of a demonym of two: «الجنوبية» to «جنوبي»."""
    key = exact_key(text).removeprefix("ال")
    for ending in _ENDINGS[1:]:
        if key.endswith(f"ي{ending}"):
            return key.removesuffix(ending)
    return key
