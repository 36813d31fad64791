"""A file that pikepdf refuses or had to repair in; the same file as pypdf reads it out.

pypdf is asked for no answers: it loses fields of one name, and leaks errors of many kinds. It rewrites the
file, and the same walk reads what it wrote. A record that comes this way is always marked for review.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf

from schemebook.returned.leaks import LEAKS, QPDF
from schemebook.returned.opening import set_aside


@contextmanager
def open_by_second_reader(path: Path) -> Iterator[pikepdf.Pdf]:
    """The file as pypdf rewrote it. Raises SetAsideError damaged where pypdf cannot read it either."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        rewritten = BytesIO()
        with path.open("rb") as file:
            pypdf.PdfWriter(clone_from=pypdf.PdfReader(file, strict=False)).write(rewritten)
        rewritten.seek(0)
        pdf = pikepdf.open(rewritten)
    except (PyPdfError, pikepdf.PasswordError, *QPDF, *LEAKS):
        raise set_aside("damaged") from None
    with pdf:
        yield pdf
