"""What of the labelled newswire is held out, and the table that a recogniser gets on it.

Training and measuring both use this, so that they agree on the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from training.recogniser.corpora import Sentence
from workers.entities.recognise import Recogniser
from workers.entities.recognise.iob import iob2_to_spans, score

DEV_BLOCKS = ((0.10, 0.17), (0.48, 0.55), (0.93, 1.00))
"""Parts of the corpus held out by `--dev`: neighbouring sentences tell of the same people, so
sentences held out at random would flatter the model by ten points."""


def held_out(sentences: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """Part a corpus by `DEV_BLOCKS`.

    Args:
        sentences: in the order of the corpus.

    Returns:
        Sentences to train on, and sentences to judge by.
    """
    count = len(sentences)
    blocks = [range(int(first * count), int(last * count)) for first, last in DEV_BLOCKS]
    rest: list[Sentence] = []
    dev: list[Sentence] = []
    for index, sentence in enumerate(sentences):
        (dev if any(index in block for block in blocks) else rest).append(sentence)
    return rest, dev


def table(recogniser: Recogniser, sentences: Sequence[Sentence]) -> str:
    """Judge a recogniser.

    Args:
        recogniser: finds the names.
        sentences: with their tags.

    Returns:
        A table in Markdown: strict span precision, recall and F1 in per cent, and how many names
        there are, by class and of all.
    """
    found = recogniser.recognise([tokens for tokens, _ in sentences])
    scores = score([iob2_to_spans(tags) for _, tags in sentences], found)
    rows = ["| | precision | recall | F1 | names |", "| --- | ---: | ---: | ---: | ---: |"]
    for kind, of_kind in scores.items():
        figures = (of_kind.precision, of_kind.recall, of_kind.f1)
        cells = " | ".join(f"{100 * figure:.1f}" for figure in figures)
        rows.append(f"| {kind or 'all'} | {cells} | {of_kind.wanted:,} |")
    return "\n".join(rows)
