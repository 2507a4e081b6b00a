"""A recogniser that knows a list of names: what it finds does not change with the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nabaa.types import EntityType
from workers.model import Span


class ListedNames:
    """Finds listed names of one or more words.

    Args:
        names: words of a name → its class.
    """

    name = "listed"

    def __init__(self, names: Mapping[str, EntityType]) -> None:
        self._names = {tuple(name.split()): kind for name, kind in names.items()}

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [self._find(sentence) for sentence in sentences]

    def _find(self, words: Sequence[str]) -> list[Span]:
        spans: list[Span] = []
        for start in range(len(words)):
            for name, kind in self._names.items():
                free = not spans or spans[-1].end <= start
                if free and tuple(words[start : start + len(name)]) == name:
                    spans.append(Span(start, start + len(name), kind))
        return spans
