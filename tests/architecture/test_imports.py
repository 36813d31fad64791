"""Who may import whom, and what a command loads before it has to."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generator" / "schemebook"
STAGES = ("errors", "scheme", "form_pdf", "handbook", "returned", "records", "desk", "check", "cli")
LAYOUT_ENGINE, SITE_GENERATOR = "typst", "mkdocs"


def loaded_after(code: str) -> set[str]:
    """The top-level names of all modules that a fresh process has loaded after running `code`."""
    tail = "\nimport sys; print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def modules_of(package: str) -> list[str]:
    folder = PACKAGE / package
    names = (path.relative_to(PACKAGE.parent).with_suffix("") for path in sorted(folder.rglob("*.py")))
    return [".".join(name.parts) for name in names if name.name != "__init__"]


def test_a_stage_imports_only_from_earlier_stages(capfd: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), no_logo=True) == EXIT_STATUS_SUCCESS, capfd.readouterr().out


def test_the_reader_loads_no_layout_engine_and_no_site_generator() -> None:
    code = "import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in modules_of("returned"))
    loaded = loaded_after("import schemebook.returned\n" + code)
    assert not loaded & {"typst", "mkdocs", "jinja2"}


def test_a_module_of_the_site_loads_none_of_the_stages_that_hold_answers() -> None:
    code = "import importlib, sys\n" + "\n".join(
        f"importlib.import_module({name!r})" for name in modules_of("handbook")
    )
    code += "\nprint(*[name for name in sys.modules if name.startswith('schemebook.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    stages = {name.split(".")[1] for name in done.stdout.split()}
    assert not stages & {"returned", "records", "desk"}


HEAVY = {
    "typst",
    "mkdocs",
    "jinja2",
    "pikepdf",
    "pypdf",
    "pypdfium2",
    "sqlalchemy",
    "pyhanko",
    "zxingcpp",
    "PIL",
    "lxml",
}


def test_help_comes_without_loading_a_heavy_library() -> None:
    loaded = loaded_after(
        "import contextlib, io, sys\n"
        "from schemebook.cli.app import main\n"
        "sys.argv = ['schemebook', '--help']\n"
        "with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit): main()\n"
        "assert 'ingest' in out.getvalue()"
    )
    assert not loaded & HEAVY


def test_a_worker_starts_without_what_reads_print_pictures_and_signatures() -> None:
    loaded = loaded_after("import schemebook.returned.worker")
    assert "pikepdf" in loaded
    assert not loaded & {"pypdfium2", "pypdf", "pyhanko", "zxingcpp", "cv2", "numpy", "PIL"}


def imports_of(path: Path) -> set[str]:
    """The top-level names of everything that a module imports, also inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def importers_of(library: str) -> set[str]:
    return {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if library in imports_of(path)}


def test_one_module_imports_the_layout_engine() -> None:
    assert importers_of(LAYOUT_ENGINE) == {"form_pdf/layout.py"}


def test_only_the_handbook_and_the_command_that_serves_it_import_the_site_generator() -> None:
    assert all(name.startswith(("handbook/", "cli/")) for name in importers_of(SITE_GENERATOR))


def test_the_package_is_its_stages() -> None:
    found = {path.stem for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert found | {"errors"} == set(STAGES)
