"""A path in; whether its file is new or changed since it was last asked for, and no longer being written, out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

SETTLED_SECONDS = 2.0
"""A file that was written to more recently is left for the next look: whoever writes it may not be done."""


@dataclass
class NewFiles:
    """Which files of a watched folder to look into. Each is told once, and again when it has changed."""

    _seen: dict[Path, tuple[int, int, int]] = field(default_factory=dict)

    def __call__(self, path: Path) -> bool:
        """Whether to look into a file now. Raises OSError where it is gone."""
        found = path.stat()
        stamp = (found.st_ino, found.st_size, found.st_mtime_ns)
        if self._seen.get(path) == stamp or time.time() - found.st_mtime < SETTLED_SECONDS:
            return False
        self._seen[path] = stamp
        return True
