"""Ten kinds of question, drawn from articles such as those that are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from random import Random

from sqlalchemy import Connection

from bench.search.corpus import END
from nabaa.errors import NotFoundError
from nabaa.filters.filter import Filter
from nabaa.filters.words import fold_words
from nabaa.types import Article
from workers.index.entities import view_entity
from workers.index.model import Question, QuotationQuestion, Span
from workers.index.quotations import find_quotations
from workers.index.search import count_matches, search
from workers.index.trends import count_places, read_trends

Ask = Callable[[Connection], object]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the articles by how many articles have them, and what articles have together.

    Attributes:
        frequent: in a hundredth of the articles and more, function words among them.
        middling: in a thousandth and more.
        rare: in fewer.
        articles: folded words of each.
        phrases: words that follow each other.
        entities: ids, as often as articles name them.
        speakers: ids, as often as they are quoted.
    """

    frequent: Sequence[str]
    middling: Sequence[str]
    rare: Sequence[str]
    articles: Sequence[Sequence[str]]
    phrases: Sequence[str]
    entities: Sequence[str]
    speakers: Sequence[str]


def draw_words(articles: Sequence[Article]) -> Words:
    """Collect what some articles have."""
    folded = [fold_words(f"{each.title} {each.body_text}") for each in articles]
    counts = Counter(word for words in folded for word in set(words) if len(word) > 1)
    share = {word: count / len(articles) for word, count in counts.items()}
    return Words(
        [word for word in share if share[word] >= 0.01],
        [word for word in share if 0.001 <= share[word] < 0.01],
        [word for word in share if share[word] < 0.001],
        folded,
        [f'"{one} {two}"' for words in folded for one, two in pairwise(words)],
        [entity.id for each in articles for entity in each.entities],
        [quote.speaker for each in articles for quote in each.quotes if quote.speaker],
    )


def kinds(words: Words, random: Random) -> Iterator[tuple[str, Callable[[], Ask]]]:
    """Yield each kind of question with what draws one of it."""
    pick = random.choice

    def ask(text: str, **changes: object) -> Ask:
        question = Question(text, **changes)  # type: ignore[arg-type]
        return lambda connection: search(connection, question, END)

    def pair() -> str:
        return " ".join(random.sample(list(pick(words.articles)), 2))

    month = Span(since=END - timedelta(days=30))
    yield "two words of one article", lambda: ask(pair())
    yield "two frequent words", lambda: ask(f"{pick(words.frequent)} {pick(words.frequent)}")
    yield "two middling words", lambda: ask(f"{pick(words.middling)} {pick(words.middling)}")
    yield "a frequent and a rare word", lambda: ask(f"{pick(words.frequent)} {pick(words.rare)}")
    yield "two words of one article, last 30 days", lambda: ask(pair(), span=month)
    yield "two words, newest first", lambda: ask(pair(), order="newest")
    yield "a phrase", lambda: ask(pick(words.phrases))
    yield (
        "a word and an entity",
        lambda: ask(pick(words.middling), filter=Filter(entities=(pick(words.entities),))),
    )
    yield "how a word begins (`word*`)", lambda: ask(f"{pick(words.middling)[:4]:ا<3}*")
    yield "articles that quote a speaker", lambda: ask("", speakers=(pick(words.speakers),))

    def quotations() -> Ask:
        question = QuotationQuestion(pick(words.frequent), (pick(words.speakers),))
        return lambda connection: find_quotations(connection, question)

    def entity() -> Ask:
        entity_id = pick(words.entities)
        return lambda connection: _view(connection, entity_id)

    def by_month() -> Ask:
        question = Question(pair())
        return lambda connection: count_matches(connection, question, "month")

    yield "quotations by speaker and word", quotations
    yield "the page of an entity", entity
    yield "matches by month", by_month
    yield "trends of 24 hours", lambda: lambda c: read_trends(c, timedelta(days=1), END)
    yield "trends of 30 days", lambda: lambda c: read_trends(c, timedelta(days=30), END)
    yield "places of 7 days", lambda: lambda c: count_places(c, Span(since=END - timedelta(days=7)))


def _view(connection: Connection, entity_id: str) -> None:
    with suppress(NotFoundError):  # of these articles alone, as a person that one of them brings
        view_entity(connection, entity_id, END)
