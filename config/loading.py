"""Reads the settings of a process: the environment (`NABAA_…`), then the file `nabaa.toml`.

The file has a table for each section of `SECTIONS`; a setting may also stand above them under its
whole name. Another file is named by `NABAA_CONFIG`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from config.contradictions import find_contradictions
from config.feed_yaml import did_you_mean
from config.settings import PREFIX, Settings
from nabaa.errors import ConfigError

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "redis": ("redis_",),
        "polling": (
            "poll_",
            "tick_seconds",
            "lease_seconds",
            "retry_",
            "publisher_floor_seconds",
            "backlog_",
            "seen_retention_seconds",
            "feed_entries_",
        ),
        "fetch": (
            "fetch_",
            "max_body_bytes",
            "allow_private_addresses",
            "contact",
            "host_",
            "robots_for_feeds",
        ),
        "pages": ("page_", "full_text"),
        "websub": ("websub_",),
        "desk": ("desk_",),
        "workers": (
            "recogniser",
            "languages",
            "batch_size",
            "reclaim_idle_seconds",
            "max_attempts",
        ),
        "articles": ("articles_", "article_memory_seconds", "subscriptions_", "stream_"),
        "stories": ("story_", "stories"),
        "archive": ("archive_",),
        "webhook": ("webhook_",),
        "serve": ("serve_",),
    }
)
"""Section of the file → what the names of its settings begin with; all others are of `daemon`.

In its section a setting is named without the section's first beginning: `redis_url` is `url` of
`[redis]`."""

DAEMON = "daemon"

REMOVED: Mapping[str, str] = MappingProxyType(
    {
        "redis_wait_milliseconds": "put ?wait_milliseconds=… behind the address in redis_url",
        "max_redirects": "five redirects are followed; take it out",
        "poll_shortest_seconds": "give feeds that are to be asked more often than every two "
        "minutes an interval_seconds of their own in the feed list",
        "missing_max_seconds": "it is 28 times retry_max_seconds; set that",
        "host_down_max_seconds": "it is a sixth of retry_max_seconds; set that",
        "websub_safety_seconds": "it is poll_longest_seconds; set that",
        "subscriptions_max_age_seconds": "articles_max_age_seconds holds for the streams of "
        "subscriptions too; set that",
    }
)
"""Settings of earlier versions → what to do instead."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings of a process, and where each comes from.

    Attributes:
        settings: the settings, checked and frozen.
        sources: name of a setting → the place that set it, for those that are not at their default.
    """

    settings: Settings
    sources: Mapping[str, str]


def load_settings() -> Settings:
    """Read the settings of this process.

    Returns:
        The settings, checked and frozen.

    Raises:
        ConfigError: a value or a name is wrong, two settings contradict each other, or the file
            cannot be read; names the variable, or the file and key.
    """
    return load_with_sources().settings


def load_with_sources() -> LoadedSettings:
    """Read the settings of this process, and where each comes from.

    Raises:
        ConfigError: as `load_settings` does.
    """
    path = Path(os.environ.get(f"{PREFIX}CONFIG", "nabaa.toml"))
    from_file, places = _flatten(_read_file(path), path)
    _refuse_unknown_variables()
    variables = {name: _variable(name) for name in Settings.model_fields}
    outside = {name: each for name, each in variables.items() if each in os.environ}
    from_outside = {name: os.environ[variable] for name, variable in outside.items()}
    sources = places | outside
    try:
        settings = Settings(**from_file | from_outside)
    except ValidationError as error:
        raise ConfigError("\n".join(_describe_faults(error, sources))) from error
    if contradictions := find_contradictions(settings):
        raise ConfigError("\n".join(contradictions))
    return LoadedSettings(settings, sources)


def section_of(name: str) -> tuple[str, str]:
    """Return the section of the file that a setting stands in, and its key there."""
    for section, beginnings in SECTIONS.items():
        if name.startswith(beginnings):
            own = beginnings[0]
            return section, name.removeprefix(own) if own.endswith("_") else name
    return DAEMON, name


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        if f"{PREFIX}CONFIG" in os.environ:
            raise ConfigError(f"{path}: the settings file named by {PREFIX}CONFIG does not exist")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _flatten(read: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings of a file by their names, and the place of each."""
    keys = {section_of(name): name for name in Settings.model_fields}
    sections = [*SECTIONS, DAEMON]
    values: dict[str, Any] = {}
    places: dict[str, str] = {}

    def put(name: str, place: str, value: object) -> None:
        if name in values:
            raise ConfigError(f"{place}: is also set as {places[name]}: keep one")
        values[name], places[name] = value, place

    for key, value in read.items():
        if isinstance(value, dict):
            if key not in sections:
                hint = did_you_mean(key, sections)
                raise ConfigError(f"{path}: there is no section [{key}]{hint}")
            for inner, own in value.items():
                place = f"{path}: [{key}] {inner}"
                if (key, inner) not in keys:
                    _refuse_removed(place, inner, f"{key}_{inner}")
                    known = [name for section, name in keys if section == key]
                    raise ConfigError(f"{place}: is no setting{did_you_mean(inner, known)}")
                put(keys[key, inner], place, own)
            continue
        place = f"{path}: key {key}"
        name = key.lower()
        if name not in Settings.model_fields:
            _refuse_removed(place, name)
            hint = did_you_mean(name, Settings.model_fields)
            raise ConfigError(f"{place}: is no setting{hint}")
        put(name, place, value)
    return values, places


def _refuse_unknown_variables() -> None:
    """A mistyped variable would otherwise be ignored without a word."""
    known = {_variable(name) for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    for variable in unknown:
        _refuse_removed(variable, variable.removeprefix(PREFIX).lower())
    if unknown:
        told = ", ".join(f"{name}{did_you_mean(name, known)}" for name in unknown)
        raise ConfigError(f"unknown setting in the environment: {told}")


def _refuse_removed(place: str, *names: str) -> None:
    for name in names:
        if name in REMOVED:
            raise ConfigError(f"{place}: this setting is gone: {REMOVED[name]}")


def _describe_faults(error: ValidationError, sources: Mapping[str, str]) -> list[str]:
    sentences = []
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else "?"
        message = fault["msg"][0].lower() + fault["msg"][1:]
        is_secret = name == "redis_url" or re.search("password|secret|token", name)
        given = "" if is_secret else f" (is {fault.get('input')!r})"
        sentences.append(f"{sources.get(name, name)}: {message}{given}")
    return sentences
