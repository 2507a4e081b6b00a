"""The commands that need no Redis: extract makes an article of a file, tag names its tokens."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer

from ingest.runtime.session import load_settings_and_log
from workers.cli.input_file import open_input
from workers.outputs.lines import name_standard_output

if TYPE_CHECKING:
    from workers.entities.recognise import Recogniser

# What is slow to import (tables, language models) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def extract(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text or HTML; -: standard input.")],
) -> None:
    """Make an article of a text or HTML file.

    It is printed as JSON, without Redis. The first line is the title and the rest the body; in a
    whole HTML page, both are searched for. The encoding is told from the bytes.

    \b
    Example:
        nabaa extract article.txt | jq '.entities[] | .type, .name'
        curl -s https://example.org/news/1 | nabaa extract -

    Exit status: 0; 2 when the file cannot be read or the recogniser cannot be loaded.
    """
    from workers.entities.recognise.choice import load_recogniser

    settings = load_settings_and_log()
    with open_input(file) as source:
        data = source.read()
    typer.echo(article_json(data, load_recogniser(settings.recogniser)))


def tag(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A token a line; -: standard input.")
    ],
    guideline: Annotated[
        Literal["product", "anercorp"],
        typer.Option(help="Whose view of a name: that of the articles, or that of the corpus."),
    ] = "product",
) -> None:
    """Tag tokens with the names they belong to.

    In, without Redis: UTF-8, one token a line, a blank line between sentences; further columns are
    ignored. Out: for each line one line, `token TAB tag` or blank. Tags are IOB2 with PERS, LOC,
    ORG and MISC.

    \b
    Example:
        printf 'زار\\nسامي\\nالقاهرة\\n' | nabaa tag -

    Exit status: 0; 2 when the file cannot be read or the recogniser cannot be loaded.
    """
    from workers.entities.recognise.choice import load_recogniser

    settings = load_settings_and_log()
    recogniser = load_recogniser(settings.recogniser)
    if guideline == "product":
        from workers.entities.guideline.product import ProductRecogniser
        from workers.entities.link.catalogue import load_catalogue

        recogniser = ProductRecogniser(recogniser, load_catalogue())
    with open_input(file) as source:
        write_tags(source, recogniser, sys.stdout.buffer)


def article_json(data: bytes, recogniser: Recogniser) -> bytes:
    """Make an article of a text or an HTML page.

    Args:
        data: in any encoding of Arabic; the first line is the title, or the page's own.
        recogniser: finds the names.

    Returns:
        The article as indented JSON, UTF-8.
    """
    import msgspec

    from ingest.parse.charset import decode_feed
    from nabaa.message import encode_article
    from workers.pipeline import ArticleMaker
    from workers.text.html import html_to_text, looks_like_page
    from workers.text.page.read import read_article_page

    text, _ = decode_feed(data, None)
    title, body = "", text
    if looks_like_page(text):
        page = read_article_page(text, "", is_article=True)
        title, body = page.title, page.body_text or html_to_text(text)
    elif text.lstrip().startswith("<"):
        body = html_to_text(text)
    if not title:
        title, _, body = body.strip().partition("\n")
    article = ArticleMaker(recogniser).make_plain(title, body, datetime.now(UTC))
    return msgspec.json.format(encode_article(article), indent=2)


def write_tags(source: IO[bytes], recogniser: Recogniser, out: IO[bytes]) -> None:
    """Tag tokens, one a line, with blank lines between sentences.

    Args:
        source: UTF-8, with or without a byte order mark; bytes that are none come out as they were.
        recogniser: finds the names.
        out: gets one line for each line: `token TAB tag`, or blank.
    """
    from workers.entities.recognise.iob import tag_lines

    # Only a line feed ends a line: whatever else ends one for Python may stand in a token.
    lines = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="\n")
    for line in tag_lines(lines, recogniser):
        with name_standard_output():
            out.write(f"{line}\n".encode("utf-8", "surrogateescape"))
    lines.detach()  # else it would close what the caller opened
    with name_standard_output():
        out.flush()
