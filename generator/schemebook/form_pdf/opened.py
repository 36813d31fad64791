"""The bytes of a PDF in, the PDF opened out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import pikepdf


@contextmanager
def opened(content: bytes) -> Iterator[pikepdf.Pdf]:
    """The PDF, as long as the block lasts. pikepdf.PdfError where it is none.

    It is read from a file, in memory where the system has such files, since that can be mapped: from a BytesIO each
    object is read by calls into Python, and all of them take more than twice as long.
    """
    with _file(content) as file, pikepdf.open(file, access_mode=pikepdf.AccessMode.mmap) as pdf:
        yield pdf


def _file(content: bytes) -> BinaryIO:
    """A file that holds it; where none can be written whole, on a full disk, a BytesIO."""
    with suppress(OSError):
        file = _empty_file()
        if file.write(content) == len(content):
            return file
        file.close()
    return BytesIO(content)


def _empty_file() -> BinaryIO:
    """Without a buffer, so that nothing is left to be written when it is closed."""
    if hasattr(os, "memfd_create"):
        return cast(BinaryIO, os.fdopen(os.memfd_create("form"), "w+b", buffering=0))
    return cast(BinaryIO, TemporaryFile(buffering=0))
