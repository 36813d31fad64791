"""Files made to hang or to crash whoever reads them are refused in a line each, in little time and memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.check.small_project import APPLICATION, CHAPTER_FILE, FORM_FILE, SCHEME, SCHEME_FILE, write_project

SECONDS = 2.0
"""Of the processor's time: the machine may be busy with something else."""
MEGABYTES = 300

# What it costs is measured inside the process, and from before anything of ours is imported.
CHECK = """
import resource, sys
from pathlib import Path
from schemebook.check.check import check_project
from schemebook.scheme.project import load_project
problems, notes = check_project(load_project(Path(sys.argv[1])))
for one in problems:
    print(one.kind, one.place.line, one, sep="\\t")
used = resource.getrusage(resource.RUSAGE_SELF)
peak = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
megabytes = int(peak[0].split()[1]) / 1000 if peak else used.ru_maxrss / 1000
print(used.ru_utime + used.ru_stime, megabytes, file=sys.stderr)
"""


def cost_of_check(root: Path) -> tuple[list[tuple[str, int]], float, float, str]:
    """Kinds and lines of the problems, seconds, megabytes, and all that was printed."""
    done = subprocess.run([sys.executable, "-c", CHECK, str(root)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    seconds, megabytes = map(float, done.stderr.split())
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(row[0], int(row[1])) for row in rows], seconds, megabytes, done.stdout


def alias_bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines)


def self_reference() -> str:
    return "form: &a [*a]\n"


HOSTILE: dict[str, tuple[str, str | bytes, str, int | None]] = {
    "alias bomb": (FORM_FILE, alias_bomb(), "alias-bomb", None),
    "an alias inside its own anchor": (FORM_FILE, self_reference(), "no-anchor", 1),
    "deep flow lists": (FORM_FILE, "form: " + "[" * 500 + "]" * 500, "too-deep", 1),
    "flow lists deeper than libyaml goes": (FORM_FILE, "form: " + "[" * 20_000, "bad-yaml", 1),
    "deep flow mappings": (FORM_FILE, "form: " + "{a: " * 20_000, "too-deep", 1),
    "deep block lists": (FORM_FILE, "form:\n" + "- " * 20_000, "too-deep", 2),
    "a duplicate key": (FORM_FILE, APPLICATION + "title: Again\n", "duplicate-key", APPLICATION.count("\n") + 1),
    "a tag that builds objects": (
        FORM_FILE,
        APPLICATION.replace("title: A", "title: !!python/object/apply:os.system A"),
        "tag",
        2,
    ),
    "a tab for an indent": (FORM_FILE, APPLICATION.replace("  - title", "\t- title"), "tab-in-indent", 7),
    "not UTF-8": (FORM_FILE, APPLICATION.replace("Tells", "Café").encode("latin-1"), "not-utf-8", 5),
    "UTF-16": (FORM_FILE, APPLICATION.encode("utf-16"), "not-utf-8", 1),
    "a NUL": (FORM_FILE, APPLICATION.replace("Team?", "Te\0am?"), "bad-character", 12),
    "an escape sequence": (FORM_FILE, APPLICATION.replace("Team?", "Te\x1b[2Jam?"), "bad-character", 12),
    "a huge file": (FORM_FILE, APPLICATION + "# x\n" * 2_000_000, "file-too-long", 1),
    "many values": (FORM_FILE, "form: [" + "x," * 60_000 + "]", "alias-bomb", 1),
    "a merge key": (FORM_FILE, APPLICATION + "<<: {a: b}\n", "merge-key", APPLICATION.count("\n") + 1),
    "a key that is a list": (FORM_FILE, "[a, b]: c\n", "key-is-no-word", 1),
    "two documents": (FORM_FILE, APPLICATION + "---\nform: b\n", "several-documents", APPLICATION.count("\n") + 1),
    "only a remark": (FORM_FILE, "# nothing\n", "not-a-mapping", 1),
    "an empty file": (FORM_FILE, "", "not-a-mapping", 1),
    "a directory of YAML in one line": (FORM_FILE, "x" * 900_000, "not-a-mapping", 1),
    "20,000 unknown keys": (FORM_FILE, "".join(f"lable{number}: x\n" for number in range(20_000)), "many-more", None),
    "one key of 900,000 letters": (FORM_FILE, f"{'x' * 900_000}: y\n", "bad-yaml", None),
    "a power without end in a chapter": (CHAPTER_FILE, "# A\n\n{{ 10**(10**9) }}\n", "not-taken", 3),
    "nested loops in a chapter": (
        CHAPTER_FILE,
        "{% for a in roles %}" * 15 + "x" + "{% endfor %}" * 15,
        "too-many-rounds",
        1,
    ),
    "loops deeper than Python goes": (
        CHAPTER_FILE,
        "{% for a in roles %}" * 30 + "x" + "{% endfor %}" * 30,
        "value",
        1,
    ),
    "deep brackets in a chapter": (CHAPTER_FILE, "{{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}", "value", 1),
    "a long sum in a chapter": (CHAPTER_FILE, "{{ " + "1 + " * 40_000 + "1 }}", None, 1),  # type: ignore[dict-item]
    "a huge chapter": (CHAPTER_FILE, "# A\n" + "word " * 1_000_000, "file-too-long", 1),
    "a power without end in a sentence": (
        SCHEME_FILE,
        SCHEME.replace("headline: Talk", "headline: '{{ 10**(10**9) }}'"),
        "not-taken",
        8,
    ),
    "a range without end in a chapter": (CHAPTER_FILE, "{% for a in range(1000000000) %}x{% endfor %}", "unknown", 1),
    "letters without end in a chapter": (CHAPTER_FILE, "{{ 'A' * 10**10 }}", "not-taken", 1),
    "letters that grow by filters": (CHAPTER_FILE, "{{ 'A' | center(10000000000) }}", "no-filter", 1),
    "a macro that calls itself": (CHAPTER_FILE, "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "not-taken", 1),
    "a loop that calls itself": (
        CHAPTER_FILE,
        "{% for a in roles recursive %}{{ loop(roles) }}{% endfor %}",
        "not-taken",
        1,
    ),
    "a file of the machine in a chapter": (CHAPTER_FILE, "{% include '/etc/passwd' %}", "not-taken", 1),
    "a secret of Python by a filter": (CHAPTER_FILE, "{{ roles | attr('__class__') }}", "no-filter", 1),
    "a secret of Python by a format": (CHAPTER_FILE, "{{ '{0.__class__}'.format(roles) }}", "not-taken", 1),
    "a number of 100,000 digits in a chapter": (CHAPTER_FILE, "{{ " + "9" * 100_000 + " }}", "value", 1),
    "a version of 100,000 digits": (
        FORM_FILE,
        APPLICATION.replace("version: 1", "version: " + "9" * 100_000),
        "not-whole",
        3,
    ),
    "a number without end": (FORM_FILE, APPLICATION.replace("version: 1", "version: 1e999999999"), "not-whole", 3),
    "a secret of Python in a sentence": (
        SCHEME_FILE,
        SCHEME.replace("headline: Talk", "headline: \"{{ ''.__class__.__mro__ }}\""),
        "value",
        8,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_little_time_and_memory(tmp_path: Path, name: str) -> None:
    file, content, kind, line = HOSTILE[name]
    write_project(tmp_path)
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    found, seconds, megabytes, printed = cost_of_check(tmp_path)
    if kind is not None:
        assert kind in [one[0] for one in found], printed[:2000]
        assert line is None or (kind, line) in found, found[:5]
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    assert all(len(row) < 1000 for row in printed.splitlines())
