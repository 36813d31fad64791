"""What chapters and sentences can name between braces."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.handbook.small_project import SCHEME, write_project

from schemebook.errors import Place
from schemebook.handbook.facts import facts, help_page, page_titles, slug
from schemebook.scheme.templating import TemplateError, render_text

PLACE = Place("chapter.md")


def put_in(folder: Path, text: str) -> str:
    project = write_project(folder)
    return render_text(text, facts(project, project.scheme("lighthouse")), PLACE)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{{ scheme.name }}, {{ scheme.run_by }}", "Lighthouse mentoring, Lighthouse Society"),
        ("{{ contact.email }}", "keepers@example.org"),
        ("{{ returns.email }}", "keepers@example.org"),
        ("{{ rules.duration.at_most }}", "6 months"),
        ("{{ roles.mentee.title }}", "Mentee"),
        ("{% for role in roles %}{{ role.title }};{% endfor %}", "Mentee;Mentor;Keeper;"),
        ("{% for one in roles.mentee.responsibilities %}- {{ one }}{% endfor %}", "- Set goals.- Keep in touch."),
        ("{% for stage in stages %}{{ stage.title }};{% endfor %}", "Apply;Match;Meet;End;"),
        ("{{ stages.meet.when }} {{ stages[0].title }}", "each month Apply"),
        ("{{ forms.application.title }} of {{ forms | length }}", "Application of 2"),
        ("{{ form_link('feedback') }}", "[Monthly feedback](forms.md#feedback)"),
        ("{{ page_link('path') }}", "[The path](path.md)"),
        ("{{ page_link('making-it-work') }}", "[Making it work](making-it-work.md)"),
        ("{{ rule_words('waiting') }}", "The keepers write when a place opens."),
    ],
)
def test_a_text_can_name(tmp_path: Path, text: str, written: str) -> None:
    assert put_in(tmp_path, text) == written


def test_a_rule_is_said_by_its_kind_where_it_has_no_id(tmp_path: Path) -> None:
    assert "6 months" in put_in(tmp_path, "{{ rule_words('duration') }}")


@pytest.mark.parametrize("text", ["{{ form_link('nothing') }}", "{{ page_link('x') }}", "{{ rule_words('x') }}"])
def test_a_name_that_is_not_there_is_a_problem_with_its_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateError) as raised:
        put_in(tmp_path, text)
    assert raised.value.found.place == PLACE


def test_pages_stand_in_reading_order_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    scheme = write_project(tmp_path).scheme("lighthouse")
    assert list(page_titles(scheme)) == [
        "index", "path", "making-it-work", "trouble", "forms", "rules", "roles", "glossary", "your-data",
        "editors-notes",
    ]  # fmt: skip
    bare = scheme.model_copy(update={"glossary": {}, "editor_notes": (), "chapters": ()})
    assert list(page_titles(bare)) == ["index", "path", "forms", "rules", "roles", "your-data", "help"]
    assert (help_page(scheme), help_page(bare)) == ("trouble", "help")


def test_a_formal_scheme_names_no_you(tmp_path: Path) -> None:
    formal = SCHEME.replace('{colour: "#1E6B52"}', '{colour: "#1E6B52", tone: formal}')
    plain = page_titles(write_project(tmp_path / "a").scheme("lighthouse"))
    other = page_titles(write_project(tmp_path / "b", scheme=formal).scheme("lighthouse"))
    assert plain["your-data"] != other["your-data"]


def test_a_slug_keeps_letters_of_any_script() -> None:
    assert [slug(words) for words in ("Gap analysis", "Tāne & co.", "!!")] == ["gap-analysis", "tāne-co", "entry"]
