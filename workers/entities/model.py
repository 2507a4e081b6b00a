"""The records between recogniser and linker: tagged sentences, typed mentions, groups.

Offsets are code points into exactly the text that is delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nabaa.types import EntityType, Mention, TextField
from workers.model import Span, Token


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A TaggedSentence is a sentence of an article with the names that a recogniser found in it.

    Attributes:
        field: text of the article that it stands in.
        tokens: their offsets count from the start of that text.
        spans: by position, never overlapping.
    """

    field: TextField
    tokens: Sequence[Token]
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class TypedMention:
    """A TypedMention is a mention with the class that the recogniser gave it.

    Attributes:
        type: one of the four classes.
        mention: where it stands.
        name: the name for matching: `mention.text` with single spaces, and with its article where
            «لل» has swallowed it: mention «للأمم المتحدة», name «الأمم المتحدة».
    """

    type: EntityType
    mention: Mention
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A Group holds everything that one article calls by the names of one entity.

    Attributes:
        type: the class that most of its mentions have.
        name: its longest full form.
        mentions: in reading order, never empty, never overlapping those of another group.
        names: the different names seen, in the order of their first mention.
    """

    type: EntityType
    name: str
    mentions: tuple[Mention, ...]
    names: tuple[str, ...]
