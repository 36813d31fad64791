"""How a batch of files is made to outlast a power cut."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from schemebook.records.store import flushing


def files(folder: Path, count: int) -> list[Path]:
    made = [folder / str(number) for number in range(count)]
    for path in made:
        path.write_bytes(b"an answer")
    return made


def flushed_each(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many single flushes `flush_all` makes."""
    done: list[int] = []
    really = os.fsync

    def counted(descriptor: int) -> None:
        really(descriptor)
        done.append(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    flushing.flush_all(paths)
    return len(done)


def test_a_few_files_are_flushed_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert flushed_each(files(tmp_path, 3), monkeypatch) == 3


def test_many_files_are_flushed_with_their_file_system_where_it_is_known_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = flushing.can_flush_whole(tmp_path.stat().st_dev)
    assert flushed_each(files(tmp_path, 40), monkeypatch) == (0 if whole else 40)


def test_a_file_system_on_which_others_write_much_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flushing, "_LONG_SECONDS", -1.0)
    monkeypatch.setattr(flushing, "_left_alone", {})
    flushing.flush_all(files(tmp_path, 40))
    assert not flushing.can_flush_whole(tmp_path.stat().st_dev)
    assert flushed_each(files(tmp_path, 40), monkeypatch) == 40


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux flushes a file system as a whole")
def test_a_file_system_of_which_nothing_is_known_is_not_flushed_as_a_whole() -> None:
    assert not flushing.can_flush_whole(os.makedev(4095, 255))
    assert not flushing.can_flush_whole(Path("/proc").stat().st_dev)


@pytest.mark.parametrize("count", [3, 40])
def test_a_folder_that_is_gone_is_an_error(tmp_path: Path, count: int) -> None:
    with pytest.raises(OSError, match="No such file"):
        flushing.flush_all([tmp_path / "gone" / str(number) for number in range(count)])
