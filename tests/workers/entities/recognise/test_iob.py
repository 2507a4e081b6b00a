"""Tags and spans say the same, and a tagged file has the lines of its input."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from workers.entities.recognise.iob import (
    TYPES,
    iob2_to_spans,
    read_conll,
    score,
    spans_to_iob2,
    tag_lines,
)
from workers.model import Span

TAGS = st.lists(st.sampled_from(["O", *(f"{part}-{kind}" for kind in TYPES for part in "BI")]))


class FirstWord:
    """Calls the first word of each sentence a person."""

    name = "first"

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [[Span(0, 1, "PERS")] if sentence else [] for sentence in sentences]


@given(TAGS)
@settings(deadline=None)
def test_spans_survive_the_way_through_tags(tags: list[str]) -> None:
    spans = iob2_to_spans(tags)
    written = spans_to_iob2(spans, len(tags))
    assert iob2_to_spans(written) == spans
    assert [tag[1:] for tag in written] == [tag[1:] for tag in tags]


def test_a_lone_inside_tag_begins_a_name() -> None:
    assert iob2_to_spans(["I-LOC", "I-LOC", "I-ORG", "O", "I-LOC"]) == [
        *(Span(0, 2, "LOC"), Span(2, 3, "ORG"), Span(4, 5, "LOC")),
    ]


def test_two_names_of_a_class_may_touch() -> None:
    spans = [Span(0, 1, "LOC"), Span(1, 3, "LOC")]
    assert spans_to_iob2(spans, 4) == ["B-LOC", "B-LOC", "I-LOC", "O"]
    assert iob2_to_spans(["B-LOC", "B-LOC", "I-LOC", "O"]) == spans


@pytest.mark.parametrize("tag", ["B-CITY", "LOC", "B-", "E-LOC", ""])
def test_a_tag_that_is_none_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="no IOB2 tag"):
        iob2_to_spans([tag])


def test_only_the_same_bounds_and_class_count() -> None:
    wanted = [[Span(0, 2, "PERS"), Span(3, 4, "LOC")], [Span(0, 1, "ORG")]]
    found = [[Span(0, 1, "PERS"), Span(3, 4, "LOC")], [Span(0, 1, "LOC")]]
    scores = score(wanted, found)
    assert (scores[None].correct, scores[None].found, scores[None].wanted) == (1, 3, 3)
    assert scores[None].f1 == pytest.approx(1 / 3)
    assert (scores["LOC"].precision, scores["LOC"].recall) == (0.5, 1.0)
    assert scores["MISC"].f1 == 0.0


def test_conll_lines_become_sentences() -> None:
    lines = ["وصل O\n", "سامي B-PERS\n", "\n", "\n", "نعم\tx\tO"]
    assert list(read_conll(lines)) == [(["وصل", "سامي"], ["O", "B-PERS"]), (["نعم"], ["O"])]


def test_a_conll_line_without_a_tag_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(read_conll(["وصل O", "سامي"]))


LINES = st.lists(st.sampled_from(["", " \t", "كلمة", "كلمة O", " أخرى\tx y", "\n", "ثالثة\n"]))


@given(LINES, st.integers(min_value=1, max_value=5))
@settings(deadline=None)
def test_a_tagged_file_has_every_line_of_its_input(lines: list[str], batch: int) -> None:
    tagged = list(tag_lines(iter(lines), FirstWord(), batch_tokens=batch))
    assert [line.split("\t")[0] for line in tagged] == [(line.split() or [""])[0] for line in lines]
    assert all(line == "" or line.count("\t") == 1 for line in tagged)


def test_a_sentence_begins_after_each_blank_line() -> None:
    tagged = list(tag_lines(["أ", "ب O", "", "", "ج"], FirstWord()))
    assert tagged == ["أ\tB-PERS", "ب\tO", "", "", "ج\tB-PERS"]
