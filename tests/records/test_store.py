from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from schemebook.errors import SchemebookError, UsageError
from schemebook.records.record import Record, record_id
from schemebook.records.store.store import NewReturn, NewSetAside, Store, open_store
from schemebook.records.store.tables import dump_json
from schemebook.returned.arrivals.object_storage import ListedObject, ObjectEnd
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem

ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64


def record(sha256: str = ONE, part: int = 0, **changed: Any) -> Record:
    plain = Record(
        id=record_id(sha256, part),
        scheme="club",
        form="application",
        version=1,
        received="2026-11-24T09:12:05Z",
        answers={"name": "Tāne Mahuta", "ticks": ["a", "b"]},
        sha256=sha256,
        part=part,
        edition="0a1b2c3d",
        source="inbox/a.pdf",
    )
    return replace(plain, **changed)


def nameless(id: str = "f" * 32, month: str = "2026-11") -> Record:
    return Record(id=id, scheme="club", form="monitoring", version=1, received=month, answers={"age": "30-39"})


def put(store: Store, *found: Record) -> set[str]:
    return store.put([NewReturn(one.sha256 or THREE, (one,)) for one in found])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, create=True) as opened:
        yield opened


FIRST_TABLES = """
CREATE TABLE settings (name VARCHAR(40) PRIMARY KEY, value VARCHAR(200) NOT NULL);
INSERT INTO settings VALUES ('schema-version', '1'), ('anonymous-key', 'aa');
CREATE TABLE records (id VARCHAR(32) NOT NULL, sha256 VARCHAR(64) NOT NULL, part INTEGER NOT NULL,
    scheme VARCHAR(60) NOT NULL, form VARCHAR(60) NOT NULL, version INTEGER NOT NULL, edition VARCHAR(8) NOT NULL,
    received VARCHAR(20) NOT NULL, source TEXT NOT NULL, token TEXT, needs_review BOOLEAN NOT NULL,
    answers JSON NOT NULL, problems JSON NOT NULL, review JSON NOT NULL, PRIMARY KEY (id), UNIQUE (sha256, part));
CREATE TABLE anonymous_records (id VARCHAR(32) PRIMARY KEY, scheme VARCHAR(60), form VARCHAR(60), version INTEGER,
    month VARCHAR(7), needs_review BOOLEAN, answers JSON, problems JSON, review JSON) WITHOUT ROWID;
CREATE TABLE anonymous_seen (hash VARCHAR(64) PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE set_aside (sha256 VARCHAR(64) PRIMARY KEY, source TEXT, reason VARCHAR(60), message TEXT, received TEXT);
INSERT INTO records VALUES ('id', '11', 0, 'club', 'application', 1, '0a1b2c3d', '2026-11-24T09:12:05Z', 'a.pdf', NULL,
    0, '{"name": "Rose"}', '[]', '[]');
"""


def test_a_store_of_an_earlier_schemebook_is_brought_up_to_date_with_all_it_holds(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "schemebook.db")) as database:
        database.executescript(FIRST_TABLES)
    for _ in range(2):
        with open_store(tmp_path) as opened:
            (kept,) = opened.records()
            assert (kept.answers, kept.sender, kept.message_id) == ({"name": "Rose"}, None, None)
    with open_store(tmp_path) as opened:
        put(opened, record(sender="rose@example.org", message_id="<1@example.org>"))
        assert {one.sender for one in opened.records()} == {None, "rose@example.org"}


def test_an_index_that_nothing_asks_for_goes_and_a_part_still_counts_once(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "schemebook.db")) as database:
        database.executescript(f"{FIRST_TABLES} CREATE INDEX records_by_form ON records (scheme, form);")
    with open_store(tmp_path) as opened:
        assert [put(opened, record()) for _ in range(2)] == [{ONE}, set()]
        assert opened.known_among([ONE, TWO]) == {opened.marks(ONE)[0]}
    with closing(sqlite3.connect(tmp_path / "schemebook.db")) as database:
        named = database.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'records'")
        assert all(sql is None for (sql,) in named), "one that no key of the table makes"


