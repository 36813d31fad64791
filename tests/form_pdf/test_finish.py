"""What stands in a finished form: fields, states, flags, claim, edition; and that it is the same each time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from tests.form_pdf.everything import EVERYTHING, SCHEME, everything, form_with, made_from, opened, project_at
from tests.pdf_fields import fields_of
from tests.programs import outloud_check, pdftoppm, pdfua_check, qpdf_check, verapdf_ua1

from schemebook.errors import UsageError
from schemebook.form_pdf.descriptor import canonical_json, edition_path, version_path
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.form_pdf.sheet import SHEETS

ROOT = Path(__file__).parents[2]


def field_dictionaries(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """Full name -> the dictionary with the field's type."""

    def walk(nodes: pikepdf.Object, prefix: str) -> Iterator[tuple[str, pikepdf.Object]]:
        for node in nodes:
            assert "." not in str(node.T)
            name = f"{prefix}{node.T}"
            if "/FT" in node:
                yield name, node
            else:
                yield from walk(node.Kids, f"{name}.")

    return dict(walk(pdf.Root.AcroForm.Fields, ""))


def test_the_fields_are_those_of_the_meaning_in_its_order(tmp_path: Path) -> None:
    made = everything()
    path = tmp_path / "made.pdf"
    path.write_bytes(made.pdf)
    kinds = {"text": "text", "radio": "radio", "tick": "tick", "drop-down": "choice", "signature": "signature"}
    wanted = {widget.name: (kinds[widget.kind], widget.options) for widget in made.descriptor.widgets}
    found = {name: (field.kind, field.options) for name, field in fields_of(path).items()}
    assert found == wanted
    # Ids of one question stand together in the tree, and questions in the form's order.
    assert list(dict.fromkeys(name.split(".")[0] for name in found)) == list(
        dict.fromkeys(name.split(".")[0] for name in wanted)
    )


def flags(dictionary: pikepdf.Object) -> int:
    return int(dictionary.get("/Ff", 0))


def test_required_multi_line_and_spelling_are_flags() -> None:
    made = everything()
    with opened(made) as pdf:
        fields = field_dictionaries(pdf)
        for widget in made.descriptor.widgets:
            assert bool(flags(fields[widget.name]) & 1 << 1) is widget.required, widget.name
            if widget.kind == "text":
                assert bool(flags(fields[widget.name]) & 1 << 12) is widget.multi_line, widget.name
        unspelled = {name for name, one in fields.items() if one.FT == "/Tx" and flags(one) & 1 << 22}
    assert {"email", "phone", "born", "years", "meetings.1.day", "skills.listening.hours"} <= unspelled
    assert {"full-name", "biography", "meetings.1.about"}.isdisjoint(unspelled)


def test_a_longest_answer_in_letters_is_the_fields_own_limit() -> None:
    with opened(everything()) as pdf:
        fields = field_dictionaries(pdf)
        assert int(fields["postcode"].MaxLen) == 8
        assert "/MaxLen" not in fields["full-name"]


def test_unanswered_radio_buttons_have_no_value_and_states_named_by_their_options() -> None:
    made = everything()
    radios = [widget for widget in made.descriptor.widgets if widget.kind == "radio"]
    assert len(radios) > 10
    with opened(made) as pdf:
        fields = field_dictionaries(pdf)
        for widget in radios:
            group = fields[widget.name]
            assert "/V" not in group and "/Opt" not in group
            assert flags(group) & 1 << 15 and flags(group) & 1 << 14
            states = [set(kid.AP.N.keys()) - {"/Off"} for kid in group.Kids]
            assert states == [{f"/{option}"} for option in widget.options]
            assert all(kid.AS == "/Off" and "/T" not in kid and "/FT" not in kid for kid in group.Kids)


def test_a_drop_down_lists_its_options_with_their_words_and_takes_no_others() -> None:
    with opened(everything()) as pdf:
        county = field_dictionaries(pdf)["county"]
        assert flags(county) & 1 << 17 and not flags(county) & 1 << 18
        assert [str(option[0]) for option in county.Opt] == list("abcdefgh")
        assert str(county.Opt[2][1]) == "Bristol"


