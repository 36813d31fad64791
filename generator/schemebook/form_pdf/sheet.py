"""Edition name in, the measures of its sheet out: paper, sizes of type, heights of boxes. Millimetres and points."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from types import MappingProxyType

_SPANS = {None: 0, "third": 2, "half": 3, "two-thirds": 4, "full": 6}
LEAST_LINES = 3
"""The lines that a box for long text has at least."""


@dataclass(frozen=True)
class Sheet:
    """What one edition measures. Lengths in millimetres, sizes of type in points."""

    width: float = 210
    height: float = 297
    side: float = 18
    top: float = 25
    bottom: float = 24
    columns: int = 6
    """Of the grid that fields stand in: a full width is always six of them, fewer where everything is full width."""
    gutter: float = 6

    header_ascent: float = 6.4
    header_tile: float = 8
    header_room: float = 78
    """For the scheme's name."""
    footer_descent: float = 4.4
    code_room: float = 22.6
    """From the page's right edge to where the footer's words end."""
    form_room: float = 66
    """In the footer, for the form's name and version."""
    small_print: float = 10.04
    """The base line of edition and code in words, from the page's lower edge."""

    text: float = 10
    label: float = 9.5
    hint: float = 8.5
    intro: float = 10.5
    title: float = 22
    heading: float = 13
    row_title: float = 10.5
    """Of a table's row, where its answers stand under it."""
    header_name: float = 10
    running: float = 8.5
    """Header and the criteria of a table's rows."""
    footer: float = 8
    form_name: float = 8
    """Form and version, in the footer."""
    code_text: float = 7.5
    signature_text: float = 13

    leading: float = 0.52
    """Between lines of running text, in em."""
    spread: float = 1
    """How much wider than usual everything stands apart."""
    measure: float = 150
    """The longest line of running text that reads well."""

    box: float = 7
    box_gap: float = 1.5
    """Between label and box."""
    box_inset: float = 0.9
    """Between the frame one sees and the widget inside it."""
    hint_gap: float = 1.4
    row_gap: float = 4.2
    tick: float = 4.2
    pitch: float = 7
    prose_row: float = 15
    mark_row: float = 7.6
    signature: float = 14

    words_a_line: float = 16
    """Running English at full width."""
    line: float = 4.5
    area_padding: float = 3.2
    question: float = 29.825
    """Kept on a page for a question, over a box as high as the page allows."""
    whole_width_only: bool = False
    """One column: every question takes the whole width, and the rows of a table stand one below another."""
    greys: bool = False
    """Without colour: of the scheme's, and of the answers."""
    answers: str = "0.106 0.173 0.451"
    """What is typed: blue-black, at least 9 : 1 on every wash, and never taken for the form's own print. Red, green and
    blue from 0 to 1, as an operator takes them."""

    @property
    def text_width(self) -> float:
        """Between the side margins."""
        return self.width - 2 * self.side

    @property
    def text_height(self) -> float:
        """Between the top and bottom margins."""
        return self.height - self.top - self.bottom

    def span_width(self, span: int) -> float:
        """The width of so many of the grid's six columns."""
        return (self.text_width - 5 * self.gutter) / 6 * span + (span - 1) * self.gutter

    def area_height(self, words: int, width: float, least_lines: int = LEAST_LINES) -> float:
        """The height of a box in which `words` words of running English fit at that width; a page's height at most."""
        return min(self._needed(words, width, least_lines), self.tallest_area)

    def area_text_size(self, words: int, width: float) -> float:
        """The size of type at which so many words fit into a box that wide: less than the sheet's where a page ends."""
        needed = self._needed(words, width, LEAST_LINES)
        if needed <= self.tallest_area:
            return self.text
        # Both the letters' width and the lines' height shrink with the size.
        return math.floor(self.text * math.sqrt(self.tallest_area / needed) * 10) / 10

    def span_of(self, width: str | None) -> int:
        """How many of the six columns a width takes; 0 leaves it to the form."""
        return 6 if self.whole_width_only else _SPANS[width]

    @property
    def tallest_area(self) -> float:
        """A page without room for anything but a question and its box."""
        return self.text_height - self.question

    def _needed(self, words: int, width: float, least_lines: int) -> float:
        # Short lines waste more of themselves: a long word goes to the next line whole.
        a_line = max(1.0, self.words_a_line * (width - 4) / (self.text_width - 4) - 0.3 * (1 - width / self.text_width))
        lines = max(least_lines, math.ceil(words / a_line))
        return round(lines * self.line + self.area_padding, 2)

    def as_data(self) -> dict[str, object]:
        """The same for the templates, in their spelling."""
        return {name.replace("_", "-"): value for name, value in asdict(self).items()}


_LARGE = Sheet(
    top=31,
    bottom=29,
    header_tile=12,
    header_room=98,
    form_room=105,
    small_print=8.7,
    text=18,
    label=18,
    hint=16,
    intro=18,
    title=30,
    heading=22,
    row_title=20,
    header_name=16,
    running=14,
    footer=14,
    form_name=10,
    code_text=9,
    signature_text=20,
    leading=0.62,
    spread=1.6,
    measure=174,
    box=12,
    box_gap=3.2,
    box_inset=1.2,
    hint_gap=3.2,
    row_gap=8.5,
    tick=7,
    pitch=12,
    prose_row=24,
    mark_row=13,
    signature=22,
    words_a_line=9,
    line=8.1,
    question=44,
    whole_width_only=True,
)

SHEETS = MappingProxyType(
    {
        "a4": Sheet(),
        "letter": Sheet(width=215.9, height=279.4, side=20.95),
        "large-print": _LARGE,
        "black-and-white": Sheet(greys=True, answers="0 0 0"),
    }
)
"""Every edition that can be made, by name. All have one text width, so that a box's words fit it in each."""
