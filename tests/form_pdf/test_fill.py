"""What is filled in stands in the file for every program, and shows on the page."""

from __future__ import annotations

import json
import pickle
import sys
import unicodedata
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from tests.pdf_fields import fields_of, read_with_pikepdf
from tests.programs import pdftotext, pdfua_check, qpdf_check, read_with_pdfjs, run

from schemebook.errors import ExitStatus, UsageError
from schemebook.form_pdf import finish
from schemebook.form_pdf.fill import FilledCopy, WrongAnswersError, fill_form, read_answers
from schemebook.form_pdf.finish import FormPdf, make_form_pdf
from schemebook.scheme.project import load_project
from schemebook.scheme.starter import start_project

GENERATOR = Path(finish.__file__).parents[2]

EVERY_KIND = """
form: application
title: Every kind of question
version: 1
completed-by: mentee
about: For tests.
sections:
  - title: Text
    fields:
      - {id: name, type: text, label: Your name}
      - {id: story, type: long-text, label: Your story, most-words: 60}
      - {id: email, type: email, label: E-mail}
      - {id: phone, type: phone, label: Telephone}
      - {id: born, type: date, label: Date of birth}
      - {id: years, type: number, label: Years of work, decimals: 1}
  - title: Choices
    fields:
      - id: kind
        type: one-of
        label: What kind of organisation?
        options: {private: Private company, public: Public body, sole-trader: Sole trader}
      - id: region
        type: one-of
        drawn-as: drop-down
        label: Which region?
        options: {north: The North, south: Łódź and the South, east: East}
      - {id: topics, type: several-of, label: Which topics?, options: {water: Water, air: Air, soil: Soil}}
      - {id: again, type: yes-no, label: Would you do it again?}
      - {id: why-not, type: text, label: Why not?, only-if: {field: again, is: no}}
      - {id: true-words, type: declaration, label: What I wrote is true.}
      - {id: steps, type: checklist, label: Done so far, options: {read: Read the guidance, met: Met the mentor}}
  - title: Tables
    fields:
      - id: gap
        type: table
        label: Gap analysis
        rows: {lead: Leading, teach: Teaching}
        columns:
          have: {label: Do you have it?, type: yes-no}
          how: {label: How?, type: long-text, most-words: 20}
          seen: {label: Seen, type: tick}
          level: {label: Level, type: one-of, options: {low: Low, high: High}}
      - id: log
        type: blank-table
        label: Meetings
        blank-rows: 3
        columns:
          day: {label: Day, type: date}
          about: {label: What about?, type: text}
          hours: {label: Hours, type: number, optional: yes}
  - title: Signed
    fields:
      - {id: signed, type: signature, label: Signature of the mentee}
"""

ANSWERS: dict[str, Any] = {
    "name": "Tuʻipulotu Tāne Łódź",
    "story": "An office of five affixes.\n\nNguyễn Thị Việt.",
    "email": "hana@example.org",
    "phone": "020 7946 0812",
    "born": "1980-02-29",
    "years": 9.5,
    "kind": "public",
    "region": "south",
    "topics": ["water", "soil"],
    "again": False,
    "why-not": "Too far",
    "true-words": True,
    "steps": ["met"],
    "gap": {
        "lead": {"have": True, "how": "In a team", "seen": True, "level": "high"},
        "teach": {"have": False, "seen": False},
    },
    "log": [{"day": "2026-11-24", "about": "Floods", "hours": 2}, {"about": "Drought"}],
    "signed": {"name": "Hana Ngā Rākau", "date": "2026-11-24", "kind": "typed"},
}

HELD: dict[str, str | bool] = {
    "name": "Tuʻipulotu Tāne Łódź",
    "story": "An office of five affixes.\n\nNguyễn Thị Việt.",
    "email": "hana@example.org",
    "phone": "020 7946 0812",
    "born": "29 February 1980",
    "years": "9.5",
    "kind": "public",
    "region": "south",
    "topics.water": True,
    "topics.air": False,
    "topics.soil": True,
    "again": "no",
    "why-not": "Too far",
    "true-words": True,
    "steps.read": False,
    "steps.met": True,
    "gap.lead.have": "yes",
    "gap.lead.how": "In a team",
    "gap.lead.seen": True,
    "gap.lead.level": "high",
    "gap.teach.have": "no",
    "gap.teach.seen": False,
    "log.1.day": "24 November 2026",
    "log.1.about": "Floods",
    "log.1.hours": "2",
    "log.2.about": "Drought",
    "signed.name": "Hana Ngā Rākau",
    "signed.date": "24 November 2026",
}


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> FormPdf:
    """The blank of a form with every type of field."""
    root = tmp_path_factory.mktemp("project")
    start_project(root, "club")
    (root / "forms" / "club" / "application.yml").write_text(EVERY_KIND, encoding="utf-8")
    return make_form_pdf(load_project(root), "club", "application")


