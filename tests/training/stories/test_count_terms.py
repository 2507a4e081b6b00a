"""The counting of terms, and the file of shares that it makes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training.stories.count_terms import count_terms, read_articles
from workers.stories.rarity import Rarity, load_past_shares, pack_shares
from workers.stories.terms import term_weights


def term(word: str) -> int:
    return next(iter(term_weights(word, "")))


def test_a_term_counts_once_an_article_and_rare_ones_are_left_out() -> None:
    articles = [("زلزال زلزال", "الوزارة"), ("الزلزال", "وزارة"), ("زلزال", "بركان")]
    counts, number = count_terms(articles)
    assert counts == {term("زلزال"): 3}
    assert number == 3


def test_articles_at_one_address_are_read_once(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    rows = [{"url": url, "title": "ع", "summary": None, "text": "ن"} for url in ("u", "u", "v")]
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    assert list(read_articles(path)) == [("ع", " ن"), ("ع", " ن")]


def test_shares_are_packed_in_order_of_the_terms() -> None:
    packed = pack_shares({9: 50, 4: 100}, 100)
    assert packed["terms"].tolist() == [4, 9]
    assert packed["rarities"].tolist() == [0, 11]
    assert float(packed["least"]) == pytest.approx(0.01)


def test_a_common_word_of_the_past_weighs_less_than_a_rare_one() -> None:
    rarity = Rarity(load_past_shares())
    said, quake, unknown = rarity.weigh(map(term, ("قال", "زلزال", "قرطبنغش")))
    assert said < quake < unknown


def test_a_word_of_many_open_stories_loses_weight_until_they_end() -> None:
    rarity = Rarity(load_past_shares())
    name = term("قرطبنغش")
    before = rarity.weigh([name])[0]
    for _ in range(50):
        rarity.add_story()
        rarity.add_terms([name])
    assert rarity.weigh([name])[0] < before / 2
    for _ in range(50):
        rarity.remove_story([name])
    assert rarity.weigh([name]) == [before]
