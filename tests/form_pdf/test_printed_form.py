"""What the sheet prints of a form: hints and limits in words, widths, rows, the path, what to send together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.form_pdf.everything import EVERYTHING, SCHEME, form_with, project_at

from schemebook.form_pdf.printed_form import printed_form
from schemebook.form_pdf.sheet import SHEETS


def printed(root: Path, form: str, scheme: str = SCHEME, edition: str = "a4") -> dict[str, Any]:
    project = project_at(root, form, scheme)
    titles = {id: one.title for id, one in project.forms["harbour"].items()}
    one = project.form("harbour", "everything")
    return printed_form(project.scheme("harbour"), one, SHEETS[edition], titles, None)


def fields_of(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for section in data["sections"] for row in section["rows"] for field in row}


@pytest.mark.parametrize(
    ("field", "hints"),
    [
        ("type: long-text, label: A, most-words: 90", ["At most 90 words."]),
        ("type: long-text, label: A, most-words: 90, least-words: 10", ["10 to 90 words."]),
        ("type: long-text, label: A, most-words: 90, help: Be brief.", ["Be brief. At most 90 words."]),
        ("type: several-of, label: A, options: {a: A, b: B, c: C}", []),
        ("type: several-of, label: A, at-most: 2, options: {a: A, b: B, c: C}", ["Tick at most 2."]),
        ("type: several-of, label: A, exactly: 2, options: {a: A, b: B, c: C}", ["Tick exactly 2."]),
        ("type: several-of, label: A, at-least: 2, options: {a: A, b: B, c: C}", ["Tick at least 2."]),
        ("type: several-of, label: A, at-least: 2, at-most: 3, options: {a: A, b: B, c: C, d: D}", ["Tick 2 to 3."]),
        ("type: one-of, label: A, drawn-as: drop-down, options: {a: First, b: Second}", ["One of: First; Second."]),
        ("type: text, label: A, most-letters: 8", ["At most 8 letters."]),
        ("type: text, label: A, most-letters: 80", []),
    ],
)
def test_a_limit_that_one_must_know_stands_between_label_and_box(field: str, hints: list[str], tmp_path: Path) -> None:
    data = printed(tmp_path, form_with(f"- {{id: a, {field}}}"))
    assert fields_of(data)["a"]["hints"] == hints


def test_a_condition_is_told_on_paper_where_the_question_or_the_part_stands(tmp_path: Path) -> None:
    data = printed(tmp_path, EVERYTHING)
    assert fields_of(data)["other-topic"]["hints"] == ["Only if you chose “Planning a career” for “Topics”."]
    assert [section["notes"] for section in data["sections"] if section["notes"]] == [
        ["Mentors only. All others go on with “Where you are now”."]
    ]


def test_a_part_says_whom_it_is_for_in_its_own_words_if_it_has_some(tmp_path: Path) -> None:
    form = EVERYTHING.replace("  - title: Your profile\n", "  - title: Your profile\n    for: Only those who help\n")
    notes = [section["notes"] for section in printed(tmp_path, form)["sections"]]
    assert notes == [[], [], [], ["Only those who help. All others go on with “Where you are now”."], [], []]


def test_a_part_that_is_not_for_all_tells_the_others_where_to_go_on(tmp_path: Path) -> None:
    """The next part with another condition; after the last one, how to send the form back."""
    form = form_with("- {id: new, type: yes-no, label: New here?}", "You")
    for title, is_ in (("First", "yes"), ("More", "yes"), ("Old hands", "no")):
        form += f"  - title: {title}\n    only-if: {{field: new, is: {is_}}}\n    fields:\n"
        form += f"      - {{id: {title[:3].lower()}, type: text, label: A}}\n"
    notes = [section["notes"] for section in printed(tmp_path, form)["sections"]]
    assert notes == [
        [],
        ["Only if you answered “Yes” to “New here?”. Otherwise go on with “Old hands”."],
        ["Only if you answered “Yes” to “New here?”. Otherwise go on with “Old hands”."],
        ["Only if you answered “No” to “New here?”. Otherwise go on with “How to send it back”."],
    ]


def test_the_words_under_a_heading_may_be_paragraphs_and_lists(tmp_path: Path) -> None:
    intro = """
  - title: Who does what
    intro: |
      The mentee
      leads.

      Each of the two:
      - comes on time
      - keeps what is said
        to themselves

      Nobody else takes part.
