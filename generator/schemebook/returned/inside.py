"""What one reader found in a returned PDF, and what in it makes its answers doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemebook.form_pdf.descriptor import Claim, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.merged_forms import MergedForm
from schemebook.returned.raw_field import RawField
from schemebook.returned.raw_fields import RawForm
from schemebook.returned.written_over import Note


@dataclass(frozen=True)
class Inside:
    """What one reader found in a file. files_inside: others are attached, beside its claim.

    drawn_on: numbers of the pages on which a program drew. drawn_too_large: what it drew is too large to be looked at.
    """

    path: Path
    limits: Limits
    claims: tuple[Claim, ...]
    raw: RawForm
    merged: list[MergedForm]
    notes: list[Note]
    files_inside: bool = False
    drawn_on: Sequence[int] = ()
    drawn_too_large: bool = False

    @property
    def claim(self) -> Claim | None:
        """What the file says of itself, where it says one thing."""
        return self.claims[0] if len(self.claims) == 1 else None


def answers_elsewhere(inside: Inside) -> bool:
    """Whether a form that lacks pages has answers in fields that stand on no page: they may be those of its pages."""
    placed = {name for one in inside.merged for name in one.own_name.values()}
    if all(one.whole for one in inside.merged):
        return False
    return any_answered(copies for name, copies in inside.raw.fields.items() if name not in placed)


def any_answered(fields: Iterable[Iterable[RawField]]) -> bool:
    """Whether anything stands in some fields of a file."""
    return any(copy.values or copy.shown or copy.signed for copies in fields for copy in copies)


def doubts_of_file(inside: Inside, claim: Claim | None, descriptor: FormDescriptor) -> Iterator[str]:
    """What makes a file doubtful that is one form. claim: what it says of itself, in a file or in print."""
    raw, ours = inside.raw, descriptor.names
    if claim is None:
        yield "no-claim"
    yield from doubts_of_any(inside)
    if claim and raw.pages < descriptor.edition.pages:  # without a claim the edition may be another
        yield "page-missing"
    if claim is None and raw.unlisted & ours:
        yield "unlisted"
    if any_answered(raw.fields[name] for name in raw.fields.keys() - ours):
        yield "stray"


def doubts_of_any(inside: Inside) -> Iterator[str]:
    """What makes a file doubtful whatever forms are in it."""
    if inside.raw.has_xfa:
        yield "second-form"
    if inside.raw.active:
        yield "active-content"
    if inside.raw.comments or inside.drawn_too_large:
        yield "notes"
    if inside.files_inside:
        yield "files-inside"
