"""Shows the settings: as the table of the documents, and as they are in force in a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from config.loading import DAEMON, SECTIONS, LoadedSettings, section_of
from config.settings import DEFAULT_FEEDS_FILE, PREFIX, Settings
from nabaa.errors import without_credentials
from nabaa.redis.url import redacted

HIDDEN = "(set, not shown)"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it is in force.

    Attributes:
        section: section of `nabaa.toml` that it stands in.
        key: its name there.
        variable: its name in the environment.
        value: value in force, secrets hidden; None where it is unset.
        source: the variable or the place in the file that set it, or `default`.
        default: its default.
        description: what it sets.
    """

    section: str
    key: str
    variable: str
    value: Any
    source: str
    default: Any
    description: str


def settings_in_force(loaded: LoadedSettings) -> list[SettingRow]:
    """Return a row for each setting, section by section."""
    rows = [
        SettingRow(
            *section_of(name),
            f"{PREFIX}{name.upper()}",
            _public(name, getattr(loaded.settings, name)),
            loaded.sources.get(name, "default"),
            _plain(field.default),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]
    order = [DAEMON, *SECTIONS]
    return sorted(rows, key=lambda row: order.index(row.section))


def settings_table() -> str:
    """Return the tables of all settings in Markdown, one a section, as the README shows them."""
    lines: list[str] = []
    section = ""
    for row in settings_in_force(LoadedSettings(Settings.model_construct(), {})):
        if row.section != section:
            section = row.section
            lines += ["", f"**[{section}]**", ""] if lines else [f"**[{section}]**", ""]
            lines += ["| key | variable | default | what it sets |", "| --- | --- | --- | --- |"]
        default = "unset" if row.default is None else f"`{describe_value(row.default)}`"
        lines.append(f"| `{row.key}` | `{row.variable}` | {default} | {row.description} |")
    return "\n".join(lines)


def describe_value(value: Any) -> str:
    """Return a value as a person writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _public(name: str, value: Any) -> Any:
    """Return a value that may be shown."""
    if isinstance(value, SecretStr):
        return HIDDEN
    if name == "redis_url" and value:
        return redacted(value)
    if name == "archive_url" and value:
        return without_credentials(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; None where it is unset."""
    if value is None or value in ((), ""):
        return None
    if value == DEFAULT_FEEDS_FILE:
        return "config/feeds.yaml"
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, bool | int | float) else str(value)
