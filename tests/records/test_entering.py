"""Files that only a person can read, keyed in."""

from __future__ import annotations

import pytest
from tests.records.club import SCHEME, filled, put_in
from tests.records.test_review import ANSWERS, BY

from schemebook.desk.entry_page import entry_page
from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import FormDescriptor, load_published
from schemebook.records.by_hand.entering import enter, find_file, form_named, widgets_of_answers
from schemebook.records.by_hand.keyed import keyed_in, places_of
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.store.originals import original_path, set_aside_path
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project

JPEG = b"\xff\xd8\xff\xe0 not a whole one"


@pytest.fixture
def form(club: Project) -> FormDescriptor:
    return form_named(load_published(club.root), f"{SCHEME}/application")


def test_a_set_aside_file_is_keyed_in_by_its_hash_and_is_a_record_with_its_original(
    club: Project, form: FormDescriptor
) -> None:
    (aside,) = ingest_paths([put_in(club.root / "in", "photo.pdf", JPEG)], root=club.root)
    assert aside.outcome == "set-aside" and aside.sha256
    with open_store(club.root) as store:
        file = find_file(store, aside.sha256[:12])
        record = enter(store, file, form, widgets_of_answers(form, ANSWERS), BY)
        assert (record.answers, record.source, record.needs_review) == (ANSWERS, aside.file, False)
        assert [(one.kind, one.who) for one in record.changes] == [("entered", "Anahera")]
        assert {one.door for one in record.recovered} == {"person"}
        assert original_path(store.folder, aside.sha256).read_bytes() == JPEG
        assert not set_aside_path(store.folder, aside.sha256).exists()
        with pytest.raises(UsageError):
            find_file(store, str(club.root / "in" / "photo.pdf"))
    (again,) = ingest_paths([club.root / "in" / "photo.pdf"], root=club.root)
    assert (again.outcome, again.records) == ("duplicate", (record.id,))


def test_where_its_history_cannot_be_kept_no_record_is_made_and_the_file_can_be_keyed_in_again(
    club: Project, form: FormDescriptor
) -> None:
    path = put_in(club.root / "in", "photo.jpg", JPEG)
    with open_store(club.root, create=True) as store:
        with store.engine.begin() as connection:
            refuse = "BEFORE INSERT ON changes BEGIN SELECT RAISE(ABORT, 'no history'); END"
            connection.exec_driver_sql(f"CREATE TRIGGER refuses {refuse}")
        with pytest.raises(SchemebookError):
            enter(store, find_file(store, str(path)), form, widgets_of_answers(form, ANSWERS), BY)
        assert len(store.records()) == 0
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER refuses")
        record = enter(store, find_file(store, str(path)), form, widgets_of_answers(form, ANSWERS), BY)
        assert [one.kind for one in record.changes] == ["entered"]


def test_what_is_keyed_in_has_the_problems_that_a_typed_answer_has(club: Project, form: FormDescriptor) -> None:
    places = places_of(form)
    keyed = keyed_in(places["start"], "soonish") | keyed_in(places["team"], "1") | keyed_in(places["name"], "Rose")
    keyed |= keyed_in(places["signed.name"], "Rose") | keyed_in(places["signed.signature"], "yes")
    with open_store(club.root, create=True) as store:
        file = find_file(store, str(put_in(club.root / "in", "photo.jpg", JPEG)))
        record = enter(store, file, form, keyed, BY)
    assert record.answers["team"] == "office" and record.answers["signed"] == {"name": "Rose", "kind": "drawn"}
    assert ("start", "not-a-date", "soonish") in {(one.field, one.kind, one.text) for one in record.problems}


def test_the_page_shows_a_photograph_as_it_is_and_the_pages_of_a_pdf(club: Project, form: FormDescriptor) -> None:
    branding = club.schemes[SCHEME].branding
    with open_store(club.root, create=True) as store:
        photo = find_file(store, str(put_in(club.root / "in", "<b>.jpg", JPEG)))
        pdf = find_file(store, str(put_in(club.root / "in", "a.pdf", filled(club, "application", {}))))
    page = entry_page("Club", branding, photo, form).decode()
    assert page.count("data:image/jpeg") == 1 and "<b>.jpg" not in page and "Which team do you work in?" in page
    assert entry_page("Club", branding, pdf, form).decode().count("data:image/png") == form.edition.pages


def test_what_is_no_form_no_file_and_no_answer_is_told(club: Project, form: FormDescriptor) -> None:
    with pytest.raises(UsageError):
        form_named(load_published(club.root), "club/nothing")
    with pytest.raises(UsageError) as caught:
        widgets_of_answers(form, {"team": "secretly"})
    assert "secretly" not in str(caught.value)
    with open_store(club.root, create=True) as store, pytest.raises(UsageError):
        find_file(store, "nowhere.pdf")
