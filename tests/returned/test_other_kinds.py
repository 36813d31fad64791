"""A file that is no PDF: what it is is told, and what to do, so that nobody has to find out."""

from __future__ import annotations

import gzip
import io
import tarfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.returned.made_pdf import returned
from tests.returned.quirks.test_merged_forms import FORMS, KNOWN, filled
from tests.returned.test_sources import zipped

from schemebook.errors import SetAsideError
from schemebook.returned.submission import read_returned
from schemebook.scheme.words import what_and_to_do


def tarred(*data: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for number, one in enumerate(data):
            entry = tarfile.TarInfo(f"{number}.pdf")
            entry.size = len(one)
            archive.addfile(entry, io.BytesIO(one))
    return made.getvalue()


def a_message() -> bytes:
    made = EmailMessage()
    made["X-Mailer"], made["Subject"], made["From"] = "any", "My form", "Rose <rose@example.org>"
    made.set_content("Here it is.")
    return made.as_bytes()


PDF = filled(FORMS[0])
OFFICE = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/media/image1.png": b"\x89PNG"}
KINDS = [
    (b"", "empty-file"),
    (bytes(4_000), "empty-file"),
    (zipped(OFFICE), "document"),
    (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}), "document"),
    (zipped({"Index/Document.iwa": b"-", "QuickLook/Preview.pdf": PDF}), "document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document"),
    (rb"{\rtf1\ansi Name: Rose}", "document"),
    (zipped({"a.pdf": PDF}), "zip-by-another-name"),
    (gzip.compress(PDF), "other-archive"),
    (tarred(PDF), "other-archive"),
    (tarred(PDF, PDF), "other-archive"),
    (b"Rar!\x1a\x07\x01\0" + bytes(99), "other-archive"),
    (b"\n<!DOCTYPE html><html><title>Sign in</title></html>", "web-page"),
    (b"[InternetShortcut]\r\nURL=https://example.org/form.pdf\r\n", "link"),
    (a_message(), "message-by-another-name"),
    (b"812       \n" + a_message(), "message-by-another-name"),
    (b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n", "locked-file"),
    (b"GIF89a" + bytes(60), "photograph"),
    (b"Name: Rose\nE-mail: rose@example.org\n", "not-a-pdf"),
    (PDF + PDF, "two-in-one"),
    (PDF + b"\r\n" + filled(FORMS[1]), "two-in-one"),
    (filled(FORMS[1]) + PDF, "two-in-one"),
]


@pytest.mark.parametrize(("data", "words"), KINDS, ids=[f"{place}-{words}" for place, (_, words) in enumerate(KINDS)])
def test_what_a_file_is_is_told_with_what_to_do(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(SetAsideError) as set_aside:
        read_returned(returned(tmp_path, data), KNOWN)
    told = set_aside.value
    assert told.reason == ("damaged" if words == "two-in-one" else "not-a-pdf")
    assert (told.what, told.to_do) == tuple(what_and_to_do(f"returned.{words}"))
