"""The accurate recogniser: its file is checked, and no input makes it fail."""

from pathlib import Path

import pytest

from nabaa.errors import RecogniserError
from workers.entities.recognise import encoder
from workers.entities.recognise.accurate import AccurateRecogniser, load_accurate


@pytest.fixture(scope="module")
def recogniser() -> AccurateRecogniser:
    pytest.importorskip("onnxruntime")
    return load_accurate()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    raw = bytearray(encoder.ENCODER_PATH.read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "accurate.npz").write_bytes(raw)
    with pytest.raises(RecogniserError, match=r"cannot be read|damaged"):
        encoder.load_encoder(tmp_path / "accurate.npz")


def test_names_of_the_news_are_found(recogniser: AccurateRecogniser) -> None:
    text = "قال الرئيس السوري بشار الأسد في دمشق إن الأمم المتحدة أخطأت"
    words = text.split(" ")
    (spans,) = recogniser.recognise([words])
    found = {(" ".join(words[span.start : span.end]), span.type) for span in spans}
    assert found == {("بشار الأسد", "PERS"), ("دمشق", "LOC"), ("الأمم المتحدة", "ORG")}


def test_any_sentences_get_a_list_each(recogniser: AccurateRecogniser) -> None:
    sentences = [[], [""], ["\ud800", "\u200f"], ["ب" * 5000] * 300, [], ["x"], ["و"] * 1000]
    found = recogniser.recognise(sentences)
    assert [len(sentence) >= len(spans) for sentence, spans in zip(sentences, found, strict=True)]
    for sentence, spans in zip(sentences, found, strict=True):
        ends = [0, *(place for span in spans for place in (span.start, span.end)), len(sentence)]
        assert ends == sorted(ends)


def test_what_stands_in_other_documents_changes_nothing(recogniser: AccurateRecogniser) -> None:
    texts = ("زار الرئيس ماكرون بيروت أمس .", "لعب الأهلي مع الزمالك .")
    one, other = (text.split(" ") for text in texts)
    together = recogniser.recognise([one, [], other])
    assert [together[0], together[2]] == [
        recogniser.recognise([one])[0],
        recogniser.recognise([other])[0],
    ]
