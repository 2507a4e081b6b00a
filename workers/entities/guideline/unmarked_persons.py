"""Finds persons that a recogniser left out: after a title, a verb of saying, in a headline.

A given name («الحكم أمين عمر») and what may be a family name after it are a person where the words
before them say so; a given name right before a marked family name belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

from workers.entities.groups.name_parts import needs_another
from workers.entities.guideline.person_words import (
    ALIKE_WORDS,
    BEFORE_ANCESTOR,
    GIVEN_WORDS,
    INITIALS,
    NO_FAMILY,
    NOT_GIVEN,
    PARTICLES_AFTER_SUBJECT,
    PREPOSITIONS,
)
from workers.entities.guideline.unmarked_speakers import UnmarkedSpeakers
from workers.entities.mentions.name_words import NameWords, opening_key
from workers.entities.mentions.roles import bare_title, cached_key, is_title
from workers.entities.mentions.titles import CONSTRUCT_TITLES, DEFINITE_TITLES, HONORIFICS
from workers.entities.mentions.verbs import is_saying
from workers.model import Span

OFTEN = 15
"""Times that a word opens a name before it counts as a given name."""
_FARTHEST_TITLE = 3
_LONGEST_NAME = 3
_GIVEN_AND_FAMILY = 2
_MOST_WORDS = 40_000  # a dictionary of more takes twice the memory
_SHORTEST_FAMILY = 2


_TITLES = DEFINITE_TITLES | HONORIFICS

IsWord = Callable[[str], bool]


class UnmarkedPersons:
    """UnmarkedPersons finds the persons of one sentence that no span covers.

    Args:
        names: how often words open names.
        is_national: tells adjectives of countries.
        is_place: tells words that alone are listed as a place or an organisation.
    """

    def __init__(self, names: NameWords, is_national: IsWord, is_place: IsWord) -> None:
        self._names = names
        self._is_place = is_place
        self._is_national = is_national
        self._firsts: dict[str, bool] = {}
        self._speakers = UnmarkedSpeakers(self._count, self._may_be_name, is_place)

    def is_given(self, word: str) -> bool:
        """Tell whether a word opens names often, or is a given name that means something else."""
        return cached_key(word) in GIVEN_WORDS or self._count(word) >= OFTEN

    def find(
        self, words: Sequence[str], spans: Sequence[Span], *, spells_ala: bool = False
    ) -> list[Span]:
        """Find the persons that no span covers and complete those that miss their given name.

        Args:
            words: tokens of the sentence.
            spans: the names found so far, in order, never overlapping.
            spells_ala: the article writes the preposition «على», so that «علي» is a name.

        Returns:
            All names, in order, never overlapping.
        """
        made = list(self._completed(words, spans, spells_ala=spells_ala))
        taken = {i for span in made for i in range(span.start, span.end)}
        speakers = list(self._speakers.find(words, taken))
        flags = list(map(self._firsts.get, words))
        if None in flags:
            flags = [
                self._is_first(word) if flag is None else flag
                for word, flag in zip(words, flags, strict=True)
            ]
        firsts = [i for i, flag in enumerate(flags) if flag and i not in taken]
        if not firsts and not speakers:
            return made
        added: list[Span] = []
        found = (*speakers, *self._subjects(words, firsts))
        for span in (*found, *self._titled(words, firsts, made)):
            if taken.isdisjoint(range(span.start, span.end)):
                added.append(span)
                taken.update(range(span.start, span.end))
        return sorted([*made, *added], key=lambda span: span.start) if added else made

    def _count(self, word: str) -> int:
        return self._names.count(opening_key(word))

    def _completed(
        self, words: Sequence[str], spans: Sequence[Span], *, spells_ala: bool
    ) -> Iterator[Span]:
        """Take in the given name right before a family name: «علي» «محسن الأحمر»."""
        end = 0
        starts = {span.start for span in spans}
        for span in spans:
            i = span.start - 1
            if (
                span.type == "PERS"
                and i >= end
                and (self._is_first(words[i]) or self._is_joined(words, span))
                and not self._is_given(words, span)
                and (
                    cached_key(words[i]) not in ALIKE_WORDS
                    or (spells_ala and words[i] == "علي")
                    or self._is_announced(words, i)
                )
            ):
                made = Span(i, span.end, "PERS")
            else:
                made = span
            if made.type == "PERS":
                end = self._extended(words, made, starts, spells_ala=spells_ala)
                made = Span(made.start, end, "PERS")
            yield made
            end = made.end

    def _is_joined(self, words: Sequence[str], span: Span) -> bool:
        """Tell a given name that «and» hides: «ووسام» before «أبو علي» or a family name."""
        word = words[span.start - 1]
        if word[0] != "و" or len(word) <= 3 or not self._is_first(word[1:]):
            return False
        if span.end - span.start > 1:
            return cached_key(words[span.start]) in BEFORE_ANCESTOR
        is_alike = cached_key(word[1:]) in ALIKE_WORDS
        return not (is_alike or self._count(word) or self.is_given(words[span.start]))

    def _extended(
        self, words: Sequence[str], span: Span, starts: Set[int], *, spells_ala: bool
    ) -> int:
        """Return the end of a name with what it lacks: «محمد الحسن» «ولد لبات»."""
        end = span.end
        if end + 1 >= len(words) or end in starts or end + 1 in starts:
            return end
        key = cached_key(words[end])
        if self._is_third(words, span):
            return end + 1
        is_one = end - span.start == 1 and self.is_given(words[span.start])
        goes_on = is_one and (
            (spells_ala and words[end] == "علي") or (key in GIVEN_WORDS and key not in ALIKE_WORDS)
        )
        if (goes_on or key in BEFORE_ANCESTOR) and _is_name_like(words[end + 1]):
            return end + 2
        return end

    def _is_third(self, words: Sequence[str], span: Span) -> bool:
        """Tell an unknown family name after given ones: «قال الوزير محمد يسر برنية لوكالة».

        After a given name of two words it needs no title: «على لسان عبد الرزاق مقري بأن».
        """
        word, following = words[span.end], words[span.end + 1]
        length = span.end - span.start
        is_compound = length == _GIVEN_AND_FAMILY and needs_another(words[span.start])
        if length > _GIVEN_AND_FAMILY or not self.is_given(words[span.start]):
            return False
        if not is_compound and not self.is_given(words[span.end - 1]):
            return False
        return (
            not self._count(word)
            and _may_be_family(word)
            and (
                cached_key(following) in PARTICLES_AFTER_SUBJECT
                or following[0] in "،:(ل."
                or (following[0] == "و" and is_title(following))
            )
            and (is_compound or self._is_announced(words, span.start))
        )

    def _is_given(self, words: Sequence[str], span: Span) -> bool:
        """Tell whether a name of several words has a given name of its own: «محمد بن سلمان»."""
        return span.end - span.start > _GIVEN_AND_FAMILY and self.is_given(words[span.start])

    def _is_first(self, word: str) -> bool:
        """Tell whether a word may be the first of a person's name; remembered, as news repeats."""
        known = self._firsts.get(word)
        if known is None:
            if len(self._firsts) >= _MOST_WORDS:
                self._firsts.clear()
            known = self._firsts[word] = self._may_be_first(word)
        return known

    def _subjects(self, words: Sequence[str], firsts: Sequence[int]) -> Iterator[Span]:
        """Find the names of two words between a verb of saying and its clause.

        «قال وزير النقل كامل المصري إن»: a verb or title, a given name, one word, and the particle.
        """
        for i in firsts:
            after = words[i + 2] if i + 2 < len(words) else ""
            if cached_key(after) not in PARTICLES_AFTER_SUBJECT or after == "ان":
                continue
            second = words[i + 1]
            is_name = second.isalpha() and cached_key(second) not in PREPOSITIONS
            if is_name and self._is_announced(words, i):
                yield Span(i, i + 2, "PERS")

    def _titled(
        self, words: Sequence[str], firsts: Sequence[int], spans: Sequence[Span]
    ) -> Iterator[Span]:
        """Find a given name and a second one after a title or an office.

        «الحكم أمين عمر», «محافظ البصرة أسعد العيداني».
        """
        offices = {
            span.end - 1
            for span in spans
            if span.type in ("LOC", "ORG")
            and span.start
            and bare_title(words[span.start - 1], CONSTRUCT_TITLES) is not None
        }
        for i in firsts:
            if not i or i + 1 >= len(words):
                continue
            if i - 1 in offices and _is_name_like(words[i + 1]):
                yield Span(i, i + 2, "PERS")
                continue
            if bare_title(words[i - 1], _TITLES) is None:
                continue
            if not self._may_be_name(words[i + 1]) and not _may_be_family(words[i + 1]):
                continue
            end = i + 2
            while end < len(words) and end - i < _LONGEST_NAME and self._goes_on(words, end):
                end += 1
            yield Span(i, end, "PERS")

    def _goes_on(self, words: Sequence[str], i: int) -> bool:
        return needs_another(words[i - 1]) or (
            words[i].startswith("ال") and self._count(words[i]) >= OFTEN
        )

    def _may_be_name(self, word: str) -> bool:
        if not word.isalpha() or cached_key(word) in PREPOSITIONS or is_title(word):
            return False
        if word.startswith("ال"):
            return self._count(word) > 1 and not self._is_national(word)
        return self._count(word) > 1

    def _may_be_first(self, word: str) -> bool:
        # «ناديه» is his club, «على» and «لي» are prepositions, «باسم» is on behalf of.
        if word.startswith("ال") or word.endswith("ه") or word in ("باسم", "على", "لي"):
            return False
        key = cached_key(word)
        is_known = key in GIVEN_WORDS
        if not is_known and self._count(word) < OFTEN:
            return False
        is_common = key in NOT_GIVEN or is_saying(word) or (is_title(word) and not is_known)
        return not is_common and not self._is_place(word)

    def _is_announced(self, words: Sequence[str], i: int) -> bool:
        """Tell whether a verb of saying, an initial, or an office stands before word `i`."""
        if not i:
            return False
        if is_saying(words[i - 1]) or is_title(words[i - 1]):
            return True
        if words[i - 1] == "." and i > 1 and cached_key(words[i - 2]) in INITIALS:
            return True
        return words[i - 1].startswith("ال") and any(
            is_title(word) for word in words[max(0, i - _FARTHEST_TITLE) : i - 1]
        )


def _may_be_family(word: str) -> bool:
    """Tell whether an unknown word after a title and a given name may be the family name.

    No verb of the present, adverb or noun with a pronoun: «الرئيس علي يزور», «لاحقا», «عودته».
    """
    is_open = word.startswith("ال") or word.endswith(("ا", "ه", "ها", "هم", "ات", "ين"))
    return not is_open and word[0] not in "يتنسب" and _is_name_like(word)


def _is_name_like(word: str) -> bool:
    """Tell whether a word may be a family name: no preposition, no particle, no adverb."""
    key = cached_key(word)
    return (
        word.isalpha()
        and len(key) > _SHORTEST_FAMILY
        and key not in PREPOSITIONS
        and key not in NO_FAMILY
        and key[0] not in "ول"
        and not key.startswith(("با", "بال", "لل"))
        and not is_title(word)
        and not is_saying(word)
    )
