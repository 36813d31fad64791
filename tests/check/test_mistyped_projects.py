"""Whatever a line of the starter's files is mistyped into, check tells problems with places and raises nothing."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemebook.check.check import check_project
from schemebook.scheme.project import load_project

STARTER = Path(__file__).parents[2] / "generator" / "schemebook" / "starter"
FILES = sorted(
    path.relative_to(STARTER).as_posix()
    for pattern in ("scheme-configs/*.yml", "forms/*/*.yml", "docs/*/*.md")
    for path in STARTER.glob(pattern)
)

KEY = re.compile(r"[a-z][a-z-]*(?=:)")
VALUE = re.compile(r"(?<=: )[^,{}\[\]\n]+")


def mistyped(lines: list[str], number: int, way: str, extra: str) -> list[str]:
    """The lines with one of them mistyped."""
    line = lines[number]
    changed = {
        "left out": [],
        "twice": [line, line],
        "indented more": ["  " + line],
        "indented less": [line.removeprefix("  ")],
        "key misspelt": [KEY.sub(lambda found: found[0][:1] + found[0][2:], line, count=1)],
        "key renamed": [KEY.sub(extra or "x", line, count=1)],
        "value emptied": [VALUE.sub("", line)],
        "value changed": [VALUE.sub(lambda found: extra, line)],
        "value a list": [VALUE.sub("[a, b]", line, count=1)],
        "value a mapping": [VALUE.sub("{a: b, c: {d: e}}", line, count=1)],
        "sign left out": [line.replace(":", "", 1)],
        "cut": [line[: len(line) // 2] + "\n"],
        "something put in": [line[: len(line) // 2] + extra + line[len(line) // 2 :]],
    }[way]
    return [*lines[:number], *changed, *lines[number + 1 :]]


WAYS = (
    "left out", "twice", "indented more", "indented less", "key misspelt", "key renamed", "value emptied",
    "value changed", "value a list", "value a mapping", "sign left out", "cut", "something put in",
)  # fmt: skip
EXTRAS = st.sampled_from(
    ["x", "no", "0", "-1", "[", "{", "both", "*a", "&a", "!", "{{ x }}", "{%", "'", "é", "\t", "#"]
)
MISTAKES = st.lists(
    st.tuples(st.sampled_from(FILES), st.integers(0, 400), st.sampled_from(WAYS), EXTRAS), min_size=1, max_size=3
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(MISTAKES)
def test_a_mistyped_project_is_told_and_never_raises(mistakes: list[tuple[str, int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(STARTER, root)
        for file, number, way, extra in mistakes:
            lines = (root / file).read_text("utf-8").splitlines(keepends=True)
            changed = mistyped(lines, number % len(lines), way, extra) if lines else lines
            (root / file).write_text("".join(changed), "utf-8")
        problems, notes = check_project(load_project(root))
        for found in problems:
            path = root / found.place.file
            assert path.exists() or path.parent.exists(), str(found)
            if path.is_file():
                assert 1 <= found.place.line <= path.read_text("utf-8").count("\n") + 2
            assert found.to_do
            assert str(found).isprintable()
            assert "Input should" not in str(found)
        assert all(str(note).isprintable() for note in notes)
