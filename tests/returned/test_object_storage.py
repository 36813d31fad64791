"""Returns in object storage, read from a server of the S3 protocol that is not ours."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url
from tests.returned.test_mail import PDF, message
from tests.returned.test_sources import zipped
from tests.servers import S3Server, s3

from schemebook.errors import SchemebookError, UsageError
from schemebook.returned.arrivals.object_storage import list_objects
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
    return list(find_in_storage(address, limits))


@pytest.mark.all_tiers
def test_objects_are_fetched_one_by_one_with_their_names_and_days(storage: S3Server) -> None:
    put(storage, "2026/b.pdf", PDF)
    put(storage, "2026/a ā.pdf", PDF + b"2")
    put(storage, "other/c.pdf", PDF)
    for one, (name, data) in zip(
        find_in_storage("s3://returns/2026"),
        [("s3://returns/2026/a ā.pdf", PDF + b"2"), ("s3://returns/2026/b.pdf", PDF)],
        strict=True,
    ):
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
    listed = list(list_objects(f"file://{tmp_path}"))
    assert sorted(listed) == [(f"file://{tmp_path}", name) for name in names]
    (tmp_path / "07.pdf").unlink()
    there = list(find_in_storage(f"file://{tmp_path}", keys=names))
    assert [one.name for one in there] == [f"file://{tmp_path}/{name}" for name in names if name != "07.pdf"]
    assert list(find_in_storage(f"file://{tmp_path}", keys=["gone.pdf"])) == []


def test_one_object_and_none_are_listed_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "none").mkdir()
    assert list(list_objects(f"file://{tmp_path}/a.pdf")) == [(f"file://{tmp_path}", "a.pdf")]
    with pytest.raises(UsageError) as raised:
        list(list_objects(f"file://{tmp_path}/none"))
    assert raised.value.kind == "no-objects"
