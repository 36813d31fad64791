"""A project in, a complete docs folder out, and the site that MkDocs makes of it.

The folder holds everything that the site needs: mkdocs.yml (without our plugin), docs/ with Markdown, forms and assets,
and theme/ with our overrides of Material. Any MkDocs with Material builds it, so the site outlives this generator.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Protocol

from markupsafe import Markup

from schemebook.errors import Place, ProjectError, SchemebookError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.handbook.book import Book, FormFile, edition_address
from schemebook.handbook.facts import book_addresses
from schemebook.handbook.scheme_pages import chapter_assets, page_from_template, scheme_pages
from schemebook.handbook.site_config import (
    MARK,
    colour_files,
    logo_address,
    read_document,
    site_config,
)
from schemebook.scheme.files import write_file
from schemebook.scheme.model import Scheme
from schemebook.scheme.project import CONFIGS, DOCS, Project, load_project
from schemebook.scheme.words import problem, say, what_and_to_do

Tell = Callable[[str], None]


class MadeForm(Protocol):
    """What the site needs of a finished form."""

    @property
    def pdf(self) -> bytes: ...
    @property
    def descriptor(self) -> FormDescriptor: ...
    @property
    def draft(self) -> bool: ...


MakeForm = Callable[[Project, str, str, str], MadeForm]
"""Project, scheme id, form id, name of the edition -> the finished form."""


def write_pages(
    project: Project,
    out: Path,
    *,
    schemes: Sequence[str] | None = None,
    today: datetime.date,
    tell: Tell = lambda words: None,
    make_form: MakeForm | None = None,
    books: bool = True,
) -> list[Path]:
    """Write the complete docs folder of a project to `out`; the files that had to be written.

    schemes: ids of the schemes to take, else all. tell: is told of each form that is still a draft. make_form: makes
    the PDFs, else the package's own. books: whether each handbook is written as one PDF too; without, its links to
    them lead nowhere until `make_book` makes them. What stands in `out` and belongs to it no longer is removed; a
    folder that holds something else is refused with SchemebookError.
    """
    _refuse_foreign(out)
    chosen = [project.scheme(id) for id in (schemes if schemes is not None else project.schemes)]
    content = dict(_everything(project, chosen, today, tell, make_form or _own_form, books))
    written = [out / name for name, data in content.items() if write_file(out / name, data)]
    _clear(out, keep={out / name for name in content})
    return written


def build_site(folder: Path, site: Path) -> None:
    """Have MkDocs build what `write_pages` wrote, aside, then bring it over: a build that fails changes no site.

    What the site has and the build has not is removed, so a folder that holds something else is refused. Raises
    SchemebookError for that, and where MkDocs cannot build or a place cannot be written to.
    """
    _refuse_to_empty(site)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".site-") as aside:
        _build(folder, Path(aside))
        _bring_over(Path(aside), site)


def _build(folder: Path, aside: Path) -> None:
    hush_material()
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    try:
        config = load_config(config_file=str(folder / "mkdocs.yml"), site_dir=str(aside.resolve()))
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
    except MkDocsException as error:
        raise SchemebookError(*what_and_to_do("handbook.site-not-built", reason=str(error).rstrip("."))) from None
    except OSError as error:
        where = folder.parent
        raise SchemebookError(*what_and_to_do("project.not-written", path=where, reason=error.strerror)) from None


def _bring_over(made: Path, site: Path) -> None:
    """Each file of the site, whole, unless it stands there; what is hidden (such as .git) stays, as MkDocs has it."""
    names = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    for name in sorted(names):  # 404.html first: by it a site that was brought over in part is known for one
        write_file(site / name, (made / name).read_bytes())
    try:
        for path in sorted(site.rglob("*"), reverse=True):
            name = path.relative_to(site)
            if name in names or name.parts[0].startswith("."):
                continue
            if not path.is_dir() or path.is_symlink():
                path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise SchemebookError(*what_and_to_do("project.not-written", path=site, reason=error.strerror)) from None


def hush_material() -> None:
    """Keep Material's notice about its own future away: it is for those who choose a site generator."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def whole_project(root: Path) -> Project:
    """The project at `root`, for a build that nobody has checked before. Raises what `made_whole` does."""
    return made_whole(load_project(root))


