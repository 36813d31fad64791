"""A PDF in; the failure conditions of the Matterhorn Protocol (1.02, PDF Association) that it meets out.

Our own walk over the file, beside the checkers that others wrote: each rule is here because one of our files could
break it. The numbers are the protocol's; the words are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

Found = Iterator[str]
Rule = Callable[[pikepdf.Pdf], Found]

_STANDARD = """Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI
    Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu
    WT WP Figure Formula Form"""
STANDARD = set(_STANDARD.split())
"""Structure types of ISO 32000-1, 14.8.4."""
PAINTS = {*"bBfFsS'\"", "b*", "B*", "f*", "sh", "Do", "Tj", "TJ", "EI", "BI", "INLINE IMAGE"}
HIDDEN = 2


def elements(parent: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """Every structure element with the one above it, in reading order."""
    for kid in _kids(parent):
        if "/S" in kid:
            yield kid, parent
            yield from elements(kid)


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    found = element.get("/K")
    listed = list(found) if isinstance(found, Array) else [] if found is None else [found]
    return [kid for kid in listed if isinstance(kid, Dictionary)]


def _tree(pdf: pikepdf.Pdf) -> list[tuple[pikepdf.Object, pikepdf.Object]]:
    root = pdf.Root.get("/StructTreeRoot")
    return [] if root is None else list(elements(root))


def _type(element: pikepdf.Object) -> str:
    return str(element.get("/S", ""))[1:]


def _annotations(pdf: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object]]:
    for number, page in enumerate(pdf.pages, 1):
        for one in page.obj.get("/Annots", []):
            if not int(one.get("/F", 0)) & HIDDEN:
                yield number, one


def _holders(pdf: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """The type of the structure element that each annotation stands in."""
    return {
        kid.Obj.objgen: _type(element)
        for element, _ in _tree(pdf)
        for kid in _kids(element)
        if kid.get("/Type") == Name.OBJR
    }


def marked(pdf: pikepdf.Pdf) -> Iterator[tuple[int, str, list[str]]]:
    """Every operator that paints or begins marking on each page, with what is open around it."""
    for number, page in enumerate(pdf.pages, 1):
        open_: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            word = str(operator)
            if word in ("BDC", "BMC"):
                kind = "artifact" if operands[0] == Name.Artifact else "tagged" if _has_mcid(operands) else "plain"
                yield number, kind, list(open_)
                open_.append(kind)
            elif word == "EMC":
                open_.pop()
            elif word in PAINTS:
                yield number, "paint", list(open_)


def _has_mcid(operands: object) -> bool:
    listed = list(operands)  # type: ignore[call-overload]
    return len(listed) > 1 and isinstance(listed[1], Dictionary) and "/MCID" in listed[1]


def c01_003(pdf: pikepdf.Pdf) -> Found:
    """Content that is no content is marked inside content that is."""
    yield from (f"page {page}" for page, kind, around in marked(pdf) if kind == "artifact" and "tagged" in around)


def c01_004(pdf: pikepdf.Pdf) -> Found:
    """Content is tagged inside what is marked as none."""
    yield from (f"page {page}" for page, kind, around in marked(pdf) if kind == "tagged" and "artifact" in around)


def c01_005(pdf: pikepdf.Pdf) -> Found:
    """Something is painted that is neither tagged nor marked as no content."""
    for page, kind, around in marked(pdf):
        if kind == "paint" and not {"tagged", "artifact"} & set(around):
            yield f"page {page}"


def c01_007(pdf: pikepdf.Pdf) -> Found:
    """The file says itself that its tags are suspect."""
    if pdf.Root.get("/MarkInfo", Dictionary()).get("/Suspects") == True:  # noqa: E712 - a PDF boolean
        yield "MarkInfo"


def c02_001(pdf: pikepdf.Pdf) -> Found:
    """A tag that is none of the standard's is not mapped to one."""
    mapped = {str(name)[1:] for name in (pdf.Root.StructTreeRoot.get("/RoleMap") or Dictionary())}
    yield from (_type(one) for one, _ in _tree(pdf) if _type(one) not in STANDARD | mapped)


