"""The command `nabaa page`: the article of one page, and where each part of it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.errors import UsageError
from workers.cli.input_file import open_input

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# What is slow to import (parsers, language models) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def page(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="HTML; -: standard input.")],
    url: Annotated[str, typer.Option("--url", help="Address that the page came from.")],
    timezone: Annotated[
        str, typer.Option("--timezone", help="IANA zone of dates that name none.")
    ] = "",
) -> None:
    """Print the article of a web page: its text, author, dates and picture.

    It is printed as JSON, without Redis or a network. `sources` tells for each part the place in
    the page that it was taken from; `problem` is set where the page holds no article, or only its
    beginning. Dates that name no zone are read in that of the outlet in the feed list with the same
    site, else of the country in the address, else in UTC.

    \b
    Example:
        nabaa page saved.html --url https://example.org/news/1 | jq .body_text
        curl -s https://example.org/news/1 | nabaa page - --url https://example.org/news/1

    Exit status: 0; 2 when the file cannot be read, or the address or the zone is none.
    """
    import msgspec

    from config.feed_list import load_feeds
    from config.page_rules import PageRulesFile
    from ingest.identity.addresses import web_address
    from ingest.parse.charset import decode_feed
    from workers.text.page.look import zone_of_site
    from workers.text.page.read import read_article_page

    settings = load_settings_and_log()
    if not web_address(url):
        raise UsageError(f'--url "{url}" is no address of the web')
    zone = _zone(timezone) if timezone else zone_of_site(url, load_feeds(settings.feeds_file))
    rule = PageRulesFile(settings.page_rules_path).rule_for(url)
    with open_input(file) as source:
        markup, _ = decode_feed(source.read(), None)
    article = read_article_page(markup, web_address(url), zone, rule=rule)
    typer.echo(msgspec.json.format(msgspec.json.encode(article), indent=2))


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f'--timezone "{name}" is no IANA time zone') from error
