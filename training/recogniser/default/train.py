"""Trains the `crf` recogniser and writes its model: `python -m training.recogniser.default.train`.

Labelled text is little, so the model teaches itself: what it finds in unlabelled news is what its
next network begins with, and the labelled text comes last (Xie et al., "Self-training with Noisy
Student", CVPR 2020). Needs python-crfsuite (the `train` extra), PyTorch (`make setup-neural`) and
the data folder. Every seed is fixed. What the model does with a sentence is left to `crf`.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from training.recogniser.corpora import Sentence, anercorp, aqmar, in_four_classes, wikifane
from training.recogniser.default.export import exported, mixed
from training.recogniser.default.network import Encoder, Tagger, WordTypes
from training.recogniser.default.pretrain import PretrainSettings, pretrain
from training.recogniser.default.tune import TuneSettings, tune
from training.recogniser.evaluation import held_out, table
from training.recogniser.lexicon import Lexicon, compile_lexicon, news
from training.recogniser.linear import LinearSettings, train_linear
from workers.entities.recognise.context import Context
from workers.entities.recognise.crf import MAX_DOCUMENT_SENTENCES, MODEL_PATH, CrfRecogniser
from workers.entities.recognise.embedding import Rows, class_names
from workers.entities.recognise.features import word_features
from workers.entities.recognise.iob import spans_to_iob2
from workers.entities.recognise.model import Model, save_model

log = logging.getLogger(__name__)

LINEAR_SHARE = 0.5
"""What the features' scores count beside the network's; 0.3 and 0.7 give the same F1 to 0.3."""

SEED = 1
_CLASS_WORDS = 20  # different words of the news that a class needs to get a row


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train each part.

    Attributes:
        linear: the scores of features.
        pretrain: the encoder, on the news.
        tune: the first network, on labels.
        begin: each later network, on the labels of the one before.
        finish: each later network, on labels.
        rounds: for each later network, the share of the news that the one before labels.
        finish_share: of the second corpus, in `finish`.
    """

    linear: LinearSettings = field(default_factory=LinearSettings)
    pretrain: PretrainSettings = field(default_factory=PretrainSettings)
    tune: TuneSettings = field(default_factory=TuneSettings)
    begin: TuneSettings = field(default_factory=lambda: TuneSettings(epochs=1.0))
    finish: TuneSettings = field(
        default_factory=lambda: TuneSettings(epochs=4.0, rate=1e-3, encoder_rate=3e-4)
    )
    rounds: tuple[float, ...] = (1 / 6, 1 / 3)
    finish_share: float = 0.25


def rows_for(lexicon: Lexicon, texts: Sequence[Sequence[str]]) -> Rows:
    """Choose the rows of the table of word vectors.

    Args:
        lexicon: its frequent words and its lists of names get rows.
        texts: the news; a class of fewer than 20 of its words gets none.
    """
    counts = Counter(
        name
        for word in {word for text in texts for word in text}
        for name in set(class_names(word_features(word, lexicon.words)[0]))
    )
    classes = sorted(name for name, count in counts.items() if count >= _CLASS_WORDS)
    return Rows.of(lexicon.frequent, classes)


def train_encoder(
    lexicon: Lexicon, texts: Sequence[Sequence[str]], rows: Rows, settings: PretrainSettings
) -> Encoder:
    """Make an encoder and pretrain it on the news.

    Args:
        lexicon: its vectors are where the words' rows begin.
        texts: the news.
        rows: of the table of word vectors.
        settings: how to pretrain.
    """
    _seed(SEED)
    encoder = Encoder(rows.count, lexicon.vectors)
    pretrain(encoder, WordTypes(rows, lexicon.words), rows, texts, settings)
    return encoder


@dataclass(frozen=True, slots=True)
class Material:
    """What networks are made from.

    Attributes:
        newswire: tokens and IOB2 tags of the four classes.
        other: a second corpus with tags of its own.
        texts: the news.
        lexicon: what is known of words.
        rows: of the table of word vectors.
        encoder: pretrained weights, as `state_dict` gives them.
    """

    newswire: Sequence[Sentence]
    other: Sequence[Sentence]
    texts: Sequence[Sequence[str]]
    lexicon: Lexicon
    rows: Rows
    encoder: Mapping[str, torch.Tensor]


