"""A project in, the docs folder out: what stands on each page, and what happens at the second build."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from tests.handbook.built_site import Site
from tests.handbook.small_project import SCHEME, TODAY, one_form_for_all, write_project

from schemebook.errors import ProjectError, SchemebookError, UsageError
from schemebook.handbook.pages import build_site, whole_project, write_pages
from schemebook.scheme.project import load_project
from schemebook.scheme.templating import TemplateError

FORMS = ("application", "feedback")
GOLDEN = Path(__file__).with_name("golden")
PAGES = sorted(path.stem for path in GOLDEN.glob("*.md"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    write_pages(write_project(root), root / "out", today=TODAY, make_form=one_form_for_all)
    return root / "out"


@pytest.fixture(scope="module")
def site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    place = tmp_path_factory.mktemp("site")
    build_site(folder, place)
    return Site(place)


def stable(text: str) -> str:
    """A page without what changes with the layout engines: sizes of files, and where the drawing puts its lines."""
    text = re.sub(r"\(\d+\s+pages?,\s+\d+\s+kB\)", "(PAGES, SIZE)", text)
    return re.sub(r"<svg [^>]*aria-labelledby.*?</svg>", "<svg>DRAWING</svg>", text, flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_its_golden_file(folder: Path, page: str) -> None:
    written = stable((folder / "docs" / "lighthouse" / f"{page}.md").read_text("utf-8"))
    golden = GOLDEN / f"{page}.md"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(written, "utf-8")
    assert written == golden.read_text("utf-8")


def test_every_page_has_a_golden_file(folder: Path) -> None:
    assert sorted(path.stem for path in (folder / "docs" / "lighthouse").glob("*.md")) == PAGES


def test_each_form_and_the_whole_handbook_stand_at_their_addresses_as_pdfs(site: Site) -> None:
    found = sorted(path.relative_to(site.root).as_posix() for path in site.root.rglob("*.pdf"))
    forms = ["lighthouse/forms/application.pdf", "lighthouse/forms/feedback.pdf"]
    assert found == [*forms, "lighthouse/lighthouse-handbook.pdf"]
    assert all((site.root / form).read_bytes().startswith(b"%PDF-") for form in forms)


def test_every_link_and_picture_of_every_page_leads_to_something(site: Site) -> None:
    assert site.broken_links() == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html">b</a><a href="#x">x</a><img src="c.png">', "utf-8")
    assert [link for _, link in Site(tmp_path).broken_links()] == ["b.html", "#x", "c.png"]


def test_no_page_names_a_script_style_or_picture_of_another_host(site: Site) -> None:
    assert site.foreign_parts() == []


def test_a_strict_content_security_policy_finds_nothing_to_block_in_our_markup(site: Site) -> None:
    assert site.style_attributes() == []
    assert site.event_handlers() == []
    assert all(count == 3 for count in site.inline_scripts().values()), "Material has three a page, we have none"


def test_no_part_of_the_frame_is_left_unsaid(site: Site) -> None:
    for page in site.pages():
        assert "built-in method" not in page.text
        assert "Undefined" not in page.text


def test_ids_are_unique_on_every_page(site: Site) -> None:
    assert site.duplicate_ids() == []


def test_a_second_build_rewrites_nothing(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    assert write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    assert write_pages(load_project(tmp_path), tmp_path / "out", today=TODAY, make_form=one_form_for_all) == []


def test_an_edit_rewrites_the_pages_it_shows_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_pages(write_project(tmp_path), out, today=TODAY, make_form=one_form_for_all)
    (tmp_path / "docs/lighthouse/trouble.md").write_text("Other words.\n", "utf-8")
    written = write_pages(load_project(tmp_path), out, today=TODAY, make_form=one_form_for_all)
    assert written == [out / "docs/lighthouse/trouble.md", out / "docs/lighthouse/lighthouse-handbook.pdf"]


def test_the_page_of_forms_leads_to_every_edition_with_its_pages_and_size(tmp_path: Path) -> None:
    editions = SCHEME.replace("run-by:", "editions: [a4, large-print, letter]\nrun-by:")
    project = write_project(tmp_path, scheme=editions)
    write_pages(project, tmp_path / "out", today=TODAY)
    folder = tmp_path / "out/docs/lighthouse"
    names = {path.name for path in (folder / "forms").iterdir()}
    assert names == {f"{form}{edition}.pdf" for form in FORMS for edition in ("", ".large-print", ".letter")}
    page = (folder / "forms.md").read_text("utf-8")
    links = re.findall(r'<a href="(forms/[^"]+)">.*?</a> <span class="\S+">\((\d+)\s+pages?,\s+(\d+)\s+kB\)', page)
    assert {name for name, *_ in links} == {f"forms/{name}" for name in names}
    for name, pages, size in links:
        with pikepdf.open(folder / name) as pdf:
            assert len(pdf.pages) == int(pages)
        assert -(-(folder / name).stat().st_size // 1000) == int(size)


def test_the_forms_of_a_scheme_with_one_edition_are_not_called_by_its_name(tmp_path: Path) -> None:
    write_pages(write_project(tmp_path), tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    page = (tmp_path / "out/docs/lighthouse/forms.md").read_text("utf-8")
    assert "A4" not in page
    assert page.count("forms/application.pdf") == 1


def test_what_the_project_has_no_longer_leaves_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_pages(write_project(tmp_path), out, today=TODAY, make_form=one_form_for_all)
    assert (out / "docs/lighthouse/making-it-work.md").exists()
    shorter = SCHEME.replace("  - {file: making-it-work.md, title: Making it work}\n", "")
    write_pages(write_project(tmp_path, scheme=shorter), out, today=TODAY, make_form=one_form_for_all)
    assert not (out / "docs/lighthouse/making-it-work.md").exists()
    assert (out / "docs/lighthouse/trouble.md").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    out = tmp_path / "photos"
    out.mkdir()
    (out / "beach.jpg").write_bytes(b"...")
    with pytest.raises(SchemebookError) as raised:
        write_pages(project, out, today=TODAY, make_form=one_form_for_all)
    assert raised.value.kind == "problem"
    assert [path.name for path in out.iterdir()] == ["beach.jpg"]


def test_only_the_chosen_schemes_are_written(tmp_path: Path) -> None:
    write_project(tmp_path)
    other = SCHEME.replace("scheme: lighthouse", "scheme: harbour").replace("#1E6B52", "#E3A71B")
    project = write_project(tmp_path, scheme=other, name="harbour")
    write_pages(project, tmp_path / "all", today=TODAY, make_form=one_form_for_all)
    write_pages(project, tmp_path / "one", schemes=["harbour"], today=TODAY, make_form=one_form_for_all)
    assert (tmp_path / "all/docs/lighthouse/index.md").exists()
    assert not (tmp_path / "one/docs/lighthouse").exists()
    assert "lighthouse/" not in (tmp_path / "one/mkdocs.yml").read_text("utf-8")
    with pytest.raises(UsageError):
        write_pages(project, tmp_path / "none", schemes=["nowhere"], today=TODAY, make_form=one_form_for_all)


def test_a_scheme_under_another_id_makes_the_same_site(tmp_path: Path, site: Site) -> None:
    project = write_project(tmp_path, scheme=SCHEME.replace("scheme: lighthouse", "scheme: rock"), name="rock")
    write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    build_site(tmp_path / "out", tmp_path / "site")
    renamed = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")}
    first = {path.relative_to(site.root).as_posix() for path in site.root.rglob("*")}
    assert renamed == {name.replace("lighthouse", "rock") for name in first}
    assert all("lighthouse" not in page.text for page in Site(tmp_path / "site").pages())


def test_a_second_build_writes_what_changed_alone_and_takes_away_what_is_gone(folder: Path, site: Site) -> None:
    """What is hidden stays, for it may be a repository's; whoever reads the site meanwhile finds it whole."""
    before = {path: path.stat().st_mtime_ns for path in site.root.rglob("*") if path.is_file()}
    page, gone, hidden = (site.root / name for name in ("lighthouse/path.html", "old/page.html", ".git/HEAD"))
    whole = page.read_bytes()
    page.write_text("half a pa", "utf-8")
    for one in (gone, hidden):
        one.parent.mkdir()
        one.write_text("there before", "utf-8")
    build_site(folder, site.root)
    after = {path: path.stat().st_mtime_ns for path in site.root.rglob("*") if path.is_file() and path != hidden}
    assert set(after) == set(before)
    written = {path.relative_to(site.root).as_posix() for path in after if after[path] != before[path]}
    assert written - {"sitemap.xml.gz"} == {"lighthouse/path.html"}  # gzip writes the hour into that one
    assert page.read_bytes() == whole
    assert hidden.is_file()
    assert not gone.parent.exists()


