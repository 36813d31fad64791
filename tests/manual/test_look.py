"""The manual stands in the frame of a handbook, with its own names, and needs no other host."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.browser import open_in_chromium, over_http
from tests.handbook.built_site import Site

from schemebook.handbook.pages import hush_material

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generator" / "manual"))
import look  # noqa: E402

WIDE = "\n".join([" | ".join(["a"] * 9), "|".join(["--"] * 9), " | ".join(["uninterrupted"] * 9), "", "    a command"])
PAGES = (*look.TABS, "index", "keys")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A manual of a few words, built with the manual's own configuration."""
    hush_material()
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    root = tmp_path_factory.mktemp("manual")
    docs = root / "docs"
    for page in PAGES:
        path = docs / ("reference/keys.md" if page == "keys" else f"{page}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# About {page}\n\n## First part\n\nWords.\n\n## Second part\n\n{WIDE}\n", "utf-8")
    nav = [{"Start": "index.md"}, *({page.title(): f"{page}.md"} for page in look.TABS)]
    nav.append({"Reference": [{"Keys": "reference/keys.md"}]})
    settings = {"docs_dir": str(docs), "site_dir": str(root / "site"), "nav": nav, "hooks": [look.__file__]}
    config = load_config(config_file=str(ROOT / "docs" / "manual.yml"), **settings)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return Site(root / "site")


def test_nothing_of_the_frame_is_missing_or_from_another_host(site: Site) -> None:
    assert [site.broken_links(), site.foreign_parts()] == [[], []]


def test_a_page_shows_all_pages_and_its_own_parts(site: Site) -> None:
    page = (site.root / "participant.html").read_text("utf-8")
    contents = page[page.index("In this manual") :]
    for address in ("index.html", "reference/keys.html", "#first-part", "#second-part"):
        assert f'href="{address}"' in contents
    assert contents.count("First part") == 1, "the parts of the page that is shown, and of no other"
    assert 'aria-current="page">Participant</a>' in page


def test_it_does_not_call_itself_a_handbook(site: Site) -> None:
    for path in site.root.rglob("*.html"):
        assert "andbook" not in path.read_text("utf-8").replace("handbook.js", ""), path.name


@pytest.mark.all_tiers
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (320, False), (320, True)])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(site: Site, width: int, dark: bool) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    with over_http(site.root) as address:
        for page in ("participant", "reference/keys"):
            opened = open_in_chromium(f"{address}/{page}.html", width=width, dark=dark, with_axe=True, evaluate=wide)
            assert (opened.violations, opened.value) == ([], 0)
