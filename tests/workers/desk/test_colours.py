"""Every text can be read on what it stands on: contrasts of at least 4.5 to 1 (WCAG 2.2, 1.4.3).

axe-core takes Arabic for ligatures of icons and leaves it out; this computes from the style itself.
"""

from __future__ import annotations

import re
from importlib import resources

import pytest

_LEAST = 4.5
_TEXTS = ("ink", "soft", "accent", "alarm", "warn", "good", "pers", "loc", "org", "misc")
_GROUNDS = ("paper", "sheet", "tint", "fresh")
_PAIRS = (
    *((text, ground) for text in _TEXTS for ground in _GROUNDS),
    *(("ink", ground) for ground in ("added", "removed", "accent-tint")),
    ("on-accent", "accent"),
    ("accent", "accent-tint"),
    ("alarm", "alarm-tint"),
    ("warn", "warn-tint"),
)


def palettes() -> dict[str, dict[str, str]]:
    style = resources.files("workers.desk").joinpath("static/css/desk.css").read_text("utf-8")
    blocks = re.findall(r'(:root|\[data-theme="\w+"\]) \{([^}]*)\}', style)
    return {name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body)) for name, body in blocks}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [":root", '[data-theme="dark"]', '[data-theme="auto"]'])
def test_every_text_stands_out_from_its_ground(palette: str) -> None:
    colours = palettes()[palette]
    weak = {
        f"{text} on {ground}": round(ratio, 2)
        for text, ground in _PAIRS
        if (ratio := contrast(colours[text], colours[ground])) < _LEAST
    }
    assert weak == {}


def test_dark_is_the_same_whether_chosen_or_preferred() -> None:
    found = palettes()
    assert found['[data-theme="dark"]'] == found['[data-theme="auto"]']
