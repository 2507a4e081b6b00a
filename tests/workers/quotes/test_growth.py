"""The work for roles and pronouns grows with the article, not with the square of its mentions."""

from __future__ import annotations

import pytest

from nabaa.types import Entity, Mention
from tests.support.quotations import entities_of
from workers.quotes import roles
from workers.quotes.cues import fold
from workers.quotes.find import find_quotes

MOST_GROWTH = 2.6


@pytest.mark.parametrize(
    "sentences",
    [
        "قال الوزير سمير النجار إن الجسر قديم. وأضاف الوزير الفرنسي أن العمل سيبدأ قريبا. ",
        "قالت هيئة الجسور إن الجسر قديم. وأضافت المنظمة أن العمل سيبدأ قريبا. ",
        "زارت سمير النجار المدينة صباحا، وقالت إن الجسر قديم. وأضافت أن العمل سيبدأ. ",
    ],
)
def test_what_is_known_of_an_entity_is_read_once(
    sentences: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [0]

    def counting(word: str) -> str:
        calls[0] += 1
        return fold(word)

    monkeypatch.setattr(roles, "fold", counting)
    counts = []
    for repeats in (60, 120):
        calls[0] = 0
        text = sentences * repeats
        at = text.find("الفرنسي")
        adjective = Mention("body_text", at, at + 7, "الفرنسي", "", "adjective")
        country = Entity("فرنسا", "LOC", "فرنسا", None, (adjective,), country="FR")
        named = entities_of(text, {"سمير النجار": "PERS", "هيئة الجسور": "ORG"})
        find_quotes({"body_text": text}, [*named, country])
        counts.append(calls[0])
    assert counts[1] <= MOST_GROWTH * counts[0]
