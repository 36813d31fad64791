"""What scheme owners write: the file of a form, a scheme or the site, a chapter, a list of people. Read, or told."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from tests.check.small_project import APPLICATION, FORM_FILE, SCHEME, SCHEME_FILE, write_project
from tests.failures.fuzzed.target import Target, folder, must_be_told_well
from tests.form_pdf.everything import everything, project_at

from schemebook.check.check import check_project
from schemebook.errors import Place, SchemebookError
from schemebook.form_pdf.fill import fill_form
from schemebook.form_pdf.finish import make_form_pdf
from schemebook.handbook.site_config import read_document, site_config
from schemebook.records.copies.recipients import WrongListError, read_recipients
from schemebook.scheme.form import Form
from schemebook.scheme.project import load_project
from schemebook.scheme.templating import TemplateError, render_text

_ROOT = Path(__file__).parents[3]


@cache
def _project() -> Path:
    root = folder() / "project"
    root.mkdir()
    write_project(root)
    return root


def _configure(data: bytes) -> None:
    """A form's file, or a scheme's where the first byte is odd, beside files that are right.

    Of what `check` finds nothing wrong with, the form can be made.
    """
    file, before = (SCHEME_FILE, SCHEME) if data[:1] and data[0] % 2 else (FORM_FILE, APPLICATION)
    path = _project() / file
    path.write_bytes(data[1:])
    try:
        project = load_project(_project())
        problems, notes = check_project(project)
        for said in (*problems, *notes):
            str(said).encode()
            assert "\n" not in str(said)
        if not problems and zlib.crc32(data) % 4 == 0:  # it takes three times as long as to look at the file
            make_form_pdf(project, "demo", "application", draft=False)
    finally:
        path.write_text(before, "utf-8")


def _configurations() -> Iterator[bytes]:
    yield b"0" + APPLICATION.encode()
    yield b"1" + SCHEME.encode()
    yield b"0form: &a {x: [1, 2]}\nfields: [*a, !!int 3, 'a', \"\\x41\", |\n  b\n]\n"


def _bundled_files() -> Iterator[bytes]:
    yield from (b"0" + path.read_bytes() for path in sorted(_ROOT.glob("forms/*/*.yml")))
    yield from (b"1" + path.read_bytes() for path in sorted(_ROOT.glob("scheme-configs/*.yml")))


def _write(data: bytes) -> None:
    """A chapter with facts put in, or the line that says why not."""
    facts = {"rules": {"days": 30, "words": "x" * 30}, "roles": ["mentor", "mentee"], "form": lambda id: f"[{id}]"}
    try:
        render_text(data.decode("utf-8", "replace"), facts, Place("a.md")).encode("utf-8", "surrogatepass")
    except TemplateError as error:
        str(error).encode()
        assert "\n" not in str(error)


def _chapters() -> Iterator[bytes]:
    yield b"# About\n\nFor {{ rules.days }} days: {{ rules.words | default('x') }}.\n"
    yield b"{% for a in roles if a %}{{ a | upper }}{{ loop.index + 1 }}{% else %}x{% endfor %}{{ form('a') }}"
    yield b"{{ rules.days - 3 }}{% if rules.words == 'a' and not roles %}{{ roles[0] | join(', ') }}{% endif %}{# a #}"


def _bundled_chapters() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(_ROOT.glob("docs/*/*.md")))


@cache
def _asks_everything() -> Form:
    return project_at(folder()).form("harbour", "everything")


def _issue(data: bytes) -> None:
    """A list of people: each line's answers can be put into the form, or each problem has its line and no cell's text.

    What names a column may be repeated where the first line names one at all; what stands below it may not.
    """
    path = folder() / "people.csv"
    path.write_bytes(data)
    try:
        found = read_recipients(path, _asks_everything(), everything().descriptor)
    except WrongListError as error:
        told = [str(one) for one in error.problems if one.place.line > 1 or one.kind == "no-head"]
        must_be_told_well("".join(told))
        assert "".join(map(str, error.problems)).isprintable()
        return
    assert len({(one.person, one.occasion) for one in found}) == len(found) > 0
    for one in found:
        f"{one.key}{one.person}{one.occasion}{one.name}{one.email}".encode()
        assert one.key and one.line > 0
    if len(data) % 8 == 0:  # it takes a hundred times as long as to read the list
        fill_form(everything().pdf, everything().descriptor, dict(found[-1].answers))


def _frame(data: bytes) -> None:
    """A project's own mkdocs.yml: the site's is made from it, or one line says why not."""
    (folder() / "mkdocs.yml").write_bytes(data)
    try:
        made = site_config(read_document(folder()), [], {}, datetime.date(2026, 11, 27))
    except SchemebookError as error:
        must_be_told_well(str(error))
    else:
        assert isinstance(yaml.safe_load(made)["site_name"], str)


def _documents() -> Iterator[bytes]:
    yield (_ROOT / "mkdocs.yml").read_bytes()
    yield b"site_name: 2026-02-28\nsite_url: https://example.org/\nplugins: [schemebook]\nx: !!python/name:a.b\n"
    yield b"site_name: [a]\nsite_author: {b: c}\nsite_description: .inf\n"


def _lists() -> Iterator[bytes]:
    head = "key,full-name,email,role,born,years,county,biography,topics,gap.trends.competent,meetings.2.day"
    row = 'E 17,Tāne Mahuta,x@planted.org,Mentor,1/2/1990,"1,200",essex,"One line\nʻokina",Career,not-yet,2026-03-01'
    yield f"{head}\n{row}\n".encode()
    yield f"{head}\n{row}\n{row}\nZq7planted,,not an address Zq7planted,both Zq7planted\n".replace(",", ";").encode()
    yield "\ufeffemail\tfull-name\tnone\t\t\n\nx@planted.org\tŁódź\n".encode("utf-16")
    yield b"key,key,full,years\n\xff\xfe,1\n"


TARGETS = {
    "config": Target(_configure, _configurations, _bundled_files),
    "chapter": Target(_write, _chapters, _bundled_chapters),
    "mkdocs": Target(_frame, _documents),
    "people": Target(_issue, _lists),
}
