"""When it is the same article: the kinds of the table in docs/updates.md, from feed to stream."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest
from redis.asyncio import Redis

from ingest.identity.fingerprint import Identity
from ingest.identity.former import former_fingerprints
from tests.support.wires.case_feed import KEYS, CaseResult, case_wire, http_answer, run_case

# Both servers run the scripts alike, as tests/ingest/streams holds; this is about names.
pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("server_url", ["valkey"], indirect=True)]
Step = Sequence[str]
SITE = "https://sabah.example"
OWN_GUID = '<guid isPermaLink="false">'
TEXT = "قال مسؤولون إن الأمر مهم وإن الحكومة تتابع ما جرى اليوم في العاصمة عن كثب"
SHIP = "وصلت السفينة الكبيرة إلى الميناء"
STRIKE = "إضراب المعلمين يدخل أسبوعه الثاني"
RAIN = "أمطار غزيرة تغمر شوارع المدينة القديمة"


def item(title: str, link: str = "", guid: str = "", text: str = "", date: str = "") -> str:
    parts = {"title": title, "link": link, "guid": guid, "description": text, "pubDate": date}
    body = "".join(
        f"<{name}>{value.replace('&', '&amp;')}</{name}>" for name, value in parts.items() if value
    )
    return f"<item>{body.replace('<guid>', OWN_GUID)}</item>"


def rss(*items: str) -> bytes:
    head = '<rss version="2.0"><channel><title>صحيفة</title>'
    return http_answer(f"{head}{''.join(items)}</channel></rss>".encode())


def story(number: int, link: str, guid: str = "", title: str = "") -> str:
    title = title or f"{(SHIP, STRIKE, RAIN)[number % 3]} {number}"
    return item(title, link, guid, f"{TEXT} {number}", "Mon, 02 Mar 2026 10:00:00 +0300")


def numbered(form: str, numbers: Sequence[int] = (1, 2, 3)) -> list[str]:
    return [story(number, form.format(number)) for number in numbers]


def with_guids(form: str, numbers: Sequence[int] = (1, 2, 3)) -> list[str]:
    return [story(number, f"{SITE}/{number}", form.format(number)) for number in numbers]


TITLES = (SHIP, STRIKE, RAIN)
OTHER = "Tue, 03 Mar 2026 10:00:00 +0300"
ALIKE: dict[str, list[list[str]]] = {
    # Each poll shows the same three articles under other names: three, once.
    "scheme": [numbered("http://sabah.example/{}"), numbered("https://sabah.example/{}")],
    "www": [numbered(SITE + "/{}"), numbered("https://www.sabah.example/{}")],
    "international host": [
        numbered("https://أخبار.example/{}"),
        numbered("https://xn--igbicxr.example/{}"),
    ],
    "slash at the end": [numbered(SITE + "/{}"), numbered(SITE + "/{}/")],
    "order of parameters": [
        numbered(SITE + "/n?id={}&cat=2"),
        numbered(SITE + "/n?cat=2&id={}"),
    ],
    "plus for a space": [numbered(SITE + "/خبر+{}"), numbered(SITE + "/خبر%20{}")],
    "unicode form": [numbered(SITE + "/\u0623خبر-{}"), numbered(SITE + "/\u0627\u0654خبر-{}")],
    "session": [numbered(f"{SITE}/n?id={{}}&PHPSESSID={s}") for s in ("a7", "b8", "c9")],
    "session in the path": [numbered(f"{SITE}/n{{}};jsessionid={s}") for s in ("A7", "B8")],
    "unknown session": [numbered(f"{SITE}/n?id={{}}&visitkey={s}") for s in ("q1", "w2", "e3")],
    "cache": [numbered(f"{SITE}/n?id={{}}&_={t}") for t in ("1700000001", "1700000002")],
    "number and slug": [numbered(SITE + "/news/1234{}"), numbered(SITE + "/news/1234{}/some-slug")],
    "number in a parameter": [
        numbered(SITE + "/?p=1234{}"),
        numbered(SITE + "/2026/03/02/slug/?p=1234{}"),
    ],
    "guid with a counter": [with_guids(SITE + "/{}#0"), with_guids(SITE + "/{}#3")],
    "guid at each fetch": [with_guids(f"{{}}-{draw}") for draw in ("x1", "y2", "z3", "w4")],
    "guid that is the address": [
        [
            story(n, f"{scheme}://sabah.example/{n}", f"{scheme}://sabah.example/{n}")
            for n in (1, 2, 3)
        ]
        for scheme in ("http", "https")
    ],
}


@pytest.mark.parametrize("name", ALIKE)
async def test_one_article_under_other_names_comes_once(client: Redis, name: str) -> None:
    result = await run_case(client, *(rss(*step) for step in ALIKE[name]))
    assert (result.created, result.updated) == (3, 0)
    assert [poll.new_entries for poll in result.polls[1:]] == [0] * (len(ALIKE[name]) - 1)


APART: dict[str, tuple[list[list[str]], int]] = {
    "ticker": ([[item(title, f"{SITE}/breaking") for title in TITLES]], 3),
    "ticker over polls": ([[item(title, f"{SITE}/breaking")] for title in TITLES], 3),
    "ticker that grows": (
        [[item(title, f"{SITE}/breaking") for title in TITLES[:size]] for size in (1, 2, 3)],
        3,
    ),
    "ticker that shrinks and grows": (
        [
            [item(title, f"{SITE}/breaking") for title in chosen]
            for chosen in (TITLES[:2], TITLES[1:2], TITLES[1:], TITLES[2:])
        ],
        3,
    ),
    "live blog": ([[item(title, f"{SITE}/live#post-{n}") for n, title in enumerate(TITLES)]], 3),
    "live blog with one headline": (
        [[item("تغطية مباشرة", f"{SITE}/live#post-{n}", text=t) for n, t in enumerate(TITLES)]],
        3,
    ),
    "constant guid": ([[item(title, f"{SITE}/live", "breaking-news") for title in TITLES]], 3),
    "constant guid over polls": ([[item(title, f"{SITE}/live", "live")] for title in TITLES], 3),
    "no link, no guid": ([[item(title, "N/A", "N/A") for title in TITLES]], 3),
    "guid of zero": ([[item(title, f"{SITE}/{n}", "0") for n, title in enumerate(TITLES)]], 3),
    "guid of the front page": ([[item(title, SITE, f"{SITE}/") for title in TITLES]], 3),
    "guids at one address": (
        [[item(title, f"{SITE}/live", f"g{n}")] for n, title in enumerate(TITLES)],
        3,
    ),
    "same headline every day": (
        [
            [item("أسعار الذهب اليوم", f"{SITE}/gold?d={n}", date=d)]
            for n, d in ((1, ""), (2, OTHER))
        ],
        2,
    ),
}


@pytest.mark.parametrize("name", APART)
async def test_articles_that_share_a_name_are_articles_of_their_own(
    client: Redis, name: str
) -> None:
    steps, count = APART[name]
    result = await run_case(client, *(rss(*step) for step in steps))
    assert (result.created, result.updated) == (count, 0)
    assert len({article.uri for article in result.articles}) == count


CORRECTED = {
    "headline": (story(1, f"{SITE}/1", "g1"), story(1, f"{SITE}/1", "g1", f"{STRIKE} 1 في بيروت")),
    "headline and slug": (
        story(1, f"{SITE}/news/{STRIKE}", "g1"),
        story(1, f"{SITE}/news/other-slug", "g1", f"تصحيح: {STRIKE}"),
    ),
    "headline, slug and scheme": (
        story(1, "http://sabah.example/news/one", "g1"),
        story(1, f"{SITE}/news/two", "g1", f"تصحيح: {STRIKE}"),
    ),
    "headline, slug and a guid that is an address": (
        story(1, "http://sabah.example/n/one", "http://sabah.example/?p=55"),
        story(1, f"{SITE}/n/two", f"{SITE}/?p=55", f"تصحيح: {STRIKE}"),
    ),
    "no guid": (story(1, f"{SITE}/1"), story(1, f"{SITE}/1", "", f"{STRIKE} 1 في بيروت")),
    "no guid and scheme": (
        story(1, "http://sabah.example/1"),
        story(1, "https://www.sabah.example/1", "", f"{STRIKE} 1 في بيروت"),
    ),
    "new guid": (story(1, f"{SITE}/1", "a"), story(1, f"{SITE}/1", "b", f"{STRIKE} 1 في بيروت")),
}


@pytest.mark.parametrize("name", CORRECTED)
async def test_a_correction_is_the_next_version(client: Redis, name: str) -> None:
    before, after = CORRECTED[name]
    beside = [story(number, f"{SITE}/beside/{number}", f"b{number}") for number in (5, 6)]
    result = await run_case(client, rss(before, *beside), rss(after, *beside))
    assert (result.created, result.updated) == (3, 1)
    last = result.articles[-1]
    assert last.uri in {article.uri for article in result.articles[:-1]}
    assert last.changed == ("title",)


async def created_in(client: Redis, steps: Sequence[Step]) -> set[tuple[str, str]]:
    await client.flushall()
    result: CaseResult = await run_case(client, *(rss(*step) for step in steps))
    return {
        (article.title, article.body_text) for article in result.articles if article.version == 1
    }


@pytest.mark.parametrize("name", ["ticker", "live blog", "guid of zero", "constant guid"])
async def test_the_order_of_items_makes_no_difference(client: Redis, name: str) -> None:
    [step] = APART[name][0]
    found = [await created_in(client, [order]) for order in permutations(step)]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("name", ["ticker over polls", "ticker that grows", "guids at one address"])
async def test_the_order_of_polls_makes_no_difference(client: Redis, name: str) -> None:
    steps = APART[name][0]
    found = [await created_in(client, order) for order in permutations(steps)]
    assert all(each == found[0] for each in found)


async def test_the_order_of_feeds_makes_no_difference(client: Redis) -> None:
    documents = {
        "all": rss(*numbered("http://sabah.example/news/1234{}")),
        "sport": rss(*numbered("https://www.sabah.example/news/1234{}/slug", (2, 3, 4))),
        "ticker": rss(item(RAIN, f"{SITE}/breaking"), item(SHIP, f"{SITE}/breaking")),
    }
    found = []
    for order in permutations(documents):
        await client.flushall()
        async with case_wire(client, *documents) as wire:
            for name in order:
                await wire.step(documents[name], name)
            articles = await wire.articles()
        created = [(each.title, each.body_text) for each in articles if each.version == 1]
        assert len(created) == len(set(created)) == 6
        found.append(set(created))
    assert all(each == found[0] for each in found)


def json_feed(*links: str) -> bytes:
    items = [
        {"id": link, "url": link, "title": f"{SHIP} {n}", "content_text": f"{TEXT} {n}"}
        for n, link in enumerate(links)
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    return http_answer(body.encode(), "Content-Type: application/feed+json")


def atom(*links: str) -> bytes:
    entries = "".join(
        f"<entry><id>{link}</id><title>{SHIP} {n}</title><link href='{link}'/>"
        f"<updated>2026-03-02T10:00:00Z</updated><content type='html'>{TEXT} {n}</content></entry>"
        for n, link in enumerate(links)
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>ص</title><id>f</id>'
    return http_answer(f"{head}{entries}</feed>".encode())


def sitemap(*links: str) -> bytes:
    urls = "".join(
        f"<url><loc>{link}</loc><news:news><news:title>{SHIP} {n}</news:title>"
        "<news:publication_date>2026-03-02T10:00:00Z</news:publication_date></news:news></url>"
        for n, link in enumerate(links)
    )
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return http_answer(f'<urlset xmlns:news="{news}">{urls}</urlset>'.encode())


SPELLINGS = [
    ("http://sabah.example/1", "http://sabah.example/n?id=2;PHPSESSID=a1"),
    ("https://www.sabah.example/1/", "https://sabah.example/n?PHPSESSID=b2;id=2"),
]


@pytest.mark.parametrize("form", [json_feed, atom, sitemap])
async def test_every_format_is_judged_alike(client: Redis, form: Callable[..., bytes]) -> None:
    result = await run_case(client, *(form(*links) for links in SPELLINGS))
    assert (result.created, result.updated) == (2, 0)


@pytest.mark.parametrize("form", [json_feed, sitemap])
async def test_a_ticker_of_every_format_loses_nothing(
    client: Redis, form: Callable[..., bytes]
) -> None:
    result = await run_case(client, form(*[f"{SITE}/breaking"] * 3))
    assert result.created == 3


async def test_guid_variants_in_one_document_are_one_article(client: Redis) -> None:
    items = [story(1, f"{SITE}/1", f"{SITE}/1#{n}") for n in (0, 3)]
    result = await run_case(client, rss(*items), rss(items[0]), rss(*items[::-1]))
    assert (result.created, result.updated) == (1, 0)


async def test_an_upgrade_publishes_nothing_again(client: Redis) -> None:
    form = "http://www.sabah.example/{}/?PHPSESSID=a"
    seen = former_fingerprints([Identity("", form.format(n), "", "") for n in (1, 2, 3)])
    await client.zadd(KEYS.seen("feed"), dict.fromkeys(seen, time.time()))
    async with case_wire(client) as wire:
        results = [
            await wire.step(rss(*numbered(each)))
            for each in (form, SITE + "/{}", "https://www.sabah.example/{}?PHPSESSID=b")
        ]
        assert [result.new_entries for result in results] == [0, 0, 0]
        assert await wire.articles() == []
