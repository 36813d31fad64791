"""What real programs do to a returned form: a case each, with a file like theirs and what must be read from it.

`by` names the program that makes the file here; a file written by hand names the report of the program that causes it.
All are the small form of made_pdf.py with an answer to every question, where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, String
from tests.returned.made_pdf import FULL, VALUES, changed, make_pdf, saved
from tests.returned.made_pdf import field as node

Change = Callable[[pikepdf.Pdf], object]


@dataclass(frozen=True)
class Quirk:
    """One thing that programs do. like: what the file is like, for the manual. told: kinds of problems of answers."""

    id: str
    program: str
    like: str
    made: Callable[[], bytes]
    report: str
    answers: Mapping[str, Any] = field(default_factory=lambda: FULL)
    review: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    by: str = ""


def filled(change: Change, values: Mapping[str, str] | None = None, **how: Any) -> Callable[[], bytes]:
    """The small form with its answers after a change."""
    given = VALUES if values is None else values
    return lambda: changed(make_pdf(dict(given)), change, **how)


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in VALUES.items() if key != name}


def _preview_kid(pdf: pikepdf.Pdf) -> None:
    role = node(pdf, "role")
    kid = role.Kids[1]
    del kid["/Parent"]
    kid.T, kid.FT, kid.V, kid.Ff = String("role"), Name.Btn, Name("/mentor"), role.Ff
    kid.AS = Name("/mentor")


def _preview_old_parent(pdf: pikepdf.Pdf) -> None:
    _preview_kid(pdf)
    node(pdf, "role").V = Name("/mentee")


def _two_copies(pdf: pikepdf.Pdf) -> None:
    """The list keeps copies of the fields as they were; the pages have their own."""
    blank = pikepdf.open(BytesIO(make_pdf()))
    pdf.Root.AcroForm = pdf.copy_foreign(blank.make_indirect(blank.Root.AcroForm))


def _short_list(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields = Array(list(pdf.Root.AcroForm.Fields)[:3])


def _no_form(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/AcroForm"]


def _fields_no_array(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields = Dictionary(A=1)


def _value_on_kid(pdf: pikepdf.Pdf) -> None:
    role = node(pdf, "role")
    del role["/V"]
    role.Kids[1].V = Name("/mentor")
    role.Kids[1].AS = Name.Off


def _only_state(pdf: pikepdf.Pdf) -> None:
    del node(pdf, "role")["/V"]


def _wrong_state_names(pdf: pikepdf.Pdf) -> None:
    for kid in node(pdf, "role").Kids:
        if str(kid.AS) != "/Off":
            kid.AP.N = Dictionary({"/#6Dentor": kid.AP.N["/mentor"], "/Off": kid.AP.N["/Off"]})


def _two_on(pdf: pikepdf.Pdf) -> None:
    role = node(pdf, "role")
    role.Kids[2].AS = Name("/both")
    for kid in role.Kids:
        del kid["/P"]


def _index_into_opt(pdf: pikepdf.Pdf) -> None:
    role = node(pdf, "role")
    role.Opt = Array([String("mentee"), String("mentor"), String("both")])
    role.V = Name("/1")
    for place, kid in enumerate(role.Kids):
        kid.AP.N = Dictionary({f"/{place}": kid.AP.N["/Off"], "/Off": kid.AP.N["/Off"]})
        kid.AS = Name("/1") if place == 1 else Name.Off


def _set(name: str, value: Any) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        node(pdf, name).V = value

    return change


def _bytes(name: str, value: bytes) -> Change:
    return lambda pdf: setattr(node(pdf, name), "V", String(value))


def _stream(pdf: pikepdf.Pdf) -> None:
    node(pdf, "story").V = pdf.make_stream("One line.\rAnother, with ʻokina.".encode("utf-16-be"))


def _rich(pdf: pikepdf.Pdf) -> None:
    node(pdf, "story").RV = String("<body><p>One line.</p><p>Another, with <b>ʻokina</b>.</p></body>")


def _other_rich(pdf: pikepdf.Pdf) -> None:
    node(pdf, "story").RV = String("<p>Somebody else's line.</p>")


def _formatted(pdf: pikepdf.Pdf) -> None:
    box = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 80, 20]))
    node(pdf, "hours").AP = Dictionary(N=pikepdf.Stream(pdf, b"BT (12.00 hours) Tj ET", box))


def _bytes_drawn(pdf: pikepdf.Pdf) -> None:
    box = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 80, 20]))
    node(pdf, "name").AP = Dictionary(N=pikepdf.Stream(pdf, b"BT <feff0054> Tj ET", box))


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.XFA = Array([String("datasets"), pdf.make_stream(b"<xfa:datasets/>")])


def _tick_with_two_boxes(pdf: pikepdf.Pdf) -> None:
    tick = node(pdf, "topics.a")
    second = pdf.make_indirect(
        Dictionary(Subtype=Name.Widget, Parent=tick, AS=Name.on, AP=tick.AP, Rect=Array([9] * 4))
    )
    first = pdf.make_indirect(Dictionary(Subtype=Name.Widget, Parent=tick, AS=Name.on, AP=tick.AP, Rect=tick.Rect))
    for page in pdf.pages:
        page.obj.Annots = Array([one for one in page.obj.Annots if one.objgen != tick.objgen])
    pdf.pages[0].obj.Annots.append(first)
    pdf.pages[0].obj.Annots.append(second)
    for key in ("/Subtype", "/Rect", "/AS", "/AP", "/P", "/Type", "/F"):
        del tick[key]
    tick.Kids = Array([first, second])


def _need_appearances(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.NeedAppearances = True
    for page in pdf.pages:
        for one in page.obj.Annots:
            if one.get("/FT") == Name.Tx and "/AP" in one:
                del one["/AP"]


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('Kia ora')"))


def _locked_fields(pdf: pikepdf.Pdf) -> None:
    for one in pdf.Root.AcroForm.Fields:
        one.Ff = int(one.get("/Ff", 0)) | 1
    pdf.Root.AcroForm.SigFlags = 3


def _only_the_place(pdf: pikepdf.Pdf) -> None:
    region = node(pdf, "region")
    del region["/V"]
    region.I = Array([1])


def _update() -> bytes:
    """The blank with the answers as an update behind it, as pypdf appends."""
    out = BytesIO()
    writer = pypdf.PdfWriter(BytesIO(make_pdf(_without("name") | {"name": "Earlier"})), incremental=True)
    for page in writer.pages:
        for annotation in page["/Annots"]:
            one = annotation.get_object()
            if one.get("/T") == "name":
                one[pypdf.generic.NameObject("/V")] = pypdf.generic.TextStringObject(VALUES["name"])
    writer.write(out)
    return out.getvalue()


def _by_pypdf() -> bytes:
    out = BytesIO()
    pypdf.PdfWriter(clone_from=BytesIO(make_pdf(VALUES))).write(out)
    return out.getvalue()


def _text_prefixed(before: bytes, after: bytes) -> Callable[[], bytes]:
    return lambda: before + make_pdf(VALUES) + after


def _ticks_as(state: str) -> Callable[[], bytes]:
    def change(pdf: pikepdf.Pdf) -> None:
        node(pdf, "consent").V = node(pdf, "consent").AS = Name(f"/{state}")

    return filled(change)


def _locked(owner: str) -> Callable[[], bytes]:
    def made() -> bytes:
        with pikepdf.open(BytesIO(make_pdf(VALUES))) as pdf:
            return saved(pdf, static_id=False, encryption=pikepdf.Encryption(owner=owner, user="", R=6))

    return made


MAORI = "Tāne Mahuta"
CASES = [
    Quirk("radio-kid-alone", "Apple Preview 12 and later, iOS Files",
          "the chosen button is written anew without /Parent, with the group's /T, /FT and /V; the group has no /V",
          filled(_preview_kid, _without("role")), "mozilla/pdf.js#17159"),
    Quirk("radio-kid-alone-changed", "Apple Preview 12 and later, iOS Files",
          "the same, and the group's /V is that of an earlier choice",
          filled(_preview_old_parent, _without("role")), "developer.apple.com/forums/thread/735073",
          review=("disagreement",), told=("disagreement",)),
    Quirk("two-unconnected-copies", "macOS 26.5",
          "/Fields and the widgets on the pages are two copies; those on the pages have the answers",
          filled(_two_copies), "ben-milanko/dart-pdf#156"),
    Quirk("short-list", "Apple Preview", "/Fields lists 3 of all fields; the widgets are on the pages",
          filled(_short_list), "ajrcarey/pdfium-render#201"),
    Quirk("no-form", "page importers", "/AcroForm is missing; the widgets are left",
          filled(_no_form), "gettalong/hexapdf#86, GSA-TTS/forms#134"),
    Quirk("fields-no-array", "libraries", "/Fields is no array", filled(_fields_no_array), "seen in public PDFs"),
    Quirk("bare-cr", "Acrobat, PDF-XChange", "lines end with a bare CR",
          filled(_set("story", String("One line.\rAnother, with ʻokina."))), "abntex/limarka#124, pridiltal/staplr#55"),
    Quirk("rich-text", "Acrobat", "/RV beside /V says the same", filled(_rich),
          "pdf-association/arlington-pdf-model#101"),
    Quirk("other-rich-text", "Acrobat", "/RV beside /V says something else", filled(_other_rich),
          "pdf-association/arlington-pdf-model#101", review=("disagreement",), told=("disagreement",)),
    Quirk("value-in-a-stream", "Acrobat", "/V is a stream", filled(_stream), "gettalong/hexapdf#361"),
    Quirk("formatted-appearance", "Acrobat", "the appearance shows formatted text, /V holds it raw",
          filled(_formatted), "mozilla/pdf.js#16433"),
    Quirk("xfa-hybrid", "Acrobat with XFA", "the answers stand a second time in /XFA", filled(_xfa),
          "mozilla/pdf.js#12319, #16081", review=("second-form",)),
    Quirk("value-on-the-kid", "Firefox, older", "the group has no /V, its kid has", filled(_value_on_kid),
          "mozilla/pdf.js#15228"),
    Quirk("only-the-state", "Firefox, older", "the group has no /V, a kid's /AS is on", filled(_only_state),
          "mozilla/pdf.js#12376"),
    Quirk("wrong-escapes", "Firefox, older", "the keys of /AP have wrong escapes", filled(_wrong_state_names),
          "mozilla/pdf.js#12654"),
    Quirk("index-into-opt", "Acrobat and others", "a group's /V is a place in /Opt", filled(_index_into_opt),
          "ISO 32000-2, 12.7.5.2.4"),
    Quirk("radio-as-string", "libraries", "a group's /V is a string", filled(_set("role", String("mentor"))),
          "foliojs/pdfkit#1652"),
    Quirk("radio-as-slashed-string", "libraries", "a group's /V is a string with a slash",
          filled(_set("role", String("/mentor"))), "foliojs/pdfkit#1652"),
    Quirk("two-buttons-on", "any", "two buttons of one group are on, and have no /P", filled(_two_on),
          "mozilla/pdf.js#15096", review=("disagreement",), told=("disagreement",)),
    Quirk("boxes-of-one-tick", "any", "several check boxes under one field", filled(_tick_with_two_boxes),
          "Hopding/pdf-lib#1391"),
    Quirk("tick-state-ja", "viewers in other languages", "a tick's state is Ja", _ticks_as("Ja"), "seen"),
    Quirk("tick-state-no", "viewers in other languages", "a tick's state is No, and on", _ticks_as("No"), "seen"),
    Quirk("drop-down-label", "viewers", "a drop-down holds the words of its option",
          filled(_set("region", String("The south"))), "seen"),
    Quirk("drop-down-array", "pdftk", "a drop-down holds an array of one",
          filled(_set("region", Array([String("south")]))), "seen"),
    Quirk("drop-down-place", "viewers", "a drop-down has no /V, but the place of its option", filled(_only_the_place),
          "ISO 32000-2, 12.7.5.4"),
    Quirk("utf-8-without-mark", "libraries", "text is UTF-8 without a mark", filled(_bytes("name", MAORI.encode())),
          "yfedoseev/pdf_oxide#616"),
    Quirk("utf-16le", "libraries", "text is UTF-16LE",
          filled(_bytes("name", b"\xff\xfe" + MAORI.encode("utf-16-le"))), "michaelrsweet/pdfio#112"),
    Quirk("utf-16-drawn-by-bytes", "pypdf, older", "UTF-16 is drawn byte by byte; /V is right", filled(_bytes_drawn),
          "py-pdf/pypdf#2577"),
    Quirk("thorn-y", "a dozen programs", "a value that begins with þÿ is in PDFDocEncoding",
          filled(_bytes("home.town", b"\xfe\xffabcde fghij")), "seen", answers=FULL | {"home.town": "þÿabcde fghij"}),
    Quirk("half-an-emoji", "three programs", "an emoji is cut to a lone surrogate",
          filled(_bytes("home.town", b"\xfe\xff\x00A\xd8\x3d\x00n\x00a")), "seen", answers=FULL | {"home.town": "Ana"},
          told=("letters-removed",)),
    Quirk("emoji-without-its-top-bits", "viewers", "an emoji has lost its top bits, and is U+F600",
          filled(_bytes("home.town", b"\xfe\xff\x00A\xf6\x00\x00n\x00a")), "seen",
          answers=FULL | {"home.town": "A😀na"}),
    Quirk("only-a-mark", "viewers", "a blank text is nothing but a byte-order mark",
          filled(_bytes("home.town", b"\xfe\xff"), _without("home.town")), "seen",
          answers={key: value for key, value in FULL.items() if key != "home.town"}),
    Quirk("need-appearances", "libraries", "NeedAppearances is set, texts have no appearance",
          filled(_need_appearances), "seen"),
    Quirk("owner-password", "office programs", "encrypted with an owner password; anybody may open it",
          _locked("secret"), "seen", by="pikepdf"),
    Quirk("empty-password", "office gateways", "encrypted with an empty user password", _locked(""),
          "documenso/documenso#3303, pdfcpu/pdfcpu#758", by="pikepdf"),
    Quirk("object-streams", "most programs", "rewritten with object streams",
          filled(lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.generate), "seen", by="pikepdf"),
    Quirk("linearised", "web servers", "rewritten for the web", filled(lambda pdf: None, linearize=True), "seen",
          by="pikepdf"),
    Quirk("update", "most viewers", "the answers are an update behind the form", _update, "seen", by="pypdf"),
    Quirk("rewritten", "libraries", "rewritten whole", _by_pypdf, "seen", by="pypdf"),
    Quirk("bytes-before", "mail and downloads", "headers of the transfer stand before the file",
          _text_prefixed(b"HTTP/1.1 200 OK\r\n\r\n", b""), "general practice"),
    Quirk("bytes-behind", "mail and downloads", "a signature of the mail stands behind the file",
          _text_prefixed(b"", b"\r\n-- \r\nSent from a phone\r\n"), "general practice"),
    Quirk("line-ends", "mail and downloads", "each LF of the file has become CRLF",
          lambda: make_pdf(VALUES).replace(b"\n", b"\r\n"), "general practice", review=("repaired",)),
    Quirk("fields-locked", "Fill & Sign", "every field is locked after a signature was drawn", filled(_locked_fields),
          'community.adobe.com, "Form fields lock if PDF signed"'),
    Quirk("script", "Acrobat and others", "a script runs when the file is opened", filled(_script), "ISO 32000-2, 12.6",
          review=("active-content",)),
]  # fmt: skip
