"""The manual's page of viewers: tests/viewers/matrix.json in, docs/using-schemebook/viewers.md out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from made_page import write_or_check

MATRIX = Path("tests", "viewers", "matrix.json")
PAGE = Path("docs", "using-schemebook", "viewers.md")

HEAD = """# Viewers

Which programs fill in a form so that nothing is lost. Each was driven by a test: every field was filled, the file
saved, read back by `schemebook` and by pdf.js, and rendered by poppler and by pdfium.

| word | what it means |
| --- | --- |
| drawn | what was entered is read back, and both poppler and pdfium show it |
| kept | what was entered is read back; not everybody sees it, for the reason given below |
| changed | something else is read back, for the reason given below |
| refused | the program does not take it |

Dates, versions and how each program was driven stand at the end. Programs that no test here can drive (Acrobat,
Preview, phones, screen readers) are not in these tables, and nothing is claimed of them: [Tests by hand](hand-tests.md)
is for them."""


COLUMNS = 9
"""More than a page shows beside each other."""
GROUPS = {True: "Programs that people open a form in:", False: "Libraries and commands that fill a form for somebody:"}

LEFT_OUT = """Looked at and left out: borb 3 makes forms and fills none; CAM::PDF stops at a field font that is not
named in its own way; Evince and Okular fill by poppler, which stands here by its GLib calls; Xournal++ and other
note takers draw on the page and fill no field; npm's pdf-fill-form, fill-pdf and pdffiller, PyPI's pypdftk and pdfjinja
drive poppler or pdftk, which are here; Aspose, Apryse, Spire, Syncfusion and IronPDF are sold, and their trials print
marks over the page."""


def page(matrix: Mapping[str, Any]) -> str:
    """Markdown of the whole matrix."""
    programs = matrix["programs"]
    parts = [
        HEAD,
        "## In short",
        "\n".join(_summary(matrix["texts"], programs)),
        "## Field types",
        *_tables("field type", programs, lambda one: {kind: [cell] for kind, cell in one["types"].items()}),
        "## Texts",
        "Each text in a field of one line and in one of several. Where the two differ, the first word is for one line.",
        *_tables("text", programs, lambda one: _by_title(matrix["texts"], one["texts"])),
        "## Why",
        "\n".join(_reasons(matrix["texts"], programs)),
        *_bundled(matrix["texts"], programs),
        "## How",
        "\n".join(_how(programs)),
        LEFT_OUT,
        f"Made by `{matrix['command']}`, from the committed `{MATRIX.as_posix()}`.",
    ]
    return "\n\n".join(parts) + "\n"


def _summary(titles: Mapping[str, str], programs: Mapping[str, Any]) -> Iterator[str]:
    """A line a program: how much it keeps and draws, and what it does not keep."""
    yield "| program | version | field types drawn | texts kept | texts drawn | not kept |\n" + "| --- " * 6 + "|"
    for one in programs.values():
        types = list(one["types"].values())
        worst = {id: [cell["state"] for cell in cells.values()] for id, cells in one["texts"].items()}
        lost = [titles[id] for id, states in worst.items() if set(states) - {"drawn", "kept"}]
        drawn = sum(set(states) == {"drawn"} for states in worst.values())
        good = sum(cell["state"] == "drawn" for cell in types)
        yield (
            f"| {one['title']} | {one['version']} | {good} of {len(types)} | "
            f"{len(worst) - len(lost)} of {len(worst)} | {drawn} | {', '.join(lost) or 'nothing'} |"
        )


def _bundled(titles: Mapping[str, str], programs: Mapping[str, Any]) -> Iterator[str]:
    """The part on bundled forms, where any program was driven over them."""
    if any(one["forms"] for one in programs.values()):
        yield "## Bundled forms"
        yield (
            "Every form that comes with Schemebook, its texts in turn from the table above. A field that need not be "
            "drawn (another script, or more text than its box holds) is not counted as one to be drawn."
        )
        yield "\n".join(_forms(titles, programs))
    if any(one["editions"] for one in programs.values()):
        yield (
            "The same in other editions, by the programs that are fast enough. Black and white is not among them: its "
            "boxes are those of the first edition."
        )
        yield "\n".join(_editions(titles, programs))


def _by_title(titles: Mapping[str, str], texts: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {titles[id]: list(cells.values()) for id, cells in texts.items()}


def _tables(head: str, programs: Mapping[str, Any], cells: Any) -> Iterator[str]:
    """Tables for each group of programs, of few columns each, under a line that says which."""
    for opened, title in GROUPS.items():
        group = [(id, one) for id, one in programs.items() if one["opened"] is opened]
        yield title
        tables = -(-len(group) // COLUMNS)
        for number in range(tables):
            part = group[number * len(group) // tables : (number + 1) * len(group) // tables]
            yield "\n".join(_table(head, dict(part), cells))


def _table(head: str, programs: Mapping[str, Any], cells: Any) -> Iterator[str]:
    """What happened, a line each; a program, a column each."""
    rows = {id: cells(one) for id, one in programs.items()}
    names = list(dict.fromkeys(name for found in rows.values() for name in found))
    yield f"| {head} | " + " | ".join(one["title"] for one in programs.values()) + " |"
    yield "| --- |" + " --- |" * len(programs)
    for name in names:
        yield f"| {name} | " + " | ".join(_words(rows[id].get(name)) for id in programs) + " |"


def _words(cells: list[Any] | None) -> str:
    return ", ".join(dict.fromkeys(cell["state"] for cell in cells)) if cells else "–"


def _reasons(titles: Mapping[str, str], programs: Mapping[str, Any]) -> Iterator[str]:
    """Each reason once a program, with all that it is the reason for."""
    yield "| program | what | cell | why |\n| --- | --- | --- | --- |"
    for one in programs.values():
        found: dict[tuple[str, str], list[str]] = {}
        for name, cell in _named_cells(titles, one):
            if cell["state"] != "drawn":
                found.setdefault((_state(cell), cell["why"]), []).append(name)
        for (state, reason), names in found.items():
            yield f"| {one['title']} | {', '.join(dict.fromkeys(names))} | {state} | {reason} |"


def _named_cells(titles: Mapping[str, str], one: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from one["types"].items()
    for id, cells in one["texts"].items():
        yield from ((titles[id], cell) for cell in cells.values())


def _state(cell: Mapping[str, Any]) -> str:
    missing = cell.get("not_drawn_by", [])
    return cell["state"] + (f", not drawn by {' and '.join(missing)}" if missing else "")


def _forms(titles: Mapping[str, str], programs: Mapping[str, Any]) -> Iterator[str]:
    yield f"| program | forms |{COUNTED} why |\n" + "| --- " * 8 + "|"
    for one in programs.values():
        forms = list(one["forms"].values())
        if forms:
            yield f"| {one['title']} | {len(forms)} |{_counted(titles, forms)} {' '.join(one['forms_why'])} |"


COUNTED = " fields | read back as entered | drawn, of those due | changed | not drawn |"


def _editions(titles: Mapping[str, str], programs: Mapping[str, Any]) -> Iterator[str]:
    yield f"| edition | program | forms |{COUNTED}\n" + "| --- " * 8 + "|"
    names = dict.fromkeys(name for one in programs.values() for name in one["editions"])
    for name in names:
        for one in programs.values():
            if name in one["editions"]:
                made = one["editions"][name]
                yield f"| {name} | {one['title']} | {made['forms']} |{_counted(titles, [made])}"


def _counted(titles: Mapping[str, str], forms: Any) -> str:
    """The cells of `COUNTED`."""
    total = {key: sum(form[key] for form in forms) for key in ("fields", "kept", "to_be_drawn", "drawn")}
    changed, undrawn = (_names(titles, forms, key) for key in ("changed", "undrawn"))
    return (
        f" {total['fields']:,} | {total['kept']:,} | {total['drawn']:,} of {total['to_be_drawn']:,} | "
        f"{changed} | {undrawn} |"
    )


def _names(titles: Mapping[str, str], forms: Any, key: str) -> str:
    return ", ".join(sorted({titles.get(name, name) for form in forms for name in form[key]})) or "none"


def _how(programs: Mapping[str, Any]) -> Iterator[str]:
    yield "| program | version | how it was driven | day |\n| --- | --- | --- | --- |"
    for one in programs.values():
        yield f"| {one['title']} | {one['version']} | {one['how']} | {one['date']} |"


def main() -> int:
    """Write the page, or with --check tell whether it is current."""
    return write_or_check(PAGE, page(json.loads(MATRIX.read_text("utf-8"))))


if __name__ == "__main__":
    sys.exit(main())
