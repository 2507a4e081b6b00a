"""Finds the quotations of a sentence whose names are given, and shows them as plain tuples."""

from __future__ import annotations

from collections.abc import Sequence

from nabaa.types import Entity, EntityType, Mention, TextField
from workers.quotes.find import find_quotes

Said = tuple[str, str | None, str]
"""Text, name of the speaker and kind of a quotation."""


def entities_of(
    text: str, names: dict[str, EntityType], field: TextField = "body_text"
) -> list[Entity]:
    """Make an entity of each name, with every place where the text has it.

    «أ|ب» are two names of one entity; its id is the first.
    """
    entities = []
    for spelled, kind in names.items():
        aliases = spelled.split("|")
        taken: list[tuple[int, int]] = []
        for alias in sorted(aliases, key=len, reverse=True):
            start = text.find(alias)
            while start >= 0:
                end = start + len(alias)
                if not any(start < e and s < end for s, e in taken):
                    taken.append((start, end))
                start = text.find(alias, end)
        mentions = tuple(Mention(field, s, e, text[s:e]) for s, e in sorted(taken))
        if mentions:
            entities.append(Entity(aliases[0], kind, aliases[0], None, mentions))
    return entities


def said(
    text: str,
    names: dict[str, EntityType] | None = None,
    field: TextField = "body_text",
    others: Sequence[Entity] = (),
) -> list[Said]:
    """Return the quotations of a text of one field."""
    entities = [*entities_of(text, names or {}, field), *others]
    return [(q.text, q.speaker, q.kind) for q in find_quotes({field: text}, entities)]
