"""Pages that one sender sent in several messages: one record for a person to look at, or the reason why not."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Any

import pikepdf
import pytest

np = pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")
pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")

from tests import paper  # noqa: E402  # needs OpenCV
from tests.records.club import SCHEME, filled, make_club  # noqa: E402
from tests.records.runs import start  # noqa: E402
from tests.records.test_review import ANSWERS, BY  # noqa: E402
from tests.records.test_store import record as made_record  # noqa: E402
from tests.servers import s3  # noqa: E402

from schemebook.form_pdf.descriptor import FormDescriptor, load_published  # noqa: E402
from schemebook.records.by_hand.review import accept  # noqa: E402
from schemebook.records.intake.ingest import ingest_paths  # noqa: E402
from schemebook.records.intake.joined_messages import join_messages  # noqa: E402
from schemebook.records.outcomes import Outcome  # noqa: E402
from schemebook.records.record import Record, record_id  # noqa: E402
from schemebook.records.store.changes import Doubt  # noqa: E402
from schemebook.records.store.originals import find_original  # noqa: E402
from schemebook.records.store.store import NewReturn, Store, open_store  # noqa: E402
from schemebook.returned.recovery.recovered import Recovered  # noqa: E402
from schemebook.returned.submission import ReviewReason  # noqa: E402
from schemebook.scheme.project import Project  # noqa: E402

TANE = "tane@example.org"
NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_club(tmp_path_factory.mktemp("messages") / "club")


@pytest.fixture(scope="module")
def photographs(club: Project, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The pages of a filled application, each photographed for itself."""
    form = tmp_path_factory.mktemp("photographs") / "application.pdf"
    form.write_bytes(filled(club, "application", ANSWERS))
    chance = np.random.default_rng(12)
    return [paper.jpeg(paper.photographed(page, chance)) for page in paper.printed(form, 300)]


def mailed(folder: Path, number: int, photograph: bytes, sender: str = TANE) -> Path:
    """A message with one photograph, of some day of November."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Message-ID"] = sender, "office@example.org", f"<{number}@example.org>"
    made["Date"] = f"{number:02} Nov 2026 09:30:00 +0000"
    made.set_content("One more page.")
    made.add_attachment(photograph, "image", "jpeg", filename=f"IMG_{number}.jpg")
    folder.mkdir(exist_ok=True)
    (folder / f"{number}.eml").write_bytes(made.as_bytes())
    return folder / f"{number}.eml"


def take_in(club: Project, url: str, *paths: Path) -> list[Outcome]:
    return list(ingest_paths(paths, root=club.root, database=url))


def kept(club: Project, url: str) -> list[Record]:
    with open_store(club.root, url) as store:
        return list(store.records())


def joined_of(found: list[Record]) -> tuple[Record, list[Record]]:
    """The one record that counts, and those of its parts."""
    (whole,) = [one for one in found if not one.voided]
    return whole, [one for one in found if one.voided]


def test_a_page_today_and_the_other_in_the_next_message_are_one_record_and_a_third_run_changes_nothing(
    club: Project, photographs: list[bytes], tmp_path: Path
) -> None:
    assert len(photographs) == 2
    url = f"sqlite:///{tmp_path / 'office.db'}"
    first = mailed(tmp_path / "in", 2, photographs[1], "Tāne <TANE@example.org>")
    told = take_in(club, url, first)
    (waiting,) = kept(club, url)
    assert [one.records for one in told] == [(waiting.id,)] and waiting.needs_review and not waiting.voided
    second = mailed(tmp_path / "in", 4, photographs[0])
    came, made = take_in(club, url, second)
    whole, parts = joined_of(kept(club, url))
    assert {one.id for one in parts} == {waiting.id, *came.records}
    assert (made.outcome, made.records, made.sha256) == ("recorded", (whole.id,), whole.sha256)
    assert whole.needs_review and {"joined-messages", "proposed"} <= {one.kind for one in whole.review}
    assert "page-missing" not in {one.kind for one in whole.review}
    assert {one.page for one in whole.recovered} == {1, 2}
    assert (whole.received, whole.sender, whole.message_id) == ("2026-11-04T09:30:00Z", TANE, "<4@example.org>")
    assert all(whole.id[:10] in (one.voided.reason or "") for one in parts if one.voided)
    held_whole_with_its_parts(tmp_path / "records", whole, parts, {first.name, second.name})
    assert [one.outcome for one in take_in(club, url, tmp_path / "in")] == ["duplicate"] * 2
    assert kept(club, url) == [*sorted((whole, *parts), key=lambda one: (one.received, one.id))]


def held_whole_with_its_parts(folder: Path, whole: Record, parts: list[Record], messages: set[str]) -> None:
    """The originals of all are there; the joined one holds the files as they came; each is named."""
    original = find_original(folder, whole.sha256 or "")
    assert original is not None
    with pikepdf.open(original) as pdf:
        assert len(pdf.pages) == 2
        held = {bytes(pdf.attachments[name].get_file().read_bytes()) for name in pdf.attachments}
    found = [find_original(folder, one.sha256 or "") for one in parts]
    assert held == {path.read_bytes() for path in found if path}
    assert {Path((one.source or "").partition("!/")[0]).name for one in parts} == messages
    (words,) = [one.message for one in whole.review if one.kind == "joined-messages"]
    assert all(one.id[:10] in words and (one.source or "").rpartition("/")[2] in words for one in parts)


KILLED = """
import os, signal, sys
from pathlib import Path
from schemebook.records.intake import ingest
from schemebook.records.intake import joined_messages
from schemebook.records.store.store import Store

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[4] == "before":
    joined_messages.read_again = die
