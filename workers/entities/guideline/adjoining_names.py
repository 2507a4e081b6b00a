"""Parts a person from the name that adjoins it, and joins two spans that are one person's name.

A recogniser may take «أبل تيم كوك» and «هاريس وجو بايدن» for one person, «علي» «حسن خليل» for two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.entities.groups.name_parts import split_name
from workers.entities.guideline.listed_names import ListedNames
from workers.entities.guideline.person_words import ALIKE_WORDS
from workers.entities.mentions.name_words import NameWords, opening_key
from workers.entities.mentions.roles import cached_key
from workers.model import Span

_FEWEST_BESIDE = 3
"""Words of a span that holds a person's two names and another name."""
_PARTICLES = frozenset("لبو")

IsWord = Callable[[str], bool]


class AdjoiningNames:
    """AdjoiningNames parts and joins the names of one sentence.

    Args:
        listed: the names that are looked for.
        names: how often words open names.
        is_given: tells given names.
    """

    def __init__(self, listed: ListedNames, names: NameWords, is_given: IsWord) -> None:
        self._listed = listed
        self._names = names
        self._is_given = is_given

    def joined(
        self, words: Sequence[str], spans: Sequence[Span], *, spells_ala: bool
    ) -> list[Span]:
        """Join two spans that are one person's name: «آمنة» «الهاشمي», «علي» «حسن خليل».

        Args:
            words: tokens of the sentence.
            spans: its names, in order, never overlapping.
            spells_ala: the article writes the preposition «على», so that «علي» is a name.

        Returns:
            In order, never overlapping.
        """
        joined: list[Span] = []
        for span in spans:
            last = joined[-1] if joined else None
            if (
                last is not None
                and last.type == span.type == "PERS"
                and last.end == span.start
                and self._is_one(words, last, span, spells_ala=spells_ala)
            ):
                joined[-1] = Span(last.start, span.end, "PERS")
            else:
                joined.append(span)
        return joined

    def beside(self, words: Sequence[str], span: Span) -> tuple[Span, Span] | None:
        """Part a listed name from the person beside it: «أبل تيم كوك», «أنطوان سعادة العراق».

        Args:
            words: tokens of the sentence.
            span: a person's, as a recogniser marked it.

        Returns:
            The listed name and the person; None where the span holds one name only.
        """
        start, end = span.start, span.end
        if end - start < _FEWEST_BESIDE or self._listed.class_of(words[start:end]) is not None:
            return None
        first, last = words[start], words[end - 1]
        has_two = len(split_name(" ".join(words[start : end - 1]))) > 1  # not «عبد الله الرويشد»
        if last.startswith("ال") and has_two and self._listed.class_of([last]) == "LOC":
            return Span(end - 1, end, "LOC"), Span(start, end - 1, "PERS")
        if self._is_given(first) or not self._is_given(words[start + 1]):
            return None
        bare = first[1:] if first[0] in _PARTICLES else first
        if "ORG" in (self._listed.class_of([first]), self._listed.class_of([bare])):
            return Span(start, start + 1, "ORG"), Span(start + 1, end, "PERS")
        return None

    def is_second(self, word: str) -> bool:
        """Tell a second person's given name after «and»: «وسامر», but not «وليد»."""
        rest = word[1:]
        if word[0] != "و" or rest.startswith("ال") or self._names.count(opening_key(word)):
            return False
        return self._is_given(rest)

    def _is_one(self, words: Sequence[str], left: Span, right: Span, *, spells_ala: bool) -> bool:
        if words[right.start].startswith("ال"):
            return right.end - right.start == 1
        given = words[left.start]
        return (
            left.end - left.start == 1
            and self._is_given(given)
            and self._is_given(words[right.start])
            and (cached_key(given) not in ALIKE_WORDS or (spells_ala and given == "علي"))
        )
