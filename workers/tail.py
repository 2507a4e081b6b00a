"""Articles for the eye: coloured entities, and Arabic that stays whole beside Latin."""

from __future__ import annotations

from rich.console import Console, JustifyMethod
from rich.text import Text

from workers.types import Article, Entity, TextField

# Isolates keep an Arabic line whole in a terminal that knows bidi, and cost nothing in one that
# does not (Unicode Standard Annex 9, section 2.4). Delivered text itself holds none.
_RIGHT_TO_LEFT, _LEFT_TO_RIGHT, _END = "\u2067", "\u2066", "\u2069"
_RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "fa", "ur", "ckb", "ps", "ug", "he", "sd"})
_COLOURS = {"PERS": "cyan", "LOC": "green", "ORG": "yellow", "MISC": "magenta"}
_OPENING_LENGTH = 240


def show(article: Article, console: Console) -> None:
    """Print an article: where and when, its headline, how it begins, its address.

    Args:
        article: what to print.
        console: where; its width and colours are used, and its terminal decides about isolates.
    """
    rtl = article.language in _RIGHT_TO_LEFT_LANGUAGES
    justify: JustifyMethod = "right" if rtl and console.is_terminal else "left"
    when = f"{article.published:%Y-%m-%d %H:%M}Z"
    outlet = _isolated(Text(article.outlet.name, "bold"), _RIGHT_TO_LEFT, console)
    head = Text.assemble((when, "dim"), "  ", outlet, (f"  {article.language}", "dim"))
    console.print(head, soft_wrap=True)
    direction = _RIGHT_TO_LEFT if rtl else _LEFT_TO_RIGHT
    for field, text, style in _lines(article):
        line = coloured(text, field, article.entities, style)
        console.print(_isolated(line, direction, console), justify=justify, soft_wrap=False)
    if article.url:
        console.print(Text(article.url, "dim"), soft_wrap=True)
    console.print()


def coloured(text: str, field: TextField, entities: tuple[Entity, ...], style: str = "") -> Text:
    """Return a text with its mentions coloured by class.

    Args:
        text: the field, or its beginning.
        field: which field it is.
        entities: of the article.
        style: of the text around the mentions.
    """
    painted = Text(text, style)
    for entity in entities:
        for mention in entity.mentions:
            if mention.field == field and mention.end <= len(text):
                painted.stylize(_COLOURS[entity.type], mention.start, mention.end)
    return painted


def _lines(article: Article) -> list[tuple[TextField, str, str]]:
    field: TextField = "summary" if article.summary else "body_text"
    text = article.summary or article.body_text
    opening = text[:_OPENING_LENGTH].split("\n\n", 1)[0]
    if len(opening) == _OPENING_LENGTH:
        opening = opening.rsplit(" ", 1)[0] + " …"
    lines: list[tuple[TextField, str, str]] = [
        ("title", article.title, "bold"),
        (field, opening, ""),
    ]
    return [line for line in lines if line[1]]


def _isolated(text: Text, direction: str, console: Console) -> Text:
    if not console.is_terminal:
        return text
    return Text.assemble(direction, text, _END)
