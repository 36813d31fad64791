"""A returned file and the published forms in; its Submission out: the form it is, its answers and their problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import Claim, FormDescriptor
from schemebook.returned.drawings import are_drawable, drawn_on, refuse_large_drawings
from schemebook.returned.form_data import form_of_data, read_form_data
from schemebook.returned.inside import Inside, answers_elsewhere, any_answered, doubts_of_any, doubts_of_file
from schemebook.returned.leaks import QPDF
from schemebook.returned.limits import Limits
from schemebook.returned.merged_forms import MergedForm, may_be_merged, merged_forms
from schemebook.returned.opening import (
    EDGE,
    HeldFile,
    RefusedError,
    hold_file,
    open_pdf,
    set_aside,
    to_be_looked_at,
)
from schemebook.returned.raw_field import RawField
from schemebook.returned.raw_fields import read_raw_fields
from schemebook.returned.recognise import has_other_files, read_claims, recognise
from schemebook.returned.recovery.picture_files import picture_kind, picture_pages
from schemebook.returned.recovery.recovered import PartOfForm, Recovered
from schemebook.returned.returned_pdf import ReturnedPdf
from schemebook.returned.second_reader import open_by_second_reader
from schemebook.returned.signatures import SignatureCheck, check_signatures
from schemebook.returned.typed_answers import typed_answers
from schemebook.returned.widget_answers import SIGNED, WidgetAnswer, answer_of, copies_of_type
from schemebook.returned.written_over import Note, read_notes, written_over
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.words import say

if TYPE_CHECKING:
    from schemebook.returned.recovery.recover import RecoveredForm

SECOND_READER_BYTES = 5_000_000
"""Up to this size pypdf reads what pikepdf refuses or repaired: it takes seconds for a larger one."""

_UNSOUND = {
    "changed": "signature-changed",
    "broken": "signature-broken",
    "unreadable": "signature-unreadable",
}
"""What became of a signature -> the reason to look at the record."""


@dataclass(frozen=True)
class ReviewReason:
    """Why a person should look at a record: a stable kebab-case kind and the words for it.

    field: the question that it is about; empty where it is the whole form.
    """

    kind: str
    message: str
    field: str = ""


@dataclass(frozen=True)
class Submission:
    """What one returned form says.

    answers: by field id, in the shape that `records` prints and `fill` takes; an unanswered field is absent.
    problems: what is wrong with single answers; never a reason to lose the form. part: which form of the file.
    signatures: of each digital signature, who, when and whether it holds.
    recovered: of each answer that was read from print, how; empty where all stood in fields. others: the further forms
    of the same file. pictures: how many pages a look at their pictures could tell more of. pages: page of the form ->
    page of the file, where that is another. lone_pages: those that the file shows, of a form whose others may lie in
    other files. partial: what may be joined with those.
    """

    scheme: str
    form: str
    version: int
    edition: str
    answers: dict[str, Any]
    problems: tuple[AnswerProblem, ...] = ()
    review: tuple[ReviewReason, ...] = ()
    anonymous: bool = False
    token: str | None = None
    part: int = 0
    signatures: tuple[SignatureCheck, ...] = ()
    recovered: tuple[Recovered, ...] = ()
    others: tuple[Submission, ...] = ()
    pictures: int = 0
    pages: Mapping[int, int] = field(default_factory=dict)
    lone_pages: tuple[int, ...] = ()
    partial: PartOfForm | None = None

    @property
    def needs_review(self) -> bool:
        """Whether the reading itself is in doubt, so that a person should compare it with the PDF."""
        return bool(self.review)

    def doubted(self, reasons: Iterable[ReviewReason]) -> Submission:
        """The same with more reasons why a person should look at it."""
        more = tuple(reasons)
        return replace(self, review=(*self.review, *more)) if more else self


def read_returned(pdf: ReturnedPdf, known: Mapping[str, FormDescriptor], limits: Limits | None = None) -> Submission:
    """Read the answers of one returned PDF.

    pdf: the file as received. known: the published versions and editions, by edition id. What the file says of
    itself only names one of them.

    An answer that does not fit its field is a problem, not an error: its text is kept, and the other answers stand.
    Raises SetAsideError when the file gives no record: not a PDF, damaged, encrypted, too large, no fields, or a
    form of nobody's. A file that needed a repair but shows every field of the published version once, with its
    type, is read and marked for review; one that does not is damaged.
    """
    limits = limits or Limits()
    with hold_file(pdf.path, pdf.stamp, limits) as held:
        return read_held(pdf, held, known, limits)


def read_held(pdf: ReturnedPdf, held: HeldFile, known: Mapping[str, FormDescriptor], limits: Limits) -> Submission:
    """The same for a file that is open already."""
    said = read_form_data(held.data, limits)
    if said is not None:
        form, fields = form_of_data(said, known)
        return _answered(form, _widget_answers(fields, form), ("no-form",))
    if picture_kind(held.data[:EDGE]):
        raise to_be_looked_at(set_aside("not-a-pdf"), picture_pages(held.data, limits.printed_pages))
    try:
        with open_pdf(held, limits) as opened:
            inside = _look_into(pdf.path, opened.pdf, known, limits)
            repaired = opened.repaired()
            inside = _with_drawings(inside, opened.pdf, limits)
    except (*QPDF, RefusedError):
        return _by_second_reader(pdf, known, limits)
    if not repaired:
        return _by_fields_or_print(pdf, inside, known, limits)
    return _repaired(pdf, inside, known, limits)


def _by_fields_or_print(
    pdf: ReturnedPdf, inside: Inside, known: Mapping[str, FormDescriptor], limits: Limits
) -> Submission:
    """The answers in the fields of a file; where none of them are ours, what its pages show."""
    try:
        return _submission(inside, known, ())
    except SetAsideError as error:
        if error.reason not in ("no-fields", "not-ours"):
            raise
        from schemebook.returned.recovery.recover import recover  # only now: it brings a second PDF library

        found = recover(pdf.path, known, inside.claim, limits)
        if not found.forms:
            told = set_aside("no-fields", "files-inside") if inside.files_inside else error
            raise to_be_looked_at(told, found.pictures) from None
    doubts = ["files-inside"] if inside.files_inside else []
    doubts += ["fields-unread"] if any_answered(inside.raw.fields.values()) else []
    return replace(recovered_submission(found.forms), pictures=found.pictures).doubted(_reasons(doubts))


def recovered_submission(forms: Sequence[RecoveredForm]) -> Submission:
    """The submission of the first of some forms that were read from print, which holds those of the others."""
    first, *others = [_recovered(form, part) for part, form in enumerate(forms)]
    return replace(first, others=tuple(others))


def _recovered(found: RecoveredForm, part: int) -> Submission:
    """The submission of a form that was read from print. What no machine should accept is a reason for review."""
    proposed = dict.fromkeys(one.field for one in found.recovered if not one.accepted)
    # some programs drop the fields and what stood in them
    blank = () if found.recovered or found.in_fields else ("nothing-printed",)
    return replace(
        _answered(found.form, found.widgets, (*found.review, *blank)),
        token=found.token,
        part=part,
        recovered=tuple(found.recovered),
        pages={page: number for page, number in found.pages.items() if page != number},
        lone_pages=tuple(sorted(copy.page for copy in found.copies)),
        partial=_part_of_form(found),
    ).doubted(ReviewReason("proposed", say("returned.review-proposed"), field) for field in proposed)


def _part_of_form(found: RecoveredForm) -> PartOfForm | None:
    """What is kept of a form that lacks pages, in case that other files have them."""
    if not found.copies:
        return None
    review = tuple(one for one in found.review if one != "page-missing")
    recovered = tuple(found.recovered)
    return PartOfForm(found.form.edition.id, found.token, found.copies, found.widgets, recovered, review)


def _look_into(path: Path, pdf: pikepdf.Pdf, known: Mapping[str, FormDescriptor], limits: Limits) -> Inside:
    claims, raw = read_claims(pdf, limits), read_raw_fields(pdf, limits)
    if not raw.fields:
        refuse_large_drawings(pdf, limits)
    notes = read_notes(pdf, limits) if raw.notes else []
    placed = bool(notes) or may_be_merged(raw, claims, known)
    merged = merged_forms(pdf, path, claims, known, limits) if placed else []
    if len(claims) > 1 and not merged and raw.fields:
        raise set_aside("several-forms")
    files_inside = raw.files_inside or has_other_files(pdf, limits)
    return Inside(path, limits, claims, raw, merged, notes, files_inside)


def _with_drawings(inside: Inside, pdf: pikepdf.Pdf, limits: Limits) -> Inside:
    """The same with the pages that are to be drawn. It comes last: what is broken in the print alone is no damage to
    the answers, and pdftk writes an empty stream in AES so that qpdf has to mend it."""
    pages = drawn_on(pdf, limits) if inside.raw.fields else []
    if not pages and all(one.whole for one in inside.merged):
        return inside
    too_large = not are_drawable(pdf, limits)
    return replace(inside, drawn_on=() if too_large else pages, drawn_too_large=too_large)


def _by_second_reader(pdf: ReturnedPdf, known: Mapping[str, FormDescriptor], limits: Limits) -> Submission:
    """A file that pikepdf refuses, as pypdf reads it. Raises SetAsideError damaged where that is not whole either."""
    if pdf.size > SECOND_READER_BYTES:
        raise set_aside("damaged")
    try:
        with open_by_second_reader(pdf.path) as opened:
            inside = _with_drawings(_look_into(pdf.path, opened, known, limits), opened, limits)
            return _damaged_unless_whole(inside, known, ("second-reader",))
    except QPDF:
        raise set_aside("damaged") from None


def _repaired(pdf: ReturnedPdf, inside: Inside, known: Mapping[str, FormDescriptor], limits: Limits) -> Submission:
    """A file that pikepdf had to repair: whole by its reading, else by pypdf's; where both are, they are compared."""
    try:
        first = _damaged_unless_whole(inside, known, ("repaired",))
    except SetAsideError as error:
        if error.reason != "damaged":
            raise
        return _by_second_reader(pdf, known, limits)
    try:
        second = _by_second_reader(pdf, known, limits)
    except SetAsideError:
        return first
    if [one.answers for one in (second, *second.others)] == [one.answers for one in (first, *first.others)]:
        return first
    return _damaged_unless_whole(inside, known, ("repaired", "readers-disagree"))


