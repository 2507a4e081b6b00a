"""The lexicon joins clusters of the news with the lists, in a fixed order."""

from __future__ import annotations

from pathlib import Path

from tests.support.models.tiny_data import write_data
from training.recogniser.lexicon import Lexicon, compile_lexicon, news


def compiled(folder: Path) -> Lexicon:
    write_data(folder)
    return compile_lexicon(folder, news(folder / "news" / "ant.jsonl.gz"))


def test_a_word_has_its_lists_and_its_clusters(tmp_path: Path) -> None:
    lexicon = compiled(tmp_path)
    classes = lexicon.words["طرابلس"].split()
    assert "garabcity" in classes
    assert [name.split("=")[0] for name in classes if name[0] == "k"] == ["k1024", "k256", "k64"]
    assert lexicon.phrases["سليم حداد"] == "gperson"


def test_the_lexicon_is_in_alphabetical_order(tmp_path: Path) -> None:
    lexicon = compiled(tmp_path)
    assert list(lexicon.words) == sorted(lexicon.words)
    assert list(lexicon.phrases) == sorted(lexicon.phrases)


def test_a_sentence_of_the_news_is_read_once(tmp_path: Path) -> None:
    read = list(news(write_data(tmp_path) / "news" / "ant.jsonl.gz"))
    assert len(read) == len(set(read)) > 0
    assert all(len(tokens) >= 3 for tokens in read)


def test_frequent_words_are_folded_and_have_vectors(tmp_path: Path) -> None:
    write_data(tmp_path)
    lexicon = compile_lexicon(tmp_path, [["عام", "1999", "أكان"], ["عام", "٢٠١٧", "كان"]])
    assert set(lexicon.frequent) == {"عام", "0000", "اكان", "كان"}
    assert lexicon.frequent[0] in {"عام", "0000"}
    assert len(lexicon.vectors) == len(lexicon.frequent)
