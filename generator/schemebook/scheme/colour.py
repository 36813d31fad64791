"""A scheme's one brand colour in, its whole palette out: tokens for light and dark, and the fixed state colours.

Every surface of a scheme (site, form, desk, report) takes its colours from here by the name of their
use, never by value. Colours are moved in OKLCH, which keeps the hue a person sees, and contrast is
measured as WCAG 2 measures it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

WHITE = "#FFFFFF"
GREY_CHROMA = 0.02
"""Under this a brand is a grey and has no hue of its own to keep."""
GREY_HUE = 250.0
STEP = 0.0025
READABLE = 4.5
"""WCAG 2.2, 1.4.3: the least ratio of running text to its ground."""
VISIBLE = 3.0
"""WCAG 2.2, 1.4.11: the least ratio of a sign to its ground."""

STATES = ("late", "due", "review", "waiting", "done")
STATES_LIGHT: Mapping[str, str] = MappingProxyType({
    "late": "#AB2621", "late-ground": "#FFEBE8",
    "due": "#105E92", "due-ground": "#E4F2FF",
    "review": "#71459D", "review-ground": "#F4ECFF",
    "waiting": "#7B5100", "waiting-ground": "#FFEDD6",
    "done": "#136842", "done-ground": "#E3F6EA",
})  # fmt: skip
STATES_DARK: Mapping[str, str] = MappingProxyType({
    "late": "#FB998C", "late-ground": "#3F221F",
    "due": "#78BFF9", "due-ground": "#172E40",
    "review": "#C9A3F5", "review-ground": "#30253D",
    "waiting": "#DDAE6C", "waiting-ground": "#382810",
    "done": "#7ECB9F", "done-ground": "#163223",
})  # fmt: skip
"""The same in every scheme. Hue alone does not tell them apart for every eye: a sign and a word go with each."""


class Oklch(NamedTuple):
    """A colour as the eye orders colours: lightness 0 to 1, chroma (0 is grey), hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    def at(self, lightness: float, most_chroma: float = math.inf) -> Oklch:
        """The same hue at another lightness, with its chroma clipped."""
        return Oklch(lightness, min(self.chroma, most_chroma), self.hue)


@dataclass(frozen=True)
class Palette:
    """The colours of one scheme, by the name of their use: token -> "#RRGGBB".

    Both mappings hold page, wash, tint, rule, ink, quiet, edge, link, deep, brand, on-brand, mark, solid,
    on-solid and ring.
    """

    light: Mapping[str, str]
    dark: Mapping[str, str]


@dataclass(frozen=True)
class BrandNote:
    """Why a brand colour carries no text of its own, and what stands in for it.

    key: the sentence's key in the catalogue. values: what the sentence puts in.
    """

    key: str
    values: Mapping[str, object]


def contrast(a: str, b: str) -> float:
    """The WCAG 2 contrast ratio of two colours "#RRGGBB", 1 to 21, whichever is the lighter."""
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def palette(colour: str, accent: str | None = None) -> Palette:
    """All colours of a scheme whose brand is `colour`; both arguments "#RRGGBB" in any case.

    `accent` only gives a hue where `colour` is a grey: greys then lean to it. A brand too pale for text is used as it
    is where it carries none (the band on top, the logo's tile); text, links and marks take a darker sibling of it.
    Raises ValueError on what is not a colour.
    """
    brand = _with_a_hue(_oklch(colour), _oklch(accent) if accent else None)
    light = _light(colour.upper(), brand)
    return Palette(MappingProxyType(light), MappingProxyType(_dark(light, brand)))


def brand_note(colour: str, accent: str | None = None) -> BrandNote | None:
    """What to tell a scheme owner whose brand is too pale for text on white; None where it is not."""
    ratio = contrast(colour, WHITE)
    if ratio >= READABLE:
        return None
    light = palette(colour, accent).light
    kept = light["solid"] == light["brand"]
    key = "colour.pale-brand-dark-text" if kept else "colour.pale-brand-darker-button"
    shown = math.floor(ratio * 10) / 10  # never told as better than it is
    return BrandNote(key, {"colour": colour, "ratio": f"{shown:.1f}", "link": light["link"], "button": light["solid"]})


def css_tokens(
    colours: Palette, light: str = ":root", dark: str = "[data-md-color-scheme=slate]", media: str = "screen"
) -> str:
    """The palette and the state colours as CSS custom properties, `--<token>`.

    light, dark: the selectors of the two. Dark is for the screen alone, so that a page printed from a
    dark screen comes out dark on white; `media` may ask for more of it, such as that the reader prefers dark.
    """
    return (
        f"{_block(light, {**colours.light, **STATES_LIGHT})}"
        f"@media {media} {{\n{_block(dark, {**colours.dark, **STATES_DARK})}}}\n"
    )


def _block(selector: str, tokens: Mapping[str, str]) -> str:
    return f"{selector} {{\n" + "".join(f"  --{token}: {value};\n" for token, value in tokens.items()) + "}\n"


