"""Packages of faces in, the fonts that Schemebook ships out: full ones, cut ones for the site, the field font.

    cd generator/fonts && npm ci && python make_fonts.py

Run by hand when a face's version changes; what it writes is committed. It needs fontTools and zopfli (0.4), the package
does not.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import zopfli.zlib
from make_field_font import field_font, for_forms, letters_of, to_unicode

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
FONTS = HERE.parent / "schemebook" / "fonts"
ASSETS = HERE.parent / "schemebook" / "handbook" / "assets"

PAPER = {
    "source-sans-3": (
        "400Regular/SourceSans3_400Regular.ttf",
        "400Regular_Italic/SourceSans3_400Regular_Italic.ttf",
        "600SemiBold/SourceSans3_600SemiBold.ttf",
    ),
    "source-serif-4": (
        "400Regular/SourceSerif4_400Regular.ttf",
        "600SemiBold/SourceSerif4_600SemiBold.ttf",
    ),
}
SITE = {"source-sans-3": ("400", "600", "400-italic"), "source-serif-4": ("600",)}
SCRIPTS = ("latin", "latin-ext", "vietnamese", "greek", "cyrillic")
"""A browser loads a file only when its page holds one of the file's letters."""


def copy_paper_faces() -> None:
    """The full faces, unchanged: their licence reserves the name "Source" for unchanged ones."""
    for family, faces in PAPER.items():
        package, target = MODULES / "@expo-google-fonts" / family, FONTS / family
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / "LICENSE_FONT", target / "OFL.txt")
        for face in faces:
            shutil.copyfile(package / face, target / Path(face).name)


def write_field_font() -> None:
    """The field font, cut from the full sans and renamed; and what each form holds of it, packed as small as can be."""
    target = FONTS / "schemebook-field"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(FONTS / "source-sans-3" / "OFL.txt", target / "OFL.txt")
    full = FONTS / "source-sans-3" / "SourceSans3_400Regular.ttf"
    font = field_font(full)
    (target / "SchemebookField.ttf").write_bytes(font)
    (target / "SchemebookField.ttf.z").write_bytes(packed(for_forms(font)))
    (target / "SchemebookField.cmap.z").write_bytes(packed(to_unicode(letters_of(font))))


def packed(content: bytes) -> bytes:
    """Deflated by trying many ways: too slow for each form, a tenth smaller."""
    return zopfli.zlib.compress(content, numiterations=200)


def copy_site_faces() -> None:
    """The site's woff2 files and the style sheet that names them."""
    folder = ASSETS / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    rules = []
    for family, faces in SITE.items():
        package = MODULES / "@fontsource" / family
        shutil.copyfile(FONTS / family / "OFL.txt", folder / f"{family}-OFL.txt")
        for face in faces:
            rules += site_rules(package, family, face, folder)
    (ASSETS / "fonts.css").write_text("\n".join(rules), encoding="utf-8")


def site_rules(package: Path, family: str, face: str, folder: Path) -> list[str]:
    """The @font-face rules of one face in our scripts; their files are copied beside."""
    sheet = (package / f"{face}.css").read_text(encoding="utf-8")
    weight, _, style = face.partition("-")
    rules = []
    for script in SCRIPTS:
        file = f"{family}-{script}-{weight}-{style or 'normal'}"
        found = re.search(rf"/\* {file} \*/\n@font-face {{\n(.*?)\n}}", sheet, re.DOTALL)
        if found is None:
            raise SystemExit(f"{package} has no {file}")
        shutil.copyfile(package / "files" / f"{file}.woff2", folder / f"{file}.woff2")
        body = re.sub(r"src: .*?;", f'src: url("fonts/{file}.woff2") format("woff2");', found[1])
        rules.append(f"@font-face {{\n{body}\n}}\n")
    return rules


if __name__ == "__main__":
    copy_paper_faces()
    write_field_font()
    copy_site_faces()
