"""Particles come off the front of a name, and only where the rest is the name."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from training.names.count_names import merged, often_names, packed
from workers.entities.mentions.clitics import ArticleWords, Cut, list_cuts, part_clitics
from workers.entities.mentions.name_words import load_name_words, opening_key, word_set

CASES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("clitics.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
ARABIC = st.text(alphabet="وفبلكسالأإآمنرىيةه َُّـ#a", max_size=12)


def cut(
    word: str,
    rest: str = "",
    before: str = "",
    article: ArticleWords | None = None,
    known: frozenset[str] = frozenset(),
) -> Cut:
    return part_clitics(
        word, rest, before, article or ArticleWords(), load_name_words(), known.__contains__
    )


def test_nearly_all_of_the_hand_made_cases_are_right() -> None:
    wrong = [case for case in CASES if cut(case[0], case[1], case[2]).name != case[3]]
    assert len(CASES) > 300
    assert len(wrong) <= len(CASES) // 50, wrong


@pytest.mark.parametrize(
    "word",
    sorted(
        word_set(
            """
            بوتين واشنطن بيروت ليبيا كندا فرنسا لبنان باريس بغداد لندن وائل وليد كوريا فيينا
            بايدن لافروف كيري فيصل بشار ليلى الرياض القاهرة الأسد السيسي
            """
        )
    ),
)
def test_a_name_with_the_first_letter_of_a_particle_stays_whole(word: str) -> None:
    assert cut(word) == Cut("", 0, word)


@pytest.mark.parametrize(
    ("word", "clitics", "left", "name"),
    [
        ("لماكرون", "ل", "ماكرون", "ماكرون"),
        ("وقطر", "و", "قطر", "قطر"),
        ("بفرنسا", "ب", "فرنسا", "فرنسا"),
        ("وبفرنسا", "وب", "فرنسا", "فرنسا"),
        ("كفرنسا", "ك", "فرنسا", "فرنسا"),
        ("بالقاهرة", "ب", "القاهرة", "القاهرة"),
        ("والأسد", "و", "الأسد", "الأسد"),
        ("للبنان", "ل", "لبنان", "لبنان"),
        ("وللندن", "ول", "لندن", "لندن"),
        ("بـفرنسا", "ب", "فرنسا", "فرنسا"),
        ("وَقَطَر", "و", "قَطَر", "قَطَر"),
    ],
)
def test_what_is_left_in_the_text_is_the_bare_name(
    word: str, clitics: str, left: str, name: str
) -> None:
    found = cut(word)
    assert (found.clitics, word[found.length :], found.name) == (clitics, left, name)


@pytest.mark.parametrize(
    ("word", "left", "name"),
    [("للأمم", "للأمم", "الأمم"), ("وللأمم", "للأمم", "الأمم"), ("للرياض", "للرياض", "الرياض")],
)
def test_a_swallowed_article_stays_in_the_text_and_is_given_back_to_the_name(
    word: str, left: str, name: str
) -> None:
    found = cut(word)
    assert (word[found.length :], found.name) == (left, name)


def test_nothing_comes_off_after_a_preposition() -> None:
    assert cut("وقطر", before="في").name == "وقطر"


@pytest.mark.parametrize(("word", "before"), [("لميس", "الكاتبة"), ("وديعة", "المالية")])
def test_a_given_name_after_the_noun_it_belongs_to_stays_whole(word: str, before: str) -> None:
    assert cut(word, rest="بلوط", before=before).name == word


def test_a_listed_place_stays_whole() -> None:
    assert cut("وجدة").name == "جدة"
    assert cut("ولاتة", known=frozenset({"ولاتة"})).name == "ولاتة"


def test_an_unknown_name_is_bare_where_the_article_has_it_bare() -> None:
    assert cut("بزرقوقيا").name == "بزرقوقيا"
    article = ArticleWords(openings={opening_key("زرقوقيا"): 1, opening_key("بزرقوقيا"): 1})
    assert cut("بزرقوقيا", article=article).name == "زرقوقيا"


def test_an_unknown_name_is_whole_where_the_article_has_it_after_a_preposition() -> None:
    assert cut("وزرقوقيا").name == "زرقوقيا"
    assert cut("وزرقوقيا", article=ArticleWords(whole={"وزرقوقيا": 1})).name == "وزرقوقيا"


def test_a_word_elsewhere_in_the_text_is_evidence() -> None:
    article = ArticleWords(texts=("تقع زرقوقيا في الشمال",))
    assert cut("بزرقوقيا", article=article).name == "زرقوقيا"


@given(ARABIC, ARABIC)
@settings(deadline=None, max_examples=300)
def test_any_cut_leaves_an_end_of_the_word(word: str, rest: str) -> None:
    found = cut(word, rest)
    assert 0 <= found.length <= len(word)
    assert found.name == word[found.length :] or found.name.startswith("ال")
    assert found in list(list_cuts(word)) or found == Cut("", 0, word)
    assert bool(found.name) == bool(word)


def test_a_word_that_hides_a_commoner_name_is_counted_as_that_name() -> None:
    doubtful = Counter(
        {"روسيا": 700, "بروسيا": 60, "بوتين": 90, "وتين": 1, "للصين": 40, "الصين": 300}
    )
    whole = Counter({"روسيا": 300, "بوتين": 20, "الصين": 100})
    assert merged(doubtful, whole) == {"روسيا": 1060, "بوتين": 110, "الصين": 440}


def test_words_that_open_names_by_mistake_are_left_out_unless_they_are_listed() -> None:
    counts = Counter({"قال": 10, "والي": 1, "روسيا": 90})
    everywhere = Counter({"قال": 9000, "والي": 900, "روسيا": 100})
    kept = often_names(counts, everywhere, Counter({"والي": 3}))
    assert kept == {"والي": 2, "روسيا": 90}


def test_packed_counts_are_the_same_bytes_every_time() -> None:
    counts = {"روسيا": 1060, "بوتين": 110, "قطر": 112, "نادر": 1, "a": 50}
    assert packed(Counter(counts)) == packed(Counter(dict(reversed(counts.items()))))
    lines = gzip.decompress(packed(Counter(counts))).decode().split()
    assert lines == ["110", "بوتين", "قطر", "1100", "روسيا"]
