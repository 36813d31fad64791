"""Everything that is wrong with a project is found in one run: names that lead nowhere, ids that clash."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.check.small_project import (
    APPLICATION,
    BLOCK_FILE,
    FILES,
    FORM_FILE,
    SCHEME,
    SCHEME_FILE,
    check_changed,
    check_files,
    line_of,
    write_project,
)
from tests.programs import program

from schemebook.check.check import check_project
from schemebook.scheme.project import load_project


def test_a_project_with_nothing_wrong_has_no_problems(tmp_path: Path) -> None:
    assert check_project(write_project(tmp_path))[0] == []


# Each line: what stands in the scheme's file, what is put there instead, the kind of the one problem, the piece of the
# changed file in whose line it is told, and what the message tells to write (empty: not looked at).
IN_SCHEME = [
    ("who: mentee,", "who: mentea,", "no-such-actor", "mentea", "'mentee'"),
    ("duties: {mentee:", "duties: {mentees:", "no-such-role", "mentees:", "'mentee'"),
    ("pair: [mentee, mentor]", "pair: [mentee, mentorr]", "no-such-role", "mentorr", "'mentor'"),
    ("pair: [mentee, mentor]", "pair: [mentee, mentee]", "twice", "pair: [", ""),
    ("forms: [application]", "forms: [aplication]", "no-such-form", "aplication", "'application'"),
    ("start-form: application", "start-form: aplicaton", "no-such-form", "start-form", "'application'"),
    ("rule: waiting", "rule: wating", "no-such-rule", "wating", "'waiting'"),
    ("from: applied, to: paired", "from: applied, to: pared", "no-such-state", "pared", "'paired'"),
    ("from: applied, to: paired", "from: aplied, to: paired", "no-such-state", "aplied", "'applied'"),
    ("from: mentee, stage: apply", "from: mentor, stage: apply", "due-from-another", "from: mentor", ""),
    ("stage: meet\n", "stage: mete\n", "no-such-stage", "mete", "'meet'"),
    ("from: [mentee]", "from: [mente]", "no-such-role", "mente]", "'mentee'"),
    ("field: start", "field: strat", "no-such-question", "strat", "'start'"),
    ("field: start", "field: team", "question-of-type", "field: team", ""),
    ("role: mentor, points", "role: mentors, points", "no-such-role", "mentors, points", "'mentor'"),
    ("form: diary, field: hours", "form: dairy, field: hours", "no-such-form", "sums:", "'diary'"),
    ("form: diary, field: hours", "form: diary, field: hour", "no-such-question", "sums:", "'hours'"),
    ("form: diary, field: hours", "form: diary, field: met-on", "question-of-type", "sums:", ""),
    ("sums: [{id: hours-kept", "sums: [{id: waiting", "twice", "id: waiting, title: Waiting", ""),
    ("sessions: {form: diary", "sessions: {form: dairy", "no-such-form", "dairy", "'diary'"),
    ("date: met-on", "date: met", "no-such-question", "date: met,", "'met-on'"),
    ("date: met-on", "date: hours", "question-of-type", "date: hours", ""),
    ("length: hours", "length: hour", "no-such-question", "length: hour,", "'hours'"),
    ("length: hours", "length: met-on", "question-of-type", "length: met-on", ""),
    ("claim: {form: application", "claim: {form: aplication", "no-such-form", "claim:", "'application'"),
    ("field: agree}", "field: agre}", "no-such-question", "agre}", "'agree'"),
    ("field: agree}", "field: start}", "question-of-type", "claim: {", ""),
    ("recorded: {agreed:", "recorded: {agree:", "no-such-question", "agree:", "'agreed'"),
    ("for-each: mentee", "for-each: mente", "no-such-role", "for-each", "'mentee'"),
    ("forms: application, keep", "forms: applications, keep", "no-such-form", "Applications", "'application'"),
    ("      within: 1 month\n", "", "after-alone", "after:", ""),
    ("      after: {form: application, field: start}\n", "", "within-alone", "within: 1 month\n", ""),
    ("      times: 6\n", "      times: 6\n      first: 2\n", "first-of-no-session", "first: 2", ""),
    ("{form: application, field: start}", "{cohort: ends, field: start}", "after-field-alone", "field: start", ""),
    ("      each: month\n", "", "times-of-once", "times: 6", ""),
    ("      each: month\n", "      until: [{field: agreed, is: yes}]\n", "until-of-once", "until:", ""),
    ("      times: 6\n", "      times: 6\n      until: [{field: agred, is: yes}]\n", "condition-nowhere", "until:", ""),
    ("      times: 6\n", "      times: 6\n      until: [{field: hours, is: yes}]\n", "condition-on-type", "until:", ""),
    ("field: start}", "dates: [start]}", "dates-of-no-session", "dates: [", ""),
    ("field: start}", "field: start, dates: [start]}", "after-dates", "field: start", ""),
    (
        "{file: about.md, title: About}",
        "{file: about.md, title: A, help: yes}\n  - {file: b.md, title: B, help: yes}",
        "two-help-pages",
        "b.md",
        "",
    ),
    ("id: keep-diary", "id: apply-once", "twice", "- id: apply-once", ""),
    ("id: keep-diary", "id: waiting", "twice", "id: waiting, title", ""),
    ("id: keep-diary", "id: duration", "reserved-id", "id: duration", ""),
    ("{id: meet, title", "{id: apply, title", "twice", "title: Meet", ""),
    (
        "paired: {title: Paired, kind: pair}",
        "paired: {title: P}\n    x: {title: X}",
        "state-not-reached",
        "x: {title",
        "",
    ),
    ("kind: start", "kind: normal", "no-start", "states:", ""),
    ("ends: 2026-12-31", "ends: 2025-12-31", "cohort-ends-first", "ends: 2025", ""),
    ("run-by: A body", "run-by: A body\ntimezone: Europe/Londn", "no-such-timezone", "Londn", "'Europe/London'"),
    ("email: office@example.org, website", "email: office, website", "not-an-email", "contact:", ""),
    ("'https://example.org'", "example.org", "not-a-website", "contact:", ""),
    ("forms: [application, diary]", "forms: [application]", "form-not-listed", None, ""),
    (", forms: [application]}", "}", None, None, ""),
    ("file: about.md", "file: abuot.md", "chapter-missing", "abuot", "'about.md'"),
    ("file: about.md", "file: ../about.md", "chapter-no-file-name", "../about", ""),
    ("'#1E6B52'}", "'#1E6B52', logo: x.svg}", "logo-missing", "logo:", ""),
    ("'#1E6B52'}", "'#1E6B52', logo: x.gif}", "logo-no-picture", "logo:", ""),
    ("scheme: demo", "scheme: dmeo", "misnamed", "scheme: dmeo", "'scheme: demo'"),
]


@pytest.mark.parametrize(
    ("before", "after", "kind", "at", "write"), IN_SCHEME, ids=[line[1][:40] for line in IN_SCHEME]
)
def test_a_name_in_a_scheme_that_leads_nowhere_is_told_at_its_line(
    tmp_path: Path, before: str, after: str, kind: str | None, at: str | None, write: str
) -> None:
    found = check_changed(tmp_path, SCHEME_FILE, (before, after))
    if kind is None:
        assert found == []
        return
    told = [one for one in found if one.kind == kind]
    assert len(told) == 1, [str(one) for one in found]
    assert write in told[0].to_do
    if at:
        assert (told[0].place.file, told[0].place.line) == (SCHEME_FILE, line_of(SCHEME.replace(before, after, 1), at))


AS_MENTEE = "- use: contact\n        as: mentee\n        identifies: mentee\n      - use: contact\n        as: mentor"
IN_FORM = [
    ("completed-by: mentee", "completed-by: [mentee, menter]", "no-such-role", "menter", "'mentor'"),
    ("use: contact", "use: contcat", "no-such-block", "contcat", "'contact'"),
    ("- use: contact", "- use: contact\n        with: {emial: {leave-out: yes}}", "not-in-block", "emial", "'email'"),
    (
        "- use: contact",
        "- use: contact\n      - use: contact",
        "block-brings-taken-ids",
        "- use: contact\n      - id",
        "'as:'",
    ),
    ("- use: contact", AS_MENTEE, None, None, ""),
    ("- id: street", "- id: team", "duplicate-id", "- id: team\n        type: text", ""),
    ("- use: contact", "- use: contact\n        as: team", "id-equals-prefix", "as: team", ""),
    ("field: team", "field: taem", "condition-nowhere", "taem", "'team'"),
    ("field: team", "field: start", "condition-later", "field: start", ""),
    ("field: team", "field: name", "condition-on-type", "field: name", ""),
    ("is: north", "is: [north, suoth]", "condition-no-answer", "suoth", "'south'"),
    ("  - title: You\n", "  - title: You\n    only-if: {field: tem, is: north}\n", "condition-nowhere", "tem,", ""),
    ("about: Tells", "occasion: {each: month, field: strat}\nabout: Tells", "occasion-nowhere", "strat", "'start'"),
    ("about: Tells", "occasion: {each: month, field: agree}\nabout: Tells", "question-of-type", "field: agree", ""),
    ("about: Tells", "role-field: teem\nabout: Tells", "role-field-nowhere", "teem", "'team'"),
    ("about: Tells", "role-field: start\nabout: Tells", "question-of-type", "role-field", ""),
    ("about: Tells", "renames: {old: strat}\nabout: Tells", "rename-nowhere", "strat", "'start'"),
    ("about: Tells", "renames: {team: start}\nabout: Tells", "rename-of-present", "renames", ""),
    ("about: Tells", "defaults: {taem: north}\nabout: Tells", "default-nowhere", "taem", "'team'"),
    ("about: Tells", "defaults: {team: nroth}\nabout: Tells", "default-no-answer", "nroth", "'north'"),
    ("label: From when?", "label: x\n        identifies: persn", "identifies-nobody", "persn", "'person'"),
    ("form: application", "form: aplication", "misnamed", "aplication", "'form: application'"),
]


@pytest.mark.parametrize(("before", "after", "kind", "at", "write"), IN_FORM, ids=[line[1][:40] for line in IN_FORM])
def test_a_name_in_a_form_that_leads_nowhere_is_told_at_its_line(
    tmp_path: Path, before: str, after: str, kind: str | None, at: str | None, write: str
) -> None:
    found = check_changed(tmp_path, FORM_FILE, (before, after))
    if kind is None:
        assert [one for one in found if one.place.file == FORM_FILE] == []
        return
    told = [one for one in found if one.kind == kind]
    assert len(told) == 1, [str(one) for one in found]
    assert write in told[0].to_do
    if at:
        assert (told[0].place.file, told[0].place.line) == (
            FORM_FILE,
            line_of(APPLICATION.replace(before, after, 1), at),
        )


def test_the_options_of_a_role_field_are_the_roles_that_complete_the_form(tmp_path: Path) -> None:
    told = check_changed(
        tmp_path,
        FORM_FILE,
        ("about: Tells", "role-field: team\nabout: Tells"),
        ("{north: North, south: South}", "{mentor: Mentor, menter: M}"),
        ("is: north", "is: mentor"),
    )
    assert [one.kind for one in told] == ["role-no-option", "option-no-role"]


def test_an_anonymous_form_does_not_say_whose_it_is(tmp_path: Path) -> None:
    signed = "- {id: signed, type: signature, label: x}\n      - id: agree"
    told = check_changed(tmp_path, FORM_FILE, ("about: Tells", "anonymous: yes\nabout: Tells"), ("- id: agree", signed))
    assert [one.kind for one in told] == ["anonymous-identifies", "anonymous-identifies", "anonymous-signature"]


def test_a_condition_inside_a_conditional_section_hangs_on_a_question_of_that_section(tmp_path: Path) -> None:
    """It stands in for the section's own condition, so the section's would be lost."""
    more = """\
  - title: More
    only-if: {field: team, is: north}
    fields:
      - {id: more, type: yes-no, label: More?}
      - {id: what, type: text, label: What?, only-if: {field: more, is: yes}}
      - {id: why, type: text, label: Why?, only-if: {field: agree, is: ticked}}
