from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.records.club import MEETING, SCHEME, filled, make_club, put_in
from tests.records.runs import RUN, kept, kill_and_take_up, returned, run_two_at_once, sha256
from tests.returned.test_mail import message
from tests.tiers import at_night

from schemebook.errors import SchemebookError, UsageError
from schemebook.records.intake import ingest as intake
from schemebook.records.intake.ingest import ingest, ingest_paths, known_forms
from schemebook.records.outcomes import Outcome
from schemebook.records.store.originals import original_path, set_aside_path, unpacking_folder
from schemebook.records.store.store import open_store
from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.scheme.project import Project, load_project


def take_in(club: Project, *paths: Path, **how: Any) -> list[Outcome]:
    return list(ingest_paths(paths, root=club.root, **how))


def test_a_return_becomes_a_record_with_its_original_and_stays_where_it_was(club: Project, tmp_path: Path) -> None:
    content = returned(club)
    path = put_in(tmp_path / "inbox", "a.pdf", content)
    before = path.stat()
    [outcome] = take_in(club, path)
    [record] = kept(club)
    assert outcome.as_json() == {
        "file": str(path),
        "sha256": sha256(content),
        "outcome": "recorded",
        "reason": None,
        "message": None,
        "records": [record.id],
    }
    assert record.answers == MEETING | {"name": "Person 0"}
    assert (record.scheme, record.form, record.version) == (SCHEME, "meeting-record", 1)
    assert (record.source, record.received, record.needs_review) == (str(path), "2026-11-18T11:06:40Z", False)
    assert original_path(club.root / "records", sha256(content)).read_bytes() == content
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, before.st_mtime_ns)


