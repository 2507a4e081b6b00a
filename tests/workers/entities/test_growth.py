"""The work for one article grows with its length, not with the square of its names.

Counted are comparisons, not seconds: twice the names may cost a little more than twice as many.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from nabaa.types import EntityType, TextField
from tests.support.entities.marked_text import article
from workers.entities.groups import group, persons, unrecognised_mentions
from workers.quotes import find, quote_marks

MOST_GROWTH = 2.6
LETTERS = "ابتجحدرسعفقكلمن"


def words() -> Iterator[str]:
    """Yield words that are all different."""
    for letters in itertools.product(LETTERS, repeat=4):
        yield "ط" + "".join(letters)


def marked(template: str, kind: EntityType, count: int) -> str:
    names = (template.format(word) for word in itertools.islice(words(), count))
    return " ، ".join(f"[{kind} {name}]" for name in names)


def counted(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[int]:
    """Count the calls of a function of a module."""
    calls = [0]
    original: Callable[..., object] = getattr(module, name)

    def counting(*args: object) -> object:
        calls[0] += 1
        return original(*args)

    monkeypatch.setattr(module, name, counting)
    return calls


@pytest.mark.parametrize(
    ("template", "kind", "module", "name"),
    [
        ("{} الحداد", "PERS", persons, "_holds"),
        ("سمير ال{}", "PERS", persons, "_holds"),
        ("{} الحداد", "PERS", persons, "_shares_part"),
        ("شركة {}", "ORG", group, "_is_short_for"),
        ("بنك {} الوطني", "ORG", group, "_is_short_for"),
        ("مدينة {}", "LOC", group, "_is_short_for"),
        ("{} {}", "PERS", unrecognised_mentions, "_occurrences"),
    ],
)
def test_comparisons_grow_with_the_names(
    template: str,
    kind: EntityType,
    module: object,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = counted(monkeypatch, module, name)
    needed = []
    for count in (150, 300, 600):
        calls[0] = 0
        article(marked(template.replace("{} {}", "{0} {0}"), kind, count)).groups()
        needed.append(calls[0])
    assert needed[1] <= MOST_GROWTH * max(needed[0], 300)
    assert needed[2] <= MOST_GROWTH * max(needed[1], 600)


def test_family_names_alone_are_joined_without_asking_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = counted(monkeypatch, persons, "_meant")
    needed = []
    for count in (100, 200, 400):
        calls[0] = 0
        article(marked("{} الحداد", "PERS", count) + " ، [PERS الحداد]" * count).groups()
        needed.append(calls[0])
    assert needed[2] <= MOST_GROWTH * needed[1] <= MOST_GROWTH**2 * needed[0]


@pytest.mark.parametrize("text", ["«", "« قال ", "سمير: نعم لا\n", "قال إن "])
def test_marks_and_colons_are_read_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, quote_marks, "_opens")
    needed = []
    for count in (1000, 2000, 4000):
        calls[0] = 0
        texts: dict[TextField, str] = {"body_text": text * count}
        find.find_quotes(texts, [])
        needed.append(calls[0])
    assert needed[2] <= MOST_GROWTH * max(needed[1], 1)


def test_the_library_keeps_to_one_thread() -> None:
    code = "import os, workers.entities.recognise.crf; print(os.environ['OPENBLAS_NUM_THREADS'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={}
    )
    assert done.stdout.strip() == "1"
