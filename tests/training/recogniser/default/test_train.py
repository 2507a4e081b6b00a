"""Training on a small made-up corpus: the same bytes each time, and names are learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.models.tiny_data import made_up_sentences, write_data
from training.recogniser.evaluation import DEV_BLOCKS, held_out
from workers.entities.recognise.crf import load_crf
from workers.entities.recognise.iob import iob2_to_spans, score

pytest.importorskip("pycrfsuite")
pytest.importorskip("torch")

from training.recogniser.default.pretrain import PretrainSettings
from training.recogniser.default.train import Settings, main
from training.recogniser.default.tune import TuneSettings

QUICK = Settings(
    pretrain=PretrainSettings(epochs=10, batch_tokens=256, drawn=16),
    tune=TuneSettings(epochs=12, batch_tokens=128),
    begin=TuneSettings(epochs=2, batch_tokens=128),
    finish=TuneSettings(epochs=6, batch_tokens=128),
    rounds=(1.0,),
)
SHORT = Settings(
    pretrain=PretrainSettings(epochs=1, batch_tokens=256, drawn=16),
    tune=TuneSettings(epochs=2, batch_tokens=128),
    begin=TuneSettings(epochs=1, batch_tokens=128),
    finish=TuneSettings(epochs=1, batch_tokens=128),
    rounds=(1.0,),
)
"""For tests that do not look at what was learnt."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def model(data: Path) -> Path:
    path = data / "model.npz"
    main(["--data", str(data), "--out", str(path)], QUICK)
    return path


def test_training_twice_gives_the_same_bytes(data: Path) -> None:
    first, second = data / "first.npz", data / "second.npz"
    for path in (first, second):
        main(["--data", str(data), "--out", str(path)], SHORT)
    assert first.read_bytes() == second.read_bytes()


def test_names_are_learnt(model: Path) -> None:
    corpus = made_up_sentences()
    found = load_crf(model).recognise([tokens for tokens, _ in corpus])
    assert score([iob2_to_spans(tags) for _, tags in corpus], found)[None].f1 > 0.9


def test_a_name_that_was_never_seen_is_found_where_names_stand(model: Path) -> None:
    tokens = ["وصل", "سليم", "شاهين", "إلى", "الكويت", "."]
    assert [span.type for span in load_crf(model).recognise([tokens])[0]] == ["PERS", "LOC"]


def test_judging_writes_no_model_and_prints_each_class(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped.npz"
    monkeypatch.setattr("training.recogniser.default.train.MODEL_PATH", shipped)
    main(["--data", str(data), "--dev"], SHORT)
    rows = [line.split()[1] for line in capsys.readouterr().out.splitlines()[2:]]
    assert rows == ["PERS", "LOC", "ORG", "MISC", "all"]
    assert not shipped.exists()


def test_what_is_held_out_is_never_trained_on() -> None:
    corpus = [([str(number)], ["O"]) for number in range(1000)]
    training, dev = held_out(corpus)
    numbers = [int(tokens[0]) for tokens, _ in dev]
    assert sorted(training + dev, key=lambda sentence: int(sentence[0][0])) == corpus
    assert len(training) + len(dev) == len(corpus)
    starts = [n for n in numbers if n - 1 not in numbers]
    assert len(starts) == len(DEV_BLOCKS)
