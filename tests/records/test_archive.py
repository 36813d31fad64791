"""Originals in object storage: put there before anything is recorded, and found by all that reads them."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest
from tests.records.club import make_club, put_in
from tests.records.runs import kept, returned, sha256
from tests.records.test_entering import JPEG
from tests.records.test_review import ANSWERS, BY
from tests.servers import S3Server

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import load_published
from schemebook.records.by_hand.entering import enter, find_file, form_named, widgets_of_answers
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.store.archive import Archive, archive_address, keep_in, original_at_hand, refuse_archive_among
from schemebook.records.store.originals import ToKeep, original_path, original_place, set_aside_place
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project

PLACE = "s3://returns/kept"


@pytest.fixture
def club(tmp_path: Path) -> Project:
    return make_club(tmp_path / "club")


def names(storage: S3Server) -> list[str]:
    """The objects that are kept."""
    found = (path for path in storage.objects.rglob("*") if path.is_file())
    return sorted(path.relative_to(storage.objects / "kept").as_posix() for path in found)


def original(content: bytes) -> str:
    return original_place(sha256(content))


@pytest.mark.parametrize(
    "address",
    [
        "records",
        "file:///records",
        "https://example.org/kept",
        "s3://key:hush-37@returns",
        "s3://",
        "s3://" + "a" * 300,
        "memory:///",
    ],
)
def test_a_disk_a_web_server_and_an_address_with_a_password_are_no_archive(club: Project, address: str) -> None:
    with pytest.raises(UsageError) as raised:
        archive_address(address)
    assert raised.value.kind == "no-archive" and "hush-37" not in str(raised.value)


@pytest.mark.parametrize(
    ("place", "refused"),
    [("s3://returns", True), ("s3://returns/", True), (PLACE, True), (f"{PLACE}/originals", False),
     ("s3://returns/ke", False), ("s3://other", False)],
)  # fmt: skip
def test_originals_among_the_returns_would_be_read_as_returns(tmp_path: Path, place: str, refused: bool) -> None:
    with pytest.raises(UsageError) if refused else nullcontext():
        refuse_archive_among([place], Archive(tmp_path, PLACE))
    refuse_archive_among([place], Archive(tmp_path))


@pytest.mark.all_tiers
def test_originals_and_set_aside_files_are_put_there_and_nothing_stays_here(
    club: Project, storage: S3Server, tmp_path: Path
) -> None:
    form = returned(club)
    put_in(tmp_path / "in", "a.pdf", form)
    put_in(tmp_path / "in", "b.pdf", JPEG)
    list(ingest_paths([tmp_path / "in"], root=club.root, originals=f"{PLACE}/"))
    assert names(storage) == [original(form), set_aside_place(sha256(JPEG))]
    assert [path for path in (club.root / "records").rglob("*") if path.is_file()] == []
    with open_store(club.root) as store:
        assert store.archive.address == PLACE
        with original_at_hand(store.archive, sha256(form)) as path:
            assert path is not None and path.read_bytes() == form and path.suffix == ".pdf"
        assert not path.exists()
        with original_at_hand(store.archive, "0" * 64) as nothing:
            assert nothing is None


@pytest.mark.all_tiers
def test_a_later_run_needs_no_option_and_another_address_is_refused(
    club: Project, storage: S3Server, tmp_path: Path
) -> None:
    forms = [returned(club, number) for number in range(2)]
    list(ingest_paths([put_in(tmp_path / "in", "a.pdf", forms[0])], root=club.root, originals=PLACE))
    list(ingest_paths([put_in(tmp_path / "in", "b.pdf", forms[1])], root=club.root))
    assert names(storage) == sorted(map(original, forms))
    with pytest.raises(UsageError) as raised:
        list(ingest_paths([tmp_path / "in"], root=club.root, originals="s3://returns/other"))
    assert raised.value.kind == "archive-elsewhere"


@pytest.mark.all_tiers
def test_what_lay_in_the_folder_before_is_found_there(club: Project, storage: S3Server, tmp_path: Path) -> None:
    before, after = returned(club, 0), returned(club, 1)
    list(ingest_paths([put_in(tmp_path / "in", "a.pdf", before)], root=club.root))
    list(ingest_paths([put_in(tmp_path / "in", "b.pdf", after)], root=club.root, originals=PLACE))
    assert names(storage) == [original(after)]
    with open_store(club.root) as store, original_at_hand(store.archive, sha256(before)) as path:
        assert path == original_path(store.folder, sha256(before))


@pytest.mark.all_tiers
def test_a_set_aside_file_is_keyed_in_from_there_and_is_removed_as_such(
    club: Project, storage: S3Server, tmp_path: Path
) -> None:
    list(ingest_paths([put_in(tmp_path / "in", "a.jpg", JPEG)], root=club.root, originals=PLACE))
    form = form_named(load_published(club.root), "club/application")
    with open_store(club.root) as store, ExitStack() as ends:
        file = find_file(store, sha256(JPEG)[:12], ends)
        enter(store, file, form, widgets_of_answers(form, ANSWERS), BY)
    assert names(storage) == [original_place(sha256(JPEG), ".jpg")]


@pytest.mark.all_tiers
def test_what_was_set_aside_and_can_be_read_now_is_an_original_alone(
    club: Project, storage: S3Server, tmp_path: Path
) -> None:
    form = returned(club)
    path = put_in(tmp_path / "in", "a.pdf", form)
    published = club.root / "forms" / "published"
    shutil.move(published, tmp_path / "published")
    (told,) = ingest_paths([path], root=club.root, originals=PLACE)
    assert told.outcome == "set-aside" and names(storage) == [set_aside_place(sha256(form))]
    shutil.move(tmp_path / "published", published)
    (told,) = ingest_paths([path], root=club.root)
    assert told.outcome == "recorded" and names(storage) == [original(form)]


@pytest.mark.all_tiers
def test_nothing_is_recorded_whose_original_the_storage_does_not_take(
    club: Project, storage: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_in(tmp_path / "in", "a.pdf", returned(club))
    for address, broken in (("s3://nowhere/kept", {}), (PLACE, {"AWS_SECRET_ACCESS_KEY": "wrong-41"})):
        for name, value in broken.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SchemebookError) as raised:
            list(ingest_paths([path], root=club.root, originals=address))
        assert raised.value.kind == "archive-at-fault" and "wrong-41" not in str(raised.value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", storage.environment["AWS_SECRET_ACCESS_KEY"])
    with open_store(club.root) as store:
        store.keep_originals_in(PLACE)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-41")
    with pytest.raises(SchemebookError) as raised:
        list(ingest_paths([path], root=club.root))
    assert raised.value.kind == "archive-at-fault" and kept(club) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from schemebook.records.intake import ingest
from schemebook.records.store.store import Store

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

Store.put = die
list(ingest.ingest_paths([Path(sys.argv[2])], root=Path(sys.argv[1]), originals=sys.argv[3]))
"""
"""The run ends between the original and its record."""


