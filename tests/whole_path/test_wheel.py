"""What is published works by itself: wheel and sdist hold what they should, and an empty environment is enough."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "generator"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist of this checkout, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="module")
def environment(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel and what it needs, in the locked versions, and nothing else."""
    folder = tmp_path_factory.mktemp("empty") / "env"
    uv = [str(Path(sys.executable).with_name("uv")), "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(folder)], check=True)
    install = ["pip", "install", "--python", str(folder), "--constraint", str(ROOT / "requirements.lock")]
    done = subprocess.run([*uv, *install, "--no-build", str(built["wheel"])], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def project(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `schemebook init` writes, checked and built, with no program of the system within reach."""
    folder = tmp_path_factory.mktemp("project") / "trial"
    schemebook(environment, folder.parent, "init", str(folder))
    schemebook(environment, folder, "check")
    schemebook(environment, folder, "build")
    return folder


def schemebook(environment: Path, folder: Path, *words: str) -> str:
    """Run the installed command with an empty PATH in a folder; what it prints."""
    command = [str(environment / "bin" / "schemebook"), *words]
    variables = {"PATH": "", "HOME": str(folder), "LANG": "C.UTF-8", "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_of_the_package() -> set[str]:
    files = (path for path in (SOURCE / "schemebook").rglob("*") if path.is_file())
    return {path.relative_to(SOURCE).as_posix() for path in files if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file_of_the_package_and_no_test(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = set(wheel.namelist())
    assert {name for name in names if ".dist-info/" not in name} == files_of_the_package()


def test_the_wheel_and_the_site_carry_the_licence_of_each_part_that_others_wrote(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        kept = {name.partition("/licenses/")[2] for name in wheel.namelist() if "/licenses/" in name}
    assets = SOURCE / "schemebook" / "handbook" / "assets"
    families = {"-".join(path.name.split("-")[:3]) for path in assets.glob("fonts/*.woff2")}
    assert families
    wanted = {"LICENSE"} | {f"generator/schemebook/handbook/assets/fonts/{family}-OFL.txt" for family in families}
    for folder in (*assets.glob("vendor/*"), *(SOURCE / "schemebook" / "fonts").glob("*/")):
        (licence,) = [path for path in folder.iterdir() if path.name in ("LICENSE", "OFL.txt")]
        wanted.add(licence.relative_to(ROOT).as_posix())
    assert kept == wanted


def test_the_sdist_holds_what_the_tests_need(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {f"generator/{name}" for name in files_of_the_package()} <= names
    assert {"Makefile", "requirements-test.lock", "tests/conftest.py", "tests/package-lock.json", ".ci/run"} <= names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_the_wheel_names_what_the_mkdocs_plugin_and_the_command_are(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
        text = wheel.read(name).decode("utf-8")
    assert "schemebook = schemebook.cli.app:main" in text
    assert "schemebook = schemebook.handbook.plugin:SchemebookPlugin" in text


def test_a_new_project_builds_its_handbook_and_forms_with_nothing_else_installed(project: Path) -> None:
    assert (project / "site" / "index.html").is_file()
    assert list(project.glob("site/*/forms/*.pdf"))


def test_the_process_diagram_is_drawn_with_an_empty_path(project: Path) -> None:
    pages = [path.read_text("utf-8") for path in project.glob("site/**/*.html")]
    drawn = [text for text in pages if "<svg" in text and 'role="img"' in text and "<desc" in text]
    assert drawn


def test_a_form_filled_in_comes_back_as_a_record(project: Path, environment: Path) -> None:
    filled = project.parent / "returns"
    filled.mkdir()
    forms = sorted(path for path in project.glob("site/*/forms/*.pdf") if "." not in path.stem)
    assert forms
    for form in forms:
        scheme, answers = form.parts[-3], project.parent / f"{form.stem}.json"
        answers.write_text("{}")
        words = ["fill", f"{scheme}/{form.stem}", str(answers), "--output", str(filled / form.name)]
        schemebook(environment, project, *words)
    lines = schemebook(environment, project, "ingest", str(filled), "--format", "json").splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["recorded"] * len(forms)
    records = [
        json.loads(line) for line in schemebook(environment, project, "records", "--format", "json").splitlines()
    ]
    assert {record["form"] for record in records} == {form.stem for form in forms}