def _with_a_hue(brand: Oklch, accent: Oklch | None) -> Oklch:
    """A grey brand leans to its accent as far as a grey may; without one it stays the grey it is."""
    if brand.chroma >= GREY_CHROMA:
        return brand
    if accent is not None and accent.chroma >= GREY_CHROMA:
        return Oklch(brand.lightness, GREY_CHROMA, accent.hue)
    return brand._replace(hue=GREY_HUE)


def _light(colour: str, brand: Oklch) -> dict[str, str]:
    tint, wash = _hex(brand.at(0.945, 0.028)), _hex(brand.at(0.976, 0.009))
    ink = _hex(brand.at(0.235, 0.028))
    link = _until(brand.at(min(brand.lightness, 0.56)), tint, 5.0, -STEP)
    solid, on_solid = _button(colour, brand, ink)
    return {
        "page": WHITE,
        "wash": wash,
        "tint": tint,
        "rule": _hex(brand.at(0.885, 0.022)),
        "ink": ink,
        "quiet": _until(brand.at(0.56, 0.0196), tint, 5.0, -STEP),
        "edge": _until(brand.at(0.66, 0.03), wash, 3.6, -STEP),
        "link": link,
        "deep": _until(brand.at(min(brand.lightness, 0.42), 0.11), tint, 8.0, -STEP),
        "brand": colour,
        "on-brand": _text_on(colour, ink),
        "mark": colour if contrast(colour, WHITE) >= VISIBLE else _until(brand, WHITE, 3.1, -STEP),
        "solid": solid,
        "on-solid": on_solid,
        "ring": link,
    }


def _dark(light: Mapping[str, str], brand: Oklch) -> dict[str, str]:
    page, wash, tint = _hex(brand.at(0.195, 0.016)), _hex(brand.at(0.235, 0.020)), _hex(brand.at(0.285, 0.034))
    link = _until(brand.at(max(brand.lightness, 0.72), 0.12), tint, 6.0, STEP)
    return {
        "page": page,
        "wash": wash,
        "tint": tint,
        "rule": _hex(brand.at(0.37, 0.030)),
        "ink": _hex(brand.at(0.935, 0.012)),
        "quiet": _until(brand.at(0.66, 0.022), tint, 5.2, STEP),
        "edge": _until(brand.at(0.5, 0.03), wash, 3.6, STEP),
        "link": link,
        "deep": _until(brand.at(0.86, 0.07), tint, 8.0, STEP),
        "brand": light["brand"],
        "on-brand": light["on-brand"],
        "mark": _until(brand.at(max(brand.lightness, 0.6)), page, 4.5, STEP),
        "solid": link,
        "on-solid": page,
        "ring": link,
    }


def _text_on(colour: str, ink: str) -> str:
    """White where it reads, else ink where that reads, else the better of the two."""
    for text in (WHITE, ink):
        if contrast(text, colour) >= READABLE:
            return text
    return max(WHITE, ink, key=lambda text: contrast(text, colour))


def _button(colour: str, brand: Oklch, ink: str) -> tuple[str, str]:
    """Ground and text of the one filled button."""
    text = _text_on(colour, ink)
    if contrast(text, colour) >= READABLE:
        return colour, text
    return _until(brand, WHITE, READABLE, -STEP), WHITE


def _until(start: Oklch, ground: str, target: float, step: float) -> str:
    """The first colour on the way from `start`, darker or lighter by `step`, that reaches the target on its ground."""
    lightness = start.lightness
    while contrast(colour := _hex(start.at(lightness)), ground) < target:
        lightness += step
    return colour


def _hex(colour: Oklch) -> str:
    """The colour in sRGB, with chroma given up until it fits."""
    if not _in_gamut(_linear_rgb(colour)):
        colour = colour._replace(chroma=_most_chroma(colour))
    return "#" + "".join(f"{round(_encode(min(1.0, max(0.0, c))) * 255):02X}" for c in _linear_rgb(colour))


def _most_chroma(colour: Oklch) -> float:
    fits, too_much = 0.0, colour.chroma
    for _ in range(24):
        middle = (fits + too_much) / 2
        if _in_gamut(_linear_rgb(colour._replace(chroma=middle))):
            fits = middle
        else:
            too_much = middle
    return fits


def _in_gamut(channels: tuple[float, float, float]) -> bool:
    return all(-1e-4 <= c <= 1.0001 for c in channels)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def _channels(colour: str) -> tuple[float, float, float]:
    """Linear red, green and blue, 0 to 1."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"{colour!r} is not a colour in the form #RRGGBB")
    red, green, blue = (_decode(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def _decode(channel: float) -> float:
    """SRGB to linear light, IEC 61966-2-1."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encode(channel: float) -> float:
    """Linear light to sRGB, IEC 61966-2-1."""
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _oklch(colour: str) -> Oklch:
    """Matrices of OKLab: https://bottosson.github.io/posts/oklab/."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _linear_rgb(colour: Oklch) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
