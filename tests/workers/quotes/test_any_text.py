"""Whatever the text: offsets cut it exactly, quotations never overlap, nothing raises."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.types import Entity, EntityType, Mention, TextField
from workers.quotes.find import find_quotes

PIECES = st.sampled_from(
    [
        "قال", "وأضاف", "مؤكدا", "بحسب", "وفقا", "على", "حد", "قوله", "كما", "أعلن", "نقلت", "عن",
        "ما", "بين", "الذي", "وكان", "إن", "أنه", "بأن", "الوزير", "سمير", "النجار", "لسمير", "د",
        "الجسر", "قديم", "جدا", "«", "»", '"', "“", "”", "‹", "›", ":", "،", ".", "..", "؟", "(",
        ")", "\n", "\n\n", "ًّ", "ـ", "قـال", "أكّد", "3.5", "x", "👩", "\ud800", "-", "يذكر",
    ]
)  # fmt: skip
GLUE = st.sampled_from(["", " ", " ", " "])
MADE = st.lists(st.tuples(PIECES, GLUE), max_size=60).map(
    lambda pairs: "".join(piece + glue for piece, glue in pairs)
)
TEXTS = st.one_of(st.text(max_size=200), MADE, MADE)
FIELDS: tuple[TextField, ...] = ("title", "summary", "body_text")
TYPES: tuple[EntityType, ...] = ("PERS", "ORG", "LOC", "MISC")


@st.composite
def articles(draw: st.DrawFn) -> tuple[dict[TextField, str], list[Entity]]:
    texts = {field: draw(TEXTS) for field in FIELDS}
    entities = []
    for name in ("سمير", "النجار", "الوزير", "الجسر", "x"):
        mentions = tuple(
            Mention(field, start, start + len(name), name)
            for field, text in texts.items()
            if (start := text.find(name)) >= 0
        )
        if mentions:
            entities.append(Entity(name, draw(st.sampled_from(TYPES)), name, None, mentions))
    return texts, entities


@given(articles())
@settings(deadline=None, max_examples=400)
def test_quotations_cut_their_text_and_never_overlap(
    article: tuple[dict[TextField, str], list[Entity]],
) -> None:
    texts, entities = article
    quotes = find_quotes(texts, entities)
    for quote in quotes:
        assert quote.text == texts[quote.field][quote.start : quote.end] != ""
        assert quote.cue in texts[quote.field]
        assert quote.speaker is None or quote.speaker in {entity.id for entity in entities}
    for one, other in pairwise(quotes):
        assert FIELDS.index(one.field) <= FIELDS.index(other.field)
        assert one.field != other.field or one.end <= other.start


@given(articles())
@settings(deadline=None, max_examples=50)
def test_the_same_article_always_gives_the_same_quotations(
    article: tuple[dict[TextField, str], list[Entity]],
) -> None:
    texts, entities = article
    assert find_quotes(texts, entities) == find_quotes(dict(texts), list(entities))


# Quadratic time on any of these would take minutes.
@pytest.mark.parametrize(
    "text",
    [
        "«" * 100_000,
        '"' * 100_000,
        '" ' * 100_000,
        "»" * 100_000,
        "«" * 50_000 + "»" * 50_000,
        "قال:" * 50_000,
        "قال إن " * 50_000,
        "قال: «" * 50_000,
        "بحسب سمير، " * 30_000,
        "«قال «" * 30_000,
        "سمير " * 50_000 + "مؤكدا أن " * 30_000,
        "\n" * 50_000 + "وقال أن " * 20_000,
        "وقال الوزير إن الجسر قديم. سمير. " * 5_000,
        "قال:\n" * 50_000,
        "بين طالب كتب " * 20_000,
        "ا" * 1_000_000,
    ],
    ids=lambda text: repr(text[:14]),
)
def test_a_hostile_text_is_read_through(text: str) -> None:
    mentions = tuple(
        Mention("body_text", start, start + 4, "سمير")
        for start in range(0, len(text) - 4, 5)
        if text.startswith("سمير", start)
    )
    entities = [Entity("a", "ORG", "سمير", None, mentions)] if mentions else []
    for quote in find_quotes({"body_text": text}, entities):
        assert quote.text == text[quote.start : quote.end]


def test_an_article_without_texts_has_no_quotations() -> None:
    assert find_quotes({}, []) == ()


def test_mentions_outside_the_text_do_no_harm() -> None:
    stray = Entity("a", "PERS", "سمير", None, (Mention("body_text", 900, 904, "سمير"),))
    (quote,) = find_quotes({"body_text": "وقال سمير إن الجسر قديم."}, [stray])
    assert quote.speaker in (None, "a")
