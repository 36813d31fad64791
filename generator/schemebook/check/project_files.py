"""A project in; files that are missing, misnamed or used by nobody out, as problems and notes."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from schemebook.check.file_names import meant_files, problems_with_names
from schemebook.check.nearest import quoted, unknown
from schemebook.check.ways import at, words_at
from schemebook.errors import Note, Place, Problem
from schemebook.scheme.keys import is_id
from schemebook.scheme.model import RESERVED
from schemebook.scheme.project import CONFIGS, DOCS, FORMS, SHARED, Project, form_file, scheme_file
from schemebook.scheme.words import note, problem
from schemebook.scheme.yaml_source import YamlSource

LOGO_ENDINGS = (".svg", ".png")
KEPT_OUT = ("schemebook.db", "records")
"""What holds participants' answers: never in git."""


def schemes_of(project: Project) -> dict[str, YamlSource]:
    """Scheme id, as its file is called -> the file."""
    return {
        PurePosixPath(file).stem: source for file, source in project.sources.items() if file.startswith(f"{CONFIGS}/")
    }


def blocks_of(project: Project) -> dict[str, YamlSource]:
    """Name of a shared block, as its file is called -> the file."""
    start = f"{FORMS}/{SHARED}/"
    return {PurePosixPath(file).stem: source for file, source in project.sources.items() if file.startswith(start)}


def forms_of(project: Project, scheme: str) -> dict[str, YamlSource]:
    """Form id, as its file is called -> the file."""
    start = f"{FORMS}/{scheme}/"
    return {PurePosixPath(file).stem: source for file, source in project.sources.items() if file.startswith(start)}


def form_folders(project: Project) -> tuple[str, ...]:
    """The folders of forms/ that hold forms of a scheme."""
    folders = {file.split("/")[1] for file in project.sources if file.startswith(f"{FORMS}/") and file.count("/") > 1}
    return tuple(sorted(folders - {SHARED}))


def problems_with_files(project: Project) -> Iterator[Problem]:
    """Every file that is missing, misnamed, or named by nobody."""
    schemes, meant = schemes_of(project), meant_files(project.root)
    yield from problems_with_names(project, meant)
    if not schemes and not any(file.startswith(f"{CONFIGS}/") for file in meant):
        yield problem(Place(CONFIGS), "check.no-schemes")
    for folder in form_folders(project):
        if folder not in schemes and scheme_file(folder) not in meant:
            yield unknown(Place(f"{FORMS}/{folder}"), "check.forms-of-no-scheme", folder, schemes)
    for id, scheme in schemes.items():
        if id in RESERVED:
            yield problem(scheme.place(("scheme",)), "check.reserved-id", id=id)
        if not is_id(id):  # a copy, told as misnamed: nothing lies where its name says
            continue
        forms = forms_of(project, id)
        yield from _listed_forms(id, scheme, forms, meant)
        yield from _unlisted_forms(scheme, forms)
        yield from _chapters(project.root, id, scheme)
        yield from _logo(project.root, scheme)


def notes_on_files(project: Project) -> Iterator[Note]:
    """Files that nothing uses."""
    used = {word for file in project.sources for _, word in words_at(_data(project, file), "sections.*.fields.*.use")}
    for name, block in blocks_of(project).items():
        if name not in used:
            yield note(Place(block.file), "check.block-not-used", id=name)
    for id, scheme in schemes_of(project).items():
        listed = {word for _, word in words_at(scheme.data, "chapters.*.file")}
        for name in _markdown(project.root, id):
            if name not in listed:
                yield note(Place(f"{DOCS}/{id}/{name}"), "check.chapter-not-listed", file=name, scheme=scheme.file)


def _data(project: Project, file: str) -> object:
    return project.sources[file].data


def _listed_forms(id: str, scheme: YamlSource, forms: Collection[str], meant: Collection[str]) -> Iterator[Problem]:
    linked = _linked(scheme)
    for steps, form in words_at(scheme.data, "forms.*"):
        place = scheme.place(steps)
        if form_file(id, form) in meant:
            continue
        if form not in forms:
            yield unknown(place, "check.form-file-missing", form, forms, file=form_file(id, quoted(form)))
        elif form not in linked:
            yield problem(place, "check.form-not-linked", id=form)


def _linked(scheme: YamlSource) -> set[str]:
    """The forms that come out of a stage or are due by a rule."""
    patterns = ("stages.*.forms.*", "stages.*.send-together.forms.*", "rules.due.*.form")
    return {form for pattern in patterns for _, form in words_at(scheme.data, pattern)}


def _unlisted_forms(scheme: YamlSource, forms: dict[str, YamlSource]) -> Iterator[Problem]:
    listed = {form for _, form in words_at(scheme.data, "forms.*")}
    if not listed:
        return
    for form, source in forms.items():
        if form not in listed and is_id(form):
            yield problem(source.place(("form",)), "check.form-not-listed", id=form, scheme=scheme.file)


def _markdown(root: Path, scheme: str) -> list[str]:
    folder = root / DOCS / scheme
    return sorted(path.name for path in folder.glob("*.md")) if folder.is_dir() else []


def _chapters(root: Path, id: str, scheme: YamlSource) -> Iterator[Problem]:
    there = _markdown(root, id)
    for steps, file in words_at(scheme.data, "chapters.*.file"):
        place = scheme.place(steps)
        if "/" in file or "\\" in file or not file.endswith(".md"):
            yield problem(place, "check.chapter-no-file-name", found=quoted(file), folder=f"{DOCS}/{id}")
        elif file not in there:
            yield unknown(place, "check.chapter-missing", file, there, file=f"{DOCS}/{id}/{quoted(file)}")


def _logo(root: Path, scheme: YamlSource) -> Iterator[Problem]:
    logo = at(scheme.data, "branding", "logo")
    if not isinstance(logo, str) or not logo:
        return
    place = scheme.place(("branding", "logo"))
    if "/" in logo or "\\" in logo or not logo.lower().endswith(LOGO_ENDINGS):
        yield problem(place, "check.logo-no-picture", found=quoted(logo), folder=CONFIGS)
        return
    files = (path for path in (root / CONFIGS).glob("*") if path.suffix.lower() in LOGO_ENDINGS)
    pictures = sorted(path.name for path in files if path.is_file())
    if logo not in pictures:  # asked of the folder: a system may refuse to look for a name that is too long
        yield unknown(place, "check.logo-missing", logo, pictures, file=f"{CONFIGS}/{quoted(logo)}")


def problems_with_git(root: Path) -> Iterator[Problem]:
    """Participants' answers that git tracks. Where there is no git, none."""
    tracked = _tracked(root)
    for name in KEPT_OUT:
        found = [file for file in tracked if file == name or file.startswith((f"{name}/", f"{name}-"))]
        if found:
            yield problem(
                Place(found[0]), "check.tracked", count=len(found), name=found[0] if len(found) == 1 else name
            )


def _tracked(root: Path) -> list[str]:
    if not any((folder / ".git").exists() for folder in (root.resolve(), *root.resolve().parents)):
        return []
    command = ["git", "-C", str(root), "ls-files", "-z", "--", "schemebook.db*", "records"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return sorted(done.stdout.decode("utf-8", "replace").rstrip("\0").split("\0")) if done.stdout else []
