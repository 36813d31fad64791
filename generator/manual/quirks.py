"""The manual's page of what comes back: outcomes.json and the limits in, docs/using-schemebook/quirks.md out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from made_page import write_or_check

from schemebook.returned.limits import Limits

OUTCOMES = Path("tests", "returned", "quirks", "outcomes.json")
PAGE = Path("docs", "using-schemebook", "quirks.md")

HEAD = """# What comes back

Real programs do not save what one would expect, and some files are made to do harm. Each row below is a file that the
tests make and read; what came of it stands beside it.

A file is *read* when it gives a record. A record needs *review* where the file itself is in doubt; the reason is given
by its code, in words it stands with the record. Anything else is the reason why a file is set aside."""

QUIRKS = """A file is made by the program named, or written by hand as the report describes it. In every row all answers
were read as they were entered; *told* is what the record says of a single answer."""

BESIDE = """More have tests of their own, over a bundled form:

- Notes laid over empty boxes (iOS Markup, feedback-assistant/reports#605; the comment tools of many viewers) are
  proposed as answers, each with its place; review: `written-over`. Over a filled box, or beside all boxes, they are
  only told; review: `notes`. So is a comment with words of its own, wherever it lies.
- Texts that a program wrote onto a page itself, in the boxes of empty fields (pypdf, qpdf, pdftk and PyMuPDF lay them
  over or append them), are proposed in the same way; review: `written-over`. What is written beside the boxes, or over
  a filled one, is not told; nor are strokes.
- Files attached inside a PDF are never opened; review: `files-inside`. A portfolio that shows no form itself is set
  aside as `no-fields`, and the line says that files are inside.
- FDF and XFDF, the answers without their form (made here by pdftk and by hand), are known by the names of their fields;
  review: `no-form`. Where two published forms have these names, the file is set aside as `not-ours`.
- One page of a form alone, as qpdf, pdftk and pdfseparate take it out, is a record of what stands in its fields;
  review: `page-missing`. A page that is there and lacks a field is `damaged`. Where fields stand neither by name nor by
  place where they should, the form is read from its print; review: `fields-unread`.
- Files that a mail program wrapped: Outlook's `winmail.dat` (of 19 samples that came with tnefparse 1.4.0 the files of
  14 are read as it reads them, two hold files among their properties, and three fail their check sums or are cut:
  these five are set aside), and signed S/MIME as openssl makes it, whole or in pieces.
- Two pages printed on one sheet, from two forms or one, are read as two.
- A form with nothing filled in: review: `nothing-filled-in`.
- Fields turned into print, scans and photographs are read from the page, as the page on figures tells."""

MERGED = """Two filled-in forms in one file, first two different forms, then one form of two people. A page is known by
where its boxes stand, whatever became of the names of its fields. An issued copy is known by the code on its page."""

HOSTILE = """Time (of the processor) and memory are those of reading the file, beyond the reader's own, in a process
held as a worker is. No script or action of any file is run, and no attachment is opened but the claim."""


GROUPS = {
    "pdf": ("PDFs", "Each lies between two good returns, which are read as if it were not there."),
    "form data": ("FDF and XFDF", "The answers without their form."),
    "picture": ("Photographs", "A picture is opened by a worker that does nothing else."),
    "zip": ("Zips", "Told is what came of the members. Nothing is unpacked but under a name of our own."),
    "mail": (
        "Messages and mailboxes",
        "Told is what came of the attachments: *read* is a file that was handed on, no outcome a mailbox in which "
        "nothing is attached to anything.",
    ),
    "project": (
        "Files of a project",
        "What a scheme's owner may write, wilfully or not. `schemebook check` tells it in a line, here by its code; "
        "time and memory are those of the whole command but for starting Python.",
    ),
}

LIMITS = """A file past a limit is set aside, never read in part. `schemebook ingest --limit seconds=30` sets one for a
run, the environment variable `SCHEMEBOOK_LIMITS` for all runs (`seconds=30 file-bytes=100000000`)."""


def page(outcomes: Mapping[str, Any]) -> str:
    """Markdown of all that was read."""
    parts = [
        HEAD,
        "## Programs",
        QUIRKS,
        "\n".join(_quirks(outcomes["quirks"])),
        BESIDE,
        "## Several forms in one file",
        MERGED,
        "\n".join(_merged(outcomes["merged"])),
        "## Hostile files",
        HOSTILE,
        "\n".join(_hostile(outcomes["hostile"])),
        "## Limits",
        LIMITS,
        "\n".join(_limits()),
        f"Made by `{outcomes['command']}` on {outcomes['date']}, from the committed `{OUTCOMES.as_posix()}`.",
    ]
    return "\n\n".join(parts) + "\n"


def _quirks(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "| program | what the file is like | made by | review | told | source |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in rows:
        cells = [row["program"], row["like"], row["by"], _codes(row["review"]), _codes(row["told"]), row["report"]]
        yield _row(cells)


def _merged(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "| program | what it does | two forms | one form twice |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        program = " ".join(filter(None, (row["program"], row["version"])))
        yield _row([program, row["does"], _records(row["two forms"]), _records(row["one form twice"])])


def _records(said: Mapping[str, Any]) -> str:
    review = f"; review: {_codes(said['review'])}" if said["review"] else ""
    return f"{said['right']} of {said['records']} records as entered{review}"


def _hostile(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A table for each kind of file, under its own heading."""
    by_group: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_group.setdefault(row["group"], []).append(row)
    for group, some in by_group.items():
        heading, words = GROUPS[group]
        yield f"### {heading}\n\n{words}\n"
        yield "| file | what it is | size | outcome | review | seconds | MB |"
        yield "| --- | --- | ---: | --- | --- | ---: | ---: |"
        for row in some:
            size = f"{row['bytes'] / 1_000:,.0f} kB"
            time, memory = _number(row["seconds"]), _number(row["megabytes"])
            outcome = _codes(filter(None, row["outcome"].split(", ")))
            yield _row([row["id"], row["like"], size, outcome, _codes(row["review"]), time, memory])
        yield ""


def _limits() -> Iterator[str]:
    yield "| limit | default | of what |"
    yield "| --- | ---: | --- |"
    for name, said in Limits.model_fields.items():
        yield _row([f"`{name.replace('_', '-')}`", f"{said.default:,}", said.description or ""])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,}"


def _codes(kinds: Iterable[str]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds) or "–"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main() -> int:
    """Write the page, or with --check tell whether it is current."""
    return write_or_check(PAGE, page(json.loads(OUTCOMES.read_text("utf-8"))))


if __name__ == "__main__":
    sys.exit(main())
