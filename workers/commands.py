"""Commands that read the wire or need no wire at all: tail, subscribe, extract and tag."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

import msgspec
from redis.asyncio import Redis
from rich.console import Console

from config.errors import ConfigError
from workers.article import ArticleMaker
from workers.html import looks_like_page, page_to_text
from workers.message import encode_article
from workers.recognise import Recogniser
from workers.recognise.iob import tag_lines
from workers.subscriber import Subscriber, follow
from workers.tail import show


async def tail(
    client: Redis, shards: int, last: int, console: Console, stop: asyncio.Event
) -> None:
    """Print articles as they arrive.

    Args:
        client: answers in bytes.
        shards: how many there are.
        last: how many of the newest to begin with.
        console: where to print.
        stop: ends it.
    """
    async for received in follow(client, shards, last, stop):
        show(received.article, console)


async def subscribe(
    client: Redis,
    shards: int,
    group: str,
    consumer: str,
    start: Literal["beginning", "now"],
    out: IO[str],
    stop: asyncio.Event,
) -> None:
    """Write each article as one line of JSON; it is acknowledged after its line was written.

    Args:
        client: answers in bytes.
        shards: how many there are.
        group: name of the subscriber.
        consumer: name of this reader in the group.
        start: where a new group begins.
        out: where the lines go.
        stop: ends it.
    """
    subscriber = Subscriber(client, shards, group, consumer, start)
    async for received in subscriber.read(stop):
        out.write(encode_article(received.article).decode() + "\n")
        out.flush()
        await subscriber.acknowledge(received)
        if stop.is_set():
            return


def extract(file: str, recogniser: Recogniser) -> str:
    """Make an article of a text or HTML file.

    Args:
        file: its path, or `-` for standard input; UTF-8. The first line is the title; of a whole
            HTML page, the page's own.
        recogniser: finds the names.

    Returns:
        The article as indented JSON.

    Raises:
        ConfigError: the file cannot be read.
    """
    with _opened(file) as source:
        text = source.read()
    if looks_like_page(text):
        title, body = page_to_text(text, None)
    else:
        title, _, body = text.strip().partition("\n")
    article = ArticleMaker(recogniser).make_plain(title, body, datetime.now(UTC))
    return msgspec.json.format(encode_article(article), indent=2).decode()


def tag(file: str, recogniser: Recogniser, out: IO[str]) -> None:
    """Tag a file of tokens, one a line, with blank lines between sentences.

    Args:
        file: its path, or `-` for standard input; UTF-8.
        recogniser: finds the names.
        out: gets `token TAB tag` lines; blank lines are kept.

    Raises:
        ConfigError: the file cannot be read.
    """
    with _opened(file) as source:
        for line in tag_lines(source, recogniser):
            out.write(line + "\n")


@contextmanager
def _opened(file: str) -> Iterator[IO[str]]:
    """Open a file to read; bytes that are not UTF-8 become U+FFFD, and nothing is lost."""
    if file == "-":
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        yield sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace") as source:
            yield source
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
