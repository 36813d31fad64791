"""Which form a file is: what it says of itself names a published edition, and nothing else is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tests.returned.made_pdf import EDITION, FORM, FULL, KNOWN, VALUES, changed, field, make_pdf, read, returned

from schemebook.errors import SetAsideError
from schemebook.returned.limits import Limits
from schemebook.returned.submission import read_returned

CLAIM: dict[str, Any] = json.loads(FORM.claim.as_bytes())


def reason(folder: Path, data: bytes) -> str:
    with pytest.raises(SetAsideError) as raised:
        read(folder, data)
    return raised.value.reason


def claimed(**said: Any) -> bytes:
    return json.dumps({key: value for key, value in {**CLAIM, **said}.items() if value is not ...}).encode()


def test_a_token_comes_with_the_claim(tmp_path: Path) -> None:
    assert read(tmp_path, make_pdf(VALUES, claim=claimed(token="ABCDEFG2"))).token == "ABCDEFG2"


STRANGE: list[dict[str, Any]] = [
    {"edition": "00000000"},
    {"edition": "ABCDEF01"},
    {"scheme": "other"},
    {"form": "other"},
    {"form": ...},
    {"version": 2},
    {"version": "1"},
    {"version": True},
    {"schemebook": 2},
    {"schemebook": True},
    {"more": 1},
    {"token": "short"},
    {"token": None},
]


@pytest.mark.parametrize("said", STRANGE, ids=str)
def test_a_claim_that_is_none_of_the_published_is_an_unpublished_form(tmp_path: Path, said: dict[str, Any]) -> None:
    assert reason(tmp_path, make_pdf(VALUES, claim=claimed(**said))) == "unpublished-form"


def test_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(SetAsideError) as raised:
        read_returned(returned(tmp_path, make_pdf(VALUES)), {})
    assert raised.value.reason == "unpublished-form"


NO_CLAIMS = [
    b"",
    b"\xff\xfe{}",
    b"[1, 2]",
    b'"schemebook"',
    b"{",
    claimed().replace(b'"version": 1', b'"version": NaN'),
    claimed().replace(b'"version": 1', b'"version": 1' + b"0" * 10_000),
    claimed()[:-1] + b', "version": 1}',
    b'{"form": "application"}',
]


@pytest.mark.parametrize("claim", NO_CLAIMS, ids=range(len(NO_CLAIMS)))
def test_a_claim_that_cannot_be_read_is_none(tmp_path: Path, claim: bytes) -> None:
    found = read(tmp_path, make_pdf(VALUES, claim=claim or b" "))
    assert found.answers == FULL
    assert [one.kind for one in found.review] == ["no-claim"]


@pytest.mark.parametrize(
    "claim", [b"[" * 30_000 + b"]" * 30_000, b'{"schemebook": [[[[1]]]]}', b" " * 64_001, b'{"a":' * 9000]
)
def test_a_claim_past_its_limits_is_too_large(tmp_path: Path, claim: bytes) -> None:
    assert reason(tmp_path, make_pdf(VALUES, claim=claim)) == "too-large"


def test_a_claim_may_inflate_to_its_limit_only(tmp_path: Path) -> None:
    data = changed(make_pdf(VALUES, claim=b" " * 60_000_000), lambda pdf: None, compress_streams=True)
    assert len(data) < 100_000
    assert reason(tmp_path, data) == "too-large"


def test_brackets_in_words_are_no_depth(tmp_path: Path) -> None:
    assert reason(tmp_path, make_pdf(claim=claimed(form='[[[[[[[\\"[[['))) == "unpublished-form"


def test_without_a_claim_the_one_form_that_has_these_fields_is_taken(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf(VALUES, claim=None))
    assert (found.answers, found.edition, [one.kind for one in found.review]) == (FULL, EDITION.id, ["no-claim"])
    twin = FORM.meaning.model_copy(update={"version": 2})
    other = type(EDITION)(**EDITION.model_dump() | {"version": 2})
    both = {**KNOWN, other.id: type(FORM)(twin, other)}
    with pytest.raises(SetAsideError) as raised:
        read_returned(returned(tmp_path, make_pdf(VALUES, claim=None)), both)
    assert raised.value.reason == "not-ours"


def _foreign(pdf: pikepdf.Pdf) -> None:
    field(pdf, "name").T = String("Nom")


@pytest.mark.parametrize(("change", "claim", "why"), [
    (_foreign, None, "not-ours"),
    (lambda pdf: _strip(pdf), None, "no-fields"),
    (lambda pdf: _strip(pdf), b"", "no-fields"),
])  # fmt: skip
def test_what_is_nobodys_form_is_set_aside(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None], claim: bytes | None, why: str
) -> None:
    assert reason(tmp_path, changed(make_pdf(VALUES, claim=claim), change)) == why


def _strip(pdf: pikepdf.Pdf) -> None:
    """What a flattener leaves: the pages, and with some programs the claim."""
    del pdf.Root["/AcroForm"]
    for page in pdf.pages:
        del page.obj["/Annots"]


def test_a_flattened_return_is_told_from_a_blank_and_a_foreign_one(tmp_path: Path) -> None:
    said = []
    for claim in (None, b""):
        with pytest.raises(SetAsideError) as raised:
            read(tmp_path, changed(make_pdf(VALUES, claim=claim), _strip))
        said.append(raised.value.what)
    assert said[0] != said[1]


def test_the_list_of_attachments_serves_where_the_associated_files_are_gone(tmp_path: Path) -> None:
    def drop(pdf: pikepdf.Pdf) -> None:
        del pdf.Root["/AF"]
        names = pdf.Root.Names.EmbeddedFiles
        pdf.Root.Names.EmbeddedFiles = Dictionary(
            Kids=Array([pdf.make_indirect(names), pdf.make_indirect(Dictionary())])
        )

    found = read(tmp_path, changed(make_pdf(VALUES), drop))
    assert (found.answers, found.review) == (FULL, ())


def test_a_circle_of_attachments_ends(tmp_path: Path) -> None:
    def circle(pdf: pikepdf.Pdf) -> None:
        del pdf.Root["/AF"]
        node = pdf.make_indirect(Dictionary(Limits=Array([String("a"), String("b\0")])))
        node.Kids = Array([node, node])
        pdf.Root.Names.EmbeddedFiles = node

    assert [one.kind for one in read(tmp_path, changed(make_pdf(VALUES), circle)).review] == ["no-claim"]


def test_two_forms_merged_into_one_file_are_set_aside(tmp_path: Path) -> None:
    def second(pdf: pikepdf.Pdf) -> None:
        other = pdf.make_indirect(pdf.make_stream(claimed(form="other")))
        spec = Dictionary(Type=Name.Filespec, UF=String("schemebook.json"), EF=Dictionary(F=other))
        pdf.Root.AF.append(pdf.make_indirect(spec))

    assert reason(tmp_path, changed(make_pdf(VALUES), second)) == "several-forms"


def test_the_file_cannot_widen_the_options_of_its_form(tmp_path: Path) -> None:
    def widen(pdf: pikepdf.Pdf) -> None:
        region = field(pdf, "region")
        region.Opt = Array([Array([String("moon"), String("The moon")])])
        region.V = String("moon")

    found = read(tmp_path, changed(make_pdf({"name": "Ana"}), widen))
    assert "region" not in found.answers
    assert [(one.field, one.kind) for one in found.problems] == [("region", "unknown-option")]


def test_limits_may_be_raised(tmp_path: Path) -> None:
    data = make_pdf(VALUES, claim=b" " * 64_001 + FORM.claim.as_bytes())
    assert read(tmp_path, data, Limits(claim_bytes=100_000)).answers == FULL
