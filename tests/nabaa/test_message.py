"""The event on the stream, and the documents that describe it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import msgspec
import pytest

from nabaa.message import article_of, data_of, encode_article, event_fields
from nabaa.types import Compression
from tests.support.articles import make_article
from workers.publish import schema

DOCS = Path(__file__).parents[2] / "docs" / "schema"
NOW = datetime(2026, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC)


def fields_of(compression: Compression = "none", **changes: object) -> dict[bytes, bytes]:
    flat = [
        part if isinstance(part, bytes) else part.encode()
        for part in event_fields(make_article(**changes), NOW, compression)
    ]
    return dict(zip(flat[::2], flat[1::2], strict=True))


def packed(**changes: object) -> dict[bytes, bytes]:
    return fields_of("zstd", **changes)


def test_an_article_survives_the_stream() -> None:
    assert article_of(fields_of()) == make_article()


def test_the_attributes_are_those_of_cloudevents() -> None:
    fields = fields_of()
    del fields[b"data"]
    assert fields == {
        b"specversion": b"1.0",
        b"id": b"0" * 32 + b"-1",
        b"source": b"/feeds/sabah",
        b"type": b"nabaa.article.created",
        b"time": b"2026-03-01T09:00:00.250Z",
        b"datacontenttype": b"application/json",
        b"subject": b"https://sabah.example/a",
    }


def test_a_packed_article_survives_the_stream() -> None:
    fields = packed(body_text="بدأ اليوم معرض الكتاب. " * 50)
    assert article_of(fields) == make_article(body_text="بدأ اليوم معرض الكتاب. " * 50)


def test_a_packed_article_says_so_and_is_smaller() -> None:
    text = "بدأ اليوم معرض الكتاب. " * 50
    plain, fields = fields_of(body_text=text), packed(body_text=text)
    assert fields[b"dataencoding"] == b"zstd"
    assert len(fields[b"data"]) < len(plain[b"data"]) / 2


def test_an_article_that_is_not_packed_names_no_encoding() -> None:
    assert b"dataencoding" not in fields_of()


@pytest.mark.parametrize("fields", [{b"dataencoding": b"br"}, {b"data": b"damaged"}])
def test_what_cannot_be_unpacked_is_an_error(fields: dict[bytes, bytes]) -> None:
    with pytest.raises(msgspec.DecodeError, match="`data`"):
        data_of(packed() | fields)


def test_an_article_without_address_has_no_subject() -> None:
    # CloudEvents 1.0: `subject` is optional, and must not be empty when present.
    assert b"subject" not in fields_of(url="")


def test_arabic_is_written_as_it_is() -> None:
    assert "معرض".encode() in encode_article(make_article())


def test_a_field_of_a_later_version_is_passed_over() -> None:
    data = json.loads(encode_article(make_article())) | {"mood": "calm"}
    assert article_of({b"data": json.dumps(data).encode()}) == make_article()


def test_the_message_is_valid_by_the_published_schema() -> None:
    jsonschema.validate(json.loads(encode_article(make_article())), schema.json_schema())


@pytest.mark.parametrize(("name", "document"), schema.documents().items())
def test_the_published_documents_are_those_of_the_types(name: str, document: object) -> None:
    published = json.loads((DOCS / name).read_text("utf-8"))
    assert published == json.loads(json.dumps(document)), "run `make docs`"


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = schema.async_api()

    def check(node: object) -> None:
        if isinstance(node, dict):
            target = node.get("$ref")
            if isinstance(target, str):
                found = document
                for step in target.removeprefix("#/").split("/"):
                    found = found[step]
            for child in node.values():
                check(child)
        elif isinstance(node, list):
            for child in node:
                check(child)

    check(document)
