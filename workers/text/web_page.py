"""A whole HTML page as plain text, in bounded time: for `nabaa extract`, where there is no article.

The article of a page is `workers.text.page`'s part.
"""

from __future__ import annotations

import re

from workers.text.html import bound_markup, html_to_text

MAX_TABLES = 100
"""Tables of a page that are read as tables."""

MAX_CELLS = 4_000
"""Tags of tables of a page that are read as tables."""

MAX_PAGE_TAGS = 20_000
"""Tags of a page whose main text is looked for; of a longer one all visible text is taken."""

_TABLE_TAG = re.compile(
    r"</?(?:table|tbody|thead|tfoot|tr|td|th|caption|colgroup)\b[^<>]*>", re.IGNORECASE
)

_PAGE = re.compile(
    r"[\s\ufeff]*(?:<\?xml[^<>]*>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TITLE = re.compile(r"<title(?:\s[^<>]*)?>([^<]*)", re.IGNORECASE)


def page_to_text(page: str, url: str | None) -> tuple[str, str]:
    """Take the title and the main text out of a whole HTML page.

    trafilatura chooses the main text; where it finds none, the whole visible text is taken.

    Args:
        page: an HTML document; at most `MAX_MARKUP` code points of it are read.
        url: where it came from, or None.

    Returns:
        Title (one line) and text as `html_to_text` gives it, without the title as its first
        paragraph; each may be empty.
    """
    import trafilatura  # noqa: PLC0415  0.2 s, and only this command needs it

    page = flatten_tables(bound_markup(page))
    # What follows takes time that grows with the square of the elements of a page without a main
    # text; no page of news has so many.
    found = (
        trafilatura.extract_with_metadata(
            page, url=url, output_format="html", include_comments=False
        )
        if page.count("<") <= MAX_PAGE_TAGS
        else None
    )
    text = html_to_text(found.text or "") if found else ""
    title = html_to_text(found.title or "") if found else ""
    if not title and (match := _PAGE_TITLE.search(page)):
        title = html_to_text(match[1])
    title = " ".join(title.split())
    text = text or html_to_text(page)
    return title, text.removeprefix(f"{title}\n\n") if title else text


def flatten_tables(page: str) -> str:
    """Return a page whose tables are lines of text where there are very many.

    trafilatura's time grows with the square of their number: 400 KB of them took 21 s.

    Args:
        page: HTML; left as it is up to `MAX_TABLES` tables and `MAX_CELLS` tags of tables.
    """
    if page.lower().count("<table") <= MAX_TABLES and page.lower().count("<t") <= MAX_CELLS:
        return page
    return _TABLE_TAG.sub("\n", page)


def looks_like_page(text: str) -> bool:
    """Say whether a text is a whole HTML page rather than a fragment or plain text.

    Args:
        text: the beginning is enough.

    Returns:
        True if it opens with a doctype, `<html>`, `<head>` or `<body>`, white space, an XML
        declaration and comments aside.
    """
    return _PAGE.match(text) is not None
