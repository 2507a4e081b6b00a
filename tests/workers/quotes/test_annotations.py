"""The annotated quotations hold offsets and no text, and the score counts as it says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from bench.quotes import ANNOTATIONS, Annotated, Gold, Place, read_annotations, score
from nabaa.types import Article
from tests.support.quotations import entities_of
from tests.support.wires.worker_service import plain_maker

TEXT = "وقال سمير النجار إن الجسر القديم سيفتح. وأضاف أن العمل في الميناء بدأ."


def article() -> Article:
    plain = plain_maker().make_plain("عنوان", TEXT, datetime(2026, 1, 1, tzinfo=UTC))
    assert plain.body_text == TEXT
    return replace(plain, entities=tuple(entities_of(TEXT, {"سمير النجار": "PERS"})))


def gold(clause: str, *, named: bool) -> Gold:
    start = TEXT.index(clause)
    at = TEXT.index("سمير")
    place: Place = ("body_text", at, at + 11)
    speaker = (place,) if named else None
    return Gold("body_text", start, start + len(clause), "reported", speaker)


def test_annotations_hold_offsets_and_no_text() -> None:
    for line in ANNOTATIONS.read_text(encoding="utf-8").splitlines():
        assert line.isascii()
        row = json.loads(line)
        assert row.keys() == {"id", "half", "content_hash", "quotes"}
        for quote in row["quotes"]:
            assert quote.keys() == {"field", "start", "end", "kind", "speaker", "cue"}
            assert 0 <= quote["start"] < quote["end"]


def test_each_half_has_at_least_eighty_quotations() -> None:
    halves = {"development": 0, "held-out": 0}
    for annotated in read_annotations(ANNOTATIONS):
        halves[annotated.half] += len(annotated.quotes)
    assert min(halves.values()) >= 80


def test_a_quotation_counts_by_its_span_and_apart_by_its_speaker() -> None:
    of_samir = gold("الجسر القديم سيفتح", named=True)
    of_nobody = gold("العمل في الميناء بدأ", named=False)
    annotated = Annotated("x", "held-out", "", (of_samir, of_nobody))
    counts = score([(annotated, article())])
    assert counts["found", "reported"] == counts["hit", "reported"] == 2
    assert counts["speaker", "reported"] == counts["wrong", "reported"] == 1


def test_a_span_that_shares_less_than_four_fifths_is_missed() -> None:
    short = gold("الجسر القديم", named=True)
    counts = score([(Annotated("x", "held-out", "", (short,)), article())])
    assert counts["hit", "reported"] == 0