def train_context(
    material: Material, labelled: Sequence[Sentence], settings: Settings, seed: int
) -> Context:
    """Tune the pretrained encoder on labels.

    Args:
        material: what to learn from.
        labelled: news with the labels of the model before, to begin with; may be empty.
        settings: how to train.
        seed: of this network.

    Returns:
        The network.
    """
    _seed(seed)
    names = sorted({tag for _, tags in material.other for tag in tags})
    types = WordTypes(material.rows, material.lexicon.words)
    encoder = Encoder(material.rows.count, material.lexicon.vectors)
    encoder.load_state_dict(material.encoder)
    tagger = Tagger(encoder, len(names))
    other = material.other
    if labelled:
        tune(tagger, types, labelled, other, names, settings.begin)
        other = random.sample(list(other), int(settings.finish_share * len(other)))
    last = settings.finish if labelled else settings.tune
    tune(tagger, types, material.newswire, other, names, last)
    return exported(tagger, material.rows)


def labelled_by(model: Model, texts: Sequence[Sequence[str]], share: float) -> list[Sentence]:
    """Label a share of the news, in stretches of sentences that stand together.

    Args:
        model: finds the names.
        texts: tokens of each sentence.
        share: of the news, above 0, at most 1.

    Returns:
        Tokens and IOB2 tags.
    """
    recogniser = CrfRecogniser(model)
    step = round(MAX_DOCUMENT_SENTENCES / share)
    found: list[Sentence] = []
    for first in range(0, len(texts), step):
        stretch = [list(text) for text in texts[first : first + MAX_DOCUMENT_SENTENCES]]
        for tokens, spans in zip(stretch, recogniser.recognise(stretch), strict=True):
            found.append((tokens, spans_to_iob2(spans, len(tokens))))
    return found


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def main(arguments: Sequence[str] | None = None, settings: Settings | None = None) -> None:
    """Run from the command line.

    Args:
        arguments: of the command line; those of the process where None.
        settings: how to train; as the shipped model was made where None.
    """
    parser = argparse.ArgumentParser(description="Train the crf recogniser.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    parser.add_argument("--out", type=Path, help="model file to write (default: the shipped one)")
    parser.add_argument(
        "--dev",
        action="store_true",
        help="hold out a part and print the F1 on it; writes a model only where --out names a file",
    )
    parser.add_argument(
        "--encoder",
        type=Path,
        help="keep the pretrained encoder in this file, and take it from there if it exists",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = settings or Settings()
    begin = time.monotonic()

    def step(message: str) -> None:
        log.info("%6.0f s  %s", time.monotonic() - begin, message)

    corpus = anercorp(options.data / "ner")
    training, dev = held_out(corpus) if options.dev else (corpus, [])
    other = wikifane(options.data / "ner")
    step(f"{len(training)} sentences to train on, {len(dev)} held out, {len(other)} of WikiFANE")
    texts = list(news(options.data / "news" / "ant.jsonl.gz"))
    step(f"{len(texts)} sentences of news")
    lexicon = compile_lexicon(options.data, texts)
    step(f"{len(lexicon.words)} known words and {len(lexicon.phrases)} phrases")
    others = [*in_four_classes(other), *aqmar(options.data / "ner")]
    linear = train_linear(training, others, lexicon, settings.linear)
    step(f"{len(linear.features)} features, {len(linear.weights)} weights")
    rows = rows_for(lexicon, texts)
    if options.encoder and options.encoder.exists():
        encoder = torch.load(options.encoder, weights_only=True)
    else:
        encoder = train_encoder(lexicon, texts, rows, settings.pretrain).state_dict()
        if options.encoder:
            torch.save(encoder, options.encoder)
    step(f"encoder of {rows.count} rows")
    material = Material(training, other, texts, lexicon, rows, encoder)
    context = train_context(material, [], settings, SEED)
    model = mixed(linear, context, lexicon, LINEAR_SHARE)
    step("first network tuned")
    for number, share in enumerate(settings.rounds, 1):
        labelled = labelled_by(model, texts, share)
        step(f"{len(labelled)} sentences of news labelled")
        context = train_context(material, labelled, settings, SEED + number)
        model = mixed(linear, context, lexicon, LINEAR_SHARE)
        step(f"network {number + 1} tuned")
    if options.dev:
        print(table(CrfRecogniser(model), dev))
    out = options.out or (None if options.dev else MODEL_PATH)
    if out is not None:
        save_model(model, out)
        step(f"{out} written, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