@pytest.mark.all_tiers
def test_a_run_that_is_killed_leaves_an_original_that_the_next_one_names(
    club: Project, storage: S3Server, tmp_path: Path
) -> None:
    path = put_in(tmp_path / "in", "a.pdf", returned(club))
    command = [sys.executable, "-c", KILLED, str(club.root), str(path), PLACE]
    assert subprocess.run(command, check=False, timeout=120).returncode == -signal.SIGKILL
    assert names(storage) == [original(returned(club))] and kept(club) == []
    assert [one.outcome for one in ingest_paths([path], root=club.root)] == ["recorded"]
    assert names(storage) == [original(returned(club))] and len(kept(club)) == 1


def test_a_file_that_changed_since_it_was_hashed_is_told_and_one_that_is_there_is_not_written_over(
    tmp_path: Path,
) -> None:
    (tmp_path / "kept").mkdir()
    archive = Archive(tmp_path, f"file://{tmp_path}/kept")  # a disk is refused as an address, and does for this
    contents = (b"one", b"two", b"large" * 2_000_000, b"gone")
    files = []
    for number, content in enumerate(contents):
        path = put_in(tmp_path / "in", f"{number}", content)
        files.append(ToKeep(path, sha256(content), original_place(sha256(content))))
    (tmp_path / "in" / "1").write_bytes(b"twp")
    (tmp_path / "in" / "3").unlink()
    one = tmp_path / "kept" / original(b"one")
    one.parent.mkdir(parents=True)
    one.write_bytes(b"what lay there")
    assert keep_in(archive, files) == {sha256(b"two"), sha256(b"gone")}
    found = {path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()}
    assert found == {f"{sha256(content)}.pdf" for content in (contents[0], contents[2])}
    assert one.read_bytes() == b"what lay there"
