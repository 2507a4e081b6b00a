"""The command `nabaa cluster`: which articles of a file tell of the same event."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from workers.cli.input_file import open_input
from workers.outputs.lines import name_standard_output

# What is slow to import (NumPy) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def cluster(
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl|-", help="An article a line; -: standard input.")
    ],
) -> None:
    """Group the articles of a file into stories.

    In, without Redis: one JSON object a line, in the order of their dates, with `id`, `date` (ISO
    8601 or RFC 5322) and `title`, `text` or `summary`; `url` and `outlet` where they are known.
    Out, when all are read: `{"id", "story", "dup"}` a line, in the same order. `story` is the id of
    the article that the story began with, `dup` that of the article that was first with the same
    text: its own where others reprint it, null where none does.

    \b
    Example:
        nabaa cluster articles.jsonl | jq -s 'group_by(.story) | map(length) | max'
        zcat news.jsonl.gz | nabaa cluster - > stories.jsonl

    Exit status: 0; 2 when the file cannot be read or a line is no article.
    """
    import msgspec

    from workers.stories.clusters import cluster_articles, read_articles

    load_settings_and_log()
    name = "standard input" if file == "-" else file
    with open_input(file) as source:
        clustered = cluster_articles(read_articles(source, name))
    encode = msgspec.json.encode
    with name_standard_output():
        for article in clustered:
            sys.stdout.buffer.write(encode(article) + b"\n")
        sys.stdout.buffer.flush()
