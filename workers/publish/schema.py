"""The contract of the articles stream, generated from the types: JSON Schema and AsyncAPI 3.

`python -m workers.publish.schema FOLDER` writes both; a test holds them to the types.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from nabaa.message import CREATED, ENCODING, UPDATED
from nabaa.types import Article

JSON_SCHEMA = "article.schema.json"
ASYNC_API = "asyncapi.json"
# `name: description`, whose further lines are indented.
_ATTRIBUTE_LINE = re.compile(r"^(\w+): (.+(?:\n +.+)*)", re.MULTILINE)
_ATTRIBUTES = {
    "specversion": "always `1.0`",
    "id": "hex of the article's uri and its version; the same article always has the same",
    "source": "`/feeds/` and the id of the feed",
    "type": "what happened to the article",
    "time": "when the event was published, RFC 3339 in UTC",
    "datacontenttype": "always `application/json`",
    "subject": "address of the article, where it has one",
    ENCODING: "`zstd` where `data` is packed (RFC 8878); otherwise absent",
    "data": "the article, JSON in UTF-8",
}
_OPTIONAL = ("subject", ENCODING)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `data`."""
    reference, definitions = _components("#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nabaa article",
        **reference,
        "$defs": definitions,
    }


def async_api() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document of the articles stream."""
    reference, definitions = _components("#/components/schemas/{name}")
    properties: dict[str, Any] = {
        name: {"type": "string", "description": description}
        for name, description in _ATTRIBUTES.items()
    }
    properties["data"] |= {
        "contentMediaType": "application/json",
        "contentSchema": reference,
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "nabaa articles",
            "version": "1.3.0",
            "description": (
                "Every new article of the watched feeds, once, with its entities; and again, as a "
                "further version, each time that it says something else."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "articles": {
                "address": "nabaa:{{shard}}:articles",
                "description": (
                    "A Redis stream for each shard; its key holds the shard's number in braces, "
                    "such as nabaa:{0}:articles. Read it with a consumer group of your own."
                ),
                "parameters": {"shard": {"description": "0 up to NABAA_SHARDS, exclusive"}},
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"}
                    for name in ("created", "updated")
                },
            }
        },
        "operations": {
            "receiveArticles": {
                "action": "send",
                "channel": {"$ref": "#/channels/articles"},
                "summary": "nabaa adds one stream entry for each article (XADD).",
            }
        },
        "components": {
            "messages": {
                "created": _message(CREATED, "An article was found", properties),
                "updated": _message(UPDATED, "An article says something else", properties),
            },
            "schemas": definitions,
        },
    }


def _message(name: str, title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "payload": {
            "type": "object",
            "description": "Fields of the stream entry: CloudEvents 1.0 attributes",
            "required": [each for each in _ATTRIBUTES if each not in _OPTIONAL],
            "properties": {**properties, "type": {**properties["type"], "enum": [name]}},
        },
    }


def _components(ref_template: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a reference to Article and the schemas of all types, described by their docstrings."""
    [reference], definitions = msgspec.json.schema_components([Article], ref_template=ref_template)
    for definition in definitions.values():
        summary, _, attributes = inspect.cleandoc(definition["description"]).partition(
            "Attributes:\n"
        )
        definition["description"] = " ".join(summary.split())
        for name, description in _ATTRIBUTE_LINE.findall(textwrap.dedent(attributes)):
            definition["properties"][name]["description"] = " ".join(description.split())
    return reference, definitions


def write(folder: Path) -> None:
    """Write both documents into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in ((JSON_SCHEMA, json_schema()), (ASYNC_API, async_api())):
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
