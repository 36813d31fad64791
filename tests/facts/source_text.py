"""A source document's text in, hashes out: of the first words of each paragraph, and of every run of eight words.

The documents are not ours to publish, so only these stand here. To renew them for a scheme, from the document as text:

    .venv/bin/python tests/facts/source_text.py DOCUMENT.txt tests/facts/SCHEME.source.json
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RUN = 8
"""So many words of a source in a row are its wording, and not ours."""
FIRST = 6
"""A paragraph is known by so many of its first words."""
_BYTES = 4

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MARKS = re.compile(r"\[bookmark[^\]]*\]|\[footnoteRef:\d+\]")


@dataclass(frozen=True)
class SourceText:
    """What is kept of a document."""

    paragraphs: tuple[str, ...]
    runs: frozenset[bytes]


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters and without what stands between them."""
    return _WORD.findall(text.replace("’", "'").lower())


def first_words(text: str) -> str:
    """The hash by which a paragraph is known."""
    return _hash(words_of(text)[:FIRST]).hex()


def runs_of(text: str) -> Iterator[tuple[bytes, str]]:
    """Every run of words in a text: its hash, and the words."""
    words = words_of(text)
    for start in range(len(words) - RUN + 1):
        run = words[start : start + RUN]
        yield _hash(run), " ".join(run)


def _hash(words: list[str]) -> bytes:
    return hashlib.sha256(" ".join(words).encode("utf-8")).digest()[:_BYTES]


def read_source(path: Path) -> SourceText:
    """What `main` wrote."""
    kept = json.loads(path.read_text("utf-8"))
    data = base64.b64decode("".join(kept["runs"]))
    runs = (data[start : start + _BYTES] for start in range(0, len(data), _BYTES))
    return SourceText(tuple(kept["paragraphs"]), frozenset(runs))


def main(document: Path, target: Path) -> None:
    text = _MARKS.sub("", document.read_text("utf-8"))
    paragraphs = [first_words(line) for line in text.splitlines() if words_of(line)]
    runs = base64.b64encode(b"".join(sorted({run for run, _ in runs_of(text)}))).decode("ascii")
    lines = [runs[start : start + 116] for start in range(0, len(runs), 116)]
    target.write_text(json.dumps({"paragraphs": paragraphs, "runs": lines}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