Fill = Callable[[Mapping[str, Any]], FilledCopy]


@pytest.fixture(scope="module")
def fill(form: FormPdf) -> Fill:
    return lambda answers: fill_form(form.pdf, form.descriptor, answers)


def saved(copy: FilledCopy, folder: Path) -> Path:
    path = folder / "filled.pdf"
    path.write_bytes(copy.pdf)
    return path


def field(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    """One field by its full name."""
    among = pdf.Root.AcroForm.Fields
    for part in name.split("."):
        found = next(node for node in among if str(node.T) == part)
        among = found.get("/Kids", Array())
    return found


def shown(copy: FilledCopy, name: str) -> str:
    """The text that a field's appearance shows, read by pdfium off a page with nothing else."""
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        stream = field(pdf, name).AP.N
        page = pdf.add_blank_page(page_size=(1000, 1000))
        page.obj.Resources = Dictionary(XObject=Dictionary(X=stream))
        page.obj.Contents = pdf.make_stream(b"/X Do")
        written = BytesIO()
        pdf.save(written)
    read = pypdfium2.PdfDocument(written.getvalue())
    return str(read[len(read) - 1].get_textpage().get_text_bounded()).replace("\r\n", "\n")


def test_every_type_of_answer_stands_in_its_field(fill: Fill, tmp_path: Path) -> None:
    assert read_with_pikepdf(saved(fill(ANSWERS), tmp_path)) == HELD


def test_another_program_reads_the_same(fill: Fill, tmp_path: Path) -> None:
    read = read_with_pdfjs(saved(fill(ANSWERS), tmp_path))
    assert {name: read.get(name) for name in HELD} == HELD


def test_no_answers_leave_the_form_blank(form: FormPdf, fill: Fill, tmp_path: Path) -> None:
    empty = tmp_path / "blank.pdf"
    empty.write_bytes(form.pdf)
    assert fields_of(saved(fill({}), tmp_path)) == fields_of(empty)


def test_the_same_answers_give_the_same_bytes(fill: Fill) -> None:
    first = fill(ANSWERS)
    fill({"name": "Somebody else"})  # what was drawn in between must not show
    assert fill(ANSWERS).pdf == first.pdf


def test_another_process_gives_the_same_bytes(form: FormPdf, fill: Fill, tmp_path: Path) -> None:
    (tmp_path / "job").write_bytes(pickle.dumps((form.pdf, form.descriptor, ANSWERS)))
    done = run([sys.executable, "-c", IN_A_PROCESS, GENERATOR, tmp_path / "job"])
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == fill(ANSWERS).pdf


IN_A_PROCESS = """
import pickle, sys
sys.path.insert(0, sys.argv[1])
from schemebook.form_pdf import finish
from schemebook.form_pdf.fill import fill_form
sys.stdout.buffer.write(fill_form(*pickle.load(open(sys.argv[2], "rb"))).pdf)
"""


def test_the_claim_and_the_tags_stay(form: FormPdf, fill: Fill) -> None:
    with pikepdf.open(BytesIO(form.pdf)) as blank, pikepdf.open(BytesIO(fill(ANSWERS).pdf)) as filled:
        assert filled.attachments["schemebook.json"].get_file().read_bytes() == form.descriptor.claim.as_bytes()
        assert "/StructTreeRoot" in filled.Root
        for before, after in zip(blank.pages, filled.pages, strict=True):
            pairs = [(one.StructParent, one.Rect) for one in before.obj.Annots]
            assert pairs == [(one.StructParent, one.Rect) for one in after.obj.Annots]


def test_the_file_is_sound_and_asks_no_program_to_draw_anew(fill: Fill, tmp_path: Path) -> None:
    copy = fill(ANSWERS)
    assert qpdf_check(saved(copy, tmp_path)) == []
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_a_filled_copy_is_as_accessible_as_its_blank(fill: Fill, tmp_path: Path) -> None:
    assert pdfua_check(saved(fill(ANSWERS | {"name": "Rene\u0301e"}), tmp_path)) == []


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(lambda text: text.strip())


@settings(max_examples=200)
@given(TEXTS, TEXTS)
@example("þÿ Þórr", "ÿþ")
@example("\ufeffa", "\ufffea")
@example("\x1bde\x1b a", "\x18\x7f\x00)(\\")
@example("\U0001f600\U00020000", "مرحبا")
@example("a\rb\r\nc\nd", "one\r\ntwo")
def test_any_text_is_read_back_as_it_was_given(form: FormPdf, line: str, prose: str) -> None:
    copy = fill_form(form.pdf, form.descriptor, {"name": line, "story": prose})
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        for name, text in (("name", line), ("story", prose)):
            stored = bytes(field(pdf, name).V)
            read = stored[2:].decode("utf-16-be") if stored.startswith(b"\xfe\xff") else stored.decode("ascii")
            assert read == text.replace("\r\n", "\n").replace("\r", "\n")
            assert all(32 <= byte < 127 or byte == 10 for byte in stored) or stored.startswith(b"\xfe\xff")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", "Tuʻipulotu Tāne Łódź"),
        ("story", "An office of five affixes.\n\nNguyễn Thị Việt."),
        ("born", "29 February 1980"),
        ("region", "Łódź and the South"),
        ("gap.lead.how", "In a team"),
        ("log.1.day", "24 November 2026"),
        ("signed.signature", "Hana Ngā Rākau"),
        ("signed.name", "Hana Ngā Rākau"),
    ],
)
def test_a_field_shows_its_answer_letter_by_letter(fill: Fill, name: str, text: str) -> None:
    assert "".join(shown(fill(ANSWERS), name).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["Rene\u0301e n\u0304", "ᾠδή ὕμνος", "office affix"])
