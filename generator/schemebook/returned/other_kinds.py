"""The first bytes of a file that is no PDF in; by which words it is told what it is and what to do, out."""

from __future__ import annotations

import re

_DOCUMENT_INSIDE = re.compile(
    rb"\[Content_Types\]\.xml|mimetype|_rels/|docProps/|word/|xl/|ppt/|Index/|QuickLook/|preview"
)
_TAR = slice(257, 262)
_STARTS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "other-archive"),
    ((b"\xd0\xcf\x11\xe0", b"{\\rtf"), "document"),
    ((b"\x78\x9f\x3e\x22",), "winmail"),
    ((b"GIF8", b"BM"), "photograph"),
    ((b"L\0\0\0\x01\x14\x02\0", b"[InternetShortcut]", b'{"doc_id"', b'{"url"', b"bplist00"), "link"),
    ((b"-----BEGIN PGP", b"-----BEGIN PKCS7", b"-----BEGIN CMS"), "locked-file"),
)
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MESSAGE = re.compile(
    rb"(?:\d+\s*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:Received|Return-Path|MIME-Version|Message-ID|From):",
    re.IGNORECASE,
)
"""Headers as messages begin with, behind the count of bytes that Apple Mail puts first (.emlx)."""


def is_tar(head: bytes) -> bool:
    """Whether a file is a tar archive, in which a PDF may lie as it is, and be taken for the whole."""
    return head[_TAR] == b"ustar"


def words_of_kind(head: bytes) -> str:
    """The key of the words (`returned.<key>`) that tell what a file is. head: its first bytes, of a whole file all."""
    if not head.strip(b"\0"):
        return "empty-file"
    if head.startswith(b"PK\x03\x04"):
        return "document" if _DOCUMENT_INSIDE.search(head) else "zip-by-another-name"
    if is_tar(head):
        return "other-archive"
    for starts, words in _STARTS:
        if head.startswith(starts):
            return words
    if _WEB_PAGE.match(head):
        return "web-page"
    return "message-by-another-name" if _MESSAGE.match(head) else "not-a-pdf"
