"""Rules for pages of single outlets: where text, date and author stand, and what to leave out.

A small YAML file beside the feed list, for pages that heuristics read badly. What a rule selects
is applied by `workers.text.page.rules`.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from config.feed_rules import config_error
from config.feed_yaml import Field, Mistake, Row, composed_rows, did_you_mean
from nabaa.errors import ConfigError

logger = logging.getLogger(__name__)

LIST_KEY: Final = "pages"
KEYS: Final = ("host", "path", "body", "date", "author", "strip")
LOOK_SECONDS: Final = 5.0
"""Seconds between two looks at whether the file has changed."""

_SELECTORS: Final = ("body", "date", "author")
_HOST = re.compile(r"(?=.{1,253}$)[^\s/:@?#.]+(?:\.[^\s/:@?#.]+)*")
_XPATH = re.compile(r"\.?/|\(")


@dataclass(frozen=True, slots=True)
class Selector:
    """A Selector finds places in a page.

    Attributes:
        text: as the file has it.
        xpath: the same, compiled.
    """

    text: str
    xpath: etree.XPath


@dataclass(frozen=True, slots=True)
class PageRule:
    """A PageRule says where the parts of an article stand in the pages of one host.

    Attributes:
        host: name; holds for the names below it too.
        path: beginning of the paths that it holds for, `/` for all.
        body: elements that hold the text, in their order; None where heuristics find it.
        date: element or attribute with the date of publication; None likewise.
        author: elements or attributes with one author each; None likewise.
        strip: elements that are no part of the article.
    """

    host: str
    path: str = "/"
    body: Selector | None = None
    date: Selector | None = None
    author: Selector | None = None
    strip: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRules:
    """PageRules are those of a file.

    Attributes:
        rules: in the order of the file.
    """

    rules: tuple[PageRule, ...] = ()

    def rule_for(self, url: str) -> PageRule | None:
        """Return the rule for a page.

        Args:
            url: absolute.

        Returns:
            Of the rules that hold, the one with the longest host, then the longest path; None
            where none holds.
        """
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return None
        fits = [
            rule
            for rule in self.rules
            if (host == rule.host or host.endswith(f".{rule.host}"))
            and (parts.path or "/").startswith(rule.path)
        ]
        return max(fits, key=lambda rule: (len(rule.host), len(rule.path)), default=None)


def load_page_rules(path: Path) -> PageRules:
    """Read a file of rules.

    Args:
        path: a YAML file in UTF-8 with the key `pages`; docs/pages.md describes it.

    Raises:
        ConfigError: the file cannot be read or has mistakes; one line each with file, line and
            key, for the first 20.
    """
    try:
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    rows, mistakes = composed_rows(text, LIST_KEY, "rule")
    rules: list[PageRule] = []
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        rule, faults = _read_rule(row)
        mistakes += faults
        if faults:
            continue
        if (first := lines.setdefault((rule.host, rule.path), row.line)) != row.line:
            twice = f'a rule for host "{rule.host}", path "{rule.path}" stands on line {first} too'
            mistakes.append(Mistake(row.line, twice))
        rules.append(rule)
    if mistakes:
        raise config_error(str(path), mistakes)
    return PageRules(tuple(rules))


class PageRulesFile:
    """A PageRulesFile keeps the rules of a file and takes changes over.

    Args:
        path: may be missing; then there are no rules.
        clock: monotonic, seconds.

    Raises:
        ConfigError: as `load_page_rules`.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._stamp = _stamp(path)
        self._looked = clock()
        self._rules = load_page_rules(path) if self._stamp else PageRules()

    def rule_for(self, url: str) -> PageRule | None:
        """Return the rule for a page; see `PageRules.rule_for`.

        The file is looked at every few seconds; one with a mistake is told in the log, and the
        rules before it stay.
        """
        now = self._clock()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._reload_if_changed()
        return self._rules.rule_for(url)

    def _reload_if_changed(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._rules = load_page_rules(self._path) if stamp else PageRules()
        except ConfigError as error:
            logger.warning("the rules for pages are not taken over, the old ones stay: %s", error)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read_rule(row: Row) -> tuple[PageRule, list[Mistake]]:
    faults: list[Mistake] = []
    known: dict[str, Field] = {}
    for field in row.fields:
        if field.key not in KEYS:
            hint = did_you_mean(field.key, KEYS)
            faults.append(Mistake(field.line, f'unknown key "{field.key}"{hint}'))
        elif field.key in known:
            faults.append(Mistake(field.line, f'the key "{field.key}" stands twice'))
        known.setdefault(field.key, field)
    host = _text(known, "host", faults).lower()
    if "host" not in known:
        faults.append(Mistake(row.line, 'missing key "host"'))
    elif host and not _HOST.fullmatch(host):
        fault = f'host "{host}" must be a name such as example.org'
        faults.append(Mistake(known["host"].line, fault))
    path = _text(known, "path", faults) or "/"
    if not path.startswith("/"):
        faults.append(Mistake(known["path"].line, f'path "{path}" must begin with /'))
    selectors = {
        key: _compile(key, known[key].line, text, faults)
        for key in _SELECTORS
        if (text := _text(known, key, faults))
    }
    strip = [
        _compile("strip", known["strip"].line, text, faults) for text in _strip_of(known, faults)
    ]
    if not faults and not selectors and not strip:
        fault = f'the rule for "{host}" has none of the keys body, date, author and strip'
        faults.append(Mistake(row.line, fault))
    rule = PageRule(
        host,
        path,
        selectors.get("body"),
        selectors.get("date"),
        selectors.get("author"),
        tuple(each for each in strip if each),
    )
    return rule, faults


def _text(known: dict[str, Field], key: str, faults: list[Mistake]) -> str:
    if key not in known:
        return ""
    value = known[key].value
    if isinstance(value, str) and value.strip():
        return value.strip()
    faults.append(Mistake(known[key].line, f'"{key}" must be one line of text'))
    return ""


def _strip_of(known: dict[str, Field], faults: list[Mistake]) -> tuple[str, ...]:
    if "strip" not in known:
        return ()
    value = known["strip"].value
    texts = (value,) if isinstance(value, str) else value
    if texts and all(each.strip() for each in texts):
        return texts
    faults.append(Mistake(known["strip"].line, '"strip" must be a selector or a list of selectors'))
    return ()


def _compile(key: str, line: int, text: str, faults: list[Mistake]) -> Selector | None:
    is_xpath = _XPATH.match(text) is not None
    try:
        path = text if is_xpath else HTMLTranslator().css_to_xpath(text)
        xpath = etree.XPath(path)
    except (SelectorError, etree.XPathError) as error:
        kind = "XPath expression" if is_xpath else "CSS selector"
        faults.append(Mistake(line, f'{key} "{text}" is no {kind}: {_reason(error)}'))
        return None
    return Selector(text, xpath)


def _reason(error: Exception) -> str:
    reason = str(error).rstrip(".") or "it cannot be read"
    return reason[0].lower() + reason[1:]
