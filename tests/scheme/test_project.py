from pathlib import Path

import pytest

from schemebook.errors import UsageError
from schemebook.scheme.fields import FIELD_TYPES
from schemebook.scheme.meaning import FormMeaning, widgets
from schemebook.scheme.project import find_root, load_project
from schemebook.scheme.starter import start_project


def test_the_starter_reads_without_a_problem_under_any_id(tmp_path: Path) -> None:
    start_project(tmp_path / "new", "book-club")
    project = load_project(tmp_path / "new")
    assert list(project.schemes) == ["book-club"]
    assert not project.unfit and not any(source.problems for source in project.sources.values())


def test_the_starter_shows_every_field_type(tmp_path: Path) -> None:
    start_project(tmp_path, "club")
    project = load_project(tmp_path)
    shown = {field.type for form in project.forms["club"].values() for field in form.meaning("club").fields}
    assert shown == set(FIELD_TYPES)


def test_a_second_scheme_goes_beside_the_first_and_changes_nothing_of_it(tmp_path: Path) -> None:
    start_project(tmp_path, "one")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    start_project(tmp_path, "two")
    assert {path: path.read_bytes() for path in before} == before
    assert list(load_project(tmp_path).schemes) == ["one", "two"]


@pytest.mark.parametrize("id", ["shared", "published", "using-schemebook", "Two Words", "1st", "a--b", "../up", ""])
def test_a_scheme_id_that_cannot_be_is_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(UsageError):
        start_project(tmp_path, id)
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(UsageError):
        start_project(tmp_path, "club")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_project_is_found_from_inside_it_and_nowhere_else(tmp_path: Path) -> None:
    start_project(tmp_path / "p", "club")
    assert find_root(tmp_path / "p" / "docs" / "club") == (tmp_path / "p").resolve()
    with pytest.raises(UsageError):
        find_root(tmp_path)


def test_a_block_used_twice_gives_prefixed_ids_and_the_pairs_roles(tmp_path: Path) -> None:
    start_project(tmp_path, "club")
    form = load_project(tmp_path).forms["club"]["closing-statement"]
    assert [(field.id, field.identifies) for field in form.fields[:4]] == [
        ("mentee.name", "mentee"),
        ("mentee.email", "mentee"),
        ("mentor.name", "mentor"),
        ("mentor.email", "mentor"),
    ]


def test_a_meaning_survives_its_json_and_widget_names_are_unique(tmp_path: Path) -> None:
    start_project(tmp_path, "club")
    for form in load_project(tmp_path).forms["club"].values():
        meaning = form.meaning("club")
        assert FormMeaning.model_validate(meaning.as_json()) == meaning
        names = [widget.name for widget in widgets(meaning)]
        assert len(set(names)) == len(names)


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    start_project(tmp_path, "club")
    (tmp_path / "forms/club/application.yml").write_text("form: [")
    project = load_project(tmp_path)
    assert set(project.forms["club"]) == {"meeting-record", "closing-statement"}
    assert project.sources["forms/club/application.yml"].problems
