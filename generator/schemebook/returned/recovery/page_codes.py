"""The words or the picture of a page in; what its printed code says out: edition, page, an issued copy's token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import zxingcpp

from schemebook.form_pdf.descriptor import CODE_PREFIX
from schemebook.returned.recovery.ink import GreyPage

_CODE = re.compile(rf"{CODE_PREFIX}/([0-9A-F]{{8}})/([1-9][0-9]{{0,2}})(?:/([A-Z2-7]{{8}}))?")


class PageCode(NamedTuple):
    """What a page says of itself. Like every claim it is only looked up."""

    edition: str
    page: int
    token: str | None = None


def read_code(text: str) -> PageCode | None:
    """The code in a text that is nothing else."""
    found = _CODE.fullmatch(text)
    return PageCode(found[1].lower(), int(found[2]), found[3]) if found else None


def codes_in(texts: Iterable[str]) -> list[PageCode]:
    """The codes among some texts, each once."""
    return list(dict.fromkeys(code for text in texts if (code := read_code(text))))


def drawn_codes(page: GreyPage) -> list[PageCode]:
    """The codes of ours in a picture. Of other codes on the page nothing is kept."""
    grid = memoryview(page.data).cast("B", shape=[page.height, page.stride])
    signs = zxingcpp.read_barcodes(grid, formats=zxingcpp.barcode_formats_from_str("DataMatrix"))
    return codes_in(sign.text for sign in signs)
