"""Corrects the spans of persons: two side by side, a verb or a title stuck on.

A family name that is also the adjective of a country belongs to the name («محمد شياع السوداني»).
Alone it means that person where no noun stands before it that it could describe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set

from workers.entities.groups.name_parts import needs_another
from workers.entities.guideline.adjoining_names import AdjoiningNames
from workers.entities.guideline.listed_names import ListedNames
from workers.entities.guideline.person_words import PARTICLES_AFTER_SUBJECT
from workers.entities.guideline.unmarked_persons import UnmarkedPersons
from workers.entities.mentions.clitics import list_cuts
from workers.entities.mentions.name_words import NameWords, opening_key, word_set
from workers.entities.mentions.roles import bare_title, cached_key
from workers.entities.mentions.titles import CONSTRUCT_TITLES
from workers.entities.mentions.verbs import is_saying
from workers.model import Span

_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_PARTICIPLE = re.compile(r".ا..ا")
"""«ساخرا», «مازحا»; what «معلقا» looks like foreign family names do too: «ميستورا»."""
_GOES_ON = word_set("بن ابن بنت ال ولد ولي ابو ابي")
_BEFORE_GOD = word_set("فتح نصر عبد حبيب سعد رزق خير ضيف جار هبه عطا لطف امان فضل ايه")
_VILLAGES = word_set("قريه بلده")
_TOWNS = _VILLAGES | word_set("مدينه مديريه ناحيه بلدتي مدينتي قريتي")
_ORDINALS = word_set("الثاني الثالث الرابع الخامس السادس السابع الثامن")
_SHORTEST_VERB = 4
_GIVEN_AND_FAMILY = 2
_PARTICLES = frozenset(("و", "ف", "ل", "ب", "ول", "وب"))

IsWord = Callable[[str], bool]


class PersonSpans:
    """PersonSpans corrects the spans of the persons of one article.

    Args:
        listed: the names that are looked for.
        names: how often words open names.
        is_national: tells adjectives of countries.
    """

    def __init__(self, listed: ListedNames, names: NameWords, is_national: IsWord) -> None:
        self._listed = listed
        self._names = names
        self._is_national = is_national
        self._unmarked = UnmarkedPersons(names, is_national, self._is_place)
        self._adjoining = AdjoiningNames(listed, names, self._unmarked.is_given)

    def corrected(
        self, sentences: Sequence[Sequence[str]], spans: Sequence[Sequence[Span]]
    ) -> list[list[Span]]:
        """Correct the spans of all sentences of an article.

        Args:
            sentences: their tokens.
            spans: those of each sentence, in order, never overlapping.

        Returns:
            The same with persons corrected and their family names added where they stand alone.
        """
        spells_ala = any("على" in words for words in sentences)
        made = [
            [part for span in joined for part in self._parts(words, span, joined)]
            for words, of_one in zip(sentences, spans, strict=True)
            for joined in [self._adjoining.joined(words, of_one, spells_ala=spells_ala)]
        ]
        made = [
            self._unmarked.find(words, of_one, spells_ala=spells_ala)
            for words, of_one in zip(sentences, made, strict=True)
        ]
        families = self._national_families(sentences, made)
        if not families:
            return made
        return [
            sorted([*of_one, *self._alone(words, of_one, families)], key=lambda span: span.start)
            for words, of_one in zip(sentences, made, strict=True)
        ]

    def _parts(self, words: Sequence[str], span: Span, others: Sequence[Span]) -> Iterator[Span]:
        if span.type != "PERS":
            yield span
            return
        beside = self._adjoining.beside(words, span)
        if beside is not None:
            place, person = beside
            yield from sorted((place, *self._parts(words, person, others)), key=_start)
            return
        other = self._titled_name(words, span) or self._town(words, span)
        if other is not None:
            yield other
            return
        start, end = self._start(words, span), self._before_addressee(words, span)
        end -= self._is_manner(words, start, end)
        if start >= end:
            return
        following = next((other.start for other in others if other.start >= end), len(words))
        end = self._end(words, start, end, following)
        for i in range(start + 1, end):
            if i > start and self._is_boundary(words, start, i, end):
                yield Span(start, i, "PERS")
                start = i + (i + 1 < end and self._is_verb(words[i], words[i + 1]))
        yield Span(start, end, "PERS")
        addressee = self._listed.class_of([words[end][1:]]) if end < span.end else None
        if addressee is not None:
            yield Span(end, end + 1, addressee)

    def _titled_name(self, words: Sequence[str], span: Span) -> Span | None:
        """Return the institution or place whose head is meant: «شيخ الأزهر»."""
        if span.end - span.start < 2 or bare_title(words[span.start], CONSTRUCT_TITLES) is None:
            return None
        kind = self._listed.class_of(words[span.start + 1 : span.end])
        is_office = kind in ("ORG", "LOC")
        return Span(span.start + 1, span.end, kind) if kind and is_office else None

    def _town(self, words: Sequence[str], span: Span) -> Span | None:
        """Return the town that a word before it says: «مدينة غاو», «قرية محمد صالح»."""
        kind = bare_title(words[span.start - 1], _TOWNS) if span.start else None
        if kind is None:
            return None
        is_village = cached_key(kind) in _VILLAGES
        # «مدينة زايد» keeps its noun, «مدينة محمد بن راشد» is a quarter called after him
        is_town = span.end - span.start == 1 and not self._unmarked.is_given(words[span.start])
        is_town = is_town or (is_village and span.end - span.start <= 2)
        return Span(span.start, span.end, "LOC") if is_town else None

    def _start(self, words: Sequence[str], span: Span) -> int:
        """Leave out «أ.د» and a verb in front: «ناصرت العيساوي»."""
        start = span.start
        before = cached_key(words[start - 1]) if start else ""
        if before == "مسقط" and cached_key(words[start]) == "راس":
            return start + 1
        if before in _BEFORE_GOD and cached_key(words[start]) == "الله":
            return start - 1  # «فتح» «الله غولن»
        while start < span.end and _DOTTED.fullmatch(words[start]):
            start += 1
            while start < span.end and words[start] == ".":
                start += 1
        if span.end - start > 1:
            key = cached_key(words[start])
            if len(key) >= _SHORTEST_VERB and key[-1] == "ت" and not self._is_known(words[start]):
                start += 1
        return start

    def _before_addressee(self, words: Sequence[str], span: Span) -> int:
        """Leave out «لهسبريس» at the end: whom it was told."""
        last = words[span.end - 1]
        if (
            span.end - span.start > 1
            and last[0] == "ل"
            and self._names.count(opening_key(last)) < 2
        ):
            kind = self._listed.class_of([last[1:]])
            if kind is not None and kind != "PERS":
                return span.end - 1
        return span.end

    def _is_manner(self, words: Sequence[str], start: int, end: int) -> bool:
        """Tell a participle at the end: how it was said, «غريغ جوسوياك ساخرا: …»."""
        word = words[end - 1]
        is_long = end - start > _GIVEN_AND_FAMILY and end < len(words) and word.endswith("ا")
        if not is_long or self._is_known(word) or self._listed.class_of(words[start:end]):
            return False
        return bool(_PARTICIPLE.fullmatch(word)) and (
            words[end][0] in ':،("«' or cached_key(words[end]) in PARTICLES_AFTER_SUBJECT
        )

    def _end(self, words: Sequence[str], start: int, end: int, following: int) -> int:
        """Take in a family name that is the adjective of a country."""
        if end >= following or not self._may_be_family(words[end]):
            return end
        name = [*words[start:end], words[end]]
        if self._listed.class_of(name) == "PERS":
            return end + 1
        if self._listed.class_of(words[start:end]) == "PERS":
            return end  # «كريستيانو رونالدو البرتغالي»
        last_is_given = self._unmarked.is_given(words[end - 1]) and not words[end - 1].startswith(
            "ال"
        )
        return end + 1 if last_is_given and end - start <= 2 else end

    def _is_place(self, word: str) -> bool:
        return self._listed.class_of([word]) in ("LOC", "ORG")

    def _is_known(self, word: str) -> bool:
        return self._names.count(opening_key(word)) > 0

    def _may_be_family(self, word: str) -> bool:
        key = cached_key(word)
        return key.startswith("ال") and self._is_national(word) and not key.endswith(("ين", "ون"))

    def _is_boundary(self, words: Sequence[str], start: int, i: int, end: int) -> bool:
        """Tell whether another person begins at word `i` of a span: «السيسي محمود عباس»."""
        if cached_key(words[i]) in _GOES_ON or needs_another(words[i - 1]):
            return False
        if self._adjoining.is_second(words[i]):
            return True
        if words[i][0] in "يت" and i + 1 < end and self._is_verb(words[i], words[i + 1]):
            return True
        if i - start > 1 and cached_key(words[i - 1]) in _ORDINALS:
            # «محمد السادس الحبيب المالكي»; «الرابع عشر» is one number
            return cached_key(words[i]) != "عشر"
        left, right = words[start:i], words[i:end]
        if self._listed.class_of(words[start:end]) == "PERS":
            return False
        left_is_listed = self._listed.class_of(left) == "PERS"
        right_is_listed = self._listed.class_of(right) == "PERS"
        if left_is_listed and right_is_listed:
            return True
        if left_is_listed and not right[0].startswith("ال"):
            # «ماكرون نبيه بري», but not «ماكرون تيسييه», which may be a second family name.
            return len(right) > 1 and self._unmarked.is_given(right[0])
        return right_is_listed and len(right) > 1 and len(left) > 1

    def _is_verb(self, word: str, following: str) -> bool:
        """Tell a verb that a headline has between two names: «سعيد يكلف بودن»."""
        key = cached_key(word)
        is_rare = len(key) >= _SHORTEST_VERB and not self._is_known(word)
        return is_rare and key[0] in "يت" and self._is_known(following)

    def _national_families(
        self, sentences: Sequence[Sequence[str]], spans: Sequence[Sequence[Span]]
    ) -> Set[str]:
        return {
            cached_key(words[span.end - 1])
            for words, of_one in zip(sentences, spans, strict=True)
            for span in of_one
            if span.type == "PERS"
            and span.end - span.start > 1
            and self._may_be_family(words[span.end - 1])
        }

    def _alone(
        self, words: Sequence[str], spans: Sequence[Span], families: Set[str]
    ) -> Iterator[Span]:
        """Find the family names of the article's persons that stand alone and are no adjective."""
        taken = {i for span in spans for i in range(span.start, span.end)}
        for i, word in enumerate(words):
            if i in taken or not word[0].isalpha():
                continue
            clitics = ""
            if cached_key(word) not in families:
                cut = next(
                    (
                        cut
                        for cut in (list_cuts(word) if word[0] in "وفلب" else ())
                        if cut.clitics in _PARTICLES and cached_key(cut.name) in families
                    ),
                    None,
                )
                if cut is None:
                    continue
                clitics = cut.clitics
            if (i - 1 in taken and not clitics) or self._modifies(words, i, clitics, families):
                continue
            yield Span(i, i + 1, "PERS")

    def _modifies(self, words: Sequence[str], i: int, clitics: str, families: Set[str]) -> bool:
        """Tell whether an adjective of a country belongs to the noun before it."""
        if not i or clitics.strip("وف") or not words[i - 1][0].isalpha():
            return False
        before = words[i - 1]
        if is_saying(before) or cached_key(before) in families:
            return False
        return cached_key(before).startswith("ال") or (
            not clitics and (self._unmarked.is_given(before) or self._is_national(before))
        )


def _start(span: Span) -> int:
    return span.start
