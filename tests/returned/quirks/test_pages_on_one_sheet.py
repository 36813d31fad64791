"""Two pages on one sheet, as people print to save paper: each is read, and neither says what stands on the other."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from tests.flatteners import SMALL, Flattener, with_qpdf
from tests.returned.quirks.test_merged_forms import FORMS, example, filled, read, reviews


def two_up(given: list[Path], out: Path, upright: bool) -> Path:
    """All pages of some files, two on a sheet: beside each other at half their size, or one above the other."""
    pages = [page for one in given for page in pypdf.PdfReader(one).pages]
    width, height = (float(side) for side in pages[0].mediabox[2:])
    writer = pypdf.PdfWriter()
    for first in range(0, len(pages), 2):
        sheet = writer.add_blank_page(width, height if upright else height / 2)
        for place, page in enumerate(pages[first : first + 2]):
            across, up = (width / 4, height / 2 * (1 - place)) if upright else (width / 2 * place, 0)
            sheet.merge_transformed_page(page, pypdf.Transformation().scale(0.5).translate(across, up))
    writer.write(out)
    return out


@pytest.mark.parametrize("upright", [False, True], ids=["beside", "above"])
@pytest.mark.parametrize("flatten", SMALL.values(), ids=SMALL)
def test_two_pages_on_one_sheet_are_read_as_two(tmp_path: Path, flatten: Flattener, upright: bool) -> None:
    (tmp_path / "form.pdf").write_bytes(filled(FORMS[0]))
    flat = flatten(tmp_path / "form.pdf", tmp_path / "flat.pdf")
    (found,) = read(tmp_path, two_up([flat], tmp_path / "sheet.pdf", upright).read_bytes())
    assert found.answers == example(FORMS[0])
    assert reviews((found,)) <= {"proposed"}


def test_pages_of_two_forms_on_one_sheet_are_read_as_two(tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(filled(FORMS[0]))
    (tmp_path / "other.pdf").write_bytes(filled(FORMS[1]))
    flat = [with_qpdf(tmp_path / f"{name}.pdf", tmp_path / f"flat-{name}.pdf") for name in ("one", "other")]
    found = read(tmp_path, two_up(flat, tmp_path / "sheet.pdf", upright=False).read_bytes())
    assert [one.answers for one in found] == [example(name) for name in FORMS]
