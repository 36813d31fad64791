"""A form signed by pyHanko comes back with a digital signature, and what was filled in before and after it."""

from __future__ import annotations

from pathlib import Path

from pyhanko.sign import signers
from tests.form_pdf.test_signatures import signed, signer  # a fixture
from tests.whole_path.test_filled_by_programs import EXAMPLES, answers_in, form_of, read

from schemebook.form_pdf.fill import fill_form

__all__ = ["signer"]


def test_a_signed_return_is_read_with_its_answers_and_needs_no_review(
    tmp_path: Path,
    signer: signers.SimpleSigner,
) -> None:
    example = next(one for one in EXAMPLES if one.stem.startswith("confidentiality"))
    form = form_of(example)
    wanted = answers_in(example)
    (field,) = [one.id for one in form.descriptor.meaning.fields if one.type == "signature"]
    filled = fill_form(form.pdf, form.descriptor, wanted).pdf
    found = read(tmp_path, signed(filled, f"{field}.signature", signer), form)
    assert found.answers == {**wanted, field: {**wanted[field], "kind": "digital"}}
    assert found.review == ()
