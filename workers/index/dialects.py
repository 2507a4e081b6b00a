"""An expression in the languages of the two databases: FTS5's MATCH and PostgreSQL's tsquery. Pure.

https://www.sqlite.org/fts5.html#full_text_query_syntax
https://www.postgresql.org/docs/15/datatype-textsearch.html
"""

from __future__ import annotations

from workers.index.expression import But, Every, Expression, Mark, Phrase, Some

# Tokens are letters, digits, `_` and `=`: none of them has to be escaped in quotation marks, nor in
# a regular expression.


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


def tsquery(expression: Expression) -> str:
    """Return a condition as the text of a tsquery that knows no order of words.

    What it finds is all that the expression finds, and besides what has the words of a phrase in
    another order: `phrase_conditions` tells the one from the other.
    """
    match expression:
        case Mark(token):
            return f"'{token}'"
        case Phrase(first, rest, is_prefix):
            star = ":*" if is_prefix else ""
            forms = " | ".join(f"'{form}'{star}" for form in first)
            return " & ".join((f"({forms})", *(f"'{word}'" for word in rest)))
        case Every(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case Some(parts):
            return f"({' | '.join(map(tsquery, parts))})"
        case But(wanted, unwanted):
            if _has_order(unwanted):
                return tsquery(wanted)
            return f"({tsquery(wanted)} & !({tsquery(unwanted)}))"


def phrase_conditions(expression: Expression, tokens: str, values: dict[str, object]) -> list[str]:
    """Return the parts of an expression that look at the order of words, as conditions in SQL.

    Args:
        expression: what must hold.
        tokens: SQL of the tokens of an article, with a space before and behind each.
        values: gets the values that the conditions name.

    Returns:
        Conditions that must hold besides the tsquery; none where there are no phrases.
    """
    parts = expression.parts if isinstance(expression, Every) else (expression,)
    return [_condition(part, tokens, values) for part in parts if _has_order(part)]


def _condition(expression: Expression, tokens: str, values: dict[str, object]) -> str:
    match expression:
        case Mark(token):
            return f"strpos({tokens}, {_value(f' {token} ', values)}) > 0"
        case Phrase(first, rest, is_prefix):
            end, words = "[^ ]*" if is_prefix else "", "".join(f" {word}" for word in rest)
            pattern = _value(f" ({'|'.join(first)}){end}{words} ", values)
            return f"{tokens} ~ {pattern}"
        case Every(parts):
            return f"({' AND '.join(_condition(part, tokens, values) for part in parts)})"
        case Some(parts):
            return f"({' OR '.join(_condition(part, tokens, values) for part in parts)})"
        case But(wanted, unwanted):
            has, has_not = (_condition(part, tokens, values) for part in (wanted, unwanted))
            return f"({has} AND NOT {has_not})"


def _value(value: str, values: dict[str, object]) -> str:
    name = f"word{len(values)}"
    values[name] = value
    return f":{name}"


def _has_order(expression: Expression) -> bool:
    match expression:
        case Phrase(_, rest):
            return bool(rest)
        case Every(parts) | Some(parts):
            return any(map(_has_order, parts))
        case But(wanted, unwanted):
            return _has_order(wanted) or _has_order(unwanted)
        case _:
            return False
