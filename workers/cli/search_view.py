"""What the archive answers, for the eye: the words that were asked for stand out."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ingest.runtime.terminal import printable
from nabaa.types import Article
from workers.index.model import Answer, Marked, StoredQuotation
from workers.outputs.tail import RIGHT_TO_LEFT, RIGHT_TO_LEFT_LANGUAGES, isolated, print_line

_MARK = "bold yellow"


def print_answer(answer: Answer, console: Console) -> None:
    """Print the articles that a question found.

    Args:
        answer: what was found; nothing in it can command the terminal.
        console: where.
    """
    for hit in answer.hits:
        _print_place(hit.article, console)
        is_rtl = hit.article.language in RIGHT_TO_LEFT_LANGUAGES
        print_line(_text(hit.title, "bold"), is_rtl, console)
        print_line(_text(hit.snippet), is_rtl, console)
        _print_address(hit.article, console)
    more = "" if answer.is_all else " or more"
    console.print(Text(f"{answer.found}{more} found", "dim"))


def print_quotations(quotations: tuple[StoredQuotation, ...], console: Console) -> None:
    """Print quotations, each with who said it and where it stands.

    Args:
        quotations: what was found; nothing in it can command the terminal.
        console: where.
    """
    for each in quotations:
        _print_place(each.article, console)
        is_rtl = each.article.language in RIGHT_TO_LEFT_LANGUAGES
        speaker = f"{printable(each.speaker.name)}: " if each.speaker else ""
        print_line(Text(speaker, "cyan") + _text(each.marked), is_rtl, console)
        _print_address(each.article, console)


def _print_place(article: Article, console: Console) -> None:
    when = Text(f"{article.published:%Y-%m-%d %H:%M}Z", "dim")
    outlet = isolated(Text(printable(article.outlet.name), "bold"), RIGHT_TO_LEFT, console)
    console.print(Text.assemble(when, "  ", outlet), soft_wrap=True)


def _print_address(article: Article, console: Console) -> None:
    if article.url:
        console.print(Text(printable(article.url), "dim"), soft_wrap=True)
    console.print()


def _text(marked: Marked, style: str = "") -> Text:
    text = Text(printable(marked.text.replace("\n", " ")), style)
    for start, end in marked.marks:
        text.stylize(_MARK, start, end)
    return text
