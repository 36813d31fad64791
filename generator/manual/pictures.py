"""The README's pictures: what `make demo` left in build/demo in; a handbook page, a form and a report as PNG out.

    make demo && python generator/manual/pictures.py

Needs Chromium, Node with the packages of tests/ (npm ci), and pdftoppm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "build" / "demo"
PICTURES = ROOT / "docs" / "using-schemebook" / "pictures"
WIDTH = 1200
MOST_BYTES = 250_000


def screenshot(page: Path, out: Path, height: int) -> None:
    """The top of an HTML page as a browser shows it."""
    sys.path.insert(0, str(ROOT))
    from tests.browser import open_in_chromium

    open_in_chromium(page, screenshot=out, width=WIDTH, height=height, whole_page=False)


def paper(pdf: Path, out: Path) -> None:
    """The first page of a PDF."""
    with tempfile.TemporaryDirectory() as name:
        command = ["pdftoppm", "-png", "-singlefile", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", str(pdf)]
        subprocess.run([*command, f"{name}/page"], check=True)
        with Image.open(Path(name, "page.png")) as page:
            page.quantize(64).save(out, optimize=True)  # a page has few colours: half the bytes


def first(pattern: str) -> Path:
    """The first file of the demo with such a name."""
    found = sorted(DEMO.glob(pattern))
    if not found:
        sys.exit(f"{DEMO / pattern} is not there: run 'make demo' first")
    return found[0]


def main() -> int:
    """Make the pictures; exit status 1 where one is too large for a README."""
    PICTURES.mkdir(exist_ok=True)
    screenshot(first("site/*/path.html"), PICTURES / "handbook.png", 860)
    paper(first("returns/*-application-1.pdf"), PICTURES / "form.png")
    screenshot(first("report/*/index.html"), PICTURES / "report.png", 900)
    sizes = {path.name: path.stat().st_size for path in sorted(PICTURES.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{name}: {size // 1000} kB")
    return int(max(sizes.values()) > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