def test_what_the_field_font_cannot_draw_is_laid_out(fill: Fill, text: str) -> None:
    copy = fill({"name": text, "story": f"{text}\n{text}"})
    assert copy.notes == ()
    assert unicodedata.normalize("NFC", shown(copy, "name")) == unicodedata.normalize("NFC", text)
    assert len(shown(copy, "story").split("\n")) == 2


def glyph_count(copy: FilledCopy, name: str) -> int:
    """How many signs of two bytes an appearance shows."""
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        found = 0
        for step in pikepdf.parse_content_stream(field(pdf, name).AP.N):
            if str(step.operator) in ("Tj", "TJ"):
                parts = step.operands[0] if str(step.operator) == "TJ" else step.operands
                found += sum(len(bytes(part)) // 2 for part in parts if isinstance(part, pikepdf.String))
        return found


def test_no_two_letters_are_drawn_as_one_sign(fill: Fill) -> None:
    copy = fill({"name": "Griffith Offley", "signed": {"name": "Griffith Offley", "kind": "typed"}})
    assert glyph_count(copy, "name") == glyph_count(copy, "signed.signature") == len("Griffith Offley")


def test_lines_are_drawn_one_below_another(fill: Fill) -> None:
    assert shown(fill({"story": "One\nTwo\n\nFour"}), "story").split() == ["One", "Two", "Four"]
    assert shown(fill({"name": "One\nTwo"}), "name") == "One Two"


def test_what_poppler_prints_holds_the_answers(fill: Fill, tmp_path: Path) -> None:
    page = pdftotext(saved(fill(ANSWERS), tmp_path))
    for text in ("Tuʻipulotu Tāne Łódź", "An office of five affixes.", "Łódź and the South", "24 November 2026"):
        assert text in page


def test_every_field_has_an_appearance_of_its_own(fill: Fill) -> None:
    same = {"name": "Same", "email": "Same", "why-not": "Same", "again": False}
    with pikepdf.open(BytesIO(fill(same).pdf)) as pdf:
        streams = [field(pdf, name).AP.N for name in ("name", "email", "why-not")]
        assert len({stream.objgen for stream in streams}) == 3
        for stream in streams:
            data = stream.read_bytes()
            assert data.startswith(b"/Tx BMC\n") and data.endswith(b"\nEMC\n")
            assert stream.Subtype == Name.Form and "/Resources" in stream


def test_a_typed_signature_is_drawn_and_leaves_its_field_open_to_a_digital_one(fill: Fill) -> None:
    with pikepdf.open(BytesIO(fill(ANSWERS).pdf)) as pdf:
        assert Name.Sig == field(pdf, "signed.signature").FT
        assert "/V" not in field(pdf, "signed.signature")


def test_a_signature_of_no_kind_gives_its_date_alone(fill: Fill, tmp_path: Path) -> None:
    copy = fill({"signed": {"date": "2026-11-24", "kind": "none"}})
    assert read_with_pikepdf(saved(copy, tmp_path))["signed.date"] == "24 November 2026"
    assert shown(copy, "signed.signature") == ""


def blue_parts(pdf: bytes, form: FormPdf) -> dict[str, bool]:
    """Name of a text field -> whether pdfium shows the answers' colour inside its box."""
    read = pypdfium2.PdfDocument(pdf)
    read.init_forms()
    scale = 2
    pages = [page.render(scale=scale).to_pil().convert("RGB") for page in read]
    found = {}
    for box in form.descriptor.edition.boxes:
        image = pages[box.page - 1]
        left, bottom, right, top = (int(side * scale) for side in box.rect)
        part = image.crop((left, image.height - top, right, image.height - bottom))
        seen = part.get_flattened_data()
        found[box.name + box.option] = any(red < 90 and green < 100 and blue > red + 50 for red, green, blue in seen)
    return found


def test_pdfium_shows_what_is_filled_in_and_nothing_else(form: FormPdf, fill: Fill) -> None:
    seen = blue_parts(fill(ANSWERS).pdf, form)
    filled = {name for name, is_blue in seen.items() if is_blue}
    buttons = {"kindpublic", "againno", "gap.lead.haveyes", "gap.lead.levelhigh", "gap.teach.haveno"}
    held = {name for name, value in HELD.items() if value is not False and name + str(value) not in buttons}
    assert filled == held | buttons | {"signed.signature"}
    assert not any(blue_parts(form.pdf, form).values())


def kinds(copy: FilledCopy) -> list[tuple[str, str]]:
    return [(note.field, note.kind) for note in copy.notes]


def test_nothing_is_said_of_answers_that_stand_and_show(fill: Fill) -> None:
    assert fill(ANSWERS).notes == ()


def test_letters_that_no_face_has_are_kept_and_told_by_field_and_script(fill: Fill, tmp_path: Path) -> None:
    copy = fill({"name": "ᚠᚢᚦ Wang", "gap": {"lead": {"how": "ꦲꦏ 😀"}}})
    assert kinds(copy) == [("name", "not-drawn"), ("gap.lead.how", "not-drawn")]
    told = "\n".join(map(str, copy.notes))
    assert "Runic" in told and "Javanese, emoji" in told and "pip install" not in told
    assert not any(letter in told for letter in "ᚠᚢᚦꦲꦏ😀") and "Wang" not in told
    assert read_with_pikepdf(saved(copy, tmp_path))["name"] == "ᚠᚢᚦ Wang"


def test_a_text_a_little_too_long_is_drawn_smaller(fill: Fill) -> None:
    copy = fill({"log": [{"day": "2026-09-24"}]})
    assert copy.notes == () and shown(copy, "log.1.day") == "24 September 2026"


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"story": "Nine years in water and flood management. " * 60}, "story"),
        ({"story": "One\n" * 60}, "story"),
        ({"story": "w" * 300}, "story"),
        ({"name": "Nine years in water and flood management. " * 9}, "name"),
        ({"log": [{"about": "w " * 200}]}, "log.1.about"),
        ({"story": "n\u0304 years in water and flood management. " * 60}, "story"),
        ({"story": "n\u0304\n" * 60}, "story"),
        ({"story": "n\u0304" * 300}, "story"),
        ({"name": "n\u0304 years in water and flood management. " * 9}, "name"),
    ],
)
def test_a_text_that_does_not_fit_is_told(fill: Fill, answers: dict[str, Any], name: str) -> None:
    copy = fill(answers)
    assert kinds(copy) == [(name, "does-not-fit")]
    assert "water" not in str(copy.notes[0])


