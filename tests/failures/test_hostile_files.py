"""Hostile files give no record, no traceback and no long wait; good files between them are all read."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from time import monotonic, process_time

import pytest
from tests.check.test_hostile_projects import HOSTILE
from tests.failures.hostile_containers import FORM_DATA, IN_SUFFIX, PICTURES, ZIPS
from tests.failures.hostile_files import PDFS
from tests.failures.hostile_mail import MAILBOXES, MAILS
from tests.returned.made_pdf import FULL, KNOWN, VALUES, make_pdf
from tests.returned.quirks.table import OUTCOMES

from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.crew import read_all
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import Submission
from schemebook.returned.worker import Reading

EXPECTED = {
    "doubled-kids": "read: stray",
    "circular-kids": "read",
    "deep-kids": "too-large",
    "circular-pages": "damaged",
    "million-direct-fields": "damaged",
    "many-fields": "too-large",
    "many-pages": "too-large",
    "large-value-in-a-stream": "too-large",
    "large-value-in-a-packed-string": "too-large",
    "object-stream-bomb": "too-large",
    "cross-reference-bomb": "too-large",
    "deep-arrays": "damaged",
    "self-reference": "no-fields",
    "rich-text-of-brackets": "read: disagreement",
    "odd-names": "damaged",
    "claim-bomb": "too-large",
    "claim-of-brackets": "too-large",
    "claim-of-odd-numbers": "read: no-claim",
    "attachment-bomb": "read: files-inside",
    "attached-program": "read: active-content: files-inside",
    "script-behind-a-field": "read: active-content",
    "form-that-sends-itself": "read: active-content",
    "circle-of-actions": "read: active-content",
    "many-notes": "read: notes",
    "drawing-bomb": "too-large",
    "picture-bomb": "no-fields",
    "entity-bomb": "damaged",
    "deep-form-data": "no-fields",
    "thousand-million-laughs": "not-a-pdf",
    "entity-from-outside": "not-a-pdf",
    "deep-xfdf": "too-large",
    "wide-xfdf": "too-large",
    "large-xfdf-value": "too-large",
    "wide-form-data": "too-large",
    "photograph-of-3600-million-dots": "too-large",
    "photograph-larger-than-it-is": "damaged",
    "photograph-of-one-line": "damaged",
    "photograph-cut-short": "damaged",
}
CONTAINERS = {
    "zip-of-many": "too-large",
    "zip-that-inflates": "too-large",
    "zip-in-zips": "too-large",
    "overlapping-members": "damaged",
    "names-that-climb": "read",
    "name-without-end": "read",
    "linked-member": "not-a-pdf",
    "one-name-twice": "read",
    "locked-member": "encrypted",
    "size-that-is-a-lie": "damaged",
    "list-that-is-a-lie": "too-large",
    "parts-in-parts": "too-large",
    "messages-in-messages": "too-large",
    "many-parts": "too-large",
    "long-header": "read",
    "many-headers": "too-large",
    "brackets-in-an-address": "read",
    "encoded-words-without-end": "read",
    "name-in-pieces": "read",
    "charset-that-is-none": "read",
    "boundary-that-is-everywhere": "nothing-attached",
    "zip-bomb-in-a-message": "too-large",
    "message-past-its-size": "too-large",
    "day-that-is-none": "read",
    "messages-of-nothing": "",
    "message-that-never-ends": "",
}
"""What came of all that is in a zip, a message or a mailbox; nothing where nothing is in it."""
PATIENT = Limits(seconds=40, picture_seconds=40)
"""What a busy machine needs for the slowest of them; the manual's table has the processor's time, 2 to 3 seconds."""
FILES = {**PDFS, **FORM_DATA, **PICTURES}
SECONDS, MEGABYTES = 8.0, 300
"""Of the processor's time, for a container; a machine that does much else at once takes longer."""


def outcome(told: Submission | SetAside) -> str:
    """The reason why a file is set aside; else that it is read, and why a person should look."""
    if isinstance(told, SetAside):
        return told.reason
    return ": ".join(["read", *sorted({reason.kind for reason in told.review})])


def test_the_manual_has_the_outcome_of_every_hostile_file() -> None:
    said = {
        row["id"]: ": ".join([row["outcome"], *row["review"]]) for row in json.loads(OUTCOMES.read_text())["hostile"]
    }
    assert {name: said.get(name) for name in EXPECTED | CONTAINERS} == EXPECTED | CONTAINERS
    assert set(said) == {*EXPECTED, *CONTAINERS, *HOSTILE}
    assert {name: kind for name, (_, _, kind, _) in HOSTILE.items() if kind and kind not in said[name]} == {}
    assert {*EXPECTED, *CONTAINERS} == {name for group in (FILES, ZIPS, MAILS, MAILBOXES) for name in group}


def test_each_hostile_file_costs_itself_alone(tmp_path: Path) -> None:
    for number, (name, made) in enumerate(FILES.items()):
        (tmp_path / f"{number:02}-{name}.pdf").write_bytes(made())
        (tmp_path / f"{number:02}-{name}~good.pdf").write_bytes(make_pdf(VALUES))
    found = {}
    slowest, last = 0.0, monotonic()
    for one in read_all(find_returned([tmp_path]), KNOWN, PATIENT):
        assert isinstance(one, Reading)
        name = Path(one.pdf.name).stem[3:]
        found[name] = outcome(one.outcome)
        if isinstance(one.outcome, Submission) and name.endswith("good"):
            assert one.outcome.answers == FULL
        slowest, last = max(slowest, monotonic() - last), monotonic()
    assert {name: told for name, told in found.items() if name.endswith("good")} == {
        f"{name}~good": "read" for name in FILES
    }
    assert {name: told for name, told in found.items() if not name.endswith("good")} == EXPECTED
    assert slowest < PATIENT.seconds + 2


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_made_to_break_its_reader_stays_within_its_limits(tmp_path: Path, name: str) -> None:
    """Containers are opened in the process that holds the store: none may end it, or hold it up."""
    suffix, made = next((suffix, group[name]) for suffix, group in IN_SUFFIX.items() if name in group)
    path = tmp_path / f"z{suffix}"
    path.write_bytes(made())
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    told = []
    for one in find_returned([path]):
        told.append(one.reason if isinstance(one, SetAside) else "read")
        assert len(one.name) < 70_000 and one.name.isprintable() and ".." not in one.name.removeprefix(str(path))
        one.discard()
    assert ", ".join(dict.fromkeys(told)) == CONTAINERS[name]
    assert process_time() - started < SECONDS
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1_000


def test_the_bytes_of_all_members_together_have_a_limit(tmp_path: Path) -> None:
    import io
    import os
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(6):
            archive.writestr(f"{number}.pdf", os.urandom(1_000))
    (tmp_path / "z.zip").write_bytes(out.getvalue())
    found = list(find_returned([tmp_path], Limits(zip_inflated_bytes=3_500)))
    assert [isinstance(one, ReturnedPdf) for one in found] == [True, True, True, False]
    assert isinstance(found[-1], SetAside)
    assert found[-1].reason == "too-large"
