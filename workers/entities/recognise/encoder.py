"""The encoder of the `accurate` recogniser: its file, and how it is run by ONNX Runtime.

Vectors of pieces and what lists say of words are picked with numpy; the layers, in 8 bits, are run
by ONNX Runtime (the `accurate` extra). What is made of its scores is left to `accurate`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nabaa.errors import RecogniserError
from workers.entities.recognise.embedding import Table, class_names
from workers.entities.recognise.features import word_features
from workers.entities.recognise.model import (
    LABELS,
    Arrays,
    Scores,
    pack,
    read_arrays,
    unpack,
    write_arrays,
)
from workers.entities.recognise.pieces import BEGIN, END, Pieces

ENCODER_PATH = Path(__file__).with_name("accurate.npz")
FORMAT = 1
INPUTS = (
    ("pieces", "float", ("windows", "pieces", 384)),
    ("piece_mask", "int32", ("windows", "pieces")),
    ("first", "int64", ("windows", "words")),
    ("last", "int64", ("windows", "words")),
    ("share", "float", ("windows", "words", 1)),
    ("classes", "float", ("windows", "words", 384)),
    ("word_mask", "int32", ("windows", "words")),
)
"""Name, type and shape of what the graph takes."""

WINDOW_PIECES = 256
BATCH_PIECES = 512
"""What is read at once; larger batches leave the processor's cache and are slower."""

MAX_CACHED_WORDS = 32_000

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncoderFile:
    """What the file holds.

    Attributes:
        pieces: texts of the pieces that words are cut into.
        piece_scores: log-probability of each.
        piece_table: a vector for each.
        positions: a vector for each place in a window.
        classes: names of the classes of words.
        class_table: a vector for each, behind one of zeros.
        heads: names of the guidelines that the encoder scores, `LABELS` for each.
        graph: the layers, an ONNX model.
    """

    pieces: list[str]
    piece_scores: Scores
    piece_table: Table
    positions: Scores
    classes: list[str]
    class_table: Table
    heads: list[str]
    graph: bytes


def save_encoder(file: EncoderFile, path: Path) -> None:
    """Write the file, with a checksum."""
    arrays: Arrays = {
        "format": np.array([FORMAT], dtype=np.int32),
        "pieces": pack(file.pieces),
        "piece_scores": file.piece_scores.astype(np.float32),
        "piece_cells": file.piece_table.cells,
        "piece_scales": file.piece_table.scales,
        "positions": file.positions.astype(np.float16),
        "classes": pack(file.classes),
        "class_cells": file.class_table.cells,
        "class_scales": file.class_table.scales,
        "heads": pack(file.heads),
        "graph": np.frombuffer(file.graph, dtype=np.uint8),
    }
    write_arrays(arrays, path)


def load_encoder(path: Path = ENCODER_PATH) -> EncoderFile:
    """Read the file.

    Raises:
        RecogniserError: it is missing, damaged or of another format.
    """
    arrays = read_arrays(path, FORMAT)
    return EncoderFile(
        pieces=unpack(arrays["pieces"]),
        piece_scores=arrays["piece_scores"].astype(np.float32),
        piece_table=Table(
            arrays["piece_cells"].astype(np.int8), arrays["piece_scales"].astype(np.float32)
        ),
        positions=arrays["positions"].astype(np.float32),
        classes=unpack(arrays["classes"]),
        class_table=Table(
            arrays["class_cells"].astype(np.int8), arrays["class_scales"].astype(np.float32)
        ),
        heads=unpack(arrays["heads"]),
        graph=arrays["graph"].tobytes(),
    )


def require_runtime() -> Any:
    """Import ONNX Runtime.

    Raises:
        RecogniserError: it is not installed; says how to install it.
    """
    try:
        return importlib.import_module("onnxruntime")
    except ImportError as error:
        raise RecogniserError(
            "the accurate recogniser needs onnxruntime: run `make setup-accurate`, "
            "or install nabaa[accurate]"
        ) from error


