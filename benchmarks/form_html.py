"""A form's printed data in, the same content as HTML out: what WeasyPrint lays out in the comparison.

The data is what our own templates are given (`printed_form`), so both print the same words, boxes and heights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import schemebook

FONTS = Path(schemebook.__file__).parent / "fonts"
LINES = {"email": "email", "phone": "tel", "date": "text", "number": "number"}


def html(data: Mapping[str, Any]) -> str:
    """The whole document."""
    said = {key: escape(str(data[key])) for key in ("language", "title", "scheme-name", "filled-in-by")}
    parts = [
        f'<!doctype html><html lang="{said["language"]}"><head><meta charset="utf-8"><title>{said["title"]}</title>',
        f"<style>{_style(data)}</style></head><body><header>{said['scheme-name']}</header><h1>{said['title']}</h1>",
        f"<p>{said['filled-in-by']}</p>",
        *(f"<p>{escape(one['words'])}</p>" for one in data["instructions"]),
        *(part for section in data["sections"] for part in _section(section)),
        *(part for closing in data["closing"] for part in _closing(closing)),
        "</body></html>",
    ]
    return "\n".join(parts)


def _style(data: Mapping[str, Any]) -> str:
    sheet, palette = data["sheet"], data["palette"]
    faces = [
        f"@font-face{{font-family:Body;src:url({face.as_uri()});font-weight:{weight}}}"
        for face, weight in _faces().items()
    ]
    footer = f'content:"{data["form-words"]} \\2013  " counter(page) "/" counter(pages);font-size:{sheet["footer"]}pt'
    return "".join(faces) + (
        f"@page{{size:{sheet['width']}mm {sheet['height']}mm;margin:{sheet['top']}mm {sheet['side']}mm "
        f"{sheet['bottom']}mm;@bottom-left{{{footer}}}}}"
        f"body{{font:{sheet['text']}pt Body;color:{palette['ink']}}}h1{{font-size:{sheet['title']}pt}}"
        f"h2{{font-size:{sheet['heading']}pt;break-after:avoid}}.row{{display:flex;gap:{sheet['gutter']}mm;"
        f"break-inside:avoid;margin-bottom:{sheet['row-gap']}mm}}.table{{display:block;break-inside:auto}}.q{{flex:1}}small{{font-size:{sheet['hint']}pt;"
        f"color:{palette['quiet']};display:block}}input,textarea,select{{appearance:auto;display:block;width:100%;"
        f"box-sizing:border-box;height:{sheet['box']}mm;border:.6pt solid {palette['edge']};"
        f"background:{palette['wash']};font:{sheet['text']}pt Body}}input[type=radio],input[type=checkbox]"
        f"{{display:inline-block;width:{sheet['tick']}mm;height:{sheet['tick']}mm}}"
        f"table{{border-collapse:collapse;width:100%}}td,th{{border:.5pt solid {palette['rule']};text-align:left}}"
    )


def _faces() -> dict[Path, int]:
    folder = FONTS / "source-sans-3"
    return {face: 600 if "semibold" in face.name.lower() else 400 for face in sorted(folder.glob("*.[ot]tf"))}


def _section(section: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>{escape(section['title'])}</h2>"
    yield from (f"<p><small>{escape(note)}</small></p>" for note in section["notes"])
    for block in section["intro"]:
        yield f"<p>{escape(block['words'])}</p>" if block["words"] else ""
        yield "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in block["items"]) + "</ul>" if block["items"] else ""
    for row in section["rows"]:
        kind = "row table" if any(one.get("columns") for one in row) else "row"
        yield f'<div class="{kind}">{"".join(_question(one) for one in row)}</div>'


def _closing(closing: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>{escape(closing['title'])}</h2>"
    for one in closing["paragraphs"]:
        yield f"<p>{escape(one['words'])}{escape(one['address'] or '')}</p>"


def _question(one: Mapping[str, Any]) -> str:
    aside = f" <small>{escape(one['aside'])}</small>" if one["aside"] else ""
    hints = "".join(f"<small>{escape(hint)}</small>" for hint in one["hints"])
    label = f'<label for="{one["name"]}">{escape(one["label"])}{aside}</label>'
    return f'<div class="q">{label}{hints}{"".join(_boxes(one))}</div>'


def _boxes(one: Mapping[str, Any]) -> Iterator[str]:
    if one.get("columns"):
        yield _table(one)
    elif one["type"] == "signature":
        yield from (f"<p>{escape(part['words'] or '')}</p>" for part in one["statement"])
        yield from (_question(declaration) for declaration in one["declarations"])
        yield from (_line(f"{one['name']}.{part}", "text") for part in ("signature", "name", "date"))
    elif one["type"] == "declaration":
        yield _tick(one["name"], "on", "checkbox")
    else:
        yield _box(one["type"], one["name"], one.get("height"), one["options"], one["drop-down"])


def _box(type: str, name: str, height: float | None, options: Any, drop_down: bool = False) -> str:
    if type == "long-text":
        return f'<textarea id="{name}" name="{name}" style="height:{height or 12}mm"></textarea>'
    if drop_down:
        entries = "".join(f'<option value="{one["id"]}">{escape(one["label"])}</option>' for one in options)
        return f'<select id="{name}" name="{name}">{entries}</select>'
    if options:
        joined = type in ("one-of", "yes-no")
        ticks = (
            _tick(name if joined else f"{name}.{one['id']}", one["id"], "radio" if joined else "checkbox")
            + f" {escape(one['label'])}"
            for one in options
        )
        return "".join(f"<div>{tick}</div>" for tick in ticks)
    return _line(name, LINES.get(type, "text"))


def _line(name: str, type: str) -> str:
    return f'<input type="{type}" id="{name}" name="{name}">'


def _tick(name: str, value: str, type: str) -> str:
    return f'<input type="{type}" name="{name}" value="{value}">'


def _table(one: Mapping[str, Any]) -> str:
    heads = "".join(f"<th>{escape(column['label'])}</th>" for column in one["columns"])
    rows = []
    for row in one["rows"]:
        cells = (
            f"<td>{_box(column['kind'], _cell(one, row, column), column.get('height'), column['options'])}</td>"
            for column in one["columns"]
        )
        criteria = f"<small>{escape(row['criteria'])}</small>" if row["criteria"] else ""
        rows.append(f"<tr><th>{escape(str(row['label'] or row['number']))}{criteria}</th>{''.join(cells)}</tr>")
    return f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(one: Mapping[str, Any], row: Mapping[str, Any], column: Mapping[str, Any]) -> str:
    return f"{one['name']}.{row['id']}.{column['id']}"
