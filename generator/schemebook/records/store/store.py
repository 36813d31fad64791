"""Store: what came of returned files in, once each; records out. Transactions, and errors that a person can mend.

Nothing that a participant wrote is shown in an error: of what the database says only its kind is told.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Table,
    func,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from schemebook.errors import SchemebookError, UsageError
from schemebook.records.record import Record, record_id
from schemebook.records.store.archive import Archive, archive_address, try_out
from schemebook.records.store.changes import NewChange, add_change
from schemebook.records.store.kept import KINDS, ROWS_AT_ONCE, fetch, record_named, records_of_ids
from schemebook.records.store.known_objects import known_among, take_objects
from schemebook.records.store.lone_pages import lone_rows
from schemebook.records.store.rows import nameless_row, put_records, put_rows, remove_those, those_there
from schemebook.records.store.tables import (
    anonymous_records,
    anonymous_seen,
    connect,
    database_url,
    find_setting,
    lone_pages,
    make_tables,
    read_setting,
    records,
    set_aside,
    settings,
    sqlite_file,
    writing,
)
from schemebook.records.store.taken_messages import take_messages
from schemebook.returned.arrivals.imap import MailPlace
from schemebook.returned.arrivals.object_storage import ListedObject, ObjectEnd
from schemebook.scheme.words import what_and_to_do

T = TypeVar("T")

DATABASE, FOLDER = "schemebook.db", "records"
SHORTEST_PREFIX = 6


@dataclass(frozen=True)
class NewReturn:
    """A file that became records, on its way into the store: its parts in order, from 0, without a gap.

    joined: the hashes of the files that were put into it. lone_pages: those that it shows of a form whose other pages
    may come in another file.
    """

    sha256: str
    records: tuple[Record, ...]
    joined: tuple[str, ...] = ()
    lone_pages: tuple[int, ...] = ()

    @property
    def anonymous(self) -> bool:
        """Whether nothing of the file but answers and month is kept."""
        return any(record.anonymous for record in self.records)


@dataclass(frozen=True)
class NewSetAside:
    """A file that could not become a record, on its way into the store."""

    sha256: str
    source: str
    reason: str
    message: str
    received: str | None


class Store:
    """An open database with the folder that lies beside it. Use it in a `with`."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        with _told(engine.url), engine.connect() as connection:
            self._key = read_setting(connection, "anonymous-key").encode()
            self.archive = Archive(folder, find_setting(connection, "originals"))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.engine.dispose()

    def keep_originals_in(self, address: str) -> None:
        """Keep originals in object storage from now on, in every run.

        Raises UsageError for no such address, or where another was named before; SchemebookError where it cannot be
        reached.
        """
        address = archive_address(address)
        if address == self.archive.address:
            return
        try_out(Archive(self.folder, address))

        def work(connection: Connection) -> None:
            before = find_setting(connection, "originals")
            if before not in (None, address):
                raise UsageError(*what_and_to_do("records.archive-elsewhere", address=before), kind="archive-elsewhere")
            if before is None:
                put_rows(connection, settings, [{"name": "originals", "value": address}])

        self.change(work)
        self.archive = Archive(self.folder, address)

    def records(self, schemes: Sequence[str] = (), *, doubtful: bool = False) -> Records:
        """All records, or those of some schemes, by the time they came in; anonymous ones last, in no order.

        doubtful: only those that needed a person's eye when they came, whatever was decided since.
        """
        return Records(self.engine, tuple(schemes), doubtful)

    def record(self, id: str) -> Record:
        """The record of that id, or of the one id that begins so. Raises UsageError."""
        if len(id) < SHORTEST_PREFIX:
            raise UsageError(*what_and_to_do("records.short-id", least=SHORTEST_PREFIX), kind="short-id")
        with _told(self.engine.url), self.engine.connect() as connection:
            return record_named(connection, id)

    def record_within(self, connection: Connection, id: str) -> Record:
        """The record of that id, within a transaction that does more. Raises UsageError."""
        return record_named(connection, id)

    def records_from(self, senders: Sequence[str], most: int) -> dict[str, list[Record]]:
        """Address -> records that came from it, of some addresses in lower case; of each at most so many.

        It walks all records that came by mail: ask for many addresses at once.
        """
        found: dict[str, list[Record]] = {}
        with _told(self.engine.url), self.engine.connect() as connection:
            for first in range(0, len(senders), ROWS_AT_ONCE):
                asked = select(records).where(func.lower(records.c.sender).in_(senders[first : first + ROWS_AT_ONCE]))
                for record in fetch(connection, asked):
                    mine = found.setdefault((record.sender or "").strip().casefold(), [])
                    if len(mine) < most:
                        mine.append(record)
        return found

    def decide(self, id: str, *works: Callable[[Record], Sequence[NewChange]]) -> Record:
        """Keep what somebody decides about a record, and give it as it counts then. works: the record now -> changes.

        All of it is kept or nothing. Two who decide at once are put one after the other, and the second sees what the
        first did.
        """
        return self.change(lambda connection: _decide(connection, id, works))

    def known_hashes(self, most: int | None = None) -> set[bytes] | None:
        """Of every file that is recorded, its mark (see `mark`): enough to tell a second coming. None: too many."""
        found: set[bytes] = set()
        limit = None if most is None else most + 1
        with _told(self.engine.url), self.engine.connect() as connection:
            for column in (records.c.id, anonymous_seen.c.hash):
                found.update(map(bytes.fromhex, connection.scalars(select(column).limit(limit))))
        return found if most is None or len(found) <= most else None

    def known_among(self, hashes: Sequence[str]) -> set[bytes]:
        """The marks of those files that are recorded: `known_hashes` where the store is large and the files are few."""
        with _told(self.engine.url), self.engine.connect() as connection:
            named = those_there(connection, records.c.id, [record_id(one, 0) for one in hashes])
            keyed = those_there(connection, anonymous_seen.c.hash, [self._keyed(one) for one in hashes])
        return {bytes.fromhex(one) for one in named | keyed}

    def marks(self, sha256: str) -> tuple[bytes, bytes]:
        """How a file stands in `known_hashes`: its first record's id, and its keyed hash if its form was anonymous."""
        return bytes.fromhex(record_id(sha256, 0)), bytes.fromhex(self._keyed(sha256))

    def records_of(self, hashes: Sequence[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        """Hash -> (id, scheme) of each record the file became. New files and those of anonymous forms are missing."""
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        wanted, part = list(hashes), 0
        with _told(self.engine.url), self.engine.connect() as connection:
            while wanted:  # most files have one part: parts are numbered without a gap
                ids = {record_id(one, part): one for one in wanted}
                rows = connection.execute(select(records.c.id, records.c.scheme).where(records.c.id.in_(ids))).all()
                for row in rows:
                    found[ids[row.id]] = (*found.get(ids[row.id], ()), (row.id, row.scheme))
                wanted, part = [ids[row.id] for row in rows], part + 1
        return found

    def set_aside_among(self, hashes: Sequence[str]) -> set[str]:
        """Which of some files are set aside."""
        return self.look(lambda connection: those_there(connection, set_aside.c.sha256, hashes))

    def put(
        self,
        new: Sequence[NewReturn],
        aside: Sequence[NewSetAside] = (),
        taken: Sequence[MailPlace] = (),
        decided: Sequence[NewChange] = (),
        objects: Sequence[ObjectEnd] = (),
    ) -> set[str]:
        """Store files in one transaction, and give the hashes of those that were new.

        A file that is there already changes nothing. taken: messages of which nothing is left to be stored. decided:
        what begins the history of each new record. objects: those of object storage whose files came so far. All is
        durable on return.
        """

        def work(connection: Connection) -> set[str]:
            fresh = self._put(connection, new, aside, taken, decided)
            take_objects(connection, objects, self._keyed)
            return fresh

        return self.change(work)

    def known_objects(self, listed: Sequence[ListedObject]) -> Mapping[ListedObject, str | None]:
        """Which objects of object storage need not be fetched: everything of them is here, and they are unchanged."""
        return self.look(lambda connection: known_among(connection, listed, self._keyed))

    def change(self, work: Callable[[Connection], T]) -> T:
        """Do something in one transaction that writes, and what it gives; durable on return.

        The work looks before it writes; it is done once more where another program wrote the same row meanwhile.
        """
        with _told(self.engine.url):
            try:
                return self._in_one(work)
            except IntegrityError:
                return self._in_one(work)

    def _in_one(self, work: Callable[[Connection], T]) -> T:
        with writing(self.engine).begin() as connection:
            return work(connection)

    def put_within(self, connection: Connection, new: Sequence[NewReturn]) -> set[str]:
        """Store files within a transaction that does more, as `put` does."""
        return self._put(connection, new, (), (), ())

    def look(self, work: Callable[[Connection], T]) -> T:
        """Read something, and what it gives."""
        with _told(self.engine.url), self.engine.connect() as connection:
            return work(connection)

    def _put(
        self,
        connection: Connection,
        new: Sequence[NewReturn],
        aside: Sequence[NewSetAside],
        taken: Sequence[MailPlace],
        decided: Sequence[NewChange],
    ) -> set[str]:
        keyed = {one.sha256: self._keyed(one.sha256) for one in new if one.anonymous}
        there = _there(connection, new, keyed)
        fresh = list({one.sha256: one for one in reversed(new) if one.sha256 not in there}.values())[::-1]
        named = [record for one in fresh if one.sha256 not in keyed for record in one.records]
        nameless = [record for one in fresh if one.sha256 in keyed for record in one.records]
        put_records(connection, named)
        put_rows(connection, anonymous_records, [nameless_row(record) for record in nameless])
        alone = [row for one in fresh if one.lone_pages for row in lone_rows(one.records, one.lone_pages)]
        put_rows(connection, lone_pages, alone)
        hashes = [keyed[one.sha256] for one in fresh if one.sha256 in keyed]
        hashes += self._unseen(connection, [hash for one in fresh for hash in one.joined])
        put_rows(connection, anonymous_seen, [{"hash": hash} for hash in hashes])
        for record in (*named, *nameless) if decided else ():
            for one in decided:
                add_change(connection, record, one)
        _replace_set_aside(connection, aside, gone=[hash for one in new for hash in (one.sha256, *one.joined)])
        take_messages(connection, taken)
        return {one.sha256 for one in fresh}

    def _unseen(self, connection: Connection, joined: Sequence[str]) -> list[str]:
        """The keyed hashes, not there yet, of files that were put into another: none of them counts alone again."""
        keyed = list(dict.fromkeys(self._keyed(one) for one in joined))
        there = those_there(connection, anonymous_seen.c.hash, keyed)
        return [one for one in keyed if one not in there]

    def _keyed(self, sha256: str) -> str:
        return hmac.digest(self._key, sha256.encode(), "sha256").hex()


@dataclass(frozen=True)
class Records:
    """Records of a store, read anew each time they are walked, never all at once."""

    engine: Engine
    schemes: tuple[str, ...] = ()
    doubtful: bool = False
    form: str | None = None

    def of_form(self, id: str) -> Records:
        """Those of one form alone."""
        return replace(self, form=id)

    def __iter__(self) -> Iterator[Record]:
        with _told(self.engine.url), self.engine.connect() as connection:
            for table, order in ((records, ("received", "id")), (anonymous_records, ("id",))):
                ids = connection.scalars(self._wanted(select(table.c.id), table).order_by(*order)).all()
                yield from records_of_ids(connection, table, ids)

    def __len__(self) -> int:
        with _told(self.engine.url), self.engine.connect() as connection:
            counts = (self._wanted(select(func.count()).select_from(table), table) for table in KINDS)
            return sum(connection.execute(count).scalar_one() for count in counts)

    def _wanted(self, all_: Select[Any], table: Table) -> Select[Any]:
        found = all_.where(table.c.scheme.in_(self.schemes)) if self.schemes else all_
        found = found.where(table.c.form == self.form) if self.form else found
        return found.where(table.c.needs_review) if self.doubtful else found


def open_store(root: Path, database: str | None = None, *, create: bool = False) -> Store:
    """The store of a project, or another one that `database`, an SQLAlchemy URL, names.

    Originals lie in `records/` beside an SQLite file, else in the project. create: make the database where there is
    none; otherwise the project's own, if missing, is an empty one that is written nowhere. Raises UsageError for a URL
    that cannot be used or names nothing, SchemebookError for a database at fault.
    """
    url = database_url(database) if database else URL.create("sqlite", database=str(root / DATABASE))
    file = sqlite_file(url)
    folder = (file.resolve().parent if file else root) / FOLDER
    if file is not None and not file.exists():
        if not create and database:
            raise UsageError(*what_and_to_do("records.no-database", file=file), kind="no-database")
        if not create:
            url = URL.create("sqlite")
        else:
            _make_private(file)
    engine = connect(url)
    try:
        with _told(url):
            make_tables(engine)
    except SchemebookError:
        engine.dispose()
        raise
    return Store(engine, folder)


def _make_private(file: Path) -> None:
    """An empty file that only its owner opens: SQLite takes it for a new database."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        words = what_and_to_do("records.not-kept", path=file, reason=error.strerror)
        raise SchemebookError(*words, kind="not-kept") from None


_SAID = {
    "locked": "database-locked",
    "busy": "database-locked",
    "full": "disk-full",
    "readonly": "database-read-only",
    "unable to open": "database-not-opened",
    "connect": "database-not-opened",
    "malformed": "database-broken",
    "not a database": "database-broken",
}


@contextmanager
def _told(url: URL) -> Iterator[None]:
    """What a database may refuse, in our words."""
    try:
        yield
    except SQLAlchemyError as error:
        said = str(error.orig).lower() if isinstance(error, DBAPIError) else ""
        kind = next((kind for part, kind in _SAID.items() if part in said), "database-at-fault")
        name = sqlite_file(url) or url.render_as_string(hide_password=True)
        raise SchemebookError(*what_and_to_do(f"records.{kind}", database=name), kind=kind) from None


def _there(connection: Connection, new: Sequence[NewReturn], keyed: Mapping[str, str]) -> set[str]:
    """The hashes of those files that are recorded. keyed: the keyed hashes of those of anonymous forms."""
    first = {one.records[0].id: one.sha256 for one in new if one.sha256 not in keyed}
    there = {first[found] for found in those_there(connection, records.c.id, list(first))}
    seen = those_there(connection, anonymous_seen.c.hash, list(keyed.values()))
    return there | {one for one, hash in keyed.items() if hash in seen}


def _replace_set_aside(connection: Connection, aside: Sequence[NewSetAside], gone: list[str]) -> None:
    rows = {one.sha256: vars(one) for one in aside}
    hashes = [*rows, *gone]
    remove_those(connection, set_aside.c.sha256, hashes)
    put_rows(connection, set_aside, [dict(row) for row in rows.values()])


def _decide(connection: Connection, id: str, works: Sequence[Callable[[Record], Sequence[NewChange]]]) -> Record:
    record = record_named(connection, id)
    for work in works:
        for one in work(record):
            add_change(connection, record, one)
        record = record_named(connection, record.id)
    return record
