"""All pages that hold an article of one outlet's kind, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import get_type_hints

from tests.support.pages import (
    agencies,
    broadcasters,
    forms,
    national,
    newspapers,
    odd,
    regional,
)
from tests.support.pages.templates import Template


def _pages_of(module: ModuleType) -> dict[str, Callable[[], Template]]:
    return {
        name: value
        for name, value in vars(module).items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == module.__name__
        and get_type_hints(value).get("return") is Template
    }


KINDS: Mapping[str, Callable[[], Template]] = {
    **_pages_of(broadcasters),
    **_pages_of(agencies),
    **_pages_of(newspapers),
    **_pages_of(national),
    **_pages_of(regional),
    **_pages_of(odd),
    **_pages_of(forms),
}
"""Each makes one page with what must be read from it."""