def c06_001(pdf: pikepdf.Pdf) -> Found:
    """The file has no metadata."""
    if "/Metadata" not in pdf.Root:
        yield "catalogue"


def c06_002(pdf: pikepdf.Pdf) -> Found:
    """The metadata do not say that the file keeps to PDF/UA."""
    with pdf.open_metadata() as metadata:
        if metadata.get("{http://www.aiim.org/pdfua/ns/id/}part") != "1":
            yield "metadata"


def c06_003(pdf: pikepdf.Pdf) -> Found:
    """The metadata hold no title."""
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "metadata"


def c07_001(pdf: pikepdf.Pdf) -> Found:
    """A viewer is not told to show the title instead of the file's name."""
    if pdf.Root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle") != True:  # noqa: E712
        yield "ViewerPreferences"


def c09_004(pdf: pikepdf.Pdf) -> Found:
    """A row, a cell or a part of a table stands where none belongs."""
    above = {"TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}}
    above |= {part: {"Table"} for part in ("THead", "TBody", "TFoot")}
    for one, parent in _tree(pdf):
        if _type(one) in above and _type(parent) not in above[_type(one)]:
            yield f"{_type(one)} in {_type(parent)}"


def c09_005(pdf: pikepdf.Pdf) -> Found:
    """An item or a part of a list stands where none belongs."""
    for one, parent in _tree(pdf):
        if _type(one) == "LI" and _type(parent) != "L":
            yield f"LI in {_type(parent)}"
        if _type(one) == "LBody" and _type(parent) != "LI":
            yield f"LBody in {_type(parent)}"


def c11_001(pdf: pikepdf.Pdf) -> Found:
    """The file does not say its language."""
    if not str(pdf.Root.get("/Lang", "")):
        yield "catalogue"


def c13_004(pdf: pikepdf.Pdf) -> Found:
    """A picture has no words in its place."""
    for one, _ in _tree(pdf):
        if _type(one) == "Figure" and not (str(one.get("/Alt", "")) or str(one.get("/ActualText", ""))):
            yield "Figure"


def c14_002(pdf: pikepdf.Pdf) -> Found:
    """The first heading is not of the first level."""
    levels = _levels(pdf)
    if levels and levels[0] != 1:
        yield f"H{levels[0]}"


def c14_003(pdf: pikepdf.Pdf) -> Found:
    """A level of headings is left out."""
    levels = _levels(pdf)
    yield from (f"H{after} after H{before}" for before, after in pairwise(levels) if after > before + 1)


def _levels(pdf: pikepdf.Pdf) -> list[int]:
    return [int(_type(one)[1]) for one, _ in _tree(pdf) if _type(one) in {f"H{level}" for level in range(1, 7)}]


def c14_007(pdf: pikepdf.Pdf) -> Found:
    """Headings with a level and headings without one stand in one file."""
    if _levels(pdf) and any(_type(one) == "H" for one, _ in _tree(pdf)):
        yield "H"


def c15_003(pdf: pikepdf.Pdf) -> Found:
    """A header cell does not say whether it heads its row or its column."""
    for one, _ in _tree(pdf):
        if _type(one) == "TH" and not _attribute(one, "/Scope"):
            yield "TH"


def _attribute(element: pikepdf.Object, key: str) -> pikepdf.Object | None:
    given = element.get("/A")
    listed = list(given) if isinstance(given, Array) else [] if given is None else [given]
    return next((one[key] for one in listed if isinstance(one, Dictionary) and key in one), None)


def c21_001(pdf: pikepdf.Pdf) -> Found:
    """A file inside the file is not named in both ways that are asked for."""
    for one in pdf.Root.get("/AF", []):
        if not {"/F", "/UF"} <= set(one.keys()):
            yield "associated file"


def c25_001(pdf: pikepdf.Pdf) -> Found:
    """The form stands in XFA that draws itself."""
    if "/XFA" in pdf.Root.get("/AcroForm", Dictionary()):
        yield "AcroForm"


def c26_002(pdf: pikepdf.Pdf) -> Found:
    """Assistive technology may not read the file."""
    if pdf.is_encrypted and not pdf.encryption.P & 1 << 9:
        yield "Encrypt"


def c28_004(pdf: pikepdf.Pdf) -> Found:
    """A note on a page, such as a link, has no words of its own."""
    for page, one in _annotations(pdf):
        if one.get("/Subtype") not in (Name.Widget, Name.Popup) and not str(one.get("/Contents", "")):
            yield f"page {page}: {one.get('/Subtype')}"


def c28_005(pdf: pikepdf.Pdf) -> Found:
    """A field has no name that can be spoken."""
    for page, one in _annotations(pdf):
        if one.get("/Subtype") == Name.Widget and not (_own_or_above(one, "/TU")):
            yield f"page {page}: {one.get('/T', '')}"


def _own_or_above(widget: pikepdf.Object, key: str) -> str:
    node: pikepdf.Object | None = widget
    while isinstance(node, Dictionary):
        if key in node:
            return str(node[key])
        node = node.get("/Parent")
    return ""


def c28_008(pdf: pikepdf.Pdf) -> Found:
    """A page with fields or links does not say the order of the Tab key."""
    for number, page in enumerate(pdf.pages, 1):
        if "/Annots" in page.obj and "/Tabs" not in page.obj:
            yield f"page {number}"


def c28_009(pdf: pikepdf.Pdf) -> Found:
    """The Tab key does not follow the reading order."""
    for number, page in enumerate(pdf.pages, 1):
        if "/Annots" in page.obj and page.obj.get("/Tabs", Name.S) != Name.S:
            yield f"page {number}"


def c28_010(pdf: pikepdf.Pdf) -> Found:
    """A field's widget does not stand in a Form element."""
    yield from _not_held(pdf, Name.Widget, "Form")


def c28_011(pdf: pikepdf.Pdf) -> Found:
    """A link does not stand in a Link element."""
    yield from _not_held(pdf, Name.Link, "Link")


def _not_held(pdf: pikepdf.Pdf, subtype: Name, wanted: str) -> Found:
    holders = _holders(pdf)
    for page, one in _annotations(pdf):
        if one.get("/Subtype") == subtype and holders.get(one.objgen) != wanted:
            yield f"page {page}: in {holders.get(one.objgen)}"


def c31_009(pdf: pikepdf.Pdf) -> Found:
    """A face that is shown is not in the file."""
    for name, font in _fonts(pdf):
        described = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", Dictionary())
        if font.get("/Subtype") != Name.Type3 and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
            yield name


def c31_027(pdf: pikepdf.Pdf) -> Found:
    """A face does not say which letters its drawings are."""
    yield from (name for name, font in _fonts(pdf) if "/ToUnicode" not in font)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    holders = [page.obj.get("/Resources", Dictionary()) for page in pdf.pages]
    holders.append(pdf.Root.get("/AcroForm", Dictionary()).get("/DR", Dictionary()))
    for holder in holders:
        for name, font in (holder.get("/Font") or Dictionary()).items():
            yield f"{name} {font.get('/BaseFont', '')}", font


RULES: dict[str, Rule] = {
    name[1:].replace("_", "-"): rule
    for name, rule in sorted(globals().items())
    if name.startswith("c") and name[1].isdigit()
}
"""The number of a failure condition -> what finds it."""


def failures(path: Path) -> dict[str, list[str]]:
    """The failure conditions that a file meets, with where; empty where it meets none."""
    with pikepdf.open(path) as pdf:
        found = {number: list(dict.fromkeys(rule(pdf))) for number, rule in RULES.items()}
    return {number: places for number, places in found.items() if places}
