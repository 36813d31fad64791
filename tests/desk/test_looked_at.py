"""What a report says hangs on no answer but those that are kept of each return."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.desk.test_circle import ROOT, SCHEMES, demo_records

from schemebook.desk.report import write_report
from schemebook.records.people import returns
from schemebook.records.store.store import NewReturn, open_store
from schemebook.scheme.project import load_project


@pytest.mark.parametrize("scheme", SCHEMES)
def test_with_all_answers_of_each_return_a_report_says_the_same(
    tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = load_project(ROOT)
    with open_store(tmp_path, create=True) as store:
        store.put([NewReturn(one.sha256 or "", (one,)) for one in demo_records(project, scheme)])
        kept = write_report(project, scheme, store, tmp_path / "kept", date(2026, 12, 25))
        monkeypatch.setattr(returns, "looked_at", lambda _, form: frozenset(one.id for one in form.fields))
        all_ = write_report(project, scheme, store, tmp_path / "all", date(2026, 12, 25))
    assert len(kept) > 3
    assert [path.read_text("utf-8") for path in kept] == [path.read_text("utf-8") for path in all_]
