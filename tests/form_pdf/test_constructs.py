"""What fails in some program is in no form: list boxes, drop-downs to write in, odd export values, scripts.

The model cannot say any of it, so `check` has nothing to refuse; this holds what is made to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import get_args

import pikepdf
import pytest
from tests.form_pdf.everything import EVERYTHING, everything

from schemebook.form_pdf.sheet import SHEETS
from schemebook.scheme.fields import FIELD_TYPES, Column
from schemebook.scheme.keys import ID_PATTERN

COMBO, EDIT, MULTI_SELECT, RICH, COMB, PASSWORD = 1 << 17, 1 << 18, 1 << 21, 1 << 25, 1 << 24, 1 << 13
PLAIN = re.compile("[a-z0-9-]{1,60}")


def fields(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    waiting = list(pdf.Root.AcroForm.Fields)
    while waiting:
        field = waiting.pop()
        waiting += [kid for kid in field.get("/Kids", []) if "/T" in kid]
        if "/FT" in field:
            yield field


def states(field: pikepdf.Object) -> set[str]:
    """The states of a button's widgets."""
    widgets = list(field.get("/Kids", [field]))
    return {key[1:] for widget in widgets for key in list(widget.AP.N.keys())}


@pytest.mark.parametrize("edition", SHEETS)
def test_no_form_holds_what_fails_in_some_program(edition: str) -> None:
    with pikepdf.open(BytesIO(everything(edition).pdf)) as pdf:
        kinds = set()
        for field in fields(pdf):
            kind, flags = str(field.FT), int(field.get("/Ff", 0))
            kinds.add(kind)
            assert re.fullmatch("[a-z0-9-]+", str(field.T)), "no name has a dot or a letter that a program may change"
            assert not flags & (RICH | COMB | PASSWORD)
            if kind == "/Ch":
                assert flags & COMBO and not flags & (EDIT | MULTI_SELECT), "Firefox draws list boxes as garbage"
                assert all(PLAIN.fullmatch(str(option[0])) for option in field.Opt)
            elif kind == "/Btn":
                assert "/Opt" not in field and not flags & 1 << 16
                on = states(field) - {"Off"}
                assert on and all(PLAIN.fullmatch(one) for one in on), "an export value is plain ASCII"
            assert "/AA" not in field and "/A" not in field
        assert kinds == {"/Tx", "/Btn", "/Ch", "/Sig"}
        for key in ("/XFA", "/NeedAppearances", "/CO"):
            assert key not in pdf.Root.AcroForm
        assert "/OpenAction" not in pdf.Root and "/AA" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})


def test_the_form_that_was_looked_into_has_every_type_of_field_and_column() -> None:
    for name in FIELD_TYPES:
        assert f"type: {name}" in EVERYTHING, name
    for name in get_args(Column.model_fields["type"].annotation):
        assert f"type: {name}" in EVERYTHING, name


def test_an_options_id_is_plain_ascii_whatever_it_is_called() -> None:
    """Its id is the export value."""
    assert re.fullmatch(ID_PATTERN, "abc-1")
    for odd in ("é", "Off", "a b", "a.b", "a/b", "ä", "", "-a", "a#"):
        assert not re.fullmatch(ID_PATTERN, odd)
