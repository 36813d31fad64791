"""The viewer matrix: the page is made from it, each cell but the best has its reason, and no program got worse."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.viewers.cases import every_field_type, every_text
from tests.viewers.drawn import Look, looks
from tests.viewers.fillers import FILLERS, Filler
from tests.viewers.hand_test import told, write_kit
from tests.viewers.judged import judge
from tests.viewers.matrix import STATES, kept, row, with_reasons, worse

ROOT = Path(__file__).parents[2]
PROGRAMS: dict[str, Any] = kept()["programs"]


def cells(program: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = list(program["types"].items())
    return found + [(f"{id}, {place}", cell) for id, both in program["texts"].items() for place, cell in both.items()]


def filled(id: str, folder: Path) -> Path:
    """The form of texts, filled by one program."""
    blank, out = folder / "blank.pdf", folder / "out.pdf"
    blank.write_bytes(every_text().form.pdf)
    next(one for one in FILLERS if one.id == id).fill(blank, every_text(), out)
    return out


def test_the_page_of_viewers_is_current() -> None:
    command = [sys.executable, "generator/manual/viewers.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run 'python generator/manual/viewers.py': {done.stdout}{done.stderr}"


def test_each_cell_but_the_best_has_its_reason() -> None:
    bare = [
        f"{id}: {key}"
        for id, one in PROGRAMS.items()
        for key, cell in cells(one)
        if cell["state"] != "drawn" and not cell["why"]
    ]
    assert bare == []
    assert [id for id, one in PROGRAMS.items() if "" in one["forms_why"]] == []
    assert kept() == with_reasons(kept()), "run 'python -m tests.viewers.matrix --reasons'"


def test_a_program_of_the_matrix_is_one_that_can_be_driven_and_all_its_fields_were_looked_at() -> None:
    assert set(PROGRAMS) <= {one.id for one in FILLERS}
    wanted = {entry.sample.id for entry in every_text().entries.values() if entry.sample}
    for id, one in PROGRAMS.items():
        assert set(one["texts"]) == wanted, id
        assert all(cell["state"] in STATES for _, cell in cells(one))


def test_a_value_that_was_changed_or_is_not_drawn_is_seen(tmp_path: Path) -> None:
    """Three fields spoilt by hand in a file that is right: another text, no drawing, and a drawing of other letters."""
    saved = filled("pypdf", tmp_path)
    with pikepdf.open(saved, allow_overwriting_input=True) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        fields["line-plain"].V = pikepdf.String("Quay Street 5, Lincoln")
        fields["line-macrons"].AP.N.write(b"/Tx BMC EMC")
        fields["line-polish"].AP = fields["line-welsh"].AP
        pdf.save(saved)
    found = judge(every_text(), saved).fields
    assert not found["line-plain"].kept
    assert not found["line-plain"].kept_for_others
    for name in ("line-macrons", "line-polish"):
        assert found[name].kept
        assert found[name].not_drawn_by == ("poppler", "pdfium"), name
    assert found["line-welsh"].not_drawn_by == ()


def test_a_blank_form_shows_nothing(tmp_path: Path) -> None:
    form = every_text().form
    (tmp_path / "blank.pdf").write_bytes(form.pdf)
    for seen in looks(form.pdf, tmp_path / "blank.pdf", form.descriptor.edition.boxes).values():
        assert {look.ink for look in seen.values()} == {0}


def test_letters_without_ink_and_ink_without_letters_are_not_drawn() -> None:
    assert Look("Łódź", 200).shows("Łódź")
    assert not Look("Łódź", 3).shows("Łódź")
    assert not Look("", 200).shows("Łódź")
    assert not Look("Ldz", 200).shows("Łódź")


def test_a_cell_that_got_worse_is_told() -> None:
    before = {
        "types": {"text": {"state": "drawn"}},
        "texts": {"polish": {"line": {"state": "kept", "not_drawn_by": ["x"]}}},
    }
    same = {"types": {"text": {"state": "drawn"}}, "texts": {"polish": {"line": {"state": "drawn"}}}}
    now = {
        "types": {"text": {"state": "kept", "not_drawn_by": ["x"]}},
        "texts": {"polish": {"line": {"state": "changed"}}},
    }
    assert list(worse(before, same)) == []
    assert [one.partition(":")[0] for one in worse(before, now)] == ["text", "polish, line"]


def test_the_form_of_field_types_has_every_type_that_can_be_typed_into() -> None:
    found = {entry.type for entry in every_field_type().entries.values()}
    assert found == {
        "text", "long-text", "email", "phone", "date", "number", "one-of", "several-of", "yes-no", "declaration",
        "checklist",
    }  # fmt: skip


def test_the_kit_for_tests_by_hand_tells_what_came_back(tmp_path: Path) -> None:
    """The sheet names the same command and the same words."""
    assert [path.suffix for path in write_kit(tmp_path)] == [".pdf", ".pdf", ".txt"]
    lines = dict(line.split(": ", 1) for line in told(filled("pikepdf", tmp_path)))
    assert lines["line-macrons"] == "as it should be"
    assert lines["line-arabic"] == "as it should be, not drawn by poppler and pdfium"
    assert lines["line-rare-han"].startswith("as it should be")
    sheet = (ROOT / "docs/using-schemebook/hand-tests.md").read_text("utf-8")
    assert "`as it should be`" in sheet
    assert "python -m tests.viewers.hand_test read SAVED.pdf" in sheet


def test_what_a_screen_reader_is_expected_to_say_is_what_the_form_has_its_boxes_say() -> None:
    """Each name that the sheet quotes is one of a box of the kit's form, or the form's title."""
    sheet = (ROOT / "docs/using-schemebook/hand-tests.md").read_text("utf-8").partition("## With a screen reader")[2]
    quoted = {one for one in re.findall("“([^”]+)”", sheet) if ", required" in one or ", optional" in one}
    form = every_field_type().form
    with pikepdf.open(BytesIO(form.pdf)) as pdf:
        said = {str(one.TU) for page in pdf.pages for one in page.Annots if "/TU" in one}
    assert len(quoted) >= 5
    assert quoted - said == set()
    assert f"“{form.descriptor.edition.title}”" in sheet


@pytest.mark.all_tiers
@pytest.mark.parametrize("filler", [one for one in FILLERS if one.fast], ids=lambda one: one.id)
def test_no_program_got_worse(filler: Filler) -> None:
    assert list(worse(PROGRAMS[filler.id], row(filler, ()))) == []
