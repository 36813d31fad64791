"""Hostile files give no record, no traceback and no long wait; good files between them are all read."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from time import monotonic

import pytest
from tests.failures.hostile_files import PDFS, ZIPS
from tests.returned.made_pdf import FULL, KNOWN, VALUES, make_pdf
from tests.returned.quirks.table import OUTCOMES

from schemebook.returned.crew import read_all
from schemebook.returned.limits import Limits
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.sources import find_returned
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
    "attachment-bomb": "read",
    "attached-program": "read: active-content",
    "script-behind-a-field": "read: active-content",
    "form-that-sends-itself": "read: active-content",
    "circle-of-actions": "read: active-content",
    "many-notes": "read: notes",
    "drawing-bomb": "too-large",
    "picture-bomb": "no-fields",
    "entity-bomb": "damaged",
    "deep-form-data": "no-fields",
}


def outcome(told: Submission | SetAside) -> str:
    """The reason why a file is set aside; else that it is read, and why a person should look."""
    if isinstance(told, SetAside):
        return told.reason
    return ": ".join(["read", *sorted({reason.kind for reason in told.review})])


def test_the_manual_has_the_outcome_of_every_hostile_file() -> None:
    said = {
        row["id"]: ": ".join([row["outcome"], *row["review"]]) for row in json.loads(OUTCOMES.read_text())["hostile"]
    }
    assert {name: said.get(name) for name in EXPECTED} == EXPECTED
    assert set(said) == {*PDFS, *ZIPS}


def test_each_hostile_file_costs_itself_alone(tmp_path: Path) -> None:
    for number, (name, made) in enumerate(PDFS.items()):
        (tmp_path / f"{number:02}-{name}.pdf").write_bytes(made())
        (tmp_path / f"{number:02}-{name}~good.pdf").write_bytes(make_pdf(VALUES))
    found = {}
    slowest, last = 0.0, monotonic()
    for one in read_all(find_returned([tmp_path]), KNOWN):
        assert isinstance(one, Reading)
        name = Path(one.pdf.name).stem[3:]
        found[name] = outcome(one.outcome)
        if isinstance(one.outcome, Submission) and name.endswith("good"):
            assert one.outcome.answers == FULL
        slowest, last = max(slowest, monotonic() - last), monotonic()
    assert {name: told for name, told in found.items() if name.endswith("good")} == {
        f"{name}~good": "read" for name in PDFS
    }
    assert {name: told for name, told in found.items() if not name.endswith("good")} == EXPECTED
    assert slowest < Limits().seconds + 2


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_made_to_burst_stays_within_its_limits(tmp_path: Path, name: str) -> None:
    (tmp_path / "z.zip").write_bytes(ZIPS[name]())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = monotonic()
    told = [one.reason if isinstance(one, SetAside) else "read" for one in find_returned([tmp_path])]
    assert set(told) <= {"too-large", "damaged"}
    assert monotonic() - started < 10
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


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
