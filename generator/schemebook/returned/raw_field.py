"""One field of a PDF in, with its widgets; what stands in it out, quirks of viewers still to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pikepdf

from schemebook.returned.limits import Limits
from schemebook.returned.stored_values import (
    choice_options,
    chosen_places,
    entry,
    is_dictionary,
    is_drawn,
    is_name,
    on_state,
    rich_text,
    states_of,
    stored_texts,
)

_FT, _V, _OPT, _I, _RV, _AS = (pikepdf.Name(key) for key in ("/FT", "/V", "/Opt", "/I", "/RV", "/AS"))
_TX, _BTN = pikepdf.Name("/Tx"), pikepdf.Name("/Btn")
_KINDS = {b"/Ch": "choice", b"/Sig": "signature"}
_NEARLY_V = tuple(pikepdf.Name(key) for key in ("/W", "/R", "/^", "/v"))
"""What one flipped bit makes of /V, and no field has: an answer must not vanish with it."""


class RawField(NamedTuple):
    """What stands in one field of a file.

    kind: text, button, choice, signature, or empty where the file does not say. signed: a signature stands in it.
    drawn: its widget shows something, signed or not.
    values: what /V holds, one text or several; a name without its slash; empty when blank.
    shown: the on-states that its widgets' /AS show. hidden: states that a widget could show and does not.
    options: export value and label of each choice, or of each button by its place. chosen: places of a list in /I.
    rich: the text of /RV. odd: /V holds something that is neither text nor name.
    """

    kind: str
    values: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    chosen: tuple[int, ...] = ()
    rich: str | None = None
    signed: bool = False
    drawn: bool = False
    odd: bool = False


class Above(NamedTuple):
    """What a field takes from the fields above it (ISO 32000-2, table 226)."""

    kind: object = None
    value: object = None
    options: object = None


NOTHING_ABOVE = Above()


@dataclass(frozen=True)
class How:
    """How fields are read. drawn_anew: the form asks viewers to draw its fields, so that states may not be shown."""

    limits: Limits
    drawn_anew: bool


def raw_field(
    node: pikepdf.Object, above: Above, widgets: Sequence[pikepdf.Object], how: How, missing: str = ""
) -> RawField:
    """What stands in a field. widgets: its places on pages. missing: its kind, where the file does not say it.

    Raises SetAsideError too-large past a limit.
    """
    kind = kind_of(entry(node, _FT, above.kind)) or missing
    value = entry(node, _V, above.value)
    if kind == "button":
        return _button(node, value, above, widgets, how)
    if kind == "signature":
        return RawField(kind, signed=is_dictionary(value), drawn=any(map(is_drawn, widgets)))
    if value is None and any(key in node for key in _NEARLY_V):
        return RawField(kind, odd=True)
    texts, odd = stored_texts(value, how.limits) if value is not None else _BLANK
    if kind == "choice":
        options = choice_options(entry(node, _OPT, above.options), how.limits)
        return RawField(kind, texts, options=options, chosen=chosen_places(entry(node, _I)), odd=odd)
    if _RV in node:
        return RawField(kind, texts, rich=rich_text(node[_RV], how.limits), odd=odd)
    return RawField(kind, texts, odd=odd) if texts or odd or kind != "text" else _BLANK_TEXT


_BLANK: tuple[tuple[str, ...], bool] = ((), False)
_BLANK_TEXT = RawField("text")


def kind_of(type_: object) -> str:
    """text, button, choice, signature; empty where the file does not say. Two kinds are nearly all there is."""
    if type_ == _TX:
        return "text"
    if type_ == _BTN:
        return "button"
    return _KINDS.get(bytes(type_), "") if is_name(type_) else ""


def _button(node: pikepdf.Object, value: object, above: Above, widgets: Sequence[pikepdf.Object], how: How) -> RawField:
    """Radio buttons and ticks. Older Firefox keeps the value on a kid instead of the field (pdf.js #15228)."""
    texts, odd = _state(value, how.limits)
    if not texts:
        kept = [_state(widget[_V], how.limits)[0] for widget in widgets if _V in widget]
        texts = next((one for one in kept if one not in ((), _OFF)), ())
    shown = tuple([state for widget in widgets if (state := on_state(widget)) is not None])
    hidden: tuple[str, ...] = ()
    if texts and not shown and texts != _OFF and not how.drawn_anew and str_name(value):
        hidden = tuple(state for widget in widgets if _AS in widget for state in states_of(widget))
    options = entry(node, _OPT, above.options)
    if not (shown or hidden or options or odd):
        return _OFF_BUTTON if texts == _OFF else RawField("button", texts) if texts else _BLANK_BUTTON
    return RawField("button", texts, shown, hidden, choice_options(options, how.limits) if options else (), odd=odd)


_OFF = ("Off",)
_OFF_NAME = pikepdf.Name("/Off")
_OFF_BUTTON, _BLANK_BUTTON = RawField("button", _OFF), RawField("button")


def _state(value: object, limits: Limits) -> tuple[tuple[str, ...], bool]:
    """The texts of a button's value. Most are names, and most of these Off."""
    if value is None:
        return _BLANK
    return (_OFF, False) if value == _OFF_NAME else stored_texts(value, limits)


def str_name(value: object) -> str:
    """A PDF name with its slash; empty for anything else. Odd bytes become Latin-1 letters."""
    return bytes(value).decode("latin-1") if is_name(value) else ""
