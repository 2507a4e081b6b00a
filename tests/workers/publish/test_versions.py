"""Which version an entry makes: of one article, whichever feeds show it and however often."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from nabaa.types import Article, Entity, Mention, Outlet, Page
from tests.support.articles import make_article
from workers.publish.records import ArticleRecord, StoredRecord, decode_record, encode_record
from workers.publish.versions import (
    MadeArticle,
    RecordChoice,
    Version,
    choose_record,
    needs_last,
    next_version,
)
from workers.publish.word_sketch import are_related

FIRST = make_article()


def decide(made: MadeArticle, record: ArticleRecord | None, last: Article | None) -> Version:
    """The version that an entry makes of the article of a record, or of a new one."""
    uri = made.article.uri if made.article else ""
    choice = RecordChoice(StoredRecord(made.names.address, record), "" if record else uri)
    return next_version(made, choice, last)


def record_of(article: Article) -> ArticleRecord:
    record = decide(MadeArticle(article), None, None).record
    assert record is not None
    return record


def from_feed(feed: str, **changes: object) -> Article:
    uri = f"urn:nabaa:article:{feed:>32}"
    return make_article(
        uri=uri, outlet=Outlet("صحيفة الصباح", "JO", feed), feeds=(feed,), **changes
    )


def revised(**changes: str) -> Article | None:
    """Return what is published where the first feed says something else."""
    return decide(
        MadeArticle(make_article(**changes), is_revision=True), record_of(FIRST), None
    ).article


def test_an_article_that_nothing_is_known_of_is_its_first_version() -> None:
    article = decide(MadeArticle(FIRST), None, None).article
    assert article is not None
    assert (article.version, article.feeds, article.changed) == (1, ("sabah",), ())


def test_a_revision_of_what_was_forgotten_is_not_published_as_new() -> None:
    assert decide(MadeArticle(FIRST, is_revision=True), None, None) == Version()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": "معرض الكتاب يغلق أبوابه في عمّان"}, ("title",)),
        ({"body_text": "افتتح الوزير المعرض في عمّان.\n\nويستمر ثلاثة أسابيع."}, ("body_text",)),
        ({"title": "عاجل", "summary": "افتُتح المعرض"}, ("title", "summary")),
    ],
)
def test_what_changed_is_told(changes: dict[str, str], told: tuple[str, ...]) -> None:
    article = revised(**changes)
    assert article is not None
    assert (article.version, article.changed) == (2, told)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "معرض  الكتاب يفتح أبوابه، في عمان".replace("عمان", "عمّان")},
        {"body_text": FIRST.body_text.replace(" ", "\n")},
        {"body_text": FIRST.body_text + "\n\nاقرأ أيضًا: حفل التخرّج في الجامعة"},
        {"body_text": FIRST.body_text + "\n\nإعلان"},
        {"body_text": FIRST.body_text.replace("\n\n", "\n\nتابعونا على تلغرام\n\n")},
        {"by": "سلمى"},
    ],
    ids=["nothing", "punctuation", "spaces", "see also", "advertisement", "follow us", "author"],
)
def test_what_is_no_word_of_the_news_is_no_change(changes: dict[str, str]) -> None:
    assert revised(**changes) is None


def test_a_long_paragraph_that_begins_like_a_notice_is_news() -> None:
    more = "إعلان النتائج " + "جرى أمس في قاعة البلدية بحضور جمع من الأهالي " * 6
    assert revised(body_text=f"{FIRST.body_text}\n\n{more}") is not None


def test_a_further_version_keeps_the_name_and_when_it_was_first_seen() -> None:
    later = make_article(
        uri="urn:nabaa:article:" + "1" * 32, title="عاجل", first_seen=FIRST.published
    )
    article = decide(MadeArticle(later), record_of(FIRST), None).article
    assert article is not None
    assert (article.uri, article.first_seen) == (FIRST.uri, FIRST.first_seen)


def test_an_entry_with_another_guid_and_the_same_text_is_nothing_new() -> None:
    twin = make_article(uri="urn:nabaa:article:" + "1" * 32)
    assert decide(MadeArticle(twin), record_of(FIRST), None) == Version()


def test_another_feed_with_the_article_is_added_to_its_last_version() -> None:
    other, record = MadeArticle(from_feed("masa", summary="بكلمات أخرى")), record_of(FIRST)
    assert needs_last(other, record)
    last = make_article(feeds=("sabah",))
    version = decide(other, record, last)
    assert version.article is not None
    assert version.article == make_article(version=2, feeds=("sabah", "masa"), changed=("feeds",))
    assert version.record is not None
    assert (version.record.version, version.record.feeds) == (2, ("sabah", "masa"))


def test_where_the_last_version_was_trimmed_the_feed_is_only_remembered() -> None:
    version = decide(MadeArticle(from_feed("masa")), record_of(FIRST), None)
    assert version.article is None
    assert version.record is not None
    assert (version.record.version, version.record.feeds) == (1, ("sabah", "masa"))


def test_a_feed_that_joined_tells_no_changes_of_the_texts() -> None:
    joined = decide(MadeArticle(from_feed("masa")), record_of(FIRST), None).record
    article = from_feed("masa", title="بكلمات أخرى")
    assert decide(MadeArticle(article, is_revision=True), joined, None) == Version()


def test_a_feed_that_says_much_more_takes_the_article_over() -> None:
    longer = from_feed("masa", body_text=FIRST.body_text * 3)
    version = decide(MadeArticle(longer), record_of(FIRST), None)
    assert version.article is not None
    assert version.article.changed == ("body_text", "feeds")
    assert version.record is not None
    assert version.record.owner_feed == "masa"


def test_all_spellings_of_an_address_are_one_article() -> None:
    spelled = make_article(uri="urn:x", url="HTTPS://Sabah.Example:443/a?utm_source=rss#top")
    assert MadeArticle(spelled).names.address == MadeArticle(FIRST).names.address


def test_a_record_is_read_back_with_the_id_of_its_message() -> None:
    record = record_of(FIRST)
    assert decode_record(encode_record(record) + b" 17-0") == (record, "17-0")
    assert decode_record(encode_record(record) + b" ") == (record, "")


FULL = "وصلت السفينة إلى الميناء صباح اليوم. " * 20


def from_page(**changes: object) -> Article:
    return make_article(body_text=FULL, body_source="page", **changes)


def test_a_page_that_comes_later_is_a_version() -> None:
    article = decide(MadeArticle(from_page()), record_of(FIRST), None).article
    assert article is not None
    assert (article.version, article.changed) == (2, ("body_text",))


def test_the_text_of_the_feed_does_not_take_the_place_of_that_of_the_page() -> None:
    record = record_of(from_page())
    assert decode_record(encode_record(record) + b" 1-1")[0].from_page
    assert decide(MadeArticle(FIRST), record, None) == Version()
    assert decide(MadeArticle(FIRST, is_revision=True), record, None) == Version()


def test_a_page_whose_text_changes_is_a_version_again() -> None:
    later = make_article(body_text=f"{FULL} وأضاف.", body_source="page")
    article = decide(MadeArticle(later), record_of(from_page()), None).article
    assert article is not None
    assert article.version == 2


def test_whether_the_page_was_to_be_had_makes_no_other_article() -> None:
    with_page, without = MadeArticle(from_page()), MadeArticle(FIRST)
    assert are_related(with_page.sketch, without.sketch)


def canonical(title: str, url: str = "https://sabah.example/a", feed: str = "sabah") -> Article:
    page = Page("https://sabah.example/canonical", "", None, FIRST.first_seen)
    article = replace(from_feed(feed, url=url, title=title, body_text=FULL), body_source="page")
    return replace(article, page=page)


@pytest.mark.parametrize(("title", "joins"), [("سفينة في الميناء", True), ("حريق في سوق", False)])
def test_the_address_that_pages_name_joins_articles_of_one_title(title: str, joins: bool) -> None:
    first = MadeArticle(canonical("سفينة في الميناء"))
    other = MadeArticle(canonical(title, "https://sabah.example/amp/b", "masa"))
    assert other.names.canonical == first.names.canonical != ""
    record = decide(first, None, None).record
    stored = StoredRecord(first.names.address, record, "1-1", b"x")
    free = {name: StoredRecord(name) for name in other.names}
    choice = choose_record(other, free | {other.names.canonical: stored})
    assert (choice.stored == stored) is joins


def test_a_corrected_headline_comes_with_the_text_of_the_page() -> None:
    title = "تصحيح: افتتاح المعرض في إربد"
    entity = Entity("Q1", "LOC", "إربد", None, (Mention("title", 24, 28, "إربد"),))
    other = Entity("Q2", "LOC", "عمّان", None, (Mention("body_text", 3, 8, "عمّان"),))
    old = Entity("Q3", "LOC", "الزرقاء", None, (Mention("title", 0, 7, "الزرقاء"),))
    last = from_page(version=3, entities=(old, other))
    corrected = MadeArticle(make_article(title=title, entities=(entity,)), is_revision=True)
    record = msgspec.structs.replace(record_of(from_page()), version=3)
    assert needs_last(corrected, record)
    version = decide(corrected, record, last)
    assert version.article is not None
    assert version.record is not None
    assert (version.article.version, version.article.changed) == (4, ("title",))
    assert (version.article.title, version.article.body_text) == (title, FULL)
    assert [each.id for each in version.article.entities] == ["Q1", "Q2"]
    assert decide(corrected, version.record, version.article) == Version()


def test_a_corrected_headline_whose_article_was_trimmed_changes_nothing() -> None:
    corrected = MadeArticle(make_article(title="عنوان آخر"), is_revision=True)
    assert decide(corrected, record_of(from_page()), None) == Version()
