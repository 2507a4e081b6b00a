"""Sentences whose names a test marks by their words."""

from __future__ import annotations

from collections.abc import Iterable

from nabaa.types import EntityType
from workers.model import Span


def spans_in(words: list[str], names: Iterable[tuple[EntityType, str]]) -> list[Span]:
    """Return the span of each name, where its words stand first, in order.

    Args:
        words: tokens of a sentence.
        names: class and words of each.
    """
    found = []
    for kind, name in names:
        parts = name.split()
        start = next(i for i in range(len(words)) if words[i : i + len(parts)] == parts)
        found.append(Span(start, start + len(parts), kind))
    return sorted(found, key=lambda span: span.start)
