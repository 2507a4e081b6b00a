"""A wire as an earlier version left it in Redis, written down key by key, and put back.

It was made by polling and publishing the feeds of `tests/e2e/test_earlier_wire.py` with that
version; where its web server stood is `{base}` in the texts.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import redis


def restore(client: redis.Redis, file: Path, base: str) -> None:
    """Put every key of a saved wire into an empty server.

    Args:
        client: of the server.
        file: JSON: type and value of each key; bytes that are no text in base64.
        base: address of the web server that stands in for the one of that time.
    """
    for key, saved in json.loads(file.read_text("utf-8"))["keys"].items():
        match saved["type"]:
            case "hash":
                fields = {name: _bytes(value, base) for name, value in saved["fields"].items()}
                client.hset(key, mapping=fields)
            case "zset":
                client.zadd(key, {name: float(score) for name, score in saved["scores"].items()})
            case "string":
                client.set(key, _bytes(saved["text"], base))
            case "stream":
                _restore_stream(client, key, saved, base)


def _restore_stream(client: redis.Redis, key: str, saved: dict[str, Any], base: str) -> None:
    for message_id, fields in saved["messages"]:
        values: dict[Any, Any] = {name: _bytes(value, base) for name, value in fields.items()}
        client.xadd(key, values, id=message_id)
    client.execute_command("XSETID", key, saved["last_id"])  # type: ignore[no-untyped-call]
    for group in saved["groups"]:
        client.xgroup_create(key, group["name"], group["last_id"])
        for message_id, consumer, deliveries in group["pending"]:
            client.xclaim(
                key,
                group["name"],
                consumer,
                0,
                [message_id],
                retrycount=deliveries,
                force=True,
            )


def _bytes(value: str | dict[str, str], base: str) -> bytes:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return value.replace("{base}", base).encode()
