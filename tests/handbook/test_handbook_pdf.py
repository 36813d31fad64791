"""Each handbook as one PDF: it says what the site says, in its order, and programs find nothing wrong with it."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from tests.form_pdf.matterhorn import failures
from tests.handbook.small_project import SCHEME, TODAY, one_form_for_all, write_project
from tests.handbook.words_shown import first_missing, words_heard, words_of, words_on_page
from tests.programs import outloud_check, pdftotext, pdfua_check, qpdf_check, verapdf_ua1_of_each

from schemebook.errors import ProjectError
from schemebook.handbook.facts import page_titles
from schemebook.handbook.pages import build_site, make_book, write_pages
from schemebook.scheme.project import load_project

ROOT = Path(__file__).parents[2]
SCHEMES = sorted(path.stem for path in (ROOT / "scheme-configs").glob("*.yml"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of every bundled scheme. What stands in their forms is of no matter here."""
    folder = tmp_path_factory.mktemp("bundled")
    write_pages(load_project(ROOT), folder / "out", today=TODAY, make_form=one_form_for_all)
    build_site(folder / "out", folder / "site")
    return folder / "site"


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def book_of(site: Path, scheme: str) -> Path:
    return site / scheme / f"{scheme}-handbook.pdf"


def test_what_a_page_says_the_pdf_says_in_the_same_order(site: Path, scheme: str) -> None:
    pages = list(page_titles(load_project(ROOT).scheme(scheme)))
    contents, *chapters = words_heard(book_of(site, scheme))
    assert len(chapters) == len(pages) and contents[0] == "contents"
    missing = {}
    for page, before, heard in zip(pages, [contents, *chapters], chapters, strict=False):
        # Some words stand over the first heading of a page. A drawing's words are heard as its alternative.
        wanted = words_on_page(site / scheme / f"{page}.html", drawings=False)
        missing[page] = first_missing(wanted, before[-6:] + heard)
    assert {page: words for page, words in missing.items() if words} == {}


def test_every_word_of_the_site_is_printed_as_often(site: Path, scheme: str) -> None:
    printed = Counter(words_of(pdftotext(book_of(site, scheme), "-raw")))
    on_site = Counter(word for page in (site / scheme).glob("*.html") for word in words_on_page(page))
    assert on_site - printed == Counter()


def test_programs_find_nothing_wrong_with_it(site: Path, scheme: str, tmp_path: Path) -> None:
    book = book_of(site, scheme)
    assert [qpdf_check(book), pdfua_check(book), outloud_check(book, tmp_path)] == [[], [], []]


def test_it_meets_no_failure_condition(site: Path, scheme: str) -> None:
    assert failures(book_of(site, scheme)) == {}


@pytest.mark.all_tiers
def test_verapdf_finds_pdf_ua_1_in_all(site: Path) -> None:
    found = verapdf_ua1_of_each([book_of(site, scheme) for scheme in SCHEMES])
    assert {path.name: broken for path, broken in found.items() if broken} == {}


# On a project of its own, where the test says what stands in it.


def book_with(root: Path, chapter: str, config: str = "") -> Path:
    """The small project's handbook with another chapter."""
    write_project(root)
    (root / "docs/lighthouse/making-it-work.md").write_text(chapter, "utf-8")
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(config)
    write_pages(load_project(root), root / "out", today=TODAY, make_form=one_form_for_all)
    return root / "out/docs/lighthouse/lighthouse-handbook.pdf"


def links_of(book: Path) -> list[str]:
    """Where its links lead: an address, or the number of a page."""
    found = []
    with pikepdf.open(book) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        places = pikepdf.NameTree(pdf.Root.Names.Dests)
        for page in pdf.pages:
            for link in page.obj.get("/Annots", ()):
                if "/A" in link and link.A.S == pikepdf.Name.URI:
                    found.append(str(link.A.URI))
                else:
                    dest = link.Dest if "/Dest" in link else link.A.D
                    dest = places[str(dest)] if isinstance(dest, pikepdf.String) else dest
                    found.append(str(numbers[dest[0].objgen]))
    return found


def test_links_jump_inside_the_pdf_or_lead_to_an_address(tmp_path: Path) -> None:
    book = book_with(tmp_path, "# Work\n\n[rules](rules.md#other), [out](https://example.org/a), [gone](nowhere.md).\n")
    found = links_of(book)
    assert "https://example.org/a" in found and "mailto:keepers@example.org" in found
    assert not [link for link in found if ".md" in link or ".html" in link or ".pdf" in link]
    assert "application.pdf" in pdftotext(book)


def test_forms_are_linked_where_the_site_has_an_address(tmp_path: Path) -> None:
    book = book_with(tmp_path, "# Work\n\nWords.\n", "site_url: https://keepers.example.org/books\n")
    assert "https://keepers.example.org/books/lighthouse/forms/application.pdf" in links_of(book)


