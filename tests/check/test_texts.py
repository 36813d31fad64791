"""Chapters and sentences whose facts cannot be put in are told at their lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.check.small_project import (
    CHAPTER_FILE,
    FILES,
    FORM_FILE,
    SCHEME,
    SCHEME_FILE,
    check_changed,
    check_files,
    line_of,
)


def kinds_and_lines(root: Path, chapter: str) -> list[tuple[str, str, int]]:
    problems, _ = check_files(root, {CHAPTER_FILE: chapter})
    return [(one.kind, one.place.file, one.place.line) for one in problems]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{{ contact.emial }}", "unknown-near"),
        ("{{ contact.nothing_of_the_kind }}", "unknown"),
        ("{{ contcat.email }}", "unknown-near"),
        ("{{ contact.email", "syntax"),
        ("{% if contact %}", "syntax"),
        ("{{ contact.email | shout }}", "no-filter"),
        ("{{ 10**(10**9) }}", "not-taken"),
        ("{{ form_link('aplication') }}", "no-form-near"),
        ("{{ form_link('nothing') }}", "no-form"),
        ("{{ page_link('rolls') }}", "no-page-near"),
        ("{{ page_link('nowhere') }}", "no-page"),
        ("{{ rule_words('nothing') }}", "no-rule"),
        ("{{ rule_words('waitng') }}", "no-rule-near"),
        ("{{ forms.aplication.title }}", "unknown-near"),
        ("{{ roles.mentr.title }}", "unknown-near"),
    ],
)
def test_a_fact_that_is_not_there_is_told_in_its_line(tmp_path: Path, text: str, kind: str) -> None:
    (found,) = kinds_and_lines(tmp_path, f"# About\n\nSome words.\n\n{text}\n")
    assert found[0] == kind
    assert found[1] == CHAPTER_FILE
    if kind != "syntax":
        assert found[2] == 5


def test_the_nearest_part_of_a_fact_is_named(tmp_path: Path) -> None:
    problems, _ = check_files(tmp_path, {CHAPTER_FILE: "# About\n\n{{ contact.emial }}\n\n{{ form_link('dairy') }}\n"})
    assert [one.to_do for one in problems] == ["Write 'email'", "Write 'diary'"]


def test_the_sites_front_page_is_looked_through_too(tmp_path: Path) -> None:
    front = "# All\n\n{% for name in shemes %}{{ name }}{% endfor %}\n"
    (found,) = check_files(tmp_path, {"docs/index.md": front})[0]
    assert (found.kind, str(found.place)) == ("unknown-near", "docs/index.md:3:1")


def test_every_line_of_a_chapter_that_is_wrong_is_told_in_one_run(tmp_path: Path) -> None:
    chapter = "# About\n\n{{ contact.emial }}\n\nFine: {{ contact.email }}\n\n{{ scheme.nmae }}\n\n{{ 2**9 }}\n"
    assert [line for _, _, line in kinds_and_lines(tmp_path, chapter)] == [3, 7, 9]


def test_every_value_of_a_line_that_is_wrong_is_told_at_its_column(tmp_path: Path) -> None:
    line = "Ring {{ contact.emial }} or {{ contact.email }}, {{ facts.fee }}, {{ rules.duration.at-most }}."
    problems, _ = check_files(tmp_path, {CHAPTER_FILE: f"# About\n\n{line}\n"})
    told = [(one.kind, one.place.line, one.place.column) for one in problems]
    assert told == [
        ("unknown-near", 3, line.index("{{ contact.emial") + 1),
        ("no-parts", 3, line.index("{{ facts") + 1),
        ("hyphen", 3, line.index("{{ rules") + 1),
    ]
    assert "{{ rules.duration.at_most }}" in problems[-1].to_do


def test_a_line_of_a_loop_whose_values_are_known_only_there_is_told_once(tmp_path: Path) -> None:
    chapter = "# About\n\n{% for one in roles.mentee.prerequisites %}\n- {{ one }} {{ one.nmae.x }}\n{% endfor %}\n"
    known = SCHEME.replace("what: Learns.}", "what: Learns., prerequisites: [A]}")
    problems, _ = check_files(tmp_path, {CHAPTER_FILE: chapter, SCHEME_FILE: known})
    assert [one.place.line for one in problems] == [4]


def test_a_broken_mkdocs_yml_is_told_before_a_build_stops_at_it(tmp_path: Path) -> None:
    problems, _ = check_files(tmp_path, {"mkdocs.yml": "site_name: x\n\tplugins: y\n"})
    assert [one.place.file for one in problems] == ["mkdocs.yml"]
    assert "line 2" in problems[0].what


def test_a_sentence_of_the_scheme_is_told_where_it_stands(tmp_path: Path) -> None:
    changed = ("rules.duration.at_most }}.", "rules.duration.most }}.")
    (found,) = check_changed(tmp_path, SCHEME_FILE, changed)
    assert (found.kind, found.place.line) == ("unknown-near", line_of(SCHEME, "lede"))


def test_a_form_that_is_broken_can_still_be_linked_to(tmp_path: Path) -> None:
    problems, _ = check_files(
        tmp_path, {FORM_FILE: "form: [\n", CHAPTER_FILE: "# A\n\n{{ form_link('application') }}\n"}
    )
    assert [one.kind for one in problems] == ["bad-yaml"]


def test_a_chapter_of_a_broken_scheme_is_told_what_needs_no_facts(tmp_path: Path) -> None:
    problems, _ = check_files(
        tmp_path,
        {
            SCHEME_FILE: SCHEME.replace("name: The demo scheme\n", ""),
            CHAPTER_FILE: "# About\n\n{{ contact.email }}\n\n{{ 9**9 }}\n",
        },
    )
    assert [one.kind for one in problems] == ["not-taken", "missing-key"]


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        ("# About\n\nCafé\n".encode("latin-1"), "not-utf-8", 3),
        ("# About\n".encode("utf-16"), "not-utf-8", 1),
        (b"# About\n\0\n", "bad-character", 2),
    ],
    ids=["latin-1", "utf-16", "nul"],
)
def test_a_chapter_that_is_not_utf_8_is_told_in_its_line(tmp_path: Path, content: bytes, kind: str, line: int) -> None:
    check_files(tmp_path, {})
    (tmp_path / CHAPTER_FILE).write_bytes(content)
    problems, _ = check_files(tmp_path, {CHAPTER_FILE: None})
    assert [(one.kind, one.place.file, one.place.line) for one in problems] == [(kind, CHAPTER_FILE, line)]


def test_a_chapter_cannot_take_the_name_of_a_page_that_every_scheme_has(tmp_path: Path) -> None:
    problems, _ = check_files(
        tmp_path, {SCHEME_FILE: SCHEME.replace("about.md", "rules.md"), "docs/demo/rules.md": "# Rules\n"}
    )
    assert [one.kind for one in problems] == ["chapter-takes-our-name"]


def test_an_element_that_the_handbook_pdf_cannot_show_is_told_at_its_place(tmp_path: Path) -> None:
    chapter = "# About\n\nSome words.\n\nSee <video src='a.mp4'></video> it.\n"
    problems, _ = check_files(tmp_path, {CHAPTER_FILE: chapter, "docs/demo/a.mp4": ""})
    (found,) = problems
    assert (found.kind, str(found.place)) == ("not-on-paper", f"{CHAPTER_FILE}:5:5")


@pytest.mark.parametrize(
    "line", ["`<video>`", "<div class='sb-screen'><video></video></div>", "Less < more, <b>bold</b>"]
)
def test_what_is_no_such_element_or_for_a_screen_alone_is_no_problem(tmp_path: Path, line: str) -> None:
    assert kinds_and_lines(tmp_path, f"# About\n\n{line}\n") == []


def test_letters_that_no_font_has_are_told_where_they_stand(tmp_path: Path) -> None:
    form = FILES[FORM_FILE].replace("title: ", "title: 你好 ", 1)
    problems, _ = check_files(tmp_path, {CHAPTER_FILE: "# About\n\nGood 🙂.\n", FORM_FILE: form})
    assert [(one.kind, one.place.file) for one in problems] == [("no-font", CHAPTER_FILE), ("no-font", FORM_FILE)]
    assert "你好" in problems[1].what and "Han" in problems[1].what


def test_letters_that_a_screen_alone_shows_are_no_problem(tmp_path: Path) -> None:
    assert kinds_and_lines(tmp_path, '# About\n\n<p class="sb-screen">Good 🙂.</p>\n\n<!-- 你好 -->\n') == []
