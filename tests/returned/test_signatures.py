"""Signed returns: who signed and when, whether it holds, and that nothing signed is changed without a word."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pyhanko.sign import signers
from tests.form_pdf.everything import everything
from tests.form_pdf.test_signatures import filled_later, signed, signer  # signer is a fixture

from schemebook.form_pdf.fill import fill_form
from schemebook.records.record import make_record
from schemebook.records.store.store import NewReturn, open_store
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, hashed
from schemebook.returned.signatures import TRUSTED, SignatureCheck
from schemebook.returned.submission import Submission, read_returned

__all__ = ["signer"]

MENTEE, MENTOR = "mentee-signed.signature", "mentor-signed.signature"


@pytest.fixture(scope="module")
def filled() -> bytes:
    form = everything()
    answers = {"mentee-signed": {"name": "Hana", "kind": "none"}}
    return fill_form(form.pdf, form.descriptor, answers).pdf


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Submission]:
    def read_bytes(content: bytes) -> Submission:
        return read_returned(returned(tmp_path, content), {everything().descriptor.edition.id: everything().descriptor})

    return read_bytes


def returned(folder: Path, content: bytes) -> ReturnedPdf:
    path = folder / "a.pdf"
    path.write_bytes(content)
    return hashed(path, "a.pdf", Limits())


Read = Callable[[bytes], Submission]


def test_a_signature_says_who_when_and_that_it_holds(read: Read, filled: bytes, signer: signers.SimpleSigner) -> None:
    found = read(signed(filled, MENTEE, signer))
    (check,) = found.signatures
    assert (check.field, check.signer, check.trust) == ("mentee-signed", "Hana Ngā Rākau", "self-signed")
    assert (check.state, check.changed) == ("holds", ())
    assert check.signed is not None and check.signed.endswith("Z")
    assert not [reason for reason in found.review if reason.kind.startswith("signature")]


def test_a_certificate_that_the_office_named_is_trusted(
    read: Read, filled: bytes, signer: signers.SimpleSigner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = tmp_path / "ours.pem"
    trusted.write_bytes(signer.signing_cert.dump())
    monkeypatch.setenv(TRUSTED, str(trusted))
    assert [check.trust for check in read(signed(filled, MENTEE, signer)).signatures] == ["trusted"]


def test_the_other_party_fills_in_and_signs_later_and_nothing_is_altered(
    read: Read, filled: bytes, signer: signers.SimpleSigner
) -> None:
    pdf = filled_later(signed(filled, MENTEE, signer), ("mentor-signed", "name"), "TE RANGI")
    found = read(signed(pdf, MENTOR, signer))
    assert [(check.field, check.state) for check in found.signatures] == [
        ("mentee-signed", "holds"),
        ("mentor-signed", "holds"),
    ]
    assert not [reason for reason in found.review if reason.kind.startswith("signature")]


def test_an_answer_that_had_been_signed_and_differs_now_is_told(
    read: Read, filled: bytes, signer: signers.SimpleSigner
) -> None:
    found = read(filled_later(signed(filled, MENTEE, signer), ("mentee-signed", "name"), "SOMEBODY ELSE"))
    (check,) = found.signatures
    assert (check.state, check.changed) == ("changed", ("mentee-signed.name",))
    assert "signature-changed" in [reason.kind for reason in found.review]


def test_a_signed_file_written_anew_by_another_program_is_told(
    read: Read, filled: bytes, signer: signers.SimpleSigner
) -> None:
    anew = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed(filled, MENTEE, signer))) as pdf:
        pdf.save(anew)
    found = read(anew.getvalue())
    assert [check.state for check in found.signatures] in (["broken"], ["unreadable"])
    assert any(reason.kind in ("signature-broken", "signature-unreadable") for reason in found.review)


def test_a_byte_changed_under_a_signature_breaks_it(read: Read, filled: bytes, signer: signers.SimpleSigner) -> None:
    content = bytearray(signed(filled, MENTEE, signer))
    place = content.index(b"%PDF-") + 10  # in the comment after the header: no reader minds it, and it is signed
    content[place] ^= 1
    assert [check.state for check in read(bytes(content)).signatures] == ["broken"]


@pytest.mark.parametrize("junk", [b"", b"00", b"3082", b"30820000" * 50, b"ff" * 400])
def test_what_is_no_signature_is_unreadable_and_the_answers_stand(
    read: Read, filled: bytes, signer: signers.SimpleSigner, junk: bytes
) -> None:
    content = signed(filled, MENTEE, signer)
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    found = read(content[:start] + junk.ljust(end - start, b"0") + content[end:])
    assert [check.state for check in found.signatures] == ["unreadable"]
    assert found.answers["mentee-signed"]["kind"] == "digital"


def test_what_was_found_out_is_kept_with_the_record(
    read: Read, filled: bytes, signer: signers.SimpleSigner, tmp_path: Path
) -> None:
    pdf = returned(tmp_path, signed(filled, MENTEE, signer))
    record = make_record(pdf, read(pdf.path.read_bytes()))
    with open_store(tmp_path, create=True) as store:
        store.put([NewReturn(pdf.sha256, (record,))])
        (kept,) = store.records()
    assert kept.signatures == record.signatures
    assert isinstance(kept.signatures[0], SignatureCheck)
