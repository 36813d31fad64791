from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.browser import open_in_chromium
from tests.desk.club import SCHEME, application, log, record, write_club

from schemebook.desk import findings
from schemebook.desk.report import write_report
from schemebook.errors import UsageError
from schemebook.records.record import Record
from schemebook.records.store.store import NewReturn, Store, open_store
from schemebook.returned.submission import ReviewReason
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.project import Project
from schemebook.scheme.words import say

EVIL = "<script>alert(1)</script>"
LATER = date(2026, 12, 25)


@pytest.fixture
def club(tmp_path: Path) -> Project:
    return write_club(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, create=True) as opened:
        yield opened


def report(club: Project, store: Store, records: Sequence[Record], as_of: date = LATER) -> dict[str, str]:
    store.put([NewReturn(one.sha256 or "", (one,)) for one in records])
    written = write_report(club, "club", store, club.root / "out", as_of)
    return {path.name: path.read_bytes().decode("utf-8") for path in written}


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


class Page(HTMLParser):
    """The words of a page by its elements, and its addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.addresses: list[str] = []
        self.inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "data", "srcset")]
        if tag not in ("meta", "br", "use", "path", "circle", "rect"):
            self.inside.append(tag)
            self.words.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self.inside):
            self.words[tag][-1] += data


MIXED = [
    application("2026-09-01T00:00:00Z"),
    log("2026-09-10T00:00:00Z", "2026-09-15"),
    log("2026-12-24T00:00:00Z", "2026-11-15"),
]


def test_the_heading_is_the_finding(club: Project, store: Store) -> None:
    page = Page(report(club, store, MIXED)["index.html"])
    assert page.words["h1"] == [say("desk.some-late", count=1, due=3)]


def test_the_chart_s_table_counts_what_is_in_late_and_open(club: Project, store: Store) -> None:
    files = report(club, store, MIXED)
    found = rows(files["obligations.csv"])
    states = [row[say("desk.column-state")] for row in found if row[say("desk.column-form")] == "Log"]
    assert sorted(states) == sorted([say("desk.state-in"), say("desk.state-late"), say("desk.state-in")])
    figures = re.search(r'<th scope="row">Log</th>(.*?)</tr>', files["index.html"])
    assert figures is not None and re.findall(r"<td>(\d+)</td>", figures[1]) == ["3", "2", "1", "0"]


def test_what_is_late_says_who_what_and_by_how_many_days(club: Project, store: Store) -> None:
    files = report(club, store, MIXED)
    (late,) = [row for row in rows(files["obligations.csv"]) if row[say("desk.column-state")] == say("desk.state-late")]
    assert late[say("desk.column-email")] == "ana@example.org"
    assert late[say("desk.column-due")] == "2026-10-30" and late[say("desk.column-days-late")] == "56"
    assert say("desk.days-late", count=56) in files["index.html"]


def test_a_page_shows_the_first_of_very_many_and_tables_hold_them_all(
    club: Project, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "MOST_SHOWN", 2)
    people = [f"person{number}" for number in range(5)]
    many = [application("2026-09-01T00:00:00Z", who) for who in people]
    files = report(club, store, [*many, *(log("2026-09-10T00:00:00Z", "2026-09-15", who) for who in people)])
    page = Page(files["index.html"])
    late = [row for row in rows(files["obligations.csv"]) if row[say("desk.column-state")] == say("desk.state-late")]
    assert len({row[say("desk.column-email")] for row in late}) == 5
    assert page.tags.count("article") == 2
    inside = [address[1:] for address in page.addresses if address.startswith("#person")]
    assert inside and set(inside) <= set(re.findall(r'id="(person-\d+)"', files["index.html"]))
    left = [say("desk.more", count=count) for count in (len(late) - 2, 3)]
    assert [any(words.startswith(one) for words in page.words["p"]) for one in left] == [True, True]


def nameless(number: int) -> Record:
    """A record of an anonymous form."""
    made = record("log", "2026-11", words="Fair.")
    return replace(made, id=f"{number:032x}", sha256=None, part=None, edition=None, source=None)


def test_an_anonymous_form_is_counted_and_is_nobody_s(club: Project, store: Store) -> None:
    store.put([NewReturn(f"{number:064x}", (nameless(number),)) for number in (1, 2)])
    page = Page(report(club, store, MIXED)["index.html"])
    said = page.words["p"][0]
    assert say("desk.lede", people=say("desk.people", count=1), returns=say("desk.returns", count=3)) in said
    assert say("desk.lede-anonymous", count=2) in said
    assert f"Log {say('desk.nameless-count', count=2)}" in page.words["li"]


def test_where_all_forms_are_anonymous_nobody_is_said_to_have_returned_one(club: Project, store: Store) -> None:
    store.put([NewReturn(f"{1:064x}", (nameless(1),))])
    page = Page(report(club, store, [])["index.html"])
    assert page.words["p"][0] == say("desk.lede-anonymous", count=1)


def test_a_scheme_without_cohorts_says_nothing_of_them(tmp_path: Path, store: Store) -> None:
    without = SCHEME.replace("cohorts:\n  - {id: spring, title: Spring, starts: 2026-08-31, ends: 2027-07-31}\n", "")
    club = write_club(tmp_path, scheme=without.replace("after: {cohort: starts}, within: 1 month, ", ""))
    assert say("desk.no-cohort") not in report(club, store, MIXED)["index.html"]


def test_before_anything_came_back_the_page_says_so_and_what_to_do(club: Project, store: Store) -> None:
    files = report(club, store, [])
    page = Page(files["index.html"])
    assert page.words["h1"] == [say("desk.nothing-back")] and "table" not in page.tags
    assert sorted(files) == ["index.html", "obligations.csv", "problems.csv"]


def test_a_superseded_return_is_in_neither_answers_nor_problems(club: Project, store: Store) -> None:
    wrong = AnswerProblem("start", "not-a-date", "This is not a date.", "soon")
    before = replace(application("2026-09-01T00:00:00Z"), problems=(wrong,))
    after = application("2026-09-02T00:00:00Z", start="2026-09-01")
    files = report(club, store, [before, after])
    assert [row["id"] for row in rows(files["answers-application.csv"])] == [after.id]
    assert rows(files["problems.csv"]) == []


def test_an_answer_that_does_not_fit_is_told_with_its_question(club: Project, store: Store) -> None:
    cell = AnswerProblem("skills.knots.mark", "missing", "The question has no answer.")
    files = report(club, store, [replace(application("2026-09-01T00:00:00Z"), problems=(cell,))])
    (row,) = rows(files["problems.csv"])
    assert row[say("desk.column-question")] == "Your skills / Tying knots / How good"
    assert "Your skills / Tying knots / How good" in files["index.html"] and cell.message in files["index.html"]


def test_a_return_of_nobody_and_one_in_doubt_are_told(club: Project, store: Store) -> None:
    nobody = record("application", "2026-09-01T00:00:00Z", start="2026-09-01")
    doubt = ReviewReason("repaired", "The file was repaired.")
    doubtful = replace(application("2026-09-02T00:00:00Z"), review=(doubt,), needs_review=True)
    headings = Page(report(club, store, [nobody, doubtful])["index.html"]).words["h2"]
    assert say("desk.nobodys-title") in headings and say("desk.review-title") in headings


def test_what_a_participant_wrote_is_neither_markup_nor_a_formula(club: Project, store: Store) -> None:
    problem = AnswerProblem("start", "not-a-date", "This is not a date.", "=1+1")
    evil = record("application", "2026-09-01T00:00:00Z", [problem], name=EVIL, email="=cmd|'/c calc'!A0")
    files = report(club, store, [replace(evil, source=f"{EVIL}.pdf")])
    page = Page(files["index.html"])
    assert "script" not in page.tags and EVIL in page.words["h3"][0]
    for name, text in files.items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(text[1:], newline="")) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert rows(files["problems.csv"])[0][say("desk.column-written")] == "'=1+1"


def test_the_page_needs_no_other_file_and_no_other_host(club: Project, store: Store) -> None:
    text = report(club, store, [*MIXED, application("2026-09-03T00:00:00Z", "Āna Łoś")])["index.html"]
    assert [address for address in Page(text).addresses if not address.startswith("#")] == []
    assert re.findall(r"url\((?![\"']?data:)[^)]*", text) == [] and "@import" not in text
    assert text.count("data:font/woff2") > 3


def test_letters_beyond_latin_1_bring_their_faces_and_others_leave_them_out(club: Project, store: Store) -> None:
    plain = report(club, store, MIXED)["index.html"]
    more = report(club, store, [application("2026-09-03T00:00:00Z", "łoś")])["index.html"]
    assert more.count("data:font/woff2") > plain.count("data:font/woff2")


def test_the_same_records_and_day_give_the_same_files(club: Project, store: Store) -> None:
    assert report(club, store, MIXED) == report(club, store, [])


def test_a_scheme_that_is_not_there_is_the_caller_s_mistake(club: Project, store: Store) -> None:
    with pytest.raises(UsageError):
        write_report(club, "nobody", store, club.root / "out", LATER)


@pytest.mark.all_tiers
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (320, True)])
def test_the_page_is_accessible_asks_nobody_and_never_scrolls_sideways(
    club: Project, store: Store, width: int, dark: bool
) -> None:
    report(club, store, MIXED)
    wide = "document.documentElement.scrollWidth"
    opened = open_in_chromium(club.root / "out" / "index.html", width=width, dark=dark, with_axe=True, evaluate=wide)
    assert opened.violations == [] and opened.foreign == [] and opened.failed == [] and opened.said == []
    assert opened.value == width


@pytest.mark.all_tiers
def test_a_bar_of_many_and_one_is_no_longer_than_the_page(club: Project, store: Store) -> None:
    logs = [log("2026-09-20T00:00:00Z", "2026-09-10", f"p{number}") for number in range(60)]
    forms = [application("2026-09-20T00:00:00Z", f"p{number}") for number in range(59)]
    report(club, store, [*logs, *forms], date(2026, 9, 29))
    widths = "[...document.querySelectorAll('.bar')].map(bar => bar.offsetWidth / bar.parentElement.offsetWidth)"
    opened = open_in_chromium(club.root / "out" / "index.html", width=1280, evaluate=f"({widths}).join(' ')")
    shares = [float(share) for share in str(opened.value).split()]
    assert len(shares) == 2 and shares[0] == pytest.approx(shares[1]) and max(shares) <= 1


def test_a_mentor_s_two_pairs_stand_apart(club: Project, store: Store) -> None:
    two = [
        record("agreement", f"2026-09-0{day}T00:00:00Z", mentee=f"{who}@example.org", mentor="ben@example.org")
        for day, who in ((5, "ana"), (6, "cyd"))
    ]
    page = report(club, store, [*two, log("2026-09-10T00:00:00Z", "2026-09-15", "ben", "mentor")])["index.html"]
    ben = page.partition("<h3>ben@example.org</h3>")[2].partition("</article>")[0]
    assert [ben.count(f"with {who}@example.org") for who in ("ana", "cyd")] == [2, 2]


def test_returns_that_bear_a_later_day_are_told_of_and_not_lost_in_silence(club: Project, store: Store) -> None:
    early, late = application("2026-09-10T00:00:00Z"), application("2031-01-01T00:00:00Z", "cyd")
    told = say("desk.made-later", count=1, day="25 December 2026")
    assert told in report(club, store, [early, late])["index.html"]
    assert told not in report(club, store, [], date(2031, 2, 1))["index.html"]


def test_two_people_of_one_name_are_told_apart_by_their_addresses(club: Project, store: Store) -> None:
    two = [
        record("application", f"2026-09-0{day}T00:00:00Z", name=name, email=f"{who}@example.org", start="2026-09-01")
        for day, who, name in ((1, "ana", "Ana Lomu"), (2, "al", "ana  lomu"), (3, "cyd", "Cyd Reed"))
    ]
    logs = [log("2026-09-10T00:00:00Z", "2026-09-15", who, mentor="ben@example.org") for who in ("ana", "al", "cyd")]
    page = Page(report(club, store, [*two, *logs])["index.html"])
    assert {"Ana Lomu <ana@example.org>", "ana  lomu <al@example.org>", "Cyd Reed"} <= set(page.words["a"])


def test_what_came_after_its_day_says_so(club: Project, store: Store) -> None:
    files = report(club, store, MIXED)
    (came,) = [row for row in rows(files["obligations.csv"]) if row[say("desk.column-received")] == "2026-12-24"]
    assert came[say("desk.column-days-late")] == "24" and came[say("desk.column-state")] == say("desk.state-in")
