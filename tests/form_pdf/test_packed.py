"""Published forms that go to another process come out as they went in."""

from __future__ import annotations

import pickle
from pathlib import Path

from schemebook.form_pdf.descriptor import load_published, pack, unpack

ROOT = Path(__file__).parents[2]


def test_published_forms_are_the_same_after_they_were_packed() -> None:
    known = load_published(ROOT)
    found = unpack(pickle.loads(pickle.dumps(pack(known))))
    assert found == known
    assert [one.blank for one in found.values()] == [one.blank for one in known.values()]
    assert {id: one.edition.id for id, one in found.items()} == {id: id for id in known}
    versions = {id(one.meaning) for one in found.values()}
    assert len(versions) == len({id(one.meaning) for one in known.values()}), "a version that editions share stays one"