def test_the_written_folder_builds_where_this_generator_is_not_installed(folder: Path, tmp_path: Path) -> None:
    assert "schemebook\n" not in (folder / "mkdocs.yml").read_text("utf-8").split("plugins:")[1].split("nav:")[0]
    without = "import sys; sys.modules['schemebook'] = None; from mkdocs.__main__ import cli; cli()"
    command = [sys.executable, "-c", without, "build", "-q", "-f", str(folder / "mkdocs.yml"), "-d", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True)
    assert (tmp_path / "lighthouse/path.html").exists()


def test_a_draft_is_told_and_said_on_the_page_of_forms(tmp_path: Path) -> None:
    told: list[str] = []
    out = tmp_path / "out"
    write_pages(write_project(tmp_path), out, today=TODAY, tell=told.append)
    assert len(told) == 2 and all("publish lighthouse/" in words for words in told)
    assert (out / "docs/lighthouse/forms.md").read_text("utf-8").count("sb-callout") == 2


def test_a_scheme_without_pairs_rules_process_or_glossary_has_a_handbook(tmp_path: Path) -> None:
    bare = """
scheme: lighthouse
name: Walks
run-by: Walkers
branding: {colour: "#808080", tone: formal}
contact: {name: The office}
returns: {post: "1 Quay\\nLincoln"}
front:
  headline: Walks
  lede: Walks for members.
  eligible: [Members.]
  asks: [{figure: 1 day, words: a year.}]
  next: [Read on.]
roles:
  walker: {title: Walker, plural: walkers, what: Walks.}
stages: [{id: go, title: Go, who: walker, when: in June, what: Walk., forms: [application]}]
data-protection: {statement: We keep names., controller: Walkers}
forms: [application]
"""
    project = write_project(tmp_path, scheme=bare)
    write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    build_site(tmp_path / "out", tmp_path / "site")
    found = Site(tmp_path / "site")
    assert found.broken_links() == []
    ours = "\n".join(path.read_text("utf-8") for path in (tmp_path / "out/docs/lighthouse").glob("*.md"))
    assert re.findall(r"[^\n]*\byou(?:rs?)?\b(?!-data)[^\n]*", ours, re.IGNORECASE) == [], (
        "a formal scheme names the role"
    )
    stems = {page.path.stem for page in found.pages() if page.path.parent.name == "lighthouse"}
    assert stems == {"index", "path", "forms", "rules", "roles", "your-data", "help"}