def test_each_text_field_has_an_appearance_of_its_own() -> None:
    with opened(everything()) as pdf:
        fields = field_dictionaries(pdf)
        streams = [one.AP.N.objgen for one in fields.values() if one.FT == "/Tx"]
        assert len(streams) == len(set(streams)) > 20
        every = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        assert all(len(one.read_bytes()) > 0 for one in every)


def test_a_signature_closes_its_own_partys_answers_alone() -> None:
    with opened(everything()) as pdf:
        fields = field_dictionaries(pdf)
        locks = {
            party: {str(name) for name in fields[f"{party}-signed.signature"].Lock.Fields}
            for party in ("mentee", "mentor")
        }
    assert locks["mentee"] == {"share", "news", "mentee-signed.name", "mentee-signed.date"}
    assert locks["mentor"] == {"mentor-signed.name", "mentor-signed.date"}


def test_a_form_of_one_party_locks_nothing(tmp_path: Path) -> None:
    with opened(made_from(tmp_path, form_with("- {id: signed, type: signature, label: Signature}"))) as pdf:
        assert "/Lock" not in field_dictionaries(pdf)["signed.signature"]


def test_nothing_runs_and_no_program_is_told_to_draw_anew() -> None:
    made = everything()
    with opened(made) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert "/OpenAction" not in pdf.Root and "/AA" not in pdf.Root
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary):
                assert "/JS" not in one and one.get("/S") != "/JavaScript"


@pytest.mark.parametrize(("setting", "name"), [("latin", "/Wingdings"), ("system", "/F0")])
def test_the_field_fonts_resource_has_the_name_that_the_scheme_asks_for(
    setting: str, name: str, tmp_path: Path
) -> None:
    scheme = SCHEME.replace("field-font: latin", f"field-font: {setting}")
    with opened(made_from(tmp_path, form_with("- {id: one, type: text, label: One}"), scheme)) as pdf:
        assert list(pdf.Root.AcroForm.DR.Font.keys()) == [name]
        assert str(field_dictionaries(pdf)["one"].DA) == f"{name} 10 Tf 0.106 0.173 0.451 rg"


def test_a_form_says_what_it_is_in_an_associated_file() -> None:
    made = everything()
    with opened(made) as pdf:
        (file,) = pdf.Root.AF
        assert file.AFRelationship == "/Data" and str(file.UF) == "schemebook.json"
        said = pdf.attachments["schemebook.json"].get_file().read_bytes()
        assert said == file.EF.F.read_bytes() == made.descriptor.claim.as_bytes()
    assert json.loads(said) == {
        "schemebook": 1,
        "scheme": "harbour",
        "form": "everything",
        "version": 1,
        "edition": made.descriptor.edition.id,
    }


def test_an_issued_copy_carries_its_token(tmp_path: Path) -> None:
    made = make_form_pdf(project_at(tmp_path), "harbour", "everything", token="ABCDEFGH")
    with opened(made) as pdf:
        assert json.loads(pdf.attachments["schemebook.json"].get_file().read_bytes())["token"] == "ABCDEFGH"
    assert made.descriptor.edition == everything().descriptor.edition


