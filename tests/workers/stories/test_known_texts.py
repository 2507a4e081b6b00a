"""What is known of an article when it is published: reprints, and stories."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from nabaa.types import Article, Entity, Mention
from tests.support.articles import make_article
from tests.support.stories.events import OUTLETS, articles_of
from workers.stories.known_texts import KnownTexts
from workers.stories.reprints import shingles_of
from workers.stories.text_bands import Bands

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
FIRST, *OTHERS, REPRINT = articles_of(1)


async def publish(client: Redis, texts: KnownTexts, *articles: Article) -> list[Article]:
    """Publish articles as a worker does; return them as they were published."""
    known = await texts.complete(articles)
    noted = []
    for each in known:
        assert each.article is not None
        data = encode_article(each.article)
        message_id = cast("bytes", await client.xadd(KEYS.articles, {"data": data}))
        noted.append((each, 0, message_id.decode()))
    await texts.note(noted)
    return [each.article for each in known if each.article]


async def test_a_reprint_of_what_was_published_is_known_and_other_accounts_are_none(
    client: Redis,
) -> None:
    texts = KnownTexts(client)
    await publish(client, texts, FIRST)
    published = await publish(client, texts, *OTHERS, REPRINT)
    assert [each.duplicate_of for each in published] == [None] * len(OTHERS) + [FIRST.uri]


async def test_a_reprint_in_the_same_batch_is_known(client: Redis) -> None:
    published = await publish(client, KnownTexts(client), FIRST, *OTHERS, REPRINT)
    assert [each.duplicate_of for each in published].count(None) == len(OUTLETS) - 1
    assert published[-1].duplicate_of == FIRST.uri


async def test_the_same_words_about_another_town_are_no_reprint(client: Redis) -> None:
    def flood_in(town: str, number: int) -> Article:
        mentions = (Mention("title", 18, 18 + len(town), town),)
        return make_article(
            uri=f"urn:nabaa:article:{number:032x}",
            title=f"سيول تغمر أحياء في {town} والدفاع المدني ينقذ السكان",
            body_text=REPRINT.body_text,
            entities=(Entity(f"id of {town}", "LOC", town, None, mentions),),
        )

    floods = [flood_in("عدن", 1), flood_in("طنجة", 2), flood_in("عدن", 3)]
    published = await publish(client, KnownTexts(client), *floods)
    assert [each.duplicate_of for each in published] == [None, None, floods[0].uri]


async def test_a_reprint_of_a_reprint_names_the_first(client: Redis) -> None:
    texts = KnownTexts(client)
    third = replace(REPRINT, uri="urn:nabaa:article:" + "f" * 32)
    for article in (FIRST, REPRINT):
        await publish(client, texts, article)
    assert (await publish(client, texts, third))[0].duplicate_of == FIRST.uri


async def test_a_later_version_is_no_reprint_of_itself_nor_of_what_came_later(
    client: Redis,
) -> None:
    texts = KnownTexts(client)
    later = replace(REPRINT, first_seen=FIRST.first_seen.replace(year=2027))
    await publish(client, texts, later)
    [again] = await publish(client, texts, replace(FIRST, version=2))
    assert again.duplicate_of is None


async def test_the_story_of_a_reprint_and_of_a_later_version_is_known(client: Redis) -> None:
    texts = KnownTexts(client)
    await publish(client, texts, FIRST)
    await client.set(KEYS.story_of(FIRST.uri.rpartition(":")[2]), "a" * 32)
    reprint, again, other = await publish(
        client, texts, REPRINT, replace(FIRST, version=2), OTHERS[0]
    )
    assert reprint.story == again.story == "urn:nabaa:story:" + "a" * 32
    assert other.story is None


async def test_a_table_that_cannot_be_read_holds_up_no_article(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await client.hset(KEYS.stories_texts, "a", "b")
    texts = KnownTexts(client)
    assert (await publish(client, texts, FIRST)) == [FIRST]
    assert "published without looking for reprints" in caplog.text


async def test_a_server_that_is_away_holds_up_no_article() -> None:
    async with connect("redis://127.0.0.1:1/0") as away:
        [known] = await KnownTexts(away, longest_seconds=0.1).complete([FIRST])
    assert known.article == FIRST


def test_texts_that_are_alike_share_a_band_and_others_none() -> None:
    bands = Bands()
    words = [f"كلمة{number}" for number in range(200)]
    changed = [*words[:190], *(f"غير{number}" for number in range(10))]
    other = [f"سوى{number}" for number in range(200)]
    one, near, far = (
        set(bands.of(shingles_of("", " ".join(each))[1])) for each in (words, changed, other)
    )
    assert one & near
    assert not one & far


async def test_articles_without_a_text_are_nobodys_reprints(client: Redis) -> None:
    empty = [
        make_article(uri=f"urn:nabaa:article:{n:032x}", title="", body_text="") for n in (1, 2)
    ]
    published = await publish(client, KnownTexts(client), *empty)
    assert [each.duplicate_of for each in published] == [None, None]
