"""Our own walk over every bundled form and handbook, condition by condition; and that it sees each one broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tests.form_pdf.everything import everything
from tests.form_pdf.matterhorn import RULES, elements, failures

from schemebook.form_pdf.descriptor import load_published

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / "forms" / "published").glob("*/*.pdf"))


def test_no_published_form_meets_a_failure_condition() -> None:
    assert len(FORMS) >= len(load_published(ROOT))
    assert {path.name: found for path in FORMS if (found := failures(path))} == {}


def test_a_form_with_every_type_of_field_meets_none(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(everything().pdf)
    assert failures(tmp_path / "form.pdf") == {}


def first(pdf: pikepdf.Pdf, kind: str) -> pikepdf.Object:
    return next(one for one, _ in elements(pdf.Root.StructTreeRoot) if str(one.S) == f"/{kind}")


def paint(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(content))


def add_link(pdf: pikepdf.Pdf, **more: object) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], F=4, **more)
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(link))


def set_type(element: pikepdf.Object, kind: str) -> None:
    element.S = Name(f"/{kind}")


def without_names(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for one in page.obj.get("/Annots", []):
            node = one
            while isinstance(node, Dictionary):
                if "/TU" in node:
                    del node["/TU"]
                node = node.get("/Parent")


def metadata_without(pdf: pikepdf.Pdf, key: str) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        del metadata[key]


def drop(holder: pikepdf.Object, key: str) -> None:
    del holder[key]


def simple_font(pdf: pikepdf.Pdf) -> None:
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    pdf.pages[0].obj.Resources.Font["/Plain"] = font


BREAKS: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "01-003": lambda pdf: paint(pdf, b"/P <</MCID 900>> BDC /Artifact BMC 0 0 1 1 re f EMC EMC"),
    "01-004": lambda pdf: paint(pdf, b"/Artifact BMC /P <</MCID 900>> BDC 0 0 1 1 re f EMC EMC"),
    "01-005": lambda pdf: paint(pdf, b"0 0 1 1 re f"),
    "01-007": lambda pdf: pdf.Root.MarkInfo.__setitem__("/Suspects", True),
    "02-001": lambda pdf: set_type(first(pdf, "P"), "Box"),
    "06-001": lambda pdf: drop(pdf.Root, "/Metadata"),
    "06-002": lambda pdf: metadata_without(pdf, "{http://www.aiim.org/pdfua/ns/id/}part"),
    "06-003": lambda pdf: metadata_without(pdf, "dc:title"),
    "07-001": lambda pdf: drop(pdf.Root, "/ViewerPreferences"),
    "09-004": lambda pdf: set_type(first(pdf, "TR"), "Sect"),
    "09-005": lambda pdf: set_type(first(pdf, "P"), "LI"),
    "11-001": lambda pdf: drop(pdf.Root, "/Lang"),
    "13-004": lambda pdf: set_type(first(pdf, "P"), "Figure"),
    "14-002": lambda pdf: set_type(first(pdf, "H1"), "H3"),
    "14-003": lambda pdf: set_type(first(pdf, "H2"), "H4"),
    "14-007": lambda pdf: set_type(first(pdf, "P"), "H"),
    "15-003": lambda pdf: drop(first(pdf, "TH"), "/A"),
    "21-001": lambda pdf: drop(pdf.Root.AF[0], "/UF"),
    "25-001": lambda pdf: pdf.Root.AcroForm.__setitem__("/XFA", Array([String("x")])),
    "28-004": lambda pdf: add_link(pdf),
    "28-005": without_names,
    "28-008": lambda pdf: drop(pdf.pages[0].obj, "/Tabs"),
    "28-009": lambda pdf: pdf.pages[0].obj.__setitem__("/Tabs", Name.R),
    "28-010": lambda pdf: set_type(first(pdf, "Form"), "Span"),
    "28-011": lambda pdf: add_link(pdf, Contents=String("A link")),
    "31-009": simple_font,
    "31-027": simple_font,
}


def broken(folder: Path, how: Callable[[pikepdf.Pdf], object]) -> dict[str, list[str]]:
    (folder / "form.pdf").write_bytes(everything().pdf)
    with pikepdf.open(folder / "form.pdf") as pdf:
        how(pdf)
        pdf.save(folder / "broken.pdf")
    return failures(folder / "broken.pdf")


@pytest.mark.parametrize("number", BREAKS)
def test_a_condition_is_seen_where_it_is_met(tmp_path: Path, number: str) -> None:
    assert number in broken(tmp_path, BREAKS[number])


def test_a_file_that_assistive_technology_may_not_read_is_seen(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(everything().pdf)
    closed = pikepdf.Permissions(accessibility=False)
    with pikepdf.open(tmp_path / "form.pdf") as pdf:
        pdf.save(
            tmp_path / "closed.pdf",
            encryption=pikepdf.Encryption(owner="o", R=3, allow=closed, aes=False, metadata=False),
        )
    assert "26-002" in failures(tmp_path / "closed.pdf")


def test_every_condition_is_broken_once() -> None:
    assert set(BREAKS) | {"26-002"} == set(RULES)


def test_the_manual_lists_each_condition_in_its_words() -> None:
    page = (ROOT / "docs" / "using-schemebook" / "accessibility.md").read_text("utf-8")
    listed = [line for line in page.splitlines() if line[:3] == "| 0" or line[:3] in ("| 1", "| 2", "| 3")]
    assert listed == [f"| {number} | {rule.__doc__} |" for number, rule in sorted(RULES.items())]
