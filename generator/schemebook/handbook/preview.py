"""A project that is being edited in, its site out, always as the files are now; and what is wrong with them.

One thread calls `look_again` and `follow`, the server's threads ask for files; a lock lets in one at a time, and while
nothing has changed it is held for one page at most.
"""

from __future__ import annotations

import datetime
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import TemplateError

from schemebook.errors import SchemebookError
from schemebook.handbook.facts import book_addresses
from schemebook.handbook.live_site import LiveSite
from schemebook.handbook.pages import made_whole, make_book, watched, write_pages
from schemebook.scheme.files import write_file
from schemebook.scheme.project import Project, load_project
from schemebook.scheme.words import what_and_to_do

Snapshot = dict[str, tuple[int, int]]
FindProblems = Callable[[Project], Sequence[str]]
"""A project -> everything that is wrong with it, a line each."""
PAUSE = 0.25
"""Seconds between two looks at the files."""
SETTLED = 0.05
"""Seconds for which no file may change before it is read."""
TURN = 0.001
"""Seconds between two pages that nobody asked for: a lock has no queue, and who waits for a page comes in here."""
OURS = (("handbook", "theme"), ("handbook", "templates"), ("handbook", "assets"), ("form_pdf", "templates"))
"""Folders of the package that a site is made from as well."""


class Preview:
    """The site of a project, and the number of the state that it shows."""

    def __init__(self, root: Path, work: Path, find_problems: FindProblems) -> None:
        """work: an empty folder that is ours while the preview lives."""
        self.root = root
        self.problems: tuple[str, ...] = ()
        self.number = 0
        """Rises with every change that can be seen; browsers wait for it."""
        self._find_problems = find_problems
        self._docs, self._site = work / "handbook", work / "site"
        self._site.mkdir(parents=True)
        self._live = LiveSite(self._docs, self._site)
        self._project: Project | None = None
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._stuck = False

    def look_again(self) -> bool:
        """Take in what the project's files say now; whether anything changed that can be seen.

        What is wrong stands in `problems` afterwards; the site then stays as it was, as far as it cannot be made.
        """
        with self._lock:
            self._stuck = False
            project = load_project(self.root)
            problems = tuple(self._find_problems(project))
            changed: list[Path] = []
            try:
                changed = self._write(made_whole(project))
            except SchemebookError as error:
                problems = problems or tuple(str(error).splitlines())
        if not changed and problems == self.problems:
            return False
        self._show(problems)
        return True

    def _write(self, project: Project) -> list[Path]:
        before = {path for path in self._docs.rglob("*") if path.is_file()}
        try:
            changed = write_pages(project, self._docs, today=datetime.date.today(), books=False)
        except TemplateError as error:  # in a template of ours: who works on the package sees it here, too
            raise SchemebookError(*what_and_to_do("handbook.site-not-built", reason=error)) from None
        self._project = project
        gone = [path for path in before if not path.is_file()]
        if changed or gone:
            self._live.take(changed)
        return changed + gone

    def _show(self, problems: tuple[str, ...]) -> None:
        with self._changed:
            self.problems = problems
            self.number += 1
            self._changed.notify_all()

    def follow(self) -> bool:
        """Make one more page of those that nobody has asked for yet; whether there was one."""
        with self._lock:
            if self._stuck:
                return False
            try:
                return self._live.make_next()
            except SchemebookError as error:
                self._stuck = True
                problems = (*self.problems, *str(error).splitlines())
        self._show(problems)
        return False

    def file(self, address: str) -> Path | None:
        """The file at an address, as it is now. Raises SchemebookError where its page cannot be made."""
        with self._lock:
            book = self._book(address)
            return book or self._live.file(address)

    def _book(self, address: str) -> Path | None:
        """A handbook as one PDF: it takes too long to be made with every edit, so it is made when it is asked for."""
        for id, scheme in self._project.schemes.items() if self._project else ():
            for sheet, found in book_addresses(scheme).items():
                if found == address and self._project:
                    write_file(self._site / address, make_book(self._project, id, datetime.date.today(), sheet))
                    return self._site / address
        return None

    def wait(self, seen: int, seconds: float) -> int:
        """The number of the state that is shown: at once where it is not `seen`, else when it changes or time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self.number != seen, seconds)
            return self.number


def keep_current(preview: Preview, tell: Callable[[Sequence[str]], None]) -> None:
    """Look at the project's files again and again, and make what nobody has asked for meanwhile. Does not end.

    tell: is given what is wrong whenever that changes; nothing, when all of it is mended.
    """
    seen: Snapshot | None = None
    told: Sequence[str] = ()
    while True:
        now = snapshot(preview.root)
        if now != seen:
            seen = _settled(preview.root, now)
            preview.look_again()
        until = time.monotonic() + PAUSE
        while time.monotonic() < until and preview.follow():
            time.sleep(TURN)
        if preview.problems != told:
            told = preview.problems
            tell(told)
        time.sleep(max(0.0, until - time.monotonic()))


def _settled(root: Path, now: Snapshot) -> Snapshot:
    """The files as they are once nobody writes to them: an editor may empty a file before it fills it."""
    while True:
        time.sleep(SETTLED)
        before, now = now, snapshot(root)
        if now == before:
            return now


def snapshot(root: Path) -> Snapshot:
    """When each file was last written from which the site is made: the project's, and the package's own templates."""
    package = Path(str(files("schemebook")))
    folders = [*watched(root), *(package.joinpath(*names) for names in OURS)]
    return dict(_stamps([root / "mkdocs.yml", *(path for folder in folders for path in folder.rglob("*"))]))


def _stamps(paths: list[Path]) -> Iterator[tuple[str, tuple[int, int]]]:
    for path in paths:
        if path.name.startswith(".") or path.name.endswith("~"):  # an editor's own
            continue
        try:
            state = path.stat()
        except OSError:  # it went since the folder was listed
            continue
        if stat.S_ISREG(state.st_mode):
            yield str(path), (state.st_mtime_ns, state.st_size)
