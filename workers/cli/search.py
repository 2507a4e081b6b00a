"""The command that asks the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ingest.runtime.session import load_settings_and_log
from workers.cli.options import AsLines, Limit

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workers.index.model import Span

# What is slow to import (the database, tables) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(help='Words that must be there; "a phrase", begin*, =exactly, -without.'),
    ] = None,
    entity: Annotated[
        list[str] | None,
        typer.Option(help="Names at least one of these: an id (Q142) or a name."),
    ] = None,
    speaker: Annotated[
        list[str] | None,
        typer.Option(help="Quotes at least one of these: an id or a name."),
    ] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Outlet's name or feed's id.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Country of the outlet: EG.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Of the article: ar.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Topic of the feed.")] = None,
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="Published at most so long ago: 24h, 30d.")
    ] = "",
    until: Annotated[
        str, typer.Option(metavar="SPAN", help="Published at least so long ago.")
    ] = "",
    order: Annotated[
        Literal["relevance", "newest"],
        typer.Option(help="By relevance and time, or the newest first."),
    ] = "relevance",
    quotations: Annotated[
        bool, typer.Option("--quotations", help="Find what was said, in place of articles.")
    ] = False,
    limit: Limit = 20,
    as_json: AsLines = False,
) -> None:
    """Find articles, or quotations, in the archive of `nabaa index`.

    Spelling is folded as everywhere; words with and without clitics and ال find each other. What
    stands in a headline or at the beginning comes first, and what is new before what is old.

    \b
    Example:
        nabaa search 'السودان هدنة' --entity Q1049 --since 30d
        nabaa search '"مجلس الأمن" -اليمن' --order newest --json | jq -r .article.title
        nabaa search --quotations السودان --speaker 'أنطونيو غوتيريش' --since 30d

    Exit status: 0; 1 when nothing was found; 2 when there is no archive, or the words or an option
    make no sense.
    """
    import msgspec

    from ingest.runtime.terminal import open_console
    from nabaa.filters.filter import Filter
    from workers.cli.search_view import print_answer, print_quotations
    from workers.index.database import archive_of, open_archive
    from workers.index.model import Question, QuotationQuestion
    from workers.index.quotations import find_quotations
    from workers.index.search import search as ask

    settings = load_settings_and_log()
    now, text = datetime.now(UTC), " ".join(words or ())
    archive, span = open_archive(archive_of(settings), create=False), _span(since, until, now)
    with archive.reading() as connection:
        speakers = _ids(connection, speaker)
        if quotations:
            said = find_quotations(connection, QuotationQuestion(text, speakers, span, limit=limit))
            found: tuple[object, ...] = said
        else:
            wanted = Filter(
                entities=_ids(connection, entity),
                outlets=tuple(outlet or ()),
                countries=tuple(country or ()),
                languages=tuple(language or ()),
                topics=tuple(topic or ()),
            )
            answer = ask(connection, Question(text, wanted, speakers, span, order, limit), now)
            found = answer.hits
    archive.close()
    if as_json:
        for row in found:
            typer.echo(msgspec.json.encode(row).decode())
    elif quotations:
        print_quotations(said, open_console())
    else:
        print_answer(answer, open_console())
    if not found:
        raise typer.Exit(1)


def _span(since: str, until: str, now: datetime) -> Span:
    from nabaa.time_spans import parse_span
    from workers.index.model import Span

    return Span(
        now - parse_span(since) if since else None, now - parse_span(until) if until else None
    )


def _ids(connection: Connection, names: list[str] | None) -> tuple[str, ...]:
    """Return the ids of entities, given by id or by a name that articles of the archive write."""
    from workers.index.entities import find_ids

    return tuple(id_ for name in names or () for id_ in find_ids(connection, name))
