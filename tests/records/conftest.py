"""A mailbox and object storage on real servers, and a published project, are there for the tests of this folder."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.mail_server import imap, server
from tests.records.club import make_club
from tests.servers import S3Server, s3

from schemebook.scheme.project import Project

__all__ = ["imap", "server"]


@pytest.fixture(scope="session")
def clean_club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A published project that no test writes into."""
    return make_club(tmp_path_factory.mktemp("club"))


@pytest.fixture
def club(clean_club: Project, tmp_path: Path) -> Project:
    """A published project of a test's own."""
    shutil.copytree(clean_club.root, tmp_path / "club")
    return replace(clean_club, root=tmp_path / "club")


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """Object storage with nothing in it, to which the environment gives the keys."""
    with s3() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server
