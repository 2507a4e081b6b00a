"""Finds whom a headline quotes and who opens a sentence's speech by a family name alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

from workers.entities.guideline.marks import CLOSING_MARKS, OPENING_MARKS
from workers.entities.guideline.person_words import (
    PARTICLES_AFTER_SUBJECT,
    SPEAKING,
    SPEAKING_NOUNS,
)
from workers.entities.mentions.name_words import NAME_NOUNS
from workers.entities.mentions.roles import bare_title, cached_key
from workers.entities.mentions.titles import DEFINITE_TITLES
from workers.entities.mentions.verbs import is_saying
from workers.model import Span

_TOLD = "ل"
_FARTHEST_COLON = 7
_LONGEST_TOLD = 3
_FARTHEST_SPEAKER = 4
_OFTEN = 5
"""Times that a family name opens a name before it is a speaker's by itself."""

IsWord = Callable[[str], bool]


class UnmarkedSpeakers:
    """UnmarkedSpeakers finds the speakers of one sentence that no span covers.

    Args:
        count: tells how often a word opens names.
        may_be_name: tells words that may be a person's name.
        is_place: tells words that alone are listed as a place or an organisation.
    """

    def __init__(self, count: Callable[[str], int], may_be_name: IsWord, is_place: IsWord) -> None:
        self._count = count
        self._may_be_name = may_be_name
        self._is_place = is_place

    def find(self, words: Sequence[str], taken: Set[int]) -> Iterator[Span]:
        """Find those who speak at a sentence's beginning.

        Args:
            words: tokens of the sentence.
            taken: indices of those that belong to names.

        Yields:
            At most one for a headline, then at most one family name with the article.
        """
        yield from self._told(words)
        for i in range(1, min(_FARTHEST_SPEAKER, len(words) - 1)):
            if words[i].startswith("ال") and i not in taken and self._speaks(words, i):
                yield Span(i, i + 1, "PERS")
                return

    def _told(self, words: Sequence[str]) -> Iterator[Span]:
        """Find whom a headline quotes: «عون لـ"الشرق الأوسط": …»."""
        for i in range(1, min(_LONGEST_TOLD, len(words) - 2)):
            if words[i] != _TOLD or words[i + 1] not in OPENING_MARKS:
                continue
            after = words[i + 2 : i + 2 + _FARTHEST_COLON]
            end = next((j for j, word in enumerate(after) if word in CLOSING_MARKS), -1)
            says = end >= 0 and after[end + 1 : end + 2] == [":"]
            if says and all(self._may_be_name(word) for word in words[:i]):
                yield Span(0, i, "PERS")
            return

    def _speaks(self, words: Sequence[str], i: int) -> bool:
        """Tell a family name after speech or a title: «غرد الحداد: «», «الوزير الحداد إن».

        The article of «الحداد» is what tells it from a given name, which would not stand alone.
        """
        word, before, after = words[i], words[i - 1], words[i + 1]
        is_told = after == ":" or cached_key(after) in PARTICLES_AFTER_SUBJECT
        if not is_told and not (
            after == _TOLD and i + 2 < len(words) and words[i + 2] in OPENING_MARKS
        ):
            return False
        says = is_saying(before) or bare_title(before, SPEAKING) is not None
        if not says and bare_title(before, DEFINITE_TITLES) is None:
            return False
        noun = cached_key(word)[2:]
        is_noun = noun in NAME_NOUNS or noun in SPEAKING_NOUNS
        is_name = not is_noun and self._may_be_name(word) and self._count(word) >= _OFTEN
        return is_name and not self._is_place(word)
