"""PDF strings as real programs write them."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemebook.returned.text_strings import decode_text

NAMES = [
    "Tāne Mahuta",
    "ʻOfa Tuʻitavake",
    "Łukasz Żółć",
    "Nguyễn Thị Việt",
    "王小明",
    "李娜",
    "林",
    "慢",
    "山田太郎",
    "한국어",
]
NAMES += ["محمد", "Привет", "Ŵyn ap Dŵr", "😀😊", "a", "naïve café"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_text_may_be_utf_16_either_way_round_or_utf_8_with_or_without_mark(
    name: str, mark: bytes, encoding: str
) -> None:
    assert decode_text(mark + name.encode(encoding)) == name


@pytest.mark.parametrize("name", ["Łódź", "Tāne"])
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf_16_may_lack_its_mark(name: str, encoding: str) -> None:
    assert decode_text(name.encode(encoding)) == name


@pytest.mark.parametrize(
    "value", ["þÿ hello", "þÿhello", "þÿ at the start of an answer", "þÿ à la française, encore", "ÿþab and more"]
)
def test_a_value_that_begins_with_the_letters_of_a_mark_is_not_utf_16(value: str) -> None:
    assert decode_text(value.encode("latin-1")) == value


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF8, b""])
def test_nothing_but_a_mark_is_empty(mark: bytes) -> None:
    assert decode_text(mark) == ""


def test_pdf_doc_encoding_has_its_own_letters_between_80_and_a0() -> None:
    assert decode_text(b"Caf\xe9 \x80 \x84 \x85 \x8f\x90 \x95\x9b \xa0 \x1a") == "Café • — – ‘’ Łł € ˆ"


def test_capitals_before_a_dash_are_not_utf_8() -> None:
    assert decode_text(b"CAF\xc9\x85BAR, \xc9\x90") == "CAFÉ–BAR, É’"


def test_a_letter_cut_in_half_stays_for_the_caller_to_tell() -> None:
    assert decode_text(b"\xfe\xff\x00a\xd8\x3d") == "a\ud83d"


def test_a_language_code_is_no_part_of_the_text() -> None:
    assert decode_text(codecs.BOM_UTF16_BE + "\x1bmi\x1bKia ora".encode("utf-16-be")) == "Kia ora"


def test_utf_16_cut_at_an_odd_byte_keeps_the_whole_letters() -> None:
    assert decode_text(codecs.BOM_UTF16_BE + "Tāne".encode("utf-16-be")[:-1]) == "Tān"


LEFT_OF_EMOJI = "".join(map(chr, range(0xF300, 0xFB00)))


@settings(max_examples=500)
@given(st.text(st.characters(exclude_characters="\x1b\0" + LEFT_OF_EMOJI, exclude_categories=["Cs"])))
@example("ठ")
@example("①①①①")
@example("\ufeff")
def test_marked_utf_16_reads_back_whatever_its_letters(text: str) -> None:
    assert decode_text(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text


@given(st.binary())
def test_no_bytes_raise(raw: bytes) -> None:
    assert isinstance(decode_text(raw), str)


@pytest.mark.parametrize("name", ["नमस्ते", "ठ", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ਠਡ", "⠠"])
def test_a_script_whose_bytes_are_those_of_latin_letters_is_read_as_itself(name: str) -> None:
    assert decode_text(b"\xfe\xff" + name.encode("utf-16-be")) == name


def test_an_answer_that_begins_with_the_letters_of_a_mark_is_read_as_letters() -> None:
    assert decode_text("þÿ begins oddly".encode("latin-1")) == "þÿ begins oddly"


def in_16_bits(text: str) -> bytes:
    """What pdfium stores of a text: the low 16 bits of each letter, in UTF-16."""
    return b"\xfe\xff" + b"".join((ord(letter) & 0xFFFF).to_bytes(2, "big") for letter in text)


@pytest.mark.parametrize("text", ["Well done 👩🏽‍🏫 🌿", "🚲", "Agreed 🤝 🙂", "Māori 🦊"])
def test_an_emoji_that_lost_its_top_bits_is_made_whole(text: str) -> None:
    assert decode_text(in_16_bits(text)) == text


@pytest.mark.parametrize("text", ["北京 \uf900", "\uac00 \ufa10", "\ue000 private", "\uf8ff"])
def test_letters_that_are_no_halves_of_emoji_stay(text: str) -> None:
    assert decode_text(in_16_bits(text)) == text
