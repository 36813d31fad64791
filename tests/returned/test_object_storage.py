"""Returns in object storage, read from a server of the S3 protocol that is not ours."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url
from tests.returned.test_mail import PDF, message
from tests.returned.test_sources import zipped
from tests.servers import S3Server, s3

from schemebook.errors import SchemebookError, UsageError
from schemebook.returned.arrivals.object_storage import KnownObject, ListedObject, ObjectEnd, list_objects
from schemebook.returned.arrivals.sources import find_in_storage
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside


@pytest.fixture(scope="module")
def running_storage() -> Iterator[S3Server]:
    with s3() as server:
        yield server


@pytest.fixture
def storage(running_storage: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    for name, value in running_storage.environment.items():
        monkeypatch.setenv(name, value)
    yield running_storage
    for path in sorted(running_storage.objects.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def put(storage: S3Server, key: str, data: bytes) -> None:
    obstore.put(from_url(f"s3://{storage.bucket}/"), key, data)


def found(address: str, limits: Limits | None = None) -> list[ReturnedPdf | SetAside]:
    return [one for one in find_in_storage(address, limits) if isinstance(one, ReturnedPdf | SetAside)]


def names_of(given: Iterable[object]) -> list[str]:
    return [one.name for one in given if isinstance(one, ReturnedPdf | SetAside)]


@pytest.mark.all_tiers
def test_objects_are_fetched_one_by_one_with_their_names_and_days(storage: S3Server) -> None:
    put(storage, "2026/b.pdf", PDF)
    put(storage, "2026/a ā.pdf", PDF + b"2")
    put(storage, "other/c.pdf", PDF)
    wanted = [("s3://returns/2026/a ā.pdf", PDF + b"2"), ("s3://returns/2026/b.pdf", PDF)]
    files = (one for one in find_in_storage("s3://returns/2026") if not isinstance(one, ObjectEnd))
    for one, (name, data) in zip(files, wanted, strict=True):
        assert isinstance(one, ReturnedPdf)
        assert (one.name, one.path.read_bytes()) == (name, data)
        assert abs((one.received - datetime.now(UTC)).total_seconds()) < 60
        one.discard()
        assert not one.path.exists()


@pytest.mark.all_tiers
def test_zips_and_messages_there_are_opened(storage: S3Server) -> None:
    put(storage, "forms.zip", zipped({"b.pdf": PDF}))
    put(storage, "m.eml", message(a_pdf=PDF).as_bytes())
    put(storage, ".hidden", b"x")
    assert [one.name for one in found("s3://returns")] == [
        "s3://returns/forms.zip!/b.pdf",
        "s3://returns/m.eml!/a.pdf",
    ]


@pytest.mark.all_tiers
def test_an_address_may_name_one_object(storage: S3Server) -> None:
    put(storage, "2026/a.pdf", PDF)
    put(storage, "2026/a.pdf.bak", PDF)
    assert [one.name for one in found("s3://returns/2026/a.pdf")] == ["s3://returns/2026/a.pdf"]


@pytest.mark.all_tiers
def test_an_object_past_the_limit_is_set_aside(storage: S3Server) -> None:
    put(storage, "a.pdf", PDF)
    (one,) = found("s3://returns", Limits(file_bytes=100, mail_bytes=100))
    assert isinstance(one, SetAside) and one.reason == "too-large"


@pytest.mark.all_tiers
def test_nothing_there_no_bucket_and_wrong_keys_are_each_told(
    storage: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError) as raised:
        found("s3://returns/none")
    assert raised.value.kind == "no-objects"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-41")
    put_there = storage.objects / "a.pdf"
    put_there.write_bytes(PDF)
    with pytest.raises(SchemebookError) as told:
        found("s3://returns")
    assert told.value.kind == "storage-at-fault"
    assert "wrong-41" not in str(told.value)


@pytest.mark.all_tiers
def test_a_server_that_does_not_answer_is_told(storage: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{one.getsockname()[1]}")
    with pytest.raises(SchemebookError) as raised:
        found("s3://returns")
    assert raised.value.kind == "storage-at-fault"


def test_a_kind_of_storage_that_nothing_reads_is_told() -> None:
    with pytest.raises(UsageError) as raised:
        found("nowhere-at-all://bucket/a")
    assert raised.value.kind == "no-storage"


def test_what_is_stored_on_this_machine_may_be_named_so_too(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    os.utime(tmp_path / "a.pdf", (1_790_000_000, 1_790_000_000))
    (one,) = found(f"file://{tmp_path}")
    assert isinstance(one, ReturnedPdf)
    assert one.received == datetime.fromtimestamp(1_790_000_000, UTC)


def test_objects_named_before_are_fetched_in_their_order_and_what_has_gone_is_passed_over(tmp_path: Path) -> None:
    names = [f"{number:02}.pdf" for number in range(30)]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(PDF + str(number).encode())
    listed = sorted(list_objects(f"file://{tmp_path}"), key=lambda one: one.key)
    assert [(one.address, one.key) for one in listed] == [(f"file://{tmp_path}", name) for name in names]
    (tmp_path / "07.pdf").unlink()
    there = names_of(find_in_storage(f"file://{tmp_path}", objects=listed))
    assert there == [f"file://{tmp_path}/{name}" for name in names if name != "07.pdf"]
    assert list(find_in_storage(f"file://{tmp_path}", objects=[listed[7]])) == []


def test_one_object_and_none_are_listed_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "none").mkdir()
    (one,) = list_objects(f"file://{tmp_path}/a.pdf")
    assert (one.address, one.key) == (f"file://{tmp_path}", "a.pdf")
    with pytest.raises(UsageError) as raised:
        list(list_objects(f"file://{tmp_path}/none"))
    assert raised.value.kind == "no-objects"


@pytest.mark.parametrize(
    ("address", "etag", "version", "recognisable"),
    [
        ("s3://returns", '"d41d8"', None, True),
        ("gs://returns", '"d41d8"', "7", True),
        ("az://returns", None, "7", True),
        ("s3://returns", None, None, False),
        ("s3://returns", "", None, False),
        ("gs://returns", 'W/"d41d8"', None, False),
        ("file:///returns", '"9860c2-66144cca968a6-1"', None, False),
        ("https://example.org/returns", '"5f0-61ab"', None, False),
    ],
)
def test_an_object_is_known_by_a_strong_tag_of_a_storage_that_makes_it_from_the_bytes(
    address: str, etag: str | None, version: str | None, recognisable: bool
) -> None:
    assert ListedObject(address, "a.pdf", etag, version, 7, "2026-11-27T09:30:00+00:00").recognisable is recognisable


def test_objects_that_are_known_are_passed_over_in_their_place(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.pdf").write_bytes(PDF + str(number).encode())
    address = f"file://{tmp_path}"
    listed = sorted(list_objects(address), key=lambda one: one.key)
    known: dict[ListedObject, str | None] = {listed[3]: "abc", listed[19]: None}
    given = list(find_in_storage(address, objects=listed, known=lambda some: known))
    assert [one for one in given if isinstance(one, KnownObject)] == [
        KnownObject(f"{address}/03.pdf", "abc"),
        KnownObject(f"{address}/19.pdf", None),
    ]
    assert [one.name for one in given if not isinstance(one, ObjectEnd)] == [one.name for one in listed]


def test_of_what_lies_on_a_disk_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    assert not any(isinstance(one, ObjectEnd) for one in find_in_storage(f"file://{tmp_path}"))


@pytest.mark.all_tiers
def test_after_the_files_of_an_object_comes_its_end_unless_something_of_it_was_set_aside(storage: S3Server) -> None:
    put(storage, "a.pdf", PDF)
    put(storage, "b.zip", zipped({"1.pdf": PDF, "2.pdf": PDF + b"2"}))
    put(storage, "c.zip", zipped({"1.pdf": PDF, "2.zip": b"PK\x03\x04 broken"}))
    put(storage, "d.pdf", b"x" * 200)
    given = find_in_storage("s3://returns", Limits(file_bytes=len(PDF) + 1_000))
    ends = {one.object.key: len(one.files) for one in given if isinstance(one, ObjectEnd)}
    assert {key: count for key, count in ends.items() if key != "d.pdf"} == {"a.pdf": 1, "b.zip": 2}


@pytest.mark.all_tiers
def test_an_object_is_told_of_in_the_same_way_until_it_is_written_anew(storage: S3Server) -> None:
    put(storage, "a.pdf", PDF)
    (first,), (again,) = (list(list_objects("s3://returns")) for _ in range(2))
    assert first == again and first.recognisable
    put(storage, "a.pdf", PDF[:-2] + b"!\n")
    (written,) = list_objects("s3://returns")
    assert (written.key, written.size) == (first.key, first.size) and written.etag != first.etag
