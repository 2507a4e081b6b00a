"""The contract of the streams, generated from the types: JSON Schema and AsyncAPI 3.

`python -m workers.publish.schema FOLDER` writes them; a test holds them to the types.
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
from nabaa.story_message import STORY_BREAKING, STORY_CREATED, STORY_MERGED, STORY_UPDATED
from nabaa.types import Article, Story

JSON_SCHEMA = "article.schema.json"
STORY_SCHEMA = "story.schema.json"
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
_STORY_ATTRIBUTES = {
    "specversion": "always `1.0`",
    "id": "hex of the story's id and its revision; `breaking` in place of the revision for an "
    "event of that type, of which a story has one at most",
    "source": "always `/stories`",
    "type": "what happened to the story",
    "time": "when the event was published, RFC 3339 in UTC",
    "subject": "id of the story",
    "datacontenttype": "always `application/json`",
    "data": "the story as it is then, JSON in UTF-8",
}
_STORY_EVENTS = {
    "storyCreated": (STORY_CREATED, "A story begins"),
    "storyUpdated": (STORY_UPDATED, "Something of a story has changed"),
    "storyBreaking": (STORY_BREAKING, "Many outlets began to report a story in a short time"),
    "storyMerged": (STORY_MERGED, "A story turned out to be another one; its last event"),
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `data` of an article's event."""
    return _schema(Article, "nabaa article")


def story_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `data` of a story's event."""
    return _schema(Story, "nabaa story")


def _schema(kind: type, title: str) -> dict[str, Any]:
    [reference], definitions = _components("#/$defs/{name}", kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **reference,
        "$defs": definitions,
    }


def async_api() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document of the streams."""
    [article, story], definitions = _components("#/components/schemas/{name}", Article, Story)
    properties = _properties(_ATTRIBUTES, article)
    story_properties = _properties(_STORY_ATTRIBUTES, story)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "nabaa articles",
            "version": "1.4.0",
            "description": (
                "Every new article of the watched feeds, once, with its entities; and again, as a "
                "further version, each time that it says something else. And the stories that the "
                "articles tell."
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
            },
            "stories": {
                "address": "nabaa:{0}:stories",
                "description": (
                    "One Redis stream for all shards; the braces are part of its key. Read it with "
                    "a consumer group of your own."
                ),
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"} for name in _STORY_EVENTS
                },
            },
        },
        "operations": {
            "receiveArticles": {
                "action": "send",
                "channel": {"$ref": "#/channels/articles"},
                "summary": "nabaa adds one stream entry for each article (XADD).",
            },
            "receiveStories": {
                "action": "send",
                "channel": {"$ref": "#/channels/stories"},
                "summary": "nabaa adds one stream entry each time that a story changes (XADD).",
            },
        },
        "components": {
            "messages": {
                "created": _message(CREATED, "An article was found", properties),
                "updated": _message(UPDATED, "An article says something else", properties),
                **{
                    name: _message(kind, title, story_properties)
                    for name, (kind, title) in _STORY_EVENTS.items()
                },
            },
            "schemas": definitions,
        },
    }


def _properties(attributes: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a stream entry.

    Args:
        attributes: name → description.
        data: schema of what `data` holds.
    """
    properties: dict[str, Any] = {
        name: {"type": "string", "description": description}
        for name, description in attributes.items()
    }
    properties["data"] |= {"contentMediaType": "application/json", "contentSchema": data}
    return properties


def _message(name: str, title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "payload": {
            "type": "object",
            "description": "Fields of the stream entry: CloudEvents 1.0 attributes",
            "required": [each for each in properties if _is_required(each, name)],
            "properties": {**properties, "type": {**properties["type"], "enum": [name]}},
        },
    }


def _is_required(attribute: str, event: str) -> bool:
    return attribute not in _OPTIONAL or (
        attribute == "subject" and event.startswith("nabaa.story")
    )


def _components(
    ref_template: str, *kinds: type
) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """Return references to types, and the schemas of all theirs, described by their docstrings."""
    references, definitions = msgspec.json.schema_components(kinds, ref_template=ref_template)
    for definition in definitions.values():
        summary, _, attributes = inspect.cleandoc(definition["description"]).partition(
            "Attributes:\n"
        )
        definition["description"] = " ".join(summary.split())
        for name, description in _ATTRIBUTE_LINE.findall(textwrap.dedent(attributes)):
            definition["properties"][name]["description"] = " ".join(description.split())
    return references, definitions


def documents() -> dict[str, dict[str, Any]]:
    """Return each document under the name of its file."""
    return {JSON_SCHEMA: json_schema(), STORY_SCHEMA: story_schema(), ASYNC_API: async_api()}


def write(folder: Path) -> None:
    """Write the documents into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
