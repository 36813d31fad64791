"""Fonts for further scripts, where they are installed: their folders and families, and which letters they draw.

They are no part of this package, which would be twenty times as large: whoever needs them installs an extra,
`schemebook[fonts]` or `schemebook[fonts-cjk]`. Answers are drawn with them, and nothing else is: a form's own layout
must not depend on what is installed.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from schemebook.form_pdf.truetype import letters_of

_PACKS = "justmytype.packs"
"""The entry points under which packages of fonts say where theirs are (PyPI: justmytype)."""
_FOR_ALL = ("Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari")
_HAN = {"ja": "Noto Sans JP", "ko": "Noto Sans KR", "zh": "Noto Sans SC"}
_KANA, _HANGUL = (0x3040, 0x30FF), (0xAC00, 0xD7AF)

EXTRAS = {
    "fonts": ("Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Telugu"),
    "fonts-cjk": ("Han", "Hiragana", "Katakana", "Hangul"),
}
"""Extra of this package -> the scripts that it adds."""


@cache
def font_folders() -> tuple[Path, ...]:
    """The folders of every package of fonts that is installed."""
    folders: list[Path] = []
    for one in entry_points(group=_PACKS):
        try:
            folders += map(Path, one.load()().get_font_directories())
        except (ImportError, AttributeError, TypeError, OSError):
            continue  # a package that is broken draws nothing, as one that is missing
    return tuple(sorted(folder for folder in folders if folder.is_dir()))


def draws(letter: str) -> bool:
    """Whether any of the installed fonts has a letter."""
    return any(ord(letter) in letters for letters in _letters().values())


def families(text: str) -> list[str]:
    """The families to try for a text, in their order. A Han letter is drawn as its language writes it.

    The language is told by what stands beside it: kana is Japanese, hangul Korean, Han alone is taken for Chinese.
    """
    kinds = {"ja": _KANA, "ko": _HANGUL}
    found = [lang for lang, (first, last) in kinds.items() if any(first <= ord(letter) <= last for letter in text)]
    han = [_HAN[language] for language in (*found, "zh", *kinds)]
    return list(dict.fromkeys((*_FOR_ALL, *han)))


def extra_for(script: str) -> str | None:
    """The extra of this package that has a script, as `missing_scripts` calls it; None where none has."""
    return next((extra for extra, scripts in EXTRAS.items() if script in scripts), None)


@cache
def _letters() -> dict[Path, frozenset[int]]:
    """Font -> the code points that it has."""
    found = {}
    for folder in font_folders():
        for path in sorted((*folder.rglob("*.ttf"), *folder.rglob("*.otf"))):
            try:
                found[path] = letters_of(path)
            except (OSError, ValueError):
                continue
    return found