def made_whole(project: Project) -> Project:
    """The same project. Raises ProjectError where a file of it cannot be read; `schemebook check` says more."""
    found = [one for source in project.sources.values() for one in source.problems]
    found += [problem(Place(unfit.source.file), "handbook.does-not-fit") for unfit in project.unfit]
    if found:
        raise ProjectError(found)
    return project


def watched(root: Path) -> list[Path]:
    """The folders of a project whose changes show on the site."""
    return [folder for folder in (root / CONFIGS, root / "forms", root / DOCS) if folder.is_dir()]


def _everything(
    project: Project, schemes: list[Scheme], today: datetime.date, tell: Tell, make_form: MakeForm, books: bool
) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder: its name, its bytes."""
    logos = {one.scheme: address for one in schemes if (address := logo_address(one))}
    yield "mkdocs.yml", site_config(read_document(project.root), schemes, logos, today).encode()
    yield from _package_files("theme", "theme")
    yield from _package_files("assets", "docs/assets")
    for name, data in colour_files(schemes).items():
        yield f"docs/{name}", data
    yield "docs/index.md", _site_page(project, schemes).encode()
    for scheme in schemes:
        yield from _scheme_files(project, scheme, today, tell, make_form, books)


def _scheme_files(
    project: Project, scheme: Scheme, today: datetime.date, tell: Tell, make_form: MakeForm, books: bool
) -> Iterator[tuple[str, bytes]]:
    id = scheme.scheme
    forms = _forms_of(project, id, make_form)
    told = {form: tuple(one.file for one in made) for form, made in forms.items()}
    for form, made in forms.items():
        if any(one.file.draft for one in made):
            tell(say("handbook.draft", form=f"{id}/{form}"))
        for one in made:
            yield f"docs/{id}/{one.file.address}", one.pdf
    pages = scheme_pages(project, scheme, told)
    for name, text in pages.items():
        yield f"docs/{id}/{name}", text.encode()
    beside = _beside(project, id)
    for name, data in beside.items():
        yield f"docs/{id}/{name}", data
    if books:
        for sheet, place in book_addresses(scheme).items():
            yield f"docs/{place}", _book_once(Book(project, scheme, told), pages, beside, today, sheet)
    if address := logo_address(scheme):
        yield f"docs/{address}", _logo(project, scheme)


def make_book(project: Project, id: str, today: datetime.date, sheet: str = "a4") -> bytes:
    """A scheme's handbook as one PDF, by itself, on that size of paper. Raises what `write_pages` raises."""
    scheme = project.scheme(id)
    told = {form: tuple(one.file for one in made) for form, made in _forms_of(project, id, _own_form).items()}
    pages = scheme_pages(project, scheme, told)
    return _book_once(Book(project, scheme, told), pages, _beside(project, id), today, sheet)


def _forms_of(project: Project, id: str, make_form: MakeForm) -> dict[str, list[_Made]]:
    """Form -> its editions, the usual one first."""
    editions = project.scheme(id).editions
    return {
        form: [_form_once(project, id, form, edition, make_form) for edition in editions]
        for form in project.form_ids(id)
    }


def _beside(project: Project, id: str) -> dict[str, bytes]:
    """What stands beside a scheme's chapters: its address from there -> its bytes."""
    below = project.root / DOCS / id
    return {path.relative_to(below).as_posix(): path.read_bytes() for path in chapter_assets(project.root, id)}


def _logo(project: Project, scheme: Scheme) -> bytes:
    path = project.root / CONFIGS / str(scheme.branding.logo)
    if not path.is_file():
        raise SchemebookError(*what_and_to_do("handbook.logo-missing", file=scheme.branding.logo))
    return path.read_bytes()


def _site_page(project: Project, schemes: list[Scheme]) -> str:
    """The front page of the whole site: the project's docs/index.md, then its schemes."""
    path = project.root / DOCS / "index.md"
    name = read_document(project.root).get("site_name") or say("handbook.frame-handbook")
    intro = path.read_text("utf-8-sig") if path.is_file() else f"# {name}\n\n{say('handbook.site-choose')}"
    return page_from_template("site.md", project, schemes, Markup(intro.strip()), Place(f"{DOCS}/index.md"))


@dataclass(frozen=True)
class _Made:
    pdf: bytes
    file: FormFile


_made: dict[str, _Made] = {}
"""Forms of the last builds of this process: while one edits chapters, `serve` lays no form out again."""
MOST_KEPT = 800
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
"""What the handbook as one PDF can show."""


