"""A returned file in; a copy of it out, made of the very bytes that have its hash, or none."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import suppress
from io import FileIO
from pathlib import Path

_PIECE = 1 << 20


def copy_if_same(path: Path, sha256: str, copy: Path) -> bool:
    """Copy a file that still has its hash to a new file that only its owner opens. Nothing is flushed.

    False, and no copy, where the file is gone or has changed. Raises OSError, and leaves no copy, where it cannot be
    written.
    """
    try:
        source = path.open("rb", buffering=0)
    except OSError:
        return False
    with source:
        try:
            if _copied_hash(source, copy) == sha256:
                return True
        except FileExistsError:
            raise  # what lies there already is not ours to remove
        except OSError:
            let_go(copy)
            raise
    let_go(copy)
    return False


def keep_if_same(data: bytes, sha256: str, copy: Path) -> bool:
    """The same with bytes that were read already.

    False, and no copy, where they do not have the hash. Raises OSError, and leaves no copy, where it cannot be written.
    """
    if hashlib.sha256(data).hexdigest() != sha256:
        return False
    try:
        with open(copy, "xb", buffering=0, opener=_private) as target:
            written = target.write(data)
        if written != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except FileExistsError:
        raise  # what lies there already is not ours to remove
    except OSError:
        let_go(copy)
        raise
    return True


def _copied_hash(source: FileIO, copy: Path) -> str:
    digest = hashlib.sha256()
    with open(copy, "xb", opener=_private) as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def let_go(copy: Path) -> None:
    """Delete a copy of ours. On a disk that takes no more it stays: what is left of a run is removed later."""
    with suppress(OSError):
        copy.unlink()
