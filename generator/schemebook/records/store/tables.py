"""Tables: a database's address in; an engine whose tables stand out. SQLite by default, any that SQLAlchemy knows.

Answers lie in one JSON column: one row a value costs four to seven times as much. Times are text in UTC
(`2026-11-24T09:12:05Z`), the same on every database and in every output.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    select,
    true,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from schemebook.errors import SchemebookError, UsageError
from schemebook.scheme.letters import clean_text
from schemebook.scheme.words import what_and_to_do

SCHEMA_VERSION = 13
MIGRATIONS = files("schemebook.records.store") / "migrations"
"""What each version of the tables changed, as SQL that every database takes: `<version>.sql`. What one database alone
takes stands in `<version>.<dialect>.sql`, which comes after it."""
_WRITERS = 0x5C4E3EB0
"""The number of the lock that a writer holds in PostgreSQL; it means nothing but that it is ours."""
_JOURNAL = "keeps its journal"
BUSY_SECONDS = 30
"""How long to wait while another program writes."""

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
"""`schema-version`, for later migrations; `anonymous-key`, the key of the hashes in `anonymous_seen`;
`originals`, where in object storage these lie."""

_ANSWERS = ("answers", "problems", "review")

records = Table(
    "records",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("part", Integer, nullable=False),
    Column("scheme", String(60), nullable=False),
    Column("form", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("edition", String(8), nullable=False),
    Column("received", String(20), nullable=False),
    Column("source", Text, nullable=False),
    Column("token", Text),
    Column("sender", String(320)),
    Column("message_id", String(320)),
    Column("signatures", JSON),
    Column("needs_review", Boolean, nullable=False),
    *(Column(name, JSON, nullable=False) for name in _ANSWERS),
    Column("recovered", JSON),
    Column("pages", JSON),
)
"""One row a form that came back. One file may hold several: its parts.

The id is made of file and part (`record_id`), so that each part of a file stands here once, and a file is looked up by
the id of its first. Nothing else is indexed: a second index in an order of its own costs as much as the row.
"""

anonymous_records = Table(
    "anonymous_records",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("scheme", String(60), nullable=False),
    Column("form", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("month", String(7), nullable=False),
    Column("needs_review", Boolean, nullable=False),
    *(Column(name, JSON, nullable=False) for name in _ANSWERS),
    Column("recovered", JSON),
    sqlite_with_rowid=False,
)
"""Answers and month of anonymous forms. Ids are random and there is no row order, so nothing tells who came when."""

anonymous_seen = Table(
    "anonymous_seen",
    metadata,
    Column("hash", String(64), primary_key=True),
    sqlite_with_rowid=False,
)
"""A keyed hash of each anonymous file, and of each that was joined into another, so that none counts twice. It stands
beside nothing."""

set_aside = Table(
    "set_aside",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("source", Text, nullable=False),
    Column("reason", String(60), nullable=False),
    Column("message", Text, nullable=False),
    Column("received", String(20)),
)
"""Files that could not become records. A row goes when its file becomes one."""

issued = Table(
    "issued",
    metadata,
    Column("token", String(8), primary_key=True),
    Column("scheme", String(60), nullable=False),
    Column("form", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("edition", String(8), nullable=False),
    Column("person", String(320), nullable=False),
    Column("occasion", String(60), nullable=False),
    Column("whose", String(60), nullable=False),
    Column("name", Text),
    Column("email", String(320)),
    Column("issued", String(20), nullable=False),
    Column("locked", JSON),
    Column("held", JSON),
    UniqueConstraint("scheme", "form", "edition", "person", "occasion"),
)
"""One row a copy of a form that was made for somebody. person: the folded key by which a list knows them."""

changes = Table(
    "changes",
    metadata,
    Column("record", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("who", String(320), nullable=False),
    Column("at", String(20), nullable=False),
    Column("field", Text),
    Column("reason", Text),
    Column("old", JSON),
    Column("new", JSON),
    Column("answers", JSON),
    Column("problems", JSON),
    sqlite_with_rowid=False,
)
"""What people decided about records, in order. answers, problems: all that a record has after a correction."""

mail_taken = Table(
    "mail_taken",
    metadata,
    Column("mailbox", String(500), primary_key=True),
    Column("validity", BigInteger, primary_key=True),
    Column("uid", BigInteger, primary_key=True),
    Column("marked", Boolean, nullable=False, server_default=true()),
    sqlite_with_rowid=False,
)
"""Messages of mailboxes on servers whose returns are all here, so that none is fetched again.

marked: whether a run has marked it as seen on the server since. What earlier versions took counts as marked.
"""

lone_pages = Table(
    "lone_pages",
    metadata,
    Column("record", String(32), primary_key=True),
    Column("edition", String(8), nullable=False),
    Column("whose", String(330), nullable=False),
    Column("pages", JSON, nullable=False),
    Column("received", String(20), nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("joined", String(32)),
    Index("lone_pages_of", "whose", "edition"),
)
"""Records of photographed or scanned pages that came without the others of their form. whose: the token of their copy,
or who sent them. settled: it was looked whether the others are here. joined: the record that they are part of now."""

objects_taken = Table(
    "objects_taken",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("sha256", String(64)),
    sqlite_with_rowid=False,
)
"""Objects of object storage whose files are all here: a keyed hash of all that their listing told, the tag of their
bytes with it. sha256: of the one file that an object is; none for a container, and where the file's own is not kept."""


_encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` with these settings makes an encoder for every value."""


def dump_json(value: Any) -> str:
    """JSON that every database takes: NUL and half letters, which some refuse, are removed from its texts."""
    if value == []:
        return "[]"  # most records have no problem and no reason for review
    try:
        text = to_json(value).decode()  # as Python's own, which takes three times as long
    except PydanticSerializationError:  # half a letter
        return _encode_json(_without_refused(value))
    return _encode_json(_without_refused(value)) if "\\u0000" in text else text


_EMPTY: dict[str, Callable[[], Any]] = {"[]": list, "{}": dict}


def load_json(text: str) -> Any:
    """What a database's JSON says. Pydantic's reader takes half the time of Python's, which reads what it refuses."""
    if len(text) == len("[]") and text in _EMPTY:  # as most of what is kept beside the answers
        return _EMPTY[text]()
    try:
        return from_json(text)
    except ValueError:  # half a letter, from before those were removed
        return json.loads(text)


def _without_refused(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)[0]
    if isinstance(value, dict):
        return {_without_refused(key): _without_refused(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_refused(one) for one in value]
    return value


def database_url(text: str) -> URL:
    """The address of a database. Raises UsageError for what is none."""
    try:
        return make_url(text)
    except ArgumentError:
        raise UsageError(*what_and_to_do("records.not-a-url"), kind="not-a-url") from None


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None for one in memory and for other databases."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    assert url.database is not None
    return Path(url.database)


for _noisy in ("psycopg", "sqlalchemy"):  # what they warn of is told by its error, in our words; a line more says less
    logging.getLogger(_noisy).addHandler(logging.NullHandler())


def connect(url: URL) -> Engine:
    """An engine that never shows a value in an error or a log. Raises UsageError where its driver is missing."""
    how: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite" and sqlite_file(url) is None:  # one database for all threads, in memory
        how = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    try:
        engine = create_engine(url, hide_parameters=True, json_serializer=dump_json, json_deserializer=load_json, **how)
    except (NoSuchModuleError, ModuleNotFoundError):
        words = what_and_to_do("records.no-driver", driver=url.drivername)
        raise UsageError(*words, kind="no-driver") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _settle_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "close", _end_sqlite)
    elif url.get_backend_name() == "postgresql":
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _settle_sqlite(connection: Any, _: Any) -> None:
    """Settings of each SQLite connection. The size of a page is that of new databases.

    A rollback journal, not WAL, which must not lie on a network share (sqlite.org/wal.html, 2), where an office may
    keep it; EXTRA is FULL plus the sync of the folder that a rollback journal needs to be durable. Deleted
    answers are overwritten, and nothing is spilt into temporary files.
    """
    connection.isolation_level = None  # the driver would begin transactions by itself, and not for CREATE TABLE
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "foreign_keys = ON",
        "synchronous = EXTRA",
        "secure_delete = ON",
        "temp_store = MEMORY",
        "page_size = 8192",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take their lock at once: two that first read and then both want to write would fail, not wait.

    Between the transactions of a run their journal stays, empty: to make it and remove it, and to flush its folder both
    times, is most of what is waited for. SQLite lets connections that do either work on one database.
    """
    writes = connection.get_execution_options().get("writes", False)
    if writes and not connection.info.get(_JOURNAL):
        connection.exec_driver_sql("PRAGMA journal_mode = TRUNCATE")
        connection.info[_JOURNAL] = True
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _end_sqlite(connection: Any, record: Any) -> None:
    """The empty journal goes with the connection that used it: a store at rest is one file."""
    if record.info.get(_JOURNAL):
        with suppress(sqlite3.Error):  # another program is writing, or the disk is gone
            connection.execute("PRAGMA journal_mode = DELETE")


def _begin_postgresql(connection: Connection) -> None:
    """Writers take their lock at once here too: of two that wait for each other's rows the server would end one, and
    a row that another program has just written would undo a whole batch. It goes with the transaction."""
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")


def writing(engine: Engine) -> Engine:
    """The engine for transactions that write."""
    return engine.execution_options(writes=True)


def make_tables(engine: Engine) -> None:
    """Make the tables where they are missing, and bring those of an earlier Schemebook up to date.

    Raises SchemebookError for a database of a later one.
    """
    if "settings" not in inspect(engine).get_table_names():
        try:
            _make_anew(engine)
        except DatabaseError:  # another program may have made them meanwhile
            if "settings" not in inspect(engine).get_table_names():
                raise
    with engine.connect() as connection:
        version = int(read_setting(connection, "schema-version"))
    if version > SCHEMA_VERSION:
        raise SchemebookError(*what_and_to_do("records.newer-database"), kind="newer-database")
    if version < SCHEMA_VERSION:
        _migrate(engine)


def _migrate(engine: Engine) -> None:
    """Carry out what stands in the migrations, in order, in one transaction."""
    with writing(engine).begin() as connection:
        version = int(read_setting(connection, "schema-version"))  # another program may have done it meanwhile
        for number in range(version + 1, SCHEMA_VERSION + 1):
            for name in (f"{number}.sql", f"{number}.{engine.dialect.name}.sql"):
                file = MIGRATIONS / name
                for statement in file.read_text("utf-8").split(";") if file.is_file() else ():
                    if statement.strip():
                        connection.exec_driver_sql(statement)
        now = settings.update().where(settings.c.name == "schema-version").values(value=str(SCHEMA_VERSION))
        connection.execute(now)


def _make_anew(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        metadata.create_all(connection)
        if connection.execute(select(settings)).first() is None:
            values = {"schema-version": str(SCHEMA_VERSION), "anonymous-key": secrets.token_hex(32)}
            connection.execute(settings.insert(), [{"name": name, "value": value} for name, value in values.items()])


def find_setting(connection: Connection, name: str) -> str | None:
    """One setting of the database; None where it was never set."""
    return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one_or_none()


def read_setting(connection: Connection, name: str) -> str:
    """One setting of the database."""
    return str(connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one())
