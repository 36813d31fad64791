"""A copy of a returned file is made of the very bytes that have its hash, or not at all."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from schemebook.returned.copies import copy_if_same, keep_if_same

DATA = b"%PDF-1.7 answers"


def test_bytes_that_have_the_hash_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    assert keep_if_same(DATA, sha256(DATA).hexdigest(), tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == DATA
    assert os.name == "nt" or (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_bytes_that_have_another_hash_leave_no_copy(tmp_path: Path) -> None:
    assert not keep_if_same(DATA, sha256(b"others").hexdigest(), tmp_path / "copy")
    (tmp_path / "file").write_bytes(DATA)
    assert not copy_if_same(tmp_path / "file", sha256(b"others").hexdigest(), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_what_lies_where_a_copy_should_is_not_removed(tmp_path: Path) -> None:
    for number, name in enumerate(("copy", "file")):
        (tmp_path / name).write_bytes(DATA * (number + 1))
    with pytest.raises(FileExistsError):
        keep_if_same(DATA, sha256(DATA).hexdigest(), tmp_path / "file")
    with pytest.raises(FileExistsError):
        copy_if_same(tmp_path / "copy", sha256(DATA).hexdigest(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == DATA * 2
