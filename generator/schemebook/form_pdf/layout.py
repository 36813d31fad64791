"""Data in, laid-out PDF out: the only module that imports the layout engine.

The engine (Typst) reads the templates of this package and the data as JSON. Words of a scheme reach it as strings
only, never as markup, so nothing that a scheme owner or a participant writes can be read as a command.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from schemebook.errors import SchemebookError
from schemebook.form_pdf.fonts import missing_scripts
from schemebook.scheme.words import what_and_to_do

_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_FACES = ("source-sans-3", "source-serif-4")
_NAME = re.compile(r"[a-z][a-z0-9-]*\.typ")
_PICTURE = re.compile(r"[a-z0-9-]+\.(?:png|jpg|jpeg|gif|webp|svg)")


def typeset(
    template: str,
    data: Any,
    *,
    tagged: bool = True,
    pictures: Mapping[str, bytes] | None = None,
    fonts: tuple[Path, ...] = (),
) -> bytes:
    """Lay out one template of `templates/` with its data; the PDF, with the same bytes each time.

    template: its file name. data: anything that JSON can hold; the template finds it in `sys.inputs.data`.
    tagged: as PDF/UA-1 (PDF 1.7), whose rules the engine enforces; otherwise plain pages, such as drawn answers.
    pictures: files that the template shows, by a name of letters, digits, hyphens and one dot.
    fonts: folders of further fonts.
    Raises SchemebookError for a letter that no font has, `typst.TypstError` where a template is wrong, a bug of ours.
    """
    if not _NAME.fullmatch(template):
        raise ValueError(f"{template!r} is no template")
    with _folder(pictures or {}) as folder:
        try:
            made = _compiler(fonts).compile(
                folder / template,
                root=folder,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["ua-1"] if tagged else ["1.7"],
                pdf_tags=tagged,
                timestamp=0,
            )
        except typst.TypstError as error:
            letter = _NOT_SHOWN.search(str(error))
            if letter is None:
                raise
            words = what_and_to_do(
                "form_pdf.letter-not-printed", letter=letter[1], scripts=", ".join(missing_scripts(letter[1]))
            )
            raise SchemebookError(*words, kind="letter-not-printed") from None
    if not isinstance(made, bytes):
        raise TypeError("the layout engine gave no single PDF")
    return made


def picture_fault(content: bytes, ending: str) -> str | None:
    """Why a picture cannot be shown, in the engine's own words; None where it can. ending: as `.svg`, in lower case.

    What is refused: a file of another kind than it is called, one that is cut short, an SVG that asks other places.
    """
    name = f"picture{ending}"
    try:
        typeset("picture.typ", {"file": name}, tagged=False, pictures={name: content})
    except typst.TypstError as error:
        return str(error).splitlines()[0]
    except SchemebookError as error:  # letters in an SVG that no font of ours has
        return error.what
    return None


@contextmanager
def _folder(pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """The templates; where there are pictures a copy with them beside: the engine reads nothing outside one folder."""
    if not pictures:
        yield _templates()
        return
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for template in _templates().glob("*.typ"):
            shutil.copy(template, folder)
        for file, content in pictures.items():
            if not _PICTURE.fullmatch(file):
                raise ValueError(f"{file!r} is no name for a picture")
            folder.joinpath(file).write_bytes(content)
        yield folder


@cache
def _compiler(more: tuple[Path, ...]) -> Any:
    """One a process: it keeps fonts and what it has laid out before (80 ms to make, 4 ms a form afterwards)."""
    faces = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[*(_package() / "fonts" / face for face in _FACES), *more],
    )
    return typst.Compiler(root=_templates(), font_paths=faces)


def _templates() -> Path:
    return _package() / "form_pdf" / "templates"


@cache
def _package() -> Path:
    """The package's folder. The engine reads files, so the package is always unpacked."""
    return Path(str(files("schemebook")))
