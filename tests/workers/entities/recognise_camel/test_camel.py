"""The recogniser on a tiny random BERT, against camel-tools' own `predict` on the same weights."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.errors import RecogniserError
from tests.support.models.tiny_bert import LABELS, LETTERS, MARKS, WORDS, write_data
from workers.entities.recognise.camel import CamelRecogniser, load_camel
from workers.entities.recognise.iob import iob2_to_spans

pytest.importorskip("torch", reason="torch is not installed: make setup-neural")
pytest.importorskip("transformers", reason="transformers is not installed: make setup-neural")

Labels = list[list[str]]

ARABIC = st.text(LETTERS, min_size=1, max_size=12)
ORDINARY = st.sampled_from(WORDS + MARKS) | ARABIC
# No piece: empty, white space, zero-width marks, controls. Hard: half a surrogate pair, names of
# the tokeniser's own, a word of more than 100 letters, a token of more pieces than a window.
STRANGE = st.sampled_from(
    ["", " ", "\u200c", "\u200f", "\x00", "\ud83d", "[CLS]", "[PAD]", "[SEP]", "م" * 150, "-" * 600]
)
NEVER_NOTHING = st.lists(st.lists(ORDINARY, min_size=1, max_size=20), min_size=1, max_size=8)
ANYTHING = st.lists(st.lists(ORDINARY | STRANGE | st.text(), max_size=20), max_size=8)


@pytest.fixture(scope="module")
def predict(recogniser: CamelRecogniser, camel_data: Path) -> Callable[[list[list[str]]], Labels]:
    # The recogniser's fixture has imported it with this data folder.
    ner: Any = importlib.import_module("camel_tools.ner")
    model: Any = ner.NERecognizer(str(camel_data / "data" / "ner" / "arabert"), use_gpu=False)

    def labels(sentences: list[list[str]]) -> Labels:
        found: Labels = model.predict(sentences)
        return found

    return labels


@settings(deadline=None, max_examples=20)
@given(sentences=NEVER_NOTHING)
def test_labels_are_those_of_camel_tools(
    recogniser: CamelRecogniser,
    predict: Callable[[list[list[str]]], Labels],
    sentences: list[list[str]],
) -> None:
    expected = predict(sentences)
    assert [len(labels) for labels in expected] == [len(sentence) for sentence in sentences]
    assert recogniser.label(sentences) == expected


def test_long_sentences_are_cut_where_camel_tools_cuts_them(
    recogniser: CamelRecogniser, predict: Callable[[list[list[str]]], Labels]
) -> None:
    sentences = [["مصر", "بيروت"] * 300, ["علي"], ["قطر"] * 85, ["في"] * 254, ["في"] * 255]
    assert recogniser.label(sentences) == predict(sentences)


def test_the_random_model_gives_most_labels(recogniser: CamelRecogniser) -> None:
    labels = recogniser.label([[word] for word in (*WORDS, *MARKS, *LETTERS)] + [list(WORDS)] * 2)
    assert len({label for sentence in labels for label in sentence}) > len(LABELS) // 2


def test_a_token_without_pieces_is_outside_and_the_others_keep_their_label(
    recogniser: CamelRecogniser, predict: Callable[[list[list[str]]], Labels]
) -> None:
    (short,) = predict([["مصر", "\u200c", "علي"]])
    assert len(short) == 2  # camel-tools says nothing of the middle one
    assert recogniser.label([["مصر", "\u200c", "علي"]]) == [[short[0], "O", short[1]]]


@settings(deadline=None, max_examples=30)
@given(sentences=ANYTHING)
def test_every_token_gets_one_label(
    recogniser: CamelRecogniser, sentences: list[list[str]]
) -> None:
    labels = recogniser.label(sentences)
    assert [len(row) for row in labels] == [len(sentence) for sentence in sentences]
    assert {label for row in labels for label in row} <= set(LABELS)


@settings(deadline=None, max_examples=30)
@given(sentences=ANYTHING)
def test_spans_are_inside_their_sentence_and_never_overlap(
    recogniser: CamelRecogniser, sentences: list[list[str]]
) -> None:
    for sentence, spans in zip(sentences, recogniser.recognise(sentences), strict=True):
        edges = [edge for span in spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(0 <= span.start < span.end <= len(sentence) for span in spans)


def test_spans_are_those_of_the_labels(recogniser: CamelRecogniser) -> None:
    sentences = [list(WORDS), [], list(WORDS[::-1])]
    expected = [iob2_to_spans(labels) for labels in recogniser.label(sentences)]
    assert any(expected)
    assert recogniser.recognise(sentences) == expected


@settings(deadline=None, max_examples=30)
@given(sentences=ANYTHING)
def test_a_sentence_is_read_alike_alone_and_in_a_batch(
    recogniser: CamelRecogniser, sentences: list[list[str]]
) -> None:
    alone = [recogniser.recognise([sentence])[0] for sentence in sentences]
    assert recogniser.recognise(sentences) == alone


def test_several_threads_may_call_at_once(recogniser: CamelRecogniser) -> None:
    batches = [[[word, *WORDS, letter] for word in WORDS] for letter in LETTERS]
    expected = [recogniser.recognise(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(recogniser.recognise, batches)) == expected


def test_a_model_with_few_positions_reads_shorter_windows(tmp_path: Path) -> None:
    write_data(tmp_path, max_pieces=16)
    (labels,) = load_camel(data_dir=tmp_path).label([["قطر"] * 50])
    assert len(labels) == 50


def test_the_number_of_threads_is_handed_to_torch(camel_data: Path) -> None:
    torch: Any = importlib.import_module("torch")
    before = torch.get_num_threads()
    try:
        load_camel(data_dir=camel_data, threads=before + 1)
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


def test_loading_leaves_the_environment_as_it_was(
    camel_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAMELTOOLS_DATA", raising=False)
    load_camel(data_dir=camel_data)
    unset = os.environ.get("CAMELTOOLS_DATA")
    monkeypatch.setenv("CAMELTOOLS_DATA", "elsewhere")
    load_camel(data_dir=camel_data)
    assert (unset, os.environ["CAMELTOOLS_DATA"]) == (None, "elsewhere")


def test_labels_of_other_classes_are_refused(tmp_path: Path) -> None:
    path = write_data(tmp_path, labels=("O", "B-PERS", "I-PERS", "B-DATE"))
    with pytest.raises(RecogniserError, match=r"^(.+): the model's labels must be .* B-DATE$") as e:
        load_camel(data_dir=tmp_path)
    assert str(e.value).startswith(str(path))


def test_a_vocabulary_of_another_model_is_refused(tmp_path: Path) -> None:
    write_data(tmp_path, embeddings=20)
    with pytest.raises(RecogniserError, match="they do not belong together"):
        load_camel(data_dir=tmp_path)


def test_a_broken_download_is_told_in_one_line(tmp_path: Path) -> None:
    weights = write_data(tmp_path) / "pytorch_model.bin"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(RecogniserError, match=r"cannot be loaded \(.*camel_data -i -f") as caught:
        load_camel(data_dir=tmp_path)
    assert "\n" not in str(caught.value)
