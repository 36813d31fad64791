"""A word that no program would say by itself, planted in answers; and where it has come to, however a file packs it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pikepdf

WORD = "Quxplantagenet"
"""Stands in every answer, in senders' addresses, in tables of people, and in what is typed."""
COMMAND = Path(sys.executable).parent / "schemebook"
_MARKS = tuple(word.encode(how) for word in (WORD, WORD.lower()) for how in ("utf-8", "utf-16-be", "utf-16-le"))


def holds(data: bytes) -> bool:
    """Whether bytes hold the word: as they are, or in the streams and strings of a PDF, or in members of a zip."""
    if any(mark in data for mark in _MARKS):
        return True
    if data[:1024].find(b"%PDF-") >= 0:
        return _pdf_holds(data)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(holds(archive.read(name)) for name in archive.namelist())
    return False


def _pdf_holds(data: bytes) -> bool:
    try:
        with warnings.catch_warnings(), pikepdf.open(io.BytesIO(data)) as pdf:
            warnings.simplefilter("ignore")
            for one in pdf.objects:
                packed = one.read_bytes() if isinstance(one, pikepdf.Stream) and "/DCTDecode" not in str(one) else b""
                if any(mark in one.unparse() + packed or mark.hex().encode() in one.unparse() for mark in _MARKS):
                    return True
    except pikepdf.PdfError:
        return False
    return False


def holders(folder: Path, *but: Path) -> list[str]:
    """The files below a folder that hold the word, or have it in their name; not those at or below some places."""
    found = []
    for path in sorted(folder.rglob("*")):
        if any(path.is_relative_to(place) for place in but):
            continue
        if WORD.lower() in path.name.lower() or (path.is_file() and not path.is_symlink() and holds(path.read_bytes())):
            found.append(str(path.relative_to(folder)))
    return found


def environment(folder: Path) -> dict[str, str]:
    """An environment whose temporary files, caches and home lie below a folder."""
    places = {name: folder / name.lower() for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    return {**os.environ, **{name: str(place) for name, place in places.items()}, "NO_MKDOCS_2_WARNING": "1"}


def run(root: Path, *words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """One command in a project; what it said and how it ended."""
    return subprocess.run(
        [COMMAND, *words], cwd=root, env=environment(root.parent / "machine"), input=given, capture_output=True,
        text=True, errors="replace", timeout=240, check=False,
    )  # fmt: skip


def without(text: str, *names: str) -> str:
    """What was said, without the names of files as they were given."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), "", text)
    return text
