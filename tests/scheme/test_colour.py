"""One brand colour gives a palette in which everything reads: the worked examples of the look, and a run over many."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from schemebook.scheme.colour import (
    STATES,
    STATES_DARK,
    STATES_LIGHT,
    Palette,
    brand_note,
    contrast,
    css_tokens,
    palette,
)
from schemebook.scheme.words import say

TOKENS = (
    *("page", "wash", "tint", "rule", "ink", "quiet", "edge", "link", "deep"),
    *("brand", "on-brand", "mark", "solid", "on-solid", "ring"),
)

# brand: link, deep, mark, edge, quiet, wash, tint, rule; dark page, tint, ink, link, mark
WORKED = {
    "#1E6B52": (
        "#1E6B52 #00513B #1E6B52 #70877D #5A6862 #F2F9F6 #DCF3E9 #CCDED6",
        "#0E1713 #183027 #E2ECE8 #70B89C #489076",
    ),
    "#0B7285": (
        "#036F82 #004E5C #0B7285 #6D868C #58676B #F1F9FB #D9F2F9 #CADDE2",
        "#0C1719 #142E35 #E1ECEE #5FB4C8 #358DA1",
    ),
    "#3B4FA3": (
        "#3B4FA3 #314182 #3B4FA3 #7B8194 #606470 #F5F7FD #E6ECFF #D3D9E8",
        "#12151C #23293B #E6E9F2 #8BA4F4 #627AD3",
    ),
    "#E3A71B": (
        "#825D00 #5C4100 #BE8900 #8B806E #6A6358 #FAF7F0 #F6EBD8 #E1D8C9",
        "#19140D #332816 #EEE9E1 #D9AA51 #E3A71B",
    ),
    "#C2335B": (
        "#B92A54 #782A3C #C2335B #937B7F #6F6062 #FDF5F6 #FFE6E9 #E7D3D6",
        "#1B1213 #392326 #F1E6E8 #EC8A9C #D94A6E",
    ),
}


@pytest.mark.parametrize("brand", WORKED)
def test_the_worked_palettes_come_out(brand: str) -> None:
    made = palette(brand)
    light = [made.light[token] for token in ("link", "deep", "mark", "edge", "quiet", "wash", "tint", "rule")]
    dark = [made.dark[token] for token in ("page", "tint", "ink", "link", "mark")]
    assert (" ".join(light), " ".join(dark)) == WORKED[brand]


def brands() -> Iterator[str]:
    drawn = random.Random(20260101)
    yield from (f"#{drawn.randrange(1 << 24):06X}" for _ in range(1400))
    yield from ("#FF0000", "#00FF00", "#0000FF", "#FFFF00", "#00FFFF", "#FF00FF", "#FFFFFF", "#000000")
    yield from (f"#{level:02X}{level:02X}{level:02X}" for level in range(2, 255, 3))
    yield from WORKED


def short_of_target(made: Palette) -> list[str]:
    """What of a palette reads worse than promised: a token on its ground."""
    light, dark = made.light, made.dark
    wanted = [
        (light, "ink", "tint", 11.6),
        (light, "quiet", "tint", 5.0),
        (light, "link", "tint", 5.0),
        (light, "link", "page", 5.0),
        (light, "deep", "tint", 8.0),
        (light, "edge", "wash", 3.6),
        (light, "mark", "page", 3.0),
        (light, "on-solid", "solid", 4.5),
        *((light, "edge", ground, 3.0) for ground in ("page", "wash", "tint")),
        (dark, "ink", "tint", 7.0),
        (dark, "quiet", "tint", 5.2),
        (dark, "link", "tint", 6.0),
        (dark, "deep", "tint", 8.0),
        (dark, "edge", "wash", 3.6),
        (dark, "mark", "page", 4.5),
        (dark, "on-solid", "solid", 7.5),
        *((dark, "edge", ground, 3.0) for ground in ("page", "wash", "tint")),
    ]
    return [
        f"{token} on {ground}: {contrast(tokens[token], tokens[ground]):.2f} of {target}"
        for tokens, token, ground, target in wanted
        if contrast(tokens[token], tokens[ground]) < target
    ]


def test_every_target_is_held_by_every_brand() -> None:
    tried = list(brands())
    assert len(tried) > 1490
    fell_short = {brand: short for brand in tried if (short := short_of_target(palette(brand)))}
    assert not fell_short


def test_every_target_is_held_by_every_grey_that_leans_to_an_accent() -> None:
    greys = [f"#{level:02X}{level:02X}{level:02X}" for level in range(0, 256, 5)]
    fell_short = {
        (grey, accent): short
        for grey in greys
        for accent in WORKED
        if (short := short_of_target(palette(grey, accent)))
    }
    assert not fell_short


def test_every_token_is_there_in_both_modes_and_is_a_colour() -> None:
    made = palette("#1e6b52")
    assert sorted(made.light) == sorted(made.dark) == sorted(TOKENS)
    assert all(re.fullmatch("#[0-9A-F]{6}", value) for value in [*made.light.values(), *made.dark.values()])


def test_the_brand_itself_is_never_bent() -> None:
    assert {palette(brand).light["brand"] for brand in brands()} == set(brands())


def test_an_accent_gives_a_grey_brand_its_hue_and_no_other() -> None:
    assert palette("#808080", "#C2335B") != palette("#808080")
    assert palette("#808080", "#444444") == palette("#808080")
    assert palette("#1E6B52", "#C2335B") == palette("#1E6B52")


def test_a_palette_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        palette("#1E6B52").light["link"] = "#000000"  # type: ignore[index]


@pytest.mark.parametrize("wrong", ["1E6B52", "#1E6", "green", "#GGGGGG", ""])
def test_what_is_not_a_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        palette(wrong)


@pytest.mark.parametrize("brand", ["#1E6B52", "#C2335B", "#000000"])
def test_a_brand_that_reads_on_white_gives_no_note(brand: str) -> None:
    assert brand_note(brand) is None


def test_a_pale_brand_gives_a_note_with_what_stands_in_for_it() -> None:
    told = brand_note("#E3A71B")
    assert told is not None
    assert say(told.key, **told.values) == (
        "#E3A71B reads 2.1 : 1 on white; links use #825D00, buttons carry dark text"
    )


def test_a_brand_on_which_neither_white_nor_ink_reads_gets_a_darker_button() -> None:
    between = [brand for brand in brands() if palette(brand).light["solid"] != palette(brand).light["brand"]]
    assert between, "the run holds such colours"
    for brand in between:
        told = brand_note(brand)
        assert told is not None and told.key == "colour.pale-brand-darker-button"
        assert palette(brand).light["solid"] in say(told.key, **told.values)


def test_a_ratio_is_never_told_as_better_than_it_is() -> None:
    for brand in brands():
        told = brand_note(brand)
        assert told is None or float(str(told.values["ratio"])) <= contrast(brand, "#FFFFFF") < 4.5


@pytest.mark.parametrize(("tokens", "least"), [(STATES_LIGHT, 6.0), (STATES_DARK, 6.5)])
def test_states_read_on_their_grounds(tokens: dict[str, str], least: float) -> None:
    assert {state: contrast(tokens[state], tokens[f"{state}-ground"]) >= least for state in STATES} == dict.fromkeys(
        STATES, True
    )


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


def test_css_gives_every_token_for_both_modes_and_dark_to_the_screen_alone() -> None:
    css = css_tokens(palette("#1E6B52"), ':root[data-scheme="x"]', ".dark")
    screen, dark = css.split("@media screen {")
    for token in [*TOKENS, *STATES_LIGHT]:
        assert css.count(f"  --{token}: #") == 2
    assert screen.startswith(':root[data-scheme="x"] {')
    assert "--link: #1E6B52;" in screen and "--link: #70B89C;" in dark
    assert dark.lstrip().startswith(".dark {")
