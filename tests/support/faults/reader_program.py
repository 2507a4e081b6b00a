"""A program that reads the wire, through restarts of Redis and deaths of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.types import Entity, Mention, Quote
from tests.support.articles import make_article
from tests.support.conditions import eventually
from tests.support.daemons import REPOSITORY
from tests.support.servers import Server
from tests.support.stories.told import make_story, story_fields

STREAM = Keys(0).articles
_SPEAKER = Entity("Q1", "PERS", "ليلى حداد", None, (Mention("title", 0, 4, "ليلى"),))


@dataclass(frozen=True, slots=True)
class ReaderProgram:
    """How a program is started.

    Attributes:
        command: its words.
        group: name of its consumer group.
        folder: where it runs.
        variables: of its environment, beside those of the test.
        stream: key of the stream that it reads.
        reads_stories: whether it reads events of stories.
    """

    command: tuple[str, ...]
    group: str
    folder: Path
    variables: Mapping[str, str]
    stream: str = STREAM
    reads_stories: bool = False

    def start(self, printed: Path) -> subprocess.Popen[bytes]:
        """Start it; what it prints is added to a file."""
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **self.variables}
        with printed.open("ab") as out:
            return subprocess.Popen(
                self.command, cwd=self.folder, stdout=out, stderr=out, env=environment
            )


def publish_numbers(server: Server, numbers: range, program: ReaderProgram) -> None:
    """Publish articles whose titles and quotations are numbers, or stories that have them."""
    with server.client() as client:
        for number in numbers:
            if program.reads_stories:
                story = make_story(title=f"<{number}>", countries=("SD",), outlet_count=3)
                client.xadd(program.stream, story_fields(story, "nabaa.story.created"))
                continue
            quote = Quote("body_text", 0, 4, f"<{number}>", "Q1", "قالت", "direct")
            article = make_article(title=f"<{number}>", entities=(_SPEAKER,), quotes=(quote,))
            client.xadd(program.stream, {"data": encode_article(article)})


def delivered(server: Server, program: ReaderProgram) -> tuple[int, int]:
    """Return how many messages a group was given, and how many of them it has not acknowledged."""
    try:
        with server.client() as client:
            for group in client.xinfo_groups(program.stream):
                if group["name"].decode() == program.group:
                    return int(group["entries-read"] or 0), int(group["pending"])
    except redis.exceptions.RedisError:
        pass
    return 0, 0


def check_it_survives_a_restart_of_redis(
    server: Server, program: ReaderProgram, printed: Path
) -> None:
    """Restart the server while a program reads; it must get what comes then, in the same process.

    Args:
        server: running, without articles.
        program: to be started.
        printed: gets its output.
    """
    publish_numbers(server, range(20), program)
    process = program.start(printed)
    try:
        eventually(lambda: delivered(server, program) == (20, 0), 60)
        server.stop()
        server.start()
        publish_numbers(server, range(20, 40), program)
        eventually(lambda: delivered(server, program) == (40, 0), 60)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    text = printed.read_text("utf-8")
    assert [number for number in range(40) if f"<{number}>" not in text] == []


def check_it_reads_its_pending_first(server: Server, program: ReaderProgram, printed: Path) -> None:
    """Kill a program while it holds articles; the next one of its name must get them first.

    Args:
        server: running, without articles.
        program: to be started; its name in the group is `me`.
        printed: gets its output.
    """
    publish_numbers(server, range(10), program)
    process = program.start(printed)
    eventually(lambda: delivered(server, program)[0] == 10, 60)
    process.kill()
    process.wait()
    publish_numbers(server, range(10, 30), program)
    with server.client() as client:  # what an earlier process of that name was given
        client.xreadgroup(program.group, "me", {program.stream: ">"}, count=15)
    publish_numbers(server, range(30, 32), program)
    printed.write_bytes(b"")
    process = program.start(printed)
    try:
        eventually(lambda: delivered(server, program) == (32, 0), 60)
    finally:
        process.kill()
        process.wait()
    text = printed.read_text("utf-8")
    places = [text.find(f"<{number}>") for number in range(10, 32)]
    assert -1 not in places
    assert max(places[:15]) < min(places[15:])
