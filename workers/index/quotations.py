"""Quotations of the archive, by speaker and by words, newest first.

The index knows which articles quote whom and have which words; whether the words stand in the
quotation is looked up in the articles themselves, the newest first, until the page is full.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from nabaa.filters.moved_ids import load_moved_ids, with_moved
from nabaa.types import Quote
from workers.index.articles import read_current, read_data
from workers.index.entity_rows import entity_of_row, read_entities_by_key
from workers.index.expression import Phrase, asked_phrases, quoting_expression, unwanted_phrases
from workers.index.fulltext import fulltext
from workers.index.instants import ids_of
from workers.index.message import quotes_of
from workers.index.model import QuotationQuestion, StoredQuotation
from workers.index.places import places_of
from workers.index.snippets import mark_words
from workers.index.words import cut_words

MOST_ARTICLES = 1000
"""Articles that are looked at for one question."""

_READ_AT_ONCE = 50


def find_quotations(
    connection: Connection, question: QuotationQuestion
) -> tuple[StoredQuotation, ...]:
    """Find quotations; words are found as `workers.index.search.search` finds them.

    Looking ends at the newest thousand articles that quote the speaker and have the words anywhere.

    Args:
        connection: of `Archive.reading`.
        question: what is wanted.

    Raises:
        UsageError: the question makes no sense.
    """
    end = question.offset + question.limit
    found = _find(connection, question, end, wide=False)
    is_wide = len(found) < end and bool(question.text.strip())
    if is_wide:
        others = _find(connection, question, end, wide=True)
        found += [each for each in others if each not in found]
    page = found[question.offset : end]
    articles = read_current(connection, list(dict.fromkeys(each for each, _ in page)))
    speakers = read_entities_by_key(
        connection, list({quote.speaker for _, quote in page if quote.speaker})
    )
    phrases = asked_phrases(question, wide=is_wide)
    quotations = []
    for article_id, quote in page:
        row = speakers.get(quote.speaker) if quote.speaker else None
        speaker = None if row is None else entity_of_row(row)
        marked = mark_words(quote.text, phrases)
        quotations.append(StoredQuotation(quote, marked, speaker, articles[article_id]))
    return tuple(quotations)


def _find(
    connection: Connection, question: QuotationQuestion, limit: int, *, wide: bool
) -> list[tuple[int, Quote]]:
    ids = fulltext(connection).newest(
        connection,
        quoting_expression(question, wide=wide),
        *ids_of(question.span),
        MOST_ARTICLES,
    )
    phrases, unwanted = asked_phrases(question, wide=wide), unwanted_phrases(question)
    speakers = with_moved(question.speakers, load_moved_ids())
    found: list[tuple[int, Quote]] = []
    for article_id, quote in _quotes(connection, ids):
        if len(found) >= limit:
            break
        is_theirs = not speakers or quote.speaker in speakers
        if is_theirs and _says(quote, phrases, unwanted):
            found.append((article_id, quote))
    return found


def _quotes(connection: Connection, ids: list[int]) -> Iterator[tuple[int, Quote]]:
    for start in range(0, len(ids), _READ_AT_ONCE):
        some = ids[start : start + _READ_AT_ONCE]
        for article_id, data in read_data(connection, some).items():
            for quote in quotes_of(data):
                yield article_id, quote


def _says(quote: Quote, phrases: tuple[Phrase, ...], unwanted: tuple[Phrase, ...]) -> bool:
    if not phrases and not unwanted:
        return True
    words = cut_words(quote.text)
    return all(places_of(phrase, words) for phrase in phrases) and not any(
        places_of(phrase, words) for phrase in unwanted
    )
