"""`nabaa subscriptions` as who keeps them calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.cli.conftest import Nabaa
from tests.support.articles import make_article

# One server is enough here: both are read in tests/workers.
pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)


@pytest.fixture
def server(server_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server_url) as client:
        yield client


@pytest.fixture
def subscriptions(nabaa: Nabaa, server_url: str) -> Nabaa:
    return partial(nabaa, "subscriptions", redis_url=server_url)


def test_what_is_added_is_listed_shown_and_removed(subscriptions: Nabaa) -> None:
    options = ("--word", "مجلس الأمن", "--country", "EG", "--country", "JO", "--not-word", "كرة")
    assert subscriptions("add", "council", *options).status == 0
    told = "council\tcountries EG|JO, words مجلس الأمن, not (words كرة)\n"
    assert subscriptions("list").out == told
    assert json.loads(subscriptions("show", "council").out) == {
        "countries": ["EG", "JO"],
        "words": ["مجلس الأمن"],
        "none_of": [{"words": ["كرة"]}],
    }
    row = json.loads(subscriptions("list", "--json").out)
    assert (row["name"], row["filter"]["countries"]) == ("council", ["EG", "JO"])
    removed = "removed council and its streams, on which 0 articles were\n"
    assert subscriptions("remove", "council").out == removed
    assert subscriptions("list").out == ""


def test_what_show_prints_is_a_filter_file(subscriptions: Nabaa, tmp_path: Path) -> None:
    subscriptions("add", "council", "--word", "مجلس الأمن")
    file = tmp_path / "council.json"
    file.write_text(subscriptions("show", "council").out, encoding="utf-8")
    assert subscriptions("add", "copy", "--filter", file).out == "copy: words مجلس الأمن\n"


def test_an_entity_is_named_by_its_name(subscriptions: Nabaa) -> None:
    assert subscriptions("add", "cairo", "--entity", "القاهرة").out == "cairo: entities Q85\n"


def test_a_name_of_several_is_asked_back(subscriptions: Nabaa) -> None:
    done = subscriptions("add", "amman", "--entity", "عمان")
    assert done.status == 2
    assert "Q3805" in done.err
    assert "Q842" in done.err


def test_a_name_that_is_taken_is_not_taken_over_by_mistake(subscriptions: Nabaa) -> None:
    subscriptions("add", "desk", "--topic", "sport")
    assert subscriptions("add", "desk", "--topic", "sport").status == 0
    assert "--replace" in subscriptions("add", "desk", "--topic", "news").err
    assert subscriptions("add", "desk", "--topic", "news", "--replace").status == 0


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("add", "desk"), "states no condition"),
        (("add", "Desk", "--topic", "x"), "cannot name a subscription"),
        (("add", "desk", "--entity", "لا أحد البتة"), "not among the listed names"),
        (("add", "desk", "--filter", "none.yaml"), "none.yaml: cannot be read"),
        (("show", "none"), "there is no subscription none"),
        (("remove", "none"), "there is no subscription none"),
        (("test", "none"), "there is no subscription none"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    subscriptions: Nabaa, command: tuple[str, ...], reason: str
) -> None:
    done = subscriptions(*command)
    assert (done.status, done.out) == (2, "")
    assert reason in done.err


def test_a_filter_is_tried_on_what_is_on_the_wire(
    subscriptions: Nabaa, server: redis.Redis
) -> None:
    for title in ("مجلس الأمن يجتمع", "مباراة اليوم"):
        server.xadd(Keys(0).articles, {"data": encode_article(make_article(title=title))})
    done = subscriptions("test", "--word", "مجلس الأمن")
    assert done.status == 0
    assert done.out.endswith("مجلس الأمن يجتمع\n")
    assert done.err == "1 of 2 articles match\n"
    assert subscriptions("test", "--word", "انتخابات").status == 1


def test_what_a_filter_finds_is_json_for_programs(
    subscriptions: Nabaa, server: redis.Redis
) -> None:
    for title in ("الأول", "الثاني", "الثالث"):
        server.xadd(Keys(0).articles, {"data": encode_article(make_article(title=title))})
    done = subscriptions("test", "--topic", "culture", "-n", "2", "--json")
    assert [json.loads(line)["title"] for line in done.out.splitlines()] == ["الثاني", "الثالث"]