def test_the_same_form_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    project_at(tmp_path)
    program = (
        "import sys, hashlib; from pathlib import Path; from schemebook.scheme.project import load_project;"
        "from schemebook.form_pdf.finish import make_form_pdf;"
        "print(hashlib.sha256(make_form_pdf(load_project(Path(sys.argv[1])), 'harbour', 'everything').pdf).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={"PYTHONPATH": str(ROOT / "generator"), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
    twice = [make_form_pdf(project_at(tmp_path), "harbour", "everything").pdf for _ in range(2)]
    assert twice[0] == twice[1]


def publish(root: Path) -> None:
    descriptor = everything().descriptor
    edition, meaning = descriptor.edition, descriptor.meaning
    path = edition_path(root, "harbour", "everything", 1, edition.id)
    path.parent.mkdir(parents=True)
    path.write_bytes(canonical_json(edition.as_json()))
    version_path(root, "harbour", "everything", 1).write_bytes(canonical_json(meaning.as_json()))


def test_neither_draft_nor_code_moves_a_box(tmp_path: Path) -> None:
    project = project_at(tmp_path)
    draft = make_form_pdf(project, "harbour", "everything")
    publish(tmp_path)
    published = make_form_pdf(project, "harbour", "everything")
    issued = make_form_pdf(project, "harbour", "everything", token="ABCDEFGH")
    assert draft.draft and not published.draft and not issued.draft
    assert draft.descriptor.edition == published.descriptor.edition == issued.descriptor.edition
    rectangles = []
    for made in (draft, published, issued):
        with opened(made) as pdf:
            rectangles.append([[list(map(float, one.Rect)) for one in page.obj.Annots] for page in pdf.pages])
    assert rectangles[0] == rectangles[1] == rectangles[2]


def test_an_edition_is_words_and_places_but_not_colours(tmp_path: Path) -> None:
    one = everything().descriptor.edition
    red = made_from(tmp_path / "red", scheme=SCHEME.replace("#1E6B52", "#C2335B"))
    reworded = made_from(tmp_path / "words", EVERYTHING.replace("label: Full name", "label: Whole name"))
    assert red.descriptor.edition.id == one.id
    assert reworded.descriptor.edition.id != one.id
    assert reworded.descriptor.meaning == everything().descriptor.meaning


@pytest.mark.parametrize("edition", SHEETS)
def test_every_edition_has_one_meaning_and_an_id_of_its_own(edition: str) -> None:
    made = everything(edition)
    assert made.descriptor.meaning == everything().descriptor.meaning
    same = [other for other in SHEETS if everything(other).descriptor.edition.id == made.descriptor.edition.id]
    assert same == [edition]


def test_a_form_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        make_form_pdf(project_at(tmp_path), "harbour", "nothing")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_logo_is_printed_and_is_no_part_of_the_edition(kind: str, tmp_path: Path) -> None:
    logo = f'"#1E6B52", logo: mark.{kind}, logo-alt: A mark}}'
    project = project_at(tmp_path, scheme=SCHEME.replace('"#1E6B52"}', logo))
    file = tmp_path / f"scheme-configs/mark.{kind}"
    if kind == "svg":
        path = '<path d="M0 0h8v8H0z" fill="#ab1234"/>'
        file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{path}</svg>')
    else:
        Image.new("RGB", (40, 40), (0xAB, 0x12, 0x34)).save(file)
    made = make_form_pdf(project, "harbour", "everything")
    assert made.descriptor.edition == everything().descriptor.edition
    (tmp_path / "made.pdf").write_bytes(made.pdf)
    (first, *_) = pdftoppm(tmp_path / "made.pdf", 50, tmp_path)
    with Image.open(first) as page:
        assert page.getpixel((round(22 * 50 / 25.4), round(14 * 50 / 25.4))) == pytest.approx((0xAB, 0x12, 0x34), abs=2)


@pytest.mark.parametrize("edition", SHEETS)
def test_qpdf_and_the_accessibility_checkers_find_nothing(edition: str, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(everything(edition).pdf)
    assert everything(edition).pdf.startswith(b"%PDF-1.7")
    assert qpdf_check(path) == []
    assert pdfua_check(path) == []
    assert outloud_check(path, tmp_path) == []


@pytest.mark.all_tiers
@pytest.mark.parametrize("edition", SHEETS)
def test_verapdf_finds_pdf_ua_1(edition: str, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(everything(edition).pdf)
    assert verapdf_ua1(path) == []


def test_a_text_too_long_for_a_page_is_set_smaller(tmp_path: Path) -> None:
    made = made_from(tmp_path, form_with("- {id: story, type: long-text, label: A story, most-words: 1500}"))
    (box,) = made.descriptor.edition.boxes
    assert box.rect[3] - box.rect[1] > 500
    with opened(made) as pdf:
        size = float(str(field_dictionaries(pdf)["story"].DA).split()[1])
    assert 6.5 < size < 9
