"""Pages that nothing joins, joined by a person: one record, kept with who and when, undone by voiding it."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

np = pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")
pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")

from tests import paper  # noqa: E402  # needs OpenCV
from tests.flatteners import with_pdfium  # noqa: E402
from tests.records.club import SCHEME, WHEN, filled, make_club, put_in  # noqa: E402
from tests.records.test_review import ANSWERS, BY  # noqa: E402
from tests.terminal import SCHEMEBOOK, on_a_terminal  # noqa: E402

from schemebook.desk.stands import Stands  # noqa: E402
from schemebook.errors import ExitStatus, UsageError  # noqa: E402
from schemebook.form_pdf.descriptor import load_published  # noqa: E402
from schemebook.records.by_hand.review import correct, descriptor_of, give, restore, void  # noqa: E402
from schemebook.records.copies.issuing import issue  # noqa: E402
from schemebook.records.intake.ingest import ingest_paths  # noqa: E402
from schemebook.records.intake.joined_by_hand import join_by_hand  # noqa: E402
from schemebook.records.record import Record  # noqa: E402
from schemebook.records.store.originals import find_original  # noqa: E402
from schemebook.records.store.store import Store, open_store  # noqa: E402
from schemebook.scheme.project import Project, load_project  # noqa: E402
from schemebook.scheme.words import say  # noqa: E402

DAY = datetime.date(2026, 12, 25)
BEFORE = WHEN - 86_400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A club into which the two pages of an application came in two messages' attachments, flattened and photographed,
    under names that a camera and a scanner gave. The day before, the first had come as a scan, and all as one file with
    another answer."""
    club = make_club(tmp_path_factory.mktemp("hand") / "club")
    form = club.root.parent / "application.pdf"
    form.write_bytes(filled(club, "application", ANSWERS))
    flat = with_pdfium(form, club.root.parent / "flat.pdf")
    second = paper.photographed(paper.printed(form, 300)[1], np.random.default_rng(12))
    first = paper.scanned(paper.printed(form, 200)[0], np.random.default_rng(12))
    put_in(club.root.parent / "a", "scan0001.pdf", only(flat, 0))
    put_in(club.root.parent / "b", "IMG_0002.jpg", paper.jpeg(second))
    put_in(
        club.root.parent / "c",
        "scan0003.pdf",
        paper.pdf_of([first], 200, club.root.parent / "c.pdf").read_bytes(),
        BEFORE,
    )
    put_in(club.root.parent / "d", "whole.pdf", filled(club, "application", ANSWERS | {"hours": 3}), BEFORE)
    paths = [club.root.parent / name for name in "abcd"]
    assert [one.outcome for one in ingest_paths(paths, root=club.root)] == ["recorded"] * 4
    return club


def only(path: Path, page: int) -> bytes:
    """A PDF with one page of another, and nothing of what it says of itself."""
    with pikepdf.open(path) as pdf, pikepdf.new() as one:
        one.pages.append(pdf.pages[page])
        one.save(out := path.with_name(f"only-{page}.pdf"))
    return out.read_bytes()


@pytest.fixture
def club(made: Project, tmp_path: Path) -> Project:
    return load_project(shutil.copytree(made.root, tmp_path / "club"))


def named(store: Store, name: str) -> Record:
    return next(one for one in store.records() if Path(one.source or "").stem == name)


def join(club: Project, store: Store, *names: str) -> Record:
    return join_by_hand(store, load_published(club.root), [named(store, name).id for name in names], BY)


def test_two_lone_pages_become_one_record_that_says_who_joined_them_and_when(club: Project) -> None:
    with open_store(club.root) as store:
        before = [named(store, name) for name in ("scan0001", "IMG_0002")]
        assert all("page-missing" in {one.kind for one in part.review} for part in before)
        whole = join(club, store, "IMG_0002", "scan0001")
        assert whole.answers["name"] == "Tāne Mahuta" and whole.answers["hours"] == 2
        assert not {"page-missing", "joined", "joined-messages"} & {one.kind for one in whole.review}
        (change,) = whole.changes
        assert (change.kind, change.who, change.at) == ("joined", BY.who, "2026-11-27T09:30:00Z")
        assert set(change.new) == {part.id for part in before}
        for part in map(store.record, (one.id for one in before)):
            assert part.voided and part.voided.who == BY.who and whole.id[:10] in (part.voided.reason or "")
        original = find_original(store.folder, whole.sha256 or "")
        assert original is not None
        with pikepdf.open(original) as pdf:
            held = {bytes(pdf.attachments[name].get_file().read_bytes()) for name in pdf.attachments}
        assert held == {path.read_bytes() for one in before if (path := find_original(store.folder, one.sha256 or ""))}


def test_voiding_the_joined_record_and_restoring_its_parts_undoes_it_and_it_is_not_made_twice(club: Project) -> None:
    with open_store(club.root) as store:
        first, second = named(store, "scan0001"), named(store, "IMG_0002")
        whole = join(club, store, "scan0001", "IMG_0002")
        store.decide(whole.id, void(BY, "Two people's"))
        for part in (first, second):
            store.decide(part.id, restore(BY))
        stands = Stands(club, store, DAY)
        assert [stands.of(store.record(one.id)) is None for one in (whole, first, second)] == [True, False, False]
        refused(lambda: join(club, store, "scan0001", "IMG_0002"), "join-before")
        assert not store.record(first.id).voided
        store.decide(whole.id, restore(BY))
        assert not store.record(whole.id).voided


