"""The bytes of a PDF in, the PDF opened out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import pikepdf


@contextmanager
def opened(content: bytes) -> Iterator[pikepdf.Pdf]:
    """The PDF, as long as the block lasts. pikepdf.PdfError where it is none.

    It is read from a file, in memory where the system has such files, since that can be mapped: from a BytesIO each
    object is read by calls into Python, and all of them take more than twice as long.
    """
    with _file() as file:
        file.write(content)
        file.flush()
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.mmap) as pdf:
            yield pdf


def _file() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("form"), "w+b")
    return cast(BinaryIO, TemporaryFile())
