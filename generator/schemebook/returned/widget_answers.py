"""Raw fields and the published widgets in; what each widget answers out, and where the file contradicts itself.

/V is read first, then /AS; drawings and rich text are witnesses and never the source (ISO 32000-2, 12.7.4.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from schemebook.returned.raw_field import RawField
from schemebook.scheme.meaning import Widget

KIND_OF = {"text": "text", "radio": "button", "tick": "button", "drop-down": "choice", "signature": "signature"}
"""Widget kind -> kind of PDF field."""

OFF = "Off"
SIGNED, DRAWN, BY_HAND = "signed", "drawn", "by-hand"
"""What a signature widget answers: a signature stands in it; or only a drawing of one (a typed name, by `fill`); or a
person who looked at it says that it was signed by hand."""

Doubt = Literal["disagreement", "unknown-option", "unreadable", "not-shown", "only-drawn", "unclear-mark"]
"""not-shown: the value says on and every box shows off, as simple libraries leave it; told, and no reason to review.
Of print alone: only-drawn (ink without letters), unclear-mark (a tick that may be none)."""


class WidgetAnswer(NamedTuple):
    """What one widget answers: its text, its option's id, or a tick's on state; None when blank or off.

    doubt: why it may not be what was meant. stood: what stands in the file where that is not the answer.
    """

    value: str | None = None
    doubt: Doubt | None = None
    stood: str | None = None


_BLANK = WidgetAnswer()


def copies_of_type(widget: Widget, copies: tuple[RawField, ...]) -> Sequence[RawField]:
    """The copies of a field that are of the widget's type; none means that the file lost the field."""
    wanted = KIND_OF[widget.kind]
    if len(copies) == 1 and copies[0].kind == wanted:
        return copies  # of most fields
    return [copy for copy in copies if copy.kind == wanted]


def answer_of(widget: Widget, copies: Sequence[RawField], labels: Mapping[str, str]) -> WidgetAnswer:
    """What a widget answers, its copies taken together. labels: option id -> words, of the published edition.

    A blank copy beside a filled one says nothing; two filled ones that differ are a disagreement, and the later
    one is taken: a program that saves widgets of its own leaves the form's list as it was (macOS 26.5).
    """
    if len(copies) == 1:
        return _one(widget, copies[0], labels)
    found = [_one(widget, copy, labels) for copy in copies]
    filled = [one for one in found if one.value is not None or one.doubt]
    if not filled:
        return _BLANK
    taken = filled[-1]
    if len({one.value for one in filled}) > 1:
        others = [one.value for one in filled[:-1] if one.value not in (None, taken.value)]
        return WidgetAnswer(taken.value, "disagreement", others[0] if others else taken.stood)
    return taken


def _one(widget: Widget, raw: RawField, labels: Mapping[str, str]) -> WidgetAnswer:
    if widget.kind == "text":
        return _text(raw)
    if widget.kind == "tick":
        return _tick(widget, raw)
    if widget.kind == "radio":
        return _radio(widget, raw)
    if widget.kind == "drop-down":
        return _drop_down(widget, raw, labels)
    return WidgetAnswer(SIGNED if raw.signed else DRAWN if raw.drawn else None)


def _text(raw: RawField) -> WidgetAnswer:
    if not raw.odd and raw.rich is None and len(raw.values) <= 1:
        return WidgetAnswer(raw.values[0]) if raw.values else _BLANK
    text = "\n".join(raw.values) if raw.values else None
    if raw.odd:
        return WidgetAnswer(text, "unreadable")
    if raw.rich is not None and _folded(raw.rich) != _folded(text or ""):
        return WidgetAnswer(text, "disagreement", raw.rich) if text else WidgetAnswer(raw.rich, "disagreement")
    return _BLANK if text is None else WidgetAnswer(text)


_SPACE = re.compile(r"[\s\u200b\ufeff]+")


def _folded(text: str) -> str:
    return _SPACE.sub("", text)


def _tick(widget: Widget, raw: RawField) -> WidgetAnswer:
    """Any state but Off is on: programs write 1, On, Ja, No. What the box shows must not contradict it."""
    on = widget.options[0]
    said = raw.values[0] if raw.values else None
    if raw.odd:
        return WidgetAnswer(on if raw.shown else None, "unreadable")
    if said is None:
        return WidgetAnswer(on) if raw.shown else _BLANK
    if said == OFF:
        return WidgetAnswer(on, "disagreement", OFF) if raw.shown else _BLANK
    if raw.hidden and not raw.shown:
        return WidgetAnswer(on, "not-shown" if said in raw.hidden else "disagreement", None if said == on else OFF)
    return WidgetAnswer(on)


def _radio(widget: Widget, raw: RawField) -> WidgetAnswer:
    """The option of a group, in every form that programs write; of two shown, /V decides and it is told."""
    shown = {option for state in raw.shown if (option := _option(state, widget, raw)) is not None}
    said = raw.values[0] if raw.values else None
    option = None if said in (None, OFF) else _option(str(said), widget, raw)
    if option is not None:
        other = next((one for one in sorted(shown) if one != option), None)
        if other is not None:
            return WidgetAnswer(option, "disagreement", other)
        return WidgetAnswer(option, "not-shown") if option in raw.hidden else WidgetAnswer(option)
    if len(shown) == 1:
        (only,) = shown
        return WidgetAnswer(only, "disagreement", OFF) if said == OFF else WidgetAnswer(only)
    if shown:
        first, second, *_ = sorted(shown)
        return WidgetAnswer(first, "disagreement", second)
    if raw.odd:
        return WidgetAnswer(None, "unreadable")
    stood = said if said not in (None, OFF) else next(iter(raw.shown), None)
    return _BLANK if stood is None else WidgetAnswer(None, "unknown-option", stood)


def _option(state: str, widget: Widget, raw: RawField) -> str | None:
    """The option that a state means: its id, with a slash or without; or a place in /Opt (12.7.5.2.4)."""
    state = state.removeprefix("/")
    if state in widget.options:
        return state
    if raw.options and state.isdecimal() and len(state) < 4 and int(state) < len(raw.options):
        return next((one for one in raw.options[int(state)] if one in widget.options), None)
    return None


def _drop_down(widget: Widget, raw: RawField, labels: Mapping[str, str]) -> WidgetAnswer:
    """The option by its export value, its label in the file or as published, or its place in /I."""
    if raw.odd:
        return WidgetAnswer(None, "unreadable")
    said = [value for value in raw.values if value.strip()]
    if not said:
        places = [place for place in raw.chosen if place < len(raw.options)]
        said = [raw.options[place][0] for place in places[:1] if raw.options[place][0]]
    if not said:
        return _BLANK
    by_words = {words: option for option, words in labels.items()}
    by_words |= {_words(label): export for export, label in raw.options if export in widget.options}
    found = [value if value in widget.options else by_words.get(_words(value)) for value in said]
    if found[0] is None:
        return WidgetAnswer(None, "unknown-option", said[0])
    if len(set(found)) > 1:
        return WidgetAnswer(found[0], "disagreement", said[1])
    return WidgetAnswer(found[0])


def _words(label: str) -> str:
    return " ".join(label.split())