def test_the_same_bytes_are_one_return_in_one_run_and_in_the_next(club: Project, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for name in ("a.pdf", "b.pdf"):
        put_in(inbox, name, returned(club))
    first, twin = take_in(club, inbox)
    assert (first.outcome, twin.outcome) == ("recorded", "duplicate")
    assert first.records == twin.records != ()
    assert [(one.outcome, one.records) for one in take_in(club, inbox)] == [("duplicate", first.records)] * 2
    assert len(kept(club)) == 1


def test_the_record_of_an_attached_form_says_who_sent_it_and_when(club: Project, tmp_path: Path) -> None:
    content = returned(club)
    path = put_in(tmp_path / "inbox", "m.eml", message(a_pdf=content).as_bytes())
    [outcome] = take_in(club, path)
    [record] = kept(club)
    assert (outcome.file, outcome.sha256) == (f"{path}!/a.pdf", sha256(content))
    assert (record.sender, record.message_id) == ("rose@example.org", "<1@example.org>")
    assert record.received == "2026-11-03T08:30:02Z"
    assert original_path(club.root / "records", sha256(content)).read_bytes() == content


def test_what_cannot_be_read_is_set_aside_with_a_copy_and_the_rest_goes_on(club: Project, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    put_in(inbox, "1.pdf", returned(club, 1))
    put_in(inbox, "2.pdf", b"Dear coordinator,")
    put_in(inbox, "3.pdf", returned(club, 3)[:-2000])
    put_in(inbox, "4.pdf", b"Dear coordinator,")
    put_in(inbox, "5.pdf", returned(club, 5))
    found = take_in(club, inbox)
    assert [(one.outcome, one.reason) for one in found] == [
        ("recorded", None),
        ("set-aside", "not-a-pdf"),
        ("set-aside", "damaged"),
        ("set-aside", "not-a-pdf"),
        ("recorded", None),
    ]
    assert found[1].file != found[3].file and found[1].message
    copy = set_aside_path(club.root / "records", sha256(b"Dear coordinator,"))
    assert copy.read_bytes() == b"Dear coordinator,"
    assert [(one.outcome, one.reason) for one in take_in(club, inbox / "2.pdf")] == [("set-aside", "not-a-pdf")]


def test_a_set_aside_file_becomes_a_record_once_its_form_is_published(club: Project, tmp_path: Path) -> None:
    path = put_in(tmp_path / "inbox", "a.pdf", returned(club))
    shutil.move(club.root / "forms" / "published", tmp_path / "published")
    [early] = take_in(club, path)
    assert (early.outcome, early.reason) == ("set-aside", "unpublished-form")
    shutil.move(tmp_path / "published", club.root / "forms" / "published")
    [outcome] = take_in(club, path)
    assert outcome.outcome == "recorded"
    assert not set_aside_path(club.root / "records", outcome.sha256 or "").exists()


def test_members_of_a_zip_are_named_by_it_and_no_copy_of_them_is_left(club: Project, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inbox.zip", "w") as packed:
        packed.writestr("a.pdf", returned(club, 1))
        packed.writestr("b/c.pdf", returned(club, 2))
        packed.writestr("b/d.pdf", b"no PDF")
    found = take_in(club, tmp_path / "inbox.zip")
    assert [one.file.rpartition("inbox.zip")[2] for one in found] == ["!/a.pdf", "!/b/c.pdf", "!/b/d.pdf"]
    assert [(one.outcome, one.reason) for one in found] == [("recorded", None)] * 2 + [("set-aside", "not-a-pdf")]
    assert {record.source for record in kept(club)} == {one.file for one in found[:2]}
    assert not list((club.root / "records" / "unpacked").iterdir())


def test_of_an_anonymous_form_nothing_is_kept_but_answers_and_month(clean_club: Project, tmp_path: Path) -> None:
    root = tmp_path / "club"
    shutil.copytree(clean_club.root, root)
    shutil.rmtree(root / "forms" / "published")
    form = root / "forms" / SCHEME / "meeting-record.yml"
    form.write_text(form.read_text().replace("about:", "anonymous: yes\nabout:"))
    from schemebook.form_pdf.publish import publish_forms

    club = load_project(root)
    publish_forms(club, SCHEME, ("meeting-record",))
    content = returned(club)
    path = put_in(tmp_path / "inbox-of-somebody", "from-tane.pdf", content)
    twin = put_in(tmp_path / "inbox-of-somebody", "twin.pdf", content)
    found = take_in(club, path, twin) + take_in(club, path)
    assert [one.outcome for one in found] == ["recorded", "duplicate", "duplicate"]
    assert {one.records for one in found} == {()}
    [record] = kept(club)
    assert (record.sha256, record.source, record.received, record.token) == (None, None, "2026-11", None)
    written = [file for file in root.rglob("*") if file.is_file() and "forms" not in file.parts]
    for file in written:
        for trace in (b"from-tane", sha256(content).encode(), b"inbox-of-somebody", b"2026-11-18"):
            assert trace not in file.read_bytes(), file
    assert not list((root / "records").rglob("*.pdf"))


def test_another_schemes_return_is_set_aside_and_leaves_no_trace(tmp_path: Path) -> None:
    club = make_club(tmp_path / "club", "club", "choir")
    content = filled(club, "meeting-record", MEETING, scheme="choir")
    path = put_in(tmp_path / "inbox", "planted-name.pdf", content)
    [outcome] = take_in(club, path, schemes=("club",))
    assert (outcome.outcome, outcome.reason, outcome.records) == ("set-aside", "other-scheme", ())
    files = [file for file in club.root.rglob("*") if file.is_file()]
    assert not any(b"planted-name" in file.read_bytes() for file in files)
    assert not [file for file in (club.root / "records").rglob("*") if file.is_file()]
    [outcome] = take_in(club, path, schemes=("choir",))
    assert outcome.outcome == "recorded"
    [again] = take_in(club, path, schemes=("club",))
    assert (again.outcome, again.reason, again.records) == ("set-aside", "other-scheme", ())


def test_what_is_not_there_is_told_before_anything_is_made(club: Project, tmp_path: Path) -> None:
    path = put_in(tmp_path / "inbox", "a.pdf", returned(club))
    for paths, schemes in (([path, tmp_path / "nowhere"], ()), ([path], ("no-such-scheme",))):
        with pytest.raises(UsageError):
            take_in(club, *paths, schemes=schemes)
    assert not (club.root / "schemebook.db").exists()


def test_a_published_form_that_was_edited_by_hand_is_told(club: Project) -> None:
    [edition] = (club.root / "forms" / "published").glob("*/meeting-record-v1.*.json")
    edition.write_text(edition.read_text().replace('"boxes"', '"bocks"'))
    with pytest.raises(SchemebookError) as told:
        known_forms(club.root)
    assert told.value.kind == "published-broken"


@pytest.mark.skipif(os.name == "nt", reason="Windows lets an owner write")
def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_recorded(club: Project, tmp_path: Path) -> None:
    path = put_in(tmp_path / "inbox", "a.pdf", returned(club))
    (club.root / "records").write_text("in the way")
    with pytest.raises(SchemebookError) as told:
        take_in(club, path)
    assert told.value.kind == "not-kept" and told.value.exit_status == 1
    assert kept(club) == []
    (club.root / "records").unlink()
    assert [one.outcome for one in take_in(club, path)] == ["recorded"]


@pytest.mark.parametrize("as_if_untouched", [False, True])
def test_a_file_that_changes_on_the_way_is_never_kept_under_the_wrong_hash(
    club: Project, tmp_path: Path, as_if_untouched: bool
) -> None:
    """It changes after it was hashed, before it is read. As if untouched: in place, with its old size and time."""
    path = put_in(tmp_path / "inbox", "a.pdf", returned(club, 1))
    first = path.stat()

    def swapped() -> Iterator[ReturnedPdf | SetAside]:
        for found in find_returned([path]):
            with path.open("r+b") as file:
                file.write(returned(club, 2))
            if as_if_untouched:
                assert path.stat().st_size == first.st_size
                os.utime(path, ns=(first.st_atime_ns, first.st_mtime_ns))
            yield found

    with open_store(club.root, create=True) as store, unpacking_folder(store.folder) as copies:
        for folder in (copies, None):
            [outcome] = ingest(swapped(), store, known_forms(club.root), copies=folder)
            assert (outcome.outcome, outcome.reason) == ("set-aside", "changed")
            path.write_bytes(returned(club, 1))
            os.utime(path, ns=(first.st_atime_ns, first.st_mtime_ns))
        assert len(store.records()) == 0
    path.write_bytes(returned(club, 2))
    assert [one.outcome for one in take_in(club, path)] == ["recorded"]
    assert [record.answers["name"] for record in kept(club)] == ["Person 2"]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not limit the size of a file")
def test_a_disk_that_takes_no_copy_is_told_and_the_next_run_is_whole(club: Project, tmp_path: Path) -> None:
    """No file of the run may grow past a size that the database does not need: the same as a full disk."""
    inbox = tmp_path / "inbox"
    put_in(inbox, "a.pdf", returned(club))
    put_in(inbox, "b.pdf", returned(club, 1) + b"\0" * 500_000)
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n" + RUN
    command = [sys.executable, "-c", limited, club.root, inbox, ""]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "SchemebookError" in ran.stderr.splitlines()[-1]
    assert ran.returncode == 1 and "b.pdf" not in ran.stdout
    there = {record.sha256 for record in kept(club)}  # a.pdf, where the machine took more than a second for it
    assert {file.stem for file in (club.root / "records").rglob("*") if file.is_file()} == there
    assert sha256((inbox / "b.pdf").read_bytes()) not in there
    assert {one.outcome for one in take_in(club, inbox / "b.pdf")} == {"recorded"}
    assert len({one.records for one in take_in(club, inbox)}) == 2 == len(kept(club))


def test_a_store_that_holds_very_many_is_asked_for_the_files_that_came(
    club: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MARKS_IN_MEMORY", 2)
    monkeypatch.setattr(intake, "FILES_A_LOOK", 3)
    inbox = tmp_path / "inbox"
    for number in range(7):
        put_in(inbox, f"{number}.pdf", returned(club, number))
    assert [one.outcome for one in take_in(club, inbox)] == ["recorded"] * 7
    put_in(inbox, "7.pdf", returned(club, 7))
    put_in(inbox, "8.pdf", returned(club, 7))
    assert [one.outcome for one in take_in(club, inbox)] == ["duplicate"] * 7 + ["recorded", "duplicate"]
    with open_store(club.root) as store:
        assert store.known_hashes(8) == store.known_hashes() and store.known_hashes(7) is None


def test_half_copies_of_a_killed_run_are_removed_when_they_are_old(club: Project, tmp_path: Path) -> None:
    path = put_in(tmp_path / "inbox", "a.pdf", returned(club))
    folder = club.root / "records" / "originals" / ".aside"
    folder.mkdir(parents=True)
    old, new = put_in(folder, "old", b"x", time.time() - 9999), put_in(folder, "new", b"x", time.time())
    take_in(club, path)
    assert not old.exists() and new.exists()


def test_what_a_killed_run_had_unpacked_is_removed_when_it_is_old(club: Project, tmp_path: Path) -> None:
    path = put_in(tmp_path / "inbox", "a.pdf", returned(club))
    unpacked = club.root / "records" / "unpacked"
    for name, age in (("old", 9999), ("new", 0)):
        (unpacked / name).mkdir(parents=True)
        (unpacked / name / "a.pdf").write_bytes(b"x")
        os.utime(unpacked / name, (time.time() - age,) * 2)
    take_in(club, path)
    assert [entry.name for entry in unpacked.iterdir()] == ["new"]


def test_the_records_folder_is_its_owners_alone(club: Project, tmp_path: Path) -> None:
    take_in(club, put_in(tmp_path / "inbox", "a.pdf", returned(club)))
    for path in [club.root / "records", *(club.root / "records").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_two_at_once_record_each_return_once(club: Project, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for number in range(30):
        put_in(inbox, f"{number:02}.pdf", returned(club, number))
    assert run_two_at_once(club, inbox, inbox) == ["duplicate"] * 30 + ["recorded"] * 30
    assert len(kept(club)) == 30


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_run_killed_at_any_instant_and_taken_up_again_equals_an_unbroken_one(club: Project, tmp_path: Path) -> None:
    kill_and_take_up(club, tmp_path, times=10, seed=3)


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_two_hundred_kills_lose_nothing_and_double_nothing(club: Project, tmp_path: Path) -> None:
    kill_and_take_up(club, tmp_path, times=at_night(200, 6), seed=random.randrange(10**6))


def test_no_answer_and_no_trace_reaches_stderr(
    club: Project, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "inbox"
    put_in(inbox, "a.pdf", returned(club, agreed="Planted words"))
    put_in(inbox, "b.pdf", returned(club, agreed="Planted words")[:-3000])
    take_in(club, inbox)
    told = capfd.readouterr()
    assert "Planted" not in told.err + told.out
