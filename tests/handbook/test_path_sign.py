"""Stages in, the path out: where one line becomes two, and which sign each stage has."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.handbook.small_project import SCHEME, write_project

from schemebook.handbook.path_sign import Station, actor, mini, rail, segment, sign, stations
from schemebook.scheme.model import Scheme


def scheme_with(folder: Path, *who: str, pair: bool = True) -> Scheme:
    """A scheme whose stages are acted by these."""
    text = SCHEME if pair else SCHEME.replace("pair: [mentee, mentor]\n", "")
    scheme = write_project(folder, scheme=text).scheme("lighthouse")
    made = [scheme.stages[0].model_copy(update={"id": f"s{n}", "who": one}) for n, one in enumerate(who)]
    return scheme.model_copy(update={"stages": tuple(made)})


def shape(path: tuple[Station, ...]) -> list[tuple[str, int, int, bool]]:
    return [(one.actor, one.before, one.after, one.joins) for one in path]


def test_one_line_becomes_two_where_the_pair_meets(tmp_path: Path) -> None:
    path = stations(scheme_with(tmp_path, "mentee", "keeper", "both", "mentor", "both"))
    assert shape(path) == [
        ("first", 0, 1, False),
        ("other", 1, 1, False),
        ("both", 2, 2, True),
        ("second", 2, 2, False),
        ("both", 2, 0, False),
    ]


def test_a_pair_that_begins_together_has_two_lines_and_nobody_joins(tmp_path: Path) -> None:
    path = stations(scheme_with(tmp_path, "both", "both"))
    assert shape(path) == [("both", 0, 2, False), ("both", 2, 0, False)]


def test_a_scheme_without_pairs_draws_one_line(tmp_path: Path) -> None:
    path = stations(scheme_with(tmp_path, "mentee", "both", "keeper", pair=False))
    assert shape(path) == [("first", 0, 1, False), ("first", 1, 1, False), ("other", 1, 0, False)]
    assert not any(one.joins for one in path)


def test_a_pair_that_never_meets_draws_one_line(tmp_path: Path) -> None:
    assert {one.after for one in stations(scheme_with(tmp_path, "mentee", "mentor", "keeper"))} == {0, 1}


def test_a_single_stage_has_a_sign_and_no_end_bar(tmp_path: Path) -> None:
    (one,) = stations(scheme_with(tmp_path, "mentee"))
    assert "sb-bar" not in rail(one, "") and "sb-dot" in rail(one, "")


def test_those_who_act_have_a_sign_each(tmp_path: Path) -> None:
    scheme = scheme_with(tmp_path, "mentee")
    assert [actor(scheme, who) for who in ("mentee", "mentor", "both", "keeper")] == [
        "first", "second", "both", "other",
    ]  # fmt: skip
    assert len({sign(who) for who in ("first", "second", "both", "other")}) == 4


@pytest.mark.parametrize("draw", [rail, segment])
def test_a_piece_is_xml_hidden_from_listeners_and_styled_by_class_alone(tmp_path: Path, draw: object) -> None:
    path = stations(scheme_with(tmp_path, "mentee", "keeper", "both", "mentor", "both"))
    for one in path:
        root = ElementTree.fromstring(draw(one, "mentor & <friend> joins"))  # type: ignore[operator]
        assert root.get("aria-hidden") == "true"
        assert not {"style", "fill", "stroke"} & {name for element in root.iter() for name in element.attrib}


def test_the_second_line_comes_in_with_its_word(tmp_path: Path) -> None:
    joining = stations(scheme_with(tmp_path, "mentee", "both", "both"))[1]
    assert "mentor joins" in rail(joining, "mentor joins") and "mentor joins" in segment(joining, "mentor joins")


def test_a_long_case_of_a_fork_is_left_to_the_text(tmp_path: Path) -> None:
    short = Station("other", 1, 1, fork="no mentor is free")
    long = Station("other", 1, 1, fork="the keepers cannot find anybody who lives near enough")
    assert "no mentor is free" in segment(short, "")
    assert "sb-fork-line" in segment(long, "") and "<text" not in segment(long, "")


def test_the_mini_path_fills_the_current_station(tmp_path: Path) -> None:
    path = stations(scheme_with(tmp_path, "mentee", "keeper", "both", "both"))
    for current in range(len(path)):
        drawn = ElementTree.fromstring(mini(path, current))
        kinds = [element.get("class", "").split() for element in drawn.iter() if element is not drawn]
        assert sum("current" in kind for kind in kinds) == 1
