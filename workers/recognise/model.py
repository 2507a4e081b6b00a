"""The model file of the `crf` recogniser: arrays in an .npz, no pickle, with a checksum.

How a model is used is left to `crf`, how it is made to `train`.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from config.errors import RecogniserError
from workers.recognise.iob import TYPES

FORMAT = 1
LABELS = ("O", *(f"{part}-{kind}" for kind in TYPES for part in "BI"))
OFFSETS = (-2, -1, 0, 1, 2)
"""Places, seen from a word, whose labels the word has a say in."""

Scores = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model.

    Attributes:
        features: number of each feature.
        bounds: where the weights of each feature begin; one more than there are features.
        cells: for each weight `offset index * len(LABELS) + label index`, where the offset is
            that of the word which has the feature, seen from the word that is labelled.
        weights: the weights.
        transitions: score of going from a label (row) to a label (column).
        known: classes of folded words, parted by spaces.
        phrases: classes of folded names of several words, parted by spaces.
    """

    features: Mapping[str, int]
    bounds: npt.NDArray[np.int32]
    cells: npt.NDArray[np.uint8]
    weights: Scores
    transitions: Scores
    known: Mapping[str, str]
    phrases: Mapping[str, str]


def save_model(model: Model, path: Path) -> None:
    """Write a model.

    Args:
        model: its mappings are written in their order.
        path: the .npz file to write.

    Raises:
        OSError: the file cannot be written.
    """
    arrays: Arrays = {
        "format": np.array([FORMAT], dtype=np.int32),
        "features": _packed(model.features),
        "bounds": model.bounds,
        "cells": model.cells,
        "weights": model.weights,
        "transitions": model.transitions,
        "words": _packed(model.known),
        "word_classes": _packed(model.known.values()),
        "phrases": _packed(model.phrases),
        "phrase_classes": _packed(model.phrases.values()),
    }
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, digest=_digest(arrays), **arrays)


def load_model(path: Path) -> Model:
    """Read a model that `save_model` wrote.

    Args:
        path: the file.

    Returns:
        The model.

    Raises:
        RecogniserError: the file is missing, damaged or of another format.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays: Arrays = {name: file[name] for name in file.files}
    except FileNotFoundError as error:
        raise RecogniserError(f"the model {path} is missing: make it with `make train`") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise RecogniserError(f"the model {path} cannot be read: {error}") from error
    if "format" not in arrays or arrays["format"].tolist() != [FORMAT]:
        raise RecogniserError(f"the model {path} is not of format {FORMAT}: make it again")
    digest = arrays.pop("digest", None)
    if digest is None or digest.tobytes() != _digest(arrays).tobytes():
        raise RecogniserError(f"the model {path} is damaged: its checksum does not match")
    return Model(
        features={name: number for number, name in enumerate(_unpacked(arrays["features"]))},
        bounds=arrays["bounds"].astype(np.int32),
        cells=arrays["cells"].astype(np.uint8),
        weights=arrays["weights"].astype(np.float32),
        transitions=arrays["transitions"].astype(np.float32),
        known=_mapping(arrays["words"], arrays["word_classes"]),
        phrases=_mapping(arrays["phrases"], arrays["phrase_classes"]),
    )


def _mapping(keys: npt.NDArray[np.generic], values: npt.NDArray[np.generic]) -> dict[str, str]:
    # Few classes, many words: each class is kept once.
    return dict(zip(_unpacked(keys), map(sys.intern, _unpacked(values)), strict=True))


def _packed(lines: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _unpacked(array: npt.NDArray[np.generic]) -> list[str]:
    text = array.tobytes().decode()
    return text.split("\n") if text else []


def _digest(arrays: Mapping[str, npt.NDArray[np.generic]]) -> npt.NDArray[np.uint8]:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)
