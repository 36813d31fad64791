"""A finished form in; marked as what it is, out: its code on each page, its claim inside, and as a file.

What is alike in all copies of an edition is finished before; what a copy says of itself is put on last.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pikepdf
from pikepdf import Array, Dictionary, Name

from schemebook.form_pdf.descriptor import CLAIM_FILE, Claim
from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.stamp import stamp
from schemebook.scheme.colour import STATES_LIGHT, palette
from schemebook.scheme.model import Scheme

_PDF_VERSION = "1.7"
_GREYS = {"quiet": "#4A4A4A", "late": "#000000", "late-ground": "#E6E6E6"}


@dataclass(frozen=True)
class Marks:
    """What an edition is marked with. claim: the blank's. colours: as `stamp` takes them."""

    claim: Claim
    sheet: Sheet
    colours: Mapping[str, str]


def marks_of(claim: Claim, sheet: Sheet, scheme: Scheme) -> Marks:
    """The marks of one edition."""
    if sheet.greys:
        return Marks(claim, sheet, _GREYS)
    quiet = palette(scheme.branding.colour, scheme.branding.accent).light["quiet"]
    return Marks(claim, sheet, {"quiet": quiet, **STATES_LIGHT})


def mark(pdf: pikepdf.Pdf, marks: Marks, *, draft: bool = False, token: str | None = None) -> None:
    """Print edition and code onto every page, and put the claim inside. token: of an issued copy, in both."""
    ((_, font),) = pdf.Root.AcroForm.DR.Font.items()
    stamp(pdf, marks.sheet, marks.claim.edition, marks.colours, font, draft=draft, token=token)
    _attach(pdf, replace(marks.claim, token=token))


def _attach(pdf: pikepdf.Pdf, claim: Claim) -> None:
    """The claim, as an associated file of the document (ISO 32000-2, 14.13)."""
    data = claim.as_bytes()
    stream = pdf.make_stream(
        data, Type=Name.EmbeddedFile, Subtype=Name("/application/json"), Params=Dictionary(Size=len(data))
    )
    file = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=CLAIM_FILE,
            UF=CLAIM_FILE,
            Desc="Schemebook",
            AFRelationship=Name.Data,
            EF=Dictionary(F=stream, UF=stream),
        )
    )
    if "/Names" not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = Dictionary(Names=Array([CLAIM_FILE, file]))
    pdf.Root.AF = Array([file])


def file_of(pdf: pikepdf.Pdf) -> bytes:
    """The PDF as a file: small, and with the same bytes each time."""
    pikepdf.settings.set_flate_compression_level(9)
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        min_version=_PDF_VERSION,
        fix_metadata_version=False,  # it would read XMP that names no version of PDF
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        recompress_flate=False,
    )
    return out.getvalue()
