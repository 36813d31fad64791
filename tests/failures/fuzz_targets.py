"""What a fuzzer feeds: bytes in, nothing out. Any error but those that a file may cause breaks the target.

Each target has what it starts from. The finds of earlier runs lie in finds/<target>/, one file each.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.check.small_project import APPLICATION, FORM_FILE, SCHEME, SCHEME_FILE, write_project
from tests.failures.hostile_files import PDFS
from tests.returned.made_pdf import KNOWN as SMALL
from tests.returned.made_pdf import VALUES, make_pdf, returned
from tests.returned.quirks.cases import CASES
from tests.returned.quirks.test_merged_forms import FORMS, KNOWN, filled
from tests.returned.test_mail import message
from tests.returned.test_sources import zipped

from schemebook.check.check import check_project
from schemebook.errors import Place, SetAsideError
from schemebook.returned.arrivals.sources import find_returned
from schemebook.returned.opening import set_aside
from schemebook.returned.returned_pdf import ReturnedPdf, SetAside
from schemebook.returned.submission import read_returned
from schemebook.scheme.project import load_project
from schemebook.scheme.templating import TemplateError, render_text

FINDS = Path(__file__).with_name("finds")
_SLOW = ("bomb", "large", "many", "million", "deep-arrays", "rich-text")
"""Hostile files that are no seeds: a limit ends them, and each takes the time of a hundred others."""
BROKEN_MAIL = str(set_aside("damaged", "damaged-mail"))
"""What is said of a message whose error nobody foresaw: here the error counts."""
FDF = (
    b"%FDF-1.2\n1 0 obj\n<</FDF<</Fields[<</T(name)/V(Ana)>><</T(met)/Kids[<</T(1)/Kids[<</T(on)/V[(x)(y)]>>]>>]>>]>>>>"
    b"\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass(frozen=True)
class Target:
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


@cache
def _folder() -> Path:
    """A place for one file at a time, in memory where the system has such a place. It stays until the process ends."""
    memory = Path("/dev/shm")
    held = tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory if memory.is_dir() else None)
    _HELD.append(held)
    return Path(held.name)


_HELD: list[tempfile.TemporaryDirectory[str]] = []


def _read(data: bytes) -> None:
    """A record that can be kept, or a reason."""
    try:
        found = read_returned(returned(_folder(), data), {**KNOWN, **SMALL})
    except SetAsideError:
        return
    for one in (found, *found.others):
        json.dumps([one.answers, [problem.text for problem in one.problems]], ensure_ascii=False).encode()
        json.dumps([part.as_json() for part in one.recovered], allow_nan=False)


def _pdfs() -> Iterator[bytes]:
    yield from (filled(name) for name in FORMS)
    yield make_pdf(VALUES)
    yield from (quirk.made() for quirk in CASES)
    yield from (make() for name, make in PDFS.items() if not any(word in name for word in _SLOW))


def _form_data() -> Iterator[bytes]:
    fields = "".join(f'<field name="{name}"><value>{value}</value></field>' for name, value in VALUES.items())
    yield f'<?xml version="1.0"?><xfdf><fields>{fields}</fields></xfdf>'.encode()
    yield FDF
    yield PDFS["entity-bomb"]()


def _find_in(name: str) -> Callable[[bytes], None]:
    """A file of that name: whatever is in it comes out with a name that can be stored, and nothing of ours stays."""

    def run(data: bytes) -> None:
        path = _folder() / name
        path.write_bytes(data)
        unpacked = _folder() / "unpacked"
        unpacked.mkdir(exist_ok=True)
        for one in find_returned([path], unpack_in=unpacked):
            one.name.encode()
            assert not isinstance(one, SetAside) or one.message != BROKEN_MAIL
            if isinstance(one, ReturnedPdf):
                assert one.letter is None or f"{one.letter.sender}{one.letter.message}".encode() is not None
                assert one.received.utcoffset() is not None
            one.discard()
        assert not any(unpacked.iterdir())

    return run


def _mails() -> Iterator[bytes]:
    inner = message(a_pdf=b"%PDF-1.7 one %%EOF")
    outer = message(b_zip=zipped({"c.pdf": b"%PDF-1.7 two %%EOF"}))
    outer.add_attachment(inner)
    for made in (inner.as_bytes(), outer.as_bytes()):
        yield made
        yield b"From a@b Tue Nov  3 09:30:02 2026\n" + made.replace(b"\r\n", b"\n")
    yield b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x; name*=utf-8''a%C4.pdf\n\n--x"


def _zips() -> Iterator[bytes]:
    yield zipped({"a.pdf": b"%PDF-1.7 one %%EOF", "b/c.pdf": b"%PDF-1.7 " + b"two" * 99})
    yield zipped({"a.zip": zipped({"b.eml": message(a_pdf=b"%PDF-1.7").as_bytes()})})


@cache
def _project() -> Path:
    root = _folder() / "project"
    root.mkdir()
    write_project(root)
    return root


def _configure(data: bytes) -> None:
    """A form's file, or a scheme's where the first byte is odd, beside files that are right."""
    file, before = (SCHEME_FILE, SCHEME) if data[:1] and data[0] % 2 else (FORM_FILE, APPLICATION)
    path = _project() / file
    path.write_bytes(data[1:])
    try:
        problems, notes = check_project(load_project(_project()))
        for said in (*problems, *notes):
            str(said).encode()
            assert "\n" not in str(said)
    finally:
        path.write_text(before, "utf-8")


def _configurations() -> Iterator[bytes]:
    yield b"0" + APPLICATION.encode()
    yield b"1" + SCHEME.encode()
    yield b"0form: &a {x: [1, 2]}\nfields: [*a, !!int 3, 'a', \"\\x41\", |\n  b\n]\n"


def _write(data: bytes) -> None:
    """A chapter with facts put in, or the line that says why not."""
    facts = {"rules": {"days": 30, "words": "x" * 30}, "roles": ["mentor", "mentee"], "form": lambda id: f"[{id}]"}
    try:
        render_text(data.decode("utf-8", "replace"), facts, Place("a.md")).encode("utf-8", "surrogatepass")
    except TemplateError as error:
        str(error).encode()


def _chapters() -> Iterator[bytes]:
    yield b"# About\n\nFor {{ rules.days }} days: {{ rules.words | default('x') }}.\n"
    yield b"{% for a in roles if a %}{{ a | upper }}{{ loop.index + 1 }}{% else %}x{% endfor %}{{ form('a') }}"
    yield b"{{ rules.days - 3 }}{% if rules.words == 'a' and not roles %}{{ roles[0] | join(', ') }}{% endif %}{# a #}"


TARGETS = {
    "pdf": Target(_read, _pdfs),
    "form-data": Target(_read, _form_data),
    "mail": Target(_find_in("a.eml"), _mails),
    "mbox": Target(_find_in("a.mbox"), _mails),
    "zip": Target(_find_in("a.zip"), _zips),
    "config": Target(_configure, _configurations),
    "chapter": Target(_write, _chapters),
}


def finds(name: str) -> list[Path]:
    """What earlier runs found."""
    return sorted(path for path in (FINDS / name).glob("*") if path.is_file())
