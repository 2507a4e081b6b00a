"""A real browser without a window: Debian's chromium, driven through WebDriver."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from selenium.webdriver import ActionChains, Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

AXE = Path(__file__).with_name("axe-4.14.1.min.js")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  (found) => done(JSON.stringify(found.violations)));
"""


def is_installed() -> bool:
    """Return whether there is a browser on this machine."""
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


class Browser:
    """A browser with one page.

    Args:
        driver: of the browser.
        address: of the desk.
    """

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self, path: str) -> None:
        """Show a page of the desk, and wait until its fonts are there."""
        self.driver.get(self.address + path)
        self.driver.execute_async_script(
            "const done = arguments[0]; document.fonts.ready.then(() => done())"
        )

    def look(
        self, theme: Literal["light", "dark"] = "light", width: int = 1360, height: int = 900
    ) -> None:
        """Set the size of the window and what the system prefers."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        features = [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def speak(self, language: str) -> None:
        """Set the language of the pages."""
        cookie = {"name": "nabaa_look", "value": f"{language}.auto", "url": self.address}
        self.driver.execute_cdp_cmd("Network.setCookie", cookie)

    def run(self, script: str, *values: object) -> Any:
        """Return what JavaScript returns."""
        return self.driver.execute_script(script, *values)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements that a selector finds."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"
        return [" ".join(text.split()) for text in self.run(script, selector)]

    def click(self, selector: str) -> None:
        """Click on the first element that a selector finds."""
        self.run("document.querySelector(arguments[0]).click()", selector)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def findings(self) -> list[str]:
        """Return what axe-core finds that is serious or critical, a line for each."""
        self.run(AXE.read_text("utf-8"))
        found = json.loads(self.driver.execute_async_script(_RUN_AXE))
        return [
            f"{each['id']}: {node['html'][:200]}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def complaints(self) -> list[str]:
        """Return what the browser has complained of on its console since it was last asked."""
        log = self.driver.execute("getLog", {"type": "browser"})["value"]
        return [str(entry["message"]) for entry in log]

    def requested(self) -> list[str]:
        """Return the addresses that the page has asked for."""
        script = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
        return [str(address) for address in self.run(script)]


@contextmanager
def open_browser(address: str) -> Iterator[Browser]:
    """Run a browser with an empty profile while the block runs.

    Args:
        address: of the desk.
    """
    with TemporaryDirectory() as profile:
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for option in (*_OPTIONS, f"--user-data-dir={profile}"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            driver.set_script_timeout(20)
            browser = Browser(driver, address)
            browser.look()
            yield browser
        finally:
            driver.quit()
