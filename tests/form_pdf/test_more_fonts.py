"""Scripts that the shipped faces lack, drawn in filled copies where fonts for them are installed."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from tests.form_pdf.everything import everything, form_with, made_from
from tests.form_pdf.test_fill import field, shown

from schemebook.errors import SchemebookError
from schemebook.form_pdf.drawn_answers import direction
from schemebook.form_pdf.fill import FilledCopy, fill_form
from schemebook.form_pdf.fonts import covered, missing_scripts
from schemebook.form_pdf.more_fonts import EXTRAS, draws, extra_for, families, font_folders

WRITTEN = {
    "Arabic": "محمد عبد الله",
    "Persian": "فارسی گچپژ",
    "Hebrew": "שלום עולם",
    "Hindi": "हिन्दी में क्षत्रिय",
    "Bengali": "বাংলা ভাষা",
    "Tamil": "தமிழ் மொழி",
    "Telugu": "తెలుగు భాష",
    "Chinese": "中文测试你好",
    "Japanese": "日本語のテキスト",
    "Korean": "한국어 텍스트",
}
CJK = ("Chinese", "Japanese", "Korean")
INSTALLED = {"fonts": draws("ش"), "fonts-cjk": draws("中")}


def with_the_fonts(language: str) -> str:
    """The text of a language; a skip that names the package where its font is not installed."""
    extra = "fonts-cjk" if language in CJK else "fonts"
    if not INSTALLED[extra]:
        pytest.skip(f"the fonts of schemebook[{extra}] are not installed")
    return WRITTEN[language]


def filled(**answers: Any) -> FilledCopy:
    made = everything()
    return fill_form(made.pdf, made.descriptor, answers)


def fonts_of(copy: FilledCopy, name: str) -> set[str]:
    """The names of the fonts that a field's appearance has, without the mark of a subset."""
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        found = field(pdf, name).AP.N.Resources.Font
        return {str(one.BaseFont).rpartition("+")[2] for _, one in found.items()}


def picture(copy: FilledCopy, name: str) -> Image.Image:
    """A field's appearance alone, in grey, four pixels a point."""
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        stream = field(pdf, name).AP.N
        width, height = (float(side) for side in list(stream.BBox)[2:])
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=stream))
        page.obj.Contents = pdf.make_stream(b"/X Do")
        written = BytesIO()
        pdf.save(written)
    read = pypdfium2.PdfDocument(written.getvalue())
    drawn: Image.Image = read[len(read) - 1].render(scale=4).to_pil()
    return drawn.convert("L")


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The least box that holds what is drawn."""
    box = image.point(lambda value: 255 if value < 160 else 0).getbbox()
    assert box, "nothing is drawn"
    return box


@pytest.mark.parametrize("language", WRITTEN)
def test_a_text_is_drawn_with_a_font_of_its_script_and_nothing_is_told(language: str) -> None:
    text = with_the_fonts(language)
    assert not covered(text)
    assert missing_scripts(text) != () and missing_scripts(text, with_more=True) == ()
    copy = filled(**{"full-name": text, "biography": f"{text}\n{text}"})
    assert copy.notes == ()
    for name in ("full-name", "biography"):
        assert any("Noto" in font for font in fonts_of(copy, name))
        left, top, right, bottom = ink(picture(copy, name))
        assert right - left > 40 and bottom - top > 20


@pytest.mark.parametrize("language", CJK)
def test_a_text_is_read_back_from_what_is_drawn(language: str) -> None:
    text = with_the_fonts(language)
    assert "".join(shown(filled(**{"full-name": text}), "full-name").split()) == "".join(text.split())


def signs_of(copy: FilledCopy, name: str) -> set[bytes]:
    """The signs, two bytes each, that a field's appearance shows."""
    with pikepdf.open(BytesIO(copy.pdf)) as pdf:
        steps = [
            step for step in pikepdf.parse_content_stream(field(pdf, name).AP.N) if str(step.operator) in ("Tj", "TJ")
        ]
        shown_by = [
            part for step in steps for part in (step.operands[0] if str(step.operator) == "TJ" else step.operands)
        ]
        parts = [bytes(part) for part in shown_by if isinstance(part, pikepdf.String)]
    return {part[at : at + 2] for part in parts for at in range(0, len(part), 2)}


def test_arabic_letters_take_the_shape_of_their_place_in_the_word() -> None:
    with_the_fonts("Arabic")
    assert len(signs_of(filled(**{"full-name": "ممم"}), "full-name")) == 3
    assert len(signs_of(filled(**{"full-name": "م"}), "full-name")) == 1


