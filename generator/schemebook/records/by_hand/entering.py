"""A file that only a person can read and what that person keyed in, in; its record out.

The answers are read by the rules by which typed ones are. Each says that it came by a person, and who that was is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from schemebook.errors import SetAsideError, UsageError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.form_pdf.entries import Misfit, misfits
from schemebook.records.by_hand.keyed import widgets_of
from schemebook.records.by_hand.review import Reviewer
from schemebook.records.record import Record, make_record
from schemebook.records.store.archive import forget_set_aside, keep_in, set_aside_at_hand
from schemebook.records.store.changes import NewChange
from schemebook.records.store.originals import ToKeep, ending_of, original_place, set_aside_path
from schemebook.records.store.store import SHORTEST_PREFIX, NewReturn, Store
from schemebook.records.store.tables import set_aside
from schemebook.returned.limits import Limits
from schemebook.returned.recovery.recovered import Recovered
from schemebook.returned.returned_pdf import ReturnedPdf, hashed
from schemebook.returned.submission import Submission
from schemebook.returned.typed_answers import typed_answers
from schemebook.returned.widget_answers import WidgetAnswer
from schemebook.scheme.answers import Value
from schemebook.scheme.words import what_and_to_do

Widgets = Mapping[str, WidgetAnswer]


@dataclass(frozen=True)
class _Aside:
    """A set-aside file as the store knows it."""

    sha256: str
    source: str
    received: str | None


def find_file(store: Store, named: str, ends: ExitStack | None = None) -> ReturnedPdf:
    """The file to key in: one on the disk, or a set-aside one by the beginning of its hash.

    ends: takes a copy away again that had to be fetched from object storage; left out, none is fetched.

    Raises UsageError where there is none, where it is too large, or is a record already.
    """
    path = Path(named)
    aside = None if path.is_file() else _set_aside(store, named)
    if aside:
        path = set_aside_path(store.folder, aside.sha256)
        if ends:
            path = ends.enter_context(set_aside_at_hand(store.archive, aside.sha256)) or path
    try:
        found = hashed(path, named, Limits())
    except (OSError, SetAsideError):
        raise UsageError(*what_and_to_do("records.no-file", name=named), kind="no-file") from None
    known = aside or _set_aside(store, found.sha256)
    if known:
        received = datetime.fromisoformat(known.received) if known.received else found.received
        found = replace(found, name=known.source, received=received)
    if store.known_among([found.sha256]):
        raise UsageError(*what_and_to_do("records.recorded-already"), kind="recorded-already")
    return found


def _set_aside(store: Store, beginning: str) -> _Aside | None:
    if len(beginning) < SHORTEST_PREFIX or not beginning.isalnum():
        return None
    columns = (set_aside.c.sha256, set_aside.c.source, set_aside.c.received)

    def look(connection: Connection) -> list[_Aside]:
        wanted = select(*columns).where(set_aside.c.sha256.startswith(beginning, autoescape=True)).limit(2)
        return [_Aside(*row) for row in connection.execute(wanted)]

    found = store.look(look)
    return found[0] if len(found) == 1 else None


def form_named(known: Mapping[str, FormDescriptor], named: str) -> FormDescriptor:
    """The published form that SCHEME/FORM names, its latest version, or with -v<n> that one. Raises UsageError."""
    fits = [
        one
        for one in known.values()
        for form in [f"{one.meaning.scheme}/{one.meaning.form}"]
        if named in (form, f"{form}-v{one.meaning.version}")
    ]
    if not fits:
        ids = sorted({f"{one.meaning.scheme}/{one.meaning.form}" for one in known.values()})
        raise UsageError(*what_and_to_do("records.no-such-form", known=", ".join(ids)), kind="no-such-form")
    return max(fits, key=lambda one: (one.meaning.version, one.edition.name == "a4", one.edition.id))


def widgets_of_answers(descriptor: FormDescriptor, answers: Mapping[str, Value]) -> dict[str, WidgetAnswer]:
    """What the widgets hold that give these answers. Raises UsageError naming what fits no question."""
    found: list[Misfit] = [one for one in misfits(descriptor.meaning, answers) if one.kind != "signature-kind"]
    if found:
        raise UsageError(*what_and_to_do("records.answers-misfit", why=found[0].message), kind="answers-misfit")
    return widgets_of(descriptor.meaning, answers)


def enter(store: Store, file: ReturnedPdf, descriptor: FormDescriptor, widgets: Widgets, by: Reviewer) -> Record:
    """Keep a file, with the answers that a person read in it and who that was, as a record: all of it or nothing.

    The copy is kept first, as everywhere; of an anonymous form none is. Raises UsageError where another run recorded
    the file meanwhile, SchemebookError where folder or database are at fault.
    """
    record = make_record(file, _submission(descriptor, widgets))
    if not record.anonymous:
        place = original_place(file.sha256, ending_of(file.path, file.name))
        if keep_in(store.archive, [ToKeep(file.path, file.sha256, place)]):
            raise UsageError(*what_and_to_do("records.no-file", name=file.name), kind="no-file")
    by_whom = NewChange("entered", by.who, by.at(record))
    if not store.put([NewReturn(file.sha256, (record,))], decided=[by_whom]):
        raise UsageError(*what_and_to_do("records.recorded-already"), kind="recorded-already")
    forget_set_aside(store.archive, [file.sha256])
    return store.record(record.id)


def _submission(descriptor: FormDescriptor, widgets: Widgets) -> Submission:
    meaning = descriptor.meaning
    answers, problems = typed_answers(meaning, widgets)
    boxes = {box.name: box for box in reversed(descriptor.edition.boxes)}
    read = tuple(
        Recovered(one.field, one.name, "person", 1.0, True, boxes[one.name].page, boxes[one.name].rect)
        for one in descriptor.widgets
        if one.name in boxes and widgets.get(one.name, WidgetAnswer()).value is not None
    )
    return Submission(
        scheme=meaning.scheme,
        form=meaning.form,
        version=meaning.version,
        edition=descriptor.edition.id,
        answers=answers,
        problems=problems,
        anonymous=meaning.anonymous,
        recovered=read,
    )