"""
    data = printed(tmp_path, form_with("- {id: one, type: text, label: One}") + intro)
    assert [block["words"] or block["items"] for block in data["sections"][-1]["intro"]] == [
        "The mentee leads.",
        "Each of the two:",
        ["comes on time", "keeps what is said to themselves"],
        "Nobody else takes part.",
    ]


def test_a_formal_scheme_is_not_addressed_as_you(tmp_path: Path) -> None:
    data = printed(tmp_path, EVERYTHING, SCHEME.replace('"#1E6B52"}', '"#1E6B52", tone: formal}'))
    said = [fields_of(data)["other-topic"]["hints"][0], *(part["title"] for part in data["closing"])]
    said += [paragraph["words"] for part in data["closing"] for paragraph in part["paragraphs"][:2]]
    assert not any("you" in words.split() or "your" in words.lower().split() for words in said[:-1])


def test_short_questions_stand_two_in_a_row_and_a_lonely_text_takes_the_whole(tmp_path: Path) -> None:
    fields = """
- {id: one, type: text, label: One}
- {id: two, type: phone, label: Two}
- {id: three, type: text, label: Three}
- {id: four, type: long-text, label: Four}
- {id: five, type: email, label: Five}
- {id: six, type: text, label: "A question in so many words that it would not go onto half a line", width: half}
- {id: seven, type: text, label: "Another question in so many words that it would not go onto half a line"}
- {id: eight, type: text, label: Eight, width: third}
- {id: nine, type: text, label: Nine, width: two-thirds}
"""
    (section,) = printed(tmp_path, form_with(fields))["sections"]
    rows = [[(field["name"], field["span"]) for field in row] for row in section["rows"]]
    assert rows == [
        [("one", 3), ("two", 3)],
        [("three", 6)],
        [("four", 6)],
        [("five", 3), ("six", 3)],
        [("seven", 6)],
        [("eight", 2), ("nine", 4)],
    ]
    large = printed(tmp_path, form_with(fields), edition="large-print")["sections"][0]["rows"]
    assert [len(row) for row in large] == [1] * 9


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("type: one-of, options: {a: Yes, b: No, c: Often, d: Never}", 4),
        ("type: one-of, options: {a: Yes, b: No, c: Often, d: Never, e: Both}", 1),
        ("type: one-of, options: {a: In words that need more than a quarter of the width, b: No, c: C}", 1),
        ("type: several-of, options: {a: A, b: B, c: C, d: D, e: E, f: F, g: G}", 2),
        (f"type: several-of, options: {{{', '.join(f'o{number}: Calm' for number in range(17))}}}", 4),
        (
            f"type: several-of, options: {{{', '.join(f'o{number}: In more words than one' for number in range(17))}}}",
            3,
        ),
        ("type: checklist, options: {a: A, b: B}", 1),
    ],
)
def test_short_options_stand_side_by_side(field: str, columns: int, tmp_path: Path) -> None:
    data = printed(tmp_path, form_with(f"- {{id: a, label: A, width: full, {field}}}"))
    assert fields_of(data)["a"]["option-columns"] == columns


def test_the_declarations_right_before_a_signature_are_bound_to_it(tmp_path: Path) -> None:
    fields = """
