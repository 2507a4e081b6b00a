"""Article pages of the farm: in the ten templates of `tests.support.pages`, and with traps."""

from __future__ import annotations

from html import escape
from typing import Literal

from tests.support.farm.content.articles import PlacedArticle
from tests.support.farm.content.render import Channel, Style, render_page
from tests.support.pages.forms import consent_wall, drawn_by_script
from tests.support.pages.templates import PARAGRAPHS, SITE, TEMPLATES, TITLE

PageKind = Literal["plain", "templates", "consent", "redirects", "huge", "script"]
"""How the pages of a feed's articles are: `plain`, each in one of ten `templates`, a `consent`
wall, `redirects` without end, 20 MB of text (`huge`), or drawn by a `script`."""

HUGE_BYTES = 20 * 1024 * 1024


def dress_page(placed: PlacedArticle, channel: Channel, style: Style, kind: PageKind) -> bytes:
    """Render the page of an article.

    Args:
        placed: the article.
        channel: of its feed.
        style: of its feed; counts for `plain` alone, all others are in UTF-8.
        kind: of the page; one that redirects has none.

    Returns:
        The bytes of an HTML document.
    """
    match kind:
        case "templates":
            return _in_template(placed, channel).encode()
        case "consent":
            return consent_wall().encode()
        case "script":
            return drawn_by_script().encode()
        case "huge":
            page = render_page(placed, channel, style)
            filler = f"<p>{'كلام كثير لا ينتهي ' * 50}</p>\n".encode()
            return page + filler * (HUGE_BYTES // len(filler))
        case _:
            return render_page(placed, channel, style)


def template_of(placed: PlacedArticle) -> str:
    """Return the name of the template that the page of an article is in."""
    names = sorted(TEMPLATES)
    return names[int(placed.key.rpartition(".")[2]) % len(names)]


def _in_template(placed: PlacedArticle, channel: Channel) -> str:
    """Put an article in the place of the template's own, in as many paragraphs."""
    page = TEMPLATES[template_of(placed)]().markup
    lines = [line for line in placed.article.text.split("\n") if line.strip()]
    last = len(PARAGRAPHS) - 1
    texts = [*lines[:last], " ".join(lines[last:])]
    for number, paragraph in enumerate(PARAGRAPHS):
        text = texts[number] if number < len(texts) else ""
        page = page.replace(paragraph, escape(text, quote=False).replace('"', "&quot;"))
    page = page.replace(TITLE, escape(placed.article.title).replace("&#x27;", "’"))
    return page.replace(SITE, escape(channel.title))