def test_a_line_of_arabic_begins_at_the_right() -> None:
    with_the_fonts("Arabic")
    image = picture(filled(**{"full-name": "ممم"}), "full-name")
    left, _, right, _ = ink(image)
    assert right > 0.95 * image.width and left > 0.8 * image.width


def test_the_lines_of_a_longer_text_begin_at_the_right_too_and_latin_at_the_left() -> None:
    with_the_fonts("Hebrew")
    image = picture(filled(biography="שלום\nעולם"), "biography")
    assert ink(image)[0] > 0.8 * image.width
    mixed = picture(filled(biography="To שלום"), "biography")
    assert ink(mixed)[0] < 0.1 * mixed.width


@pytest.mark.parametrize(
    ("text", "begins"),
    [("abc", "ltr"), ("שלום abc", "rtl"), ("12, مرحبا", "rtl"), ("abc שלום", "ltr"), ("123", "ltr"), ("", "ltr")],
)
def test_a_text_begins_where_its_first_letter_says(text: str, begins: str) -> None:
    assert direction(text) == begins


@pytest.mark.parametrize(
    ("text", "first"),
    [("漢字", "Noto Sans SC"), ("漢字とかな", "Noto Sans JP"), ("漢字 한글", "Noto Sans KR"), ("カナ", "Noto Sans JP")],
)
def test_a_han_letter_is_drawn_as_the_language_around_it_writes_it(text: str, first: str) -> None:
    found = families(text)
    han = [family for family in found if family in ("Noto Sans JP", "Noto Sans KR", "Noto Sans SC")]
    assert han[0] == first and len(han) == 3 == len(set(han))


def test_every_script_of_the_extras_is_called_as_the_notes_call_it() -> None:
    assert {script for scripts in EXTRAS.values() for script in scripts} == set(LETTERS)
    for script, letter in LETTERS.items():
        assert missing_scripts(letter) == (script,)
        extra = extra_for(script)
        assert extra
        assert not INSTALLED[extra] or draws(letter)
    assert extra_for("Runic") is None


LETTERS = {
    "Arabic": "ش",
    "Hebrew": "ש",
    "Devanagari": "श",
    "Bengali": "শ",
    "Tamil": "த",
    "Telugu": "త",
    "Han": "中",
    "Hiragana": "か",
    "Katakana": "カ",
    "Hangul": "한",
}


def test_without_the_fonts_a_note_says_how_to_get_them(tmp_path: Path) -> None:
    """In a process that sees this package and what it needs, but no package of fonts."""
    made = everything()
    (tmp_path / "blank.pdf").write_bytes(made.pdf)
    (tmp_path / "meaning.json").write_text(made.descriptor.meaning.model_dump_json(by_alias=True), "utf-8")
    (tmp_path / "edition.json").write_text(made.descriptor.edition.model_dump_json(by_alias=True), "utf-8")
    program = """
import importlib.metadata, sys
from pathlib import Path
found = importlib.metadata.entry_points
importlib.metadata.entry_points = lambda **wanted: found(**wanted, name="no-such-pack")
from schemebook.form_pdf.descriptor import FormDescriptor, read_edition, read_version
from schemebook.form_pdf.fill import fill_form
folder = Path(sys.argv[1])
form = FormDescriptor(read_version(folder / "meaning.json"), read_edition(folder / "edition.json"))
copy = fill_form((folder / "blank.pdf").read_bytes(), form, {"full-name": "محمد", "address": "中文 ש"})
print(*copy.notes, sep="\\n")
"""
    ran = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    first, second = ran.stdout.splitlines()
    assert "Arabic" in first and "pip install 'schemebook[fonts]'" in first
    assert "Han, Hebrew" in second and "'schemebook[fonts-cjk]' 'schemebook[fonts]'" in second
    assert "محمد" not in ran.stdout


def test_a_forms_own_layout_does_not_depend_on_installed_fonts(tmp_path: Path) -> None:
    """So it is refused, with or without them."""
    with pytest.raises(SchemebookError) as raised:
        made_from(tmp_path, form_with("- {id: name, type: text, label: الاسم}"))
    assert raised.value.kind == "letter-not-printed"


def test_the_folders_of_fonts_are_there() -> None:
    assert all(folder.is_dir() for folder in font_folders())
    assert bool(font_folders()) is any(INSTALLED.values())
