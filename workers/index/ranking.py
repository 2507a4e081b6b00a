"""The rank of an article that a question found: where its words stand, and how old it is. Pure.

News says first what matters: a word of the headline weighs more than one of the lead, and that more
than one further down. The measure looks at the same words in every database, so that the order is
the same in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from nabaa.filters.words import fold_words
from workers.index.expression import Phrase
from workers.index.message import Texts
from workers.index.places import places_of

HALF_LIFE = timedelta(days=30)
"""Age at which an article weighs half as much as one of now; a third at twice that age."""

_LEAD = 600  # code points of the text that are looked at
_TITLE_WEIGHT, _LEAD_WEIGHT, _BODY_WEIGHT = 3.0, 1.0, 0.3
_SATURATION = 1.0  # as k1 of BM25: what a second and a third occurrence add
_ADJACENT_WEIGHT = 1.5  # two words of the question side by side


def relevance(texts: Texts, phrases: Sequence[Phrase]) -> float:
    """Return how much a text is about the words that it was found by.

    Args:
        texts: texts of the article.
        phrases: words that were asked for; all of them stand in the texts.

    Returns:
        0 without words, else more than 0.
    """
    title = fold_words(texts.title)
    lead = fold_words(f"{texts.summary}\n{texts.body_text[:_LEAD]}")
    score, before = 0.0, None
    for phrase in phrases:
        in_title, in_lead = places_of(phrase, title), places_of(phrase, lead)
        score += _BODY_WEIGHT
        score += _TITLE_WEIGHT * _saturated(len(in_title))
        score += _LEAD_WEIGHT * _saturated(len(in_lead))
        if before is not None:
            beside = _beside(before[0], in_title) or _beside(before[1], in_lead)
            score += _ADJACENT_WEIGHT if beside else 0.0
        before = in_title, in_lead
    return score


def weigh_age(score: float, published: datetime, now: datetime) -> float:
    """Return a relevance with the age of the article in it.

    Args:
        score: relevance.
        published: when, aware.
        now: aware.
    """
    age = max(timedelta(0), now - published)
    return score / (1 + age / HALF_LIFE)


def _beside(before: list[int], after: list[int]) -> bool:
    return not {place + 1 for place in before}.isdisjoint(after)


def _saturated(count: int) -> float:
    return count * (1 + _SATURATION) / (count + _SATURATION)