def _damaged_unless_whole(inside: Inside, known: Mapping[str, FormDescriptor], review: tuple[str, ...]) -> Submission:
    """The submission of a damaged file: what it lacks it may have lost, so it is damaged rather than not ours."""
    if not all(one.whole for one in inside.merged):
        raise set_aside("damaged")
    try:
        return _submission(inside, known, review)
    except SetAsideError as error:
        if error.reason in ("no-fields", "not-ours"):
            raise set_aside("damaged") from None
        raise


def _submission(inside: Inside, known: Mapping[str, FormDescriptor], review: tuple[str, ...]) -> Submission:
    """The answers of a file that has every published field of its pages. Raises SetAsideError, damaged where one is
    not there."""
    if len(inside.merged) > 1:
        return _of_several(inside, review)
    try:
        descriptor = recognise(inside.claim, inside.raw.fields.keys(), known)
        widgets = _widget_answers(inside.raw.fields, descriptor)
    except SetAsideError:
        if not inside.merged or answers_elsewhere(inside):
            raise
        return _of_several(inside, review)
    claim = inside.claim or _printed_claim(inside.path, descriptor)
    doubts = (*review, *doubts_of_file(inside, claim, descriptor))
    place = next((one for one in inside.merged if one.form.edition.id == descriptor.edition.id), None)
    found = _with_notes(inside, descriptor, widgets, doubts, place)
    signatures = _signatures(inside, descriptor, widgets, {})
    if claim and claim.token:
        found = replace(found, token=claim.token)
    return _with_signatures(found, signatures)


