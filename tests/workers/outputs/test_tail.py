"""Articles for the eye: colours and direction on a terminal, plain lines elsewhere."""

from __future__ import annotations

import asyncio
import io
import re
from typing import Any

import pytest
from redis.asyncio import Redis
from rich.console import Console

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.types import Entity, Mention, Outlet
from tests.support.articles import make_article
from workers.cli.entity_names import entity_test
from workers.outputs.tail import coloured, show, tail

RLI, LRI, PDI = "\u2067", "\u2066", "\u2069"
LONG = "افتتح الوزير المعرض في عمّان صباح اليوم وحضر الافتتاح جمهور كبير " * 3


def terminal(width: int = 60) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=width, _environ={}
    )


def pipe() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=10_000, _environ={})


def shown(console: Console, **changes: Any) -> str:
    show(make_article(**changes), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_pipe_gets_a_line_each_for_head_title_text_and_address() -> None:
    assert shown(pipe()).split("\n") == [
        "2026-03-01 08:00Z  صحيفة الصباح  ar",
        "معرض الكتاب يفتح أبوابه في عمّان",
        "افتتح الوزير المعرض في عمّان.",
        "https://sabah.example/a",
        "",
        "",
    ]


def test_a_pipe_gets_long_lines_whole() -> None:
    assert LONG.strip() in shown(pipe(), summary=LONG.strip(), entities=())


def test_entities_are_coloured_by_class_on_a_terminal() -> None:
    assert "\x1b[1;32mعمّان\x1b[0m" in shown(terminal())


def test_each_row_of_arabic_is_isolated_and_stands_at_the_right_edge() -> None:
    rows = plain(shown(terminal(40), title="", summary=LONG, entities=())).split("\n")[1:-3]
    assert len(rows) > 3
    for row in rows:
        inner = row.strip()
        assert (inner[0], inner[-1]) == (RLI, PDI)
        assert len(row.replace(RLI, "").replace(PDI, "")) >= 38


def test_a_row_of_english_is_isolated_and_stands_at_the_left_edge() -> None:
    text = plain(shown(terminal(), language="en", title="The fair opens", entities=()))
    assert f"\n{LRI}The fair opens{PDI}" in text


def test_a_long_text_is_cut_at_a_word() -> None:
    line = shown(pipe(), summary="كلمة " * 100, entities=()).split("\n")[2]
    assert line.endswith("كلمة …")
    assert len(line) <= 242


def test_a_text_that_is_just_short_enough_is_not_cut() -> None:
    assert "…" not in shown(pipe(), summary="ا" * 240, entities=())


def test_only_the_first_paragraph_is_shown() -> None:
    assert "ويستمر" not in shown(pipe())


EVIL = "\x1b]0;gotcha\x07\x9b2J\r\u202e\u2067[red]خبر[/red]"


@pytest.mark.parametrize("console", [terminal(), pipe()], ids=["terminal", "pipe"])
@pytest.mark.parametrize("field", ["title", "summary", "url", "language", "outlet"])
def test_no_field_can_command_the_terminal(console: Console, field: str) -> None:
    value = Outlet(EVIL, "JO", "sabah") if field == "outlet" else EVIL
    text = plain(shown(console, **{field: value}, entities=()))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert "␛]0;gotcha␇�2J␍��[red]خبر[/red]" in text


def test_a_mention_is_coloured_where_it_stands_behind_a_control() -> None:
    entity = Entity("local:0", "PERS", "سامي", None, (Mention("title", 4, 8, "سامي"),))
    text = coloured("\x07\x08\x0b سامي", "title", (entity,))
    [span] = text.spans
    assert text.plain[span.start : span.end] == "سامي"


def test_a_mention_of_another_field_or_beyond_the_opening_is_left_out() -> None:
    mentions = (Mention("summary", 0, 3, "خبر"), Mention("title", 2, 9, "غير هنا"))
    entity = Entity("local:0", "MISC", "خبر", None, mentions)
    assert coloured("خبر", "title", (entity,)).spans == []


@pytest.mark.anyio
async def test_articles_are_printed_as_they_arrive_and_what_is_none_is_told(client: Redis) -> None:
    key = Keys(0).articles
    await client.xadd(key, {"data": "{}"}, id="1-1")
    await client.xadd(key, {"data": encode_article(make_article())})
    stop = asyncio.Event()

    class Stopping(io.StringIO):
        def write(self, text: str) -> int:
            if "sabah.example" in text:
                stop.set()
            return super().write(text)

    out = Stopping()
    await tail(client, 1, 5, Console(file=out, width=10_000), stop)
    assert out.getvalue().startswith("1-1 cannot be read: Object missing required field")
    assert "معرض الكتاب" in out.getvalue()


@pytest.mark.anyio
async def test_one_entity_can_be_followed(client: Redis) -> None:
    key = Keys(0).articles
    named = Entity("Q85", "LOC", "القاهرة", None, (Mention("title", 0, 7, "القاهرة"),))
    await client.xadd(key, {"data": encode_article(make_article(title="خبر آخر"))})
    await client.xadd(
        key, {"data": encode_article(make_article(title="القاهرة اليوم", entities=(named,)))}
    )
    stop = asyncio.Event()

    class Stopping(io.StringIO):
        def write(self, text: str) -> int:
            if "sabah.example" in text:
                stop.set()
            return super().write(text)

    out = Stopping()
    await tail(client, 1, 5, Console(file=out, width=10_000), stop, entity_test("Q85"))
    assert "القاهرة اليوم" in out.getvalue()
    assert "خبر آخر" not in out.getvalue()
