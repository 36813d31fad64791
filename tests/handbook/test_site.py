"""The built site in a real browser: it asks nobody, its search works from a folder, and axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser import open_in_chromium, over_http
from tests.handbook.small_project import SCHEME, TODAY, one_form_for_all, write_project

from schemebook.handbook.pages import build_site, write_pages

pytestmark = [pytest.mark.all_tiers, pytest.mark.xdist_group("browser")]

PAGES = (
    "index", "path", "making-it-work", "trouble", "forms", "rules", "roles", "glossary", "your-data", "editors-notes",
)  # fmt: skip
VIEWS = [(1280, False), (1280, True), (320, False), (320, True)]

SEARCH = """new Promise((done) => {
  const query = document.querySelector("[data-md-component=search-query]");
  const button = [...document.querySelectorAll("[data-sb-search]")].find((one) => one.offsetParent);
  const menu = document.querySelector("[data-sb-menu]");
  if (button) button.click();
  else if (menu.offsetParent) { menu.open = true; menu.querySelector("[data-sb-search]").click(); }
  query.focus();
  const type = () => { query.value = "consultancy"; query.dispatchEvent(new KeyboardEvent("keyup", {bubbles: true})); };
  setTimeout(type, 500);
  let waited = 0;
  const found = () => {
    const links = [...document.querySelectorAll(".md-search-result__link")].map((one) => one.pathname.split("/").pop());
    if (links.length || (waited += 100) > 15000) done(links); else setTimeout(found, 100);
  };
  setTimeout(found, 700);
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    write_project(root)
    other = SCHEME.replace("scheme: lighthouse", "scheme: harbour").replace("#1E6B52", "#E3A71B")
    project = write_project(root, scheme=other.replace("name: Lighthouse", "name: Harbour"), name="harbour")
    write_pages(project, root / "out", today=TODAY, make_form=one_form_for_all)
    build_site(root / "out", root / "site")
    return root / "site"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    with over_http(site) as address:
        yield address


@pytest.mark.parametrize("page", PAGES)
def test_a_page_from_a_folder_asks_no_other_host_and_misses_nothing(site: Path, page: str) -> None:
    opened = open_in_chromium(site / "lighthouse" / f"{page}.html")
    assert [opened.foreign, opened.failed, opened.said] == [[], [], []]


@pytest.mark.parametrize("width", [1280, 800, 320])
def test_search_works_from_a_folder(site: Path, width: int) -> None:
    opened = open_in_chromium(site / "lighthouse/index.html", width=width, evaluate=SEARCH)
    assert isinstance(opened.value, list) and set(opened.value) == {"roles.html"}
    assert [opened.foreign, opened.failed] == [[], []]


@pytest.mark.parametrize(("width", "dark"), VIEWS)
@pytest.mark.parametrize("page", [*(f"lighthouse/{one}" for one in PAGES), "harbour/path", "index", "404"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(served: str, page: str, width: int, dark: bool) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    opened = open_in_chromium(f"{served}/{page}.html", width=width, dark=dark, with_axe=True, evaluate=wide)
    assert (opened.violations, opened.value) == ([], 0)


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_axe_finds_nothing_while_somebody_searches(served: str, width: int, dark: bool) -> None:
    address = f"{served}/lighthouse/index.html"
    opened = open_in_chromium(address, width=width, dark=dark, with_axe=True, evaluate=SEARCH)
    assert opened.violations == []


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_axe_finds_nothing_with_the_menu_or_a_tip_open(served: str, width: int, dark: bool) -> None:
    for evaluate in (
        "document.querySelector('[data-sb-menu]').open = true",
        "document.querySelector('a.sb-term').focus(), document.querySelectorAll('.sb-tip').length",
    ):
        address = f"{served}/lighthouse/making-it-work.html"
        opened = open_in_chromium(address, width=width, dark=dark, with_axe=True, evaluate=evaluate)
        assert opened.violations == []


def test_a_page_without_scripts_shows_its_text_and_its_menu(site: Path) -> None:
    opened = open_in_chromium(site / "lighthouse/index.html", width=390, scripts=False)
    assert "Light for the next mile" in opened.text and "Menu" in opened.text


def test_a_tip_opens_on_focus_stays_on_its_link_and_closes_with_escape(site: Path) -> None:
    steps = """(() => {
      const term = document.querySelector("a.sb-term"), tips = () => document.querySelectorAll(".sb-tip").length;
      const seen = [tips()];
      term.focus(); seen.push(tips());
      document.querySelector(".sb-tip a").focus(); seen.push(tips());
      document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true})); seen.push(tips());
      term.focus(); seen.push(tips());
      document.querySelector(".sb-identity").focus(); seen.push(tips());
      return seen;
    })()"""
    opened = open_in_chromium(site / "lighthouse/making-it-work.html", evaluate=steps)
    assert opened.value == [0, 1, 1, 0, 1, 0]


@pytest.mark.parametrize("key", ["n", "p", "f", "s", ".", ",", "/"])
def test_a_single_letter_does_nothing(site: Path, key: str) -> None:
    press = f"""new Promise((done) => {{
      document.body.dispatchEvent(new KeyboardEvent("keydown", {{key: "{key}", bubbles: true}}));
      setTimeout(() => done([location.pathname.split("/").pop(), document.activeElement.tagName]), 600);
    }})"""
    opened = open_in_chromium(site / "lighthouse/trouble.html", evaluate=press)
    assert opened.value == ["trouble.html", "BODY"]


def test_the_switch_changes_the_colours_and_remembers(site: Path) -> None:
    click = """(() => {
      const label = [...document.querySelectorAll(".sb-palette label")].find((one) => !one.hidden);
      const before = getComputedStyle(document.body).backgroundColor;
      label.click();
      return [before, getComputedStyle(document.body).backgroundColor, document.body.dataset.mdColorScheme];
    })()"""
    value = open_in_chromium(site / "lighthouse/index.html", evaluate=click).value
    assert isinstance(value, list)
    before, after, scheme = value
    assert before == "rgb(255, 255, 255)" and after != before and scheme == "slate"
