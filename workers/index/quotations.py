"""Quotations of the archive, by speaker and by words, newest first."""

from __future__ import annotations

from sqlalchemy import Connection

from workers.index.articles import read_current
from workers.index.entity_rows import entity_of_row, read_entities_by_key
from workers.index.expression import asked_phrases, quotation_expression
from workers.index.fulltext import fulltext
from workers.index.instants import ids_of, place_of, quotation_id
from workers.index.model import QuotationQuestion, StoredQuotation
from workers.index.snippets import mark_words


def find_quotations(
    connection: Connection, question: QuotationQuestion
) -> tuple[StoredQuotation, ...]:
    """Find quotations; words are found as `workers.index.search.search` finds them.

    Args:
        connection: of `Archive.reading`.
        question: what is wanted.

    Raises:
        UsageError: the question makes no sense.
    """
    end = question.offset + question.limit
    ids = _newest(connection, question, end, wide=False)
    is_wide = len(ids) < end and bool(question.text.strip())
    if is_wide:
        known = set(ids)
        ids += [each for each in _newest(connection, question, end, wide=True) if each not in known]
    places = [place_of(each) for each in ids[question.offset : end]]
    articles = read_current(connection, list(dict.fromkeys(each for each, _ in places)))
    quotes = [(articles[each], articles[each].quotes[place]) for each, place in places]
    speakers = read_entities_by_key(
        connection, list({quote.speaker for _, quote in quotes if quote.speaker})
    )
    phrases = asked_phrases(question, wide=is_wide)
    found = []
    for article, quote in quotes:
        row = speakers.get(quote.speaker) if quote.speaker else None
        speaker = None if row is None else entity_of_row(row)
        found.append(StoredQuotation(quote, mark_words(quote.text, phrases), speaker, article))
    return tuple(found)


def _newest(
    connection: Connection, question: QuotationQuestion, limit: int, *, wide: bool
) -> list[int]:
    first, behind = ids_of(question.span)
    return fulltext(connection, "quotation_words").newest(
        connection,
        quotation_expression(question, wide=wide),
        quotation_id(first, 0),
        quotation_id(behind, 0),
        limit,
    )
