"""Publishing: each form in all of its scheme's editions, none of them written twice or half."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.form_pdf.everything import EVERYTHING, SCHEME, form_with, project_at

from schemebook.errors import SchemebookError, UsageError
from schemebook.form_pdf.descriptor import PUBLISHED, load_published
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.form_pdf.publish import publish_forms
from schemebook.form_pdf.sheet import SHEETS
from schemebook.scheme.model import EditionName

FORM = form_with("- {id: story, type: long-text, label: A story, most-words: 400}")
FIRST = SCHEME.replace("editions: [a4, letter, large-print, black-and-white]", "editions: [large-print, a4]")
ALL = ("a4", "letter", "large-print", "black-and-white")


def kept(root: Path) -> dict[str, int]:
    """Name of each published file -> when it was last written."""
    return {path.name: path.stat().st_mtime_ns for path in (root / PUBLISHED / "harbour").glob("*")}


def test_every_edition_of_the_scheme_is_published_with_one_version(tmp_path: Path) -> None:
    done = publish_forms(project_at(tmp_path, FORM), "harbour", ("everything",))
    assert [one.name for one in done] == list(ALL)
    assert all(one.new and one.version == 1 for one in done)
    published = load_published(tmp_path)
    assert {id: one.edition.name for id, one in published.items()} == {one.edition: one.name for one in done}
    assert len({one.meaning for one in published.values()}) == 1
    assert len(kept(tmp_path)) == 1 + 2 * len(ALL)


def test_a_form_published_before_is_not_written_again(tmp_path: Path) -> None:
    publish_forms(project_at(tmp_path, FORM), "harbour", ("everything",))
    before = kept(tmp_path)
    again = publish_forms(project_at(tmp_path, FORM), "harbour", ("everything",))
    assert not any(one.new for one in again)
    assert kept(tmp_path) == before


def test_an_edition_added_later_is_published_beside_the_others(tmp_path: Path) -> None:
    one = SCHEME.replace("editions: [a4, letter, large-print, black-and-white]", "editions: [a4]")
    publish_forms(project_at(tmp_path, FORM, one), "harbour", ("everything",))
    two = SCHEME.replace("editions: [a4, letter, large-print, black-and-white]", "editions: [a4, large-print]")
    done = publish_forms(project_at(tmp_path, FORM, two), "harbour", ("everything",))
    assert [(one.name, one.new) for one in done] == [("a4", False), ("large-print", True)]


def test_no_edition_is_published_or_taken_back_where_one_cannot_be_made(tmp_path: Path) -> None:
    publish_forms(project_at(tmp_path, FORM), "harbour", ("everything",))
    before = kept(tmp_path)
    row = f"one: {{label: One, criteria: ['{'many words ' * 600}']}}"
    columns = "columns: {note: {label: Note, type: long-text, width: 140}}"
    tall = project_at(tmp_path, form_with(f"- {{id: t, type: table, label: T, {columns}, rows: {{{row}}}}}"), FIRST)
    assert make_form_pdf(tall, "harbour", "everything", "large-print")  # where a row may go on over the page's end
    with pytest.raises(SchemebookError) as raised:
        publish_forms(tall, "harbour", ("everything",), anew=True)
    assert raised.value.kind == "taller-than-a-page"
    assert kept(tmp_path) == before


def test_the_usual_edition_is_the_first_of_the_schemes(tmp_path: Path) -> None:
    letter = SCHEME.replace("editions: [a4, letter, large-print, black-and-white]", "editions: [letter, a4]")
    project = project_at(tmp_path, EVERYTHING, letter)
    assert make_form_pdf(project, "harbour", "everything").descriptor.edition.name == "letter"
    assert make_form_pdf(project, "harbour", "everything", "a4").descriptor.edition.name == "a4"
    with pytest.raises(UsageError, match="letter, a4"):
        make_form_pdf(project, "harbour", "everything", "large-print")


def test_a_scheme_may_name_the_editions_that_can_be_made_and_no_others() -> None:
    assert set(EditionName.__args__) == set(SHEETS)  # type: ignore[attr-defined]
