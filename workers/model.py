"""The records that flow within the workers: words of a text and the names found in them."""

from __future__ import annotations

import msgspec

from nabaa.types import EntityType


# Structs, as an article has hundreds of each: they are made in a third of a dataclass's time.
class Token(msgspec.Struct, frozen=True, gc=False):
    """A word, number or mark of a text.

    Attributes:
        text: exactly `source[start:end]`.
        start: code points from the start of the source text.
        end: code points, exclusive.
    """

    text: str
    start: int
    end: int


class Span(msgspec.Struct, frozen=True, gc=False):
    """A name in a sentence of tokens, as a recogniser reports it.

    Attributes:
        start: index of its first token.
        end: index after its last token.
        type: one of the four classes.
    """

    start: int
    end: int
    type: EntityType
