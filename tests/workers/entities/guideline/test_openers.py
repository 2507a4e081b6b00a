"""The quick look at a word passes over no name that the slow one would find."""

from __future__ import annotations

from itertools import islice

import pytest

from workers.entities.guideline.institutions import HEADS, head_of
from workers.entities.guideline.listed_names import ListedNames
from workers.entities.guideline.openers import Openers
from workers.entities.link.catalogue import load_catalogue

CATALOGUE = load_catalogue()
OPENERS = Openers((*HEADS, *(name.split(" ", 1)[0] for name in CATALOGUE.phrases)))
LISTED = ListedNames(CATALOGUE.phrases)


@pytest.mark.parametrize("particles", ["", "و", "ف", "ل", "ب", "ول", "وب"])
def test_every_first_word_is_let_through_with_its_particles(particles: str) -> None:
    firsts = {name.split(" ", 1)[0] for name in CATALOGUE.phrases} | HEADS
    for first in islice(sorted(firsts), 0, None, 3):
        word = particles + first
        if word.startswith("ووو"):
            continue  # read as a stretched letter
        if LISTED.may_open(word) or head_of(word):
            assert OPENERS.may_open(word), word


@pytest.mark.parametrize(
    "word",
    ["#السعودية", "أ.ف.ب", "OpenAI", "السعوديـــة", "لِلسُّعُودِيَّة", "السعوديااا", "وللوزارة", "٣"],
)
def test_unusual_spellings_are_let_through(word: str) -> None:
    assert OPENERS.may_open(word) or not LISTED.may_open(word)


def test_most_words_are_not() -> None:
    words = ["كتب", "الولد", "درسا", "جديدا", "ثم", "خرج", "مسرعا", "نحو", "باحة", "فيها", "شجرة"]
    assert sum(map(OPENERS.may_open, words)) <= 1
