"""Bytes in, files out that are whole or not there: written aside, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from schemebook.errors import SchemebookError
from schemebook.scheme.words import what_and_to_do

_LINES_AT_ONCE = 1_000


def write_file(path: Path, content: bytes, mode: int = 0o644) -> bool:
    """Write a file, its folders too; whether it had to be written (the same content is left alone).

    mode: who may read it, from the moment that it is there. Raises SchemebookError where the place cannot be
    written to.
    """
    try:
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
    except OSError as error:
        raise _not_written(path, error) from None
    write_files({path: content}, mode)
    return True


def write_files(contents: Mapping[Path, bytes], mode: int = 0o644) -> None:
    """Write files that belong together: all of them aside before the first is renamed, so a full disk changes none.

    Raises as `write_file` does.
    """
    _write_aside({path: (content,) for path, content in contents.items()}, mode)


def write_lines(path: Path, lines: Iterable[str], mode: int = 0o644) -> None:
    """Write a text as its lines come, in UTF-8: of a long one a few are in memory. Raises as `write_file`."""
    parts = iter(lines)
    _write_aside({path: iter(lambda: "".join(islice(parts, _LINES_AT_ONCE)).encode("utf-8"), b"")}, mode)


def _write_aside(contents: Mapping[Path, Iterable[bytes]], mode: int) -> None:
    aside: dict[Path, Path] = {}
    path = Path()
    try:
        for path, parts in contents.items():
            aside[path] = _begun(path)
            with aside[path].open("wb") as file:
                file.writelines(parts)
            aside[path].chmod(mode)
        for path in contents:
            aside[path].replace(path)
    except OSError as error:
        raise _not_written(path, error) from None
    finally:
        for one in aside.values():
            one.unlink(missing_ok=True)


def _begun(path: Path) -> Path:
    """An empty file beside a place, in its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
    os.close(handle)
    return Path(aside)


def _not_written(path: Path, error: OSError) -> SchemebookError:
    return SchemebookError(*what_and_to_do("project.not-written", path=path, reason=error.strerror))
