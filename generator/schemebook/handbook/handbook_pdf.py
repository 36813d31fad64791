"""The pages of one scheme in, its handbook as one tagged PDF (PDF/UA-1) out.

The same Markdown as the site's pages, read by the same extensions: what stands on a page stands in the PDF too. The
words of a scheme reach the layout engine as strings, never as markup.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

import pikepdf

from schemebook.errors import ProjectError
from schemebook.form_pdf.layout import typeset
from schemebook.form_pdf.printed_form import logo_data
from schemebook.form_pdf.structure_tags import mark_row_heads
from schemebook.handbook.book import Book
from schemebook.handbook.facts import page_titles
from schemebook.handbook.html_tree import parse_html
from schemebook.handbook.path_sign import Station
from schemebook.handbook.printed_line import Part, Walk, words_in
from schemebook.handbook.printed_links import Links, label_of, links_of
from schemebook.handbook.printed_page import flow, printed_page
from schemebook.handbook.sentences import sentence
from schemebook.handbook.site_config import page_html
from schemebook.handbook.unprintable import unprintable
from schemebook.scheme.colour import palette
from schemebook.scheme.days import long_day
from schemebook.scheme.project import CONFIGS
from schemebook.scheme.words import say

_PDF_VERSION = "1.7"
_TYPE = {
    "text": 10.5, "title": 24, "heading": 15, "subheading": 12, "hint": 8.5, "running": 8.5, "lede": 13, "cover": 36,
}  # fmt: skip
_SHEETS = {
    "a4": {"width": 210, "height": 297, "left": 44, "right": 36, "top": 27, "bottom": 26, "side": 18, **_TYPE},
    "letter": {
        "width": 215.9, "height": 279.4, "left": 46.95, "right": 38.95, "top": 25, "bottom": 21, "side": 20.95, **_TYPE,
    },
}  # fmt: skip
"""Millimetres, and points for sizes of type. On each, text is 130 mm wide; tables and drawings may take 174."""


def make_handbook_pdf(
    book: Book,
    pages: Mapping[str, str],
    *,
    pictures: Mapping[str, bytes],
    site: str,
    today: datetime.date,
    sheet: str = "a4",
) -> bytes:
    """The PDF, with the same bytes each time.

    pages: file name -> Markdown, as scheme_pages.py writes them. pictures: address of a picture below the scheme's
    folder -> its bytes. site: the address of that folder on the web, or empty. sheet: the size of paper (facts.SHEETS).
    Raises ProjectError for elements and letters that paper cannot show.
    """
    trees = {PurePosixPath(name).stem: parse_html(page_html(text)) for name, text in pages.items()}
    links = links_of(trees, site)
    files = {address: _file_name(address, number) for number, address in enumerate(sorted(pictures))}
    process = book.drawing_on_paper
    walks = {page: Walk(page, links, flow, files, process=process) for page in trees}
    blocks = {page: printed_page(trees[page], walks[page]) for page in trees}
    found = [one for page in trees for one in unprintable(book, walks[page], blocks[page])]
    if found:
        raise ProjectError(found)
    used = {files[name]: pictures[name] for walk in walks.values() for name in walk.used}
    return _finished(typeset("handbook.typ", _data(book, blocks, today, sheet), pictures=used), blocks)


def _file_name(address: str, number: int) -> str:
    return f"picture-{number}{PurePosixPath(address).suffix.lower()}"


def _data(book: Book, blocks: Mapping[str, list[Part]], today: datetime.date, sheet: str) -> dict[str, Any]:
    """All that the template prints."""
    scheme = book.scheme
    language, _, region = scheme.language.partition("-")
    cover = Walk("", Links(frozenset(), frozenset()), flow)
    titles = page_titles(scheme)
    logo = book.project.root / CONFIGS / scheme.branding.logo if scheme.branding.logo else None
    return {
        "sheet": _SHEETS[sheet],
        "palette": dict(palette(scheme.branding.colour, scheme.branding.accent).light),
        "words": _words(book, today),
        "language": language,
        "region": region or None,
        "title": say("handbook.pdf-title", scheme=scheme.name),
        "scheme-name": scheme.name,
        "run-by": scheme.run_by,
        "logo": logo_data(logo),
        "lede": words_in(parse_html(sentence(book.put_in(scheme.front.lede))), cover),
        "stations": [_station(one) for one in book.stations],
        "chapters": [{"id": label_of(page), "title": titles[page], "blocks": parts} for page, parts in blocks.items()],
    }


def _station(station: Station) -> dict[str, Any]:
    """round: whether a way round is drawn, as on the site's front page."""
    goes_round = station.fork is not None and station.after == 1
    return {**asdict(station), "round": goes_round}


def _words(book: Book, today: datetime.date) -> dict[str, str]:
    contact = book.scheme.contact
    return {
        "for": book.say("front-for", roles=book.taking_part),
        "contents": book.say("pdf-contents"),
        "page": say("form_pdf.page", page="{page}", pages="{pages}"),
        "see-page": book.say("pdf-see-page", page="{page}"),
        "day": book.say("pdf-day", day=long_day(today)),
        "ask": say("form_pdf.ask", address=contact.email or contact.telephone or contact.name),
        "joins": book.joins_words,
        "run-by": book.say("scheme-run-by", body=book.scheme.run_by),
    }


def _finished(made: bytes, blocks: Mapping[str, list[Part]]) -> bytes:
    """What the engine leaves out: row heads, and the page of each table."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        mark_row_heads(pdf, [table for parts in blocks.values() for table in _heads(parts)])
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            min_version=_PDF_VERSION,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
        return out.getvalue()


def _heads(parts: Any) -> Iterator[list[list[bool]]]:
    """Of each table in order: row by row, which cells are heads."""
    if isinstance(parts, list):
        for part in parts:
            yield from _heads(part)
    elif isinstance(parts, dict):
        if parts.get("k") == "table":
            yield [[cell["head"] for cell in row] for row in (*parts["head"], *parts["body"])]
        for part in parts.values():
            yield from _heads(part)
