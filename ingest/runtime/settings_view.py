"""Prints the settings in force: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.table import Table
from rich.text import Text

from config.settings_table import SettingRow, describe_value
from ingest.runtime.terminal import open_console, printable


def print_settings(rows: Sequence[SettingRow]) -> None:
    """Print a table on standard output: setting, value, the place that set it, what it sets."""
    table = Table("setting", "value", "from", "what it sets", box=None, pad_edge=False)
    for row in rows:
        value = "unset" if row.value is None else describe_value(row.value)
        is_default = row.source == "default"
        table.add_row(
            Text(f"[{row.section}] {row.key}"),
            Text(printable(value), "" if is_default else "bold"),
            Text(printable(row.source), "dim" if is_default else ""),
            Text(row.description),
        )
    open_console().print(table)


def settings_json(rows: Sequence[SettingRow]) -> str:
    """Return the rows as a JSON list of objects."""
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode()
