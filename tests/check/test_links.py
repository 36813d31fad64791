"""Links and pictures of chapters that lead nowhere are told where they stand, with what was meant."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest
from tests.check.small_project import CHAPTER_FILE, FILES, SCHEME, SCHEME_FILE, check_files
from tests.handbook.built_site import Site
from tests.handbook.small_project import LAMP, one_form_for_all
from tests.handbook.small_project import write_project as write_whole_project

from schemebook.check.links import links_of
from schemebook.errors import Problem
from schemebook.handbook.book import Book
from schemebook.handbook.pages import build_site, write_pages
from schemebook.handbook.places import places_on, site_files

OTHER = {name.replace("demo", "other"): text.replace("scheme: demo", "scheme: other") for name, text in FILES.items()}


def told(root: Path, line: str, **more: str) -> list[Problem]:
    """What is wrong with a chapter that says this; there is a second scheme beside, and a picture."""
    files = {**OTHER, CHAPTER_FILE: f"# About\n\n## When you meet\n\n{line}\n", "docs/demo/pictures/lamp.svg": LAMP}
    return check_files(root, {**files, **more})[0]


@pytest.mark.parametrize(
    "fine",
    [
        "[forms](forms.md) and [one](forms.md#diary) and [here](#when-you-meet) and [top](#top)",
        "[as a PDF](forms/diary.pdf), ![a lamp](pictures/lamp.svg 'A lamp')",
        "[the mentor](roles.md#mentor) and [a page](about.html#when-you-meet)",
        "[theirs](../other/forms.md#application) and [front](../index.md)",
        "[elsewhere](https://example.org/nowhere.md), <https://example.org>, [write](mailto:a@example.org)",
        "[by its name][lamp]\n\n[lamp]: pictures/lamp.svg",
        '<a href="about.md">This page</a> <img src="pictures/lamp.svg" alt="">',
        "[{{ forms.diary.title }}](forms.md#{{ forms.diary.form }}) {{ form_link('diary') }}",
        "{% for form in forms %}[{{ form.title }}](forms.md#{{ form.form }}){% endfor %}",
        "`[code](nowhere.md)` and <!-- [comment](nowhere.md) -->\n\n```\n[code](nowhere.md)\n```",
        "A note[^1].\n\n[^1]: nowhere.md",
        '[with a space](<pictures/lamp.svg>) and [a title](forms.md "Forms")',
    ],
)
def test_what_leads_somewhere_is_no_problem(tmp_path: Path, fine: str) -> None:
    assert told(tmp_path, fine) == []


@pytest.mark.parametrize(
    ("wrong", "kind", "column", "meant"),
    [
        ("[x](form.md)", "link-nowhere", 5, "'forms.md'"),
        ("[x](forms.md#dairy)", "place-nowhere", 5, "'#diary'"),
        ("[x](roles.md#mentr)", "place-nowhere", 5, "'#mentor'"),
        ("See [x](#when-you-met)", "place-nowhere", 9, "'#when-you-meet'"),
        ("[x](forms/dairy.pdf)", "link-nowhere", 5, "'forms/diary.pdf'"),
        ("![x](pictures/Lamp.svg)", "link-nowhere", 6, "'pictures/lamp.svg'"),
        ("![x](seen/harbour-at-night.jpg)", "picture-nowhere", 6, "as docs/demo/seen/harbour-at-night.jpg"),
        ("[x](../other/form.md)", "link-nowhere", 5, "'../other/forms.md'"),
        ("[x](../othr/forms.md)", "link-nowhere", 5, "'../other/forms.md'"),
        ("[x](../other/forms.md#aplication)", "place-nowhere", 5, "'#application'"),
        ("[x](/demo/forms.md)", "link-from-root", 5, "'forms.md'"),
        ("[x](/other/forms.md)", "link-from-root", 5, "'../other/forms.md'"),
        ("[x](forms/)", "link-nowhere", 5, "'forms.md'"),
        ("[x](zzzzzzzzzz.md)", "link-nowhere", 5, "Write one of"),
        ("[x](forms.md#zzzzzzzz)", "place-nowhere", 5, "Write one of"),
        ("[x]()", "link-nowhere", 5, "Write one of"),
        ('<img src="lamp.svg">', "link-nowhere", 11, "'pictures/lamp.svg'"),
        ("[x][lamp]\n\n[lamp]: picture/lamp.svg", "link-nowhere", 9, "'pictures/lamp.svg'"),
        ("[x](forms.md#{{ forms.diary.title }})", "place-nowhere", 5, "'#diary'"),
    ],
)
def test_what_leads_nowhere_is_told_with_what_was_meant(
    tmp_path: Path, wrong: str, kind: str, column: int, meant: str
) -> None:
    (found,) = told(tmp_path, wrong)
    assert (found.kind, found.place.file, found.place.column) == (kind, CHAPTER_FILE, column)
    assert found.place.line == 5 + wrong.count("\n")
    assert meant in found.to_do


def test_links_in_sentences_of_the_scheme_are_told_where_the_sentence_stands(tmp_path: Path) -> None:
    scheme = SCHEME.replace("says: You wait.", "says: 'You wait, see [roles](role.md).'")
    (found,) = told(tmp_path, "Fine.", **{SCHEME_FILE: scheme})
    assert (found.kind, found.place.file) == ("link-nowhere", SCHEME_FILE)
    assert found.place.line == 1 + scheme[: scheme.index("You wait, see")].count("\n")


def test_links_of_the_sites_front_page_are_told(tmp_path: Path) -> None:
    front = "# All\n\n[One](demo/index.md), [two](demo/forms.md#dairy), [three](forms.md)\n"
    found = told(tmp_path, "Fine.", **{"docs/index.md": front})
    assert [(one.kind, one.place.column) for one in found] == [("place-nowhere", 29), ("link-nowhere", 59)]


def test_a_scheme_that_does_not_fit_still_tells_where_links_lead(tmp_path: Path) -> None:
    broken = SCHEME.replace("scheme: demo", "scheme: other").replace("name: The demo scheme\n", "")
    line = (
        "[x](../other/nowhere.md) [y](../other/about.md) [z](../other/forms.md#who-knows) [p](../other/forms/diary.pdf)"
    )
    problems = told(tmp_path, line, **{"scheme-configs/other.yml": broken})
    assert [one.kind for one in problems] == ["link-nowhere", "missing-key"]


def test_links_to_a_scheme_that_cannot_be_read_are_not_told_beside_what_broke_it(tmp_path: Path) -> None:
    problems = told(tmp_path, "[x](../other/nowhere.md)", **{"scheme-configs/other.yml": "scheme: [\n"})
    assert [one.kind for one in problems] == ["bad-yaml"]


def test_the_places_of_a_page_are_those_that_the_built_site_has(tmp_path: Path) -> None:
    project = write_whole_project(tmp_path / "project")
    (scheme,) = project.schemes.values()
    write_pages(project, tmp_path / "docs", today=datetime.date(2026, 11, 24), make_form=one_form_for_all)
    build_site(tmp_path / "docs", tmp_path / "site")
    book = Book(project, scheme)
    built = {page.path.name: set(page.ids) for page in Site(tmp_path / "site" / scheme.scheme).pages()}
    for page in book.titles:
        places = places_on(book, page)
        assert places and places <= built[f"{page}.html"], page
    files = {name.replace(".md", ".html") for name in site_files(project, scheme)}
    folder = tmp_path / "site" / scheme.scheme
    assert files == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("piece", ["](", "<a ", "`", "``` ", "<!--", "[x]: ", "](((", "{{", "![x](", "](<", "{#"])
def test_a_hostile_text_takes_no_long_time(piece: str) -> None:
    before = time.process_time()
    list(links_of(piece * (200_000 // len(piece))))
    assert time.process_time() - before < 5
