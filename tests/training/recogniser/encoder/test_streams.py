"""Windows hold whole sentences, and batches every word once."""

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.recogniser.encoder.streams import Stream, Vocabulary, cut  # noqa: E402
from workers.entities.recognise.pieces import BEGIN, END  # noqa: E402


def stream_of(lengths: list[int], documents: list[int] | None = None) -> Stream:
    vocabulary = Vocabulary.of(
        np.array([10, 11, 12]), np.array([1, 2]), np.zeros((2, 1), dtype=np.int32), "cpu"
    )
    words = np.arange(sum(lengths)) % 2
    parted = None if documents is None else np.array(documents)
    return Stream(vocabulary, words, np.array(lengths), parted, "cpu")


def test_windows_cover_the_text_and_end_with_sentences() -> None:
    stream = stream_of([3, 4, 2, 5])
    windows = stream.windows((12,), random.Random(1))
    assert [first for first, _ in windows] == [0, *(behind for _, behind in windows[:-1])]
    assert windows[-1][1] == stream.size
    assert all(stream.words[behind - 1] == stream.vocabulary.words for _, behind in windows)
    assert all(stream.piece_count(*window) < 12 for window in windows)


def test_a_sentence_longer_than_a_window_is_cut() -> None:
    stream = stream_of([40])
    windows = stream.windows((8,), random.Random(1))
    assert windows[-1][1] == stream.size
    assert all(behind > first for first, behind in windows)


def test_no_window_reaches_into_the_next_document() -> None:
    stream = stream_of([2, 2, 2], documents=[1, 2])
    assert stream.windows((64,), random.Random(1)) == [(0, 3), (3, 9)]


def test_a_batch_tells_where_the_pieces_of_each_word_are() -> None:
    stream = stream_of([2, 1])
    batch = cut(stream, [(0, stream.size)])
    size = int(batch.piece_inside.sum())
    assert batch.pieces[0, :size].tolist() == [BEGIN, 10, 11, 12, END, 10, END]
    words = int(batch.inside.sum())
    assert batch.first[0, :words].tolist() == [0, 1, 2, 4, 5, 6]
    assert batch.behind[0, :words].tolist() == [1, 2, 4, 5, 6, 7]
    assert batch.places[batch.counted].tolist() == [0, 1, 2, 3, 4]
