"""The slips that people make in YAML are told where they were made, and in words that are not the parser's."""

from __future__ import annotations

import pytest

from schemebook.scheme.yaml_source import parse_yaml

FORM = """\
fields:
  - id: day
    type: date
    label: From which day?
    optional: yes
  - id: when
    options: {one: Mornings, two: Evenings}
"""
LABEL = "    label: From which day?"
SLIPS = [
    (LABEL, "   label: From which day?", "indent-of-none", 4, 4),
    (LABEL, "      label: From which day?", "too-far-in", 4, 7),
    (LABEL, "\tlabel: From which day?", "tab-in-indent", 4, 1),
    (LABEL, "\u00a0\u00a0\u00a0\u00a0label: From which day?", "hard-space", 4, 1),
    (LABEL, "    label From which day?", "no-colon", 4, 5),
    (LABEL, "    label:From which day?", "no-colon", 4, 5),
    (LABEL, "    label: Day: from which?", "colon-in-text", 4, 15),
    (LABEL, "    label: 'What's the day?'", "text-after-quotes", 4, 18),
    (LABEL, '    label: "First" day?', "text-after-quotes", 4, 20),
    (LABEL, "    label: @home?", "begins-with-sign", 4, 12),
    (LABEL, "    label: % of the day?", "begins-with-sign", 4, 12),
    (LABEL, "    label: *When* is it?", "begins-with-sign", 4, 12),
    (LABEL, "    label: 'tis the day", "quotes-not-closed", 4, 12),
    (LABEL, f"<<<<<<< HEAD\n{LABEL}\n=======\n    label: When?\n>>>>>>> theirs", "merge-left", 4, 1),
    ("  - id: when", "  – id: when", "bullet", 6, 3),
    ("  - id: when", "  • id: when", "bullet", 6, 3),
    ("{one: Mornings, two: Evenings}", "{one: Mornings, two: Evenings\n  - id: other", "not-closed", 7, 14),
    ("{one: Mornings, two: Evenings}", '["one" "two"]', "bad-yaml", 7, 21),
]


@pytest.mark.parametrize(("before", "after", "kind", "line", "column"), SLIPS, ids=[slip[1][:30] for slip in SLIPS])
def test_a_slip_is_told_at_its_own_place(before: str, after: str, kind: str, line: int, column: int) -> None:
    assert before in FORM
    source = parse_yaml(FORM.replace(before, after), "form.yml")
    (problem,) = source.problems
    assert (problem.kind, problem.place.line, problem.place.column) == (kind, line, column)


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("label: What is problem #1?", [24]),
        ("label: {en: Problem #1\n  }", [21]),
        ("label: What is it? # asked last", []),
        ("label: 'What is it?' #asked", []),
        ("label: 'What is problem #1?'", []),
        ("label: C#sharp", []),
        ("label: |\n  Problem #1", []),
        ("#label: What is problem #1?", []),
    ],
)
def test_a_text_that_a_remark_cuts_short_is_marked(line: str, columns: list[int]) -> None:
    source = parse_yaml(f"type: text\n{line}\n", "form.yml")
    assert source.problems == ()
    assert [(place.line, place.column) for place in source.cut] == [(2, column) for column in columns]
