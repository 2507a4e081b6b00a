"""An hour of the raw pages as a WARC file (ISO 28500), each record packed by itself with gzip.

What was written is known by the records' ids, which follow from where the pages stand on the wire.
"""

from __future__ import annotations

import io
import logging
import re
import uuid
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

import msgspec
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ingest.streams.stored_page import StoredPage, decode_page
from nabaa.subscriber.received import Received
from workers.outputs.disk.frame_file import FrameFile
from workers.outputs.disk.frames import GZIP

logger = logging.getLogger(__name__)

SUFFIX = ".warc.gz"
_RECORD_ID = re.compile(rb"^WARC-Record-ID: <(urn:uuid:[0-9a-f-]{36})>", re.MULTILINE)
_HEAD_BYTES = 4_000


class WarcHour:
    """One file.

    Args:
        path: without the suffix.

    Raises:
        OSError: it cannot be read or repaired.
    """

    def __init__(self, path: Path) -> None:
        self._file = FrameFile(path.with_name(path.name + SUFFIX), GZIP)
        heads = (record[:_HEAD_BYTES] for record in self._file.open())
        self._known = {found[1].decode() for head in heads if (found := _RECORD_ID.search(head))}

    def add(self, messages: Sequence[Received]) -> int:
        """Write those that are not there yet; return how many.

        Raises:
            OSError: none of them was written.
        """
        new: dict[str, bytes] = {}
        for message in messages:
            record_id = record_id_of(message)
            if record_id in self._known:
                continue
            try:
                new[record_id] = write_record(decode_page(message.data), record_id)
            except msgspec.MsgspecError as error:
                logger.error("%s %s is left out: %s", message.stream, message.message_id, error)
        if new:
            self._file.append(b"".join(new.values()))
            self._known.update(new)
        return len(new)


def record_id_of(message: Received) -> str:
    """Return the id of the record of a page: the same page of the wire always has the same."""
    name = f"urn:nabaa:{message.stream}/{message.message_id}"
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def write_record(page: StoredPage, record_id: str) -> bytes:
    """Return a page as a WARC record of type `response`, packed.

    The body is as it was after decompression; of the headers those that are kept are there.

    Args:
        page: page as it was fetched.
        record_id: `urn:uuid:…`.
    """
    headers = [
        ("Content-Type", page.content_type),
        ("ETag", page.etag),
        ("Last-Modified", page.last_modified),
        ("Content-Length", str(len(page.body))),
    ]
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    answer = StatusAndHeaders(
        f"{page.status} {phrase}".strip(),
        [(name, " ".join(value.split())) for name, value in headers if value],
        protocol="HTTP/1.1",
    )
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    record = writer.create_warc_record(
        page.final_url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=answer,
        warc_headers_dict={
            "WARC-Record-ID": f"<{record_id}>",
            "WARC-Date": page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )
    writer.write_record(record)
    return out.getvalue()