def refused(what: Callable[[], object], kind: str) -> None:
    with pytest.raises(UsageError) as raised:
        what()
    assert raised.value.kind == kind


def test_what_is_no_whole_form_of_one_person_is_refused_and_nothing_is_changed(club: Project) -> None:
    with open_store(club.root) as store:
        before = list(store.records())
        known = load_published(club.root)
        for kind, names in {
            "join-one-alone": ["scan0001", "scan0001"],
            "join-page-twice": ["scan0001", "scan0003", "IMG_0002"],
            "join-page-missing": ["scan0001", "scan0003"],
            "join-no-page": ["scan0001", "whole"],
        }.items():
            refused(lambda names=names: join(club, store, *names), kind)  # type: ignore[misc]
        assert list(store.records()) == before
        part = named(store, "scan0001")
        store.decide(part.id, correct(BY, descriptor_of(part, known), "team", "field"))
        refused(lambda: join(club, store, "scan0001", "IMG_0002"), "join-corrected")
        store.decide(part.id, void(BY, "A test"))
        refused(lambda: join(club, store, "scan0001", "IMG_0002"), "join-voided")


def test_whose_the_pages_are_goes_with_them_and_two_people_are_not_one(club: Project) -> None:
    with open_store(club.root) as store:
        for name in ("scan0001", "IMG_0002"):
            store.decide(named(store, name).id, give(BY, f"{name}@example.org"))
        refused(lambda: join(club, store, "scan0001", "IMG_0002"), "join-given")
        store.decide(named(store, "IMG_0002").id, give(BY, "scan0001@example.org"))
        assert join(club, store, "scan0001", "IMG_0002").given_to == "scan0001@example.org"


def test_pages_of_two_peoples_copies_are_not_joined(club: Project, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("key,name\nE1,Ana\nE2,Ben\n", "utf-8")
    copies = [one.files[0] for one in issue(club, SCHEME, "application", people, tmp_path / "copies", now=BY.when)]
    for page, copy in enumerate(copies):
        put_in(tmp_path / f"in{page}", f"page{page}.pdf", only(with_pdfium(copy, tmp_path / f"flat{page}.pdf"), page))
        assert [one.outcome for one in ingest_paths([tmp_path / f"in{page}"], root=club.root)] == ["recorded"]
    with open_store(club.root) as store:
        refused(lambda: join(club, store, "page0", "page1"), "join-tokens")


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCHEMEBOOK, *words], cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_joins_and_says_whose_decision_it_was_and_joins_alone(club: Project) -> None:
    with open_store(club.root) as store:
        first, second = (named(store, name).id for name in ("scan0001", "IMG_0002"))
    assert run(club.root, "review", "--join", second).returncode == ExitStatus.USAGE
    assert run(club.root, "review", first, "--join", second, "--accept").returncode == ExitStatus.USAGE
    with pytest.MonkeyPatch.context() as changed:  # the limits of the machine hold here too
        changed.setenv("SCHEMEBOOK_LIMITS", "file-bytes=1000")
        assert run(club.root, "review", first, "--join", second).returncode == ExitStatus.USAGE
    done = run(club.root, "review", first[:10], "--join", second[:10], "--as", "Anahera")
    assert done.returncode == 0, done.stderr
    whole, said = done.stdout.splitlines()
    assert "Anahera" in said and first in said and second in said
    assert whole[:10] in done.stderr
    line = json.loads(run(club.root, "records", whole, "--format", "json").stdout)
    assert [one["kind"] for one in line["changes"]] == ["joined"] and line["standing"]["state"] == "answers"


def test_one_key_joins_on_a_terminal_and_the_joined_pages_are_not_asked_about_again(club: Project) -> None:
    with open_store(club.root) as store:
        first, second = (named(store, name).id for name in ("scan0001", "IMG_0002"))
    shown = on_a_terminal(
        club.root, ("review", first, "--as", "Anahera"), ("[j]", "j"), (say("cli.review-which-records"), f"{second}\r")
    )
    with open_store(club.root) as store:
        assert [store.record(id).voided is not None for id in (first, second)] == [True, True]
        whole = next(one for one in store.records() if one.changes and one.changes[0].kind == "joined")
    assert whole.id[:10] in shown


def test_the_page_of_what_needs_a_look_says_how_pages_are_joined(club: Project) -> None:
    assert run(club.root, "review", "--page", "look.html").returncode == 0
    page = (club.root / "look.html").read_text("utf-8")
    with open_store(club.root) as store:
        for name in ("scan0001", "IMG_0002", "scan0003"):
            assert page.count(f"schemebook review {named(store, name).id[:10]} --join ") == 1
        assert f"schemebook review {named(store, 'whole').id[:10]} --join" not in page


def test_what_somebody_decides_while_the_pages_are_read_ends_it(club: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from schemebook.records.intake import joined_by_hand

    with open_store(club.root) as store, open_store(club.root) as other:
        reads = joined_by_hand.read_again

        def read_slowly(*given: object) -> object:
            other.decide(named(other, "scan0001").id, void(BY, "Meanwhile"))
            return reads(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(joined_by_hand, "read_again", read_slowly)
        refused(lambda: join(club, store, "scan0001", "IMG_0002"), "join-meanwhile")
        assert not named(store, "IMG_0002").voided and len(list(store.records())) == 4
