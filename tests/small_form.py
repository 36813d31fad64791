"""A small fillable PDF made on the spot with pikepdf: each kind of field, none of the product's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

MULTI_LINE, REQUIRED, RADIO, NO_TOGGLE, COMBO = 1 << 12, 1 << 1, 1 << 15, 1 << 14, 1 << 17
HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def make_small_form(path: Path) -> Path:
    """Two pages: about.name, story (several lines), role (mentor, mentee), agree, topics.a, topics.b, region."""
    with Pdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(400, 500))
        fields = [
            _named("about", _text(pdf, 0, "name", 450)),
            _text(pdf, 0, "story", 300, MULTI_LINE, height=100),
            _radio(pdf, 0, "role", ("mentor", "mentee"), 250),
            _tick(pdf, 1, "agree", "yes", 450),
            _named("topics", _tick(pdf, 1, "a", "chosen", 400), _tick(pdf, 1, "b", "chosen", 370)),
            _combo(pdf, 1, "region", (("north", "The north"), ("south", "The south")), 300),
        ]
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(
                Fields=Array([pdf.make_indirect(field) for field in fields]),
                DR=Dictionary(Font=Dictionary(F0=pdf.make_indirect(HELVETICA))),
                DA=String("/F0 10 Tf 0 g"),
            )
        )
        _set_parents(pdf)
        pdf.save(path, static_id=True)
    return path


def _named(name: str, *kids: Object) -> Object:
    return Dictionary(T=String(name), Kids=Array(list(kids)))


def _set_parents(pdf: Pdf) -> None:
    def walk(field: Object) -> None:
        for kid in field.get("/Kids", []):
            kid.Parent = field
            walk(kid)

    for field in pdf.Root.AcroForm.Fields:
        walk(field)


def _widget(pdf: Pdf, page: int, box: tuple[float, float, float, float], **more: Any) -> Object:
    """A widget, put among its page's annotations."""
    target = pdf.pages[page]
    widget = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array(list(box)), F=4, P=target.obj, **more)
    )
    target.obj.Annots = Array([*target.obj.get("/Annots", []), widget])
    return widget


def _text(pdf: Pdf, page: int, name: str, y: float, flags: int = 0, height: float = 20) -> Object:
    return _widget(
        pdf, page, (50, y, 350, y + height), FT=Name.Tx, T=String(name), Ff=flags, DA=String("/F0 10 Tf 0 g")
    )


def _states(pdf: Pdf, on: str) -> Object:
    box = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 12, 12]))
    ink = Stream(pdf, b"q 0 0 12 12 re f Q", box)
    return Dictionary(N=Dictionary({f"/{on}": pdf.make_indirect(ink), "/Off": Stream(pdf, b"q Q", box)}))


def _tick(pdf: Pdf, page: int, name: str, on: str, y: float) -> Object:
    return _widget(
        pdf, page, (50, y, 62, y + 12), FT=Name.Btn, T=String(name), AS=Name.Off, V=Name.Off, AP=_states(pdf, on)
    )


def _radio(pdf: Pdf, page: int, name: str, options: tuple[str, ...], y: float) -> Object:
    boxes = [(50 + 100 * place, y, 62 + 100 * place, y + 12) for place in range(len(options))]
    kids = [
        _widget(pdf, page, box, AS=Name.Off, AP=_states(pdf, option))
        for box, option in zip(boxes, options, strict=True)
    ]
    return Dictionary(FT=Name.Btn, T=String(name), Ff=RADIO | NO_TOGGLE, Kids=Array(kids))


def _combo(pdf: Pdf, page: int, name: str, options: tuple[tuple[str, str], ...], y: float) -> Object:
    pairs = Array([Array([String(one), String(label)]) for one, label in options])
    return _widget(
        pdf,
        page,
        (50, y, 350, y + 20),
        FT=Name.Ch,
        T=String(name),
        Ff=COMBO | REQUIRED,
        Opt=pairs,
        DA=String("/F0 10 Tf 0 g"),
    )
