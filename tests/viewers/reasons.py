"""Why a cell of the matrix is not the best one, and what the reader does about it: found out by looking, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.viewers.texts import BY_ID


@dataclass(frozen=True)
class Reason:
    """programs, keys: patterns of ids (of programs; of texts or field types).

    state: that of the cell; `undrawn` for what is drawn in the forms made for the matrix and not in all bundled ones.
    """

    programs: tuple[str, ...]
    keys: tuple[str, ...]
    state: str
    why: str

    def is_for(self, program: str, key: str, state: str) -> bool:
        """Whether this explains a cell."""
        return (
            state == self.state
            and any(fnmatchcase(program, one) for one in self.programs)
            and any(fnmatchcase(key, one) for one in self.keys)
        )


REASONS = (
    Reason(
        ("poppler",),
        ("okina",),
        "undrawn",
        "It breaks a line too late where the text just fills a narrow cell: the last letter is cut off. The value is "
        "right.",
    ),
    Reason(
        ("chromium",),
        ("emoji",),
        "kept",
        "Pasted, it keeps 16 bits of each letter beyond the basic plane, so an emoji is stored as a letter for private "
        "use. The reader makes it whole again; viewers show an empty box. From the system's picker of emoji it takes "
        "nothing: the person sees that.",
    ),
    Reason(
        ("chromium",),
        ("emoji",),
        "changed",
        "Here emoji were typed, as the system's picker types them: its viewer leaves them out, and the person sees "
        "that. Pasted ones are kept.",
    ),
    Reason(
        ("pdfium",),
        ("emoji",),
        "kept",
        "It keeps 16 bits of each letter beyond the basic plane, so an emoji is stored as a letter for private use. "
        "The reader makes it whole again; viewers show an empty box.",
    ),
    Reason(
        ("pdfium", "chromium"),
        ("rare-han",),
        "changed",
        "It keeps 16 bits of each letter beyond the basic plane: another letter arrives, and no reader can tell which "
        "was meant. The record has what arrived.",
    ),
    Reason(
        ("pdfcpu",),
        ("okina",),
        "kept",
        "It draws with a font of its own, Roboto, that lacks ʻ: the letter is missing to the eye. The value is right.",
    ),
    Reason(
        ("pdfcpu",),
        ("mark", "macrons", "french", "polish", "vietnamese", "welsh", "turkish", "greek", "cyrillic", "newlines"),
        "kept",
        "It draws with a font of its own, Roboto: right to the eye, but its letters cannot be searched, copied or read "
        "aloud as what they are. The value is right.",
    ),
    Reason(
        ("pdfcpu",),
        ("date",),
        "kept",
        "Its font is wider than the form's: in a narrow cell the end of the date is cut off. The value is right.",
    ),
    Reason(
        ("pdfcpu",),
        ("one-of, drop-down",),
        "kept",
        "It stores the words of the chosen option and draws nothing. The reader knows the words that each option was "
        "published with.",
    ),
    Reason(
        ("pdf-lib", "cantoo-pdf-lib"),
        ("one-of, drop-down",),
        "kept",
        "It stores the words of the chosen option and not its id; poppler then shows nothing. The reader knows the "
        "words that each option was published with.",
    ),
    Reason(
        ("pdftk-xfdf",),
        ("one-of, drop-down",),
        "kept",
        "It stores the id of the chosen option in UTF-16; poppler compares bytes, finds no such option and shows "
        "nothing. The reader compares text.",
    ),
    Reason(
        ("pypdf",),
        ("one-of, drop-down",),
        "kept",
        "It draws the id of the chosen option and not its words. The value is right, and the reader takes no drawing.",
    ),
    Reason(
        ("pymupdf",),
        ("several-of", "checklist", "declaration"),
        "kept",
        "It draws the tick anew in ZapfDingbats, which it does not embed: poppler shows an empty box where the system "
        "has no such font. The reader takes the value.",
    ),
    Reason(
        ("pymupdf",),
        ("date",),
        "kept",
        "Its font is wider than the form's: in a narrow cell the end of the date is cut off. The value is right.",
    ),
    Reason(
        ("pymupdf",),
        ("greek",),
        "kept",
        "It draws Greek in Symbol, which it does not embed; pdfium shows nothing. The value is right.",
    ),
    Reason(
        ("pypdf",),
        ("french", "polish", "okina", "vietnamese", "welsh"),
        "undrawn",
        "It breaks no lines: what is longer than a narrow cell of several lines is cut off. The value is right.",
    ),
    Reason(
        ("pymupdf",),
        ("polish",),
        "undrawn",
        "Its font is wider than the form's: a text that just fits its box is cut off at the end. The value is right.",
    ),
    Reason(
        ("fillpdf",),
        ("one-of, buttons", "yes-no"),
        "changed",
        "It chooses no radio button whose states stand in the file with Off first, and tells nobody: the answer is "
        "missing. The reader says which required answers are missing.",
    ),
    Reason(
        ("fillpdf",),
        ("*",),
        "changed",
        "It finds no field whose name has three parts, as a table's cells have, and tells nobody: the answer is "
        "missing. The reader says which required answers are missing.",
    ),
    Reason(
        ("pdf-oxide",),
        ("one-of, buttons", "yes-no"),
        "kept",
        "It stores the option as text and marks no button, so that nobody sees which is chosen. The reader takes the "
        "value.",
    ),
    Reason(
        ("pdf-oxide",),
        ("several-of", "checklist", "declaration"),
        "kept",
        "It stores Yes, a state that the form has no drawing for: pdfium shows no tick. The reader takes every state "
        "but Off for a tick.",
    ),
    *(
        Reason(
            ("oxidize-pdf",),
            ("*",),
            state,  # what it refuses counts as changed in the bundled forms
            "It takes letters of Western Europe alone, and raises an error that names the letter: nothing is lost "
            "unseen.",
        )
        for state in ("refused", "changed")
    ),
    Reason(
        ("oxidize-pdf",),
        ("one-of, buttons", "yes-no"),
        "kept",
        "It stores the option as text and marks no button, so that nobody sees which is chosen. The reader takes the "
        "value.",
    ),
    Reason(
        ("oxidize-pdf",),
        ("french", "quotes", "mark"),
        "kept",
        "It draws the bytes of UTF-8 one by one, so that other letters are seen. The value is right.",
    ),
    Reason(
        ("mupdf", "libpdf", "oxidize-pdf"),
        ("date",),
        "kept",
        "Its font is wider than the form's: in a narrow cell the end of the date is cut off. The value is right.",
    ),
    Reason(
        ("mupdf",),
        (
            "text",
            "*email",
            "short",
            "long-text",
            "macrons",
            "okina",
            "polish",
            "vietnamese",
            "welsh",
            "turkish",
            "greek",
            "cyrillic",
            "newlines",
        ),
        "kept",
        "This version draws in Helvetica, with no letters beyond Western Europe and Greek: dots stand in their place. "
        "The value is right.",
    ),
    Reason(
        ("libpdf",),
        (
            "text",
            "*email",
            "short",
            "long-text",
            "macrons",
            "okina",
            "french",
            "polish",
            "vietnamese",
            "welsh",
            "turkish",
            "greek",
            "cyrillic",
            "quotes",
            "newlines",
        ),
        "kept",
        "It draws the bytes of UTF-16 one by one in Helvetica, so that other letters are seen. The value is right.",
    ),
    Reason(
        ("*",),
        ("mark",),
        "kept",
        "It writes þÿ as the very bytes that mark UTF-16, so a viewer shows other letters. The reader knows that and "
        "has the text.",
    ),
)


def why(program: str, key: str, state: str) -> str:
    """The reason for a cell that is not the best one; empty where nobody found it out."""
    found = next((reason.why for reason in REASONS if reason.is_for(program, key, state)), "")
    if not found and state == "kept" and key in BY_ID:
        return BY_ID[key].why_not_drawn
    return found