- {id: apart, type: declaration, label: Apart}
- {id: name, type: text, label: Name}
- {id: one, type: declaration, label: One}
- {id: two, type: declaration, label: Two}
- {id: first, type: signature, label: Signature}
- {id: three, type: declaration, label: Three}
- {id: second, type: signature, label: Signature, declaration: "1. This.\\n\\n2. And that."}
"""
    found = fields_of(printed(tmp_path, form_with(fields)))
    assert list(found) == ["apart", "name", "first", "three", "second"]
    assert [one["name"] for one in found["first"]["declarations"]] == ["one", "two"]
    assert found["second"]["declarations"] == []
    assert found["second"]["statement"] == [
        {"number": "1", "words": "This."},
        {"number": "2", "words": "And that."},
    ]


def test_the_header_says_where_in_the_scheme_the_form_comes_in(tmp_path: Path) -> None:
    path = printed(tmp_path, EVERYTHING)["path"]
    assert path == {"stations": ["dot", "square", "both"], "here": 0, "joins": 2, "words": "Stage 1 of 3: apply"}
    called = SCHEME.replace("title: Apply,", "title: Apply, place: Before step 1,")
    assert called != SCHEME
    called_path = printed(tmp_path, EVERYTHING, called)["path"]
    assert called_path["words"] == "Before step 1: apply"
    again = SCHEME.replace(
        "title: Meet, who: both, when: x, what: x", "title: Meet, who: both, when: x, what: x, forms: [everything]"
    )
    assert again != SCHEME
    assert printed(tmp_path, EVERYTHING, again)["path"]["words"] == "Stage 1 of 3 and later"
    unnamed = SCHEME.replace("forms: [everything],\n", "").replace("send-together: {forms: [everything]", "x")
    unnamed = unnamed.replace("x, enclosures: [your CV]}}", "}")
    assert printed(tmp_path, EVERYTHING, unnamed)["path"] is None


def test_a_scheme_without_pairs_has_one_line(tmp_path: Path) -> None:
    assert printed(tmp_path, EVERYTHING, SCHEME.replace("pair: [mentee, mentor]\n", ""))["path"]["joins"] is None


def test_what_the_office_waits_for_is_listed_whole(tmp_path: Path) -> None:
    assert printed(tmp_path, EVERYTHING)["send-together"] == ["this form", "your CV"]
    assert printed(tmp_path, EVERYTHING)["filled-in-by"] == "Filled in by mentees and mentors"


def test_a_form_tells_how_to_return_it_and_what_happens_to_the_data(tmp_path: Path) -> None:
    back, data = printed(tmp_path, EVERYTHING)["closing"]
    assert back["paragraphs"][0]["address"] == "mentoring@harbour.example"
    assert "4 Quay Street" in back["paragraphs"][1]["words"]
    assert data["paragraphs"] == [{"words": "We keep what you write for a year.", "address": None}]
    own = printed(tmp_path, EVERYTHING.replace("\nabout: ", "\ndata-use: Kept for a week.\nabout: "))["closing"][1]
    assert own["paragraphs"][0]["words"] == "Kept for a week."


@pytest.mark.parametrize(
    ("edition", "columns"),
    [("a4", 1), ("a4", 2), ("a4", 4), ("a4", 8), ("letter", 8)],
)
def test_a_tables_columns_fill_its_width_whatever_they_are(edition: str, columns: int, tmp_path: Path) -> None:
    kinds = ["long-text", "date", "yes-no", "number", "text", "tick", "long-text", "date"]
    listed = ", ".join(f"c{at}: {{label: Column, type: {kind}}}" for at, kind in enumerate(kinds[:columns]))
    for kind, rows in (("table", "rows: {one: One, two: Two}"), ("blank-table", "blank-rows: 2")):
        form = form_with(f"- {{id: t, type: {kind}, label: T, columns: {{{listed}}}, {rows}}}")
        table = fields_of(printed(tmp_path, form, edition=edition))["t"]
        widths = [column["width"] for column in table["columns"]]
        whole = sum(widths) + table["label-width"] + table["number-width"]
        assert whole == pytest.approx(SHEETS[edition].text_width, abs=0.1)
        assert min(widths) > 5


def test_in_large_print_a_row_is_a_question_or_several_under_its_name(tmp_path: Path) -> None:
    columns = "columns: {when: {label: By when, type: date}, done: {label: Done, type: tick}}"
    one = "columns: {mark: {label: Your answer, type: yes-no, optional: yes}}"
    ticks = "columns: {mark: {label: Seen, type: tick}}"
    rows = "rows: {a: {label: First, criteria: [this, that]}, b: Second}"
    fields = f"""
- {{id: t, type: table, label: T, numbered: yes, {columns}, {rows}}}
- {{id: u, type: table, label: U, {one}, {rows}}}
- {{id: v, type: table, label: V, {ticks}, {rows}}}
- {{id: w, type: blank-table, label: W, row-head: Goal, blank-rows: 2, {columns}}}
- {{id: x, type: blank-table, label: X, blank-rows: 1, {columns}}}
"""
    data = fields_of(printed(tmp_path, form_with(fields), edition="large-print"))
    said = {
        name: [
            (row["label"], row["criteria"], [(one["label"], one["aside"]) for one in row["questions"]])
            for row in data[name]["rows"]
        ]
        for name in "tuvwx"
    }
    questions = [("By when", "(day month year)"), ("Done", None)]
    assert said["t"] == [("1. First", "This; that.", questions), ("2. Second", None, questions)]
    assert said["u"] == [(None, None, [("First", None)]), (None, None, [("Second", None)])]
    assert (data["u"]["over"], data["u"]["rows"][0]["questions"][0]["hints"]) == (
        "Your answer (optional)",
        ["This; that."],
    )
    assert said["v"] == [(None, "This; that.", [("First", None)]), (None, None, [("Second", None)])]
    assert [label for label, *_ in said["w"]] == ["Goal 1", "Goal 2"]
    assert [label for label, *_ in said["x"]] == ["Row 1"]
    names = [one["name"] for row in data["w"]["rows"] for one in row["questions"]]
    assert names == ["w.1.when", "w.1.done", "w.2.when", "w.2.done"]