def test_an_element_that_paper_cannot_show_is_told_in_its_line(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        book_with(tmp_path, '# Work\n\nWords.\n\n<video src="a.mp4">See it.</video>\n')
    (found,) = raised.value.problems
    assert (found.kind, found.place.file, found.place.line) == (
        "not-on-paper",
        "docs/lighthouse/making-it-work.md",
        5,
    )


def test_what_is_meant_for_a_screen_alone_is_left_out(tmp_path: Path) -> None:
    book = book_with(tmp_path, '# Work\n\n<div class="sb-screen"><video src="a.mp4">Moving.</video></div>\n\nBeside.\n')
    assert "Moving" not in pdftotext(book) and "Beside" in pdftotext(book)


def test_words_that_mean_something_to_the_layout_engine_are_words(tmp_path: Path) -> None:
    words = r"Costs $5, #let a = panic(), 100 % of @all = _this_ ~ \x"
    book = book_with(tmp_path, f"# Work\n\n`{words}`\n")
    assert words_of(words) == [word for word in words_of(words) if word in words_of(pdftotext(book))]
    assert "#let a = panic()" in pdftotext(book)


def test_letters_that_no_font_has_are_told_at_their_place(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        book_with(tmp_path, "# Work\n\nGood morning, 你好.\n")
    (found,) = raised.value.problems
    assert (found.kind, str(found.place)) == ("no-font", "docs/lighthouse/making-it-work.md:3:15")


EVERYTHING = """# Everything

Words with **bold**, *italic*, `code`, <del>struck</del>, <ins>put in</ins>, H<sub>2</sub>O, x<sup>2</sup>,
<mark>marked</mark>, <q>said</q> and notes[^one], the same[^one], another[^two].

[^one]: A note with [a link](https://example.org/long).

    Its second paragraph.

[^two]: The other.

- one
    - two
        - three

1. First
2. Second

Term
: Its meaning.

```
def function(): return "code"
```

> Said.

* * *

![The lamp](lamp.svg) ![](lamp.svg)

![The lamp](lamp.svg)

<div class="admonition" markdown="1">
<p class="admonition-title">Take care</p>

It is **hot**.
</div>

<details><summary>More</summary><p>Unfolded.</p></details>

##### Deep

Thewordthatneverendsbecausesomebodypastedanaddressorakeyintothetextandnobodylookedatitafterwards

<table><thead><tr><th>Question</th><th>Why</th></tr></thead>
<tbody><tr><th colspan="2" scope="rowgroup">Lamp</th></tr>
{lamps}</tbody>
<tbody><tr><th colspan="2" scope="rowgroup">Horn</th></tr>
<tr><td>Loud?</td><td>Fog</td></tr></tbody></table>

<table>{beside}</table>

{rows}
"""
EVERYTHING = EVERYTHING.replace("{lamps}", "\n".join(f"<tr><td>Lamp {row}</td><td>Why</td></tr>" for row in range(40)))
EVERYTHING = EVERYTHING.replace(
    "{beside}", '<tr><th rowspan="60">Beside</th>' + "".join(f"<td>Beside {row}</td></tr><tr>" for row in range(60))
).replace("<tr></table>", "</table>")
ROWS = "\n".join(["| No | Words |", "|---:|-------|", *(f"| {row} | Words of row {row} |" for row in range(60))])


def test_everything_that_a_chapter_can_hold_is_sound(tmp_path: Path) -> None:
    book = book_with(tmp_path, EVERYTHING.replace("{rows}", ROWS))
    assert [qpdf_check(book), pdfua_check(book), outloud_check(book, tmp_path)] == [[], [], []]
    text = pdftotext(book, "-raw")
    assert all(f"Words of row {number}\n" in text for number in range(60))
    assert text.count("No Words\n") >= 2  # the heads of the table stand on each sheet that it runs over
    sheets = [sheet for sheet in text.split("\f") if "Lamp 3" in sheet or "Lamp 0" in sheet]
    assert len(sheets) > 1 and all("Question Why\nLamp\n" in sheet for sheet in sheets)  # and a group's head too
    assert text.count("\nHorn\n") == 1 and "Lamp\nHorn" not in text
    assert all(f"Beside {number}\n" in text for number in range(60)), "a group taller than a sheet runs over its end"


@pytest.mark.all_tiers
def test_verapdf_finds_pdf_ua_1_in_everything_that_a_chapter_can_hold(tmp_path: Path) -> None:
    book = book_with(tmp_path, EVERYTHING.replace("{rows}", ROWS))
    assert verapdf_ua1_of_each([book]) == {book: []}


ROOM = 26 / 25.4 * 72 + 36
"""Points above a sheet's edge that a heading and one line after it need: the margin, and the two."""


def test_no_heading_stands_alone_at_the_foot_of_a_sheet(site: Path, scheme: str) -> None:
    with pikepdf.open(book_of(site, scheme)) as pdf, pdf.open_outline() as outline:
        found = [(item.title, float(item.destination[3])) for item in below(list(outline.root))]
    assert len(found) > 20
    assert [title for title, height in found if height < ROOM] == []


def test_the_head_of_a_sheet_names_the_chapter_that_stands_at_its_top(site: Path, scheme: str) -> None:
    book, titles = book_of(site, scheme), list(page_titles(load_project(ROOT).scheme(scheme)).values())
    with pikepdf.open(book) as pdf, pdf.open_outline() as outline:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        tops = [item.destination for item in outline.root if item.title != "Contents"]
        begun = [(numbers[top[0].objgen], float(top[3])) for top in tops]
        sheets = len(pdf.pages)
    assert len(begun) == len(titles)
    heads = pdftotext(book, "-raw", "-x", "0", "-y", "0", "-W", "596", "-H", "74").split("\f")[:sheets]
    wrong = []
    for sheet in range(begun[0][0], sheets + 1):
        before = [title for title, (page, _) in zip(titles, begun, strict=True) if page < sheet]
        at_head = [title for title, (page, y) in zip(titles, begun, strict=True) if page == sheet and y > 740]
        wanted = (at_head or before[-1:])[0]
        wrong += [] if heads[sheet - 1].strip().splitlines()[-1] == wanted else [(sheet, wanted, heads[sheet - 1])]
    assert wrong == []
    assert any(y < 740 for _, y in begun), "one at least begins below the end of another"


def below(items: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    """These bookmarks, and all below each."""
    for item in items:
        yield item
        yield from below(list(item.children))


def test_its_bookmarks_are_the_headings_of_the_site(site: Path, scheme: str) -> None:
    with pikepdf.open(book_of(site, scheme)) as pdf, pdf.open_outline() as outline:
        found = [item.title for item in below(list(outline.root))]
    chapters = load_project(ROOT).scheme(scheme).chapters
    assert {chapter.title for chapter in chapters} <= set(found) and len(found) > 3 * len(chapters)


def test_it_comes_in_the_sizes_of_paper_that_its_forms_come_in(tmp_path: Path) -> None:
    scheme = SCHEME.replace("run-by:", "editions: [letter, large-print, a4]\nrun-by:")
    write_pages(write_project(tmp_path, scheme=scheme), tmp_path / "out", today=TODAY, make_form=one_form_for_all)
    folder = tmp_path / "out/docs/lighthouse"
    sizes = {}
    for book in sorted(folder.glob("*.pdf")):
        with pikepdf.open(book) as pdf:
            sizes[book.name] = {tuple(round(float(edge)) for edge in page.MediaBox) for page in pdf.pages}
    usual, other = "lighthouse-handbook.pdf", "lighthouse-handbook.a4.pdf"
    assert sizes == {usual: {(0, 0, 612, 792)}, other: {(0, 0, 595, 842)}}
    # A link names the page it leads to, unless that is its own.
    heard = [[word for part in words_heard(folder / name) for word in part if word != "page"] for name in sizes]
    assert len({tuple(word for word in words if not word.isdigit()) for words in heard}) == 1 and len(heard[0]) > 300
    front = (folder / "index.md").read_text("utf-8")
    assert front.index(f'href="{usual}"') < front.index(f'href="{other}"')


def test_the_cover_says_the_scheme_in_words_without_marks(tmp_path: Path) -> None:
    book = book_with(tmp_path, "# Work\n\nWords.\n")
    first = pdftotext(book, "-l", "1")
    assert "Lighthouse mentoring" in first and "Members meet a volunteer for up to 6 months" in " ".join(first.split())


def test_it_is_the_same_each_time_and_not_made_again_for_nothing(tmp_path: Path) -> None:
    first = book_with(tmp_path / "a", "# Work\n\nWords.\n")
    again = book_with(tmp_path / "b", "# Work\n\nWords.\n")
    assert again.read_bytes() == first.read_bytes()
    made = make_book(load_project(tmp_path / "a"), "lighthouse", TODAY)
    assert make_book(load_project(tmp_path / "a"), "lighthouse", TODAY) is made
    later = make_book(load_project(tmp_path / "a"), "lighthouse", TODAY + datetime.timedelta(1))
    assert later != made


def test_another_process_makes_the_same(tmp_path: Path) -> None:
    write_project(tmp_path)
    code = (
        "import datetime, hashlib, sys; from pathlib import Path\n"
        "from schemebook.handbook.pages import make_book; from schemebook.scheme.project import load_project\n"
        "made = make_book(load_project(Path(sys.argv[1])), 'lighthouse', datetime.date(2026, 11, 24))\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
