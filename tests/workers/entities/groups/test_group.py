"""The mentions of one article become one group per entity."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings, strategies as st

from nabaa.types import EntityType, TextField
from tests.support.entities.marked_text import MarkedArticle, article
from workers.entities.groups.group import group_mentions
from workers.entities.mentions.name_words import load_name_words, word_set
from workers.entities.model import Group, TaggedSentence
from workers.model import Span
from workers.text.tokenise import sentences


def names(text: str, title: str = "") -> list[tuple[EntityType, str, int]]:
    return [(g.type, g.name, len(g.mentions)) for g in article(text, title).groups()]


def test_groups_come_in_the_order_of_their_first_mention() -> None:
    found = names("زار [PERS نواف سلام] [LOC قطر] ثم [LOC مصر] ثم [LOC قطر].", "[LOC مصر] ترحب")
    assert [name for _, name, _ in found] == ["مصر", "نواف سلام", "قطر"]


def test_spellings_and_particles_make_one_group() -> None:
    assert names("في [LOC إيران] أو [LOC ايران]. شكرا [LOC لإيران].") == [("LOC", "إيران", 3)]


def test_a_swallowed_article_is_the_same_name() -> None:
    text = "قالت [ORG الأمم المتحدة] ذلك. وقدم الطلب [ORG للأمم المتحدة]."
    group = article(text).groups()[0]
    assert group.names == ("الأمم المتحدة",)
    assert [m.text for m in group.mentions] == ["الأمم المتحدة", "للأمم المتحدة"]


def test_a_wrong_class_is_outvoted() -> None:
    text = "فاز [ORG برشلونة] أمس. وخسر [LOC برشلونة] قبله. وسيلعب [ORG برشلونة] غدا."
    assert names(text) == [("ORG", "برشلونة", 3)]


def test_the_full_name_decides_a_tie_of_classes() -> None:
    text = "عاد [LOC زرقوق] أمس. وقال [PERS سامي زرقوق] ذلك."
    assert names(text) == [("PERS", "سامي زرقوق", 2)]


def test_an_organisation_and_its_short_form() -> None:
    assert names("أعلنت [ORG حركة زرقوق] ذلك. ونفت [ORG زرقوق] الخبر.") == [("ORG", "زرقوق", 2)]
    assert names("فاز [ORG ريال مدريد] أمس. وسجل [ORG ريال] هدفين.") == [("ORG", "ريال مدريد", 2)]
    text = "قال [ORG البنك المركزي التركي] ذلك. ورفع [ORG البنك المركزي] الفائدة."
    assert names(text) == [("ORG", "البنك المركزي التركي", 2)]


def test_a_short_form_of_two_organisations_stays_apart() -> None:
    text = "فاز [ORG مانشستر سيتي] على [ORG مانشستر يونايتد]. وقال [ORG مانشستر] ذلك."
    assert len(names(text)) == 3


def test_organisations_that_only_begin_alike_stay_apart() -> None:
    text = "قال [ORG الاتحاد الأوروبي لكرة القدم] ذلك. ورحب [ORG الاتحاد الأوروبي] به."
    assert len(names(text)) == 2
    assert len(names("[ORG الأمم المتحدة] و[ORG المنظمة الأممية].")) == 2


def test_a_ministry_is_not_its_country() -> None:
    text = "قالت [ORG وزارة الخارجية الأمريكية] إن [LOC الولايات المتحدة الأمريكية] ستعود."
    assert len(names(text)) == 2


def test_a_state_and_its_short_form() -> None:
    text = "أعلنت [LOC المملكة العربية السعودية] ذلك. وقالت [LOC المملكة] إن"
    assert names(text) == [("LOC", "المملكة العربية السعودية", 2)]
    text = "عادت [LOC كوريا الشمالية] إلى الحوار. وقالت [LOC كوريا] إن"
    assert len(names(text)) == 2


def test_an_acronym_in_brackets_is_the_organisation_before_it() -> None:
    text = "قالت [ORG وكالة الأنباء السعودية] ([ORG واس]) ذلك. ونقلت [ORG واس] الخبر."
    assert names(text) == [("ORG", "وكالة الأنباء السعودية", 3)]
    text = "فاز [ORG ريال مدريد] ([LOC إسبانيا]) أمس."
    assert len(names(text)) == 2


def test_a_family_name_that_the_recogniser_missed_is_found() -> None:
    text = "قال [PERS إيمانويل ماكرون] ذلك. ثم عاد ماكرون، وسلم الرسالة لماكرون. وغادر وماكرونيا."
    assert names(text) == [("PERS", "إيمانويل ماكرون", 3)]


def test_a_swallowed_family_name_is_found() -> None:
    group = article("قال [PERS عبد الفتاح السيسي] ذلك.", title="استقالة تقدم للسيسي").groups()[0]
    assert [m.text for m in group.mentions] == ["للسيسي", "عبد الفتاح السيسي"]


def test_a_name_of_several_words_is_found_through_its_spellings() -> None:
    text = "يقود [ORG لاس بالماس] الترتيب. وفاز لاس بالمَاس. وقال [PERS أحمد زرقوق] إن احمد زرقوق."
    assert names(text) == [("ORG", "لاس بالماس", 2), ("PERS", "أحمد زرقوق", 2)]


def test_common_words_adjectives_and_other_people_are_not_taken_for_a_family_name() -> None:
    for text in (
        "قال [PERS تمام سلام] ذلك. وعم سلام في البلاد.",
        "قال [PERS عبد الملك الحوثي] ذلك. وتقدم الحزب الحوثي أمس.",
        "قال [PERS محمود عباس] ذلك. ودرس إحسان عباس الأدب.",
        "قال [PERS محمد صلاح] ذلك. وحرر صلاح الدين المدينة.",
        "قال [PERS فابيان شار] ذلك. وعاد بشار أمس.",
    ):
        assert names(text)[0][2] == 1, text


def test_one_person_is_one_group_in_all_texts() -> None:
    found = names(
        "استقبل [LOC الأسد] الوفد. وشكر الوفد الرئيس [PERS بشار الأسد] وقدم هدية للأسد.",
        title="[PERS الأسد] يستقبل وفدا",
    )
    assert found == [("PERS", "بشار الأسد", 4)]


WORDS = st.sampled_from(
    sorted(
        word_set(
            """
            ماكرون لماكرون إيمانويل الرئيس وزير الخارجية للأمم المتحدة بشار الأسد والأسد للأسد
            محمد بن عبد الله سلمان حزب حركة حماس ( ) ، . « » واس #ترمب دونالد_ترمب 🙂 ًٌٍ ـ ولـ
            a5 في بفرنسا باريس\u200f الل لل و
            """
        )
    )
)
TYPES: list[EntityType] = ["PERS", "LOC", "ORG", "MISC"]
KINDS = st.sampled_from(TYPES)


@st.composite
def tagged_articles(draw: st.DrawFn) -> MarkedArticle:
    """Any words, and any spans over them, as a bad recogniser might give them."""
    texts: dict[TextField, str] = {}
    tagged: list[TaggedSentence] = []
    fields: list[TextField] = ["title", "body_text"]
    for field in fields:
        text = draw(
            st.one_of(
                st.lists(WORDS, max_size=14).map(" ".join),
                st.lists(WORDS, max_size=8).map("".join),
                st.text(max_size=20),
            )
        )
        texts[field] = text
        for tokens in sentences(text):
            spans: list[Span] = []
            start = 0
            while start < len(tokens):
                end = min(len(tokens), start + draw(st.integers(0, 4)))
                if end > start:
                    spans.append(Span(start, end, draw(KINDS)))
                start = max(end, start + 1)
            tagged.append(TaggedSentence(field, tokens, spans))
    return MarkedArticle(texts, tagged)


def _known(name: str) -> bool:
    return name in {"الأسد", "باريس", "حماس"}


def _all(groups: list[Group]) -> list[tuple[int, int, int]]:
    order = {"title": 0, "summary": 1, "body_text": 2}
    return sorted((order[m.field], m.start, m.end) for g in groups for m in g.mentions)


@given(tagged_articles())
@settings(deadline=None, max_examples=400)
def test_any_article_gives_exact_mentions_that_do_not_overlap(made: MarkedArticle) -> None:
    mentions = made.mentions(frozenset({"الأسد", "باريس", "حماس"}))
    groups = group_mentions(mentions, made.texts, load_name_words(), _known)
    for group in groups:
        assert group.mentions
        assert group.name in group.names
        for mention in group.mentions:
            assert mention.text == made.texts[mention.field][mention.start : mention.end] != ""
    places = _all(groups)
    for one, other in pairwise(places):
        assert one[0] < other[0] or one[2] <= other[1]
    kept = {(m.mention.field, m.mention.start) for m in mentions}
    assert kept <= {(m.field, m.start) for g in groups for m in g.mentions}


@given(tagged_articles())
@settings(deadline=None, max_examples=200)
def test_the_order_of_reading_is_kept(made: MarkedArticle) -> None:
    order = {"title": 0, "body_text": 1}
    groups = made.groups()
    firsts = [(order[g.mentions[0].field], g.mentions[0].start) for g in groups]
    assert firsts == sorted(firsts)
    for group in groups:
        places = [(order[m.field], m.start) for m in group.mentions]
        assert places == sorted(places)
