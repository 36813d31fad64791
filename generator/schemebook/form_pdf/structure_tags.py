"""A tagged PDF in; in its tables each cell then names its row and column heads (PDF/UA-1, 7.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_SECTIONS = (Name.THead, Name.TBody, Name.TFoot)
_TABLE, _SPAN, _LAYOUT = Name.Table, Name.Span, Name.Layout
"""Made once: they are compared with for each of some hundred elements."""


def mark_form_tags(pdf: pikepdf.Pdf) -> None:
    """Make the engine's tags those of a form: paragraphs, and tables whose cells name their heads, all ids in one tree.

    The first cell of a body row is its head. The engine marks column heads alone, leaves out the page of a table, calls
    a paragraph inside a block a span that is drawn as a block, and tells each cell's colours and lines: nobody needs to
    hear those, and they are a good part of the file.
    """
    root = pdf.Root.StructTreeRoot
    elements = _elements(root)
    for element in elements:
        _without_looks(element)
    tables = [element for element in elements if element["/S"] == _TABLE]
    for number, table in enumerate(tables, 1):
        _mark(table, number)
        _set_page(table)
    with_ids = [element for element in elements if "/ID" in element] if tables else []
    if with_ids:
        pairs = sorted(((bytes(element.ID), element) for element in with_ids), key=lambda pair: pair[0])
        names = Array([part for key, element in pairs for part in (String(key), element)])
        root.IDTree = pdf.make_indirect(Dictionary(Names=names))


def _without_looks(element: pikepdf.Object) -> None:
    """Leave out how an element is laid out (the owner Layout); a span drawn as a block becomes a paragraph."""
    attributes = element.get("/A")
    if attributes is None:
        return
    listed = list(attributes) if isinstance(attributes, Array) else [attributes]
    kept = [one for one in listed if one.get("/O") != _LAYOUT]
    if len(kept) == len(listed):
        return
    if element["/S"] == _SPAN:
        element.S = Name.P
    if kept:
        element.A = Array(kept)
    else:
        del element.A


def mark_row_heads(pdf: pikepdf.Pdf, heads: Sequence[Sequence[Sequence[bool]]]) -> None:
    """Make row heads of the cells that are named so, and give each table its page.

    heads: for each table in order, for each of its rows, whether each cell is a head. Heads of columns, and those that
    stand over a group of rows, are there already.
    """
    tables = list(_tables(pdf.Root.StructTreeRoot)) if "/StructTreeRoot" in pdf.Root else []
    for table, rows in zip(tables, heads, strict=True):
        _set_page(table)
        for (_, row), named in zip(_rows(table), rows, strict=True):
            for cell, is_head in zip(_kids(row), named, strict=True):
                if is_head and cell.S != Name.TH:
                    cell.S = Name.TH
                    _table_attributes(cell).Scope = Name.Row


def _mark(table: pikepdf.Object, number: int) -> None:
    columns: list[String] = []
    for at, (section, row) in enumerate(_rows(table)):
        cells = _kids(row)
        ids = [String(f"t{number}r{at}c{place}") for place in range(len(cells))]
        if section == Name.THead:
            for cell, identity in zip(cells, ids, strict=True):
                _head(cell, identity, "Column")
            columns = ids
        else:
            _head(cells[0], ids[0], "Row")
            _name_heads(cells[1:], ids[0], columns[1:])


def _name_heads(cells: list[pikepdf.Object], row: String, columns: list[String]) -> None:
    for cell, column in zip(cells, columns, strict=True):
        _table_attributes(cell).Headers = Array([row, column])


def _head(cell: pikepdf.Object, identity: String, scope: str) -> None:
    cell.S = Name.TH
    cell.ID = identity
    attributes = _table_attributes(cell)
    attributes.Scope = Name(f"/{scope}")
    if "/Headers" in attributes:
        del attributes["/Headers"]


def _table_attributes(cell: pikepdf.Object) -> pikepdf.Object:
    """The attribute dictionary of the owner Table, made if there is none."""
    attributes = cell.get("/A")
    if attributes is None:
        cell.A = Array()
    elif not isinstance(attributes, Array):
        cell.A = Array([attributes])
    for one in cell.A:
        if isinstance(one, Dictionary) and one.get("/O") == Name.Table:
            return one
    cell.A.append(Dictionary(O=Name.Table))
    return cell.A[-1]


def _set_page(table: pikepdf.Object) -> None:
    """The page on which a table begins."""
    if "/Pg" not in table:
        page = next((element.Pg for element in _elements(table) if "/Pg" in element), None)
        if page is not None:
            table.Pg = page


def _tables(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    return (element for element in _elements(root) if str(element.S) == "/Table")


def _rows(table: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """(section, row) of each row; a row outside sections has itself as section."""
    for kid in _kids(table):
        if kid.S == Name.TR:
            yield kid.S, kid
        elif kid.S in _SECTIONS:
            for row in _kids(kid):
                yield kid.S, row


def _elements(parent: pikepdf.Object) -> list[pikepdf.Object]:
    """Every structure element under `parent`, in order."""
    found = []
    for kid in _kids(parent):
        found.append(kid)
        found += _elements(kid)
    return found


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    """The kids that are elements themselves, not references to content."""
    kids = element.get("/K")
    if kids is None:
        return []
    listed = list(kids) if isinstance(kids, Array) else [kids]
    return [kid for kid in listed if not isinstance(kid, int) and "/S" in kid]
