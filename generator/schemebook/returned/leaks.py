"""What libraries let through on broken files, seen in 2,014 cut and 10,000 damaged ones: pypdf 7.1, pyHanko 0.38."""

from __future__ import annotations

import struct
import zlib

import pikepdf

LEAKS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""Errors that are no errors of ours where such a library reads a file."""

QPDF = (pikepdf.PdfError, RuntimeError)
"""What pikepdf raises for a broken file; qpdf's errors of logic come as RuntimeError."""
QPDF_OPENS = (*QPDF, ValueError)
"""The same where it opens a file: a number too large for 64 bits comes as ValueError."""
