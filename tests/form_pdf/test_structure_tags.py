"""The structure tree, walked by a program of our own: what assistive technology is told of boxes and tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary
from tests.form_pdf.everything import everything, opened
from tests.programs import read_aloud

from schemebook.form_pdf.sheet import SHEETS


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    found = element.get("/K")
    listed = list(found) if isinstance(found, Array) else [] if found is None else [found]
    return [kid for kid in listed if isinstance(kid, Dictionary)]


def elements(parent: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in kids(parent):
        if "/S" in kid:
            yield kid
            yield from elements(kid)


def objects_of(element: pikepdf.Object) -> list[pikepdf.Object]:
    return [kid.Obj for kid in kids(element) if kid.get("/Type") == "/OBJR"]


def parent_tree(pdf: pikepdf.Pdf) -> dict[int, pikepdf.Object]:
    def walk(node: pikepdf.Object) -> Iterator[tuple[int, pikepdf.Object]]:
        for kid in node.get("/Kids", []):
            yield from walk(kid)
        pairs = list(node.get("/Nums", []))
        yield from ((int(key), value) for key, value in zip(pairs[::2], pairs[1::2], strict=True))

    return dict(walk(pdf.Root.StructTreeRoot.ParentTree))


def of_type(pdf: pikepdf.Pdf, *types: str) -> list[pikepdf.Object]:
    return [one for one in elements(pdf.Root.StructTreeRoot) if str(one.S) in types]


@pytest.mark.parametrize("edition", SHEETS)
def test_each_widget_is_the_one_object_of_a_form_element(edition: str) -> None:
    with opened(everything(edition)) as pdf:
        tree = parent_tree(pdf)
        annotations = [one for page in pdf.pages for one in page.obj.get("/Annots", [])]
        widgets = [one for one in annotations if one.Subtype == "/Widget"]
        for widget in widgets:
            element = tree[int(widget.StructParent)]
            assert element.S == "/Form"
            assert [one.objgen for one in objects_of(element)] == [widget.objgen]
            assert not {"/A", "/BS", "/Border", "/Contents", "/Dest"} & set(widget.keys())
            assert int(widget.F) == 4 and len(str(widget.TU)) > 3
        assert len(of_type(pdf, "/Form")) == len(widgets) == len(everything(edition).descriptor.edition.boxes)


def test_boxes_are_read_in_the_order_of_their_pages_and_tabbed_by_it() -> None:
    with opened(everything()) as pdf:
        in_tree = [one.objgen for element in of_type(pdf, "/Form", "/Link") for one in objects_of(element)]
        on_pages = [one.objgen for page in pdf.pages for one in page.obj.Annots]
        assert in_tree == on_pages
        assert all(page.obj.Tabs == "/S" for page in pdf.pages)


@pytest.mark.parametrize("edition", SHEETS)
def test_what_a_reader_needs_from_the_margins_is_read_aloud_once_and_first(edition: str, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(everything(edition).pdf)
    heard = read_aloud(path)
    before = heard[: heard.index("About you")]
    for words in ("Harbour Mentoring Scheme", "Filled in by mentees and mentors", "Stage 1 of 3", "Questions? "):
        assert sum(words in line for line in before) == 1, (words, before)
        assert sum(words in line for line in heard) == 1, words


def test_a_real_link_stays_a_link_with_words() -> None:
    with opened(everything()) as pdf:
        (link,) = [one for page in pdf.pages for one in page.obj.Annots if one.Subtype == "/Link"]
        assert str(link.A.URI) == "mailto:mentoring@harbour.example" and str(link.Contents)
        assert parent_tree(pdf)[int(link.StructParent)].S == "/Link"


@pytest.mark.parametrize("edition", SHEETS)
def test_paragraphs_are_paragraphs_and_no_tag_tells_how_it_is_drawn(edition: str) -> None:
    with opened(everything(edition)) as pdf:
        assert len(of_type(pdf, "/P")) > 50
        owners = [
            str(one.O)
            for element in elements(pdf.Root.StructTreeRoot)
            for one in (element.A if isinstance(element.get("/A"), Array) else [element.get("/A", Dictionary(O=""))])
        ]
        assert "/Layout" not in owners
        assert ("/Table" in owners) is not SHEETS[edition].whole_width_only


def test_paragraphs_under_the_title_are_told_apart() -> None:
    with opened(everything("large-print")) as pdf:
        below = [str(one.S) for one in elements(pdf.Root.StructTreeRoot)]
        title = below.index("/H1")
        assert below[title + 1 : title + 3] == ["/P", "/P"]


def attributes(cell: pikepdf.Object) -> pikepdf.Object:
    (found,) = [one for one in cell.A if isinstance(one, Dictionary) and one.get("/O") == "/Table"]
    return found


@pytest.mark.parametrize("edition", [name for name, sheet in SHEETS.items() if not sheet.whole_width_only])
def test_each_cell_names_its_row_and_its_column(edition: str) -> None:
    with opened(everything(edition)) as pdf:
        names = list(pdf.Root.StructTreeRoot.IDTree.Names)
        by_id = {bytes(key): value for key, value in zip(names[::2], names[1::2], strict=True)}
        assert list(by_id) == sorted(by_id)
        heads = of_type(pdf, "/TH")
        assert {bytes(head.ID) for head in heads} == set(by_id)
        assert {str(attributes(head).Scope) for head in heads} == {"/Row", "/Column"}
        cells = of_type(pdf, "/TD")
        assert len(cells) == 6 * 2 + 2 * 5 + 4 * 3
        for cell in cells:
            scopes = [str(attributes(by_id[bytes(one)]).Scope) for one in attributes(cell).Headers]
            assert scopes == ["/Row", "/Column"]


@pytest.mark.parametrize("edition", ["a4", "letter"])
def test_a_cell_names_the_head_of_its_own_column(edition: str) -> None:
    with opened(everything(edition)) as pdf:
        for table in of_type(pdf, "/Table"):
            head, *rows = [one for one in elements(table) if one.S == "/TR"]
            columns = [bytes(cell.ID) for cell in kids(head)]
            for row in rows:
                cells = [cell for cell in kids(row) if cell.S == "/TD"]
                named = [bytes(attributes(cell).Headers[1]) for cell in cells]
                assert named == (columns[-len(cells) :] if cells else [])


def test_a_table_says_on_which_page_it_begins() -> None:
    with opened(everything()) as pdf:
        pages = {page.obj.objgen for page in pdf.pages}
        tables = of_type(pdf, "/Table")
        assert len(tables) == 3
        assert all(table.Pg.objgen in pages for table in tables)


def test_in_large_print_the_rows_of_a_table_are_questions_under_headings_of_their_own() -> None:
    with opened(everything("large-print")) as pdf:
        assert of_type(pdf, "/Table", "/TR", "/TD") == []
        assert len(of_type(pdf, "/H3")) == 6 + 2 + 4
        assert {str(one.S) for one in of_type(pdf, "/Form")} == {"/Form"}
        with pdf.open_outline() as outline:
            assert len(outline.root[0].children) == len(of_type(pdf, "/H2"))


def test_headings_are_bookmarks_and_skip_no_level() -> None:
    with opened(everything()) as pdf:
        levels = [int(str(one.S)[2:]) for one in of_type(pdf, "/H1", "/H2", "/H3")]
        assert levels[0] == 1 and set(levels[1:]) == {2}
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root] == ["A form that asks everything"]
            assert "Declarations" in [one.title for one in outline.root[0].children]
