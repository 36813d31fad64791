"""Readings in; those of files that hold the pages of one form between them joined to one, out.

Pages are joined where something says that they are one person's: the token of an issued copy, the message that they
were attached to, or the name that their files share. Never on a guess: each page has to be there exactly once. Where
no token says it, a person is asked to look, and what is not joined is told which files may hold its other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pikepdf
from pikepdf import Dictionary, Name

from schemebook.errors import SetAsideError
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.returned.arrivals.imap import MessageEnd
from schemebook.returned.limits import Limits
from schemebook.returned.recovery.recovered import PageCopy, PartOfForm
from schemebook.returned.returned_pdf import ReturnedPdf, hashed
from schemebook.returned.submission import ReviewReason, Submission, recovered_submission
from schemebook.returned.worker import Reading
from schemebook.scheme.words import say

Other = TypeVar("Other")

_MOST_HELD = 100
"""Files with single pages that are held at once, each with a picture of some 300 kB."""
_MOST_TOLD = 4
"""Names of files that may hold the other pages."""
_SHORTEST_NAME = 3
_SAY_NOTHING = re.compile(
    "adobe|a[mt]|back|blatt|camscanner|copy|docs?|document|dsc[fn]?|edited|file|foto|front|hei[cf]|images?|img[p]?|jpe?g|"
    "mvimg|of|pages?|pdf|photos?|pic|picture|pm|pxl|scan|scanned|scanner|scans|screenshot|seite|signal|tiff?|whatsapp"
)
"""Words in the names that cameras, scanners and programs give: they say nothing of whose a page is."""


@dataclass(frozen=True)
class _Page:
    """A file that shows some pages of a form, and those pages."""

    reading: Reading
    submission: Submission
    part: PartOfForm

    @property
    def name(self) -> str:
        return self.reading.pdf.name


def join_files(
    readings: Iterable[Reading | Other], known: Mapping[str, FormDescriptor], folder: Path, limits: Limits
) -> Iterator[Reading | Other]:
    """Readings, with those joined that hold the pages of one form between them.

    folder: where the joined PDFs are made; whoever stores them takes them away. What may have to be joined is given
    out after the other files of its message or folder; all else keeps its place.
    """
    held: list[_Page] = []
    bundle: object = None
    for one in readings:
        if isinstance(one, MessageEnd) or (isinstance(one, Reading) and _bundle(one.pdf) != bundle):
            yield from _settled(held, known, folder, limits)
            held = []
        if isinstance(one, Reading):
            bundle = _bundle(one.pdf)
            if isinstance(one.outcome, Submission) and one.outcome.partial and len(held) < _MOST_HELD:
                held.append(_Page(one, one.outcome, one.outcome.partial))
                continue
        yield one
    yield from _settled(held, known, folder, limits)


def _bundle(pdf: ReturnedPdf) -> object:
    """What came together: the files of a message, of a folder, of a zip."""
    return pdf.letter.message or pdf.letter if pdf.letter else pdf.name.rpartition("/")[0]


def _settled(
    held: Sequence[_Page], known: Mapping[str, FormDescriptor], folder: Path, limits: Limits
) -> Iterator[Reading]:
    left = list(held)
    for group in _groups(held):
        if not all(page in left for page in group) or not _is_whole(group, known):
            continue
        joined = _joined(group, known, folder, limits)
        if joined is not None:
            left = [page for page in left if page not in group]
            yield joined
    for page in left:
        yield replace(page.reading, outcome=_told_of_others(page, left))


def _groups(held: Sequence[_Page]) -> Iterator[list[_Page]]:
    """Files that may belong together, what is surest first."""
    groups: dict[tuple[object, ...], list[_Page]] = {}
    for page in held:
        if page.part.token:
            groups.setdefault((1, page.part.edition, page.part.token), []).append(page)
            continue
        words = _own_words(page.name)
        if words:
            groups.setdefault((2, page.part.edition, *words), []).append(page)
        if page.reading.pdf.letter:
            groups.setdefault((3, page.part.edition), []).append(page)
    return (groups[key] for key in sorted(groups, key=lambda key: str(key[0])))


def _own_words(name: str) -> tuple[str, ...]:
    """The words of a file's name that somebody gave it: none of one that a camera or a scanner named."""
    found = re.findall(r"[^\W\d_]+", Path(name.rpartition("/")[2]).stem.casefold())
    words = tuple(word for word in found if len(word) > 1 and not _SAY_NOTHING.fullmatch(word))
    return words if any(len(word) >= _SHORTEST_NAME for word in words) else ()


def _is_whole(group: Sequence[_Page], known: Mapping[str, FormDescriptor]) -> bool:
    """Whether some files hold each page of their form exactly once between them."""
    pages = sorted(copy.page for page in group for copy in page.part.pages)
    form = known.get(group[0].part.edition)
    return form is not None and len(group) > 1 and pages == list(range(1, form.edition.pages + 1))


