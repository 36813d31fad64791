"""The shipped faces draw what people of many languages write, and the field font survives what programs do to it."""

from __future__ import annotations

import re
import sys
import unicodedata
import zlib
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name
from tests.programs import program, run

from schemebook.form_pdf import fonts
from schemebook.form_pdf.fonts import covered, embed_field_font, field_font, font_folder, missing_scripts
from schemebook.form_pdf.sheet import SHEETS
from schemebook.form_pdf.truetype import read_face

GENERATOR = Path(fonts.__file__).parents[2]
FIELD_TTF = font_folder() / "schemebook-field" / "SchemebookField.ttf"

WRITTEN = {
    "Māori": "Māori Tāne Mahuta āēīōū ĀĒĪŌŪ",
    "Tongan and Hawaiian": "Tuʻipulotu Hawaiʻi ʻokina āēīōū ʼ ‘ ’",
    "Polish": "Zażółć gęślą jaźń ZAŻÓŁĆ GĘŚLĄ JAŹŃ Łódź",
    "Welsh": "ŵ ŷ Ŵ Ŷ ẁ ẃ ẅ ỳ â ê î ô û ï",
    "Turkish": "İıĞğŞşÇçÖöÜü",
    "Vietnamese": "Nguyễn Thị Việt Ưở ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỵỷỹ đĐ",
    "Greek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ αβγδεζηθικλμνξοπρσςτυφχψω άέήίόύώϊϋΐΰ",
    "Cyrillic": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдежзийклмнопрстуфхцчшщъыьэюя ёЁ їЇ єЄ ґҐ ўЎ ђ ћ џ",
    "French and German": "àâæçéèêëîïôœùûüÿ ÀŒÆ äöüß ÄÖÜ",
    "Nordic, Baltic, Romanian, Maltese": "åøæðþÅØÆÐÞ āčēģīķļņšūž ėįųū ășțâî ȘȚ ċġħż",
    "Irish, Czech, Hungarian, Croatian": "áéíóú ěščřžýťďňů őű đ",
    "Yoruba, Igbo, Pinyin": "ẹọṣ ị ụ ǎǐǒǔǚ ḿ",
    "punctuation": "„“”‚‘’–—…·•€£§°½×÷№™−‹›«»¿¡\u00a0!\"#%&'()*+,-./0123456789:;<=>?@[]^_{|}~",
}


@pytest.mark.parametrize("language", WRITTEN)
def test_the_field_font_has_every_letter_with_a_width(language: str) -> None:
    face = field_font()
    letters = {letter for letter in WRITTEN[language] if letter != " "}
    absent = {letter for letter in letters if ord(letter) not in face.glyphs}
    assert not absent
    flat = {letter for letter in letters if face.widths[face.glyphs[ord(letter)]] <= 0}
    assert not flat, "a face with a zero width draws Tuʻipulotu with colliding letters"


@pytest.mark.parametrize("path", sorted(font_folder().rglob("*.ttf")), ids=lambda path: path.stem)
def test_every_letter_but_a_combining_mark_has_a_width_in_every_face(path: Path) -> None:
    face = read_face(path.read_bytes())
    flat = [chr(letter) for letter, glyph in face.glyphs.items() if face.widths[glyph] <= 0]
    assert [letter for letter in flat if unicodedata.category(letter) not in ("Mn", "Cf")] == []
    assert {unicodedata.category(chr(letter)) for letter in face.glyphs} > {"Mn", "Lu", "Ll"}


@pytest.mark.parametrize("language", WRITTEN)
def test_the_full_faces_cover_what_the_field_font_has(language: str) -> None:
    assert covered(WRITTEN[language])
    assert missing_scripts(WRITTEN[language]) == ()