"""
    told, _ = check_files(tmp_path, {FORM_FILE: APPLICATION + more})
    assert [(one.kind, one.place.line) for one in told] == [
        ("condition-outside", line_of(APPLICATION + more, "id: why"))
    ]


def test_a_shared_block_used_twice_keeps_its_own_conditions(tmp_path: Path) -> None:
    block = FILES[BLOCK_FILE] + (
        "  - {id: post, type: yes-no, label: By post?}\n"
        "  - {id: street, type: text, label: Street?, only-if: {field: post, is: yes}}\n"
    )
    form = APPLICATION.replace("- use: contact", "- use: contact\n        as: own").replace(
        "- id: street", "- id: road"
    )
    assert check_files(tmp_path, {BLOCK_FILE: block, FORM_FILE: form})[0] == []


def test_one_form_with_a_misspelt_key_is_still_looked_through_for_the_rest(tmp_path: Path) -> None:
    told = check_changed(
        tmp_path,
        FORM_FILE,
        ("label: Street?", "lable: Street?"),
        ("field: team", "field: taem"),
        ("- id: agree", "- id: team"),
    )
    assert sorted(one.kind for one in told) == [
        "condition-nowhere",
        "duplicate-id",
        "no-such-question",
        "unknown-key",
    ]


def test_one_misspelling_is_told_once_and_not_by_what_follows_from_it(tmp_path: Path) -> None:
    for number, (before, after) in enumerate(
        [
            ("applied, to: paired", "applied, to: pared"),
            ("from: [mentee]", "from: [mente]"),
            ("{id: meet,", "{id: apply,"),
        ]
    ):
        told = check_changed(tmp_path / str(number), SCHEME_FILE, (before, after))
        assert len(told) == (2 if "id" in before else 1), [str(one) for one in told]


def test_one_broken_file_hides_nothing_of_the_others(tmp_path: Path) -> None:
    told, _ = check_files(
        tmp_path,
        {
            SCHEME_FILE: SCHEME.replace("name: The demo", "nmae: The demo").replace("who: mentee,", "who: mentea,"),
            FORM_FILE: APPLICATION.replace("field: team", "field: taem"),
            "forms/demo/diary.yml": "form: [diary\n",
            BLOCK_FILE: "block: contact\nfields: none\n",
            "docs/demo/about.md": "{% if %}\n",
        },
    )
    assert [(one.place.file, one.kind) for one in told] == [
        ("docs/demo/about.md", "syntax"),
        ("forms/demo/diary.yml", "not-closed"),
        ("forms/shared/contact.yml", "takes-list"),
        ("scheme-configs/demo.yml", "unknown-key"),
        ("scheme-configs/demo.yml", "no-such-actor"),
    ]


def test_problems_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    told = check_changed(
        tmp_path,
        SCHEME_FILE,
        ("rule: waiting", "rule: x"),
        ("who: mentee,", "who: y,"),
        ("stage: meet\n", "stage: z\n"),
    )
    assert [one.kind for one in told] == ["no-such-rule", "no-such-actor", "no-such-stage"]
    assert told == sorted(told)


def test_a_key_with_nothing_behind_it_is_told_even_where_it_may_be_left_out(tmp_path: Path) -> None:
    """An accent with its quotation marks forgotten is a remark to YAML, and would be lost without a word."""
    told = check_changed(tmp_path, SCHEME_FILE, ("{colour: '#1E6B52'}", "\n  colour: '#1E6B52'\n  accent: #E3A71B"))
    assert [(one.kind, one.place.line, one.place.column) for one in told] == [("nothing-behind", 6, 3)]


def test_a_text_that_a_remark_cuts_short_is_noted(tmp_path: Path) -> None:
    told, notes = check_files(tmp_path, {FORM_FILE: APPLICATION.replace("label: Street?", "label: Street #1?")})
    assert told == []
    assert [one.place.line for one in notes if one.kind == "cut-by-remark"] == [line_of(APPLICATION, "label: Street?")]


def test_a_form_that_comes_out_of_nothing_is_told(tmp_path: Path) -> None:
    told, _ = check_files(
        tmp_path,
        {
            SCHEME_FILE: SCHEME.replace("forms: [application, diary]", "forms: [application, diary, extra, lost]"),
            "forms/demo/extra.yml": APPLICATION.replace("form: application", "form: extra"),
        },
    )
    assert [(one.kind, one.place.line) for one in told] == [
        ("form-not-linked", line_of(SCHEME, "forms: [application, diary]")),
        ("form-file-missing", line_of(SCHEME, "forms: [application, diary]")),
    ]


def test_forms_of_a_scheme_that_is_not_there_are_told(tmp_path: Path) -> None:
    told, _ = check_files(tmp_path, {"forms/dmeo/application.yml": APPLICATION})
    assert [(one.kind, one.place.file) for one in told] == [("forms-of-no-scheme", "forms/dmeo")]


@pytest.mark.parametrize("ending", [".yaml", ".YML", ".yml.txt", ".yaml.txt"])
@pytest.mark.parametrize("file", [SCHEME_FILE, FORM_FILE, BLOCK_FILE])
def test_a_file_with_another_ending_is_told_by_its_name(tmp_path: Path, file: str, ending: str) -> None:
    project = write_project(tmp_path)
    there = file.replace(".yml", ending)
    (tmp_path / file).rename(tmp_path / there)
    told, _ = check_project(load_project(project.root))
    first = next(one for one in told if one.kind == "other-ending")
    assert first.place.file == there
    assert f"Rename it to {Path(file).name}" in first.to_do
    kinds = {one.kind for one in told}
    assert kinds.isdisjoint({"no-schemes", "form-file-missing", "forms-of-no-scheme"})


@pytest.mark.parametrize("file", [SCHEME_FILE, FORM_FILE, BLOCK_FILE])
def test_a_copy_is_told_once_and_without_a_name_that_cannot_be(tmp_path: Path, file: str) -> None:
    copy = file.replace(".yml", " - Copy.yml")
    told, _ = check_files(tmp_path, {copy: FILES[file]})
    assert [(one.kind, one.place.file) for one in told] == [("misnamed-copy", copy)]


def test_a_scheme_cannot_take_a_word_of_ours_for_its_id(tmp_path: Path) -> None:
    told, _ = check_files(
        tmp_path, {"scheme-configs/using-schemebook.yml": SCHEME.replace("scheme: demo", "scheme: using-schemebook")}
    )
    assert "reserved-id" in [one.kind for one in told]


def test_roles_cannot_take_the_words_that_mean_two_or_anybody(tmp_path: Path) -> None:
    told = check_changed(tmp_path, SCHEME_FILE, ("  office: {title", "  both: {title"))
    assert [(one.kind, one.place.line) for one in told] == [("reserved-id", line_of(SCHEME, "  office: {title"))]


def test_what_is_for_two_needs_a_pair(tmp_path: Path) -> None:
    told = check_changed(
        tmp_path,
        SCHEME_FILE,
        ("pair: [mentee, mentor]\n", ""),
        ("      times: 6\n", "      times: 6\n      together: yes\n"),
    )
    assert [one.kind for one in told] == ["both-without-pair", "together-without-pair"]


def test_a_form_due_each_month_is_a_form_for_each_month(tmp_path: Path) -> None:
    diary = FILES["forms/demo/diary.yml"].replace("occasion: {each: month, field: met-on}\n", "")
    told, _ = check_files(tmp_path, {"forms/demo/diary.yml": diary})
    assert [(one.kind, one.place.line) for one in told] == [("occasion-differs", line_of(SCHEME, "each: month"))]


def due_each_session(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    """The kinds of problem of a scheme whose diary is due each session, and whose application has two dates."""
    scheme = SCHEME.replace("      each: month\n      times: 6\n", "      each: session\n")
    for before, after in changes:
        assert before in scheme
        scheme = scheme.replace(before, after, 1)
    diary = FILES["forms/demo/diary.yml"].replace("each: month", "each: session")
    return [one.kind for one in check_files(tmp_path, {SCHEME_FILE: scheme, "forms/demo/diary.yml": diary})[0]]


def test_days_of_sessions_are_counted_in_a_rhythm_or_set_by_a_form(tmp_path: Path) -> None:
    rhythm = ("rules:\n", "rules:\n  meetings: {every: month, source: ours}\n")
    assert due_each_session(tmp_path) == ["session-without-rhythm"]
    assert due_each_session(tmp_path, rhythm) == []
    assert due_each_session(tmp_path, ("field: start}", "dates: [start]}")) == []
    assert due_each_session(tmp_path, ("field: start}", "dates: [start, team]}")) == ["question-of-type"]
    assert due_each_session(tmp_path, ("field: start}", "dates: [strat]}")) == ["no-such-question"]
    numbered = ("      each: session\n", "      each: session\n      times: 2\n      first: 2\n")
    assert due_each_session(tmp_path, ("field: start}", "dates: [start]}"), numbered) == ["dates-and-numbers"] * 2


def test_a_form_for_each_stage_names_the_stages_of_its_scheme(tmp_path: Path) -> None:
    told = check_changed(
        tmp_path,
        FORM_FILE,
        ("about: Tells", "occasion: {each: stage, field: team}\nabout: Tells"),
        ("{north: North, south: South}", "{meet: Meeting, aply: Applying}"),
        ("is: north", "is: meet"),
    )
    assert [(one.kind, "'apply'" in one.to_do) for one in told] == [("option-no-stage", True)]


def test_cohorts_that_overlap_are_noted(tmp_path: Path) -> None:
    more = "\n  - {id: two, title: Two, starts: 2026-12-31, ends: 2027-12-31}\nrules:"
    _, notes = check_files(tmp_path, {SCHEME_FILE: SCHEME.replace("\nrules:", more, 1)})
    assert "cohorts-overlap" in [one.kind for one in notes]


def test_a_pale_brand_is_noted_and_no_problem(tmp_path: Path) -> None:
    told, notes = check_files(tmp_path, {SCHEME_FILE: SCHEME.replace("#1E6B52", "#E3A71B")})
    assert told == []
    (note,) = [one for one in notes if one.kind.startswith("pale-brand")]
    assert (note.place.file, note.place.line) == (SCHEME_FILE, 4)
    assert "#E3A71B" in note.what


def test_what_nothing_uses_is_noted(tmp_path: Path) -> None:
    told, notes = check_files(
        tmp_path, {"forms/shared/old.yml": FILES[BLOCK_FILE].replace("contact", "old"), "docs/demo/old.md": "# Old\n"}
    )
    assert told == []
    assert {"block-not-used", "chapter-not-listed"} <= {one.kind for one in notes}


def git(root: Path, *words: str) -> None:
    subprocess.run([program("git"), "-C", str(root), *words], check=True, capture_output=True)


def test_answers_in_git_are_told(tmp_path: Path) -> None:
    project = write_project(tmp_path, {"schemebook.db": "x", "records/a.pdf": "x", "records/b.pdf": "x"})
    assert check_project(project)[0] == []
    git(tmp_path, "init", "--quiet")
    assert check_project(project)[0] == []
    git(tmp_path, "add", "schemebook.db", "records")
    told, _ = check_project(project)
    assert [(one.kind, one.place.file) for one in told] == [("tracked", "records/a.pdf"), ("tracked", "schemebook.db")]
    assert "git rm --cached -r records" in told[0].to_do


def test_a_project_below_the_top_of_a_repository_is_asked_for_its_own_files(tmp_path: Path) -> None:
    project = write_project(tmp_path / "handbook", {"schemebook.db": "x"})
    git(tmp_path, "init", "--quiet")
    (tmp_path / "schemebook.db").write_text("somebody else's")
    git(tmp_path, "add", "schemebook.db")
    assert check_project(project)[0] == []
    git(tmp_path, "add", "handbook/schemebook.db")
    assert [one.kind for one in check_project(project)[0]] == ["tracked"]


def test_a_rule_that_counts_from_the_cohort_needs_cohorts(tmp_path: Path) -> None:
    told = check_changed(
        tmp_path,
        SCHEME_FILE,
        ("cohorts:\n  - {id: one, title: One, starts: 2026-01-01, ends: 2026-12-31}\n", ""),
        ("{form: application, field: start}", "{cohort: starts}"),
    )
    assert [one.kind for one in told] == ["no-cohorts"]


def test_a_folder_without_a_scheme_is_told(tmp_path: Path) -> None:
    told, _ = check_files(tmp_path, {SCHEME_FILE: None, FORM_FILE: None, "forms/demo/diary.yml": None})
    assert [one.kind for one in told] == ["no-schemes"]
