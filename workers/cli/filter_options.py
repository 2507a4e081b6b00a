"""The options that state a filter, and the filter that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nabaa.errors import UsageError
from workers.cli.entity_names import entity_id

if TYPE_CHECKING:
    from nabaa.filters.filter import Filter

Entities = Annotated[
    list[str] | None,
    typer.Option("--entity", help="Names at least one of these: an id (Q142) or a listed name."),
]
AllEntities = Annotated[list[str] | None, typer.Option("--all-entity", help="Names all of these.")]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Outlet's name or feed's id.")]
Countries = Annotated[
    list[str] | None, typer.Option("--country", help="Country of the outlet: EG.")
]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Of the article: ar.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="Topic of the feed.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag of the feed.")]
Words = Annotated[
    list[str] | None,
    typer.Option("--word", help="Has at least one of these: a word, a phrase, =exactly, begin*."),
]
AllWords = Annotated[list[str] | None, typer.Option("--all-word", help="Has all of these.")]
NotEntities = Annotated[list[str] | None, typer.Option("--not-entity", help="Names none of these.")]
NotWords = Annotated[list[str] | None, typer.Option("--not-word", help="Has none of these.")]
Reprints = Annotated[
    bool | None,
    typer.Option("--reprints/--no-reprints", help="Is a reprint of another, or is none."),
]
EachStory = Annotated[
    bool, typer.Option("--each-story", help="Give each story once, not each of its articles.")
]
MinOutlets = Annotated[
    int,
    typer.Option("--min-outlets", min=0, help="With --each-story: as soon as so many report it."),
]
FilterFile = Annotated[
    Path | None, typer.Option("--filter", help="File with the whole filter, YAML or JSON.")
]


def filter_of_options(
    entity: list[str] | None,
    all_entity: list[str] | None,
    outlet: list[str] | None,
    country: list[str] | None,
    language: list[str] | None,
    topic: list[str] | None,
    tag: list[str] | None,
    word: list[str] | None,
    all_word: list[str] | None,
    not_entity: list[str] | None,
    not_word: list[str] | None,
    file: Path | None,
    *,
    reprints: bool | None = None,
    each_story: bool = False,
    min_outlets: int = 0,
) -> Filter:
    """Make a filter of the options, or read it from the file.

    Raises:
        UsageError: options and a file are given, or the file cannot be read.
        NabaaError: a value is wrong, or the filter states no condition.
    """
    from nabaa.filters.filter import Filter, check_filter, read_filter  # noqa: PLC0415 - slow to import

    unwanted = (
        Filter(entities=_ids(not_entity)) if not_entity else None,
        Filter(words=tuple(not_word)) if not_word else None,
    )
    stated = Filter(
        entities=_ids(entity),
        all_entities=_ids(all_entity),
        outlets=tuple(outlet or ()),
        countries=tuple(country or ()),
        languages=tuple(language or ()),
        topics=tuple(topic or ()),
        tags=tuple(tag or ()),
        words=tuple(word or ()),
        all_words=tuple(all_word or ()),
        none_of=tuple(filter(None, unwanted)),
        reprints=reprints,
        per="story" if each_story else "article",
        min_outlets=min_outlets,
    )
    if file is None:
        return check_filter(stated)
    if stated != Filter():
        raise UsageError("give the filter in a file or in options, not in both")
    try:
        return read_filter(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from error


def _ids(values: list[str] | None) -> tuple[str, ...]:
    """Return the ids of entities that are given by id or by name."""
    return tuple(map(entity_id, values or ()))
