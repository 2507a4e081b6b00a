"""The archive's database: opened, made where there is none, read and written in transactions."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)

from config.settings import Settings
from ingest.runtime.private_folder import private_files
from nabaa.errors import ConfigError, NotFoundError, OutputError, without_credentials
from workers.index.facts import read_facts
from workers.index.fulltext import fulltext
from workers.index.migration import BEFORE, migrate
from workers.index.schema import SCHEMA_VERSION, fact, metadata
from workers.index.words import WORDS_VERSION

logger = logging.getLogger(__name__)

FILE_NAME = "archive.sqlite3"

_BUSY_SECONDS = 60
_CACHE_KILOBYTES = 16_000
_PAGE_BYTES = 16_384  # ten messages to a page waste less than two
_MAPPED_BYTES = 1 << 30
_WRITER_LOCK = 0x6E616261  # of PostgreSQL's advisory locks
_OLDEST_POSTGRESQL = 15


class ArchiveAwayError(OutputError):
    """The server of the archive cannot be reached now: another try may succeed."""


class RefusedError(OutputError):
    """The database does not take what was to be written, whenever that is tried."""


class Archive:
    """An open archive; it may be used by several threads.

    Args:
        engine: of the database.
        name: what to call the database in errors, without secrets.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that sees one state of the database, for the functions that read.

        Raises:
            OutputError: the database cannot be used; says why.
        """
        with self._named_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a connection whose changes are kept when the block ends, all or none.

        One process writes at a time; others wait.

        Raises:
            OutputError: the database cannot be used or takes nothing more; says why.
        """
        engine = self._engine.execution_options(nabaa_writes=True)
        with self._named_errors(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"))
            yield connection

    def close(self) -> None:
        """Close every connection that nobody uses."""
        self._engine.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except OverflowError as error:  # a number that no column holds
            raise RefusedError(f"the archive {self.name} cannot hold it: {error}") from error
        except SQLAlchemyError as error:
            reason = str(error.orig if isinstance(error, DBAPIError) else error)
            sentence = " ".join(without_credentials(reason).split()) or type(error).__name__
            kind = _kind_of(error)
            raise kind(f"the archive {self.name} cannot be used: {sentence}") from error


def _kind_of(error: SQLAlchemyError) -> type[OutputError]:
    if not isinstance(error, DBAPIError):
        return OutputError
    # Of PostgreSQL; a connection that was never made or broke has none:
    # https://www.postgresql.org/docs/15/errcodes-appendix.html
    state = getattr(error.orig, "sqlstate", "") or ""
    if isinstance(error, DataError | IntegrityError | ProgrammingError) or state.startswith("54"):
        return RefusedError
    is_server = hasattr(error.orig, "sqlstate")
    if error.connection_invalidated or (is_server and state[:2] in {"", "08", "57"}):
        return ArchiveAwayError
    return OutputError


def archive_of(settings: Settings) -> str | Path:
    """Return where the archive of some settings is, as `open_archive` takes it."""
    return settings.archive_url or settings.data_dir / FILE_NAME


def open_archive(url: str | Path, *, create: bool = True) -> Archive:
    """Open an archive; make its tables where there are none.

    Args:
        url: a file for SQLite, or an address: `postgresql://user@host/name`, `sqlite:///file`.
        create: whether one that is not there is made, and one of the version before this one is
            brought up to date; its index must then be built again (`workers.index.rebuild`).

    Raises:
        ConfigError: the address is none, or its driver is not installed.
        NotFoundError: there is no archive, and none is to be made.
        OutputError: the database cannot be used, or is of another version of nabaa.
    """
    address = _address(url)
    name = address.database if address.drivername == "sqlite" else None
    archive = Archive(_engine(address), name or address.render_as_string(hide_password=True))
    try:
        _prepare(archive, name, create=create)
    except BaseException:
        archive.close()
        raise
    return archive


def _prepare(archive: Archive, file: str | None, *, create: bool) -> None:
    """Make what is not there and may be made; refuse what is of another version."""
    if not create:
        _check_there(archive, file)
    elif file is not None:
        _make_private_file(Path(file))
    with archive.reading() as connection:
        is_there = inspect(connection).has_table(fact.name)
    if not is_there:
        with archive.writing() as connection:
            _make(connection, archive.name)
    with archive.reading() as connection:
        version = read_facts(connection).get("schema")
    if version == BEFORE and create:
        _migrate(archive)
    elif version == BEFORE:
        raise OutputError(
            f"the archive {archive.name} is of an earlier version of nabaa: `nabaa index` "
            "brings it up to date"
        )
    elif version != SCHEMA_VERSION:
        raise OutputError(
            f"the archive {archive.name} is of another version of nabaa (tables "
            f"{version}, this version has {SCHEMA_VERSION}): make a new one and fill "
            "it from the old files"
        )


def _migrate(archive: Archive) -> None:
    with archive.writing() as connection:
        if read_facts(connection).get("schema") == BEFORE:  # no other process has done it
            migrate(connection)
    logger.info("the tables of the archive %s were brought up to date", archive.name)


def _make_private_file(file: Path) -> None:
    """Make a file that no other user can read, and its folder, where they are not there."""
    try:
        with private_files():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    except OSError as error:
        raise OutputError(f"the archive {file} cannot be made: {error.strerror}") from error


def _check_there(archive: Archive, file: str | None) -> None:
    sentence = f"there is no archive in {archive.name}: `nabaa index` makes one"
    if file is not None and not Path(file).exists():
        raise NotFoundError(sentence)
    with archive.reading() as connection:
        if not inspect(connection).has_table(fact.name):
            raise NotFoundError(sentence)


def _address(url: str | Path) -> URL:
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(url))
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ConfigError("NABAA_ARCHIVE_URL is no address of a database") from error
    if address.drivername in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername != "sqlite" or not address.database:
        raise ConfigError(
            f"NABAA_ARCHIVE_URL: {address.drivername} is not known; write "
            "postgresql://user@host/name or sqlite:///file"
        )
    return address


def _engine(address: URL) -> Engine:
    if address.drivername != "sqlite":
        try:
            return create_engine(address, pool_pre_ping=True)
        except ImportError as error:
            raise ConfigError(
                f"the archive in PostgreSQL needs psycopg ({error}): install nabaa[postgres]"
            ) from error
    engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})

    # The driver begins transactions late and in its own way:
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html
    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"page_size = {_PAGE_BYTES}",  # of a new file
            "journal_mode = WAL",
            "synchronous = FULL",  # what was acknowledged is on the disk
            f"cache_size = -{_CACHE_KILOBYTES}",
            f"mmap_size = {_MAPPED_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("nabaa_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make(connection: Connection, name: str) -> None:
    """Make the tables, unless another process has made them meanwhile."""
    if inspect(connection).has_table(fact.name):
        return
    _check_server(connection, name)
    metadata.create_all(connection)
    if connection.dialect.name == "postgresql":  # messages are packed already
        connection.execute(text("ALTER TABLE version ALTER data SET STORAGE EXTERNAL"))
    fulltext(connection).create(connection)
    facts = {"schema": SCHEMA_VERSION, "words": WORDS_VERSION}
    connection.execute(
        insert(fact), [{"name": key, "value": value} for key, value in facts.items()]
    )


def _check_server(connection: Connection, name: str) -> None:
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
        if int(found) // 10_000 < _OLDEST_POSTGRESQL:
            raise OutputError(
                f"the archive {name} needs PostgreSQL {_OLDEST_POSTGRESQL} or newer, not "
                f"{int(found) // 10_000}"
            )