def _form_once(project: Project, scheme: str, form: str, edition: str, make_form: MakeForm) -> _Made:
    key = _made_from(project, scheme, form, edition, make_form)
    if key not in _made:
        made = make_form(project, scheme, form, edition)
        pages = made.descriptor.edition.pages
        while len(_made) >= MOST_KEPT:
            del _made[next(iter(_made))]
        address = edition_address(form, edition, project.scheme(scheme).editions[0])
        _made[key] = _Made(made.pdf, FormFile(edition, address, pages, len(made.pdf), made.draft))
    return _made[key]


def _made_from(project: Project, scheme: str, form: str, edition: str, make_form: MakeForm) -> str:
    """What a form's PDF is made from, as one hash: scheme, form, edition, logo, and what is published of the form."""
    published = sorted((project.root / "forms" / "published" / scheme).glob(f"{form}-v*"))
    logo = project.scheme(scheme).branding.logo
    parts = [
        str(project.root),
        _typst_templates(),
        edition,
        repr(make_form),
        project.scheme(scheme).model_dump_json(),
        project.form(scheme, form).model_dump_json(),
        *(path.name for path in published),
        hashlib.sha256(_logo(project, project.scheme(scheme))).hexdigest() if logo else "",
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _typst_templates() -> str:
    """When each template of the layout engine was written: who works on one under `serve` sees the edit."""
    folder = Path(str(files("schemebook.form_pdf"))) / "templates"
    return repr(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.typ")))


_books: dict[str, tuple[str, bytes]] = {}
"""The handbook that each project, scheme and size of paper had last in this process, with a hash of its sources."""


def _book_once(
    book: Book, pages: Mapping[str, str], beside: Mapping[str, bytes], today: datetime.date, sheet: str
) -> bytes:
    """The handbook as one PDF; made anew only where something that it shows has changed."""
    from schemebook.handbook.handbook_pdf import make_handbook_pdf  # brings the layout engine

    scheme = book.scheme
    site = read_document(book.project.root).get("site_url", "")
    site = f"{site.rstrip('/')}/{scheme.scheme}/" if site else ""
    logo = _logo(book.project, scheme) if scheme.branding.logo else b""
    pictures = {name: data for name, data in beside.items() if PurePosixPath(name).suffix.lower() in PICTURES}
    whole = (_typst_templates(), scheme.model_dump_json(), pages, sorted(pictures.items()), logo, site, today)
    made_from = hashlib.sha256(repr(whole).encode()).hexdigest()
    place = f"{book.project.root}\0{scheme.scheme}\0{sheet}"
    if _books.get(place, ("", b""))[0] != made_from:
        made = make_handbook_pdf(book, pages, pictures=pictures, site=site, today=today, sheet=sheet)
        _books[place] = (made_from, made)
    return _books[place][1]


def _own_form(project: Project, scheme: str, form: str, edition: str) -> MadeForm:
    from schemebook.form_pdf.finish import make_form_pdf  # brings the layout engine

    return make_form_pdf(project, scheme, form, edition)


def _package_files(folder: str, target: str) -> Iterator[tuple[str, bytes]]:
    yield from _below(files("schemebook.handbook").joinpath(folder), target)


def _below(start: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for one in sorted(start.iterdir(), key=lambda item: item.name):
        if one.is_dir():
            yield from _below(one, f"{prefix}/{one.name}")
        else:
            yield f"{prefix}/{one.name}", one.read_bytes()


def _refuse_foreign(out: Path) -> None:
    """A folder is only cleared where an earlier call of ours wrote it."""
    if not out.exists() or not any(out.iterdir()):
        return
    config = out / "mkdocs.yml"
    if not config.is_file() or not config.read_text("utf-8").startswith(MARK):
        raise SchemebookError(*what_and_to_do("handbook.folder-not-ours", folder=out))


def _refuse_to_empty(site: Path) -> None:
    """MkDocs empties the folder: right only where a site stands, which always has a page for what is not found."""
    if site.is_file():
        raise SchemebookError(*what_and_to_do("handbook.site-is-a-file", file=site))
    if site.is_dir() and any(site.glob("[!.]*")) and not (site / "404.html").is_file():
        raise SchemebookError(*what_and_to_do("handbook.site-not-empty", folder=site))


def _clear(out: Path, keep: set[Path]) -> None:
    """Removes files that belong to the folder no longer, and folders that are empty then."""
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_file() and path not in keep:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
