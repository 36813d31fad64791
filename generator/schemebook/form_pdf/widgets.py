"""Laid-out boxes and a form's widgets in, the PDF's fields out (ISO 32000-2, 12.7): names, types, flags, states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from schemebook.form_pdf.appearances import Appearances
from schemebook.form_pdf.boxes import LaidOutBox
from schemebook.scheme.meaning import TICKED, Widget

# Field flags (ISO 32000-2, tables 227, 229, 231 and 233) and the annotation flag Print (table 167).
_REQUIRED = 1 << 1
_MULTI_LINE = 1 << 12
_NO_TOGGLE_TO_OFF = 1 << 14
_RADIO = 1 << 15
_COMBO = 1 << 17
_NO_SPELL_CHECK = 1 << 22
_PRINT = 1 << 2

_OF_THE_LINK = frozenset(("/A", "/BS", "/Border", "/Contents", "/QuadPoints", "/Dest", "/H"))
_WIDGET, _FORM, _BUTTON, _OFF = Name.Widget, Name.Form, Name.Btn, Name.Off
"""Made once: a form has hundreds."""


@dataclass(frozen=True)
class FormWords:
    """What the fields of one form say, by the widgets' names.

    said: (name, option) -> accessible name. labels: name -> {option: label}, of drop-downs. sizes: name -> size of
    type, of widgets that differ from `size`. unspelled: names of widgets whose text is no prose. font: its resource.
    """

    said: Mapping[tuple[str, str], str]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)
    unspelled: frozenset[str] = frozenset()
    locks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Signature widget -> the names of the fields that its signature closes."""
    font: str = "Wingdings"
    size: float = 10
    colour: str = "0 0 0"
    """Of what is typed and ticked, as an operator takes it."""


class FieldTree:
    """The fields of a PDF under their dotted names: each part a node of its own, since /T never holds a dot."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.fields = Array()
        self._nodes: dict[tuple[str, ...], pikepdf.Object] = {}

    def add(self, name: str, made: pikepdf.Object) -> None:
        """Put a field under its name."""
        *path, last = name.split(".")
        made["/T"] = last
        self._hang(made, tuple(path))

    def _hang(self, made: pikepdf.Object, path: tuple[str, ...]) -> None:
        if not path:
            self.fields.append(made)
            return
        if path not in self._nodes:
            above = self.pdf.make_indirect(Dictionary(T=String(path[-1]), Kids=Array()))
            self._hang(above, path[:-1])
            self._nodes[path] = above
        node = self._nodes[path]
        made["/Parent"] = node
        node["/Kids"].append(made)


def make_fields(pdf: pikepdf.Pdf, widgets: tuple[Widget, ...], found: list[LaidOutBox], words: FormWords) -> Array:
    """Turn every box into a widget of its field; the array for /AcroForm /Fields, in reading order.

    The annotation objects stay the same, and with them /StructParent and the tags' references to them.
    """
    boxes = {(one.box.name, one.box.option): one for one in found}
    tree, drawn = FieldTree(pdf), Appearances(pdf, words.colour)
    for widget in widgets:
        mine = [boxes[name] for name in widget.boxes()]
        if widget.kind == "radio":
            tree.add(widget.name, _radio(pdf, widget, mine, words, drawn))
        else:
            _single(widget, mine[0], words, drawn)
            tree.add(widget.name, mine[0].annotation)
    return tree.fields


def default_appearance(words: FormWords, name: str = "") -> String:
    """The /DA of a text field: font, size and colour of what is typed."""
    return String(f"/{words.font} {words.sizes.get(name, words.size):g} Tf {words.colour} rg")


def _from_link_to_widget(one: LaidOutBox, entries: dict[str, Any]) -> None:
    """Make a widget of the link, with these entries besides. All at once: each one by itself takes as long as ten."""
    annotation, element = one.annotation, one.element
    for key in _OF_THE_LINK & annotation.keys():
        del annotation[key]
    annotation.update(
        {"/Subtype": _WIDGET, "/Rect": list(one.box.rect), "/F": _PRINT, "/P": one.page, "/MK": {}, **entries}
    )
    # The reference alone, not in an array: pyHanko (0.38) then knows it for the field's own and lets it be filled in.
    (reference,) = element["/K"]
    element.update({"/S": _FORM, "/K": reference})


def _radio(
    pdf: pikepdf.Pdf, widget: Widget, boxes: list[LaidOutBox], words: FormWords, drawn: Appearances
) -> pikepdf.Object:
    """The group: no /V while unanswered (several programs refuse /Off there), no /Opt."""
    flags = _RADIO | _NO_TOGGLE_TO_OFF | (_REQUIRED if widget.required else 0)
    group = Dictionary(FT=_BUTTON, Ff=flags, TU=words.said[widget.name, ""])
    made = pdf.make_indirect(group)
    for one in boxes:
        button = {
            "/Parent": made,
            # pdf.js says the widget's own name, not its group's.
            "/TU": words.said[widget.name, one.box.option],
            "/MK": {"/CA": "l"},
            "/AS": _OFF,
            "/AP": drawn.round_button(one.box, one.box.option),
        }
        _from_link_to_widget(one, button)
    made.Kids = Array([one.annotation for one in boxes])
    return made


def _single(widget: Widget, one: LaidOutBox, words: FormWords, drawn: Appearances) -> None:
    """A field and its only widget, as one dictionary."""
    made: dict[str, Any] = {"/TU": words.said[widget.name, ""]}
    flags = _REQUIRED if widget.required else 0
    if widget.kind == "tick":
        made |= {"/FT": _BUTTON, "/V": _OFF, "/AS": _OFF, "/MK": {"/CA": "4"}}
        made["/AP"] = drawn.tick_box(one.box, TICKED)
    elif widget.kind == "signature":
        made |= {"/FT": Name.Sig, "/AP": drawn.nothing(one.box), **_lock(words.locks.get(widget.name))}
    else:
        made["/AP"] = drawn.text(one.box)
        flags |= _written(made, widget, words)
    if flags:
        made["/Ff"] = flags
    _from_link_to_widget(one, made)


def _written(made: dict[str, Any], widget: Widget, words: FormWords) -> int:
    """A field that holds text or one entry of a list; its flags."""
    made["/DA"] = default_appearance(words, widget.name)
    if widget.kind == "drop-down":
        labels = words.labels[widget.name]
        made |= {"/FT": Name.Ch, "/Opt": [[option, labels[option]] for option in widget.options]}
        return _COMBO
    made["/FT"] = Name.Tx
    if widget.most_letters:
        made["/MaxLen"] = widget.most_letters
    flags = _MULTI_LINE if widget.multi_line else 0
    return flags | (_NO_SPELL_CHECK if widget.name in words.unspelled else 0)


def _lock(names: tuple[str, ...] | None) -> dict[str, Any]:
    """Of two parties each closes its own part alone, so that the other may still fill in theirs (12.7.5.5)."""
    if not names:
        return {}
    return {"/Lock": {"/Type": Name.SigFieldLock, "/Action": Name.Include, "/Fields": list(names)}}
