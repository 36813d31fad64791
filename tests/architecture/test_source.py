"""What the source of the package may not hold, and what each file of it must."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "generator"
PACKAGE = SOURCE / "schemebook"
BINARY = {".ttf", ".otf", ".woff", ".woff2", ".png", ".ico", ".jpg", ".pdf", ".pyc", ".gz", ".z"}
MADE = {"node_modules", "__pycache__", "dist"}

# The schemes whose handbooks the project was begun for, and any other that stands in its own folder of schemes.
FIRST_SCHEMES = {"iema", "ioic", "coventry", "suffolk", "plp"}


def source_files() -> list[Path]:
    files = (path for path in SOURCE.rglob("*") if path.is_file() and path.suffix not in BINARY)
    return sorted(path for path in files if not MADE & set(path.parts) and ".egg-info" not in str(path))


def schemes_named_in(text: str, schemes: set[str]) -> set[str]:
    """The schemes whose name stands in the text as a word, or as a part of a name in code."""
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", text)}
    return schemes & words


def test_no_scheme_is_named_in_the_generator() -> None:
    schemes = FIRST_SCHEMES | {path.stem for path in (ROOT / "scheme-configs").glob("*.yml")}
    named = {
        path.relative_to(ROOT).as_posix(): found
        for path in source_files()
        if (found := schemes_named_in(f"{path.name}\n{path.read_text('utf-8')}", schemes))
    }
    assert named == {}


def test_a_scheme_is_found_as_a_word_and_inside_names_of_code() -> None:
    schemes = {"abcd"}
    assert all(schemes_named_in(text, schemes) for text in ("ABCD's", "load_abcd()", "AbcdForm", "abcd-logo", "ABCD2"))
    assert not schemes_named_in("xabcdy", schemes)


def test_a_folder_of_the_package_holds_a_docstring_and_re_exports_nothing() -> None:
    too_full = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("__init__.py")
        if len(ast.parse(path.read_text("utf-8")).body) != 1
        or not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert too_full == []


def keeps_everything(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes every exception and does not raise it again after tidying up."""
    names = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"Exception"}
    )
    last = handler.body[-1]
    return bool(names & {"Exception", "BaseException"}) and not (isinstance(last, ast.Raise) and last.exc is None)


def test_the_one_broad_except_stands_around_the_worker_that_reads_one_file() -> None:
    broad = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and keeps_everything(node)
    ]
    assert broad == ["returned/worker.py"]


def test_every_module_says_first_what_it_is() -> None:
    silent = [path.name for path in PACKAGE.rglob("*.py") if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_most_modules_have_one_subject_and_are_short() -> None:
    """Nine modules in ten have at most 400 lines; longer is the sign of a second subject inside."""
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py"))
    assert lengths[int(len(lengths) * 0.9)] <= 400
    assert lengths[-1] <= 600