def test_the_full_face_covers_more_than_the_field_font() -> None:
    ancient = "ὠ ᾧ"
    assert covered(ancient) and not field_font().covers(ancient)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_mark_on_a_letter_is_covered_either_way(form: str) -> None:
    assert covered(unicodedata.normalize(form, WRITTEN["Vietnamese"]))


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("محمد عبد الله", ("Arabic",)),
        ("王小明 (Wáng Xiǎomíng)", ("Han",)),
        ("हिन्दी", ("Devanagari",)),
        ("ひらがなとカタカナ", ("Hiragana", "Katakana")),
        ("한국어", ("Hangul",)),
        ("שלום ไทย მაია Հայ", ("Hebrew", "Thai", "Georgian", "Armenian")),
        ("yes 😀", ("emoji",)),
        ("好、😀 and مرحبا 好", ("Han", "emoji", "Arabic")),
        ("a\tb\r\nc\u200d\ufeff\ufe0f", ()),
        ("", ()),
    ],
)
def test_what_no_face_has_is_told_by_its_script(text: str, scripts: tuple[str, ...]) -> None:
    assert missing_scripts(text) == scripts
    assert covered(text) == (scripts == ())


def test_any_code_point_has_an_answer() -> None:
    for start in range(0, sys.maxunicode, 997):
        told = missing_scripts(chr(start))
        assert len(told) <= 1 and all(told)
        assert covered(chr(start)) == (told == ())


def test_the_field_font_is_small_and_made_by_its_script() -> None:
    packed = {path: path.read_bytes() for path in sorted(FIELD_TTF.parent.glob("*.z"))}
    assert sum(map(len, packed.values())) <= 27_500
    script = GENERATOR / "fonts" / "make_field_font.py"
    full = font_folder() / "source-sans-3" / "SourceSans3_400Regular.ttf"
    made = run([sys.executable, "-c", MAKE, script.parent, full])
    assert made.returncode == 0, made.stderr.decode()
    cmap, lean = map(zlib.decompress, packed.values())
    assert made.stdout == FIELD_TTF.read_bytes() + lean + cmap


MAKE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from make_field_font import field_font, for_forms, letters_of, to_unicode
font = field_font(Path(sys.argv[2]))
sys.stdout.buffer.write(font + for_forms(font) + to_unicode(letters_of(font)))
"""


def test_a_form_holds_every_table_of_the_field_font_but_its_names() -> None:
    pdf = pikepdf.open(BytesIO(drawn("a")))
    file = pdf.pages[0].Resources.Font.F0.DescendantFonts[0].FontDescriptor.FontFile2
    assert file.Length1 == len(file.read_bytes())
    whole, held = TTFont(FIELD_TTF), TTFont(BytesIO(file.read_bytes()))
    assert set(whole.reader.keys()) - set(held.reader.keys()) == {"name"}
    differ = {tag for tag in held.reader.keys() if held.reader[tag] != whole.reader[tag]}  # noqa: SIM118
    assert differ == {"head"}, "the check sum of the whole file stands there"
    whole["head"].checkSumAdjustment = held["head"].checkSumAdjustment
    assert whole["head"] == held["head"]


def test_the_field_font_bears_no_reserved_name_and_keeps_its_licence() -> None:
    names = TTFont(FIELD_TTF)["name"].names
    told = {record.nameID: str(record) for record in names}
    assert [number for number, text in told.items() if "source" in text.lower() and number != 0] == []
    assert told[1] == told[4] == "Schemebook Field" and told[6] == "SchemebookField"
    assert "Reserved Font Name" in told[0] and "Open Font License" in told[13]
    licences = sorted(path.parent.name for path in font_folder().rglob("OFL.txt"))
    assert licences == ["schemebook-field", "source-sans-3", "source-serif-4"]


def drawn(text: str) -> bytes:
    """A PDF of one page with the text in the field font."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(600, 100))
    page.obj.Resources = Dictionary(Font=Dictionary(F0=embed_field_font(pdf)))
    codes = "".join(f"{field_font().glyphs[ord(letter)]:04X}" for letter in text)
    page.obj.Contents = pdf.make_stream(f"BT /F0 8 Tf 20 40 Td <{codes}> Tj ET".encode())
    written = BytesIO()
    pdf.save(written, deterministic_id=True)
    return written.getvalue()