else:
    Store.put_within = die
list(ingest.ingest_paths([Path(sys.argv[2])], root=Path(sys.argv[1]), database=sys.argv[3]))
"""
"""A run that ends after the pages are stored: before they are read again, or after the joined original is kept."""


def test_runs_that_are_killed_on_the_way_leave_the_joining_to_the_next_of_which_one_does_it(
    club: Project, photographs: list[bytes], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'office.db'}"
    for number, photograph in enumerate(photographs, start=1):
        mailed(tmp_path / "in", number, photograph)
    for when in ("before", "after"):
        run = [sys.executable, "-c", KILLED, str(club.root), str(tmp_path / "in"), url, when]
        assert subprocess.run(run, check=False, timeout=120).returncode == -signal.SIGKILL
        assert [one.voided for one in kept(club, url)] == [None, None]
    both = [start(club, tmp_path / "in", url) for _ in range(2)]
    lines = [json.loads(line) for run in both for line in run.communicate()[0].splitlines()]
    assert [run.returncode for run in both] == [0, 0]
    whole, parts = joined_of(kept(club, url))
    assert sorted(line["outcome"] for line in lines) == ["duplicate"] * 4 + ["recorded"]
    assert len(parts) == 2 and [line["records"] for line in lines if line["outcome"] == "recorded"] == [[whole.id]]
    originals = list((tmp_path / "records" / "originals").rglob("*.*"))
    assert len([path for path in originals if path.is_file()]) == 3


@pytest.mark.all_tiers
def test_pages_whose_originals_lie_in_object_storage_are_fetched_to_be_joined(
    club: Project, photographs: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'office.db'}"
    with s3() as storage:
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        for number, photograph in enumerate(photographs, start=1):
            message = mailed(tmp_path / "in", number, photograph)
            list(ingest_paths([message], root=club.root, database=url, originals="s3://returns/kept"))
        whole, parts = joined_of(kept(club, url))
        there = {path.stem for path in storage.objects.rglob("*") if path.is_file()}
    assert there == {one.sha256 for one in (whole, *parts)}
    assert [path for path in (tmp_path / "records").rglob("*") if path.is_file()] == []


# what is not joined, on records made here: nothing of them is read again


@pytest.fixture
def store(club: Project, tmp_path: Path) -> Iterator[Store]:
    with open_store(club.root, f"sqlite:///{tmp_path / 'office.db'}", create=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def form(club: Project) -> FormDescriptor:
    known = load_published(club.root).values()
    return next(one for one in known if one.meaning.form == "application" and one.edition.name == "a4")


NUMBERS = count(1)


def came(store: Store, form: FormDescriptor, page: int, day: int = 4, **changed: Any) -> Record:
    """A photographed page in the store."""
    sha256 = f"{next(NUMBERS):064x}"
    one = made_record(
        sha256,
        received=f"2026-11-{day:02}T09:30:00Z",
        edition=form.edition.id,
        sender=TANE,
        source=f"in/{page}.eml!/IMG_{day}.jpg",
        review=(ReviewReason("page-missing", "The form has more pages than came back."),),
        needs_review=True,
        answers={"name": "Tāne Mahuta"} if page == 1 else {},
    )
    one = replace(one, id=record_id(sha256, 0), **changed)
    store.put([NewReturn(sha256, (one,), lone_pages=(page,))])
    return one


NOT_JOINED = "pages-not-joined"


def why_not(store: Store, club: Project, form: FormDescriptor) -> list[set[str]]:
    """Run the joining; of each record the sentence that says why it was not joined."""
    folder = store.folder / "aside"
    known = {form.edition.id: form}
    assert list(join_messages(store, club.root, known, folder, now=NOW)) == []
    found = list(store.records())
    assert list(join_messages(store, club.root, known, folder, now=NOW)) == []
    assert list(store.records()) == found
    return [{one.message.partition(". They ")[2] for one in each.review if one.kind == NOT_JOINED} for each in found]


def test_a_page_that_came_twice_joins_nothing_and_each_record_says_so(
    store: Store, club: Project, form: FormDescriptor
) -> None:
    for page, day in ((1, 2), (1, 3), (2, 4)):
        came(store, form, page, day)
    told = why_not(store, club, form)
    assert all("came more than once" in " ".join(one) for one in told) and len(told) == 3
    assert all(one.needs_review and not one.voided for one in store.records())
    one = next(iter(store.records()))
    told_of = Doubt(NOT_JOINED, "")
    assert [change.kind for change in store.decide(one.id, accept(BY, told_of)).changes] == ["doubted", "accepted"]
    assert not store.decide(one.id, accept(BY)).needs_review


@pytest.mark.parametrize("sender", ["office@example.org", "Office@Example.ORG"])
def test_the_scheme_s_own_address_hands_on_what_several_people_sent(
    store: Store, club: Project, form: FormDescriptor, sender: str
) -> None:
    for page in (1, 2):
        came(store, form, page, sender=sender)
    assert all("the scheme's own address" in " ".join(one) for one in why_not(store, club, form))


def test_an_address_from_which_two_people_s_returns_came_joins_nothing(
    store: Store, club: Project, form: FormDescriptor
) -> None:
    other = made_record(form="meeting-record", answers={"name": "Rose Tyler", "email": "rose@example.org"}, sender=TANE)
    store.put([NewReturn(other.sha256 or "", (other,))])
    for page in (1, 2):
        came(store, form, page)
    told = why_not(store, club, form)
    assert sorted("Returns of several people" in " ".join(one) for one in told) == [False, True, True]


@pytest.mark.parametrize(("accepted", "joined"), [(True, False), (False, True)])
def test_an_address_in_the_form_that_was_read_for_sure_has_to_be_the_sender_s(
    store: Store, club: Project, form: FormDescriptor, accepted: bool, joined: bool
) -> None:
    read = Recovered("email", "email", "image", 0.99, accepted, 1, (1.0, 2.0, 3.0, 4.0))
    came(store, form, 1, answers={"name": "Ana Lomu", "email": "ana@example.org"}, recovered=(read,))
    came(store, form, 2)
    told = " ".join(" ".join(one) for one in why_not(store, club, form))
    assert ("another e-mail address" in told) is not joined
    assert ("could not be read once more" in told) is joined  # nothing but a name says whose it is; no original here


@pytest.mark.parametrize(
    ("signed", "joined"),
    [("Rose Tyler", False), ("T. Mahuta", True), ("Tane Mahute", True), ("T M", True), (None, True)],
)
def test_a_page_that_is_signed_with_another_name_is_not_joined(
    store: Store, club: Project, form: FormDescriptor, signed: str | None, joined: bool
) -> None:
    came(store, form, 1)
    came(store, form, 2, answers={"signed": {"name": signed, "kind": "typed"}} if signed else {})
    told = " ".join(" ".join(one) for one in why_not(store, club, form))
    assert ("signed with another name" in told) is not joined
    assert ("could not be read once more" in told) is joined


def test_a_page_about_which_somebody_has_decided_stays_as_it_is(
    store: Store, club: Project, form: FormDescriptor
) -> None:
    first = came(store, form, 1)
    store.decide(first.id, accept(BY))
    came(store, form, 2)
    assert all("has decided" in " ".join(one) for one in why_not(store, club, form))


@pytest.mark.parametrize(
    "changed",
    [{"sender": "rose@example.org"}, {"sender": None}, {"edition": "ffffffff"}, {"token": "ABCDEFG2"}],
)
def test_pages_of_two_senders_editions_or_copies_have_nothing_to_do_with_each_other(
    store: Store, club: Project, form: FormDescriptor, changed: dict[str, Any]
) -> None:
    came(store, form, 1)
    came(store, form, 2, **changed)
    assert why_not(store, club, form) == [set(), set()]


def test_a_token_says_whose_pages_are_whoever_sent_them(store: Store, club: Project, form: FormDescriptor) -> None:
    came(store, form, 1, token="ABCDEFG2")
    came(store, form, 2, token="ABCDEFG2", sender="office@example.org")
    assert all("could not be read once more" in " ".join(one) for one in why_not(store, club, form))


def test_of_another_scheme_than_those_asked_for_nothing_is_joined(
    store: Store, club: Project, form: FormDescriptor, tmp_path: Path
) -> None:
    for page in (1, 1, 2):
        came(store, form, page)
    known = {form.edition.id: form}
    assert list(join_messages(store, club.root, known, tmp_path, now=NOW, schemes=["other"])) == []
    assert not any(one.changes for one in store.records())
    assert list(join_messages(store, club.root, known, tmp_path, now=NOW, schemes=[SCHEME])) == []
    assert all(one.changes for one in store.records())
