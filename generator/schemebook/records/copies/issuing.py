"""The whole issuing as one list of steps: a form and a list of people in; a marked copy each, in a folder, out."""

from __future__ import annotations

import datetime
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.fill import FillNote
from schemebook.form_pdf.finish import UnmarkedForm, make_unmarked
from schemebook.form_pdf.issued_copy import issued_copy
from schemebook.records.copies.as_issued import locked_answers
from schemebook.records.copies.drafts import message_draft
from schemebook.records.copies.recipients import Recipient, read_recipients
from schemebook.records.copies.unchanged import held
from schemebook.records.people.issued import NewCopy, issue_tokens
from schemebook.records.record import utc_text
from schemebook.records.store.store import open_store
from schemebook.scheme.files import write_file
from schemebook.scheme.form import Form
from schemebook.scheme.project import Project
from schemebook.scheme.words import say, what_and_to_do

_LONGEST_NAME = 100
"""Bytes of a person's key in a file's name; a name has 255 in most file systems."""


@dataclass(frozen=True)
class MadeCopy:
    """One copy that stands in the folder. new: how many of its files had to be written. notes: name no answer."""

    line: int
    files: tuple[Path, ...]
    new: int
    notes: tuple[str, ...]


def issue(
    project: Project,
    scheme_id: str,
    form_id: str,
    people: Path,
    output: Path,
    *,
    now: datetime.datetime,
    database: str | None = None,
    edition: str | None = None,
    drafts: bool = False,
) -> Iterator[MadeCopy]:
    """Make a copy for everybody in a list, one at a time.

    people: CSV (recipients.py). output: the folder. now: the moment, aware of its zone. drafts: write a message with
    each copy beside it. Whatever is wrong with form, list or folder is raised before anything is kept or written:
    UsageError, WrongListError, SchemebookError. A copy whose file is there already, and the same, is left alone.
    """
    form = project.form(scheme_id, form_id)
    blank = _blank(project, scheme_id, form, edition)
    recipients = read_recipients(people, form, blank.descriptor)
    _make_folder(output)
    copies = [_new_copy(one, form, blank) for one in recipients]
    with open_store(project.root, database, create=True) as store:
        tokens = issue_tokens(store, blank.descriptor.claim, copies, utc_text(now))
    for one, token in zip(recipients, tokens, strict=True):
        yield _make(project, scheme_id, form, blank, one, token, output, drafts)


def _new_copy(one: Recipient, form: Form, blank: UnmarkedForm) -> NewCopy:
    meaning = blank.descriptor.meaning
    kept = locked_answers(meaning, one.answers, _locked(form))
    return NewCopy(one.person, one.occasion, one.whose, one.name, one.email, kept, held(meaning, one.answers))


def _locked(form: Form) -> list[str]:
    return [field.id for field in form.fields if field.locked]


def _blank(project: Project, scheme_id: str, form: Form, edition: str | None) -> UnmarkedForm:
    named = f"{scheme_id}/{form.form}"
    if form.anonymous:
        raise UsageError(*what_and_to_do("issue.anonymous", form=named), kind="anonymous")
    blank = make_unmarked(project, scheme_id, form.form, edition)
    if not blank.published:
        words = what_and_to_do("issue.not-published", form=named, name=blank.descriptor.edition.name)
        raise SchemebookError(*words, kind="not-published")
    return blank


def _make_folder(folder: Path) -> None:
    """Tell of a folder that cannot be written to before a token is kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        words = what_and_to_do("issue.folder", folder=folder, reason=error.strerror)
        raise SchemebookError(*words, kind="folder") from None


def _make(
    project: Project,
    scheme_id: str,
    form: Form,
    blank: UnmarkedForm,
    one: Recipient,
    token: str,
    output: Path,
    drafts: bool,
) -> MadeCopy:
    copy = issued_copy(blank, token, one.answers, _locked(form))
    name = file_name(form.form, one.key, token)
    written = {f"{name}.pdf": copy.pdf}
    notes = [_told(one, note) for note in copy.notes]
    if drafts and one.email:
        draft = message_draft(project.scheme(scheme_id), form, one, token, f"{form.form}.pdf", copy.pdf)
        written[f"{name}.eml"] = draft
    elif drafts:
        notes.append(say("issue.no-address", line=one.line))
    new = sum(write_file(output / file, content) for file, content in written.items())
    return MadeCopy(one.line, tuple(output / file for file in written), new, tuple(notes))


def _told(one: Recipient, note: FillNote) -> str:
    return say("issue.copy-note", line=one.line, note=note.message)


def file_name(form: str, key: str, token: str) -> str:
    """Whose copy of what it is, for people; the token keeps two of them apart. Fit for every file system."""
    plain = re.sub(r"[^\w.@+-]+", "-", unicodedata.normalize("NFC", key)).strip("-.")
    plain = plain.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return "-".join(filter(None, (form, plain, token)))
