"""The wrappers around other people's programs can be trusted: what one writes, others read; what is wrong, they say."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pikepdf
import pytest
import typst

from tests.pdf_fields import Value, fields_of
from tests.programs import (
    fill_with_pdf_lib,
    fill_with_pdfium,
    fill_with_pdftk,
    fill_with_pypdf,
    outloud_check,
    pdftoppm,
    pdftotext,
    pdfua_check,
    qpdf_check,
    read_with_pdfjs,
    read_with_pikepdf,
    verapdf_ua1,
    verapdf_ua1_of_each,
)
from tests.small_form import make_small_form

Fill = Callable[[Path, dict[str, Value], Path], Path]
FILLERS: dict[str, Fill] = {
    "pdftk": fill_with_pdftk,
    "pdf-lib": fill_with_pdf_lib,
    "@cantoo/pdf-lib": partial(fill_with_pdf_lib, package="@cantoo/pdf-lib"),
    "pdfium": fill_with_pdfium,
    "pypdf": fill_with_pypdf,
}
# Māori, Tongan, Polish, Arabic, Chinese, and letters outside the basic plane.
NAMES = ("Tāne Mahuta", "Sālote ʻOfa", "Łódź Świętosława", "مريم العلوي", "王小明", "🌿 Ana 𠮷野", "(x) \\ <y> ÿ")
ANSWERS: dict[str, Value] = {
    "about.name": "Tāne Mahuta",
    "story": "First line\nŁódź ʻokina مريم 王小明 🌿\n\n(last) line \\",
    "role": "mentee",
    "agree": True,
    "topics.a": False,
    "topics.b": True,
    "region": "south",
}


def as_it_keeps(program: str, values: dict[str, Value]) -> dict[str, Value]:
    """What a program makes of the values: pdfium keeps 16 bits of each letter beyond the basic plane (5.15, seen)."""
    if program != "pdfium":
        return values
    return {name: cut_to_16_bits(value) if isinstance(value, str) else value for name, value in values.items()}


def cut_to_16_bits(text: str) -> str:
    return "".join(chr(ord(letter) & 0xFFFF) for letter in text)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_form(tmp_path_factory.mktemp("small") / "blank.pdf")


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An accessible page, made by a typesetter that says PDF/UA-1 of it."""
    path = tmp_path_factory.mktemp("tagged") / "page.pdf"
    source = path.with_suffix(".typ")
    source.write_text('#set document(title: "Small")\n#set text(lang: "en")\n= A heading\n\nWords, Māori and plain.\n')
    path.write_bytes(typst.compile(str(source), format="pdf", pdf_standards=["ua-1"]))
    return path


def test_the_blank_form_has_the_fields_it_was_made_with(blank: Path) -> None:
    kinds = {name: (field.kind, field.options) for name, field in fields_of(blank).items()}
    assert kinds == {
        "about.name": ("text", ()),
        "story": ("text", ()),
        "role": ("radio", ("mentor", "mentee")),
        "agree": ("tick", ("yes",)),
        "topics.a": ("tick", ("chosen",)),
        "topics.b": ("tick", ("chosen",)),
        "region": ("choice", ("north", "south")),
    }
    assert read_with_pikepdf(blank) == {"agree": False, "topics.a": False, "topics.b": False}


@pytest.mark.parametrize("name", FILLERS)
def test_what_a_program_fills_in_stands_in_the_file(name: str, blank: Path, tmp_path: Path) -> None:
    filled = FILLERS[name](blank, ANSWERS, tmp_path / "filled.pdf")
    assert read_with_pikepdf(filled) == as_it_keeps(name, ANSWERS)
    assert qpdf_check(filled) == []


@pytest.mark.parametrize("name", FILLERS)
@pytest.mark.parametrize("text", NAMES)
def test_a_name_in_any_script_arrives_whole(name: str, text: str, blank: Path, tmp_path: Path) -> None:
    filled = FILLERS[name](blank, {"about.name": text}, tmp_path / "filled.pdf")
    assert read_with_pikepdf(filled)["about.name"] == as_it_keeps(name, {"about.name": text})["about.name"]


@pytest.mark.parametrize("name", ["pdfium", "pypdf"])
def test_some_write_þÿ_as_the_very_bytes_of_a_byte_order_mark(name: str, blank: Path, tmp_path: Path) -> None:
    filled = FILLERS[name](blank, {"about.name": "þÿ a"}, tmp_path / "filled.pdf")
    with pikepdf.open(filled) as pdf:
        assert bytes(pdf.Root.AcroForm.Fields[0].Kids[0].V) == b"\xfe\xff a"


@pytest.mark.parametrize("name", FILLERS)
def test_an_answer_can_be_changed_and_taken_back(name: str, blank: Path, tmp_path: Path) -> None:
    filled = FILLERS[name](blank, ANSWERS, tmp_path / "filled.pdf")
    changed: dict[str, Value] = {"about.name": "Ana", "role": "mentor", "agree": False, "region": "north"}
    again = FILLERS[name](filled, changed, tmp_path / "again.pdf")
    assert read_with_pikepdf(again) == {**as_it_keeps(name, ANSWERS), **changed}


@pytest.mark.parametrize("name", FILLERS)
def test_pdf_js_reads_what_was_filled_in(name: str, blank: Path, tmp_path: Path) -> None:
    filled = FILLERS[name](blank, ANSWERS, tmp_path / "filled.pdf")
    region = {"region": "The south"} if name in ("pdf-lib", "@cantoo/pdf-lib") else {}
    assert read_with_pdfjs(filled) == {**as_it_keeps(name, ANSWERS), **region}


@pytest.mark.parametrize("name", FILLERS)
def test_a_value_for_a_field_that_is_not_there_is_an_error(name: str, blank: Path, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, KeyError)):
        FILLERS[name](blank, {"nobody": "x"}, tmp_path / "filled.pdf")


def test_text_and_pictures_of_a_filled_form_show_the_answer(blank: Path, tmp_path: Path) -> None:
    filled = fill_with_pypdf(blank, {"about.name": "Shown"}, tmp_path / "filled.pdf")
    assert "Shown" in pdftotext(filled)
    assert "Shown" not in pdftotext(blank)
    pages = pdftoppm(filled, 50, tmp_path)
    assert [page.name for page in pages] == ["filled-1.png", "filled-2.png"]
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


def test_qpdf_says_what_is_wrong_with_a_damaged_file(blank: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(blank.read_bytes()[:-200])
    assert qpdf_check(damaged)


def test_pdfua_tells_an_accessible_page_from_one_without_tags(tagged: Path, blank: Path) -> None:
    assert pdfua_check(tagged) == []
    assert pdfua_check(blank)


def test_outloud_tells_an_accessible_page_from_one_without_tags(tagged: Path, blank: Path, tmp_path: Path) -> None:
    assert outloud_check(tagged, tmp_path) == []
    assert outloud_check(blank, tmp_path)


@pytest.mark.all_tiers
def test_verapdf_tells_an_accessible_page_from_others(tagged: Path, blank: Path, tmp_path: Path) -> None:
    untitled = tmp_path / "untitled.pdf"
    with pikepdf.open(tagged) as pdf:
        del pdf.Root.Lang
        pdf.save(untitled)
    found = verapdf_ua1_of_each([tagged, blank, untitled])
    assert found[tagged] == []
    assert found[blank]
    assert found[untitled]
    assert verapdf_ua1(tagged) == []
