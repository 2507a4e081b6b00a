"""The reference of the site, written from the code each time that the site is built.

Settings, commands, messages and metrics say in the code what they are; nobody writes it twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from prometheus_client.parser import text_string_to_metric_families
from typer.core import TyperGroup

from config.settings_table import settings_table
from nabaa.main import app
from workers.operations.metrics import metrics_of
from workers.operations.status_model import WireStatus

ROOT = Path(__file__).parents[1]
_LINK_TO_PAGE = re.compile(r"\]\((?:\.\./)?docs/(?=[\w/-]+\.md)")
_LINK_TO_FILE = re.compile(r"\]\((?!https?:|#|\.\./)")
_SECTION = re.compile(r"^\*\*(\[\w+\])\*\*$", re.MULTILINE)
_HELP_COLUMNS = 90


def write_reference_pages(folder: Path) -> None:
    """Write the pages of the reference, and the README and the figures as pages of the site.

    Args:
        folder: `docs/reference`; made where it is missing. A page that is as it was is left.
    """
    folder.mkdir(exist_ok=True)
    pages = {
        "settings": settings_page(),
        "commands": commands_page(),
        "messages": messages_page(ROOT / "docs" / "schema"),
        "metrics": metrics_page(),
        "readme": page_of_repository(ROOT / "README.md"),
        "figures": page_of_repository(ROOT / "bench" / "README.md"),
    }
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def settings_page() -> str:
    """Return the tables of all settings, a heading for each section of `nabaa.toml`."""
    head = (
        "# Settings\n\nA setting comes from its variable, else from `nabaa.toml` (the key, in its "
        "section), else it has its default; `nabaa settings` shows what is in force and why.\n\n"
    )
    return head + _SECTION.sub(r"## \1", settings_table()) + "\n"


def commands_page() -> str:
    """Return the help of every command, in Markdown."""
    blocks = [
        f"## {context.command_path}\n\n```text\n{context.get_help().strip()}\n```"
        for context in _contexts(typer.main.get_command(app), None, "nabaa")
    ]
    return "\n\n".join(["# Commands", *blocks]) + "\n"


def _contexts(command: Any, parent: Any, name: str) -> Iterator[Any]:
    """Yield the context of a command and of those below it; typer keeps click's types private."""
    wide = {"max_content_width": _HELP_COLUMNS, "terminal_width": _HELP_COLUMNS}
    context = command.make_context(name, [], parent, resilient_parsing=True, **wide)
    yield context
    if isinstance(command, TyperGroup):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from _contexts(found, context, below)


def messages_page(schemas: Path) -> str:
    """Return a table of the fields of each record that the streams carry, in Markdown.

    Args:
        schemas: folder of the JSON Schemas (`*.schema.json`).
    """
    lines = [
        "# Messages",
        "",
        "The records that `data` of an event holds; streams, attributes and operations are in "
        "[asyncapi.json](../schema/asyncapi.json) (AsyncAPI 3).",
        "",
    ]
    for path in sorted(schemas.glob("*.schema.json")):
        lines += [f"The schema as a file: [{path.name}](../schema/{path.name}).", ""]
        for name, record in json.loads(path.read_text("utf-8"))["$defs"].items():
            lines += [f"## {name}", "", record.get("description", ""), ""]
            lines += ["| field | type | |", "| --- | --- | --- |"]
            lines += [
                f"| `{field}` | {_type_of(of)} | {_cell(of.get('description', ''))} |"
                for field, of in record.get("properties", {}).items()
            ]
            lines.append("")
    return "\n".join(lines)


def _type_of(schema: dict[str, Any]) -> str:
    """Return the type of a field in words, with a link where it is a record of its own."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if values := schema.get("enum"):
        return ", ".join(f"`{value}`" for value in values)
    if branches := schema.get("anyOf"):
        return " or ".join(_type_of(branch) for branch in branches)
    kind = str(schema.get("type", "any"))
    if kind == "array" and "items" in schema:
        return f"list of {_type_of(schema['items'])}"
    return str(schema.get("format", kind))


def metrics_page() -> str:
    """Return a table of the metrics, in Markdown."""
    text = metrics_of(WireStatus(datetime.now(UTC))).decode()
    rows = [
        f"| `{family.name}` | {_cell(family.documentation)} |"
        for family in text_string_to_metric_families(text)
    ]
    head = ["# Metrics", "", "Each is a gauge.", "", "| metric | |", "| --- | --- |"]
    return "\n".join([*head, *rows, ""])


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


def page_of_repository(path: Path) -> str:
    """Return a page that lies outside of `docs/` with its links as from `docs/reference/`."""
    folder = "" if path.parent == ROOT else f"{path.parent.name}/"
    text = _LINK_TO_PAGE.sub("](../", path.read_text("utf-8"))
    return _LINK_TO_FILE.sub(f"](../../{folder}", text)
