"""How a person wants the pages: language, light or dark. Kept in a cookie of the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from workers.desk.map.countries import LANGUAGES, Language

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
COOKIE = "nabaa_look"


@dataclass(frozen=True, slots=True)
class Look:
    """A look of the pages.

    Attributes:
        language: language of the page's own words.
        theme: `auto` for what the browser prefers.
    """

    language: Language = "ar"
    theme: Theme = "auto"

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The direction of the page."""
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def cookie(self) -> str:
        """The value of the cookie that keeps it."""
        return f"{self.language}.{self.theme}"


def look_of(request: web.Request) -> Look:
    """Return the look that a browser asks for."""
    language, _, theme = request.cookies.get(COOKIE, "").partition(".")
    return choose_look(language, theme)


def choose_look(language: str, theme: str) -> Look:
    """Return a look; what is not offered is as usual.

    Args:
        language: `ar` or `en`.
        theme: `auto`, `light` or `dark`.
    """
    return Look(
        language if language in LANGUAGES else "ar",
        theme if theme in THEMES else "auto",
    )
