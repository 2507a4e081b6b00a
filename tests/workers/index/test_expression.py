"""Questions as trees of tokens: the same words as everywhere, in both languages of databases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.errors import UsageError
from nabaa.filters.words import MIN_LETTERS, bare_forms, fold_words, has_words, read_words
from workers.index.dialects import fts5_query, phrase_conditions, tsquery
from workers.index.expression import But, Every, Mark, Phrase, Some, phrase_of, read_text
from workers.index.places import places_of
from workers.index.words import cut_words, mark, without_article, written_forms

ARABIC_WORDS = st.text("ابتثجحخدذرسشصضطظعغفقكلمنهوي", min_size=2, max_size=9)
TEXTS = st.lists(ARABIC_WORDS, min_size=1, max_size=12).map(" ".join)


@settings(deadline=None)  # the first call imports camel-tools
@given(ARABIC_WORDS)
def test_a_word_stands_in_a_text_in_the_forms_of_which_it_is_a_bare_one(word: str) -> None:
    forms = written_forms(word)
    assert forms[0] == word
    assert all(word in bare_forms(form) for form in forms[1:])
    if len(word) >= MIN_LETTERS:
        assert {f"ب{word}", f"وال{word}", f"لل{word}"} <= set(forms)


@settings(deadline=None)  # the first call imports camel-tools
@given(TEXTS, ARABIC_WORDS)
def test_a_word_of_a_filter_means_what_it_means_to_a_subscription(text: str, asked: str) -> None:
    test = read_words(asked)
    folded = fold_words(text)
    is_found = bool(places_of(phrase_of(test, searched=False), folded))
    assert is_found == has_words(f" {' '.join(folded)} ", test)


@settings(deadline=None)  # the first call imports camel-tools
@given(TEXTS, st.lists(ARABIC_WORDS, min_size=2, max_size=3).map(" ".join))
def test_a_phrase_of_a_filter_means_what_it_means_to_a_subscription(text: str, asked: str) -> None:
    test = read_words(asked)
    folded = fold_words(f"{text} {asked} {text}")
    assert places_of(phrase_of(test, searched=False), folded)
    assert has_words(f" {' '.join(folded)} ", test)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("السودان", ("سودان",)),
        ("وبالسودان", ("سودان",)),
        ("للجنه", ("جنه", "لجنه")),
        ("سودان", ()),
        ("والد", ()),
        ("الان", ()),
    ],
)
def test_a_word_is_read_without_its_article(word: str, found: tuple[str, ...]) -> None:
    assert without_article(word) == found


@settings(deadline=None)  # the first call imports camel-tools
@given(st.text(max_size=200))
def test_any_text_is_cut_into_tokens_that_need_no_escaping(text: str) -> None:
    assert all(word.replace("_", "a").isalnum() for word in cut_words(text))
    assert " " not in mark("o", text)
    assert "'" not in mark("o", text)
    assert '"' not in mark("o", text)


@settings(deadline=None)  # the first call imports camel-tools
@given(st.text(max_size=60))
def test_any_question_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        asked = read_text(text)
    except UsageError as error:
        assert str(error)
    else:
        for test in (*asked.wanted, *asked.unwanted):
            assert phrase_of(test, wide=True).first


def test_a_question_has_a_limit() -> None:
    with pytest.raises(UsageError, match="16"):
        read_text("كلمة " * 17)


def test_an_expression_is_written_for_both_databases() -> None:
    wanted = Every((Phrase(("مجلس", "المجلس"), ("الامن",)), Mark("e=q1")))
    but = But(wanted, Some((Phrase(("يمن",), is_prefix=True), Mark("c=eg"))))
    assert fts5_query(but) == (
        '((("مجلس الامن" OR "المجلس الامن") AND "e=q1") NOT ("يمن" * OR "c=eg"))'
    )
    assert tsquery(but) == ("((('مجلس' | 'المجلس') & 'الامن' & 'e=q1') & !((('يمن':*) | 'c=eg')))")
    values: dict[str, object] = {}
    assert phrase_conditions(but, "tokens", values) == [
        "((tokens ~ :word0 AND strpos(tokens, :word1) > 0)"
        " AND NOT (tokens ~ :word2 OR strpos(tokens, :word3) > 0))"
    ]
    assert values == {
        "word0": " (مجلس|المجلس) الامن ",
        "word1": " e=q1 ",
        "word2": " (يمن)[^ ]* ",
        "word3": " c=eg ",
    }


def test_what_must_not_stand_in_a_row_is_left_to_the_look_at_the_text() -> None:
    but = But(Mark("e=q1"), Phrase(("مجلس",), ("الامن",)))
    assert tsquery(but) == "'e=q1'"
    assert phrase_conditions(Every((Mark("e=q1"), Phrase(("مجلس",)))), "tokens", {}) == []