@pytest.mark.parametrize("language", [language for language in WRITTEN if language != "punctuation"])
def test_text_in_the_embedded_font_is_read_back_by_pdfium(language: str) -> None:
    page = pypdfium2.PdfDocument(drawn(WRITTEN[language]))[0]
    assert page.get_textpage().get_text_bounded() == WRITTEN[language]


def test_text_in_the_embedded_font_is_read_back_by_poppler(tmp_path: Path) -> None:
    for number, text in enumerate(WRITTEN.values()):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(drawn(text))
        said = run([program("pdftotext"), "-enc", "UTF-8", "-nopgbrk", path, "-"]).stdout.decode().strip()
        assert "".join(said.split()) == "".join(text.split())


def test_a_letter_is_drawn_with_its_own_width() -> None:
    page = pypdfium2.PdfDocument(drawn("Tuʻi"))[0].get_textpage()
    lefts = [page.get_charbox(index, loose=True)[0] for index in range(4)]
    widths = [field_font().widths[field_font().glyphs[ord(letter)]] * 8 / 1000 for letter in "Tuʻ"]
    assert [right - left for left, right in pairwise(lefts)] == pytest.approx(widths, abs=0.02)


def test_the_embedded_font_is_whole_and_maps_letters_one_by_one() -> None:
    pdf = pikepdf.open(BytesIO(drawn("a")))
    font = pdf.pages[0].Resources.Font.F0
    descendant = font.DescendantFonts[0]
    assert font.BaseFont == descendant.BaseFont == descendant.FontDescriptor.FontName == Name.SchemebookField
    assert (font.Subtype, font.Encoding) == (Name.Type0, Name("/Identity-H"))
    assert (descendant.Subtype, descendant.CIDToGIDMap) == (Name.CIDFontType2, Name.Identity)
    to_unicode = font.ToUnicode.read_bytes().decode("ascii")
    assert "bfrange" not in to_unicode
    assert all(int(count) <= 100 for count in re.findall(r"(\d+) beginbfchar", to_unicode))
    assert len(re.findall(r"^<[0-9A-F]{4}><[0-9A-F]{4}>$", to_unicode, re.MULTILINE)) > 700


def test_the_same_font_gives_the_same_bytes() -> None:
    assert drawn("Tāne") == drawn("Tāne")


def test_no_font_library_is_needed_at_run_time() -> None:
    asked = (
        "import sys, schemebook.form_pdf.fonts as f; f.field_font(); f.covered('a'); print('fontTools' in sys.modules)"
    )
    said = run([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(GENERATOR)!r}); {asked}"])
    assert said.stdout.split() == [b"False"], said.stderr.decode()


def test_the_sites_style_sheet_names_files_that_are_there() -> None:
    assets = GENERATOR / "schemebook" / "handbook" / "assets"
    sheet = (assets / "fonts.css").read_text(encoding="utf-8")
    named = set(re.findall(r'url\("fonts/([a-z0-9-]+\.woff2)"\)', sheet))
    assert sheet.count("url(") == len(named) == 20
    assert named == {path.name for path in (assets / "fonts").glob("*.woff2")}
    assert all((assets / "fonts" / name).read_bytes().startswith(b"wOF2") for name in named)


def test_typed_lines_stand_no_further_apart_than_a_box_has_room_for() -> None:
    face = field_font()
    millimetres = (face.ascent - face.descent) / 1000 * 10 * 25.4 / 72
    assert (face.box[3], face.box[1]) == (face.ascent, face.descent), "no letter reaches into its neighbour's line"
    assert millimetres <= SHEETS["a4"].line
