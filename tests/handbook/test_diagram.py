"""A process in, an accessible drawing out."""

from __future__ import annotations

import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest

from schemebook.errors import SchemebookError
from schemebook.handbook import diagram
from schemebook.handbook.diagram import SVG, process_svg
from schemebook.scheme.model import Process

STATES = {
    "applied": {"title": 'Applied, "first"', "kind": "start"},
    "waiting": {"title": "Waiting list", "kind": "waiting"},
    "matched": {"title": "Matched", "kind": "pair"},
    "done": {"title": "Done & dusted", "kind": "end"},
    "left": {"title": "Withdrawn", "kind": "left"},
}
WAYS = [
    {"from": "applied", "to": "matched", "when": "a mentor is found", "label": "found"},
    {"from": "applied", "to": "waiting", "when": "no mentor is free", "exception": "yes"},
    {"from": "waiting", "to": "matched", "when": "a place opens"},
    {"from": "matched", "to": "waiting", "when": "it does not fit", "exception": "yes"},
    {"from": "matched", "to": "done", "when": "six months have passed"},
    {"from": "matched", "to": "done", "when": "the goal is reached", "exception": "yes"},
    {"from": "matched", "to": "left", "when": "one of the two stops"},
]


@pytest.fixture
def process() -> Process:
    return Process.model_validate({"states": STATES, "transitions": WAYS})


@pytest.fixture
def drawn(process: Process) -> ElementTree.Element:
    return ElementTree.fromstring(process_svg(process, "Ways through <it>", "process"))


def classes(drawn: ElementTree.Element, kind: str) -> list[str]:
    groups = (group.get("class", "") for group in drawn.iter(f"{{{SVG}}}g"))
    return [name for name in groups if name.split()[0] == kind]


def test_the_drawing_is_an_image_with_a_name_and_a_description(drawn: ElementTree.Element) -> None:
    assert drawn.get("role") == "img"
    ids = drawn.get("aria-labelledby", "").split()
    named = {element.get("id"): element.text for element in drawn if element.get("id")}
    assert list(named) == ids
    assert named["process-title"] == "Ways through <it>"
    assert all(way["when"] in (named["process-desc"] or "") for way in WAYS)


def test_every_state_and_way_is_drawn_with_its_words(drawn: ElementTree.Element) -> None:
    texts = [text.text for text in drawn.iter(f"{{{SVG}}}text")]
    assert {state["title"] for state in STATES.values()} <= set(texts)
    assert {way.get("label", way["when"]) for way in WAYS} <= {(text or "").strip() for text in texts}


def test_states_and_ways_carry_classes_for_the_style_sheet(drawn: ElementTree.Element) -> None:
    assert classes(drawn, "node") == ["node", "node exception", "node pair", "node end", "node end exception"]
    assert sorted(classes(drawn, "edge")) == ["edge"] * 4 + ["edge exception"] * 3


def test_nothing_of_the_drawing_speaks_of_colour_or_letters(drawn: ElementTree.Element) -> None:
    told = {name for element in drawn.iter() for name in element.attrib}
    assert not told & {"style", "fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size"}


def test_the_only_tooltip_is_the_name_of_the_whole(drawn: ElementTree.Element) -> None:
    assert len(list(drawn.iter(f"{{{SVG}}}title"))) == 1


def test_the_same_process_is_drawn_the_same_twice(process: Process) -> None:
    diagram._lay_out.cache_clear()
    first = process_svg(process, "x", "p")
    diagram._lay_out.cache_clear()
    assert process_svg(process, "x", "p") == first


def test_the_own_program_draws_where_the_path_is_empty(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    diagram._lay_out.cache_clear()
    assert "graphviz-pure" in diagram.graphviz()
    assert "<svg" in process_svg(process, "x", "p")


def test_without_the_own_program_the_systems_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dot = tmp_path / "dot"
    dot.write_text("#!/bin/sh\n", "utf-8")
    dot.chmod(dot.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path / "nothing"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert diagram.graphviz() == str(dot)


def test_without_any_program_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SchemebookError, match="graphviz-pure"):
        diagram.graphviz()


def test_a_program_that_fails_is_told_with_its_reason(
    process: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "dot"
    broken.write_text("#!/bin/sh\necho 'no such layout' >&2\nexit 3\n", "utf-8")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(diagram, "graphviz", lambda: str(broken))
    diagram._lay_out.cache_clear()
    with pytest.raises(SchemebookError, match="no such layout"):
        process_svg(process, "x", "p")
    diagram._lay_out.cache_clear()
