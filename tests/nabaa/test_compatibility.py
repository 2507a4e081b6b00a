"""What a subscriber was written against goes on to work: messages only gain what may be missing.

`docs/schema/vN/` holds the schema of each version that was handed out, as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nabaa.message import decode_article, encode_article
from workers.publish.schema import json_schema

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
GOLDEN = sorted(Path(__file__).with_name("golden").glob("article-*.json"))
OLD = sorted(SCHEMAS.glob("v*/article.schema.json"))

Schema = dict[str, Any]


def present() -> Schema:
    """Return the schema of today, as JSON has it."""
    schema: Schema = json.loads(json.dumps(json_schema()))
    return schema


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return what in a new schema would break who reads by the old one, or old messages for us."""
    faults = []
    for name, before in old["$defs"].items():
        after = new["$defs"].get(name)
        if after is None:
            faults.append(f"{name} is gone")
            continue
        for key, meaning in before.get("properties", {}).items():
            now = after.get("properties", {}).get(key)
            if now is None:
                faults.append(f"{name}.{key} is gone")
            elif bare(now) != bare(meaning):
                faults.append(f"{name}.{key} has another type")
        for key in set(before.get("required", [])) - set(after.get("required", [])):
            faults.append(f"{name}.{key} may be missing")
        for key in set(after.get("required", [])) - set(before.get("required", [])):
            faults.append(f"{name}.{key} is new, and old messages lack it")
    return faults


def bare(meaning: Any) -> Any:
    """Leave the words out, which may be put better."""
    if isinstance(meaning, dict):
        return {
            key: bare(value)
            for key, value in meaning.items()
            if key not in ("description", "title")
        }
    return [bare(each) for each in meaning] if isinstance(meaning, list) else meaning


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.parent.name)
def test_who_reads_by_an_old_schema_can_read_on(path: Path) -> None:
    assert breaks(json.loads(path.read_text("utf-8")), present()) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_message_of_an_earlier_version_is_read(path: Path) -> None:
    article = decode_article(path.read_bytes())
    told = json.loads(path.read_text("utf-8"))
    again = json.loads(encode_article(article))
    assert as_told(told, again) == told


def as_told(told: Any, again: Any) -> Any:
    """Leave out of a message what its earlier version lacks, in records within records too."""
    if isinstance(told, dict):
        return {key: as_told(value, again[key]) for key, value in told.items()}
    if isinstance(told, list) and len(told) == len(again):
        return [as_told(one, other) for one, other in zip(told, again, strict=True)]
    return again


def drop(schema: Schema) -> None:
    del schema["$defs"]["Article"]["properties"]["by"]


def retype(schema: Schema) -> None:
    schema["$defs"]["Article"]["properties"]["by"]["type"] = "array"


def demand(schema: Schema) -> None:
    schema["$defs"]["Article"]["required"].append("mood")


def loosen(schema: Schema) -> None:
    schema["$defs"]["Article"]["required"].remove("by")


def remove(schema: Schema) -> None:
    del schema["$defs"]["Quote"]


@pytest.mark.parametrize("change", [drop, retype, demand, loosen, remove])
def test_a_change_that_breaks_is_told(change: Callable[[Schema], None]) -> None:
    schema = present()
    change(schema)
    assert breaks(present(), schema) != []


def test_an_addition_with_a_default_breaks_nothing() -> None:
    schema = present()
    schema["$defs"]["Article"]["properties"]["mood"] = {"type": "string", "default": ""}
    assert breaks(present(), schema) == []
