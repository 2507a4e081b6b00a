"""The index of open stories: which articles it puts together, and what becomes of stories."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from workers.stories.index import StoryIndex, StoryRules
from workers.stories.model import Placement, StoryArticle, StoryEntity

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

QUAKE = (
    "زلزال بقوة ست درجات يضرب مدينة ساحلية في تشيلي",
    "ضرب زلزال قوي فجر اليوم مدينة فالبارايسو الساحلية وسط تشيلي وانقطع التيار عن أحياء كثيرة "
    "وقالت هيئة الطوارئ إن السكان غادروا بيوتهم وإن موجات مد صغيرة رصدت قبالة الساحل.",
)
QUAKE_TOLD_OTHERWISE = (
    "تشيلي: زلزال قوي قبالة فالبارايسو والسكان يغادرون بيوتهم",
    "غادر الآلاف منازلهم في فالبارايسو بعد زلزال بلغت قوته ست درجات، ولم ترد أنباء عن ضحايا "
    "بحسب هيئة الطوارئ في تشيلي.",
)
QUAKE_TOLL = (
    "ارتفاع حصيلة زلزال تشيلي إلى أربعة قتلى",
    "قالت هيئة الطوارئ في تشيلي إن أربعة أشخاص قتلوا في الزلزال الذي ضرب فالبارايسو.",
)
BUDGET = (
    "البرلمان الأردني يقر موازنة العام المقبل بعد جلسة طويلة",
    "أقر مجلس النواب الأردني مشروع قانون الموازنة العامة بأغلبية الأصوات بعد نقاش دام يومين.",
)


def article(
    name: str, story: tuple[str, str], hours: float = 0.0, url: str = "", outlet: str = "الصحيفة"
) -> StoryArticle:
    title, text = story
    return StoryArticle(name, outlet, "EG", url, title, text, NOON + timedelta(hours=hours))


def place(index: StoryIndex, *articles: StoryArticle) -> list[Placement]:
    return [index.place(each) for each in articles]


def test_the_same_event_in_other_words_is_one_story() -> None:
    first, second = place(StoryIndex(), article("a", QUAKE), article("b", QUAKE_TOLD_OTHERWISE, 2))
    assert (first.is_new, second.is_new) == (True, False)
    assert second.story == first.story == "a"
    assert second.duplicate_of is None


def test_two_events_are_two_stories() -> None:
    first, second = place(StoryIndex(), article("a", QUAKE), article("b", BUDGET))
    assert second.story != first.story


def test_articles_without_words_are_stories_of_their_own() -> None:
    first, second = place(StoryIndex(), article("a", ("", "")), article("b", ("…", "")))
    assert (first.is_new, second.is_new) == (True, True)


def test_a_reprint_names_the_article_that_was_first() -> None:
    title = "تشيلي تهتز"
    index = StoryIndex()
    placed = place(
        index,
        article("a", QUAKE),
        article("b", (title, QUAKE[1]), 1, outlet="الأخرى"),
        article("c", (title, QUAKE[1]), 2, outlet="الثالثة"),
    )
    assert [each.duplicate_of for each in placed] == [None, "a", "a"]
    assert {each.story for each in placed} == {"a"}


def test_another_address_of_an_article_is_a_reprint_of_it() -> None:
    _, second = place(
        StoryIndex(),
        article("a", QUAKE, 0, "https://n.example/news/123456"),
        article("b", (QUAKE[0], QUAKE[1][:70]), 1, "https://n.example/news/123456/زلزال"),
    )
    assert second.duplicate_of == "a"


def test_a_report_of_the_same_kind_of_event_days_later_begins_a_story_that_continues_it() -> None:
    index = StoryIndex()
    place(index, article("a", QUAKE))
    later = index.place(article("b", QUAKE_TOLD_OTHERWISE, 44))
    assert later.is_new
    assert later.continues == "a"


def test_stories_that_have_grown_alike_become_the_older_one() -> None:
    index = StoryIndex(StoryRules(merge=0.3))
    first = ("زلزال يضرب تشيلي", "فالبارايسو تغادر بيوتها بعد الهزة القوية قرب الساحل الجنوبي")
    second = ("هيئة الطوارئ تحذر من موجات مد", "تسونامي محتمل قبالة سواحل المحيط الهادئ صباحا")
    words = [*first[1].split(), *second[1].split()]
    both = (f"{first[0]} و{second[0]}", " ".join((*words[::2], *words[1::2])))
    placed = place(
        index, article("a", first), article("b", second), article("c", both), article("d", both, 1)
    )
    assert placed[1].is_new
    assert placed[2].story == "a"
    assert placed[2].merged == ("b",)
    assert "b" not in index
    assert placed[3].story == "a"


def test_a_story_without_news_for_two_days_is_closed() -> None:
    index = StoryIndex()
    place(index, article("a", QUAKE))
    assert index.expire(NOON + timedelta(hours=47)) == ()
    assert index.expire(NOON + timedelta(hours=49)) == ("a",)
    assert "a" not in index
    assert index.place(article("b", QUAKE, 50)).is_new


def test_a_story_with_news_stays_open() -> None:
    index = StoryIndex()
    place(index, article("a", QUAKE), article("b", QUAKE_TOLL, 6))
    assert index.expire(NOON + timedelta(hours=50)) == ()
    assert index.expire(NOON + timedelta(hours=55)) == ("a",)


def test_no_more_stories_are_closed_at_once_than_asked_for() -> None:
    index = StoryIndex()
    place(index, *(article(str(i), (f"خبر{i} حدث{i} مكان{i}", "")) for i in range(10)))
    end = NOON + timedelta(hours=49)
    closed = [index.expire(end, 4) for _ in range(4)]
    assert [len(each) for each in closed] == [4, 4, 2, 0]
    assert len(index) == 0


def test_the_headline_stays_until_another_is_clearly_nearer_to_the_middle() -> None:
    index = StoryIndex()
    placed = place(index, article("a", QUAKE), article("b", QUAKE_TOLD_OTHERWISE, 1))
    assert placed[1].headline == "a"


def test_another_index_goes_on_where_the_first_stood() -> None:
    stories = [QUAKE, BUDGET, QUAKE_TOLD_OTHERWISE, QUAKE_TOLL, BUDGET, QUAKE]
    articles = [article(str(i), story, i, outlet=str(i)) for i, story in enumerate(stories)]
    alone, first, second = StoryIndex(), StoryIndex(), StoryIndex()
    expected = place(alone, *articles)
    placed = place(first, *articles[:3])
    states = [first.dump(story) for story in ("1", "0")]
    assert [second.load(state) for state in states] == ["1", "0"]
    assert [*placed, *place(second, *articles[3:])] == expected
    assert second.expire(NOON + timedelta(days=4)) == alone.expire(NOON + timedelta(days=4))


def test_a_story_that_is_loaded_again_takes_its_own_place() -> None:
    index = StoryIndex()
    place(index, article("a", QUAKE))
    state = index.dump("a")
    index.load(state)
    assert len(index) == 1
    assert index.dump("a") == state


@pytest.mark.parametrize("data", [b"", b"\x93\x01\x02\x03", b"nonsense"])
def test_what_is_no_state_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        StoryIndex().load(data)


def test_a_thousand_stories_that_end_together_are_closed_without_a_pause() -> None:
    index = StoryIndex()
    for i in range(1_000):
        words = " ".join(f"كلمة{i}{letter}" for letter in "ابتثجحخدذرزسشصض")
        index.place(article(str(i), (words, "قالت الوزارة اليوم في بيان")))
    before = time.process_time()
    index.expire(NOON + timedelta(days=3), 1_000)
    assert time.process_time() - before < 0.2 * 5  # a loaded machine; a fifth of it alone
    assert len(index) == 0


def test_a_reprint_of_a_reprint_that_changed_words_is_known_under_its_own_address() -> None:
    index = StoryIndex()
    longer = (QUAKE[0], f"{QUAKE[1]} {QUAKE_TOLD_OTHERWISE[1]}")
    words = longer[1].split()
    words[5::10] = ["كلمة"] * len(words[5::10])  # as many words, some of them others
    changed = (QUAKE[0], " ".join(words))
    first, second, third = place(
        index,
        article("a", longer, url="https://one.example/1"),
        article("b", changed, 1, url="https://two.example/22222"),
        article("c", changed, 2, url="https://three.example/333333"),
    )
    assert first.is_new
    assert [second.duplicate_of, third.duplicate_of] == ["a", "a"]


def flood_in(town: str, name: str) -> StoryArticle:
    """News of a form of words that is used again with the name of another town."""
    title = f"سيول تغمر أحياء في {town} والدفاع المدني ينقذ عشرات السكان"
    text = (
        f"غمرت سيول جارفة أحياء منخفضة في مدينة {town} فجر اليوم بعد أمطار استمرت ست ساعات، "
        "وأنقذ الدفاع المدني عشرات السكان الذين علقوا في سياراتهم، وأغلقت السلطات ثلاثة طرق."
    )
    entities = (StoryEntity(f"id of {town}", "LOC", town, in_title=True),)
    return StoryArticle(name, "", "EG", "", title, text, NOON, entities)


def test_the_same_words_about_another_town_are_another_story_and_no_reprint() -> None:
    first, second, third = place(
        StoryIndex(), flood_in("عدن", "a"), flood_in("طنجة", "b"), flood_in("عدن", "c")
    )
    assert (first.story, second.story, second.duplicate_of) == ("a", "b", None)
    assert (third.story, third.duplicate_of) == ("a", "a")
    assert second.merged == third.merged == ()


def test_stories_of_other_towns_stay_apart_in_another_process() -> None:
    index, other = StoryIndex(), StoryIndex()
    place(index, flood_in("عدن", "a"))
    other.load(index.dump("a"))
    assert [each.story for each in place(other, flood_in("طنجة", "b"))] == ["b"]
