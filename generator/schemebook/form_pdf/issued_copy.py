"""An unmarked form, a token and what is known already in; one person's own copy out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from schemebook.form_pdf.fill import FilledCopy, fill_in
from schemebook.form_pdf.finish import UnmarkedForm
from schemebook.form_pdf.marking import file_of, mark
from schemebook.form_pdf.opened import opened
from schemebook.scheme.answers import Value

_NOT_ASKED = "not-asked"


def issued_copy(form: UnmarkedForm, token: str, answers: Mapping[str, Value], locked: Collection[str]) -> FilledCopy:
    """The form with a token in its claim and its codes, and with answers filled in; the same bytes each time.

    answers: ones that `entries.misfits` finds nothing in. locked: ids of fields that, where filled, cannot be changed.
    That a question is answered before the one that opens it is no matter here: its person answers that one.
    """
    with opened(form.pdf) as pdf:
        notes = fill_in(pdf, form.descriptor, answers, locked)
        mark(pdf, form.marks, token=token)
        return FilledCopy(file_of(pdf), tuple(note for note in notes if note.kind != _NOT_ASKED))
