"""A project in; links of its chapters and sentences that lead nowhere out, each with its line and what was meant.

What a link may lead to is what the site will hold. Links that a template makes (`form_link`, `page_link`) are right or
told as template problems; addresses of other sites are not fetched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from schemebook.check.nearest import nearest, quoted, unknown
from schemebook.check.project_files import schemes_of
from schemebook.check.texts import FRONT, chapter_files, read_text, strings, with_stand_ins
from schemebook.check.ways import words_at
from schemebook.errors import Place, Problem, SchemebookError
from schemebook.handbook.book import Book
from schemebook.handbook.pages import PICTURES
from schemebook.handbook.places import places_on, possible_files, site_files
from schemebook.scheme.project import DOCS, Project
from schemebook.scheme.templating import render_text
from schemebook.scheme.words import problem

_LEFT_OUT = re.compile(
    "|".join(
        (
            r"^ {0,3}(?P<fence>`{3,9}|~{3,9})(?![`~])[^\n]*\n.*?(?:^ {0,3}(?P=fence)|\Z)",  # fenced code
            r"<!--.*?(?:-->|\Z)",
            r"\{#.*?(?:#\}|\Z)",
            r"(?<!`)(?P<ticks>`{1,9})(?!`).{1,1000}?(?<!`)(?P=ticks)(?!`)",  # code
        )
    ),
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(
    r"\]\(\s{0,9}(?:<(?P<angled>[^>\n]{0,999})>[^()\n]{0,999}"
    r"|(?P<plain>(?!<)(?:\{\{[^{}\n]{0,99}\}\}|[^(){}\n]|\([^()\n]{0,99}\)){0,999}))\)"
    r"|^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*<?(?P<defined>[^\s>]+)"
    r"|<(?:a|img|source|video|audio)\b[^>]{0,500}?\b(?:href|src)\s{0,9}=\s{0,9}"
    r"(?:\"(?P<tag>[^\"]{0,999})\"|'(?P<quoted>[^']{0,999})')",
    re.MULTILINE,
)
"""[words](target "title"), [name]: target, and tags of HTML. Repetitions are bounded: a text may be hostile."""
_TITLE = re.compile(r"\s+(?:\".*\"|'.*')\s*$")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """What a link of a text says that it leads to, and where in the text it stands."""

    target: str
    line: int
    column: int


def links_of(text: str) -> Iterator[Link]:
    """The links and pictures of a Markdown text, but for those in code and comments."""
    plain = _LEFT_OUT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in _LINK.finditer(plain):
        name, target = next((name, words) for name, words in found.groupdict().items() if words is not None)
        start = found.start(name)
        column = start - plain.rfind("\n", 0, start)
        yield Link(_TITLE.sub("", target).strip(), plain.count("\n", 0, start) + 1, column)


def problems_with_links(project: Project) -> Iterator[Problem]:
    """Every link of a chapter, of a scheme's sentences and of the front page that leads nowhere."""
    site = _Site(project)
    for id, source in schemes_of(project).items():
        for file in chapter_files(project, id):
            yield from _in_file(site, id, file)
        for steps, text in strings(source.data):
            for link in links_of(text) if "](" in text else ():
                yield from site.problems(id, None, link.target, source.place(steps))
    if project.root.joinpath(FRONT).is_file():
        yield from _in_file(site, "", FRONT)


def _in_file(site: _Site, folder: str, file: str) -> Iterator[Problem]:
    text = read_text(site.project.root, file)
    page = posixpath.basename(file).removesuffix(".md")
    for link in links_of(text) if isinstance(text, str) else ():
        yield from site.problems(folder, page, link.target, Place(file, link.line, link.column))


