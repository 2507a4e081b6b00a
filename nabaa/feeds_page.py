"""The command `feeds page`: one page as the wire would deliver it.

It stands here because it needs both sides: what fetches pages, and what reads them.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.errors import UsageError

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def feeds_page(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of an article.")],
) -> None:
    """Fetch the page of an article and print it as the wire would deliver it.

    It is printed as JSON, without Redis: the text is cleaned as the worker cleans it, `sources`
    tells for each part the place in the page, or the rule, that it was taken from. robots.txt is
    obeyed. For trying rules: docs/pages.md.

    \b
    Example:
        nabaa feeds page https://example.org/news/1
        nabaa feeds page https://example.org/news/1 | jq '.sources, .rule'

    Exit status: 0; 1 when the page holds no article, or only its beginning; 2 when it does not
    answer, its robots.txt forbids it, or the rules have a mistake.
    """
    import msgspec

    from config.feed_list import load_feeds
    from config.page_rules import PageRulesFile
    from ingest.identity.addresses import web_address
    from ingest.page_look import fetch_page
    from workers.text.page.look import look_at_page

    settings = load_settings_and_log()
    address = web_address(url if "://" in url else f"https://{url}")
    if not address:
        raise UsageError(f'"{url}" is no address of the web')
    feeds = load_feeds(settings.feeds_file)
    rules = PageRulesFile(settings.page_rules_path)
    look = look_at_page(asyncio.run(fetch_page(address, settings)), feeds, rules)
    typer.echo(msgspec.json.format(msgspec.json.encode(look), indent=2))
    if look.article.problem:
        raise typer.Exit(1)
