"""The texts that every program is given: each script and each awkward text that a form has to bring back whole."""

from __future__ import annotations

from dataclasses import dataclass

FOREIGN = "The form's own font has Latin, Greek and Cyrillic letters: others are kept in the value and not drawn."


@dataclass(frozen=True)
class Sample:
    """One text. `id` names its fields; `lines`: only a field of several lines can take it.

    why_not_drawn: why a viewer need not draw it; empty where every viewer has to.
    """

    id: str
    title: str
    text: str
    lines: bool = False
    why_not_drawn: str = ""


LONG = " ".join(f"Word {number} of a long answer with ā, ł and ễ." for number in range(1, 200))[:4000].strip()

SAMPLES = (
    Sample("plain", "Plain English", "Quay Street 4, Lincoln"),
    Sample("macrons", "Macrons (Māori, Samoan)", "Tāne Mahuta āēīōū ĀĒĪŌŪ"),
    Sample("okina", "ʻOkina (Tongan, Hawaiian)", "ʻOfa Tuʻipulotu, Hawaiʻi"),
    Sample("french", "French, German, Nordic", "Zoë Œuvré, Jürgen Groß, Åse Ærø"),
    Sample("polish", "Polish, Czech", "Łódź Świętosława Żółć, Řehoř Žďár"),
    Sample("vietnamese", "Vietnamese", "Nguyễn Thị Việt Ưở Đặng"),
    Sample("welsh", "Welsh", "Siân Ŵyn ŵ ŷ Ŷ, tŷ"),
    Sample("turkish", "Turkish", "Ğülşen İnce, ışık"),
    Sample("greek", "Greek", "Ελένη Παπαδοπούλου"),
    Sample("cyrillic", "Cyrillic", "Їжак Щукина, Ђорђе"),
    Sample("arabic", "Arabic", "محمد عبد الله", why_not_drawn=FOREIGN),
    Sample("hebrew", "Hebrew", "שרה כהן", why_not_drawn=FOREIGN),
    Sample("chinese", "Chinese", "王小明，北京", why_not_drawn=FOREIGN),
    Sample("japanese", "Japanese", "たろう カタカナ 東京", why_not_drawn=FOREIGN),
    Sample("korean", "Korean", "김민수 서울", why_not_drawn=FOREIGN),
    Sample("hindi", "Hindi", "श्रीमती हिन्दी", why_not_drawn=FOREIGN),
    Sample("emoji", "Emoji", "Well done 👩🏽‍🏫 🌿", why_not_drawn=FOREIGN),
    Sample("rare-han", "Han beyond 16 bits", "𠮷野 𠀋", why_not_drawn=FOREIGN),
    Sample("quotes", "Quotes and dashes", '“It’s ‘fine’” – said "she" — 20 €'),
    Sample("brackets", "Parentheses, backslashes", r"a (b \) c \\ <d> [e] {f} % / #"),
    Sample("mark", "Begins with þÿ", "þÿ begins oddly"),
    Sample("off", "Looks like a value", "/Off"),
    Sample("sum", "Looks like a sum", "=1+1"),
    Sample("spaces", "Spaces in a row", "two  and   three"),
    Sample("tab", "A tab", "left\tright"),
    Sample("newlines", "Several lines", "First line\nŁódź, second\n\nFourth ʻokina", lines=True),
    Sample("long", "4,000 letters", LONG, lines=True, why_not_drawn="The text is longer than its box, which scrolls."),
)
SHORT = Sample("short", "Few letters", "Ł4 Ā9")
"""For a field with room for few."""
BY_ID = {sample.id: sample for sample in SAMPLES}


def form() -> str:
    """The YAML of sections with a field for each text: of one line (`line-<id>`) and of several (`lines-<id>`)."""
    short = [
        f'      - {{id: line-{one.id}, type: text, width: half, label: "{one.title}"}}'
        for one in SAMPLES
        if not one.lines
    ]
    long = [
        f'      - {{id: lines-{one.id}, type: long-text, most-words: 24, width: half, label: "{one.title}"}}'
        for one in SAMPLES
    ]
    parts = [
        "sections:",
        "  - title: One line",
        "    fields:",
        *short,
        "  - title: Several lines",
        "    fields:",
        *long,
    ]
    return "\n".join(parts) + "\n"