@dataclass
class _Site:
    """What the pages of a project can lead to. A folder is a scheme's id, or empty for the root."""

    project: Project
    books: dict[str, Book | None] = field(default_factory=dict)
    files: dict[str, set[str] | None] = field(default_factory=dict)
    """None: its file cannot be read at all."""
    places: dict[tuple[str, str], frozenset[str] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for id in schemes_of(self.project):
            whole = with_stand_ins(self.project, id)
            self.books[id] = Book(whole, whole.schemes[id]) if whole else None
            self.files[id] = site_files(whole, whole.schemes[id]) if whole else self._possible(id)

    def _possible(self, id: str) -> set[str] | None:
        data = schemes_of(self.project)[id].data
        chapters = [file for _, file in words_at(data, "chapters.*.file")]
        forms = [form for _, form in words_at(data, "forms.*")]
        return possible_files(self.project.root, id, chapters, forms) if isinstance(data, dict) else None

    def problems(self, folder: str, page: str | None, target: str, place: Place) -> Iterator[Problem]:
        """What is wrong with a link of a page (None: of a sentence, which several pages show).

        Nothing where it cannot be known: in a scheme whose own file cannot be read, or inside a loop.
        """
        said = self._put_in(folder, target)
        if said is None or _ELSEWHERE.match(said):
            return
        path, _, named = said.partition("#")
        path, named = unquote(urlsplit(path).path), unquote(named)
        if path.startswith("/"):
            yield problem(place, "check.link-from-root", found=quoted(said), best=self._from_root(folder, path))
            return
        if not path and (page is None or not named):
            if not said:
                yield unknown(place, "check.link-nowhere", path, self._known(folder, path), found=said)
            return
        other, name = self._split(posixpath.normpath(posixpath.join(folder, path or f"{page}.md")))
        if other and self.files[other] is None:
            return
        if not self._is_there(other, name):
            yield self._nowhere(folder, path, quoted(said), place)
        elif named and other and name.endswith((".md", ".html")):
            yield from self._place_problem(other, name.rpartition(".")[0], named, place)

    def _nowhere(self, folder: str, path: str, said: str, place: Place) -> Problem:
        known = self._known(folder, path)
        if posixpath.splitext(path)[1].lower() in PICTURES and not nearest(path, known):
            where = posixpath.normpath(posixpath.join(DOCS, folder, path))
            return problem(place, "check.picture-nowhere", found=said, file=quoted(where))
        return unknown(place, "check.link-nowhere", path, known, found=said)

    def _put_in(self, folder: str, target: str) -> str | None:
        """The target with its facts put in; None where they are known only inside its text, as in a loop."""
        book = self.books.get(folder)
        if "{" not in target:
            return target
        try:
            return render_text(target, book.context, Place("")) if book else None
        except SchemebookError:
            return None

    def _split(self, where: str) -> tuple[str, str]:
        folder, slash, name = where.partition("/")
        return (folder, name) if slash and folder in self.books else ("", where)

    def _is_there(self, folder: str, name: str) -> bool:
        if not folder:
            return name in ("index.md", "index.html") or name.startswith("assets/")
        page = re.sub(r"\.html$", ".md", name)
        files = self.files[folder] or set()
        return name in files or page in files

    def _known(self, folder: str, path: str) -> list[str]:
        """What a page in this folder can link to, as it writes it, its own scheme's first.

        Where nothing of that is near to `path`, only what is of its kind: pages, or forms and pictures.
        """
        own = sorted(self.files.get(folder) or ())
        start = "../" if folder else ""
        others = [
            f"{start}{id}/{name}" for id, names in self.files.items() if id != folder for name in sorted(names or ())
        ]
        known = [*own, *others, f"{start}index.md"]
        if nearest(path, known):
            return known
        of_a_page = posixpath.splitext(path)[1] in ("", ".md", ".html")
        return [name for name in known if name.endswith(".md") == of_a_page]

    def _from_root(self, folder: str, path: str) -> str:
        start = "../" if folder else ""
        other, name = self._split(path.lstrip("/"))
        return name if other and other == folder else f"{start}{path.lstrip('/')}"

    def _place_problem(self, folder: str, page: str, named: str, place: Place) -> Iterator[Problem]:
        book = self.books[folder]
        key = (folder, page)
        if key not in self.places:
            try:
                self.places[key] = places_on(book, page) if book else None
            except SchemebookError:  # told where the page's own text is checked
                self.places[key] = None
        known = self.places[key]
        if known is not None and named not in (*known, "top"):
            yield unknown(place, "check.place-nowhere", named, sorted(known), page=f"{page}.md")
