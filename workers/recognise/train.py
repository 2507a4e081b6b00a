"""Trains the `crf` recogniser and writes its model: `python -m workers.recognise.train`.

Needs python-crfsuite (the `train` extra) and the data folder. The same data and code give the same
model: every seed is fixed. What the model does with a sentence is left to `crf`.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite

from workers.recognise.corpora import Sentence, anercorp
from workers.recognise.crf import MODEL_PATH, CrfRecogniser
from workers.recognise.evaluation import held_out, table
from workers.recognise.features import (
    BOUNDARY,
    MAX_PHRASE_WORDS,
    fold,
    phrase_attributes,
    phrase_features,
    word_features,
)
from workers.recognise.lexicon import Lexicon, compile_lexicon
from workers.recognise.model import LABELS, OFFSETS, Model, save_model

log = logging.getLogger(__name__)

NAME_BONUS = 0.5
"""What each word outside of names loses after training: the likeliest weights name too little (of
0, 0.5, 1, 1.25, 1.5 and 2 the best on the held-out blocks)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    Attributes:
        l1: weight of the sum of absolute weights; what is of little use becomes exactly zero.
        l2: weight of the sum of squared weights.
        iterations: of L-BFGS, at most.
    """

    l1: float = 0.05
    l2: float = 0.1
    iterations: int = 80


def attributes(sentences: Iterable[Sequence[str]], lexicon: Lexicon) -> Iterator[list[list[str]]]:
    """Describe sentences for CRFsuite: each feature behind the index of its offset.

    Args:
        sentences: tokens of each.
        lexicon: classes of words and phrases.

    Yields:
        For each sentence one list of attributes a token.
    """
    cache: dict[str, list[list[str]]] = {}

    def of_word(word: str) -> list[list[str]]:
        if word not in cache:
            wide, near = word_features(word, lexicon.words)
            cache[word] = [
                [f"{row}{name}" for name in (wide if abs(offset) > 1 else wide + near)]
                for row, offset in enumerate(OFFSETS)
            ]
        return cache[word]

    pad = [BOUNDARY] * max(OFFSETS)
    for tokens in sentences:
        rows = [of_word(word) for word in (*pad, *tokens, *pad)]
        items = [
            [name for row in range(len(OFFSETS)) for name in rows[place + row][row]]
            for place in range(len(tokens))
        ]
        _add_phrases(items, [fold(token) for token in tokens], lexicon)
        yield items


def _add_phrases(items: list[list[str]], folded: list[str], lexicon: Lexicon) -> None:
    here = OFFSETS.index(0)
    place = 0
    while place < len(folded):
        found = phrase_features(folded[place : place + MAX_PHRASE_WORDS], 0, lexicon.phrases)
        length, classes = found or (1, "")
        for index in range(place, place + length):
            part = "i" if index > place else "b"
            items[index] += [f"{here}{name}" for name in phrase_attributes(classes, part)]
        place += length


def fit(sentences: Sequence[Sentence], lexicon: Lexicon, settings: Settings, path: Path) -> None:
    """Train with CRFsuite (L-BFGS; OWL-QN where there is an L1 weight).

    Args:
        sentences: tokens and IOB2 tags.
        lexicon: classes of words and phrases.
        settings: how to train.
        path: CRFsuite's model file, written.
    """
    trainer = pycrfsuite.Trainer(verbose=False)
    for items, (_, tags) in zip(
        attributes((tokens for tokens, _ in sentences), lexicon), sentences, strict=True
    ):
        trainer.append(pycrfsuite.ItemSequence(items), tags)
    trainer.select("lbfgs")
    trainer.set_params(
        {"c1": settings.l1, "c2": settings.l2, "max_iterations": settings.iterations}
    )
    trainer.train(str(path))


def export(path: Path, lexicon: Lexicon) -> Model:
    """Turn CRFsuite's model into ours.

    Args:
        path: CRFsuite's model file.
        lexicon: that it was trained with.

    Returns:
        The model, its features in alphabetical order.
    """
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    info = tagger.info()
    label_index = {label: index for index, label in enumerate(LABELS)}
    transitions = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for (before, after), weight in info.transitions.items():
        transitions[label_index[before], label_index[after]] = weight
    transitions[:, label_index["O"]] -= NAME_BONUS
    cells: dict[str, list[tuple[int, float]]] = {}
    for (attribute, label), weight in info.state_features.items():
        cell = int(attribute[0]) * len(LABELS) + label_index[label]
        cells.setdefault(attribute[1:], []).append((cell, weight))
    names = sorted(cells)
    pairs = [pair for name in names for pair in sorted(cells[name])]
    return Model(
        features={name: number for number, name in enumerate(names)},
        bounds=np.cumsum([0, *(len(cells[name]) for name in names)], dtype=np.int32),
        cells=np.array([cell for cell, _ in pairs], dtype=np.uint8),
        weights=np.array([weight for _, weight in pairs], dtype=np.float32),
        transitions=transitions,
        known=lexicon.words,
        phrases=lexicon.phrases,
    )


def train(sentences: Sequence[Sentence], lexicon: Lexicon, settings: Settings) -> Model:
    """Train and export.

    Args:
        sentences: tokens and IOB2 tags.
        lexicon: classes of words and phrases.
        settings: how to train.

    Returns:
        The model.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crfsuite.model"
        fit(sentences, lexicon, settings, path)
        return export(path, lexicon)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line.

    Args:
        arguments: of the command line; those of the process where None.
    """
    parser = argparse.ArgumentParser(description="Train the crf recogniser.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    parser.add_argument("--out", type=Path, help="model file to write (default: the shipped one)")
    parser.add_argument(
        "--dev",
        action="store_true",
        help="hold out a part and print the F1 on it; writes a model only where --out names a file",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    begin = time.monotonic()

    def step(message: str) -> None:
        log.info("%6.0f s  %s", time.monotonic() - begin, message)

    corpus = anercorp(options.data / "ner")
    training, dev = held_out(corpus) if options.dev else (corpus, [])
    step(f"{len(training)} sentences to train on, {len(dev)} held out")
    lexicon = compile_lexicon(options.data)
    step(f"{len(lexicon.words)} known words and {len(lexicon.phrases)} phrases")
    model = train(training, lexicon, Settings())
    step(f"{len(model.features)} features, {len(model.weights)} weights")
    if options.dev:
        print(table(CrfRecogniser(model), dev))
    out = options.out or (None if options.dev else MODEL_PATH)
    if out is not None:
        save_model(model, out)
        step(f"{out} written, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
