"""An open PDF in; which published form it is out: by its claim, else by its fields.

What a file says of itself only names one of the published editions. Nothing else in it is believed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
from itertools import chain
from typing import Any

import pikepdf

from schemebook.form_pdf.descriptor import CLAIM_FILE, Claim, FormDescriptor
from schemebook.returned.limits import Limits
from schemebook.returned.opening import set_aside
from schemebook.returned.stored_values import entry, is_dictionary, is_stream, is_string, items, stream_bytes
from schemebook.returned.text_strings import decode_text

_AF, _EF, _F, _UF, _NAMES, _KIDS = (pikepdf.Name(key) for key in ("/AF", "/EF", "/F", "/UF", "/Names", "/Kids"))
_EMBEDDED = pikepdf.Name("/EmbeddedFiles")
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_EDITION = re.compile(r"[0-9a-f]{8}")
_TOKEN = re.compile(r"[A-Z2-7]{8}")
_KEYS = {"schemebook", "scheme", "form", "version", "edition"}
_LONGEST_NUMBER = 9


class _NoClaim(ValueError):
    """What is attached under the claim's name is none."""


def read_claims(pdf: pikepdf.Pdf, limits: Limits) -> tuple[Claim, ...]:
    """What a file says of itself, from its associated files schemebook.json; several in a file merged from several.

    Raises SetAsideError: too-large past a limit, unpublished-form for a claim of a kind that we do not know.
    """
    found: dict[Claim, None] = {}
    for raw in dict.fromkeys(_attached(pdf, limits)):
        try:
            found[parse_claim(raw, limits)] = None
        except _NoClaim:
            continue
    return tuple(found)


def parse_claim(raw: bytes, limits: Limits) -> Claim:
    """The claim in some bytes: strict JSON in UTF-8, without NaN, repeated keys, long numbers or deep brackets."""
    return _parsed(raw, limits.claim_depth)


@lru_cache(maxsize=256)
def _parsed(raw: bytes, most_deep: int) -> Claim:
    """Copies that were not issued to anybody have the same claim in all files of a form."""
    try:
        text = raw.decode("utf-8")
        if _depth(text) > most_deep:
            raise set_aside("too-large", "too-large-inside", limit="levels of its claim", most=most_deep)
        said = json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse, parse_int=_short_number)
    except (ValueError, RecursionError):
        raise _NoClaim from None
    if not isinstance(said, dict) or "schemebook" not in said:
        raise _NoClaim
    claim = _as_claim(said)
    if claim is None:
        raise set_aside("unpublished-form")
    return claim


def _as_claim(said: dict[str, Any]) -> Claim | None:
    if type(said["schemebook"]) is not int or said["schemebook"] != 1 or not _KEYS <= set(said) <= {*_KEYS, "token"}:
        return None
    scheme, form, version, edition = (said[key] for key in ("scheme", "form", "version", "edition"))
    token = said.get("token")
    if not (isinstance(scheme, str) and isinstance(form, str) and type(version) is int and isinstance(edition, str)):
        return None
    if not (scheme + form).isprintable():  # halves of letters cannot even be written
        return None
    if not _EDITION.fullmatch(edition) or ("token" in said and not _is_token(token)):
        return None
    return Claim(scheme, form, version, edition, token)


def _is_token(token: object) -> bool:
    return isinstance(token, str) and _TOKEN.fullmatch(token) is not None


def _depth(text: str) -> int:
    """How deep brackets lie inside one another, strings left out."""
    if text.count("{") + text.count("[") <= 1:
        return 1
    depth = deepest = 0
    for letter in _STRINGS.sub("", text):
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NoClaim
    return found


def _refuse(constant: str) -> None:
    raise _NoClaim


def _short_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _NoClaim
    return int(digits)


def _attached(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[bytes]:
    """The bytes of every file attached under the claim's name: associated files first, else the list of attachments.

    `pdf.attachments` is not used: it raises KeyError for names that its own iterator gave.
    """
    associated = items(entry(pdf.Root, _AF), limits, "attached files")
    for spec in _claim_files(associated) or _claim_files(_named_files(pdf, limits)):
        held = entry(spec, _EF)
        stream = (held[_F] if _F in held else entry(held, _UF)) if is_dictionary(held) else None
        if is_stream(stream):
            yield stream_bytes(stream, limits.claim_bytes, "bytes of its claim")


def _claim_files(specs: Iterable[object]) -> list[pikepdf.Object]:
    return [one for one in specs if is_dictionary(one) and _is_claim_file(one)]


def _is_claim_file(spec: pikepdf.Object) -> bool:
    names = (entry(spec, _UF), entry(spec, _F))
    return any(is_string(name) and decode_text(bytes(name)) == CLAIM_FILE for name in names)


def _named_files(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[object]:
    """The file specifications of the /EmbeddedFiles name tree (ISO 32000-2, 7.9.6), each node once."""
    names = entry(pdf.Root, _NAMES)
    waiting: list[object] = [entry(names, _EMBEDDED)] if is_dictionary(names) else []
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) <= limits.fields:
        node = waiting.pop()
        if not is_dictionary(node) or node.objgen in seen:
            continue
        if node.objgen[0]:
            seen.add(node.objgen)
        yield from items(entry(node, _NAMES), limits, "attached files")[1::2]
        waiting += items(entry(node, _KIDS), limits, "attached files")


def has_other_files(pdf: pikepdf.Pdf, limits: Limits) -> bool:
    """Whether files are attached inside a PDF beside its claim, as in a portfolio. None of them is opened."""
    associated = items(entry(pdf.Root, _AF), limits, "attached files")
    attached = chain(associated, _named_files(pdf, limits))
    return any(is_dictionary(one) and not _is_claim_file(one) for one in attached)


def recognise(claim: Claim | None, names: Set[str], known: Mapping[str, FormDescriptor]) -> FormDescriptor:
    """The published edition that a file is.

    claim: what it says of itself. names: the full names of its fields. known: what is published, by edition id.
    Without a claim the one published form that has just these fields is taken; the caller marks that for review.
    Raises SetAsideError: unpublished-form, no-fields (with a claim: a flattened return), not-ours.
    """
    if claim is not None:
        found = known.get(claim.edition)
        if found is None or (found.claim.scheme, found.claim.form, found.claim.version) != _names(claim):
            raise set_aside("unpublished-form")
        if not names:
            raise set_aside("no-fields", "flattened")
        return found
    if not names:
        raise set_aside("no-fields")
    alike = {_names(one.claim): one for one in known.values() if one.names == names}
    if len(alike) != 1:
        raise set_aside("not-ours")
    return next(iter(alike.values()))


def _names(claim: Claim) -> tuple[str, str, int]:
    return claim.scheme, claim.form, claim.version
