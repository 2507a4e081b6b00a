"""Search: the newest articles that match, ranked by relevance and time.

Looking ends at the newest thousand. Those whose headline has the words and the newest of the rest
are read and ranked: a question costs the same however many articles there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from workers.index.articles import read_current, read_data
from workers.index.expression import Phrase, article_expression, asked_phrases, words_expression
from workers.index.fulltext import fulltext
from workers.index.instants import SLOTS, STEP_SECONDS, ids_of, instant_of, series
from workers.index.message import texts_of
from workers.index.model import Answer, Count, Hit, Question, Step
from workers.index.ranking import relevance, weigh_age
from workers.index.snippets import mark_words, snippet

MOST_FOUND = 1000
"""Articles that are looked at for one question."""

_MOST_RANKED = 200


@dataclass(frozen=True, slots=True)
class _Found:
    """The articles that a question found, id → score, in order, and the words that found them."""

    scores: dict[int, float]
    phrases: tuple[Phrase, ...]


def search(connection: Connection, question: Question, now: datetime) -> Answer:
    """Find articles.

    A word finds its other spellings, and itself with and without clitics and ال. Where that fills
    no page, articles follow in which a word stands without a letter before it that may be a clitic
    («لكتاب» for «كتاب»).

    Args:
        connection: of `Archive.reading`.
        question: what is wanted.
        now: aware; what articles age by.

    Raises:
        UsageError: the question makes no sense.
    """
    end = question.offset + question.limit
    found = _find(connection, question, now)
    if len(found.scores) < end and question.text.strip():
        wide = _find(connection, question, now, wide=True)
        if len(wide.scores) > len(found.scores):
            found = _Found({**found.scores, **_without(wide.scores, found.scores)}, wide.phrases)
    page = list(found.scores.items())[question.offset : end]
    articles = read_current(connection, [article_id for article_id, _ in page])
    hits = []
    for article_id, score in page:
        article = articles.get(article_id)
        if article is None:
            continue  # removed since, or what a damaged index says
        title = mark_words(article.title, found.phrases)
        part = snippet((article.summary, article.body_text), found.phrases)
        hits.append(Hit(article, title, part, score))
    return Answer(tuple(hits), len(found.scores), len(found.scores) < MOST_FOUND)


def count_matches(connection: Connection, question: Question, step: Step) -> tuple[Count, ...]:
    """Count the articles that a question finds, by hour, day or month of publication.

    Args:
        connection: of `Archive.reading`.
        question: what is wanted; `order`, `limit` and `offset` do not count.
        step: hour, day or month.

    Raises:
        UsageError: the question makes no sense.
    """
    first, behind = ids_of(question.span)
    counts = fulltext(connection).count_by(
        connection, article_expression(question), first, behind, STEP_SECONDS[step] * SLOTS
    )
    return series(counts, step, question.span)


def _find(
    connection: Connection, question: Question, now: datetime, *, wide: bool = False
) -> _Found:
    words = fulltext(connection)
    wanted = article_expression(question, wide=wide)
    phrases = asked_phrases(question, wide=wide)
    ids = words.newest(connection, wanted, *ids_of(question.span), MOST_FOUND)
    scores = dict.fromkeys(ids, 0.0)
    if not ids or not phrases or question.order == "newest":
        return _Found(scores, phrases)
    titled: frozenset[int] = frozenset()
    if len(ids) > _MOST_RANKED:
        titled = words.in_title(connection, words_expression(phrases), ids)
    chosen = sorted(ids, key=lambda each: (each not in titled, -each))[:_MOST_RANKED]
    ranked = {
        article_id: weigh_age(relevance(texts_of(data), phrases), instant_of(article_id), now)
        for article_id, data in read_data(connection, chosen).items()
    }
    in_order = sorted(ranked.items(), key=lambda item: (-item[1], -item[0]))
    return _Found({**dict(in_order), **_without(scores, ranked)}, phrases)


def _without(scores: dict[int, float], known: dict[int, float]) -> dict[int, float]:
    return {each: score for each, score in scores.items() if each not in known}
