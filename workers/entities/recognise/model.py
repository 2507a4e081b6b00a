"""The model file of the `crf` recogniser: arrays in an .npz, no pickle, with a checksum.

How a model is used is left to `crf`, how it is made to `train`.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nabaa.errors import RecogniserError
from workers.entities.recognise.context import Context
from workers.entities.recognise.embedding import Rows, Table
from workers.entities.recognise.iob import TYPES
from workers.entities.recognise.lstm import Direction

FORMAT = 2
LABELS = ("O", *(f"{part}-{kind}" for kind in TYPES for part in "BI"))
OFFSETS = (-2, -1, 0, 1, 2)
"""Places, seen from a word, whose labels the word has a say in."""

Scores = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[np.generic]]


def feature_key(name: str) -> int:
    """Number a feature by its name: CRC-32 and Adler-32, 64 bits; `save_model` refuses doubles."""
    raw = name.encode(errors="surrogatepass")
    return zlib.crc32(raw) << 32 | zlib.adler32(raw)


@dataclass(frozen=True, slots=True)
class Linear:
    """What features of words say of labels.

    Attributes:
        features: the `feature_key` of each feature, the smallest first: a dictionary of their names
            would take ten times the memory.
        bounds: where the weights of each feature begin; one more than there are features.
        cells: for each weight `offset index * len(LABELS) + label index`, where the offset is
            that of the word which has the feature, seen from the word that is labelled.
        weights: the weights.
        transitions: score of going from a label (row) to a label (column).
    """

    features: npt.NDArray[np.uint64]
    bounds: npt.NDArray[np.int32]
    cells: npt.NDArray[np.uint8]
    weights: Scores
    transitions: Scores

    def scores(self, described: Sequence[Collection[str]]) -> Scores:
        """Add up what features say.

        Args:
            described: names of the features of each word; unknown ones say nothing.

        Returns:
            Offset index by word by label.
        """
        counts = [len(names) for names in described]
        asked = np.fromiter((feature_key(name) for names in described for name in names), np.uint64)
        owners = np.repeat(np.arange(len(described)), counts)
        places = self.features.searchsorted(asked).clip(max=len(self.features) - 1)
        known = self.features[places] == asked
        chosen, owners = places[known], owners[known]
        firsts = self.bounds[chosen]
        counts = self.bounds[chosen + 1] - firsts
        # Each feature's run of weights: its first place, then one further each time.
        places = np.arange(counts.sum()) + np.repeat(firsts - np.cumsum(counts) + counts, counts)
        width = len(OFFSETS) * len(LABELS)
        cells = self.cells[places] + np.repeat(owners * width, counts)
        total = np.bincount(cells, self.weights[places], minlength=len(described) * width)
        by_word = total.reshape(len(described), len(OFFSETS), len(LABELS))
        return np.asarray(by_word.transpose(1, 0, 2), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model: two ways to score labels, whose scores are added.

    Attributes:
        linear: features of words.
        context: the network.
        known: classes of folded words, parted by spaces.
        phrases: classes of folded names of several words, parted by spaces.
    """

    linear: Linear
    context: Context
    known: Mapping[str, str]
    phrases: Mapping[str, str]


def save_model(model: Model, path: Path) -> None:
    """Write a model.

    Args:
        model: its mappings are written in their order.
        path: the .npz file to write.

    Raises:
        OSError: the file cannot be written.
        ValueError: two features have the same key, or they are out of order.
    """
    keys = model.linear.features
    if not (keys[1:] > keys[:-1]).all():
        raise ValueError("the keys of the features are not in order, or two are the same")
    arrays: Arrays = {
        "format": np.array([FORMAT], dtype=np.int32),
        "features": model.linear.features,
        "bounds": model.linear.bounds,
        "cells": model.linear.cells,
        "weights": model.linear.weights,
        "transitions": model.linear.transitions,
        "words": pack(model.known),
        "word_classes": pack(model.known.values()),
        "phrases": pack(model.phrases),
        "phrase_classes": pack(model.phrases.values()),
        **_context_arrays(model.context),
    }
    write_arrays(arrays, path)


def load_model(path: Path) -> Model:
    """Read a model that `save_model` wrote.

    Args:
        path: the file.

    Returns:
        The model.

    Raises:
        RecogniserError: the file is missing, damaged or of another format.
    """
    arrays = read_arrays(path, FORMAT)
    known = _mapping(arrays["words"], arrays["word_classes"])
    linear = Linear(
        features=arrays["features"].astype(np.uint64),
        bounds=arrays["bounds"].astype(np.int32),
        cells=arrays["cells"].astype(np.uint8),
        weights=arrays["weights"].astype(np.float32),
        transitions=arrays["transitions"].astype(np.float32),
    )
    phrases = _mapping(arrays["phrases"], arrays["phrase_classes"])
    return Model(linear, _context(arrays), known, phrases)


def write_arrays(arrays: Arrays, path: Path) -> None:
    """Write arrays with a checksum.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, digest=_digest(arrays), **arrays)


def read_arrays(path: Path, form: int) -> Arrays:
    """Read arrays that `write_arrays` wrote.

    Args:
        path: the file.
        form: what its array `format` must hold.

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
    if "format" not in arrays or arrays["format"].tolist() != [form]:
        raise RecogniserError(f"the model {path} is not of format {form}: make it again")
    digest = arrays.pop("digest", None)
    if digest is None or digest.tobytes() != _digest(arrays).tobytes():
        raise RecogniserError(f"the model {path} is damaged: its checksum does not match")
    return arrays


def _context_arrays(context: Context) -> Arrays:
    return {
        "row_words": pack(context.rows.words),
        "row_classes": pack(context.rows.classes),
        "table_cells": context.table.cells,
        "table_scales": context.table.scales,
        **{
            f"{side}_{part}": getattr(getattr(context, side), part).astype(np.float16)
            for side in ("left", "right")
            for part in ("of_input", "of_state", "bias")
        },
        **{
            name: getattr(context, name).astype(np.float16)
            for name in ("hidden", "hidden_bias", "output", "output_bias")
        },
        "steps": context.transitions,
    }


def _context(arrays: Arrays) -> Context:
    def floats(name: str) -> Scores:
        return arrays[name].astype(np.float32)

    def direction(side: str) -> Direction:
        return Direction(*(floats(f"{side}_{part}") for part in ("of_input", "of_state", "bias")))

    return Context(
        rows=Rows.of(list(_interned(arrays["row_words"])), _interned(arrays["row_classes"])),
        table=Table(arrays["table_cells"].astype(np.int8, copy=False), floats("table_scales")),
        left=direction("left"),
        right=direction("right"),
        hidden=floats("hidden"),
        hidden_bias=floats("hidden_bias"),
        output=floats("output"),
        output_bias=floats("output_bias"),
        transitions=floats("steps"),
    )


def _mapping(keys: npt.NDArray[np.generic], values: npt.NDArray[np.generic]) -> dict[str, str]:
    # Few classes, many words, some of which have rows in the table too: each text is kept once.
    return dict(zip(_interned(keys), _interned(values), strict=True))


def pack(lines: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Write texts as bytes, one a line."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def unpack(array: npt.NDArray[np.generic]) -> list[str]:
    """Read what `pack` wrote."""
    text = array.tobytes().decode()
    return text.split("\n") if text else []


def _interned(array: npt.NDArray[np.generic]) -> Iterator[str]:
    return map(sys.intern, unpack(array))


def _digest(arrays: Mapping[str, npt.NDArray[np.generic]]) -> npt.NDArray[np.uint8]:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)
