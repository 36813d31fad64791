"""The contact sheets show every page whole, in order, and every sheet of paper."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contact_sheets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("contact_sheets", ROOT / "generator/manual/contact_sheets.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["contact_sheets"] = module
    spec.loader.exec_module(module)
    return module


def picture(folder: Path, name: str, width: int, height: int, colour: str) -> tuple[str, Path]:
    path = folder / f"{name}.png"
    Image.new("RGB", (width, height), colour).save(path)
    return name, path


def test_a_long_page_is_cut_into_strips_that_lose_nothing(contact_sheets: ModuleType, tmp_path: Path) -> None:
    _, long = picture(tmp_path, "long", 1280, 7001, "#ff0000")
    strips = list(contact_sheets.strips(long, contact_sheets.SCREEN))
    assert sum(strip.height for strip in strips) == round(7001 / 2)
    assert [strip.width for strip in strips] == [640] * 3


def test_every_picture_stands_on_a_sheet(contact_sheets: ModuleType, tmp_path: Path) -> None:
    medium = contact_sheets.BOOK
    colours = ["#ff0000", "#00ff00", "#0000ff", "#ffff00", "#ff00ff", "#00ffff", "#ff8000", "#8000ff", "#0080ff"]
    named = [picture(tmp_path, f"page-{at}", 560, 792, colour) for at, colour in enumerate(colours)]
    assert contact_sheets.write_sheets(named, medium, tmp_path) == 2
    found = set()
    for sheet in tmp_path.glob("handbook-pdf-*.png"):
        with Image.open(sheet) as opened:
            found |= {f"#{r:02x}{g:02x}{b:02x}" for count, (r, g, b) in opened.getcolors(2**24) if count > 560 * 700}
    assert set(colours) <= found


def test_a_sheet_of_paper_is_not_cut(contact_sheets: ModuleType, tmp_path: Path) -> None:
    _, page = picture(tmp_path, "page", 560, 900, "#ff0000")
    assert [strip.height for strip in contact_sheets.strips(page, contact_sheets.FORMS)] == [900]
