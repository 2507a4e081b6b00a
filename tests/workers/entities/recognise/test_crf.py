"""The shipped model finds plain names; decoding is valid in any company and never raises."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from nabaa.errors import RecogniserError
from workers.entities.recognise.crf import MODEL_PATH, CrfRecogniser, load_crf
from workers.entities.recognise.iob import spans_to_iob2
from workers.entities.recognise.model import LABELS, load_model, save_model
from workers.entities.recognise.viterbi import constraints, decode, marginals
from workers.text.tokenise import sentences

MAX_MODEL_BYTES = 25_000_000


@cache
def shipped() -> CrfRecogniser:
    return load_crf()


def names_in(text: str) -> set[tuple[str, str]]:
    tokens = [[token.text for token in sentence] for sentence in sentences(text)]
    return {
        (" ".join(words[span.start : span.end]), span.type)
        for words, spans in zip(tokens, shipped().recognise(tokens), strict=True)
        for span in spans
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("التقى الرئيس الفرنسي إيمانويل ماكرون وفدا من رجال الأعمال.", ("إيمانويل ماكرون", "PERS")),
        ("وصل الوفد مساء الخميس إلى القاهرة لإجراء محادثات.", ("القاهرة", "LOC")),
        ("دعت الأمم المتحدة إلى وقف فوري لإطلاق النار.", ("الأمم المتحدة", "ORG")),
        ("قال وزير الخارجية المصري سامح شكري إن الاجتماع كان مثمرا.", ("سامح شكري", "PERS")),
        ("تستضيف العاصمة بغداد الأسبوع المقبل مؤتمرا عن المياه.", ("بغداد", "LOC")),
        ("أعلنت وزارة الصحة في لبنان افتتاح مستشفى جديد.", ("لبنان", "LOC")),
        ("فاز ريال مدريد على برشلونة بهدفين.", ("ريال مدريد", "ORG")),
    ],
)
def test_plain_names_are_found(text: str, name: tuple[str, str]) -> None:
    assert name in names_in(text)


def test_a_sentence_without_names_has_none() -> None:
    assert names_in("ارتفعت أسعار الخضار في الأسواق خلال الأيام الماضية.") == set()


WORDS = st.one_of(
    st.sampled_from(["محمد", "والقاهرة", "الأمم", "المتحدة", "في", ".", "حزب", "عبد", "الله"]),
    st.text(max_size=4),
    st.text(alphabet=st.characters(categories=["Cc", "Cs", "Cf", "Mn", "So"]), max_size=3),
)
SENTENCES = st.lists(st.lists(WORDS, max_size=12), max_size=6)


@given(SENTENCES)
@settings(deadline=None, max_examples=150)
def test_any_tokens_give_spans_in_order_that_never_overlap(batch: list[list[str]]) -> None:
    found = shipped().recognise(batch)
    assert len(found) == len(batch)
    for tokens, spans in zip(batch, found, strict=True):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(tokens)
            end = span.end
        assert len(spans_to_iob2(spans, len(tokens))) == len(tokens)


@given(SENTENCES)
@settings(deadline=None, max_examples=100)
def test_a_document_has_the_same_names_in_any_company(batch: list[list[str]]) -> None:
    parted = [part for tokens in batch for part in (tokens, [])]
    together = shipped().recognise(parted)[::2]
    assert together == [shipped().recognise([tokens])[0] for tokens in batch]
    assert together[::-1] == shipped().recognise(parted[::-1])[1::2]


def test_a_token_and_a_sentence_of_any_length_are_read() -> None:
    found = shipped().recognise([["ا" * 1_000_000], ["القاهرة"] * 3_000, [""]])
    assert [len(spans) > 0 for spans in found] == [False, True, False]


def test_forgetting_words_changes_nothing() -> None:
    forgetful = CrfRecogniser(load_model(MODEL_PATH), max_cached_words=1)
    batch = [["زار", "محمد", "القاهرة"], ["الأمم", "المتحدة", "في", "بغداد"]]
    assert forgetful.recognise(batch) == shipped().recognise(batch)
    assert [forgetful.recognise([tokens])[0] for tokens in batch] == shipped().recognise(batch)


def valid(path: tuple[int, ...]) -> bool:
    names = ["O", *(LABELS[label] for label in path)]
    return all(
        after[0] != "I" or before[1:] == after[1:] for before, after in itertools.pairwise(names)
    )


@given(st.integers(min_value=0, max_value=2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_decoding_finds_the_best_valid_path(seed: int) -> None:
    random = np.random.default_rng(seed)
    lengths = np.array([4, 3, 3, 1])
    starts = np.array([0, 4, 7, 10])
    emissions = random.normal(size=(11, len(LABELS))).astype(np.float32)
    transitions = random.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)
    found = decode(emissions, starts, lengths, transitions + constraints())

    for start, length, labels in zip(starts[1:], lengths[1:], found[1:], strict=True):

        def total(path: tuple[int, ...], start: int = start) -> float:
            steps = sum(transitions[a, b] for a, b in itertools.pairwise((0, *path)))
            return float(steps + sum(emissions[start + i, label] for i, label in enumerate(path)))

        paths = filter(valid, itertools.product(range(len(LABELS)), repeat=length))
        assert total(tuple(labels.tolist())) == pytest.approx(max(map(total, paths)), abs=1e-4)
    assert valid(tuple(found[0].tolist()))


def test_probabilities_are_the_shares_of_all_paths() -> None:
    random = np.random.default_rng(3)
    starts, lengths = np.array([1, 5]), np.array([3, 1])
    emissions = random.normal(size=(7, len(LABELS))).astype(np.float32)
    transitions = random.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)
    found = marginals(emissions, starts, lengths, transitions + constraints())
    wanted = np.zeros((3, len(LABELS)))
    for path in filter(valid, itertools.product(range(len(LABELS)), repeat=3)):
        score = sum(transitions[a, b] for a, b in itertools.pairwise((0, *path)))
        share = np.exp(score + sum(emissions[1 + i, label] for i, label in enumerate(path)))
        wanted[range(3), path] += share
    np.testing.assert_allclose(found[1:4], wanted / wanted.sum(axis=1, keepdims=True), atol=1e-4)
    assert found[5].sum() == pytest.approx(1, abs=1e-5)
    assert not found[[0, 4, 6]].any()


def test_scores_far_apart_leave_probabilities_whole() -> None:
    emissions = np.full((4, len(LABELS)), -1e4, dtype=np.float32)
    emissions[:, 2] = 1e4  # no sentence may begin with I-
    found = marginals(emissions, np.array([0]), np.array([4]), constraints())
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_the_shipped_model_is_small() -> None:
    assert MODEL_PATH.stat().st_size <= MAX_MODEL_BYTES


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecogniserError, match=r"none\.npz is missing"):
        load_crf(tmp_path / "none.npz")


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda _: b"", bytes.upper]
)
def test_a_damaged_model_is_told(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    path = tmp_path / "damaged.npz"
    path.write_bytes(damage(MODEL_PATH.read_bytes()))
    with pytest.raises(RecogniserError, match=r"damaged\.npz"):
        load_crf(path)


def test_a_model_with_a_changed_weight_is_told(tmp_path: Path) -> None:
    path = tmp_path / "changed.npz"
    save_model(load_model(MODEL_PATH), path)
    with np.load(path) as file:
        arrays = dict(file)
    arrays["weights"][0] += 1
    np.savez(path, allow_pickle=False, **arrays)
    with pytest.raises(RecogniserError, match="checksum"):
        load_crf(path)


def test_a_model_of_another_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, allow_pickle=False, format=np.array([0]))
    with pytest.raises(RecogniserError, match="not of format"):
        load_crf(path)


def test_features_with_the_same_key_are_refused(tmp_path: Path) -> None:
    model = load_model(MODEL_PATH)
    keys = model.linear.features.copy()
    keys[1] = keys[0]
    twice = replace(model, linear=replace(model.linear, features=keys))
    with pytest.raises(ValueError, match="two are the same"):
        save_model(twice, tmp_path / "twice.npz")
