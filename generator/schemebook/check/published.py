"""A project's forms and what is published of them in; meanings that changed and damaged files out, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemebook.check.nearest import listed
from schemebook.errors import Note, Place, Problem
from schemebook.form_pdf.descriptor import PUBLISHED, Edition, read_edition, read_version, version_path
from schemebook.form_pdf.spoken import edition_labels
from schemebook.scheme.form import Form, Use
from schemebook.scheme.meaning import FieldMeaning, FormMeaning
from schemebook.scheme.project import Project, form_file
from schemebook.scheme.words import note, problem, say
from schemebook.scheme.yaml_source import YamlSource

MOST_CHANGES = 6
"""So many changes of one form are told in one line; the rest are counted."""

_VERSION = re.compile(r"(?P<form>.+)-v(?P<version>[0-9]{1,9})\.json")
_EDITION = re.compile(r"(?P<form>.+)-v(?P<version>[0-9]{1,9})\.(?P<edition>[0-9a-f]{8})\.json")
Versions = Mapping[int, FormMeaning]


def published_versions(root: Path, scheme: str, form: str) -> dict[int, FormMeaning]:
    """Version number -> its meaning, of those that can be read."""
    found = {}
    for path in (root / PUBLISHED / scheme).glob(f"{form}-v*.json"):
        named = _VERSION.fullmatch(path.name)
        if named and named["form"] == form:
            try:
                found[int(named["version"])] = read_version(path)
            except ValueError:
                continue
    return dict(sorted(found.items()))


def problems_with_published(project: Project) -> Iterator[Problem]:
    """Published files that are damaged, and forms whose meaning is not the one that is published."""
    yield from _damaged(project.root)
    for scheme, form, meaning, source in _readable(project):
        versions = published_versions(project.root, scheme, form.form)
        yield from _meaning(form, meaning, versions, source)
        yield from _renames(form, versions, source)


def notes_on_published(project: Project) -> Iterator[Note]:
    """Forms, or new versions of them, that are not published yet, and what has changed since."""
    for scheme, form, meaning, source in _readable(project):
        place = source.place(("version",))
        if version_path(project.root, scheme, form.form, form.version).exists():
            yield from _notes_on_editions(project, form, meaning, place)
            continue
        versions = published_versions(project.root, scheme, form.form)
        before = versions.get(max((number for number in versions if number < form.version), default=0))
        if before is None:
            yield note(place, "check.not-published", id=form.form, version=form.version)
            continue
        values = {"version": form.version, "before": before.version, "changes": _in_one_line(changes(before, meaning))}
        yield note(place, "check.version-not-published", carried=carried_over(form, before, meaning), **values)


def _notes_on_editions(project: Project, form: Form, meaning: FormMeaning, place: Place) -> Iterator[Note]:
    """Editions of a published version that are not published, or only with other words.

    Titles and labels are compared. Where other words have moved a box, only laying the form out tells: `build` says so.
    """
    published = _editions(project, meaning)
    names = project.schemes[meaning.scheme].editions
    values = {"id": form.form, "version": form.version, "form": f"{meaning.scheme}/{form.form}"}
    missing = [name for name in names if name not in {one.name for one in published}]
    if missing:
        yield note(place, "check.editions-not-published", **values, editions=", ".join(missing))
    words = (form.title, edition_labels(form))
    current = {one.name for one in published if (one.title, one.labels) == words}
    old = [name for name in names if name not in current and name not in missing]
    if old and published_versions(project.root, meaning.scheme, form.form).get(form.version) == meaning:
        yield note(place, "check.words-not-published", **values, editions=", ".join(old))


def _editions(project: Project, meaning: FormMeaning) -> list[Edition]:
    """A version's published editions."""
    path = version_path(project.root, meaning.scheme, meaning.form, meaning.version)
    found = []
    for one in path.parent.glob(f"{path.stem}.*.json"):
        try:
            found.append(read_edition(one))
        except ValueError:
            continue  # told as damaged
    return found


def _readable(project: Project) -> Iterator[tuple[str, Form, FormMeaning, YamlSource]]:
    """Every form that a scheme lists and whose meaning can be told."""
    for scheme, forms in project.forms.items():
        for id, form in forms.items():
            file = form_file(scheme, id)
            ids = [field.id for field in form.fields]
            if scheme in project.schemes and len(set(ids)) == len(ids) and _is_whole(project, file):
                yield scheme, form, form.meaning(scheme), project.sources[file]


def _is_whole(project: Project, file: str) -> bool:
    """Whether every shared block of a form could be read; a form without its block seems to ask less than it does."""
    used = (one for section in project.raw_forms[file].sections for one in section.fields if isinstance(one, Use))
    return all(one.use in project.blocks for one in used)


def _meaning(form: Form, meaning: FormMeaning, versions: Versions, source: YamlSource) -> Iterator[Problem]:
    place = source.place(("version",))
    latest = max(versions, default=0)
    published = versions.get(form.version)
    if form.version < latest:
        yield problem(place, "check.version-went-back", version=form.version, latest=latest)
    elif published is not None and published != meaning:
        found = changes(published, meaning)
        yield problem(
            place,
            "check.meaning-changed",
            version=form.version,
            changes=_in_one_line(found),
            next=form.version + 1,
            form=f"{meaning.scheme}/{form.form}",
            carried=carried_over(form, published, meaning),
        )


