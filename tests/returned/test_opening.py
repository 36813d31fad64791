"""A file is accepted by itself only when its bytes say that it is whole; a repair is never silent."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.returned.made_pdf import FULL, KNOWN, VALUES, changed, make_pdf, read, returned

from schemebook.errors import SetAsideError
from schemebook.returned.limits import Limits
from schemebook.returned.submission import read_returned

STREAMS = pikepdf.ObjectStreamMode.generate


def outcome(folder: Path, data: bytes, limits: Limits | None = None) -> str | list[str]:
    """The reason why a file is set aside, else the kinds of its review reasons."""
    try:
        return [reason.kind for reason in read(folder, data, limits).review]
    except SetAsideError as error:
        return error.reason


@pytest.mark.parametrize(
    "data", [b"", b"Kia ora", b"\x89PNG\r\n", b"x" * 1024 + make_pdf(), b"PK\x03\x04" + make_pdf()]
)
def test_what_has_no_pdf_header_near_its_start_is_no_pdf(tmp_path: Path, data: bytes) -> None:
    assert outcome(tmp_path, data) == "not-a-pdf"


@pytest.mark.parametrize("before", [b"\n", b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n", b"j" * 1000])
def test_bytes_before_the_header_do_no_harm(tmp_path: Path, before: bytes) -> None:
    assert read(tmp_path, before + make_pdf(VALUES)).answers == FULL
    assert outcome(tmp_path, before + make_pdf(VALUES)) == []


@pytest.mark.parametrize("after", [b"\r\n\r\n", b"\0" * 500, b"-- \nSent from a phone\n"])
def test_bytes_after_the_end_do_no_harm(tmp_path: Path, after: bytes) -> None:
    assert read(tmp_path, make_pdf(VALUES) + after).answers == FULL
    assert outcome(tmp_path, make_pdf(VALUES) + after) == []


def test_an_end_out_of_sight_needs_review(tmp_path: Path) -> None:
    assert outcome(tmp_path, make_pdf(VALUES) + b"\0" * 1100) == ["repaired"]


def test_line_ends_changed_on_the_way_need_review(tmp_path: Path) -> None:
    plain = changed(make_pdf(VALUES), lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert outcome(tmp_path, plain.replace(b"\n", b"\r\n")) in (["repaired"], "damaged")


def test_a_cross_reference_that_points_elsewhere_needs_review(tmp_path: Path) -> None:
    data = make_pdf(VALUES)
    place = data.rfind(b"startxref\n") + len(b"startxref\n")
    end = data.find(b"\n", place)
    wrong = str(int(data[place:end]) - 7).encode().rjust(end - place, b"0")
    found = read(tmp_path, data[:place] + wrong + data[end:])
    assert found.answers == FULL
    assert [reason.kind for reason in found.review] == ["repaired"]


def test_a_password_is_needed_only_where_there_is_one(tmp_path: Path) -> None:
    locked = changed(
        make_pdf(VALUES), lambda pdf: None, static_id=False, encryption=pikepdf.Encryption(owner="o", user="u")
    )
    assert outcome(tmp_path, locked) == "encrypted"


def test_a_file_past_the_limit_is_too_large(tmp_path: Path) -> None:
    data = make_pdf(VALUES)
    pdf = returned(tmp_path, data)
    with pytest.raises(SetAsideError) as raised:
        read_returned(pdf, KNOWN, Limits(file_bytes=len(data) - 1))
    assert raised.value.reason == "too-large"


def test_a_file_that_changes_between_hash_and_reading_is_not_read(tmp_path: Path) -> None:
    pdf = returned(tmp_path, make_pdf(VALUES))
    pdf.path.write_bytes(make_pdf({"name": "Somebody else"}))
    with pytest.raises(SetAsideError) as raised:
        read_returned(pdf, KNOWN)
    assert raised.value.reason == "changed"


def test_a_linearised_file_that_is_shorter_than_it_says_is_damaged(tmp_path: Path) -> None:
    data = changed(make_pdf(VALUES), lambda pdf: None, linearize=True)
    assert outcome(tmp_path, data) == []
    assert outcome(tmp_path, data[: data.find(b"%%EOF") + 6]) == "damaged"
    assert outcome(tmp_path, data[:-1]) == "damaged"


def _containers(inner: bytes, how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        archive.writestr("a.pdf", inner)
        archive.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_pdf_stored_in_another_container_gives_no_answers(tmp_path: Path, how: int) -> None:
    assert outcome(tmp_path, _containers(make_pdf(VALUES), how)) == "not-a-pdf"


@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.disable, STREAMS])
def test_a_pdf_with_another_behind_it_gives_no_invented_answers(tmp_path: Path, mode: Any) -> None:
    ours = changed(make_pdf(VALUES), lambda pdf: None, object_stream_mode=mode)
    other = changed(make_pdf({"name": "Invented"}), lambda pdf: None, object_stream_mode=mode)
    for both in (ours + _containers(other, zipfile.ZIP_STORED), ours + other, ours + other[:-40]):
        found = outcome(tmp_path, both)
        assert found == "damaged"


def _three_ways(data: bytes) -> dict[str, bytes]:
    """A filled form as saved whole with object streams, whole without, and as an update behind the blank."""
    import pypdf

    def none(pdf: pikepdf.Pdf) -> None:
        pass

    updated = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(make_pdf({"name": "Earlier name"})), incremental=True)
    for page in writer.pages:
        for annotation in page["/Annots"]:
            one = annotation.get_object()
            if one.get("/T") in ("name", "story"):
                one[pypdf.generic.NameObject("/V")] = pypdf.generic.TextStringObject(VALUES[one["/T"]])
    writer.write(updated)
    return {
        "streams": changed(data, none, object_stream_mode=STREAMS),
        "plain": changed(data, none, object_stream_mode=pikepdf.ObjectStreamMode.disable),
        "update": updated.getvalue(),
    }


@pytest.mark.parametrize("saved_as", ["streams", "plain", "update"])
def test_a_file_cut_at_any_of_99_places_gives_no_silent_record(tmp_path: Path, saved_as: str) -> None:
    data = _three_ways(make_pdf(VALUES))[saved_as]
    whole = read(tmp_path, data)
    assert not whole.needs_review
    seen = set()
    for percent in range(1, 100):
        try:
            found = read(tmp_path, data[: len(data) * percent // 100])
        except SetAsideError as error:
            seen.add(error.reason)
            continue
        seen.add("read")
        assert found.needs_review or found.answers == whole.answers
    assert "damaged" in seen
    assert seen <= {"damaged", "not-a-pdf", "read"}


def test_bits_that_flip_in_compressed_files_change_no_answer_in_silence(tmp_path: Path) -> None:
    """A seeded sample; the nightly run has the rest."""
    import random

    chance = random.Random(3)
    data = changed(make_pdf(VALUES), lambda pdf: None, object_stream_mode=STREAMS)
    for _ in range(300):
        broken = bytearray(data)
        broken[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            found = read(tmp_path, bytes(broken))
        except SetAsideError:
            continue
        assert found.needs_review or found.answers == FULL


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    pdf = returned(tmp_path, make_pdf(VALUES))
    os.utime(pdf.path, ns=(1, pdf.stamp.changed))
    read_returned(pdf, KNOWN)
    assert (pdf.path.read_bytes(), pdf.path.stat().st_mtime_ns) == (make_pdf(VALUES), pdf.stamp.changed)