def _printed_claim(path: Path, form: FormDescriptor) -> Claim | None:
    """What the first pages say of themselves in print, where the file's claim was lost (pdftk, pages taken over)."""
    from schemebook.returned.recovery.printed_codes import codes_of_pages  # only now: it brings a second PDF library

    pages = range(1, form.edition.pages + 1)
    codes = [code for held in codes_of_pages(path, pages).values() for code in held if code.edition == form.edition.id]
    return replace(form.claim, token=codes[0].token) if codes else None


def _of_several(inside: Inside, review: tuple[str, ...]) -> Submission:
    """The submissions of a file into which several forms were merged, or whose fields have lost their names."""
    whole = (*review, *doubts_of_any(inside))
    found = []
    for part, one in enumerate(inside.merged):
        widgets = _widget_answers(one.fields, one.form, one.whole)
        doubts = (*whole, *one.doubts, *(() if one.said else ("no-claim",)))
        submission = _with_notes(inside, one.form, widgets, doubts, one)
        signatures = _signatures(inside, one.form, widgets, one.own_name)
        if not (one.whole or inside.notes or inside.drawn_too_large or submission.recovered or signatures):
            submission = _lone(submission, inside, one, widgets)
        found.append(_with_signatures(replace(submission, token=one.token, part=part), signatures))
    return replace(found[0], others=tuple(found[1:]))


def _lone(found: Submission, inside: Inside, one: MergedForm, widgets: Mapping[str, WidgetAnswer]) -> Submission:
    """The submission of pages of a form whose others may lie in other files, with what may be joined with those."""
    from schemebook.returned.lone_fields import part_in_fields  # only now: it brings a second PDF library

    doubts = tuple(reason.kind for reason in found.review if reason.kind not in ("page-missing", "nothing-filled-in"))
    part = part_in_fields(inside.path, one, widgets, doubts)
    return replace(found, lone_pages=tuple(sorted(one.pages.values())), partial=part) if part else found


