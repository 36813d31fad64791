"""A signed file in; of each signature who, when, whether it holds, and what was changed after it, out.

pyHanko checks what was signed (ISO 32000-2, 12.8). What was answered at the time of the signature is also compared
with what is answered now, field by field, whatever the file itself allows.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pikepdf

from schemebook.errors import SetAsideError
from schemebook.returned.leaks import LEAKS, QPDF
from schemebook.returned.limits import Limits
from schemebook.returned.raw_field import RawField
from schemebook.returned.raw_fields import read_raw_fields

if TYPE_CHECKING:
    from pyhanko.sign.diff_analysis import DiffPolicy
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus
    from pyhanko_certvalidator import ValidationContext

TRUSTED = "SCHEMEBOOK_TRUSTED_CERTIFICATES"
"""Names a file of certificates (PEM) whose signatures are trusted. Without it none is."""
_LONGEST_NAME = 200
_BLANK = ("", "Off")


State = Literal["holds", "changed", "broken", "unreadable"]
Fields = Mapping[str, tuple[RawField, ...]]


@dataclass(frozen=True)
class SignatureCheck:
    """One digital signature of a file.

    field: the question it answers. signer: the name in its certificate, empty where it cannot be read.
    signed: the time it says, in UTC (`2026-11-24T09:12:05Z`).
    trust: `trusted` by a certificate that the office named; `self-signed`; `unknown`, vouched for by somebody whom
    the office did not name.
    state: `holds`; `changed`, it holds, and more than the other party's part was changed after it; `broken`, what
    stands there is not what was signed; `unreadable`.
    changed: the fields, by their full names, that it locks or that were answered when it was made, and differ now.
    """

    field: str
    signer: str = ""
    signed: str | None = None
    trust: Literal["trusted", "self-signed", "unknown"] = "unknown"
    state: State = "unreadable"
    changed: tuple[str, ...] = ()


def check_signatures(path: Path, questions: Mapping[str, str], now: Fields, limits: Limits) -> list[SignatureCheck]:
    """Check every signature of a file that stands in a field of ours. Nothing in a file makes it raise.

    questions: full name of a signature field -> id of its question. now: the fields of the file as it is.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    for noisy in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    found = {name: SignatureCheck(id) for name, id in questions.items() if any(one.signed for one in now.get(name, ()))}
    try:
        with path.open("rb") as file:
            for signature in PdfFileReader(file, strict=False).embedded_signatures:
                if signature.field_name in found:
                    name = signature.field_name
                    found[name] = _check(signature, questions[name], path, now, limits)
    except (PdfError, *LEAKS):
        pass  # those that were not reached stay unreadable
    return list(found.values())


def _check(signature: EmbeddedPdfSignature, question: str, path: Path, now: Fields, limits: Limits) -> SignatureCheck:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation import validate_pdf_signature

    try:
        signer = _name_of(signature)
        status = validate_pdf_signature(signature, _context(), diff_policy=_policy())
        changed = _changed_since(signature, path, now, limits)
    except (PdfError, SetAsideError, *QPDF, *LEAKS):
        return SignatureCheck(question)
    when = status.signer_reported_dt
    return SignatureCheck(
        field=question,
        signer=signer,
        signed=_utc_text(when) if isinstance(when, datetime) and when.tzinfo else None,
        trust=_trust(signature, status),
        state=_state(status, changed),
        changed=changed,
    )


def _utc_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _name_of(signature: EmbeddedPdfSignature) -> str:
    """The name of the person in the certificate, else all that it says of its subject."""
    subject = signature.signer_cert.subject
    name = subject.native.get("common_name") or subject.human_friendly
    return "".join(letter for letter in str(name) if letter.isprintable())[:_LONGEST_NAME]


def _context() -> ValidationContext:
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko_certvalidator import ValidationContext

    file = os.environ.get(TRUSTED)
    roots = list(load_certs_from_pemder([file])) if file else []  # type: ignore[no-untyped-call]
    return ValidationContext(trust_roots=roots, allow_fetching=False)


def _policy() -> DiffPolicy:
    """What may be changed after a signature: what the form leaves open, in the fields that it does not lock.

    pyHanko 0.38 by itself calls every locked field altered that has an appearance from before the signature: it asks
    whether the stream is as new as the signature, where it means no newer (_allow_in_place_appearance_update).
    """
    from pyhanko.sign.diff_analysis import (
        DEFAULT_DIFF_POLICY,
        FormUpdatingRule,
        GenericFieldModificationRule,
        SigFieldCreationRule,
        SigFieldModificationRule,
        StandardDiffPolicy,
    )

    rules = (
        SigFieldCreationRule(),  # type: ignore[no-untyped-call]
        SigFieldModificationRule(),
        GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
    )
    return StandardDiffPolicy(DEFAULT_DIFF_POLICY.global_rules, FormUpdatingRule(list(rules)))


def _trust(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Literal["trusted", "self-signed", "unknown"]:
    if status.trusted:
        return "trusted"
    certificate = signature.signer_cert
    return "self-signed" if certificate.issuer == certificate.subject else "unknown"


def _state(status: PdfSignatureStatus, changed: tuple[str, ...]) -> State:
    if not (status.intact and status.valid):
        return "broken"
    return "changed" if changed or status.docmdp_ok is False else "holds"


def _changed_since(signature: EmbeddedPdfSignature, path: Path, now: Fields, limits: Limits) -> tuple[str, ...]:
    """The fields that were answered or locked when the file was signed, and are answered otherwise now.

    What was signed is the file up to the end of the signature's byte range (12.8.1).
    """
    *_, start, length = (int(one) for one in signature.byte_range)
    with path.open("rb") as file:
        signed = BytesIO(file.read(start + length))
    with pikepdf.open(signed) as pdf:
        then = read_raw_fields(pdf, limits).fields
    lock = signature.fieldmdp
    return tuple(
        name
        for name, copies in then.items()
        if _answer(copies) != _answer(now.get(name, ())) and (_answer(copies) or (lock and lock.is_locked(name)))
    )


def _answer(copies: tuple[RawField, ...]) -> tuple[str, ...]:
    """What a field answers, blank ones and the signature fields themselves left out."""
    return tuple(sorted({value for copy in copies for value in (*copy.values, *copy.shown) if value not in _BLANK}))
