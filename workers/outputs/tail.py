"""Articles for the eye: coloured entities, and Arabic that stays whole beside Latin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from redis.asyncio import Redis
from rich.console import Console
from rich.text import Text

from ingest.runtime.terminal import printable
from nabaa import Received, follow
from nabaa.tasks import first_of
from nabaa.types import Article, Entity, TextField

# Isolates keep an Arabic line whole in a terminal that knows bidi, and cost nothing in one that
# does not (Unicode Standard Annex 9, section 2.4). Delivered text itself holds none.
RIGHT_TO_LEFT, _LEFT_TO_RIGHT, _END = "\u2067", "\u2066", "\u2069"
RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "fa", "ur", "ckb", "ps", "ug", "he", "sd"})
"""Languages, BCP 47 primary tags, that are written from right to left."""

_COLOURS = {"PERS": "cyan", "LOC": "green", "ORG": "yellow", "MISC": "magenta"}
_OPENING_LENGTH = 240


async def tail(
    client: Redis,
    shards: int,
    last: int,
    console: Console,
    stop: asyncio.Event,
    is_wanted: Callable[[Article], bool] = lambda _: True,
    start: str = "",
    subscription: str = "",
) -> None:
    """Print articles as they arrive.

    Args:
        client: answers in bytes.
        shards: how many there are.
        last: how many of the newest of each shard to begin with.
        console: where to print.
        stop: ends it.
        is_wanted: tells which articles are printed.
        start: id of the message after which to begin, in place of `last`.
        subscription: name of a subscription to read in place of the whole wire.

    Raises:
        BrokenPipeError: nobody reads what is printed any more.
    """
    async for received in follow(client, shards, last, stop, start, subscription):
        # In a thread: a terminal that stands still must not hold up what runs beside.
        await first_of(stop.wait(), asyncio.to_thread(_show_received, received, console, is_wanted))


def _show_received(
    received: Received, console: Console, is_wanted: Callable[[Article], bool]
) -> None:
    try:
        article = received.article
    except msgspec.MsgspecError as error:
        console.print(Text(f"{received.message_id} cannot be read: {error}", "red"))
    else:
        if is_wanted(article):
            show(article, console)


def show(article: Article, console: Console) -> None:
    """Print an article: where and when, its headline, how it begins, its address.

    Args:
        article: what to print; nothing in it can command the terminal.
        console: where; a terminal gets colours, its width and, for Arabic, its right edge.
    """
    is_rtl = article.language in RIGHT_TO_LEFT_LANGUAGES
    when = f"{article.published:%Y-%m-%d %H:%M}Z"
    outlet = isolated(Text(printable(article.outlet.name), "bold"), RIGHT_TO_LEFT, console)
    language = (f"  {printable(article.language)}", "dim")
    again = f"  version {article.version}: {', '.join(article.changed)}"
    version = (again if article.version > 1 else "", "magenta")
    console.print(Text.assemble((when, "dim"), "  ", outlet, language, version), soft_wrap=True)
    for field, text, style in _lines(article):
        print_line(coloured(text, field, article.entities, style), is_rtl, console)
    if article.url:
        console.print(Text(printable(article.url), "dim"), soft_wrap=True)
    console.print()


def coloured(text: str, field: TextField, entities: tuple[Entity, ...], style: str = "") -> Text:
    """Return a text with its mentions coloured by class.

    Args:
        text: the field, or its beginning.
        field: which field it is.
        entities: of the article.
        style: of the text around the mentions.
    """
    painted = Text(printable(text), style)
    for entity in entities:
        for mention in entity.mentions:
            if mention.field == field and mention.end <= len(text):
                painted.stylize(_COLOURS[entity.type], mention.start, mention.end)
    return painted


def _lines(article: Article) -> list[tuple[TextField, str, str]]:
    field: TextField = "summary" if article.summary else "body_text"
    text = article.summary or article.body_text
    opening = text.split("\n\n", 1)[0].replace("\n", " ")
    if len(opening) > _OPENING_LENGTH:
        opening = opening[:_OPENING_LENGTH].rsplit(" ", 1)[0] + " …"
    lines: list[tuple[TextField, str, str]] = [
        ("title", article.title, "bold"),
        (field, opening, ""),
    ]
    return [line for line in lines if line[1]]


def print_line(line: Text, is_rtl: bool, console: Console) -> None:
    """Print a line; on a terminal one from right to left stands at the right edge.

    Args:
        line: one line.
        is_rtl: whether it is of a language from right to left.
        console: where.
    """
    if not console.is_terminal:
        console.print(line, soft_wrap=True)
        return
    direction = RIGHT_TO_LEFT if is_rtl else _LEFT_TO_RIGHT
    # A terminal takes each row for a paragraph of its own, so each is isolated by itself.
    for row in line.wrap(console, console.width):
        row.rstrip()
        console.print(
            isolated(row, direction, console), justify="right" if is_rtl else "left", no_wrap=True
        )


def isolated(text: Text, direction: str, console: Console) -> Text:
    """Return a text that a terminal keeps apart from what stands beside it."""
    return Text.assemble(direction, text, _END) if console.is_terminal else text
