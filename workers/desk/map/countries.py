"""The countries: their names in both languages, and the outlines that are drawn."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ar", "en")

_OF_NO_COUNTRY = {"XX": {"ar": "عربي", "en": "Pan-Arab"}}


class Country(msgspec.Struct, frozen=True):
    """A country as the map has it.

    Attributes:
        code: ISO 3166-1 alpha-2.
        path: outline as an SVG path, in tenths of a unit of the drawing; empty where it is too
            small to be drawn.
        ar: Arabic name.
        en: English name.
    """

    code: str
    path: str
    ar: str
    en: str


@cache
def countries() -> dict[str, Country]:
    """Return all countries by code."""
    data = resources.files("workers.desk.map").joinpath("countries.json").read_bytes()
    return {each.code: each for each in msgspec.json.decode(data, type=list[Country])}


def country_name(code: str, language: Language) -> str:
    """Return the name of a country; a code that is none of a country as it is.

    Args:
        code: ISO 3166-1 alpha-2, or `XX` for an outlet of all Arab states.
        language: of the page.
    """
    if names := _OF_NO_COUNTRY.get(code):
        return names[language]
    found = countries().get(code)
    return getattr(found, language) if found else code
