"""Files, folders and zips become returned PDFs one by one, or are set aside; nothing of the sender's is changed."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemebook.errors import UsageError
from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside

PDF = b"%PDF-1.7 one"


def found(*paths: Path, limits: Limits | None = None) -> list[ReturnedPdf | SetAside]:
    return list(find_returned(paths, limits))


def names(folder: Path, *paths: Path, limits: Limits | None = None) -> dict[str, str]:
    """Name below the folder -> reason, or `read`."""
    return {
        one.name.removeprefix(f"{folder.as_posix()}/"): one.reason if isinstance(one, SetAside) else "read"
        for one in found(*paths, limits=limits)
    }


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 3, 9, 30, 2)), data, how)
    return out.getvalue()


def test_a_file_has_its_name_hash_size_and_the_day_it_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    (one,) = found(path)
    assert isinstance(one, ReturnedPdf)
    assert (one.name, one.size) == (path.as_posix(), len(PDF))
    assert one.sha256 == hashlib.sha256(PDF).hexdigest()
    assert one.received == datetime.fromtimestamp(1_790_000_000, UTC)
    one.discard()
    assert path.read_bytes() == PDF


def test_a_folder_gives_its_files_in_order_with_all_below_it(tmp_path: Path) -> None:
    for name in ("b.pdf", "a/z.pdf", "a/y/x.PDF", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(PDF)
    assert list(names(tmp_path, tmp_path)) == ["a/y/x.PDF", "a/z.pdf", "b.pdf", "c.txt"]


def test_files_that_no_person_sends_are_passed_over_unless_named(tmp_path: Path) -> None:
    for name in (".DS_Store", "._a.pdf", "Thumbs.db", "desktop.ini", ".git/x.pdf", "a.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PDF)
    assert names(tmp_path, tmp_path) == {"a.pdf": "read"}
    assert names(tmp_path, tmp_path / "._a.pdf") == {"._a.pdf": "read"}


def test_a_path_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        find_returned([tmp_path, tmp_path / "none"])
    assert raised.value.kind == "no-such-path"


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.pdf").write_bytes(PDF)
    (tmp_path / "in/link.pdf").symlink_to(tmp_path / "out.pdf")
    (tmp_path / "in/loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "in/pipe.pdf")
    assert set(names(tmp_path, tmp_path / "in").values()) == {"not-a-pdf"}
    assert names(tmp_path, tmp_path / "in/link.pdf") == {"in/link.pdf": "read"}


def test_a_file_past_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (one,) = found(tmp_path, limits=Limits(file_bytes=len(PDF) - 1))
    assert isinstance(one, SetAside)
    assert (one.reason, one.sha256, one.path) == ("too-large", None, None)
    assert names(tmp_path, tmp_path, limits=Limits(file_bytes=len(PDF))) == {"a.pdf": "read"}


def test_a_zip_gives_its_members_and_the_zips_in_it(tmp_path: Path) -> None:
    inner = zipped({"c.pdf": PDF + b"c"})
    box = tmp_path / "inbox.zip"
    box.write_bytes(
        zipped({"a.pdf": PDF, "sub/b.pdf": PDF + b"b", "inner.ZIP": inner, "__MACOSX/._a.pdf": b"x", "d/": b""})
    )
    before = box.read_bytes(), box.stat().st_mtime_ns
    shown = []
    for one in find_returned([box]):
        assert isinstance(one, ReturnedPdf)
        assert hashlib.sha256(one.path.read_bytes()).hexdigest() == one.sha256
        shown.append(one.name.rpartition("inbox.zip")[2])
        assert one.received == datetime(2026, 11, 3, 9, 30, 2, tzinfo=UTC)
        one.discard()
        assert not one.path.exists()
    assert shown == ["!/a.pdf", "!/sub/b.pdf", "!/inner.ZIP!/c.pdf"]
    assert (box.read_bytes(), box.stat().st_mtime_ns) == before


def test_nothing_is_left_when_the_iterator_ends_or_is_closed(tmp_path: Path) -> None:
    (tmp_path / "inbox.zip").write_bytes(zipped({"a.pdf": PDF, "b.pdf": PDF}))
    all_of_it = [one.path for one in found(tmp_path)]
    stopped = find_returned([tmp_path])
    first = next(stopped).path
    assert first is not None and first.exists()
    stopped.close()  # type: ignore[attr-defined]
    assert not any(path.exists() for path in (*all_of_it, first) if path)


def test_names_in_a_zip_reach_no_place_outside(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(
        zipped({"../../up.pdf": PDF, "/etc/abs.pdf": PDF, "C:\\w\\..\\x.pdf": PDF, "a\nb.pdf": PDF})
    )
    assert list(names(tmp_path, tmp_path)) == [
        "z.zip!/up.pdf",
        "z.zip!/etc/abs.pdf",
        "z.zip!/C:/w/x.pdf",
        "z.zip!/a b.pdf",
    ]
    assert [path.name for path in tmp_path.parent.rglob("up.pdf")] == []


def test_a_link_in_a_zip_and_a_member_with_a_password_are_set_aside(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.pdf", PDF)
        archive.writestr("b.pdf", PDF)
    data = bytearray(out.getvalue())
    data[data.find(b"PK\x03\x04", 10) + 6] |= 1
    place = data.find(b"PK\x01\x02")
    data[data.find(b"PK\x01\x02", place + 1) + 8] |= 1
    (tmp_path / "z.zip").write_bytes(data)
    assert names(tmp_path, tmp_path) == {
        "z.zip!/link.pdf": "not-a-pdf", "z.zip!/locked.pdf": "encrypted", "z.zip!/b.pdf": "read",
    }  # fmt: skip


def test_a_word_document_is_no_container(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(zipped({"word/a.pdf": PDF}))
    assert names(tmp_path, tmp_path) == {"a.docx": "read"}, "read as one file, which is then no PDF"


def test_a_zip_by_name_that_is_none_is_read_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(PDF)
    assert names(tmp_path, tmp_path) == {"a.zip": "read"}


def test_a_cut_zip_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.pdf": PDF * 100})[:-30])
    assert names(tmp_path, tmp_path) == {"a.zip": "damaged"}


@pytest.mark.parametrize("off", [-1, 1, 1_000_000])
def test_a_member_that_is_not_as_long_as_its_zip_says_is_damaged(tmp_path: Path, off: int) -> None:
    body = os.urandom(2_000_000)
    data = bytearray(zipped({"a.pdf": body, "b.pdf": PDF}))
    place = data.find(b"PK\x01\x02") + 24
    struct.pack_into("<L", data, place, len(body) + off)
    (tmp_path / "z.zip").write_bytes(data)
    assert names(tmp_path, tmp_path) == {"z.zip!/a.pdf": "damaged", "z.zip!/b.pdf": "read"}


def test_a_member_whose_bytes_changed_is_damaged(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.pdf": PDF, "b.pdf": PDF}, zipfile.ZIP_STORED))
    data[data.find(b"one")] ^= 1
    (tmp_path / "z.zip").write_bytes(data)
    assert names(tmp_path, tmp_path) == {"z.zip!/a.pdf": "damaged", "z.zip!/b.pdf": "read"}


def test_a_folder_that_may_not_be_read_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "shut").mkdir(mode=0)
    try:
        listed = names(tmp_path, tmp_path)
    finally:
        (tmp_path / "shut").chmod(0o755)
    assert listed["a.pdf"] == "read"
    assert listed.get("shut", "not-readable") == "not-readable", "root may read it all the same"


def test_a_name_speaks_to_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\x9bb\n.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    (found,) = find_returned([tmp_path])
    assert found.name == f"{tmp_path.as_posix()}/a [2J b .pdf"