def test_an_answer_that_is_not_asked_for_is_told(fill: Fill) -> None:
    assert kinds(fill({"again": True, "why-not": "Too far"})) == [("why-not", "not-asked")]
    assert kinds(fill({"why-not": "Too far"})) == [("why-not", "not-asked")]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"nam": "SECRET"}, [("nam", "unknown-field-close")]),
        ({"zzzzzz": "SECRET"}, [("zzzzzz", "unknown-field")]),
        ({"kind": "SECRET"}, [("kind", "wrong-value")]),
        ({"region": "SECRET"}, [("region", "wrong-value")]),
        ({"topics": ["SECRET"]}, [("topics", "wrong-value")]),
        ({"topics": ["soil", "water"]}, [("topics", "wrong-value")]),
        ({"again": "SECRET"}, [("again", "wrong-value")]),
        ({"born": "SECRET"}, [("born", "wrong-value")]),
        ({"years": "SECRET"}, [("years", "wrong-value")]),
        ({"name": ""}, [("name", "wrong-value")]),
        ({"name": None}, [("name", "wrong-value")]),
        ({"gap": {"SECRET": {"have": True}}}, [("gap", "wrong-value")]),
        ({"gap": {"lead": {"SECRET": True}}}, [("gap", "wrong-value")]),
        ({"log": [{"day": "SECRET"}]}, [("log", "wrong-value")]),
        ({"log": [{"about": "SECRET"}] * 4}, [("log", "wrong-value")]),
        ({"story": "SECRET \ud83d"}, [("story", "half-a-letter")]),
        ({"log": [{"about": "SECRET \udc00"}]}, [("log", "half-a-letter")]),
        ({"signed": {"name": "SECRET", "kind": "digital"}}, [("signed", "signature-kind")]),
        ({"signed": {"name": "SECRET", "kind": "drawn"}}, [("signed", "signature-kind")]),
        ({"signed": {"date": "2026-11-24", "kind": "typed"}}, [("signed", "signature-name")]),
        ({"signed": {"name": "SECRET", "date": "2026-11-24", "kind": "none"}}, [("signed", "signature-none")]),
        ({"signed": {"name": "SECRET", "kind": "stamped"}}, [("signed", "wrong-value")]),
        ({"kind": "SECRET", "name": "fine", "years": []}, [("kind", "wrong-value"), ("years", "wrong-value")]),
    ],
)
def test_answers_that_no_field_can_hold_are_told_together(
    fill: Fill, answers: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    with pytest.raises(WrongAnswersError) as told:
        fill(answers)
    assert [(one.field, one.kind) for one in told.value.misfits] == wrong
    lines = str(told.value).splitlines()
    assert len(lines) == len(wrong) and all(line.endswith(".") for line in lines)
    assert "SECRET" not in str(told.value)
    assert isinstance(told.value, UsageError) and told.value.exit_status == ExitStatus.USAGE


def test_a_record_over_its_limits_is_filled_in_all_the_same(fill: Fill, tmp_path: Path) -> None:
    prose = "word " * 80
    assert read_with_pikepdf(saved(fill({"story": prose}), tmp_path))["story"] == prose


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "3.0"),
        (9.5, "9.5"),
        (9.5625, "9.5625"),
        (-0.25, "-0.25"),
        (1234567.5, "1234567.5"),
        (10**14, "1" + "0" * 14 + ".0"),
    ],
)
def test_a_number_is_written_whole(fill: Fill, tmp_path: Path, number: float, text: str) -> None:
    assert read_with_pikepdf(saved(fill({"years": number}), tmp_path))["years"] == text


def test_a_file_of_answers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), encoding="utf-8")
    assert read_answers(path) == ANSWERS


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "not-json"),
        (b'{"name": "SECRET"', "not-json"),
        (b'{"name": "SECRET", "name": "b"}', "not-json"),
        (b'{"years": NaN}', "not-json"),
        (b'{"name": "SECRET\xff"}', "not-json"),
        (b'{"a":' * 100_000, "not-json"),
        (b'["SECRET"]', "no-object"),
        (None, "no-answers-file"),
    ],
)
def test_what_is_no_file_of_answers_is_refused_in_one_line(tmp_path: Path, content: bytes | None, kind: str) -> None:
    path = tmp_path / "answers.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as told:
        read_answers(path)
    assert told.value.kind == kind
    assert len(str(told.value).splitlines()) == 1 and "SECRET" not in str(told.value)
