"""How messages are packed: zstandard with a dictionary made of the archive's own messages.

A message alone is too short for a compressor to learn from; with a dictionary it takes a third
less. Each frame names its dictionary: what was packed without one, or with another, is read too.
"""

from __future__ import annotations

import zstandard
from sqlalchemy import Connection, func, insert, select

from workers.index.schema import dictionary, version

LEARN_FROM = 1000
"""Messages that the dictionary is made of; fewer are packed without one."""

_BYTES = 256 * 1024
_LEVEL = 9
_KEPT_AS = "nabaa_codec"


class Codec:
    """Packs and unpacks messages for one connection to a database.

    Args:
        connection: of the archive.
    """

    def __init__(self, connection: Connection) -> None:
        self._readers: dict[int, zstandard.ZstdDecompressor] = {0: zstandard.ZstdDecompressor()}
        self._writer = zstandard.ZstdCompressor(level=_LEVEL)
        self._read_dictionaries(connection)

    @property
    def has_dictionary(self) -> bool:
        """Whether messages are packed with a dictionary."""
        return len(self._readers) > 1

    def pack(self, data: bytes) -> bytes:
        """Return a message packed."""
        return self._writer.compress(data)

    def unpack(self, connection: Connection, data: bytes) -> bytes:
        """Return a message as it was before it was packed.

        Args:
            connection: of the archive; another process may have made a dictionary meanwhile.
            data: packed.
        """
        number = zstandard.get_frame_parameters(data).dict_id
        if number not in self._readers:
            self._read_dictionaries(connection)
        return self._readers[number].decompress(data)

    def learn(self, connection: Connection) -> None:
        """Make a dictionary of the messages that are stored, once there are enough.

        Args:
            connection: of `Archive.writing`.
        """
        if self.has_dictionary:
            return
        self._read_dictionaries(connection)  # another process may have made one
        some = select(version.c.article).limit(LEARN_FROM).subquery()
        stored = connection.execute(select(func.count()).select_from(some)).scalar_one()
        if self.has_dictionary or stored < LEARN_FROM:
            return
        rows = connection.execute(select(version.c.data).limit(LEARN_FROM)).scalars()
        samples: list[bytes | bytearray | memoryview[int]] = [
            self.unpack(connection, bytes(row)) for row in rows
        ]
        made = zstandard.train_dictionary(_BYTES, samples)
        connection.execute(insert(dictionary), [{"data": made.as_bytes()}])
        self._read_dictionaries(connection)

    def _read_dictionaries(self, connection: Connection) -> None:
        rows = connection.execute(select(dictionary.c.data).order_by(dictionary.c.id)).scalars()
        for data in rows:
            known = zstandard.ZstdCompressionDict(bytes(data))
            self._readers[known.dict_id()] = zstandard.ZstdDecompressor(dict_data=known)
            self._writer = zstandard.ZstdCompressor(level=_LEVEL, dict_data=known)


def codec_of(connection: Connection) -> Codec:
    """Return the codec of a connection; it is made once and stays with it."""
    found = connection.info.get(_KEPT_AS)
    if not isinstance(found, Codec):
        found = connection.info[_KEPT_AS] = Codec(connection)
    return found
