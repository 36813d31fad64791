"""One value of a PDF field in; its texts, states, options or places out, in every form that programs write."""

from __future__ import annotations

import re
import zlib
from html import unescape
from typing import TypeGuard

import pikepdf

from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.text_strings import decode_text

_OFF = "Off"
_OFF_NAME, _FLATE = pikepdf.Name.Off, pikepdf.Name.FlateDecode
_AS, _AP, _N, _FILTER, _PARMS = (pikepdf.Name(key) for key in ("/AS", "/AP", "/N", "/Filter", "/DecodeParms"))


_ARRAY, _DICTIONARY, _STREAM, _NAME, _STRING = (
    pikepdf.ObjectType.array,
    pikepdf.ObjectType.dictionary,
    pikepdf.ObjectType.stream,
    pikepdf.ObjectType.name_,
    pikepdf.ObjectType.string,
)
_Object = pikepdf.Object


def is_dictionary(value: object) -> TypeGuard[pikepdf.Object]:
    """Whether a value is a dictionary. `isinstance` answers the same in three times the time; so do the next ones."""
    return type(value) is _Object and value._type_code is _DICTIONARY


def is_array(value: object) -> TypeGuard[pikepdf.Object]:
    """Whether a value is an array."""
    return type(value) is _Object and value._type_code is _ARRAY


def is_name(value: object) -> TypeGuard[pikepdf.Object]:
    """Whether a value is a name."""
    return type(value) is _Object and value._type_code is _NAME


def is_string(value: object) -> TypeGuard[pikepdf.Object]:
    """Whether a value is a string."""
    return type(value) is _Object and value._type_code is _STRING


def is_stream(value: object) -> TypeGuard[pikepdf.Object]:
    """Whether a value is a stream."""
    return type(value) is _Object and value._type_code is _STREAM


def entry(node: pikepdf.Object, key: pikepdf.Name, missing: object = None) -> object:
    """What stands in a dictionary under a key.

    A `get` of a key that is not there costs ten times as much as asking first, and one by a Name that is made already
    half as much as one by text: together a quarter of the time of reading a form.
    """
    return node[key] if key in node else missing  # noqa: SIM401


def items(value: object, limits: Limits, what: str, most: int = 0) -> list[object]:
    """The items of an array; none for anything else.

    Raises SetAsideError too-large where there are more than `most`, else than the limit of fields.
    """
    if not is_array(value):
        return []
    most = most or limits.fields
    if len(value) > most:
        raise set_aside("too-large", "too-large-inside", limit=what, most=most)
    return list(value)


def stored_texts(value: object, limits: Limits) -> tuple[tuple[str, ...], bool]:
    """The texts of a /V: of a string, a name, a stream, a number or an array of them; and whether it was odd.

    Blank values (nothing, an empty string, nothing but a byte-order mark, an empty array) give none.
    Raises SetAsideError too-large for a value past the limit.
    """
    if value is None:
        return (), False
    code = value._type_code if type(value) is _Object else None
    if code is _STRING and len(raw := bytes(value)) <= limits.value_bytes:  # type: ignore[call-overload]
        text: str | None = decode_text(raw)
        return ((text,), False) if text else ((), False)
    if code is not _ARRAY:
        text = _text(value, limits)
        return (text,) if text else (), text is None
    found = [_text(one, limits) for one in items(value, limits, "answers in one field")]
    return tuple(one for one in found if one), any(one is None for one in found)


def _text(value: object, limits: Limits) -> str | None:
    """The text of one value, or None where it is none. A name comes without its slash (`/mentee`, `(/mentee)`)."""
    if is_string(value):
        return decode_text(_bounded(bytes(value), limits))
    if is_name(value):
        return decode_text(bytes(value)[1:])
    if is_stream(value):
        return decode_text(stream_bytes(value, limits.value_bytes, "bytes of one answer"))
    if isinstance(value, pikepdf.Object) or value is None:
        return None
    return str(value)


def _bounded(raw: bytes, limits: Limits) -> bytes:
    if len(raw) > limits.value_bytes:
        raise set_aside("too-large", "too-large-inside", limit="bytes of one answer", most=limits.value_bytes)
    return raw


def stream_bytes(stream: pikepdf.Object, most: int, limit: str) -> bytes:
    """A stream's bytes, inflated no further than `most`. Raises SetAsideError too-large past it."""
    how = entry(stream, _FILTER)
    if is_array(how) and len(how) == 1:
        how = how[0]
    if how == _FLATE and _PARMS not in stream:
        try:
            found = zlib.decompressobj().decompress(stream.read_raw_bytes(), most + 1)
        except zlib.error:
            raise set_aside("damaged") from None
    else:
        found = stream.read_bytes()
    if len(found) > most:
        raise set_aside("too-large", "too-large-inside", limit=limit, most=most)
    return found


def on_state(widget: pikepdf.Object) -> str | None:
    """The state that a button shows, None when it is off. Only Off means off."""
    if _AS not in widget:
        return None
    state = widget[_AS]
    if state == _OFF_NAME or not is_name(state):
        return None
    found = decode_text(bytes(state)[1:])
    return None if found == _OFF else found


def states_of(widget: pikepdf.Object) -> tuple[str, ...]:
    """The on-states that a button has a drawing for."""
    drawings = entry(widget, _AP)
    normal = entry(drawings, _N) if is_dictionary(drawings) else None
    if not is_dictionary(normal):
        return ()
    found = (decode_text(str(key)[1:].encode("utf-8", "surrogateescape")) for key in normal)
    return tuple(state for state in found if state != _OFF)


def is_drawn(widget: pikepdf.Object) -> bool:
    """Whether a widget's drawing shows letters or a picture: its appearance has a font or an image to draw with."""
    drawings = entry(widget, _AP)
    normal = entry(drawings, _N) if is_dictionary(drawings) else None
    resources = normal.get("/Resources") if is_stream(normal) else None
    return is_dictionary(resources) and ("/Font" in resources or "/XObject" in resources)


def choice_options(value: object, limits: Limits) -> tuple[tuple[str, str], ...]:
    """The options of /Opt as pairs of export value and label; one text is both."""
    found = []
    for one in items(value, limits, "options"):
        texts, _ = stored_texts(one, limits)
        found.append((texts[0], texts[-1]) if texts else ("", ""))
    return tuple(found)


def chosen_places(value: object) -> tuple[int, ...]:
    """The places that /I names, counted from 0."""
    if not is_array(value):
        return ()
    found: list[object] = list(value)
    return tuple(one for one in found if type(one) is int and one >= 0)


_BREAK = re.compile(r"<(?:/p|br ?/?)>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")


def rich_text(value: object, limits: Limits) -> str | None:
    """The words of /RV (rich text beside /V), without its markup; None where there is none."""
    if value is None:
        return None
    texts, _ = stored_texts(value, limits)
    return unescape(_MARKUP.sub("", _BREAK.sub("\n", texts[0]))) if texts else ""
