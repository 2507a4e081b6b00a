"""Makes the recognisers that an encoder teaches: `python -m training.recogniser.encoder.make`.

It reads the lists and clusters of a default recogniser that is there, teaches the encoder of
`accurate`, and then a default recogniser that takes the place of the former, with the same lists.
In one go, or in two: `--prepare FILE` writes what needs the data folder and no GPU;
`--prepared FILE` learns from it, on a GPU where PyTorch finds one, and needs neither the data nor a
network. Every seed is fixed. Needs the `train` extra and PyTorch.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.recogniser.corpora import anercorp, aqmar, in_four_classes, wikifane
from training.recogniser.encoder.arrays import Arrays, load, texts, write
from training.recogniser.encoder.graph import encoder_file
from training.recogniser.encoder.prepare import prepare
from training.recogniser.encoder.recipe import (
    Recipe,
    accurate,
    adapted,
    fast,
    label_news,
    values_of,
)
from training.recogniser.encoder.wheel import fetch, read
from training.recogniser.encoder.workshop import FOUR_CLASSES, Workshop, linear_arrays
from training.recogniser.evaluation import held_out
from training.recogniser.lexicon import Lexicon
from training.recogniser.linear import LinearSettings, train_linear
from training.recogniser.student.export import calibrated, model_of
from workers.entities.recognise.crf import MODEL_PATH
from workers.entities.recognise.encoder import ENCODER_PATH, save_encoder
from workers.entities.recognise.model import Model, load_model, save_model

log = logging.getLogger(__name__)


def prepared(
    data: Path, default: Model, wheels: Path, *, dev: bool, limit: int | None = None
) -> Arrays:
    """Put together all that learning needs.

    Args:
        data: the data folder.
        default: the default recogniser; lists, clusters and rows of words are taken from it.
        wheels: where the wheel lies, or is to lie.
        dev: whether the linear model is kept from what is held out.
        limit: articles of the news to read; None reads all.
    """
    rows = default.context.rows
    arrays = prepare(data, read(fetch(wheels)), default.known, default.phrases, rows, limit)
    log.info("%d known words, %d rows", len(default.known), rows.count)
    newswire, others = anercorp(data / "ner"), aqmar(data / "ner")
    if dev:
        newswire = held_out(newswire)[0]
        kept = ~arrays["aqmar_dev"].astype(bool)
        others = [sentence for sentence, is_kept in zip(others, kept, strict=True) if is_kept]
    everything = [*in_four_classes(wikifane(data / "ner")), *others]
    # Its features need no vectors.
    no_vectors = np.zeros((0, 0), dtype=np.float32)
    lexicon = Lexicon(default.known, default.phrases, list(rows.words), no_vectors)
    linear = train_linear(newswire, everything, lexicon, LinearSettings())
    log.info("linear model of %d features", len(linear.features))
    return {**arrays, **linear_arrays(linear)}


def learn(
    arrays: Arrays,
    recipe: Recipe,
    *,
    dev: bool,
    encoder_path: Path | None,
    model_path: Path | None = None,
    limit: int | None = None,
) -> None:
    """Learn, and write the models.

    Args:
        arrays: as `prepared` gives them.
        recipe: how to train.
        dev: whether parts of the corpora are held out, and figures on them logged.
        encoder_path: of the accurate recogniser's encoder; None writes none.
        model_path: of a fast recogniser; None trains none.
        limit: sentences of each text to take; None takes all.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_float32_matmul_precision("high")
    # cuDNN plans attention anew for each shape, which takes longer than the attention itself.
    torch.backends.cuda.enable_cudnn_sdp(False)
    shop = Workshop(arrays, device, hold_out=dev, limit=limit)
    log.info("learning on %s", device)
    base = adapted(shop, recipe)
    label_news(shop, base, recipe)
    encoder = accurate(shop, base, recipe)
    if encoder_path is not None:
        file = encoder_file(
            values_of(encoder),
            texts(arrays["pieces"]),
            arrays["piece_scores"].astype("float32"),
            shop.class_names,
            FOUR_CLASSES,
        )
        save_encoder(file, encoder_path)
        log.info("%s written, %.1f MB", encoder_path, encoder_path.stat().st_size / 1e6)
    if model_path is not None:
        student, keys = fast(shop, encoder, recipe)
        model = model_of(values_of(student), keys, shop.rows, shop.known, shop.phrases)
        newswire = shop.train["anercorp"]
        model = calibrated(model, newswire.labels, newswire.lengths)
        save_model(model, model_path)
        log.info("%s written, %.1f MB", model_path, model_path.stat().st_size / 1e6)


def main(arguments: Sequence[str] | None = None, recipe: Recipe | None = None) -> None:
    """Run from the command line.

    Args:
        arguments: of the command line; those of the process where None.
        recipe: how to train; as the shipped models were made where None.
    """
    parser = argparse.ArgumentParser(description="Train the recognisers.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    parser.add_argument(
        "--default", type=Path, default=MODEL_PATH, help="recogniser whose lists to read"
    )
    parser.add_argument("--wheels", type=Path, default=Path("data/wheels"), help="for the wheel")
    parser.add_argument("--prepare", type=Path, help="only write what learning needs to this file")
    parser.add_argument("--prepared", type=Path, help="learn from such a file")
    parser.add_argument("--dev", action="store_true", help="hold out a part and log figures on it")
    parser.add_argument("--encoder", type=Path, help="file to write (default: the shipped one)")
    parser.add_argument("--model", type=Path, help="default recogniser to write (likewise)")
    parser.add_argument("--articles", type=int, help="articles of the news to read (default: all)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)9d  %(message)s")
    began = time.monotonic()
    if options.prepared:
        arrays = load(options.prepared)
    else:
        default = load_model(options.default)
        arrays = prepared(
            options.data, default, options.wheels, dev=options.dev, limit=options.articles
        )
    if options.prepare:
        write(arrays, options.prepare)
        return
    encoder = options.encoder or (None if options.dev else ENCODER_PATH)
    model = options.model or (None if options.dev else MODEL_PATH)
    learn(arrays, recipe or Recipe(), dev=options.dev, encoder_path=encoder, model_path=model)
    log.info("%.0f s", time.monotonic() - began)


if __name__ == "__main__":
    main()
