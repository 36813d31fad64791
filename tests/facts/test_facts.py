"""Each ledger of this folder held against what is built: nothing of a source is lost, and nothing of it is copied.

`<scheme>.yml` lists every paragraph of the scheme's source with the fact in our words and where it shows;
`<scheme>.source.json` holds the hashes that say which paragraphs there are (source_text.py).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.facts.source_text import FIRST, first_words, read_source, runs_of, words_of
from tests.pdf_fields import fields_of
from tests.programs import pdftotext

from schemebook.scheme.yaml_source import read_yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMES = sorted(path.stem for path in HERE.glob("*.yml"))
SITE = "site"


@dataclass(frozen=True)
class Built:
    """What a reader can see of a scheme: page or form -> its words; and those of the whole handbook as one PDF."""

    folder: Path
    pages: dict[str, str]
    forms: dict[str, str]
    book: str

    def holds(self, where: str, words: str) -> bool:
        """Whether these words stand on a page of the site and in the handbook PDF, or in the form of that id."""
        if where == SITE:
            return any(plain(words) in text for text in self.pages.values()) and plain(words) in self.book
        return plain(words) in self.forms.get(where, "")


def plain(text: str) -> str:
    """Text with its spaces and apostrophes made alike; what a line's end has parted at a hyphen is joined."""
    return " ".join(text.replace("-\n", "-").replace("’", "'").split())


def book_text(path: Path) -> str:
    """The text of a handbook PDF without the head and foot of its pages, and without the pages that links name."""
    inside = ("-x", "0", "-y", "74", "-W", "596", "-H", "696")
    return re.sub(r" \(page \d+\)", "", plain(pdftotext(path, "-raw", *inside)))


