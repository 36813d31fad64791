"""The bytes of a PDF string in, its letters out, whichever of nine ways a program wrote them.

ISO 32000-2, 7.9.2.2 allows PDFDocEncoding, UTF-16BE with a mark and UTF-8 with a mark. Programs also
write UTF-16LE, UTF-16 without a mark and UTF-8 without a mark, and put PDFDocEncoding behind letters
that look like a mark. pikepdf's own `str()` raises on some of these and drops lone surrogates, so the
bytes are decoded here.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = "\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc"
_TYPOGRAPHIC = (
    "\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018"
    "\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e\ufffd\u20ac"
)
# ISO 32000-2, table D.2: one letter a byte; 0x9F is not defined there.
_PDF_DOC = (
    "".join(map(chr, range(0x18)))
    + _ACCENTS
    + "".join(map(chr, range(0x20, 0x80)))
    + _TYPOGRAPHIC
    + "".join(map(chr, range(0xA1, 0x100)))
)
_LANGUAGE_ESCAPE = re.compile("\x1b[A-Za-z]{2,3}(?:[A-Za-z]{2})?\x1b")
_TWO_BYTE_PAIRS = re.compile(rb"[\xc6-\xc9\xcb-\xdf][\x80-\x9e]|\xca[\x80-\x9e]")
_LETTERS = re.compile(rb"[A-Za-z ]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_CUT_EMOJI = re.compile("[\uf300-\ufaff]")
_CUT_PRIVATE = re.compile("[\uf300-\uf8ff]")
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")
_CJK_SETS = ("gb2312", "big5", "shift_jis", "cp949")


def decode_text(raw: bytes) -> str:
    """The text of one PDF string.

    A value that is nothing but a mark is empty. A lone surrogate is left in: the caller removes it and
    tells (`emoji cut in half`, seen in files of three programs). Nothing raises.
    """
    if raw.isascii() and (plain := raw.decode("ascii")).isprintable():
        return plain  # most names and answers, in a tenth of the time
    if raw.startswith(b"\xef\xbb\xbf"):
        marked = _utf8(raw[3:])
        return _pdf_doc(raw) if marked is None else marked
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        return _utf16_or_letters(raw)
    if b"\0" in raw and (unmarked := _utf16_without_mark(raw)) is not None:
        return unmarked
    if _HIGH.search(raw) and not _reads_as_capitals_and_dashes(raw) and (text := _utf8(raw)) is not None:
        return text
    return _pdf_doc(raw)


def _pdf_doc(raw: bytes) -> str:
    return raw.decode("latin-1").translate(_PDF_DOC_TABLE)


_PDF_DOC_TABLE = {byte: letter for byte, letter in enumerate(_PDF_DOC) if chr(byte) != letter}


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def _utf16(raw: bytes, order: str) -> str:
    """Bytes behind a mark; half a letter at a cut end is dropped, language codes (7.9.2.2) too."""
    text = raw[: len(raw) // 2 * 2].decode(f"utf-16-{order}", "surrogatepass")
    return _LANGUAGE_ESCAPE.sub("", text) if "\x1b" in text else text


def _utf16_without_mark(raw: bytes) -> str | None:
    """Text whose every second byte is 0 to 8, as in the scripts from Latin to Arabic. PDFDocEncoding has no zeros."""
    if len(raw) % 2:
        return None
    if max(raw[0::2]) <= 8:
        return _utf16(raw, "be")
    return _utf16(raw, "le") if max(raw[1::2]) <= 8 else None


def _utf16_or_letters(raw: bytes) -> str:
    """Behind FE FF or FF FE: UTF-16, or an answer that begins with þÿ or ÿþ in PDFDocEncoding.

    A dozen programs write `þÿ` at the start of an answer as those two bytes. Real UTF-16 has a zero byte as soon
    as one letter is Latin; so this is UTF-16 unless its length is odd or its bytes read as Latin words.
    """
    body = raw[2:]
    text = _utf16(body, "be" if raw.startswith(b"\xfe\xff") else "le")
    if b"\0" in body or not body:
        return _with_whole_emoji(text)
    return _pdf_doc(raw) if len(body) % 2 or _reads_as_words(body, text) else _with_whole_emoji(text)


def _with_whole_emoji(text: str) -> str:
    """Text whose emoji have their top bits again. pdfium's form calls (8149) keep 16 bits of every letter.

    What is left of most of them is a letter for private use, which no keyboard has. What is left of U+1F900 and
    later is a rare form of a Han letter: in a text with other Han, Kana or Hangul letters it may be meant, and stays.
    """
    if not _CUT_EMOJI.search(text):
        return text
    found = _CUT_PRIVATE.sub(_whole, text)
    return found if _EAST_ASIAN.search(found) else _CUT_EMOJI.sub(_whole, found)


def _whole(letter: re.Match[str]) -> str:
    whole = chr(ord(letter[0]) + 0x10000)
    return whole if unicodedata.category(whole) in ("So", "Sk") else letter[0]


def _reads_as_words(body: bytes, text: str) -> bool:
    """Whether bytes are Latin words, and not by chance: `text` is what they are as UTF-16.

    Pairs of letters are rare letters of China, at random; real text of China, Japan and Korea lies in an everyday
    character set. Of fewer than eight bytes all must be letters or spaces, and the other reading no text at all.
    """
    letters = sum(map(len, _LETTERS.findall(body)))
    if len(body) < 8:
        unlikely = any(unicodedata.category(letter) in ("Cf", "Cn", "Co") for letter in text)
        return len(body) >= 4 and letters == len(body) and unlikely
    accents = sum(byte >= 0xC0 for byte in body)
    return (
        letters >= 0.7 * len(body)
        and letters + accents >= 0.85 * len(body)
        and not any(_encodable(text, name) for name in _CJK_SETS)
    )


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _reads_as_capitals_and_dashes(raw: bytes) -> bool:
    """CAFÉ–BAR in PDFDocEncoding is also valid UTF-8 (C9 85, a letter that nobody types): read it as typed.

    Capitals with accents from C6 on, each before a dash, quotation mark or ellipsis, and nothing else
    outside ASCII. UTF-8 of any word in a living script has other pairs too.
    """
    return not _HIGH.search(_TWO_BYTE_PAIRS.sub(b"", raw))
