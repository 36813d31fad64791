"""Answers that come back without their form, as FDF or XFDF, are read by their names and looked at by a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.programs import program, run
from tests.returned.made_pdf import FULL, KNOWN, VALUES, make_pdf, read, returned

from schemebook.errors import SetAsideError
from schemebook.returned.limits import Limits
from schemebook.returned.submission import read_returned

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve"><fields>'


def by_pdftk(folder: Path, how: str) -> bytes:
    (folder / "full.pdf").write_bytes(make_pdf(VALUES))
    run([program("pdftk"), folder / "full.pdf", how, "output", folder / "data"])
    return (folder / "data").read_bytes()


def xfdf(fields: str) -> bytes:
    return (HEAD + fields + "</fields></xfdf>").encode()


def nested(name: str, value: str) -> str:
    first, dot, rest = name.partition(".")
    inner = nested(rest, value) if dot else f"<value>{value}</value>"
    return f'<field name="{first}">{inner}</field>'


def reason(folder: Path, data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(SetAsideError) as raised:
        read(folder, data, limits)
    return raised.value.reason


def test_fdf_as_pdftk_exports_it(tmp_path: Path) -> None:
    found = read(tmp_path, by_pdftk(tmp_path, "generate_fdf"))
    assert found.answers == FULL
    assert [one.kind for one in found.review] == ["no-form"]


def test_xfdf_with_the_answered_fields_only(tmp_path: Path) -> None:
    found = read(tmp_path, xfdf("".join(nested(name, value) for name, value in VALUES.items())))
    assert found.answers == FULL
    assert [one.kind for one in found.review] == ["no-form"]
    assert found.token is None


@pytest.mark.parametrize(("data", "why"), [
    (b"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [] >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF", "no-fields"),
    (b"%FDF-1.2\nkia ora", "damaged"),
    (xfdf(nested("name", "Ana")), "not-ours"),
    (xfdf("".join(nested(name, "a") for name in ("nom", "courriel", "role"))), "not-ours"),
    (xfdf(nested("name", "Ana"))[:-20], "damaged"),
    (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xfdf><fields/></xfdf>', "not-a-pdf"),
    (b'<?xml version="1.0"?><!-- --><xfdf><!DOCTYPE x></xfdf>', "damaged"),
    (xfdf("<field name='a'>" * 40 + "</field>" * 40), "too-large"),
    (b"<html><body>xfdf</body></html>", "not-a-pdf"),
], ids=range(9))  # fmt: skip
def test_form_data_of_nobody_gives_no_record(tmp_path: Path, data: bytes, why: str) -> None:
    assert reason(tmp_path, data) == why


def test_form_data_keeps_to_the_limits(tmp_path: Path) -> None:
    assert reason(tmp_path, xfdf(nested("name", "a" * 2_000)), Limits(value_bytes=1_000)) == "too-large"
    many = xfdf("".join(nested(f"f{number}", "a") for number in range(20)))
    assert reason(tmp_path, many, Limits(fields=10)) == "too-large"


def test_of_two_versions_with_the_same_fields_none_is_guessed(tmp_path: Path) -> None:
    form = next(iter(KNOWN.values()))
    second = form.meaning.model_copy(update={"version": 2})
    edition = type(form.edition)(**form.edition.model_dump() | {"version": 2})
    both = {**KNOWN, edition.id: type(form)(second, edition)}
    data = xfdf("".join(nested(name, value) for name, value in VALUES.items()))
    with pytest.raises(SetAsideError) as raised:
        read_returned(returned(tmp_path, data), both)
    assert raised.value.reason == "not-ours"
