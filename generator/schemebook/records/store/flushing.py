"""Files and folders in; on return all of them outlast a power cut.

A file is flushed by itself (fsync) where there are few. For a batch of copies that is a third of the work of the whole
intake, most of it the journal's, so on Linux the file system is flushed once instead (syncfs): on those of which it is
known to wait for the disk and to tell of its errors, and only while nobody else writes so much that this takes long.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

_FLUSHERS = 8
"""Flushes that run side by side: a journalling file system takes them together."""
_MANY = 24
"""From so many files on the file system is flushed as a whole."""
_KNOWN_TO_WAIT = {"ext3", "ext4", "xfs"}
_TELLS_OF_ERRORS = (5, 8)
"""The Linux from which syncfs tells of an error while writing (syncfs(2))."""
_LONG_SECONDS = 1.0
_LEAVE_ALONE_SECONDS = 300.0
_left_alone: dict[int, float] = {}
"""Device -> until when it is not flushed as a whole: others write much on it."""


def flush_all(paths: Sequence[Path | str]) -> None:
    """Flush files, or the names in folders. Raises OSError."""
    devices = _devices(paths) if len(paths) >= _MANY else {}
    if devices and all(map(can_flush_whole, devices)):
        for device, folder in devices.items():
            start = time.monotonic()
            flush_whole(folder)
            if time.monotonic() - start > _LONG_SECONDS:
                _left_alone[device] = time.monotonic() + _LEAVE_ALONE_SECONDS
    else:
        flush_each(paths)


def flush_each(paths: Sequence[Path | str]) -> None:
    """Flush them one by one, several side by side. Raises OSError."""
    with ThreadPoolExecutor(_FLUSHERS) as pool:
        for done in [pool.submit(_flush_some, paths[number::_FLUSHERS]) for number in range(_FLUSHERS)]:
            done.result()


def _flush_some(paths: Sequence[Path | str]) -> None:
    for path in paths:
        flush(path)


def flush(path: Path | str) -> None:
    """Flush a file, or the names in a folder. Raises OSError."""
    if os.name == "nt" and os.path.isdir(path):  # Windows opens no folder, and keeps names in its journal
        return
    descriptor = os.open(path, os.O_RDONLY if os.path.isdir(path) else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _devices(paths: Sequence[Path | str]) -> dict[int, str]:
    """The file systems that they lie on, each with one folder on it."""
    return {os.stat(folder).st_dev: folder for folder in set(map(os.path.dirname, paths))}


def can_flush_whole(device: int) -> bool:
    """Whether a file system can be flushed as a whole, and just now should be."""
    return time.monotonic() >= _left_alone.get(device, 0.0) and _kind_of(device) in _KNOWN_TO_WAIT


@cache
def _kind_of(device: int) -> str:
    """What a file system is, by /proc/self/mountinfo (proc_pid_mountinfo(5)); empty where syncfs is of no use."""
    if sys.platform != "linux" or _syncfs() is None or _linux() < _TELLS_OF_ERRORS:
        return ""
    place = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    kinds = {mount.partition(" - ")[2].split()[0] for mount in mounts if mount.split()[2] == place}
    return kinds.pop() if len(kinds) == 1 else ""


def _linux() -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", platform.release())
    return (int(found[1]), int(found[2])) if found else (0, 0)


@cache
def _syncfs() -> ctypes._NamedFuncPointer | None:
    """The system's call, which Python has no name for."""
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


def flush_whole(folder: str) -> None:
    """Flush all that was written on the file system of a folder, names too. Raises OSError."""
    call = _syncfs()
    assert call is not None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if call(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), folder)
    finally:
        os.close(descriptor)
