"""Pages and pieces of pages, written from templates: every value is text, never HTML."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nabaa.subscriber.losses import describe_loss
from workers.desk.live.stories import is_breaking
from workers.desk.map.countries import Language, country_name
from workers.desk.server.assets import Assets
from workers.desk.text.passages import (
    leading_quote,
    lede_of,
    paragraphs_of,
    passages_of,
    speaker_of,
    title_of,
)
from workers.desk.wording.words import words_of

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages of scripts that are written from right to left, BCP 47 primary tags."""

TITLE_LENGTH = 300
"""Code points of a headline in a list; feeds may send longer ones."""

LEDE_LENGTH = 220
"""Code points of an article's beginning in a row."""


class Templates:
    """Writes templates.

    Args:
        assets: the files that pages need.
    """

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=PackageLoader("workers.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals |= {
            "asset": assets.address,
            "right_to_left": RIGHT_TO_LEFT,
            "lede_of": partial(lede_of, length=LEDE_LENGTH),
            "passages_of": passages_of,
            "title_of": partial(title_of, length=TITLE_LENGTH),
            "paragraphs_of": paragraphs_of,
            "speaker_of": speaker_of,
            "leading_quote": leading_quote,
            "is_breaking": is_breaking,
            "describe_loss": describe_loss,
        }
        self._environment.filters |= {
            "number": _number,
            "iso": _iso,
            "name": article_name,
            "cut": _cut,
        }

    def write(self, template: str, language: Language, **values: Any) -> Markup:
        """Return a template filled in.

        Args:
            template: its name, such as `wire.html`.
            language: of the page's own words.
            values: what it shows.
        """
        return Markup(  # noqa: S704 - every value in it was escaped
            self._environment.get_template(template).render(
                t=words_of(language),
                language=language,
                country=partial(country_name, language=language),
                topic=words_of(language).topic,
                **values,
            )
        )


def article_name(uri: str) -> str:
    """Return the part of an article's uri by which pages name it, 32 hex digits."""
    return uri.rpartition(":")[2]


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[:TITLE_LENGTH]}…"


def _number(count: float) -> str:
    return f"{count:,}"


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
