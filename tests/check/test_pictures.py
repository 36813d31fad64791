"""Pictures that the layout engine refuses are told before a build stops at them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image
from tests.check.small_project import CHAPTER_FILE, SCHEME, SCHEME_FILE, line_of, write_project
from tests.handbook.small_project import LAMP

from schemebook.check.check import check_project
from schemebook.errors import Problem

FROM_ELSEWHERE = LAMP.replace("<circle", '<image href="http://example.org/lamp.png"/><circle')


def told(root: Path, name: str, content: bytes) -> list[Problem]:
    """What is told of a project with this logo."""
    (root / "scheme-configs").mkdir(parents=True)
    (root / "scheme-configs" / name).write_bytes(content)
    scheme = SCHEME.replace("'#1E6B52'}", f"'#1E6B52', logo: {name}}}")
    return check_project(write_project(root, {SCHEME_FILE: scheme}))[0]


def picture(path: Path, kind: str) -> bytes:
    Image.new("RGB", (40, 40), (0xAB, 0x12, 0x34)).save(path, kind)
    return path.read_bytes()


def test_a_logo_that_can_be_shown_is_no_problem(tmp_path: Path) -> None:
    assert told(tmp_path / "svg", "mark.svg", LAMP.encode()) == []
    assert told(tmp_path / "png", "mark.png", picture(tmp_path / "mark", "PNG")) == []


@pytest.mark.parametrize("broken", ["another kind", "cut short", "no SVG", "not UTF-8", "from elsewhere"])
def test_a_logo_that_cannot_be_shown_is_told_at_its_line(broken: str, tmp_path: Path) -> None:
    png = picture(tmp_path / "x.png", "PNG")
    name, content = {
        "another kind": ("mark.png", picture(tmp_path / "x.jpg", "JPEG")),
        "cut short": ("mark.png", png[: len(png) // 2]),
        "no SVG": ("mark.svg", b"<svg"),
        "not UTF-8": ("mark.svg", LAMP.replace("<circle", "<desc>\xe9</desc><circle").encode("latin-1")),
        "from elsewhere": ("mark.svg", FROM_ELSEWHERE.encode()),
    }[broken]
    (problem,) = told(tmp_path / "project", name, content)
    assert (problem.kind, problem.place.file, problem.place.line) == (
        "picture-broken",
        SCHEME_FILE,
        line_of(SCHEME, "branding:"),
    )


def test_a_logo_of_many_bytes_is_told_before_each_form_carries_it(tmp_path: Path) -> None:
    Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270_000)).save(tmp_path / "x.png")
    (problem,) = told(tmp_path / "project", "mark.png", (tmp_path / "x.png").read_bytes())
    assert problem.kind == "logo-too-large"


def test_a_chapter_s_picture_that_cannot_be_shown_is_told_by_its_file(tmp_path: Path) -> None:
    pictures = tmp_path / "docs/demo/pictures"
    pictures.mkdir(parents=True)
    (pictures / "lamp.png").write_bytes(b"no picture")
    (pictures / "notes.txt").write_bytes(b"no picture either")
    project = write_project(tmp_path, {CHAPTER_FILE: "# About\n\n![A lamp](pictures/lamp.png)\n"})
    (problem,) = check_project(project)[0]
    assert (problem.kind, problem.place.file) == ("picture-broken", "docs/demo/pictures/lamp.png")