def _with_notes(
    inside: Inside,
    form: FormDescriptor,
    widgets: Mapping[str, WidgetAnswer],
    doubts: Iterable[str],
    place: MergedForm | None,
) -> Submission:
    """The submission with what notes over empty boxes say, as proposals. place: where in the file the form lies."""
    pages = place.pages if place else {}
    there = {page: number for number, page in pages.items() if page != number}
    drawn = [] if there else _drawn_notes(inside, form, widgets)
    if not inside.notes and not drawn:
        found = _answered(form, widgets, doubts)
        return replace(found, pages=there) if there else found
    mine = [note for note in inside.notes if note.page in pages or len(inside.merged) < 2]
    over = written_over(form, [*mine, *drawn], pages or {note.page: note.page for note in drawn}, widgets)
    doubts = (*doubts, "notes") if over.left else doubts
    found = _answered(form, {**widgets, **over.widgets}, doubts)
    asked = dict.fromkeys(one.field for one in over.recovered)
    reasons = (ReviewReason("written-over", say("returned.review-written-over"), field) for field in asked)
    return replace(found, recovered=over.recovered, pages=there).doubted(reasons)


def _drawn_notes(inside: Inside, form: FormDescriptor, widgets: Mapping[str, WidgetAnswer]) -> list[Note]:
    """What a program wrote onto the pages in empty boxes. Only pages whose print is in other pieces are looked at."""
    if not inside.drawn_on or form.blank is None:
        return []
    from schemebook.returned.typed_over import typed_over  # only now: it brings a second PDF library

    return typed_over(inside.path, form, inside.drawn_on, widgets)


def _with_signatures(found: Submission, signatures: tuple[SignatureCheck, ...]) -> Submission:
    if not signatures:
        return found
    unsound = dict.fromkeys(_UNSOUND[check.state] for check in signatures if check.state in _UNSOUND)
    signed = replace(found, signatures=signatures)
    return signed.doubted(_reasons(unsound))


def _answered(descriptor: FormDescriptor, widgets: Mapping[str, WidgetAnswer], review: Iterable[str]) -> Submission:
    """The submission that some widgets' answers make. review: kinds of reasons why a person should look at it."""
    answers, problems = typed_answers(descriptor.meaning, widgets)
    doubts = (widget.doubt for widget in widgets.values() if widget.doubt not in (None, "not-shown"))
    kinds = dict.fromkeys((*review, *doubts))
    if problems and not {"nothing-printed", "notes"} & set(kinds) and _is_blank(widgets.values()):
        kinds["nothing-filled-in"] = None
    meaning = descriptor.meaning
    return Submission(
        scheme=meaning.scheme,
        form=meaning.form,
        version=meaning.version,
        edition=descriptor.edition.id,
        answers=answers,
        problems=problems,
        review=tuple(_reasons(kinds)),
        anonymous=meaning.anonymous,
    )


def _is_blank(widgets: Iterable[WidgetAnswer]) -> bool:
    """Whether nobody wrote or ticked anything: many send the form as they got it, the answers saved elsewhere."""
    return all(one.value is None and one.doubt is None for one in widgets)


def _signatures(
    inside: Inside, descriptor: FormDescriptor, widgets: Mapping[str, WidgetAnswer], own_name: Mapping[str, str]
) -> tuple[SignatureCheck, ...]:
    """own_name: published name -> name in the file, where that is another."""
    signed = [one for one in descriptor.widgets if widgets[one.name].value == SIGNED]
    questions = {own_name.get(one.name, one.name): one.field for one in signed}
    return tuple(check_signatures(inside.path, questions, inside.raw.fields, inside.limits)) if questions else ()


def _widget_answers(
    fields: Mapping[str, tuple[RawField, ...]], descriptor: FormDescriptor, whole: bool = True
) -> dict[str, WidgetAnswer]:
    """What every published widget answers. One that the file has not, or as another type, means a damaged file.

    whole: left out, all pages are there; else a widget that is not there is blank.
    """
    labels = descriptor.edition.labels
    found = {}
    for widget in descriptor.widgets:
        if not whole and widget.name not in fields:
            found[widget.name] = WidgetAnswer()
            continue
        copies = copies_of_type(widget, fields.get(widget.name, ()))
        if not copies:
            raise set_aside("damaged")
        words = {}
        if widget.kind == "drop-down":
            words = {option: labels.get(f"{widget.field}/{option}", option) for option in widget.options}
        found[widget.name] = answer_of(widget, copies, words)
    return found


def _reasons(kinds: Iterable[str]) -> Iterator[ReviewReason]:
    """The reasons to look at a form as a whole, in our words."""
    return (ReviewReason(kind, say(f"returned.review-{kind}")) for kind in kinds)
