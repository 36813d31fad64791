"""YAML that its parser refuses in; the slip that people usually made there, in words and at its own place, out.

The parser tells where it could not go on, which may be a line after the slip, and in words of its grammar. Each of the
slips here is looked for where it is told; what is none of them keeps the parser's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from schemebook.errors import Place, Problem
from schemebook.scheme.words import problem

_MERGE = re.compile(r"(?:<{7}|>{7}) ")
_HARD_SPACE = re.compile(r"[ ]*(?P<sign>[\u00a0\u1680\u2000-\u200f\u202f\u205f\u3000\ufeff])")
_BULLET = re.compile(r" *(?P<sign>[–—−‐‑•·*])[ \u00a0]")
_COLON_IN_TEXT = re.compile(r" *(?:- +)?[^\s:'\"\[{][^:]*:[ ]+[^'\"\[{|>\s].*?(?P<sign>:)(?:[ ]|$)")
_AFTER_QUOTES = re.compile(r" *(?:- +)?(?:[^\s:'\"][^:]*:[ ]+)?(?:\"[^\"]*\"|'[^']*')[ ]*(?P<sign>[^\s#,:\]}])")
_REMARK = re.compile(r"[ ]#(?=[^\s#])")
"""A sign for a remark with a letter right behind it, as in *problem #1*: more likely meant as text."""


@dataclass(frozen=True)
class _Refusal:
    """Where the parser could not go on, and where what it was reading began; lines and columns from 0."""

    file: str
    lines: list[str]
    said: str
    line: int
    column: int
    begun: tuple[int, int]

    def nearby(self) -> Iterator[tuple[int, str]]:
        """The line where it could not go on and the last one above that holds anything, with their numbers."""
        for number in (self.line, *(one for one in range(self.line - 1, -1, -1) if self.text(one).strip())):
            yield number, self.text(number)
            if number != self.line:
                return

    def text(self, line: int) -> str:
        return self.lines[line] if line < len(self.lines) else ""

    def told(self, key: str, line: int, column: int, **values: object) -> Problem:
        return problem(Place(self.file, line + 1, column + 1), f"scheme.{key}", **values)

    def sign(self, key: str, pattern: re.Pattern[str]) -> Problem | None:
        """A sign of a line nearby that is not what it looks like."""
        for number, text in self.nearby():
            if found := pattern.match(text):
                return self.told(key, number, found.start("sign"), sign=found["sign"])
        return None


def explained(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """What is wrong, told as the slip that it probably is."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return problem(Place(file), "scheme.bad-yaml", reason=(error.problem or "").rstrip("."))
    start = error.context_mark or mark
    said = (error.problem or "").rstrip(".")
    refusal = _Refusal(file, text.splitlines(), said, mark.line, mark.column, (start.line, start.column))
    found = (slip(refusal) for slip in _SLIPS)
    other = refusal.told("bad-yaml", refusal.line, refusal.column, reason=said)
    return next((one for one in found if one), other)


def _tab(refusal: _Refusal) -> Problem | None:
    line = refusal.text(refusal.line)
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return refusal.told("tab-in-indent", refusal.line, line.index("\t"))
    return None


def _merge(refusal: _Refusal) -> Problem | None:
    """The parser may go on some lines beyond the first sign of a merge."""
    for number in range(min(refusal.line + 1, len(refusal.lines))):
        if _MERGE.match(refusal.lines[number]):
            return refusal.told("merge-left", number, 0)
    return None


def _hard_space(refusal: _Refusal) -> Problem | None:
    return refusal.sign("hard-space", _HARD_SPACE)


def _bullet(refusal: _Refusal) -> Problem | None:
    return refusal.sign("bullet", _BULLET)


def _not_closed(refusal: _Refusal) -> Problem | None:
    """A bracket that is open at the end of its line and runs into what stands below, or a quotation mark."""
    line, column = refusal.begun
    text = refusal.text(line)
    sign = text[column : column + 1]
    if sign in ("'", '"') and "end of stream" in refusal.said:
        return refusal.told("quotes-not-closed", line, column, sign=sign)
    if sign and sign in "[{" and "did not find expected ','" in refusal.said:
        closing = "]" if sign == "[" else "}"
        if text.count(sign, column) > text.count(closing, column) and refusal.line > line:
            return refusal.told("not-closed", line, column, sign=sign)
    return None


def _no_colon(refusal: _Refusal) -> Problem | None:
    if refusal.said != "could not find expected ':'":
        return None
    return refusal.told("no-colon", *refusal.begun)


def _colon_in_text(refusal: _Refusal) -> Problem | None:
    if not refusal.said.startswith("mapping values are not allowed"):
        return None
    text = refusal.text(refusal.line)
    if _COLON_IN_TEXT.match(text):
        return refusal.told("colon-in-text", refusal.line, refusal.column)
    indent, *above = (len(line) - len(line.lstrip()) for _, line in refusal.nearby())
    return refusal.told("too-far-in", refusal.line, indent) if above and above[0] < indent else None


def _begins_with_sign(refusal: _Refusal) -> Problem | None:
    said = refusal.said
    if said == "found character that cannot start any token":
        line, column = refusal.line, refusal.column
    elif said == "did not find expected alphabetic or numeric character":
        line, column = refusal.begun
    else:
        return None
    sign = refusal.text(line)[column : column + 1]
    return refusal.told("begins-with-sign", line, column, sign=sign) if sign else None


def _text_after_quotes(refusal: _Refusal) -> Problem | None:
    if not refusal.said.startswith("did not find expected"):
        return None
    found = _AFTER_QUOTES.match(refusal.text(refusal.line))
    if found and found.start("sign") <= refusal.column:
        return refusal.told("text-after-quotes", refusal.line, refusal.column)
    return None


def _indent(refusal: _Refusal) -> Problem | None:
    text = refusal.text(refusal.line)
    at_its_start = refusal.column == len(text) - len(text.lstrip())
    if at_its_start and refusal.said in ("did not find expected '-' indicator", "did not find expected key"):
        return refusal.told("indent-of-none", refusal.line, refusal.column)
    return None


_SLIPS: tuple[Callable[[_Refusal], Problem | None], ...] = (
    _merge,
    _tab,
    _hard_space,
    _bullet,
    _not_closed,
    _no_colon,
    _colon_in_text,
    _begins_with_sign,
    _text_after_quotes,
    _indent,
)


def lines_with_remarks(text: str) -> dict[int, int]:
    """Line, from 0 -> where in it a sign for a remark stands that may have been meant as text."""
    if " #" not in text:
        return {}
    found = {}
    for number, line in enumerate(text.split("\n")):
        if not line.lstrip().startswith("#") and (remark := _REMARK.search(line)):
            found[number] = remark.start() + 1
    return found
