"""Messages and mailboxes: what people attached is found, however their program wrote it, and nothing else."""

from __future__ import annotations

import base64
import mailbox
import os
import struct
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from tests.programs import program, run
from tests.returned.test_sources import zipped

from schemebook.returned.arrivals import mailboxes
from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.arrivals.wrapped import signed_content
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside

PDF = b"%PDF-1.7 one\n" + bytes(range(256)) * 8 + b"%%EOF\n"
DAY = "Tue, 03 Nov 2026 09:30:02 +0100"


def message(**attachments: bytes) -> EmailMessage:
    """A message with a text and files attached; `a_pdf` is called a.pdf."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "Rose Ōtaki <rose@example.org>", "office@example.org"
    made["Subject"], made["Date"], made["Message-ID"] = "My form", DAY, "<1@example.org>"
    made.set_content("Here it is.\n\nFrom Monday I am away.\n")
    made.add_alternative("<p>Here it is.</p>", subtype="html")
    for name, data in attachments.items():
        made.add_attachment(data, "application", "pdf", filename=name.replace("_", "."))
    return made


def saved(folder: Path, made: EmailMessage | bytes, name: str = "m.eml") -> Path:
    path = folder / name
    path.write_bytes(made if isinstance(made, bytes) else made.as_bytes())
    return path


def found(path: Path, limits: Limits | None = None) -> list[ReturnedPdf | SetAside]:
    return list(find_returned([path], limits))


def names(path: Path, limits: Limits | None = None) -> dict[str, str]:
    """Name below the path -> reason, or `read`."""
    return {
        one.name.removeprefix(path.as_posix()): one.reason if isinstance(one, SetAside) else "read"
        for one in found(path, limits)
    }


def test_an_attachment_has_its_bytes_its_day_and_its_sender(tmp_path: Path) -> None:
    for one in find_returned([saved(tmp_path, message(a_pdf=PDF))]):
        assert isinstance(one, ReturnedPdf)
        assert one.path.read_bytes() == PDF
        assert one.name.endswith("m.eml!/a.pdf")
        assert one.received == datetime(2026, 11, 3, 8, 30, 2, tzinfo=UTC)
        assert one.letter is not None
        assert (one.letter.sender, one.letter.message) == ("rose@example.org", "<1@example.org>")
        one.discard()
        assert not one.path.exists()


def test_the_server_s_stamp_counts_before_the_sender_s_clock(tmp_path: Path) -> None:
    raw = b"Received: from a by b; Wed, 04 Nov 2026 10:00:00 +0000\r\n" + message(a_pdf=PDF).as_bytes()
    (one,) = found(saved(tmp_path, raw))
    assert one.received == datetime(2026, 11, 4, 10, tzinfo=UTC)


def test_a_message_without_a_day_came_when_its_file_did(tmp_path: Path) -> None:
    made = message(a_pdf=PDF)
    made.replace_header("Date", "yesterday, perhaps")
    path = saved(tmp_path, made)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    (one,) = found(path)
    assert one.received == datetime.fromtimestamp(1_790_000_000, UTC)


def test_every_way_in_which_a_pdf_is_attached_is_seen(tmp_path: Path) -> None:
    encoded = base64.encodebytes(PDF).decode()
    parts = {
        "inline, as Apple Mail sends it": 'Content-Type: application/pdf; x-unix-mode=0644; name="a.pdf"\n'
        "Content-Disposition: inline;\n filename*=utf-8''Ma%CC%84ori%20form.pdf",
        "octets": 'Content-Type: application/octet-stream; name="A.PDF"',
        "octets without a name": "Content-Type: application/octet-stream",
        "a wrong type": "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.pdf",
        "an encoded name": 'Content-Type: application/pdf; name="=?utf-8?Q?M=C4=81ori.pdf?="',
        "a name in pieces": "Content-Type: application/x-download\nContent-Disposition: attachment;\n"
        " filename*0*=utf-8''M%C4%81;\n filename*1*=ori.pdf",
    }
    body = "".join(f"--x\n{head}\nContent-Transfer-Encoding: base64\n\n{encoded}\n" for head in parts.values())
    raw = f'MIME-Version: 1.0\nFrom: a@b\nContent-Type: multipart/mixed; boundary="x"\n\n{body}--x--\n'
    for one in find_returned([saved(tmp_path, raw.encode())]):
        assert isinstance(one, ReturnedPdf), one
        assert one.path.read_bytes() == PDF
        one.discard()
    read = [one.name.rpartition("!/")[2] for one in found(tmp_path / "m.eml")]
    assert read == ["Māori form.pdf", "A.PDF", "3", "a.pdf", "Māori.pdf", "Māori.pdf"]


def test_what_mail_programs_put_in_is_passed_over_and_what_people_attach_is_not(tmp_path: Path) -> None:
    made = message(a_pdf=PDF)
    made.add_attachment(b"sig", "application", "pgp-signature", filename="signature.asc")
    made.add_attachment("BEGIN:VCARD", "vcard", filename="me.vcf")
    made.add_attachment(b"\x89PNG", "image", "png", filename="logo.png", cid="<l@x>", disposition="inline")
    made.add_attachment(b"\xff\xd8\xff", "image", "jpeg", filename="photo.jpg")
    made.add_attachment(b"PK\x03\x04docx", "application", "msword", filename="form.docx")
    assert list(names(saved(tmp_path, made))) == ["!/a.pdf", "!/photo.jpg", "!/form.docx"]


def test_a_photograph_that_a_telephone_put_into_the_text_is_a_return(tmp_path: Path) -> None:
    made = message()
    for name, size in (("logo.png", 40_000), ("IMG_0001.jpeg", 400_000)):
        picture = b"\xff\xd8\xff" + bytes(size)
        made.add_attachment(picture, "image", "jpeg", filename=name, cid=f"<{name}@x>", disposition="inline")
    assert [name.rpartition("/")[2] for name in names(saved(tmp_path, made))] == ["IMG_0001.jpeg"]


def test_a_forwarded_message_is_looked_into_and_was_sent_by_whom_it_says(tmp_path: Path) -> None:
    outer = message()
    outer.replace_header("From", "office@example.org")
    outer.add_attachment(message(a_pdf=PDF))
    (one,) = found(saved(tmp_path, outer))
    assert isinstance(one, ReturnedPdf) and one.letter is not None
    assert one.letter.sender == "rose@example.org"


def test_a_zip_in_a_message_and_a_message_in_a_zip_are_opened(tmp_path: Path) -> None:
    made = message()
    made.add_attachment(zipped({"b.pdf": PDF}), "application", "zip", filename="forms.zip")
    path = saved(tmp_path, made)
    (one,) = found(path)
    assert isinstance(one, ReturnedPdf) and one.name.endswith("m.eml!/forms.zip!/b.pdf")
    assert one.letter is not None and one.letter.sender == "rose@example.org"
    assert one.received == one.letter.received
    (tmp_path / "all.zip").write_bytes(zipped({"m.eml": path.read_bytes()}))
    assert names(tmp_path / "all.zip") == {"!/m.eml!/forms.zip": "too-large"}
    (tmp_path / "all.zip").write_bytes(zipped({"m.eml": message(a_pdf=PDF).as_bytes()}))
    assert names(tmp_path / "all.zip") == {"!/m.eml!/a.pdf": "read"}


def test_what_cannot_be_read_of_a_message_has_its_reason(tmp_path: Path) -> None:
    nothing = saved(tmp_path, message(), "nothing.eml")
    assert names(nothing) == {"": "nothing-attached"}
    locked = b"From: a@b\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nMIIB"
    assert names(saved(tmp_path, locked, "locked.eml")) == {"": "encrypted"}
    assert names(saved(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(600), "saved.msg")) == {"": "not-a-pdf"}
    assert names(saved(tmp_path, PDF, "renamed.eml")) == {"": "read"}, "a PDF under a wrong name is read as one"


@pytest.mark.parametrize("said", [len(PDF) + 100, 3 * len(PDF)])
def test_an_attachment_with_fewer_bytes_than_its_message_says_is_damaged(tmp_path: Path, said: int) -> None:
    made = message(a_pdf=PDF)
    (part,) = made.iter_attachments()
    part.set_param("size", str(said), "Content-Disposition")
    assert names(saved(tmp_path, made)) == {"!/a.pdf": "damaged"}


@pytest.mark.parametrize("said", [len(PDF), len(PDF) - 5, len(base64.encodebytes(PDF)), 3_000])
def test_a_size_that_is_right_or_that_of_the_encoded_text_or_round_says_nothing(tmp_path: Path, said: int) -> None:
    made = message(a_pdf=PDF)
    (part,) = made.iter_attachments()
    part.set_param("size", str(said), "Content-Disposition")
    assert names(saved(tmp_path, made)) == {"!/a.pdf": "read"}


def test_a_message_cut_short_gives_no_whole_attachment(tmp_path: Path) -> None:
    made = message(a_pdf=PDF)
    (part,) = made.iter_attachments()
    part.set_param("size", str(len(PDF)), "Content-Disposition")
    raw = made.as_bytes()
    assert set(names(saved(tmp_path, raw[: len(raw) - 200])).values()) == {"damaged"}


def deep(levels: int) -> bytes:
    heads = [f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(levels)]
    return ("From: a@b\nMIME-Version: 1.0\n" + "".join(heads) + "Content-Type: text/plain\n\nx\n").encode()


@pytest.mark.parametrize("levels", [30, 2_000, 50_000])
def test_a_message_of_very_many_levels_is_set_aside(tmp_path: Path, levels: int) -> None:
    assert names(saved(tmp_path, deep(levels))) == {"": "too-large"}


def test_a_message_of_very_many_parts_or_bytes_is_set_aside(tmp_path: Path) -> None:
    parts = b"--b\n\nx\n" * 100_000
    raw = b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + parts + b"--b--\n"
    assert names(saved(tmp_path, raw)) == {"": "too-large"}
    assert names(saved(tmp_path, message(a_pdf=PDF)), Limits(mail_bytes=1_000)) == {"": "too-large"}


@pytest.mark.parametrize(
    "head",
    [
        'Content-Type: application/pdf; name="=?nonsense?Q?a=ZZ?="',
        "Content-Type: application/pdf; name*=nonsense'x'%ff%fe.pdf",
        'Content-Type: application/pdf\nContent-Disposition: attachment; filename="../../etc/a.pdf"',
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*0=a; filename*x=b",
        "Content-Type: application/pdf\nContent-Disposition: ;;;filename==",
    ],
)
def test_odd_headers_lose_no_attachment_and_name_no_place(tmp_path: Path, head: str) -> None:
    encoded = base64.encodebytes(PDF).decode()
    raw = f"From: =?x?q?y\nDate: ,\nMIME-Version: 1.0\n{head}\nContent-Transfer-Encoding: base64\n\n{encoded}"
    (one,) = found(saved(tmp_path, raw.encode()))
    assert isinstance(one, ReturnedPdf)
    assert ".." not in one.name.partition("m.eml")[2]


def mbox(folder: Path, *messages: bytes) -> Path:
    path = folder / "inbox.mbox"
    stamp = b"From rose@example.org Tue Nov  3 09:30:02 2026\n"
    path.write_bytes(b"".join(stamp + one.replace(b"\r\n", b"\n") + b"\n" for one in messages))
    return path


def test_each_message_of_an_mbox_gives_what_is_attached_to_it(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "inbox")
    for number in range(3):
        box.add(mailbox.mboxMessage(message(**{f"{number}_pdf": PDF + bytes([number])})))
    box.add(mailbox.mboxMessage(message()))
    box.close()
    assert names(tmp_path / "inbox") == {"!/1!/0.pdf": "read", "!/2!/1.pdf": "read", "!/3!/2.pdf": "read"}


def test_an_unquoted_from_line_in_a_text_loses_no_attachment(tmp_path: Path) -> None:
    raw = (
        message(a_pdf=PDF).as_bytes().replace(b"From Monday I am away.", b"From a@b Tue Nov  3 09:30:02 2026\nNote: x")
    )
    assert b"\nFrom a@b" in raw
    assert names(mbox(tmp_path, raw, message(b_pdf=PDF).as_bytes())) == {"!/1!/a.pdf": "read", "!/2!/b.pdf": "read"}


def test_a_message_that_was_cut_does_not_swallow_the_next(tmp_path: Path) -> None:
    raw = message(a_pdf=PDF).as_bytes()
    cut = raw[: raw.index(b"application/pdf") + 900]
    read = names(mbox(tmp_path, cut, message(b_pdf=PDF).as_bytes()))
    assert read["!/2!/b.pdf"] == "read"


def test_an_mbox_with_one_message_past_the_limit_gives_the_others(tmp_path: Path) -> None:
    path = mbox(tmp_path, message(a_pdf=PDF * 50).as_bytes(), message(b_pdf=PDF).as_bytes())
    assert names(path, Limits(mail_bytes=20_000)) == {"!/1": "too-large", "!/2!/b.pdf": "read"}


def test_a_maildir_gives_new_and_read_messages_and_is_left_as_it_was(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "mail")
    box.add(mailbox.MaildirMessage(message(a_pdf=PDF)))
    read = mailbox.MaildirMessage(message(b_pdf=PDF))
    read.set_subdir("cur")
    read.add_flag("S")
    box.add(read)
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    assert sorted(name.rpartition("/")[2] for name in names(tmp_path)) == ["a.pdf", "b.pdf"]
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_a_message_that_moves_while_its_maildir_is_read_is_found_where_it_went(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "mail")
    for number in range(3):
        box.add(mailbox.MaildirMessage(message(**{f"{number}_pdf": PDF})))
    seen = []
    for one in mailboxes.maildir_messages(tmp_path / "mail"):
        seen.append(one.name)
        for path in (tmp_path / "mail/new").iterdir():
            path.rename(tmp_path / "mail/cur" / f"{path.name}:2,S")
    assert len(seen) == 3


def winmail(*files: tuple[str, bytes | None]) -> bytes:
    """A winmail.dat (MS-OXTNEF, 2.1.3): a property of the message first, then the files; one of None has no bytes."""

    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    made = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00069003, b"\0" * 3000)
    for name, data in files:
        made += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, name.encode("cp1252") + b"\0")
        made += b"" if data is None else attribute(2, 0x0006800F, data)
    return made


def with_winmail(data: bytes) -> EmailMessage:
    made = message(b_pdf=PDF)
    made.add_attachment(data, "application", "ms-tnef", filename="winmail.dat")
    return made


def test_files_are_taken_out_of_a_winmail_dat(tmp_path: Path) -> None:
    files = (("Übersicht.pdf", PDF), ("logo.png", b"\x89PNG\r\n\x1a\n"), ("a.pdf", PDF + b" "))
    path = saved(tmp_path, with_winmail(winmail(*files)))
    assert read(path) == {"b.pdf": PDF, "Übersicht.pdf": PDF, "a.pdf": PDF + b" "}


def read(path: Path) -> dict[str, bytes]:
    """The files that came of a message, by their own name."""
    return {
        one.name.rpartition("!/")[2]: one.path.read_bytes()
        for one in find_returned([path])
        if isinstance(one, ReturnedPdf)
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (winmail(("a.pdf", PDF))[:-40], "damaged"),
        (winmail(("a.pdf", PDF))[:-1] + b"\xff", "damaged"),
        (winmail(("a.pdf", None)), "not-a-pdf"),
        (winmail(), None),
    ],
    ids=["cut", "sum", "without-bytes", "without-files"],
)
def test_a_winmail_dat_that_cannot_be_read_leaves_the_rest_of_the_message(
    tmp_path: Path, data: bytes, reason: str | None
) -> None:
    told = {"!/winmail.dat": reason} if reason else {}
    assert names(saved(tmp_path, with_winmail(data))) == {"!/b.pdf": "read", **told}


def test_a_winmail_dat_that_somebody_saved_is_looked_into(tmp_path: Path) -> None:
    path = saved(tmp_path, winmail(("a.pdf", PDF), ("b.pdf", PDF + b" ")), "winmail.dat")
    assert read(path) == {"a.pdf": PDF, "b.pdf": PDF + b" "}
    assert names(saved(tmp_path, winmail(("a.pdf", PDF))[:-9], "winmail.dat")) == {"": "damaged"}
    assert names(saved(tmp_path, winmail(), "winmail.dat")) == {"": "nothing-attached"}


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> list[str | Path]:
    """What tells openssl who signs, or for whom it encrypts."""
    folder = tmp_path_factory.mktemp("signer")
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Rose", "-keyout", folder / "key"]
    run([program("openssl"), *asked, "-out", folder / "certificate"])
    return ["-signer", folder / "certificate", "-inkey", folder / "key"]


def by_openssl(given: bytes, *words: str | Path) -> bytes:
    return run([program("openssl"), "smime", *words], given).stdout


@pytest.mark.parametrize("form", [["-sign", "-nodetach"], ["-sign", "-nodetach", "-stream"], ["-sign"]])
def test_a_signed_message_is_looked_into(tmp_path: Path, signer: list[str | Path], form: list[str]) -> None:
    made = by_openssl(message(a_pdf=PDF).as_bytes(), *form, *signer)
    assert read(saved(tmp_path, made)) == {"a.pdf": PDF}


def test_what_is_encrypted_leaves_the_rest_of_the_message(tmp_path: Path, signer: list[str | Path]) -> None:
    made = message(a_pdf=PDF)
    signed = by_openssl(PDF, "-sign", "-nodetach", "-binary", "-outform", "DER", *signer)
    made.add_attachment(signed, "application", "pkcs7-mime", filename="b.pdf.p7m")
    locked = by_openssl(PDF, "-encrypt", "-outform", "DER", "-aes256", signer[1])
    made.add_attachment(locked, "application", "pkcs7-mime", filename="c.pdf.p7m")
    assert names(saved(tmp_path, made)) == {"!/a.pdf": "read", "!/b.pdf": "read", "!/c.pdf.p7m": "encrypted"}


@pytest.mark.parametrize("cut", [1, 30, 60, 400])
def test_a_signed_envelope_that_is_cut_is_no_file(tmp_path: Path, signer: list[str | Path], cut: int) -> None:
    signed = by_openssl(PDF, "-sign", "-nodetach", "-binary", "-outform", "DER", *signer)
    made = message()
    made.add_attachment(signed[:cut], "application", "pkcs7-mime", filename="b.pdf.p7m")
    assert names(saved(tmp_path, made)) == {"!/b.pdf.p7m": "encrypted"}


@pytest.mark.parametrize(
    "envelope", [b"\x30\x80" * 5_000, b"\x30\x80" + b"\x05\x00" * 15_000_000], ids=["deep", "wide"]
)
def test_an_envelope_without_end_costs_little(envelope: bytes) -> None:
    start = time.process_time()
    assert signed_content(envelope) is None
    assert time.process_time() - start < 4  # all of them would take some ten


def test_a_pdf_attached_as_a_text_is_sent(tmp_path: Path) -> None:
    part = b"--B\nContent-Type: text/plain; name=form\nContent-Disposition: attachment; filename=form\n"
    data = b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(PDF) + b"--B--\n"
    head = b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
    assert names(saved(tmp_path, head + part + data)) == {"!/form": "read"}