class Encoder:
    """Scores labels of words from all that stands around them.

    Args:
        file: what it has learnt.
        known: classes of folded words, parted by spaces.
        threads: cores that it uses.

    Raises:
        RecogniserError: ONNX Runtime is missing or cannot read the graph.
    """

    def __init__(self, file: EncoderFile, known: Mapping[str, str], threads: int = 1) -> None:
        runtime = require_runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # An arena keeps the most that any batch ever took.
        options.enable_cpu_mem_arena = False
        try:
            self._session: Any = runtime.InferenceSession(
                file.graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime raises what it likes
            raise RecogniserError(f"onnxruntime cannot read the encoder: {error}") from error
        self._file, self._known = replace(file, graph=b""), known  # the session has its own
        self._pieces = Pieces(file.pieces, file.piece_scores.tolist())
        self._class_numbers = {name: number for number, name in enumerate(file.classes, 1)}
        self._words: dict[str, tuple[list[int], list[int]]] = {}

    def scores(self, documents: Sequence[Sequence[Sequence[str]]]) -> dict[str, Scores]:
        """Score the labels of words.

        Args:
            documents: the sentences of each document, none empty.

        Returns:
            By guideline one row a word, in the order of reading.
        """
        if len(self._words) > MAX_CACHED_WORDS:
            self._words = {}
        windows = [window for document in documents for window in self._windows(document)]
        order = sorted(range(len(windows)), key=lambda index: len(windows[index].pieces))
        found: list[Scores] = [np.zeros(0, dtype=np.float32)] * len(windows)
        batch: list[int] = []
        for index in order:
            if batch and len(windows[index].pieces) * (len(batch) + 1) > BATCH_PIECES:
                self._read(windows, batch, found)
                batch = []
            batch.append(index)
        self._read(windows, batch, found)
        rows = (
            np.concatenate(found) if found else np.zeros((0, len(self._file.heads) * len(LABELS)))
        )
        split = np.split(rows.astype(np.float32), len(self._file.heads), axis=1)
        return dict(zip(self._file.heads, split, strict=True))

    def _windows(self, sentences: Sequence[Sequence[str]]) -> list[_Window]:
        """Put sentences of a document together, as many as a window holds."""
        windows = [_Window.empty()]
        for sentence in sentences:
            words = [self._word(word) for word in sentence]
            need = sum(len(pieces) for pieces, _ in words) + 1
            if len(windows[-1].pieces) + need > WINDOW_PIECES and windows[-1].counted:
                windows.append(_Window.empty())
            for pieces, classes in words:
                if len(windows[-1].pieces) + len(pieces) + 1 > WINDOW_PIECES:
                    windows.append(_Window.empty())
                windows[-1].add(pieces, classes, is_word=True)
            windows[-1].add([END], [], is_word=False)
        return [window for window in windows if window.counted]

    def _word(self, word: str) -> tuple[list[int], list[int]]:
        found = self._words.get(word)
        if found is None:
            wide, _ = word_features(word, self._known)
            numbers = self._class_numbers
            classes = [numbers[name] for name in class_names(wide) if name in numbers]
            found = self._words[word] = (self._pieces.of_word(word), classes)
        return found

    def _read(self, windows: Sequence[_Window], batch: Sequence[int], found: list[Scores]) -> None:
        if not batch:
            return
        chosen = [windows[index] for index in batch]
        feed, counted = self._feed(chosen)
        (scores,) = self._session.run(None, feed)
        for row, index in enumerate(batch):
            found[index] = scores[row, counted[row]]

    def _feed(self, windows: Sequence[_Window]) -> tuple[dict[str, object], list[Numbers]]:
        longest = max(len(window.pieces) for window in windows)
        most = max(len(window.firsts) for window in windows)
        pieces = np.full((len(windows), longest), END, dtype=np.int64)
        piece_mask = np.zeros((len(windows), longest), dtype=np.int32)
        first = np.zeros((len(windows), most), dtype=np.int64)
        last = np.zeros((len(windows), most), dtype=np.int64)
        word_mask = np.zeros((len(windows), most), dtype=np.int32)
        bags: list[list[int]] = []
        for row, window in enumerate(windows):
            size, words = len(window.pieces), len(window.firsts)
            pieces[row, :size] = window.pieces
            piece_mask[row, :size] = 1
            first[row, :words] = window.firsts
            last[row, :words] = [*window.firsts[1:], size]
            last[row, :words] -= 1
            word_mask[row, :words] = 1
            bags += window.classes + [[]] * (most - words)
        table = self._file.piece_table
        vectors = table.cells[pieces] * table.scales[pieces, None]
        vectors += self._file.positions[:longest]
        shift = (np.arange(len(windows)) * longest)[:, None]
        classes = self._file.class_table.vectors([(bag, [1.0] * len(bag)) for bag in bags])
        feed: dict[str, object] = {
            "pieces": vectors,
            "piece_mask": piece_mask,
            "first": first + shift,
            "last": last + shift,
            "share": (1 / (last - first + 1))[..., None].astype(np.float32),
            "classes": classes.reshape(len(windows), most, -1),
            "word_mask": word_mask,
        }
        return feed, [np.array(window.counted) for window in windows]


@dataclass(frozen=True, slots=True)
class _Window:
    """What is read at once: a begin, and sentences with an end behind each.

    Attributes:
        pieces: numbers of the pieces.
        firsts: of each word, begin and ends among them, its first piece.
        classes: of each word its classes.
        counted: which of them are words of a sentence.
    """

    pieces: list[int]
    firsts: list[int]
    classes: list[list[int]]
    counted: list[int]

    @classmethod
    def empty(cls) -> _Window:
        return cls([BEGIN], [0], [[]], [])

    def add(self, pieces: list[int], classes: list[int], *, is_word: bool) -> None:
        if is_word:
            self.counted.append(len(self.firsts))
        self.firsts.append(len(self.pieces))
        self.classes.append(classes)
        self.pieces.extend(pieces)
