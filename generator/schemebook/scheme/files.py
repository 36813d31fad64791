"""Bytes in, a file out that is whole or not there: written aside, then renamed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from schemebook.errors import SchemebookError
from schemebook.scheme.words import what_and_to_do


def write_file(path: Path, content: bytes, mode: int = 0o644) -> bool:
    """Write a file, its folders too; whether it had to be written (the same content is left alone).

    mode: who may read it, from the moment that it is there. Raises SchemebookError where the place cannot be
    written to.
    """
    try:
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(aside).chmod(mode)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SchemebookError(*what_and_to_do("project.not-written", path=path, reason=error.strerror)) from None
    return True
