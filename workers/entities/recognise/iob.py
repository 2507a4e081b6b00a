"""IOB2 tags: to and from spans, the files that carry them, and the strict F1 between two taggings.

What finds the names is left to the recognisers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from nabaa.types import EntityType
from workers.entities.recognise import Recogniser
from workers.model import Span

TYPES: tuple[EntityType, ...] = get_args(EntityType)
"""The four classes: PERS, LOC, ORG, MISC."""

BATCH_TOKENS = 20_000


def spans_to_iob2(spans: Iterable[Span], length: int) -> list[str]:
    """Write spans as tags.

    Args:
        spans: not overlapping.
        length: tokens of the sentence.

    Returns:
        One tag a token: `O`, `B-` or `I-` and the class.
    """
    tags = ["O"] * length
    for span in spans:
        tags[span.start : span.end] = [f"I-{span.type}"] * (span.end - span.start)
        tags[span.start] = f"B-{span.type}"
    return tags


def iob2_to_spans(tags: Sequence[str]) -> list[Span]:
    """Read spans from tags.

    Args:
        tags: `O`, `B-X` or `I-X` with one of the four classes. An `I-X` that follows no name of
            class X begins one.

    Returns:
        Spans by position.

    Raises:
        ValueError: a tag is none of these.
    """
    spans: list[Span] = []
    kinds: dict[str, EntityType] = {kind: kind for kind in TYPES}
    previous = "O"
    for index, tag in enumerate(tags):
        if tag != "O":
            kind = kinds.get(tag[2:])
            if kind is None or tag[:2] not in ("B-", "I-"):
                raise ValueError(f"{tag!r} is no IOB2 tag of {', '.join(TYPES)}")
            if tag[0] == "I" and previous == kind:
                spans[-1] = Span(spans[-1].start, index + 1, kind)
            else:
                spans.append(Span(index, index + 1, kind))
        previous = tag[2:] or "O"
    return spans


@dataclass(frozen=True, slots=True)
class Score:
    """How well spans were found: a span counts only with the same bounds and class.

    Attributes:
        correct: spans in both.
        found: spans that the recogniser gave.
        wanted: spans of the reference.
    """

    correct: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """Correct of those found, 0 to 1."""
        return self.correct / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Correct of those wanted, 0 to 1."""
        return self.correct / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        total = self.found + self.wanted
        return 2 * self.correct / total if total else 0.0


def score(
    wanted: Iterable[Iterable[Span]], found: Iterable[Iterable[Span]]
) -> dict[EntityType | None, Score]:
    """Compare two taggings of the same sentences (CoNLL-2003 strict span scoring).

    Args:
        wanted: reference spans of each sentence.
        found: the recogniser's spans of each sentence.

    Returns:
        A score for each class, and under None that of all together (micro average).
    """
    counts: dict[EntityType | None, list[int]] = {key: [0, 0, 0] for key in (*TYPES, None)}
    for reference, guess in zip(wanted, found, strict=True):
        of_reference, of_guess = set(reference), set(guess)
        for column, spans in enumerate((of_reference & of_guess, of_guess, of_reference)):
            for span in spans:
                counts[span.type][column] += 1
                counts[None][column] += 1
    return {key: Score(*row) for key, row in counts.items()}


def read_conll(lines: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Read sentences with their tags.

    Args:
        lines: first column the token, last column the tag, parted by white space; a blank line
            ends a sentence.

    Yields:
        Tokens and tags of each sentence that is not empty, as they stand.

    Raises:
        ValueError: a line has no second column; says which line.
    """
    tokens: list[str] = []
    tags: list[str] = []
    for number, line in enumerate(lines, start=1):
        columns = line.split()
        if len(columns) == 1:
            raise ValueError(f"line {number} has a token without a tag")
        if columns:
            tokens.append(columns[0])
            tags.append(columns[-1])
        elif tokens:
            yield tokens, tags
            tokens, tags = [], []
    if tokens:
        yield tokens, tags


def tag_lines(
    lines: Iterable[str], recogniser: Recogniser, batch_tokens: int = BATCH_TOKENS
) -> Iterator[str]:
    """Tag a file of one token a line, in bounded memory.

    Args:
        lines: first column the token, any further ones ignored; a blank line ends a sentence. With
            or without line ends.
        recogniser: finds the names.
        batch_tokens: lines to hold, at most twice as many; a longer sentence is cut.

    Yields:
        For each line one line, without its end: `token TAB tag`, or empty where it was blank.
    """
    batch: list[list[str]] = [[]]
    waiting = 0
    for line in lines:
        columns = line.split(maxsplit=1)
        if columns:
            batch[-1].append(columns[0])
        else:
            batch.append([])
        waiting += 1
        # Best between sentences; in the midst of one only where it is too long to hold.
        if waiting >= batch_tokens and (not columns or waiting >= 2 * batch_tokens):
            yield from _tag(batch, recogniser)
            batch, waiting = [[]], 0
    yield from _tag(batch, recogniser)


def _tag(batch: list[list[str]], recogniser: Recogniser) -> Iterator[str]:
    """Lines of sentences, a blank one between each two."""
    for index, (tokens, spans) in enumerate(zip(batch, recogniser.recognise(batch), strict=True)):
        if index:
            yield ""
        for token, tag in zip(tokens, spans_to_iob2(spans, len(tokens)), strict=True):
            yield f"{token}\t{tag}"
