"""A scheme's stages in, the sign that holds a handbook together out: the path, as SVG.

Two people are two lines: one while the first of the pair is alone; where the pair meets, a second line curves in; both
run side by side to an end bar. Each stage draws its own piece, across (front page) or down (path page), so that the
pieces stretch with the text beside them and no letter is scaled. The drawing is hidden from those who listen: the list
it stands in says the same.

Measures are CSS pixels. Colours and widths of lines come from the style sheet by class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from schemebook.scheme.model import Scheme, Stage, leading_roles

Actor = Literal["first", "second", "both", "other"]
"""The one who begins alone, the other of the pair, both together, and everybody else (the office)."""

GAP = 16
"""Between the two lines."""
MOST_ACROSS = 5
"""More stages than this stand one below another on the front page too."""
LONGEST_NOTE = 30
"""Letters of a case that fit under its dashed line."""


@dataclass(frozen=True)
class Station:
    """One stage as the path draws it."""

    actor: Actor
    before: int
    """How many lines lead to it: 0, 1 or 2."""
    after: int
    """How many lead on."""
    joins: bool = False
    """Whether the second of the pair comes in here."""
    fork: str | None = None
    """The case in which it does not end as hoped."""

    @property
    def last(self) -> bool:
        return self.after == 0


def stations(scheme: Scheme) -> tuple[Station, ...]:
    """The path of a scheme, one station a stage."""
    meets = _meeting(scheme)
    last = len(scheme.stages) - 1
    found = []
    for number, stage in enumerate(scheme.stages):
        joins = number == meets and number > 0
        before = 0 if number == 0 else 2 if number > meets else 1
        after = 0 if number == last else 2 if number >= meets else 1
        fork = stage.forks[0].if_ if stage.forks else None
        found.append(Station(actor(scheme, stage.who), 2 if joins else before, after, joins, fork))
    return tuple(found)


def _meeting(scheme: Scheme) -> int:
    """The position of the first stage that the pair goes through together; past the end where there is none."""
    together = (number for number, stage in enumerate(scheme.stages) if _is_together(scheme, stage))
    return next(together, len(scheme.stages))


def _is_together(scheme: Scheme, stage: Stage) -> bool:
    return scheme.pair is not None and stage.who == "both"


def actor(scheme: Scheme, who: str) -> Actor:
    """Which sign stands for a role, or for `both`.

    Without pairs the first sign is the first role's that takes part, and the second that of the others who do.
    """
    first, second = leading_roles(scheme)
    if who == "both":
        return "both" if scheme.pair else "first"
    return "first" if who == first else "second" if who in second else "other"


def sign(who: Actor) -> Markup:
    """The sign of one who acts, as it stands beside the word."""
    drawn = {
        "first": '<circle class="sb-dot" cx="8" cy="8" r="6.5"/>',
        "second": '<circle class="sb-ring" cx="8" cy="8" r="5.4"/>',
        "both": '<circle class="sb-ring" cx="8" cy="8" r="5.6"/><circle class="sb-dot" cx="8" cy="8" r="2.4"/>',
        "other": '<rect class="sb-square" x="2" y="2" width="12" height="12" rx="2"/>',
    }[who]
    return _svg("sb-sign", drawn, box="0 0 16 16")


def rail(station: Station, joins: str) -> Markup:
    """The piece of the path beside a stage, running down. joins: what stands where the second of the pair comes in."""
    top = 38 if station.joins else 0
    at = top + 16
    drawn = []
    if station.joins:
        drawn += [_line(22, 0, 22, at), f'<path class="sb-line" d="M56 18C56 38 38 32 38 {at}"/>']
        drawn += ['<circle class="sb-ring" cx="56" cy="12" r="6.5"/>', _note(70, 17, joins)]
    elif station.before:
        drawn += [_line(x, 0, x, at) for x in (22, 22 + GAP)[: station.before]]
    drawn += [_line(x, at, x, "100%") for x in (22, 22 + GAP)[: station.after]]
    drawn.append(_stop(station, at, lines=max(station.before, station.after)))
    return _svg("sb-rail", "".join(drawn))


def _stop(station: Station, at: int, lines: int) -> str:
    if station.last and station.before:
        left, right = (12, 48) if lines == 2 else (10, 34)
        return f'<path class="sb-bar" d="M{left} {at}H{right}"/>'
    if station.actor == "both" and lines == 2:
        box = f'<rect class="sb-capsule" x="14.5" y="{at - 12}" width="31" height="24" rx="12"/>'
        return box + f'<circle class="sb-dot" cx="30" cy="{at}" r="4.6"/>'
    return _single(station.actor, 22 + GAP if station.actor == "second" and lines == 2 else 22, at)


def _single(who: Actor, x: int, y: int) -> str:
    if who == "other":
        return f'<rect class="sb-square" x="{x - 9}" y="{y - 9}" width="18" height="18" rx="3"/>'
    if who == "second":
        return f'<circle class="sb-ring" cx="{x}" cy="{y}" r="7"/>'
    return f'<circle class="sb-dot" cx="{x}" cy="{y}" r="8.5"/>'


UPPER, LOWER = 42, 58
"""Where the two lines run in a piece across; the first of the pair goes below."""


def segment(station: Station, joins: str) -> Markup:
    """The piece of the path above a stage on the front page, running from left to right, 98 px high."""
    drawn = []
    if station.joins:
        drawn += [f'<path class="sb-line" d="M-108 12C-40 12 -50 {UPPER} 10 {UPPER}"/>', _line(-4, LOWER, 10, LOWER)]
        drawn += ['<circle class="sb-ring" cx="-114" cy="12" r="6.5"/>', _note(-128, 17, joins, end=True)]
    drawn += [_line(8, y, "100%", y) for y in (LOWER, UPPER)[: station.after]]
    if station.fork and station.after == 1:  # later a way round leads back, and the text says where
        drawn.append(_arc(station))
    drawn.append(_stop_across(station))
    return _svg("sb-segment", "".join(drawn))


def _arc(station: Station) -> str:
    """The way round, drawn dashed under the line, with its case where that is short."""
    note = _note(36, 82, station.fork or "") if len(station.fork or "") <= LONGEST_NOTE else ""
    down = f'<path class="sb-fork-line" d="M8 {LOWER + 12}C8 90 20 90 44 90"/>'
    return down + '<line class="sb-fork-line" x1="44" y1="90" x2="96%" y2="90"/>' + note


def _stop_across(station: Station) -> str:
    lines = max(station.before, station.after)
    if station.last and station.before:
        top, bottom = (UPPER - 8, LOWER + 8) if lines == 2 else (LOWER - 12, LOWER + 12)
        return f'<path class="sb-bar" d="M8 {top}V{bottom}"/>'
    if station.actor == "both" and lines == 2:
        box = '<rect class="sb-capsule" x="-3" y="37" width="22" height="26" rx="11"/>'
        return box + '<circle class="sb-dot" cx="8" cy="50" r="4.2"/>'
    return _single(station.actor, 8, UPPER if station.actor == "second" and lines == 2 else LOWER)


def mini(path: tuple[Station, ...], current: int) -> Markup:
    """The whole path in 150 x 18 px with one station filled; what it says stands in words beside it."""
    step = 138 / max(len(path) - 1, 1)
    xs = [8 + step * number for number in range(len(path))]
    meets = next((number for number, one in enumerate(path) if one.before == 2 or one.after == 2), len(path))
    drawn = [f'<path class="sb-line ahead" d="M{xs[current]:.1f} 11H146"/>']
    drawn.append(f'<path class="sb-line" d="M8 11H{xs[current]:.1f}"/>')
    if meets < len(path):
        drawn.append(f'<path class="sb-line{" ahead" if meets >= current else ""}" d="M{xs[meets]:.1f} 7H146"/>')
    for number, (x, one) in enumerate(zip(xs, path, strict=True)):
        kind = " current" if number == current else " ahead" if number > current else ""
        if one.last and number:
            drawn.append(f'<path class="sb-line{kind}" d="M146 2V16"/>')
        elif one.actor == "both" and number >= meets:
            drawn.append(f'<rect class="sb-capsule{kind}" x="{x - 5.5:.1f}" y="3" width="11" height="13" rx="5.5"/>')
        else:
            drawn.append(f'<circle class="sb-ring{kind}" cx="{x:.1f}" cy="11" r="4"/>')
    return _svg("sb-mini", "".join(drawn), box="0 0 150 18")


def _line(x1: int, y1: int, x2: int | str, y2: int | str) -> str:
    return f'<line class="sb-line" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _note(x: int, y: int, words: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="sb-path-note" x="{x}" y="{y}"{anchor}>{escape(words)}</text>'


def _svg(name: str, drawn: str, box: str | None = None) -> Markup:
    view = f' viewBox="{box}"' if box else ""
    return Markup(f'<svg class="{name}"{view} aria-hidden="true" focusable="false">{drawn}</svg>')
