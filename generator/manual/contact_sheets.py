"""A built site in; every page and form of it as pictures, many to a sheet, out: to be looked at.

    schemebook build && python generator/manual/contact_sheets.py [SCHEME ...]

Pages on a screen (1280 px) and a phone (390 px), the handbook PDF and the forms on paper. They stand in
build/contact-sheets/<scheme>/. Needs Chromium, Node with the packages of tests/ (npm ci), and pdftoppm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "build" / "contact-sheets"
FACE = ROOT / "generator" / "schemebook" / "fonts" / "source-sans-3" / "SourceSans3_400Regular.ttf"
GROUND, INK = "#8a8a8a", "#ffffff"
SPACE, CAPTION = 12, 24


@dataclass(frozen=True)
class Medium:
    """What a sheet shows: how wide and high one strip of it is, and how many strips stand side by side.

    viewport: the width of the window; 0 for paper, whose pages are not cut.
    """

    name: str
    width: int
    height: int
    across: int
    viewport: int = 0


SCREEN = Medium("screen", width=640, height=1500, across=4, viewport=1280)
PHONE = Medium("phone", width=300, height=1500, across=8, viewport=390)
BOOK = Medium("handbook-pdf", width=560, height=794, across=4)
FORMS = Medium("forms", width=560, height=794, across=4)
ROWS = 2
"""Rows of sheets of paper on one contact sheet."""


def screenshots(pages: Sequence[Path], viewport: int, folder: Path) -> dict[str, Path]:
    """Each page, from top to bottom, as a browser of that width shows it: its name -> a picture."""
    sys.path.insert(0, str(ROOT))
    from tests.browser import chromium
    from tests.programs import node

    taken = {page.stem: folder / f"{page.stem}-{viewport}.png" for page in pages}
    shots = [{"url": page.resolve().as_uri(), "width": viewport, "picture": str(taken[page.stem])} for page in pages]
    with tempfile.TemporaryDirectory() as profile:
        node("screenshots.mjs", {"chromium": chromium(), "profile": profile, "shots": shots})
    return taken


def sheets_of_paper(pdf: Path, width: int, folder: Path) -> list[Path]:
    """The pages of a PDF as pictures of that width."""
    command = ["pdftoppm", "-png", "-scale-to-x", str(width), "-scale-to-y", "-1", str(pdf)]
    subprocess.run([*command, str(folder / pdf.name)], check=True)
    return sorted(folder.glob(f"{pdf.name}-*.png"))


def strips(picture: Path, medium: Medium) -> Iterator[Image.Image]:
    """A picture at the medium's width; a page of the site is cut where it is higher than a strip."""
    with Image.open(picture) as whole:
        height = round(whole.height * medium.width / whole.width)
        small = whole.convert("RGB").resize((medium.width, height), Image.Resampling.LANCZOS)
    step = medium.height if medium.viewport else height
    for top in range(0, height, step):
        yield small.crop((0, top, medium.width, min(top + step, height)))


def write_sheets(named: Sequence[tuple[str, Path]], medium: Medium, folder: Path) -> int:
    """The pictures on contact sheets, in order, each with its name over it; how many sheets."""
    cut = [(name, strip) for name, picture in named for strip in strips(picture, medium)]
    rows = ROWS if not medium.viewport else 1
    count = medium.across * rows
    font = ImageFont.truetype(str(FACE), 16)
    for number, start in enumerate(range(0, len(cut), count), 1):
        cell_width, cell_height = medium.width + SPACE, medium.height + SPACE + CAPTION
        sheet = Image.new("RGB", (cell_width * medium.across + SPACE, cell_height * rows + SPACE), GROUND)
        draw = ImageDraw.Draw(sheet)
        for at, (name, strip) in enumerate(cut[start : start + count]):
            x, y = SPACE + at % medium.across * cell_width, SPACE + at // medium.across * cell_height
            draw.text((x, y), name, fill=INK, font=font)
            sheet.paste(strip, (x, y + CAPTION))
        sheet.save(folder / f"{medium.name}-{number:02}.png")
    return -(-len(cut) // count)


def of_scheme(site: Path, scheme: str) -> None:
    """All contact sheets of one scheme."""
    folder = SHEETS / scheme
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    pages = sorted((site / scheme).glob("*.html"))
    with tempfile.TemporaryDirectory() as name:
        pictures = Path(name)
        for medium in (SCREEN, PHONE):
            taken = screenshots(pages, medium.viewport, pictures)
            said(scheme, medium, write_sheets(list(taken.items()), medium, folder))
        book = sheets_of_paper(site / scheme / f"{scheme}-handbook.pdf", BOOK.width, pictures)
        said(scheme, BOOK, write_sheets([(f"page {at}", one) for at, one in enumerate(book, 1)], BOOK, folder))
        forms = [
            (form.stem, page)
            for form in sorted((site / scheme / "forms").glob("*.pdf"), key=lambda path: path.stem)
            for page in sheets_of_paper(form, FORMS.width, pictures)
        ]
        said(scheme, FORMS, write_sheets(forms, FORMS, folder))


def said(scheme: str, medium: Medium, count: int) -> None:
    """Tell what was written."""
    print(f"{scheme}: {medium.name}, {count} sheets")


def main(schemes: Sequence[str]) -> int:
    """Make the sheets of the schemes named, else of all on the site."""
    site = ROOT / "site"
    books = sorted(site.glob("*/*-handbook.pdf"))
    if not books:
        sys.exit(f"{site} holds no handbook: run 'schemebook build' first")
    for scheme in schemes or [book.parent.name for book in books]:
        of_scheme(site, scheme)
    print(f"They stand in {SHEETS.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