def _told_of_others(page: _Page, left: Sequence[_Page]) -> Submission:
    """What one file gave, with the names of those that may hold its other pages."""
    mine = {copy.page for copy in page.part.pages}
    others = [
        other.name.rpartition("/")[2]
        for other in left
        if (other.part.edition, other.part.token) == (page.part.edition, page.part.token)
        and not mine & {copy.page for copy in other.part.pages}
    ]
    apart = replace(page.submission, partial=None)
    if not others:
        return apart
    names = ", ".join(others[:_MOST_TOLD]) + (" …" if len(others) > _MOST_TOLD else "")
    return apart.doubted([ReviewReason("other-pages", say("returned.review-other-pages", files=names))])


def _joined(
    group: Sequence[_Page], known: Mapping[str, FormDescriptor], folder: Path, limits: Limits
) -> Reading | None:
    """Some files as one, with the reason to look at it where no token says whose they are."""
    found = join_pages([page.reading for page in group], known, folder, limits)
    if found is None or group[0].part.token or not isinstance(found.outcome, Submission):
        return found
    return replace(found, outcome=found.outcome.doubted([ReviewReason("joined", say("returned.review-joined"))]))


def join_pages(
    readings: Sequence[Reading], known: Mapping[str, FormDescriptor], folder: Path, limits: Limits
) -> Reading | None:
    """Files that show each page of one form once between them as one: a PDF of their pages with the files attached.

    readings: all with `partial`. None where the PDF is too large. That they are one person's is for the caller to know.
    """
    from schemebook.returned.recovery.recover import RecoveredForm  # only now: it brings a second PDF library

    group = sorted(_pages(readings), key=lambda page: page.part.pages[0].page)
    places: dict[tuple[int, int], int] = {}  # which file, its page -> page of the joined one
    for number, page in enumerate(group):
        for copy in page.part.pages:
            places[number, copy.number] = len(places) + 1
    parts = [page.part for page in group]
    form = RecoveredForm(known[parts[0].edition], parts[0].token)
    form.pages = {copy.page: places[at, copy.number] for at, part in enumerate(parts) for copy in part.pages}
    for at, part in enumerate(parts):
        form.widgets |= part.widgets
        form.recovered += [replace(one, page=places[at, one.page]) for one in part.recovered]
    form.in_fields = any(part.in_fields for part in parts)
    form.review = list(dict.fromkeys(chain.from_iterable(part.review for part in parts)))
    try:
        pdf = _file_of([page.reading.pdf for page in group], parts, folder, limits)
    except SetAsideError:
        return None
    members = tuple(page.reading.pdf for page in group)
    return Reading(pdf, recovered_submission([form]), members=members)


def _pages(readings: Iterable[Reading]) -> Iterator[_Page]:
    for one in readings:
        if isinstance(one.outcome, Submission) and one.outcome.partial:
            yield _Page(one, one.outcome, one.outcome.partial)


def _file_of(files: Sequence[ReturnedPdf], parts: Sequence[PartOfForm], folder: Path, limits: Limits) -> ReturnedPdf:
    """One PDF of some files' pages, the same bytes each time. Raises SetAsideError too-large."""
    path = folder / f"joined-{files[0].sha256}.pdf"
    with pikepdf.new() as pdf:
        for copy in (copy for part in parts for copy in part.pages):
            _add_page(pdf, copy)
        for number, file in enumerate(files, start=1):
            name = f"{number}-{file.name.rpartition('/')[2]}"
            pdf.attachments[name] = file.path.read_bytes()
        # how hard streams are packed is a setting of the whole process, which other work may change
        pdf.save(path, deterministic_id=True, compress_streams=False)
    shown = " + ".join([files[0].name, *(file.name.rpartition("/")[2] for file in files[1:])])
    made = hashed(path, f"{shown}, joined.pdf", limits, max(file.received for file in files), unpacked=True)
    return replace(made, letter=max(files, key=lambda file: file.received).letter)


def _add_page(pdf: pikepdf.Pdf, copy: PageCopy) -> None:
    size = copy.size
    width, height = copy.lines or _jpeg_size(copy.picture)
    drawn = pikepdf.Stream(
        pdf,
        copy.picture,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
        Filter=Name.FlateDecode if copy.lines else Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(XObject=Dictionary(Page=drawn))
    page.obj.Contents = pikepdf.Stream(pdf, f"q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Page Do Q".encode())


def _jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height by the frame header (ITU-T T.81, B.2.2), which our own JPEGs have as a baseline one."""
    frame = jpeg.index(b"\xff\xc0")
    return int.from_bytes(jpeg[frame + 7 : frame + 9]), int.from_bytes(jpeg[frame + 5 : frame + 7])