def columns(file: Path) -> dict[str, set[str]]:
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: {row[1] for row in database.execute(f"PRAGMA table_info({table})")} for table in tables}


def test_a_store_brought_up_to_date_has_all_that_a_new_one_has(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as database:
        database.executescript(FIRST_TABLES)
    for name in ("old", "new"):
        with open_store(tmp_path, f"sqlite:///{tmp_path / name}.db", create=True):
            pass
    assert columns(tmp_path / "old.db") == columns(tmp_path / "new.db")


def test_a_record_comes_back_as_it_went_in(store: Store) -> None:
    whole = record(
        problems=(AnswerProblem("start", "not-a-date", "This is not a date.", "soonish"),),
        review=(ReviewReason("repaired", "Compare."),),
        needs_review=True,
        token="ABCDEFGH",
        answers={"when": "2026-01-02", "yes": True, "n": 1.5, "t": {"r": {"c": "x"}}, "b": [{"c": 1}], "é": "ʻ😀"},
    )
    assert put(store, whole) == {ONE}
    assert list(store.records()) == [whole]
    assert store.record(whole.id) == whole == store.record(whole.id[:8])


def test_a_file_is_stored_once_whatever_comes_with_it_later(store: Store) -> None:
    assert put(store, record()) == {ONE}
    assert put(store, record(answers={"name": "Somebody else"}), record(TWO)) == {TWO}
    assert [one.answers["name"] for one in store.records()] == ["Tāne Mahuta", "Tāne Mahuta"]
    assert put(store, record(THREE), record(THREE)) == {THREE}
    assert len(store.records()) == 3


def test_the_parts_of_one_file_are_stored_together(store: Store) -> None:
    parts = (record(part=0), record(part=1, form="gap-analysis"))
    assert store.put([NewReturn(ONE, parts)]) == {ONE}
    assert store.records_of([ONE, TWO]) == {ONE: tuple((one.id, "club") for one in parts)}
    assert parts[0].id != parts[1].id


def test_a_part_of_a_file_is_stored_once_and_a_file_that_has_one_twice_not_at_all(store: Store) -> None:
    with pytest.raises(SchemebookError):
        store.put([NewReturn(ONE, (record(part=0), record(part=1), record(part=1)))])
    assert len(store.records()) == 0
    assert store.put([NewReturn(ONE, (record(part=0),))]) == {ONE}
    assert store.put([NewReturn(ONE, (record(part=0), record(part=1)))]) == set()


def test_no_file_is_looked_up_by_walking_the_table(store: Store) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    listed = ListedObject("s3://returns/2026", "a.pdf", '"d41d8"', None, 7, "2026-11-27T09:30:00.588000+00:00")
    new = [NewReturn(ONE, (record(part=0), record(part=1))), NewReturn(TWO, (nameless(),), joined=(THREE,))]
    store.put(new, objects=[ObjectEnd(listed, (ONE,))])
    assert store.known_objects([listed]) == {listed: ONE}
    store.known_among([ONE, TWO, THREE])
    store.records_of([ONE, TWO])
    looked = [one for one in asked if one[0].startswith(("SELECT", "DELETE")) and "settings" not in one[0]]
    with sqlite3.connect(store.folder.parent / "schemebook.db") as raw:
        plans = [raw.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()[0][3] for text, values in looked]
    raw.close()
    assert len(plans) >= 11 and all(plan.startswith("SEARCH") for plan in plans), plans


def test_the_journal_stays_while_a_store_is_written_to_and_goes_with_it(store: Store, tmp_path: Path) -> None:
    journal = tmp_path / "schemebook.db-journal"
    put(store, record(ONE))
    assert journal.stat().st_size == 0, "it holds what was written over"
    with open_store(tmp_path) as other:
        put(other, record(TWO))
        assert len(other.records()) == 2
    assert not journal.exists()
    put(store, record(THREE))
    assert len(store.records()) == 3 and journal.exists()
    store.engine.dispose()
    assert list(tmp_path.iterdir()) == [tmp_path / "schemebook.db"]


def test_records_come_by_the_time_they_came_in_and_only_of_the_schemes_asked_for(store: Store) -> None:
    late, early = record(ONE, received="2026-12-01T00:00:00Z"), record(TWO, received="2026-11-01T00:00:00Z")
    put(store, late, early, record(THREE, scheme="other"))
    assert [one.sha256 for one in store.records(["club"])] == [TWO, ONE]
    assert [len(store.records(schemes)) for schemes in ((), ("club",), ("other",), ("none",))] == [3, 2, 1, 0]


def test_of_an_anonymous_form_only_answers_and_month_are_kept_and_it_counts_once(store: Store, tmp_path: Path) -> None:
    assert put(store, nameless()) == {THREE}
    assert put(store, nameless("e" * 32)) == set()
    [kept] = store.records()
    assert (kept.received, kept.sha256, kept.source, kept.token, kept.part) == ("2026-11", None, None, None, None)
    assert THREE.encode() not in (tmp_path / "schemebook.db").read_bytes()
    assert store.records_of([THREE]) == {}
    assert store.known_hashes() == {store.marks(THREE)[1]} == store.known_among([THREE, ONE])


def test_nothing_joins_an_anonymous_row_to_a_person_or_to_the_order_of_coming(store: Store, tmp_path: Path) -> None:
    for number in range(9):
        store.put([NewReturn(f"{number}" * 64, (nameless(f"{(number * 7) % 9}" * 32),))])
    with sqlite3.connect(tmp_path / "schemebook.db") as raw:
        for table in ("anonymous_records", "anonymous_seen"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                raw.execute(f"select rowid from {table}")
        columns = {row[1] for row in raw.execute("pragma table_info(anonymous_records)")}
        seen = [row[1] for row in raw.execute("pragma table_info(anonymous_seen)")]
        ids = [row[0] for row in raw.execute("select id from anonymous_records")]
    raw.close()
    assert not columns & {"sha256", "source", "token", "received", "part", "edition"}
    assert seen == ["hash"]
    assert ids == sorted(ids)


def test_the_key_of_anonymous_hashes_differs_from_store_to_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "a", create=True) as a, open_store(tmp_path / "b", create=True) as b:
        assert a.marks(ONE)[1] != b.marks(ONE)[1]
    with open_store(tmp_path / "a") as again:
        assert again.marks(ONE) == a.marks(ONE)


def test_a_set_aside_file_is_noted_until_it_becomes_a_record(store: Store, tmp_path: Path) -> None:
    aside = NewSetAside(ONE, "inbox/a.pdf", "unpublished-form", "Publish it.", "2026-11-24T09:12:05Z")
    store.put([], [aside])
    store.put([], [replace(aside, reason="damaged")])

    def rows() -> list[Any]:
        with sqlite3.connect(tmp_path / "schemebook.db") as raw:
            found = raw.execute("select sha256, reason from set_aside").fetchall()
        raw.close()
        return found

    assert rows() == [(ONE, "damaged")]
    put(store, record())
    assert rows() == []


@pytest.mark.parametrize("id", ["", "abc", "0" * 32, "%" * 32, "_" * 32])
def test_an_id_of_no_record_is_told(store: Store, id: str) -> None:
    put(store, record())
    with pytest.raises(UsageError):
        store.record(id)


def test_an_id_that_begins_two_records_is_told(store: Store) -> None:
    put(store, replace(record(ONE), id="ab" * 16), replace(record(TWO), id="ab" * 15 + "ff"))
    with pytest.raises(UsageError) as told:
        store.record("abababab")
    assert told.value.kind == "ambiguous-id"


def test_reading_makes_no_database(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert list(store.records()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_database_named_and_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        open_store(tmp_path, f"sqlite:///{tmp_path}/other.db")
    assert told.value.kind == "no-database"


@pytest.mark.parametrize(
    ("url", "kind"), [("not a url", "not-a-url"), ("nosuch://x/y", "no-driver"), ("mssql+pyodbc://x/y", "no-driver")]
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, url: str, kind: str) -> None:
    with pytest.raises(UsageError) as told:
        open_store(tmp_path, url.replace("://", "://me:secret@"))
    assert told.value.kind == kind and "secret" not in str(told.value)


def test_originals_lie_beside_the_database(tmp_path: Path) -> None:
    with open_store(tmp_path / "project", f"sqlite:///{tmp_path}/else/x.db", create=True) as store:
        assert store.folder == tmp_path / "else" / "records"


def test_a_new_database_is_its_owners_alone(store: Store, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "schemebook.db").stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "schemebook.db").write_bytes(b"My thesis, chapter one." * 100)
    with pytest.raises(SchemebookError) as told:
        open_store(tmp_path, create=True)
    assert told.value.kind == "database-broken" and told.value.exit_status == 1


def test_a_database_broken_in_the_middle_is_told_without_an_answer(tmp_path: Path) -> None:
    with open_store(tmp_path, create=True) as store:
        for number in range(200):
            put(store, record(f"{number:064x}", answers={"name": "Planted Answer" * 20}))
    file = tmp_path / "schemebook.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))
    with pytest.raises(SchemebookError) as told, open_store(tmp_path) as store:
        list(store.records())
    assert told.value.kind in ("database-broken", "database-at-fault") and "Planted" not in str(told.value)


def test_a_database_in_use_is_told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemebook.records.store.tables.BUSY_SECONDS", 0)
    other = sqlite3.connect(tmp_path / "schemebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SchemebookError) as told:
        open_store(tmp_path, create=True)
    other.close()
    assert told.value.kind == "database-locked"


def test_a_database_of_a_later_version_is_left_alone(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "schemebook.db") as raw:
        raw.execute("update settings set value = '999' where name = 'schema-version'")
    raw.close()
    with pytest.raises(SchemebookError) as told:
        open_store(tmp_path)
    assert told.value.kind == "newer-database"


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    impossible = replace(record(TWO), id=record(ONE).id)
    with pytest.raises(SchemebookError):
        put(store, record(ONE), impossible)
    assert len(store.records()) == 0


def test_an_error_shows_no_answer(store: Store) -> None:
    with pytest.raises(SchemebookError) as told:
        put(store, record(answers={"name": "Planted"}), replace(record(TWO), id=record(ONE).id))
    chain: BaseException | None = told.value
    while chain is not None:
        assert "Planted" not in str(chain)
        chain = chain.__context__


@given(st.recursive(st.text() | st.booleans() | st.integers(-9, 9), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_text_can_be_stored(value: Any) -> None:
    dump_json(value).encode()


@pytest.mark.parametrize("text", ["half \ud83d letter", "a\x00b"])
def test_what_databases_refuse_is_taken_out_and_the_rest_stays(store: Store, text: str) -> None:
    put(store, record(answers={"name": text, "other": "kept"}))
    [kept] = store.records()
    assert kept.answers["other"] == "kept" and "\x00" not in kept.answers["name"] and len(kept.answers["name"]) > 1


def test_times_are_utc_to_the_second() -> None:
    from datetime import timedelta, timezone

    from schemebook.records.record import utc_text

    auckland = timezone(timedelta(hours=13))
    assert utc_text(datetime(2026, 11, 24, 9, 12, 5, 999, tzinfo=auckland)) == "2026-11-23T20:12:05Z"
    assert utc_text(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00Z"


def test_those_that_needed_a_person_s_eye_can_be_asked_for_alone(store: Store) -> None:
    doubtful = replace(record(TWO), needs_review=True, review=(ReviewReason("disagreement", "Two differ.", "name"),))
    put(store, record(ONE), doubtful)
    assert [one.sha256 for one in store.records(doubtful=True)] == [TWO]
    assert [len(store.records(["club"], doubtful=True)), len(store.records(["other"], doubtful=True))] == [1, 0]
