"""The lexicon joins clusters of the news with the lists, in a fixed order."""

from __future__ import annotations

from pathlib import Path

from tests.workers.recognise.tiny_data import write_data
from workers.recognise.lexicon import clusters, compile_lexicon, news


def test_a_word_has_its_lists_and_its_clusters(tmp_path: Path) -> None:
    lexicon = compile_lexicon(write_data(tmp_path))
    classes = lexicon.words["طرابلس"].split()
    assert "garabcity" in classes
    assert [name.split("=")[0] for name in classes if name[0] == "k"] == ["k1024", "k256", "k64"]
    assert lexicon.phrases["سليم حداد"] == "gperson"


def test_the_lexicon_is_in_alphabetical_order(tmp_path: Path) -> None:
    lexicon = compile_lexicon(write_data(tmp_path))
    assert list(lexicon.words) == sorted(lexicon.words)
    assert list(lexicon.phrases) == sorted(lexicon.phrases)


def test_a_sentence_of_the_news_is_read_once(tmp_path: Path) -> None:
    read = list(news(write_data(tmp_path) / "news" / "ant.jsonl.gz"))
    assert len(read) == len(set(read)) > 0
    assert all(len(tokens) >= 3 for tokens in read)


def test_numbers_of_the_same_length_are_one_word() -> None:
    found = clusters([["عام", "1999", "كان"], ["عام", "٢٠١٧", "كان"]])
    assert set(found) == {"عام", "0000", "كان"}
