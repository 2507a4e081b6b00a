"""An expression in the languages of the two databases: FTS5's MATCH and PostgreSQL's tsquery. Pure.

https://www.sqlite.org/fts5.html#full_text_query_syntax
https://www.postgresql.org/docs/15/datatype-textsearch.html
"""

from __future__ import annotations

from workers.index.expression import But, Every, Expression, Mark, Phrase, Some
from workers.index.words import IndexedText

# Tokens are letters, digits, `_` and `=`: none of them has to be escaped in quotation marks.

_GAP = 10  # no phrase reaches from a headline into the text
_LAST_POSITION = 16_383


def fts5_query(expression: Expression) -> str:
    """Return an expression for MATCH."""
    match expression:
        case Mark(token):
            return f'"{token}"'
        case Phrase(first, rest, is_prefix):
            star = " *" if is_prefix else ""
            phrases = [f'"{" ".join((form, *rest))}"{star}' for form in first]
            return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"
        case Every(parts):
            return f"({' AND '.join(map(fts5_query, parts))})"
        case Some(parts):
            return f"({' OR '.join(map(fts5_query, parts))})"
        case But(wanted, unwanted):
            return f"({fts5_query(wanted)} NOT {fts5_query(unwanted)})"


def tsquery(expression: Expression, weight: str = "") -> str:
    """Return an expression as the text of a tsquery.

    Args:
        expression: what must hold.
        weight: `A` where the words must stand in the headline.
    """
    match expression:
        case Mark(token):
            return f"'{token}'"
        case Phrase(first, rest, is_prefix):
            label = f":{'*' if is_prefix else ''}{weight}" if is_prefix or weight else ""
            forms = " | ".join(f"'{form}'{label}" for form in first)
            following = f":{weight}" if weight else ""
            return " <-> ".join((f"({forms})", *(f"'{word}'{following}" for word in rest)))
        case Every(parts):
            return f"({' & '.join(tsquery(part, weight) for part in parts)})"
        case Some(parts):
            return f"({' | '.join(tsquery(part, weight) for part in parts)})"
        case But(wanted, unwanted):
            return f"({tsquery(wanted, weight)} & !({tsquery(unwanted, weight)}))"


def tsvector(text: IndexedText) -> str:
    """Return tokens as the text of a tsvector; words of the headline have the weight A.

    Behind position 16,383 PostgreSQL counts no further: phrases are not found there.
    """
    found = [f"'{word}':{place}A" for place, word in enumerate(text.title, 1)]
    start = len(text.title) + _GAP
    found += [
        f"'{word}':{min(place, _LAST_POSITION)}" for place, word in enumerate(text.body, start)
    ]
    return " ".join((*found, *(f"'{mark}'" for mark in text.marks)))
