"""The search for work that grows too fast: it covers what it should, and sees the square."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fuzz.growth.measure import LONGEST, Growth, measure
from tests.fuzz.growth.process import Finding, Measurer
from tests.fuzz.growth.shapes import PIECES, Shape
from tests.fuzz.growth.subjects import EXCEPT, public_functions, subjects, unmeasured


class Steps:
    """A clock that work sets forward by its steps, a microsecond each."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def growth(self, steps: Callable[[int], float]) -> Growth:
        def run(length: int) -> Callable[[], object]:
            def work() -> None:
                self.seconds += steps(length) / 1e6

            return work

        return measure(run, clock=lambda: self.seconds)


@pytest.mark.parametrize("power", [1.0, 1.1])
def test_work_that_grows_with_the_text_is_not_suspicious(power: float) -> None:
    growth = Steps().growth(lambda length: length**power)
    assert growth.exponent == pytest.approx(power)
    assert not growth.is_suspicious


@pytest.mark.parametrize("power", [1.7, 2.0, 3.0])
def test_work_that_grows_faster_is_suspicious(power: float) -> None:
    growth = Steps().growth(lambda length: length**power)
    assert growth.exponent == pytest.approx(power)
    assert growth.is_suspicious


def test_work_that_ends_at_a_limit_is_not_suspicious() -> None:
    assert not Steps().growth(lambda length: min(length, 10_000) ** 2 / 1000).is_suspicious


def test_a_step_is_not_suspicious() -> None:
    assert not Steps().growth(lambda length: length * (1 if length < 20_000 else 30)).is_suspicious


def test_work_too_short_to_be_measured_is_not_suspicious() -> None:
    growth = Steps().growth(lambda length: (length / LONGEST) ** 2)
    assert not growth.is_suspicious


@pytest.mark.parametrize("is_steep_again", [False, True])
def test_what_looks_steep_counts_where_it_does_in_a_new_process_too(
    monkeypatch: pytest.MonkeyPatch, is_steep_again: bool
) -> None:
    finding = Finding("subject", Shape("", "x", ""), Growth(1000, (1.0, 4.0, 16.0)))
    happened: list[str] = []
    answers = iter([finding, finding if is_steep_again else None])

    def measure_once(*_: object) -> Finding | None:
        happened.append("measure")
        return next(answers)

    monkeypatch.setattr(Measurer, "_start", lambda _: happened.append("start"))
    monkeypatch.setattr(Measurer, "_stop", lambda _: happened.append("stop"))
    monkeypatch.setattr(Measurer, "_measure", measure_once)
    with Measurer() as measurer:
        found = measurer.try_shape("subject", finding.shape)
    assert (found is finding) == is_steep_again
    assert happened == ["start", "measure", "stop", "start", "measure", "stop"]


def test_a_shape_has_about_the_length_that_is_asked_for() -> None:
    lengths = {piece: len(Shape("", piece, "").text(2000)) for piece in PIECES}
    assert {piece for piece, length in lengths.items() if not 1000 <= length <= 4000} == set()


def test_a_word_in_a_shape_is_never_the_same() -> None:
    words = Shape("", "{} ", "").text(10_000).split()
    assert len(words) == len(set(words)) > 1000


def test_every_public_function_is_measured_or_excepted_with_a_reason() -> None:
    assert unmeasured() == []


def test_what_is_excepted_is_there() -> None:
    names = [f"{name}." for name, _ in public_functions()]
    assert [each for each in EXCEPT if not any(name.startswith(f"{each}.") for name in names)] == []


def test_every_subject_takes_a_text() -> None:
    for subject in subjects():
        for frame in range(subject.frames):
            subject.prepare("قال وزير الخارجية محمد علي: «نص».\n", frame)()
