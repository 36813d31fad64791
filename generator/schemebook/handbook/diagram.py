"""A process's states and transitions in, an accessible SVG out. The same in words stands in a table beside it.

Graphviz lays out: the program that the package graphviz-pure brings, else the system's `dot`. What it draws is told
nothing about colour or letters: our own pass takes its presentation off, sets classes (a strict content security
policy refuses `style`), and gives the drawing a role, a title and a description.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from schemebook.errors import SchemebookError
from schemebook.scheme.model import Process, State, Transition
from schemebook.scheme.words import say, what_and_to_do

SVG = "http://www.w3.org/2000/svg"
TOO_LONG = 60
"""Seconds after which a layout is given up: a process of twenty states takes a hundredth of one."""
PAPER_WIDTH = 660
"""Units that a sheet holds across with letters of 9.6 points, which are 13 units."""
_PRESENTATION = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "style")


def process_svg(process: Process, title: str, name: str, *, down: bool = False) -> str:
    """The drawing as an <svg> element for a page. name: begins the ids of its title and description.

    down: from top to bottom, for a sheet of paper; otherwise from left to right.

    Raises SchemebookError where Graphviz is missing or fails.
    """
    drawn = _lay_out(dot_source(process, down=down))
    root = ElementTree.fromstring(_without_doctype(drawn))
    _classify(root, process)
    _strip(root)
    _name(root, title, _description(process), name)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def width_of(svg: str) -> float:
    """The width of a drawing in its own units; 0 where it says none."""
    found = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+)', svg)
    return float(found[1]) if found else 0


def dot_source(process: Process, *, down: bool = False) -> str:
    """The process as Graphviz reads it. Helvetica: the one face whose widths it knows everywhere; ours is narrower."""
    direction = "TB" if down else "LR"
    states = [f"{_quoted(id)} [label={_quoted(state.title)}]" for id, state in process.states.items()]
    ways = [
        f"{_quoted(way.from_)} -> {_quoted(way.to)} [label={_quoted(' ' + label_of(way) + ' ')}, "
        f"constraint={'false' if _leads_back(process, way) else 'true'}]"
        for way in process.transitions
    ]
    return "\n".join(
        [
            "digraph process {",
            f"graph [rankdir={direction}, nodesep=0.5, ranksep=0.5, margin=0, pad=0.05, bgcolor=transparent]",
            'node [shape=box, style=rounded, fontname=Helvetica, fontsize=13, height=0.42, margin="0.16,0.07"]',
            "edge [fontname=Helvetica, fontsize=11, arrowsize=0.6]",
            *states,
            *ways,
            "}",
        ]
    )


def label_of(way: Transition) -> str:
    """What stands on the arrow: the short label, else the whole case."""
    return way.label or way.when


def _leads_back(process: Process, way: Transition) -> bool:
    """A way back does not push its target to the right, so that the drawing keeps running forwards."""
    order = list(process.states)
    return order.index(way.to) < order.index(way.from_)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def graphviz() -> str:
    """The program that lays out. Raises SchemebookError where there is none."""
    own = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    found = own or shutil.which("dot")
    if not found:
        raise SchemebookError(*what_and_to_do("handbook.no-graphviz"))
    return found


@lru_cache(maxsize=64)
def _lay_out(source: str) -> str:
    program = graphviz()
    words = [program, "-Kdot", "-Tsvg"] if Path(program).stem != "dot" else [program, "-Tsvg"]
    try:
        done = subprocess.run(words, input=source, capture_output=True, text=True, encoding="utf-8", timeout=TOO_LONG)
    except subprocess.TimeoutExpired:
        raise SchemebookError(*what_and_to_do("handbook.graphviz-failed", reason=f"{TOO_LONG} s")) from None
    if done.returncode or "<svg" not in done.stdout:
        reason = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise SchemebookError(*what_and_to_do("handbook.graphviz-failed", reason=reason))
    return done.stdout


def _without_doctype(drawn: str) -> str:
    return re.sub(r"<!DOCTYPE[^>]*>", "", drawn[drawn.index("<svg") :])


def _classify(root: ElementTree.Element, process: Process) -> None:
    """Classes for the style sheet: what kind of state, and which ways are not the one hoped for."""
    ways: dict[str, list[Transition]] = {}
    for way in process.transitions:
        ways.setdefault(f"{way.from_}->{way.to}", []).append(way)
    for group in root.iter(f"{{{SVG}}}g"):
        name = group.findtext(f"{{{SVG}}}title", "")
        if group.attrib.get("class") == "node":
            group.set("class", " ".join(["node", *_state_classes(process.states[name])]))
        elif group.attrib.get("class") == "edge":
            group.set("class", "edge exception" if ways[name].pop(0).exception else "edge")


def _strip(root: ElementTree.Element) -> None:
    """Takes off colours, letters and tooltips; ids too, since a page may hold several drawings."""
    for element in list(root.iter()):
        for child in element.findall(f"{{{SVG}}}title"):
            element.remove(child)
        for name in _PRESENTATION:
            element.attrib.pop(name, None)
    for group in root.iter(f"{{{SVG}}}g"):
        group.attrib.pop("id", None)


def _state_classes(state: State) -> tuple[str, ...]:
    kinds = {"pair": ("pair",), "waiting": ("exception",), "end": ("end",), "left": ("end", "exception")}
    return kinds.get(state.kind, ())


def _description(process: Process) -> str:
    """The ways, one sentence each, for those who listen."""
    titles = {id: state.title for id, state in process.states.items()}
    said = [
        say("handbook.process-way", start=titles[way.from_], end=titles[way.to], when=way.when)
        for way in process.transitions
    ]
    return " ".join(said)


def _name(root: ElementTree.Element, title: str, description: str, name: str) -> None:
    for number, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = words
        root.insert(number, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("focusable", "false")
