"""While a project is edited, its preview shows each page as `schemebook build` would make it now."""

from __future__ import annotations

import datetime
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.handbook.small_project import TROUBLE, write_project

from schemebook.check.check import check_project
from schemebook.errors import UsageError
from schemebook.handbook.pages import build_site, write_pages
from schemebook.handbook.preview import Preview, snapshot
from schemebook.handbook.preview_server import serve_preview
from schemebook.scheme.project import Project, load_project

SCHEME = "scheme-configs/lighthouse.yml"
FORM = "forms/lighthouse/feedback.yml"
CHAPTER = "docs/lighthouse/making-it-work.md"


def problems_of(project: Project) -> list[str]:
    return [str(found) for found in check_project(project)[0]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_project(tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def preview(root: Path, tmp_path: Path) -> Preview:
    made = Preview(root, tmp_path / "work", problems_of)
    made.look_again()
    return made


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def shown(preview: Preview, address: str) -> str:
    found = preview.file(address)
    assert found, address
    return found.read_text("utf-8")


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a site but its map, which is packed with the time of the build and leads nobody here."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("sitemap"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def add_chapter(root: Path) -> None:
    edit(root / SCHEME, "chapters:\n", "chapters:\n  - {file: new.md, title: Something new}\n")
    (root / "docs/lighthouse/new.md").write_text("New, beside {{ page_link('trouble') }}.\n", "utf-8")


def remove_chapter(root: Path) -> None:
    edit(root / SCHEME, "  - {file: trouble.md, title: When something goes wrong, help: yes}\n", "")
    (root / "docs/lighthouse/trouble.md").unlink()
    (root / "docs/lighthouse/new.md").write_text("New and last.\n", "utf-8")


EDITS: list[list[Callable[[Path], None]]] = [
    [
        lambda root: edit(root / CHAPTER, "Agree early", "## When\n\nAgree soon"),
        lambda root: edit(root / "docs/lighthouse/lamp.svg", "9 9", "8 8"),
    ],
    [
        lambda root: edit(root / SCHEME, "email: keepers@", "email: office@"),
        lambda root: edit(root / FORM, "label: How did it go?", "label: How was the month?"),
    ],
    [
        lambda root: edit(root / SCHEME, "title: Making it work", "title: Keeping at it"),
        lambda root: edit(root / "mkdocs.yml", "Our handbooks", "Handbooks"),
    ],
    [add_chapter],
    [remove_chapter],
]
"""What a page says; what many pages say; what all pages say; which pages there are."""


def test_after_every_kind_of_edit_the_preview_is_the_site_that_a_build_makes(
    preview: Preview, root: Path, tmp_path: Path
) -> None:
    for number, edits in enumerate(EDITS):
        for make in edits:
            make(root)
            assert preview.look_again()
        while preview.follow():
            pass
        write_pages(load_project(root), tmp_path / "docs", today=datetime.date.today())
        build_site(tmp_path / "docs", tmp_path / "site")
        for name, data in content(tmp_path / "site").items():
            found = preview.file(name)
            assert found and found.read_bytes() == data, (number, name)
    assert not preview.file("lighthouse/trouble.html")


def test_the_page_one_asks_for_is_new_before_the_others_are_made(preview: Preview, root: Path) -> None:
    while preview.follow():
        pass
    edit(root / SCHEME, "title: Making it work", "title: Keeping at it")
    preview.look_again()
    assert "Keeping at it" in shown(preview, "lighthouse/trouble.html")
    other = preview.file("404.html")
    assert other and "Keeping at it" not in (other.parent / "lighthouse" / "rules.html").read_text("utf-8")


def test_an_edit_to_one_chapter_leaves_the_other_pages_alone(preview: Preview, root: Path) -> None:
    while preview.follow():
        pass
    edit(root / CHAPTER, "Agree early", "Agree soon")
    preview.look_again()
    made = 0
    while preview.follow():
        made += 1
    assert made == 2, "the chapter and the search index"


def test_what_is_wrong_is_told_and_the_site_stays_until_it_is_mended(preview: Preview, root: Path) -> None:
    edit(root / CHAPTER, "Agree early", "{{ contact.nmae }}")
    preview.look_again()
    assert [line.partition(":")[0] for line in preview.problems] == [CHAPTER]
    assert "Agree early" in shown(preview, "lighthouse/making-it-work.html")
    edit(root / CHAPTER, "{{ contact.nmae }}", "Agree in time")
    preview.look_again()
    assert preview.problems == ()
    assert "Agree in time" in shown(preview, "lighthouse/making-it-work.html")


def test_a_project_may_be_broken_when_the_preview_starts(root: Path, tmp_path: Path) -> None:
    whole = (root / SCHEME).read_text("utf-8")
    (root / SCHEME).write_text("name: [\n", "utf-8")
    preview = Preview(root, tmp_path / "work", problems_of)
    preview.look_again()
    with serve_preview(preview, "127.0.0.1:0") as address:
        status, page = got(f"http://{address}/lighthouse/rules.html")
    assert status == 503 and f"{SCHEME}:" in page and not preview.follow()
    (root / SCHEME).write_text(whole, "utf-8")
    preview.look_again()
    assert preview.problems == () and "Lighthouse" in shown(preview, "index.html")


def test_nothing_is_read_again_for_a_file_that_was_only_touched(preview: Preview, root: Path) -> None:
    number = preview.number
    (root / CHAPTER).touch()
    assert not preview.look_again() and preview.number == number


def test_an_editors_own_files_are_no_change(root: Path) -> None:
    before = snapshot(root)
    (root / "docs/lighthouse/.making-it-work.md.swp").write_text("x", "utf-8")
    (root / "docs/lighthouse/making-it-work.md~").write_text("x", "utf-8")
    assert snapshot(root) == before
    (root / CHAPTER).write_text(TROUBLE, "utf-8")
    assert snapshot(root) != before


@pytest.fixture
def address(preview: Preview) -> Iterator[str]:
    with serve_preview(preview, "127.0.0.1:0") as found:
        yield f"http://{found}"


def got(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_every_part_of_a_page_comes_over_http(address: str) -> None:
    assert got(f"{address}/")[0] == got(f"{address}/lighthouse/")[0] == 200
    assert got(f"{address}/lighthouse/forms/feedback.pdf")[1].startswith("%PDF")
    assert "<svg" in got(f"{address}/lighthouse/lamp.svg")[1]
    status, page = got(f"{address}/lighthouse/nowhere.html")
    assert status == 404 and 'href="/index.html"' in page


@pytest.mark.parametrize("way", ["/../work/handbook/mkdocs.yml", "/%2e%2e/handbook/mkdocs.yml", "//etc/passwd", "/-/x"])
def test_nothing_but_the_site_comes_over_http(address: str, way: str) -> None:
    assert got(address + way)[0] == 404


def test_a_page_shows_what_is_wrong_with_the_project(address: str, preview: Preview, root: Path) -> None:
    assert "sb-preview" not in got(f"{address}/lighthouse/rules.html")[1]
    edit(root / SCHEME, "run-by:", "run-bye:")
    preview.look_again()
    page = got(f"{address}/lighthouse/rules.html")[1]
    assert f"{SCHEME}:" in page and "run-bye" in page and "Waiting" in page


def test_a_browser_that_waits_hears_of_a_change(address: str, preview: Preview, root: Path) -> None:
    heard: list[str] = []
    waiting = threading.Thread(target=lambda: heard.append(got(f"{address}/-/state?seen={preview.number}")[1]))
    before = preview.number
    waiting.start()
    edit(root / CHAPTER, "Agree early", "Agree soon")
    preview.look_again()
    waiting.join(timeout=10)
    assert heard == [str(before + 1)]


@pytest.mark.parametrize("wrong", ["8000", "localhost:port", "127.0.0.1:99999", "no-such-host.invalid:80"])
def test_an_address_that_cannot_be_served_is_a_matter_of_usage(preview: Preview, wrong: str) -> None:
    with pytest.raises(UsageError), serve_preview(preview, wrong):
        pass


def test_an_address_in_use_is_a_matter_of_usage(preview: Preview, address: str) -> None:
    with pytest.raises(UsageError), serve_preview(preview, address.removeprefix("http://")):
        pass