class _Words(HTMLParser):
    """Collects what a page shows."""

    APART = ("p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "div", "section", "text", "title", "br")

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in self.APART:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def shown(html: str) -> str:
    """The words of an HTML page."""
    reader = _Words()
    reader.feed(html)
    return plain("".join(reader.parts))


def ledger(scheme: str) -> list[dict[str, Any]]:
    """The entries of a scheme's ledger, in order."""
    found: list[dict[str, Any]] = read_yaml(HERE / f"{scheme}.yml", f"{scheme}.yml").data
    return found


@pytest.fixture(scope="session", params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def built(scheme: str, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The scheme built in a copy of its own, so that no other build meets it."""
    project = tmp_path_factory.mktemp(scheme)
    for part in ("forms/shared", f"forms/{scheme}", f"forms/published/{scheme}", f"docs/{scheme}"):
        shutil.copytree(ROOT / part, project / part)
    (project / "scheme-configs").mkdir()
    for file in (f"scheme-configs/{scheme}.yml", "mkdocs.yml"):
        shutil.copy(ROOT / file, project / file)
    schemebook = Path(sys.executable).parent / "schemebook"
    build: list[str | Path] = [
        schemebook,
        "--project",
        project,
        "--quiet",
        "build",
        "--scheme",
        scheme,
        "--site",
        project / "site",
    ]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = project / "site" / scheme
    pages = {path.stem: shown(path.read_text("utf-8")) for path in sorted(folder.glob("*.html"))}
    forms = {path.stem: plain(pdftotext(path, "-raw")) for path in sorted((folder / "forms").glob("*.pdf"))}
    return Built(folder, pages, forms, book_text(folder / f"{scheme}-handbook.pdf"))


def test_the_ledger_accounts_for_every_paragraph_of_the_source_in_its_order(scheme: str) -> None:
    kept = read_source(HERE / f"{scheme}.source.json").paragraphs
    assert [first_words(entry["begins"]) for entry in ledger(scheme)] == list(kept)


def test_the_ledger_quotes_no_more_than_a_pointer(scheme: str) -> None:
    assert [entry["source"] for entry in ledger(scheme) if len(words_of(entry["begins"])) > FIRST] == []


def test_every_entry_says_where_its_fact_shows_or_why_it_does_not(scheme: str) -> None:
    silent = [entry["source"] for entry in ledger(scheme) if not (entry.get("shows") or entry.get("dropped"))]
    assert silent == []


def test_every_fact_shows_on_the_site_and_in_the_handbook_pdf_or_in_its_form(scheme: str, built: Built) -> None:
    lost = [
        (entry["source"], place["in"], place["words"])
        for entry in ledger(scheme)
        for place in entry.get("shows", ())
        if not built.holds(place["in"], place["words"])
    ]
    assert lost == []


def test_every_note_named_is_on_the_page_of_editors_notes(scheme: str, built: Built) -> None:
    named = {entry["note"] for entry in ledger(scheme) if "note" in entry}
    assert {note for note in named if plain(note) not in built.pages["editors-notes"]} == set()


def copied(texts: dict[str, str], scheme: str) -> Iterator[tuple[str, str]]:
    """Each run of words that stands in a text and in the source."""
    runs = read_source(HERE / f"{scheme}.source.json").runs
    for name, text in texts.items():
        yield from ((name, words) for run, words in runs_of(nameless(text, scheme)) if run in runs)


def nameless(text: str, scheme: str) -> str:
    """The text without the names of the scheme and its body: a name is as long as it is, and nobody's wording."""
    said = read_yaml(ROOT / "scheme-configs" / f"{scheme}.yml", scheme).data
    for name in sorted((said["name"], said["run-by"]), key=len, reverse=True):
        text = text.replace(name, "thename")
    return text


def test_no_page_copies_the_source(scheme: str, built: Built) -> None:
    assert list(copied(built.pages, scheme)) == []


def test_no_form_copies_the_source(scheme: str, built: Built) -> None:
    assert list(copied(built.forms, scheme)) == []


def test_no_line_of_the_ledger_copies_the_source(scheme: str) -> None:
    facts = {entry["source"]: entry["fact"] for entry in ledger(scheme)}
    assert list(copied(facts, scheme)) == []


# Counts that the source document gives.


class _Sections(HTMLParser):
    """Counts the list items under each h2 of a page that begins with a number."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: list[int] = []
        self.in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_heading = tag == "h2"
        if tag == "li" and self.counts:
            self.counts[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        self.in_heading = self.in_heading and tag != "h2"

    def handle_data(self, data: str) -> None:
        if self.in_heading and data.strip()[:1].isdigit():
            self.counts.append(0)


def field_names(path: Path) -> set[str]:
    """The full names of a PDF's fields."""
    return set(fields_of(path))


@pytest.mark.parametrize("scheme", ["iema"], indirect=True)
def test_thirteen_competencies_have_their_fifty_three_criteria(built: Built) -> None:
    reader = _Sections()
    html = (built.folder / "competencies.html").read_text("utf-8")
    reader.feed(html.partition("<article")[2].partition("</article>")[0])
    assert reader.counts == [9, 5, 4, 3, 5, 2, 3, 4, 3, 3, 4, 4, 4]


@pytest.mark.parametrize("scheme", ["iema"], indirect=True)
def test_the_gap_analysis_asks_two_things_of_each_competency(built: Built) -> None:
    cells: dict[str, set[str]] = {}
    for name in field_names(built.folder / "forms" / "gap-analysis.pdf") - {"name", "email"}:
        _, row, column = name.split(".")
        cells.setdefault(row, set()).add(column)
    assert list(cells.values()) == [{"competent", "next-steps"}] * 13


@pytest.mark.parametrize("scheme", ["iema"], indirect=True)
def test_there_are_three_reflective_questions(built: Built) -> None:
    names = field_names(built.folder / "forms" / "reflective-questions.pdf")
    assert names - {"name", "email"} == {"goals", "scheme-helps", "support-needed"}


def numbered(page: Path) -> int:
    """How many items the numbered list of a page has."""
    text = page.read_text("utf-8").partition("<article")[2].partition("<ol>")[2].partition("</ol>")[0]
    return text.count("<li>")


@pytest.mark.parametrize("scheme", ["coventry-council"], indirect=True)
def test_eight_questions_must_be_answered_and_eight_duties_are_joint(built: Built) -> None:
    assert numbered(built.folder / "your-questionnaire.html") == 8
    assert numbered(built.folder / "working-together.html") == 8


@pytest.mark.parametrize("scheme", ["coventry-council"], indirect=True)
def test_the_questionnaire_needs_the_eight_and_whom_to_reach_and_no_more(built: Built) -> None:
    names = field_names(built.folder / "forms" / "questionnaire.pdf")
    asked = {name.partition(".")[0] for name in names}
    may_stay_empty = built.forms["questionnaire"].count("optional)") - 1  # what stands under the title says it once
    assert len(asked) - may_stay_empty == 8 + len({"name", "email"} & asked)


@pytest.mark.parametrize("scheme", ["coventry-council"], indirect=True)
def test_five_words_are_chosen(built: Built) -> None:
    names = field_names(built.folder / "forms" / "questionnaire.pdf")
    assert len([name for name in names if name.startswith("words.")]) == 24
    assert "Which five words describe you best? (optional) Tick exactly 5." in built.forms["questionnaire"]


@pytest.mark.parametrize("scheme", ["west-suffolk-councils"], indirect=True)
def test_mentor_and_mentee_answer_six_questions_each_and_both_sign(built: Built) -> None:
    names = field_names(built.folder / "forms" / "evaluation.pdf")
    signed = {name for name in names if name.endswith(".signature")}
    asked = [name.partition("-")[0] for name in names if "." not in name]
    assert signed == {"mentor-signed.signature", "mentee-signed.signature"}
    assert (asked.count("mentor"), asked.count("mentee"), len(asked)) == (6, 6, 12)
    assert all(f"{section}{number}. " in built.forms["evaluation"] for section in "AB" for number in range(1, 7))


@pytest.mark.parametrize("scheme", ["west-suffolk-councils"], indirect=True)
def test_the_contract_has_seven_sections_that_both_sign(built: Built) -> None:
    listed = built.pages["the-partnership"].partition("It has seven parts:")[2].partition("Meetings")[0]
    assert re.findall(r"Part (\d+)\. ", listed) == list("1234567")
    assert all(f" {number}. " in built.forms["contract"] for number in range(1, 8))
    names = field_names(built.folder / "forms" / "contract.pdf")
    assert {"mentor-signed.signature", "mentee-signed.signature"} <= names


@pytest.mark.parametrize("scheme", ["west-suffolk-councils"], indirect=True)
def test_equality_monitoring_asks_for_nature_and_outcome_and_nobodys_name(built: Built) -> None:
    names = {name.partition(".")[0] for name in field_names(built.folder / "forms" / "equality-monitoring.pdf")}
    wanted = {"nature", "nature-words", "grounds-known", "grounds", "outcome", "outcome-words", "names-nobody"}
    assert names == wanted
    assert "Nothing is kept that says whose answers these are" in built.pages["forms"]


@pytest.mark.parametrize("scheme", ["ioic"], indirect=True)
def test_there_are_four_stages(built: Built) -> None:
    path = (built.folder / "path.html").read_text("utf-8")
    assert len(re.findall(r'<h2 id="stage-', path)) == 4


@pytest.mark.parametrize("scheme", ["plp-ess"], indirect=True)
def test_there_are_four_steps_and_six_sessions(built: Built) -> None:
    path = (built.folder / "path.html").read_text("utf-8")
    whens = re.findall(r'<p class="sb-when">.*?</span>\s*([^<]*)</p>', path, re.DOTALL)
    assert [int(when[5]) for when in whens if when.startswith("step ")] == [1, 2, 3, 4]
    headings = re.findall(r"<h2[^>]*>Session (\d): ", (built.folder / "six-sessions.html").read_text("utf-8"))
    assert headings == list("123456")


@pytest.mark.parametrize("scheme", ["plp-ess"], indirect=True)
def test_the_checklist_has_eleven_ground_rules_and_the_worksheet_six_headings(built: Built) -> None:
    names = field_names(built.folder / "forms" / "first-meeting-checklist.pdf")
    assert len([name for name in names if name.startswith("ground-rules.")]) == 11
    assert numbered(built.folder / "ending-well.html") == 6


@pytest.mark.parametrize("scheme", ["plp-ess"], indirect=True)
def test_the_code_of_conduct_has_sixteen_points(built: Built) -> None:
    article = (built.folder / "code-of-conduct.html").read_text("utf-8").partition("<article")[2]
    assert article.partition("</article>")[0].count("<li>") == 16


@pytest.mark.parametrize("scheme", ["plp-ess"], indirect=True)
def test_logs_are_due_after_sessions_two_to_five_and_welcome_after_the_sixth(built: Built) -> None:
    rules = built.pages["rules"]
    assert "Learning log: from the mentee and mentor, after each of the sessions 2 to 5." in rules
    assert "Learning log: from the mentee and mentor, after session 6. It is welcome, and not owed." in rules
