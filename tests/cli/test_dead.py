"""`nabaa dead` as who looks after dead letters calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import redis

from config.model import Feed
from ingest.streams.entries import encode_entry
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range, messages_of_read
from tests.cli.conftest import Nabaa
from tests.support.articles import make_article
from tests.support.entries import make_entry

KEYS = Keys(0)
FEED = Feed("sabah", "https://sabah.example/rss", "الصباح", "الصباح", "JO", "Asia/Amman")


@pytest.fixture
def server(server_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server_url) as client:
        yield client


@pytest.fixture
def dead(nabaa: Nabaa, server_url: str) -> Nabaa:
    return partial(nabaa, "dead", redis_url=server_url)


def add(server: redis.Redis, stream: str, fields: dict[Any, Any]) -> str:
    message_id = server.xadd(stream, fields)
    assert isinstance(message_id, bytes)
    return message_id.decode()


def bury_entry(server: redis.Redis) -> str:
    data = encode_entry(make_entry(FEED, "a"))
    letter = {"entry_id": "1-0", "error": "ValueError: x", "attempts": "5", "data": data}
    return f"0/{add(server, KEYS.dead, letter)}"


def bury_article(server: redis.Redis) -> tuple[str, str]:
    """Publish an article that the group desk fails at; return it and the dead letter."""
    data = encode_article(make_article(title="خبر"))
    message_id = add(server, KEYS.articles, {"data": data})
    for group in ("desk", "other"):
        server.xgroup_create(KEYS.articles, group, id="$")
    told = {"stream": KEYS.articles, "message_id": message_id, "error": "x", "attempts": "5"}
    letter = add(server, KEYS.dead_of("desk"), {**told, "data": data})
    return message_id, f"0/{letter}"


def test_what_workers_failed_at_is_listed(dead: Nabaa, server: redis.Redis) -> None:
    letter_id = bury_entry(server)
    at = datetime.fromtimestamp(int(letter_id[2:].partition("-")[0]) / 1000, UTC)
    [line] = dead("list").out.splitlines()
    title = make_entry(FEED, "a").title
    assert line.split("\t") == [
        letter_id,
        f"{at:%Y-%m-%d %H:%M}Z",
        "5",
        title,
        "ValueError: x",
    ]


def test_an_entry_that_is_tried_again_is_on_the_queue(dead: Nabaa, server: redis.Redis) -> None:
    letter_id = bury_entry(server)
    assert dead("retry", letter_id).status == 0
    [message] = messages_of_range(server.xrange(KEYS.entries))
    assert message.fields == {b"data": encode_entry(make_entry(FEED, "a"))}
    assert server.xlen(KEYS.dead) == 0


def test_an_article_that_is_tried_again_is_given_to_its_group_and_to_no_other(
    dead: Nabaa, server: redis.Redis
) -> None:
    message_id, letter_id = bury_article(server)
    assert json.loads(dead("list", "--group", "desk", "--json").out)["title"] == "خبر"
    assert dead("retry", "--all", "--group", "desk").out == f"{letter_id} is tried again\n"
    taken = server.xautoclaim(KEYS.articles, "desk", "me", min_idle_time=600_000)
    assert [message.id for message in messages_of_range(taken[1])] == [message_id]
    assert not messages_of_read(server.xreadgroup("other", "me", {KEYS.articles: ">"}))
    assert server.xpending(KEYS.articles, "other")["pending"] == 0
    assert server.xlen(KEYS.dead_of("desk")) == 0


def test_an_article_that_was_trimmed_stays_among_the_dead(dead: Nabaa, server: redis.Redis) -> None:
    message_id, letter_id = bury_article(server)
    server.xdel(KEYS.articles, message_id)
    done = dead("retry", letter_id, "--group", "desk")
    assert (done.status, server.xlen(KEYS.dead_of("desk"))) == (1, 1)
    assert server.xpending(KEYS.articles, "desk")["pending"] == 0


def test_what_is_dropped_is_gone(dead: Nabaa, server: redis.Redis) -> None:
    bury_entry(server)
    letter_id = bury_entry(server)
    assert dead("drop", letter_id).out.startswith(f"dropped {letter_id}\t")
    assert server.xlen(KEYS.dead) == 1


def test_a_part_of_the_list_can_be_asked_for(dead: Nabaa, server: redis.Redis) -> None:
    server.xadd(KEYS.dead, {"error": "old"}, id="1-1")
    recent = [bury_entry(server) for _ in range(3)]
    rows = dead("list", "--since", "1h", "-n", "2").out.splitlines()
    assert [row.partition("\t")[0] for row in rows] == recent[:2]


@pytest.mark.parametrize("letter_id", ["0/1-1", "7/1-1", "1-1", "x"])
def test_a_dead_letter_that_is_not_there_is_a_mistake(
    dead: Nabaa, server: redis.Redis, letter_id: str
) -> None:
    done = dead("retry", letter_id)
    assert done.status == 2
    assert f"{letter_id}: there is no such dead letter of the workers" in done.err


def test_neither_ids_nor_all_is_a_mistake(dead: Nabaa) -> None:
    assert dead("drop").status == 2