def test_a_chapter_that_is_not_there_is_told(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    (tmp_path / "docs/lighthouse/trouble.md").unlink()
    with pytest.raises(SchemebookError, match=r"trouble\.md"):
        write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)


def test_a_chapter_cannot_take_the_name_of_a_page_of_ours(tmp_path: Path) -> None:
    project = write_project(tmp_path, scheme=SCHEME.replace("trouble.md", "rules.md"))
    with pytest.raises(SchemebookError, match=r"rules\.md"):
        write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)


@pytest.mark.parametrize(
    ("text", "line"),
    [("One\n\n{{ nothing }}\n", 3), ("{{ form_link('nothing') }}\n", 1), ("{% for %}\n", 1)],
)
def test_a_chapter_whose_facts_cannot_be_put_in_is_told_at_its_line(tmp_path: Path, text: str, line: int) -> None:
    project = write_project(tmp_path)
    (tmp_path / "docs/lighthouse/trouble.md").write_text(text, "utf-8")
    with pytest.raises(TemplateError) as raised:
        write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    assert (raised.value.found.place.file, raised.value.found.place.line) == ("docs/lighthouse/trouble.md", line)


def test_a_sentence_whose_facts_cannot_be_put_in_is_told_at_its_line(tmp_path: Path) -> None:
    broken = SCHEME.replace("{{ contact.email }}", "{{ contact.fax }}")
    project = write_project(tmp_path, scheme=broken)
    with pytest.raises(TemplateError) as raised:
        write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    line = next(number for number, text in enumerate(broken.splitlines(), 1) if "contact.fax" in text)
    assert (raised.value.found.place.file, raised.value.found.place.line) == ("scheme-configs/lighthouse.yml", line)


def test_a_logo_takes_the_place_of_the_sign_and_is_told_when_missing(tmp_path: Path) -> None:
    scheme = SCHEME.replace('"#1E6B52"', '"#1E6B52", logo: mark.svg, logo-alt: A lamp')
    project = write_project(tmp_path, scheme=scheme)
    with pytest.raises(SchemebookError, match=r"mark\.svg"):
        write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    (tmp_path / "scheme-configs/mark.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    build_site(tmp_path / "out", tmp_path / "site")
    page = (tmp_path / "site/lighthouse/index.html").read_text("utf-8")
    assert '<img class="sb-tile" src="../assets/schemes/lighthouse-logo.svg" alt="A lamp">' in page


def test_where_all_is_the_owner_s_own_no_part_says_so(folder: Path, tmp_path: Path) -> None:
    """Beside what follows a document *added here* tells something; on every line it tells nothing."""
    own = r"source: (sections? [^,}\n]*|Appendix I)"
    project = write_project(tmp_path, scheme=re.sub(own, "source: ours", SCHEME))
    path = tmp_path / "forms/lighthouse/application.yml"
    path.write_text(re.sub(own, "source: ours", path.read_text("utf-8")), "utf-8")
    project = load_project(project.root)
    write_pages(project, tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    said = re.compile(r"added here|added by the editors|sb-source")
    mixed, owned = (
        {path.stem for path in (root / "docs/lighthouse").glob("*.md") if said.search(path.read_text("utf-8"))}
        for root in (folder, tmp_path / "out")
    )
    assert mixed >= {"forms", "path", "rules", "index", "your-data"}
    assert owned == set()


def test_a_project_with_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    write_project(tmp_path)
    assert whole_project(tmp_path).schemes
    (tmp_path / "forms/lighthouse/feedback.yml").write_text("form: feedback\ntitle: [\n", "utf-8")
    with pytest.raises(ProjectError) as raised:
        whole_project(tmp_path)
    assert [found.place.file for found in raised.value.problems] == ["forms/lighthouse/feedback.yml"]


def test_the_day_of_the_handbook_stands_at_its_foot(tmp_path: Path) -> None:
    day = datetime.date(2031, 2, 3)
    write_pages(write_project(tmp_path), tmp_path / "out", today=day, make_form=one_form_for_all)
    assert "3 February 2031" in (tmp_path / "out/mkdocs.yml").read_text("utf-8")
