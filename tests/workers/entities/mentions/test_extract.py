"""Spans become mentions whose offsets hold the bare name."""

from __future__ import annotations

import pytest

from tests.support.entities.marked_text import article
from workers.entities.mentions.extract import extract_mentions
from workers.entities.mentions.name_words import load_name_words
from workers.entities.model import TaggedSentence
from workers.model import Span
from workers.text.tokenise import tokenise


def found(text: str) -> list[tuple[str, str]]:
    """What is cut from the text, and the name for matching."""
    made = article(text)
    for m in made.mentions():
        assert made.texts["body_text"][m.mention.start : m.mention.end] == m.mention.text
    return [(m.mention.text, m.name) for m in made.mentions()]


def test_particles_stay_outside_the_mention() -> None:
    assert found("سلم [PERS لماكرون] رسالة") == [("ماكرون", "ماكرون")]
    assert found("[LOC وقطر] أيضا") == [("قطر", "قطر")]


def test_a_swallowed_article_leaves_the_word_and_completes_the_name() -> None:
    assert found("تابع [ORG للأمم المتحدة]") == [("للأمم المتحدة", "الأمم المتحدة")]
    assert found("تابع [ORG وللأمم المتحدة]") == [("للأمم المتحدة", "الأمم المتحدة")]


def test_line_breaks_inside_a_name_become_spaces_in_the_name_only() -> None:
    assert found("قال [PERS سامي  النجار] ذلك") == [("سامي  النجار", "سامي النجار")]


def test_a_hashtag_is_outside_the_mention() -> None:
    assert found("في [LOC #الولايات_المتحدة] أمس") == [("الولايات_المتحدة", "الولايات المتحدة")]
    assert found("قال [PERS دونالد #ترمب] إن") == [("دونالد #ترمب", "دونالد ترمب")]


@pytest.mark.parametrize("span", ["[PERS بأن كافاني]", "[PERS كافاني قال]", "[PERS « كافاني »،]"])
def test_function_words_and_marks_come_off_the_ends(span: str) -> None:
    assert found(f"أضاف {span} ذلك")[0][1].removesuffix(" »") == "كافاني"


def test_a_given_name_that_is_spelt_like_a_particle_stays() -> None:
    assert found("حضرت [PERS آن بلوط] أمس") == [("آن بلوط", "آن بلوط")]


@pytest.mark.parametrize("span", ["[PERS الرئيس]", "[LOC ،]", "[ORG « »]", "[MISC أن]"])
def test_spans_without_a_name_are_left_out(span: str) -> None:
    assert found(f"قال {span} ذلك") == []


def test_what_the_article_says_of_a_word_decides_its_particle() -> None:
    assert found("في [LOC بزرقوقيا] أمس. ورحبت [LOC بزرقوقيا] به.")[1][1] == "بزرقوقيا"
    assert found("وصل إلى [LOC زرقوقيا] أمس. ورحبت [LOC بزرقوقيا] به.")[1][1] == "زرقوقيا"


def test_a_conjunction_inside_a_persons_name_parts_it() -> None:
    text = "حضر [PERS سامي النجار ومحمد حداد] الحفل وغاب [PERS هاري واين]."
    assert [name for _, name in found(text)] == ["سامي النجار", "محمد حداد", "هاري واين"]


def test_an_article_without_names_has_no_mentions() -> None:
    assert found("لا أحد هنا") == []
    assert extract_mentions([], {}, load_name_words(), lambda _: False) == []


def test_a_megabyte_without_a_space_is_one_mention() -> None:
    text = "وا" * 500_000
    tokens = tokenise(text)
    sentence = TaggedSentence("body_text", tokens, [Span(0, 1, "PERS")])
    (mention,) = extract_mentions(
        [sentence], {"body_text": text}, load_name_words(), lambda _: False
    )
    assert mention.mention.end == len(text)


def test_a_persons_name_that_was_cut_after_a_particle_takes_the_next_words() -> None:
    assert found("قالت [PERS أورسولا فون] دير لاين إن")[0][1] == "أورسولا فون دير لاين"
    assert found("قال [PERS محمد بن]، ثم")[0][1] == "محمد بن"
    assert found("زار [PERS أبو] [LOC ظبي] أمس")[0][1] == "أبو"
