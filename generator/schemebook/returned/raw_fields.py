"""An open PDF in; every field by its full name with what stands in it, quirks of viewers still to be read.

The field tree is walked first, then the annotations of every page: programs leave widgets that the tree
does not list. Each object is visited once, so doubled or circular /Kids end, and nothing recurses.
What the answers are is for submission.py: only the published form knows what an option is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import pikepdf

from schemebook.returned.actions import catalogue_starts, has_action, plays
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.raw_field import NOTHING_ABOVE, Above, How, RawField, kind_of, raw_field, str_name
from schemebook.returned.stored_values import entry, is_dictionary, is_string, items
from schemebook.returned.text_strings import decode_text

_T, _FT, _V, _KIDS, _OPT = (pikepdf.Name(key) for key in ("/T", "/FT", "/V", "/Kids", "/Opt"))
_PARENT, _SUBTYPE = pikepdf.Name("/Parent"), pikepdf.Name("/Subtype")
_ANNOTS, _A, _AA, _PAGES = (pikepdf.Name(key) for key in ("/Annots", "/A", "/AA", "/Pages"))
_ACROFORM, _FIELDS, _XFA = (pikepdf.Name(key) for key in ("/AcroForm", "/Fields", "/XFA"))
_CONTENTS, _NEED_APPEARANCES = pikepdf.Name("/Contents"), pikepdf.Name("/NeedAppearances")
_WRITTEN_NOTES = {"/FreeText", "/Ink", "/Stamp"}
_COMMENTED = {"/Text", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Line", "/Square", "/Circle"}
"""These say something where a comment stands in them (ISO 32000-2, 12.5.6)."""
_SHORT = 200
"""Bytes of a name that is remembered."""


@dataclass(frozen=True)
class RawForm:
    """All fields of a file. Copies of one name stand in the order found: the tree's first, then those of the pages.

    unlisted: names found on pages only. notes: how many free texts, drawings and stamps lie on the pages.
    comments: how many other notes with words of their own. files_inside: a file hangs on a page, as a note.
    pages: how many there are. has_xfa: the answers stand in the file a second time, in XFA. active: a script, or
    something else that starts by itself.
    """

    fields: dict[str, tuple[RawField, ...]]
    unlisted: frozenset[str] = frozenset()
    notes: int = 0
    comments: int = 0
    files_inside: bool = False
    pages: int = 0
    has_xfa: bool = False
    active: bool = False


@dataclass
class _Walk:
    """The state of one walk: what was seen, what was found."""

    how: How
    seen: set[tuple[int, int]] = field(default_factory=set)
    found: dict[str, list[RawField]] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    count: int = 0
    notes: int = 0
    comments: int = 0
    files_inside: bool = False
    active: bool = False

    def takes(self, node: pikepdf.Object) -> bool:
        """Count an object that comes for the first time; direct objects (0, 0) always do, and cannot be circular."""
        place = node.objgen
        if place[0]:
            if place in self.seen:
                return False
            self.seen.add(place)
        if _A in node or _AA in node:
            self.active = self.active or has_action(node)
        self.count += 1
        if self.count > self.how.limits.fields:
            raise set_aside("too-large", "too-large-inside", limit="fields", most=self.how.limits.fields)
        return True


def read_raw_fields(pdf: pikepdf.Pdf, limits: Limits) -> RawForm:
    """Every field of a file. Raises SetAsideError too-large past a limit; pikepdf.PdfError where the file is broken."""
    root = pdf.Root
    form = _dictionary(entry(root, _ACROFORM))
    walk = _Walk(How(limits, form is not None and entry(form, _NEED_APPEARANCES) == True))  # noqa: E712
    if form is not None:
        _walk_tree(walk, items(entry(form, _FIELDS), limits, "fields"))
    pages = 0
    for page in pages_of(pdf, limits):
        pages += 1
        walk.active = walk.active or has_action(page)
        if _ANNOTS in page:
            _walk_annotations(walk, items(entry(page, _ANNOTS), limits, "notes on a page"))
    return RawForm(
        fields={name: tuple(copies) for name, copies in walk.found.items()},
        unlisted=frozenset(walk.unlisted),
        notes=walk.notes,
        comments=walk.comments,
        files_inside=walk.files_inside,
        pages=pages,
        has_xfa=form is not None and _XFA in form,
        active=walk.active or catalogue_starts(root),
    )


def fields_of_tree(listed: object, limits: Limits) -> dict[str, tuple[RawField, ...]]:
    """The fields of a list by their full names, as `read_raw_fields` gives those of a form."""
    walk = _Walk(How(limits, drawn_anew=True))
    _walk_tree(walk, items(listed, limits, "fields"))
    return {name: tuple(copies) for name, copies in walk.found.items()}


def _dictionary(value: object) -> pikepdf.Object | None:
    return value if is_dictionary(value) else None


def _walk_tree(walk: _Walk, listed: Iterable[object]) -> None:
    waiting = deque((node, "", NOTHING_ABOVE, 1) for node in listed)
    while waiting:
        node, above, inherited, depth = waiting.popleft()
        if not is_dictionary(node) or not walk.takes(node):
            continue
        if depth > walk.how.limits.depth:
            raise set_aside("too-large", "too-large-inside", limit="levels of fields", most=walk.how.limits.depth)
        name = _full_name(above, node)
        if _KIDS not in node:
            _keep(walk, name, node, inherited, (node,))
            continue
        inherited = _inherit(node, inherited)
        kids, widgets, rewritten = _kids(walk, node)
        waiting.extendleft((kid, name, inherited, depth + 1) for kid in reversed(kids))
        if widgets or not kids:
            _keep(walk, name, node, inherited, widgets)
        for kid in rewritten:
            _keep(walk, name, kid, inherited._replace(value=None), [kid])


class _Kids(NamedTuple):
    """What stands below a field: fields, its widgets, and widgets that were rewritten as fields of its name."""

    fields: list[pikepdf.Object]
    widgets: list[pikepdf.Object]
    rewritten: list[pikepdf.Object]


def _kids(walk: _Walk, node: pikepdf.Object) -> _Kids:
    """What stands below a field: a kid with a name of its own is a field (12.7.4.2).

    Apple Preview writes the chosen button of a group anew with the group's own name, /FT and /V, and without /Parent
    (mozilla/pdf.js#17159): that is no field below, but the group's newest answer.
    """
    found = _Kids([], [], [])
    for kid in items(entry(node, _KIDS), walk.how.limits, "fields"):
        if not is_dictionary(kid):
            continue
        if _T not in kid:
            if walk.takes(kid):
                found.widgets.append(kid)
        elif _PARENT not in kid and _SUBTYPE in kid and _full_name("", kid) == _full_name("", node):
            if walk.takes(kid):
                found.rewritten.append(kid)
        else:
            found.fields.append(kid)
    return found


def _full_name(above: str, node: pikepdf.Object) -> str:
    try:
        own = node[_T]
    except KeyError:
        return above
    name = _name_of(bytes(own)) if is_string(own) else ""
    return f"{above}.{name}" if above else name


def _name_of(raw: bytes) -> str:
    return _short_name(raw) if len(raw) <= _SHORT else decode_text(raw)


@lru_cache(maxsize=4096)
def _short_name(raw: bytes) -> str:
    """Files of one form have the same names."""
    return decode_text(raw)


def _inherit(node: pikepdf.Object, above: Above) -> Above:
    return Above(
        entry(node, _FT, above.kind),
        entry(node, _V, above.value),
        entry(node, _OPT, above.options),
    )


def _keep(walk: _Walk, name: str, node: pikepdf.Object, inherited: Above, widgets: Sequence[pikepdf.Object]) -> None:
    walk.found.setdefault(name, []).append(raw_field(node, inherited, widgets, walk.how))


def pages_of(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[pikepdf.Object]:
    """Every page in its order, each once, whatever the tree is like. Raises SetAsideError too-large past a limit."""
    waiting: deque[tuple[object, int]] = deque([(entry(pdf.Root, _PAGES), 1)])
    nodes: set[tuple[int, int]] = set()
    pages = 0
    while waiting:
        node, depth = waiting.popleft()
        if not is_dictionary(node) or node.objgen in nodes:
            continue
        if node.objgen[0]:
            nodes.add(node.objgen)
        if depth > limits.depth:
            raise set_aside("too-large", "too-large-inside", limit="levels of pages", most=limits.depth)
        if _KIDS in node:
            kids = items(entry(node, _KIDS), limits, "pages", limits.pages)
            waiting.extendleft((kid, depth + 1) for kid in reversed(kids))
            continue
        pages += 1
        if pages > limits.pages:
            raise set_aside("too-large", "too-large-inside", limit="pages", most=limits.pages)
        yield node


def _walk_annotations(walk: _Walk, annotations: Iterable[object]) -> None:
    strays: dict[tuple[int, int], tuple[pikepdf.Object, list[pikepdf.Object]]] = {}
    seen = walk.seen
    for number, one in enumerate(annotations):
        if not isinstance(one, pikepdf.Object) or one.objgen in seen or not is_dictionary(one):
            continue
        walk.takes(one)
        subtype = str_name(entry(one, _SUBTYPE))
        if subtype in _WRITTEN_NOTES:
            walk.notes += 1
        elif subtype in _COMMENTED:
            said = entry(one, _CONTENTS)
            walk.comments += is_string(said) and bool(decode_text(bytes(said)).strip())
        elif subtype == "/FileAttachment":
            walk.files_inside = True
        elif plays(subtype.encode("latin-1")):
            walk.active = True
        elif subtype == "/Widget":
            owner = _owner(one, walk.how.limits)
            place = owner.objgen if owner.objgen[0] else (-number, 0)
            strays.setdefault(place, (owner, []))[1].append(one)
    for owner, widgets in strays.values():
        _keep_stray(walk, owner, widgets)


def _owner(widget: pikepdf.Object, limits: Limits) -> pikepdf.Object:
    """The field that a widget belongs to: itself, or the first one above it with a name."""
    node = widget
    for _ in range(limits.depth):
        if _T in node:
            return node
        above = entry(node, _PARENT)
        if not is_dictionary(above):
            break
        node = above
    return widget


def _keep_stray(walk: _Walk, owner: pikepdf.Object, widgets: list[pikepdf.Object]) -> None:
    """Keep a field that only a page leads to, with what it inherits from above."""
    name, inherited = _from_above(owner, walk.how.limits)
    if name not in walk.found:
        walk.unlisted.add(name)
    _keep(walk, name, owner, inherited, widgets)


def _from_above(owner: pikepdf.Object, limits: Limits) -> tuple[str, Above]:
    """The full name of a field, and what it inherits, by the fields that it says are above it."""
    above: list[pikepdf.Object] = []
    node = entry(owner, _PARENT)
    while is_dictionary(node) and len(above) < limits.depth:
        above.append(node)
        node = entry(node, _PARENT)
    name, inherited = "", Above()
    for node in reversed(above):
        name, inherited = _full_name(name, node), _inherit(node, inherited)
    return _full_name(name, owner), inherited


def field_above(widget: pikepdf.Object, limits: Limits) -> tuple[pikepdf.Object, str, str]:
    """The field that a widget belongs to, its full name and its kind; empty ones where the file does not say."""
    owner = _owner(widget, limits)
    name, inherited = _from_above(owner, limits)
    type_ = entry(owner, _FT, inherited.kind)
    return owner, name, kind_of(type_)


def fields_of_one(widgets: Iterable[pikepdf.Object], kind: str, limits: Limits) -> tuple[RawField, ...]:
    """What stands in the widgets of one published field, a copy each where they belong to different objects.

    kind: what the field is, for widgets that have lost the field above them. Those have one value together.
    """
    walk = _Walk(How(limits, drawn_anew=True))
    groups: dict[object, tuple[pikepdf.Object, list[pikepdf.Object]]] = {}
    for number, widget in enumerate(widgets):
        owner = _owner(widget, limits)
        place: object = owner.objgen if owner.objgen[0] else -number
        groups.setdefault(place if _T in owner else "lost", (owner, []))[1].append(widget)
    return tuple(
        raw_field(owner, _from_above(owner, limits)[1], held, walk.how, kind) for owner, held in groups.values()
    )
