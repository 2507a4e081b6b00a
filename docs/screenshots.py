"""Takes the pictures of the desk in docs/desk/, of a made-up press; `make screenshots` calls it.

Needs chromium and chromedriver (Debian: chromium, chromium-driver).
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image

from tests.support.conditions import eventually
from tests.support.desk.browser import Browser, open_browser
from tests.support.desk.press_wire import press_wire

FOLDER = Path(__file__).with_name("desk")
LARGEST_BYTES = 150_000
DESKTOP, PHONE = (1360, 900), (390, 844)
VIEWS = {
    "now": "/",
    "wire": "/wire",
    "names": "/names",
    "entity": "/entity/Q1049",
    "quotations": "/quotations",
    "map": "/map",
    "search": "/search?q=%D9%87%D8%AF%D9%86%D8%A9",
    "feeds": "/feeds",
    "system": "/system",
}


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        press_wire(Path(folder)) as wire,
        open_browser(wire.address) as browser,
    ):
        views = VIEWS | {"article": f"/article/{wire.articles[-1].uri[-32:]}"}
        eventually(lambda: _has_archive(browser))
        for name, path in views.items():
            _take(browser, path, name)
            _take(browser, path, f"{name}-dark", theme="dark")
            _take(browser, path, f"{name}-phone", size=PHONE)
        browser.click("button[name=language]")
        eventually(lambda: browser.run("return document.documentElement.lang") == "en")
        _take(browser, views["wire"], "wire-english")


def _has_archive(browser: Browser) -> bool:
    browser.open("/names")
    return len(browser.texts("tbody tr")) > 20


def _take(
    browser: Browser,
    path: str,
    name: str,
    theme: Literal["light", "dark"] = "light",
    size: tuple[int, int] = DESKTOP,
) -> None:
    browser.look(theme, *size)
    browser.open(path)
    picture = Image.open(io.BytesIO(browser.driver.get_screenshot_as_png())).convert("RGB")
    file = FOLDER / f"{name}.webp"
    picture.save(file, quality=82, method=6)
    if file.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{file} is larger than {LARGEST_BYTES} bytes")


if __name__ == "__main__":
    main()