def _renames(form: Form, versions: Versions, source: YamlSource) -> Iterator[Problem]:
    """An old id in `renames` must have been asked by some version."""
    asked = {field.id for version in versions.values() for field in version.fields}
    for old in form.renames:
        if asked and old not in asked:
            yield problem(source.place(("renames", old), key=True), "check.rename-of-nothing", id=old)


def carried_over(form: Form, before: FormMeaning, now: FormMeaning) -> str:
    """What becomes of answers to the version before: carried by `renames` and `defaults`, or by nothing."""
    ids = {field.id for field in now.fields}
    old = {field.id for field in before.fields}
    said = [
        say("check.carried-rename", old=was, new=is_) for was, is_ in form.renames.items() if was in old and is_ in ids
    ]
    said += [
        say("check.carried-default", id=id, answer=answer) for id, answer in form.defaults.items() if id not in old
    ]
    lost = [field.id for field in before.fields if field.id not in ids and field.id not in form.renames]
    if lost:
        said.append(say("check.carried-not", ids=listed([f"'{id}'" for id in lost])))
    return "; ".join(said) or say("check.carried-all")


def _in_one_line(found: list[str]) -> str:
    more = len(found) - MOST_CHANGES
    shown = "; ".join(found[:MOST_CHANGES]) or say("check.change-nothing")
    return f"{shown} {say('check.and-more', count=more)}" if more > 0 else shown


def changes(before: FormMeaning, now: FormMeaning) -> list[str]:
    """What changed between two versions of a form, in words, in the form's order."""
    old = {field.id: field for field in before.fields}
    new = {field.id: field for field in now.fields}
    found = [say("check.change-removed", id=id) for id in old if id not in new]
    for id, field in new.items():
        if id not in old:
            found.append(say("check.change-added", id=id))
        elif field != old[id]:
            found += [say("check.change-of", id=id, change=change) for change in _field_changes(old[id], field)]
    kept_old, kept_new = [id for id in old if id in new], [id for id in new if id in old]
    if kept_old != kept_new:
        found.append(say("check.change-order"))
    if before.anonymous != now.anonymous:
        found.append(say("check.change-anonymous" if now.anonymous else "check.change-not-anonymous"))
    return found


def _field_changes(old: FieldMeaning, new: FieldMeaning) -> Iterator[str]:
    """What changed about one question."""
    if old.type != new.type:
        yield say("check.change-type", old=old.type, new=new.type)
        return
    if old.required != new.required:
        yield say("check.change-required" if new.required else "check.change-optional")
    if old.only_if != new.only_if:
        yield say("check.change-condition")
    for key in ("options", "rows"):
        yield from _list_changes(key, getattr(old, key), getattr(new, key))
    yield from _column_changes(old, new)
    for name, info in FieldMeaning.model_fields.items():
        before, now = getattr(old, name), getattr(new, name)
        if name not in _TOLD_APART and before != now:
            yield say("check.change-limit", key=info.alias, old=_limit(before), new=_limit(now))


_TOLD_APART = {"id", "type", "required", "only_if", "options", "rows", "columns"}


def _limit(value: object) -> str:
    if value is None:
        return say("check.none")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _list_changes(key: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    for one in old:
        if one not in new:
            yield say(f"check.change-{key}-removed", id=one)
    for one in new:
        if one not in old:
            yield say(f"check.change-{key}-added", id=one)
    if [one for one in old if one in new] != [one for one in new if one in old]:
        yield say(f"check.change-{key}-order")


def _column_changes(old: FieldMeaning, new: FieldMeaning) -> Iterator[str]:
    before = {column.id: column for column in old.columns}
    now = {column.id: column for column in new.columns}
    yield from _list_changes("columns", tuple(before), tuple(now))
    for id, column in now.items():
        if id in before and before[id] != column:
            for change in _field_changes(before[id], column):
                yield say("check.change-of-column", id=id, change=change)


def _damaged(root: Path) -> Iterator[Problem]:
    """Published files that were edited or cannot be read: what is in people's hands is as it was published."""
    for path in sorted((root / PUBLISHED).glob("*/*.json")):
        place = Place(path.relative_to(root).as_posix())
        edition = _EDITION.fullmatch(path.name)
        named = edition or _VERSION.fullmatch(path.name)
        if not named:
            yield problem(place, "check.published-misnamed")
            continue
        try:
            said = read_edition(path) if edition else read_version(path)
        except ValueError:
            yield problem(place, "check.published-damaged")
            continue
        own = (path.parent.name, named["form"], int(named["version"]))
        changed = edition is not None and getattr(said, "id", None) != edition["edition"]
        if own != (said.scheme, said.form, said.version) or changed:
            yield problem(place, "check.published-damaged")
        elif edition and not version_path(root, *own).exists():
            yield problem(place, "check.edition-without-version", version=version_path(root, *own).name)
