"""Photographs of one form's pages, taken in: one record, and no page counts again when it comes once more."""

from __future__ import annotations

from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="numpy (the extra recover) is not installed")
pytest.importorskip("cv2", reason="OpenCV (the extra recover) is not installed")

from tests import paper  # noqa: E402  # needs OpenCV
from tests.records.club import filled, make_club  # noqa: E402
from tests.records.test_review import ANSWERS  # noqa: E402

from schemebook.records.intake.ingest import ingest_paths  # noqa: E402
from schemebook.records.store.originals import find_original  # noqa: E402
from schemebook.records.store.store import open_store  # noqa: E402
from schemebook.scheme.project import Project  # noqa: E402


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_club(tmp_path_factory.mktemp("joined") / "club")


def photographs(club: Project, folder: Path) -> list[Path]:
    """The pages of a filled application, each photographed into a file of its own."""
    folder.mkdir()
    form = folder.parent / "application.pdf"
    form.write_bytes(filled(club, "application", ANSWERS))
    chance = np.random.default_rng(12)
    files = []
    for number, page in enumerate(paper.printed(form, 300), start=1):
        files.append(folder / f"ana-{number}.jpg")
        files[-1].write_bytes(paper.jpeg(paper.photographed(page, chance)))
    return files


def test_pages_photographed_one_by_one_become_one_record_and_none_counts_again(club: Project, tmp_path: Path) -> None:
    files = photographs(club, tmp_path / "in")
    url = f"sqlite:///{tmp_path / 'office.db'}"
    told = list(ingest_paths([tmp_path / "in"], root=club.root, database=url))
    with open_store(club.root, url) as store:
        (record,) = store.records()
        original = find_original(store.folder, record.sha256 or "")
    assert [(one.outcome, Path(one.file).name, one.records) for one in told] == [
        ("recorded", path.name, (record.id,)) for path in files
    ]
    assert {one.page for one in record.recovered} == set(range(1, len(files) + 1))
    kinds = {one.kind for one in record.review}
    assert "joined" in kinds and "page-missing" not in kinds
    assert original is not None and original.suffix == ".pdf"
    again = list(ingest_paths([files[1]], root=club.root, database=url))
    assert [one.outcome for one in again] == ["duplicate"]
    with open_store(club.root, url) as store:
        assert len(store.records()) == 1
