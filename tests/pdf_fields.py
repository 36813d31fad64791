"""A PDF's form fields, read plainly with pikepdf: for tests that fill a form or look what stands in one.

No quirk is undone here: the product's reader does that, and a test that compares the two must not share its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pikepdf

Value = str | bool
Kind = Literal["text", "tick", "radio", "choice", "signature", "button"]

RADIO, PUSH = 1 << 15, 1 << 16


@dataclass(frozen=True)
class PdfField:
    """One terminal field: its kind, the states or options it has, and what stands in it."""

    name: str
    kind: Kind
    options: tuple[str, ...]
    labels: tuple[str, ...]
    value: Value | None

    def state_for(self, value: Value) -> str:
        """The appearance state that shows a value of a tick or of radio buttons."""
        if value is False:
            return "Off"
        state = self.options[0] if value is True else value
        if state not in self.options:
            raise AssertionError(f"{self.name} has no state {state!r}, only {self.options}")
        return state


def read_with_pikepdf(path: Path) -> dict[str, Value]:
    """Full name -> value of every field with an answer. A tick always has one, True or False; line ends are LF."""
    return {name: field.value for name, field in fields_of(path).items() if field.value is not None}


def fields_of(path: Path) -> dict[str, PdfField]:
    """Full name -> field, in the order of the field tree."""
    with pikepdf.open(path) as pdf:
        return {field.name: field for field in _walk(pdf.Root.AcroForm.Fields, "", {})}


def _walk(nodes: pikepdf.Object, prefix: str, inherited: dict[str, pikepdf.Object]) -> Iterator[PdfField]:
    for node in nodes:
        name = ".".join(part for part in (prefix, str(node.get("/T", ""))) if part)
        known = {**inherited, **{key: node[key] for key in ("/FT", "/Ff", "/V", "/Opt") if key in node}}
        kids = node.get("/Kids")
        if kids is not None and any("/T" in kid for kid in kids):
            yield from _walk(kids, name, known)
        else:
            yield _field(name, known, list(kids) if kids is not None else [node])


def _kind(known: dict[str, pikepdf.Object]) -> Kind:
    kind, flags = str(known["/FT"]), int(known.get("/Ff", 0))
    if kind == "/Btn":
        return "button" if flags & PUSH else "radio" if flags & RADIO else "tick"
    kinds: dict[str, Kind] = {"/Tx": "text", "/Ch": "choice", "/Sig": "signature"}
    return kinds[kind]


def _field(name: str, known: dict[str, pikepdf.Object], widgets: list[pikepdf.Object]) -> PdfField:
    kind = _kind(known)
    labels: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    if kind in ("tick", "radio"):
        states = [key[1:] for widget in widgets for key in _normal(widget)]
        options = tuple(dict.fromkeys(state for state in states if state != "Off"))
    elif kind == "choice":
        pairs = [option if isinstance(option, pikepdf.Array) else [option, option] for option in known.get("/Opt", [])]
        options = tuple(_text(pair[0]) for pair in pairs)
        labels = tuple(_text(pair[1]) for pair in pairs)
    return PdfField(name, kind, options, labels, _value(kind, known.get("/V"), options, labels))


def _normal(widget: pikepdf.Object) -> list[str]:
    """The states that a widget has an appearance for."""
    return list(widget.AP.N.keys()) if "/AP" in widget else []


def _value(kind: Kind, raw: pikepdf.Object | None, options: tuple[str, ...], labels: tuple[str, ...]) -> Value | None:
    if kind == "tick":
        return raw is not None and str(raw) != "/Off"
    if raw is None or kind in ("signature", "button"):
        return None
    if kind == "radio":
        return str(raw).removeprefix("/") if str(raw) != "/Off" else None
    text = _text(raw[0]) if isinstance(raw, pikepdf.Array) else _text(raw)  # pdftk writes a choice as an array
    if kind == "choice" and text not in options and text in labels:
        return options[labels.index(text)]
    return text or None


def _text(raw: pikepdf.Object | str) -> str:
    """The text of a string, by its byte-order mark; without one it is PDFDocEncoding (ISO 32000-2, 7.9.2.2)."""
    data = bytes(raw) if isinstance(raw, pikepdf.Object) else raw.encode("utf-8")
    if data.startswith(b"\xfe\xff"):
        text = data[2:].decode("utf-16-be", "surrogatepass")
    elif data.startswith(b"\xff\xfe"):
        text = data[2:].decode("utf-16-le", "surrogatepass")
    elif data.startswith(b"\xef\xbb\xbf"):
        text = data[3:].decode("utf-8")
    else:
        text = data.decode("pdfdoc_pikepdf")
    return text.replace("\r\n", "\n").replace("\r", "\n")
