"""Search: what is found by words and conditions, on both databases, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nabaa.errors import UsageError
from nabaa.filters.filter import Filter
from tests.support.archived import NOW, named, news, outlet, said, store
from workers.index.database import Archive
from workers.index.model import Answer, Question, Span
from workers.index.search import MOST_FOUND, count_matches, search


def ask(archive: Archive, text: str = "", **changes: object) -> Answer:
    with archive.reading() as connection:
        return search(connection, Question(text, **changes), NOW)  # type: ignore[arg-type]


def found(archive: Archive, text: str = "", **changes: object) -> list[int]:
    """Return the numbers of the articles that were found, in order."""
    return [int(hit.article.uri[-32:], 16) for hit in ask(archive, text, **changes).hits]


def test_all_words_must_be_there(archive: Archive) -> None:
    store(archive, news(1, "هدنة في السودان"), news(2, "هدنة في اليمن"), news(3, "السودان اليوم"))
    assert found(archive, "السودان هدنة") == [1]


def test_words_with_and_without_clitics_and_article_find_each_other(archive: Archive) -> None:
    forms = ["السودان", "بالسودان", "وللسودان", "سودان", "والسودان", "للسودان"]
    store(archive, *(news(n, f"أخبار {form} اليوم") for n, form in enumerate(forms)))
    numbers = list(range(len(forms)))
    assert {asked: sorted(found(archive, asked)) for asked in forms} == dict.fromkeys(
        forms, numbers
    )


def test_a_letter_that_may_be_a_clitic_keeps_no_words_apart(archive: Archive) -> None:
    forms = ["لبنان", "ولبنان", "بلبنان", "للبنان"]
    store(archive, *(news(n, f"حكومة {form} الجديدة") for n, form in enumerate(forms)))
    numbers = list(range(len(forms)))
    assert {asked: sorted(found(archive, asked)) for asked in forms} == dict.fromkeys(
        forms, numbers
    )


def test_a_word_as_it_was_asked_for_comes_before_one_without_its_first_letter(
    archive: Archive,
) -> None:
    store(archive, news(1, "رأس المال", hours_ago=1), news(2, "كمال في القاهرة", hours_ago=90))
    assert found(archive, "كمال") == [2, 1]


def test_spelling_is_folded(archive: Archive) -> None:
    written_as = {
        "إسرائيل": "اسرائيل",
        "القاهرة": "القاهره",
        "مُحَمَّد": "محمد",
        "٢٠٢٦": "2026",
        "COVID": "covid",
        "مستشفى": "مستشفي",
    }
    store(archive, *(news(n, f"خبر عن {w} هنا") for n, w in enumerate(written_as.values())))
    assert [found(archive, asked) for asked in written_as] == [[n] for n in range(len(written_as))]


def test_a_phrase_is_found_in_a_row_only(archive: Archive) -> None:
    store(archive, news(1, "مجلس الأمن يجتمع"), news(2, "الأمن في مجلس النواب"))
    assert found(archive, '"مجلس الأمن"') == [1]
    assert found(archive, "«مجلس الأمن»") == [1]


def test_a_phrase_does_not_reach_from_the_headline_into_the_text(archive: Archive) -> None:
    store(archive, news(1, "اجتماع مجلس", "الأمن مستتب"))
    assert found(archive, '"مجلس الأمن"') == []


def test_a_star_finds_what_begins_so(archive: Archive) -> None:
    store(archive, news(1, "الانتخابات"), news(2, "وانتخاب الرئيس"), news(3, "نخبة"))
    assert sorted(found(archive, "انتخاب*")) == [1, 2]


def test_an_equals_sign_finds_the_word_itself_only(archive: Archive) -> None:
    store(archive, news(1, "والسودان"), news(2, "السودان"))
    assert found(archive, "=السودان") == [2]


def test_what_a_minus_stands_before_must_not_be_there(archive: Archive) -> None:
    store(archive, news(1, "هدنة في السودان"), news(2, "هدنة في اليمن"))
    assert found(archive, "هدنة -السودان") == [2]
    assert found(archive, "-السودان") == [2]


@pytest.mark.parametrize("text", ["…", "اب*", "=", '""'])
def test_words_that_make_no_sense_are_refused_with_a_sentence(archive: Archive, text: str) -> None:
    with pytest.raises(UsageError):
        ask(archive, text)


def test_a_question_without_words_gives_the_newest(archive: Archive) -> None:
    store(archive, news(1, hours_ago=5), news(2, hours_ago=1), news(3, hours_ago=3))
    assert found(archive) == [2, 3, 1]


def test_conditions_are_those_of_subscriptions(archive: Archive) -> None:
    sudan, egypt = named("Q1049", "السودان", "LOC"), named("Q79", "مصر", "LOC")
    store(
        archive,
        news(1, entities=[sudan], language="ar", outlet=outlet("الصباح الجديد", "JO", "sabah")),
        news(2, entities=[sudan, egypt], language="fa", outlet=outlet("النهار", "LB", "nahar")),
        news(3, entities=[egypt], topic="sport", tags=("live",), duplicate_of=news(1).uri),
    )
    wanted = {
        Filter(entities=("Q1049",)): [1, 2],
        Filter(all_entities=("Q1049", "Q79")): [2],
        Filter(countries=("LB",)): [2],
        Filter(languages=("fa",)): [2],
        Filter(outlets=("الصباح الجديد",)): [1],
        Filter(outlets=("nahar", "الصباح الجديد")): [1, 2],
        Filter(topics=("sport",)): [3],
        Filter(tags=("live",)): [3],
        Filter(reprints=True): [3],
        Filter(reprints=False): [1, 2],
        Filter(entities=("Q79",), none_of=(Filter(entities=("Q1049",)),)): [3],
        Filter(none_of=(Filter(entities=("Q1049",)),)): [3],
        Filter(any_of=(Filter(countries=("LB",)), Filter(topics=("sport",)))): [2, 3],
    }
    assert {each: sorted(found(archive, filter=each)) for each in wanted} == wanted


def test_articles_that_quote_a_speaker_are_found(archive: Archive) -> None:
    minister = named("Q1", "الوزير")
    store(
        archive,
        news(1, entities=[minister], quotes=(said("لن نتراجع", "Q1"),)),
        news(2, entities=[minister], quotes=(said("لن نتراجع", None),)),
    )
    assert found(archive, "نص", speakers=("Q1",)) == [1]


def test_a_span_of_time_is_one_of_publication(archive: Archive) -> None:
    store(archive, *(news(hours, "هدنة", hours_ago=hours) for hours in (1, 30, 100)))
    day = timedelta(days=1)
    assert found(archive, "هدنة", span=Span(since=NOW - day)) == [1]
    assert found(archive, "هدنة", span=Span(until=NOW - day)) == [30, 100]
    assert found(archive, "هدنة", span=Span(NOW - 2 * day, NOW - day)) == [30]


def test_the_headline_weighs_more_than_the_text(archive: Archive) -> None:
    store(
        archive,
        news(1, "أخبار اليوم", "الهدنة في السودان", hours_ago=1),
        news(2, "الهدنة في السودان", hours_ago=20),
    )
    assert found(archive, "هدنة السودان") == [2, 1]


def test_what_is_newer_comes_first_where_the_words_weigh_the_same(archive: Archive) -> None:
    store(archive, *(news(hours, "هدنة", hours_ago=hours) for hours in (400, 2, 30)))
    assert found(archive, "هدنة") == [2, 30, 400]


def test_pages_follow_each_other_without_a_gap(archive: Archive) -> None:
    store(archive, *(news(number, "هدنة", hours_ago=number) for number in range(1, 8)))
    pages = [found(archive, "هدنة", limit=3, offset=offset) for offset in (0, 3, 6)]
    assert pages == [[1, 2, 3], [4, 5, 6], [7]]


def test_looking_ends_at_the_newest_thousand(archive: Archive) -> None:
    store(archive, *(news(number, "هدنة", hours_ago=1) for number in range(MOST_FOUND + 2)))
    answer = ask(archive, "هدنة", limit=1)
    assert (answer.found, answer.is_all) == (MOST_FOUND, False)


def test_a_hit_shows_where_the_words_stand(archive: Archive) -> None:
    store(archive, news(1, "السُّودان: هدنة", f"{'كلام آخر. ' * 60}وقال إن الهدنة في السودان صامدة."))
    hit = ask(archive, "سودان هدنة").hits[0]
    assert [hit.title.text[a:b] for a, b in hit.title.marks] == ["السُّودان", "هدنة"]
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["الهدنة", "السودان"]
    assert hit.snippet.text.startswith("… ")


def test_matches_are_counted_by_day_and_month(archive: Archive) -> None:
    store(archive, *(news(hours, "هدنة", hours_ago=hours) for hours in (1, 2, 50, 24 * 40)))
    with archive.reading() as connection:
        span = Span(since=NOW - timedelta(days=3), until=NOW)
        days = count_matches(connection, Question("هدنة", span=span), "day")
        months = count_matches(connection, Question("هدنة"), "month")
    assert [count.articles for count in days] == [0, 1, 0, 2]
    assert [(count.start.month, count.articles) for count in months] == [(10, 1), (11, 3)]
