"""A returned form is read as its published version says, whatever shape a program gave its values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tests.returned.made_pdf import FULL, KNOWN, VALUES, changed, field, kinds, make_pdf, read

from schemebook.errors import SetAsideError


def only(**answers: Any) -> dict[str, Any]:
    """These answers beside the ticks that were left off."""
    return {"consent": False, **answers}


def test_every_kind_of_field_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf(VALUES))
    assert (found.answers, found.problems, found.review) == (FULL, (), ())
    assert (found.scheme, found.form, found.version) == ("club", "application", 1)
    assert found.edition in KNOWN


def test_a_blank_form_is_read_as_one_without_answers(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf())
    assert found.answers == only()
    assert kinds(found) == {"name": "missing"}
    assert [reason.kind for reason in found.review] == ["nothing-filled-in"]


@pytest.mark.parametrize("how", [
    {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    {"linearize": True},
    {"encryption": pikepdf.Encryption(owner="secret", user="")},
])  # fmt: skip
def test_every_way_to_save_gives_the_same_answers(tmp_path: Path, how: dict[str, Any]) -> None:
    how.setdefault("static_id", "encryption" not in how)
    found = read(tmp_path, changed(make_pdf(VALUES), lambda pdf: None, **how))
    assert (found.answers, found.review) == (FULL, ())


def _role(change: Callable[[Any], object], value: str | None = None) -> Callable[[Path], Any]:
    def found(folder: Path) -> Any:
        data = make_pdf({"name": "Ana", "why": "so"} | ({"role": value} if value else {}))
        return read(folder, changed(data, lambda pdf: change(field(pdf, "role"))))

    return found


def _with_options(role: Any) -> None:
    role.Opt = Array([String("mentee"), String("mentor"), String("both")])
    role.V = Name("/1")
    for place, kid in enumerate(role.Kids):
        kid.AP.N = Dictionary({f"/{place}": kid.AP.N["/Off"], "/Off": kid.AP.N["/Off"]})
        kid.AS = Name("/1") if place == 1 else Name.Off


def _in_a_kid(role: Any) -> None:
    role.Kids[1].V = Name("/mentor")


def _as_state(role: Any) -> None:
    role.Kids[1].AS = Name("/mentor")


def _drop_states(role: Any) -> None:
    role.V = Name("/mentor")
    for kid in role.Kids:
        del kid.AP


@pytest.mark.parametrize("change", [
    lambda role: setattr(role, "V", Name("/mentor")),
    lambda role: setattr(role, "V", String("mentor")),
    lambda role: setattr(role, "V", String("/mentor")),
    _as_state,
    _in_a_kid,
    _with_options,
    _drop_states,
], ids=["name", "string", "slash", "only /AS", "/V of the kid", "index into /Opt", "no such state"])  # fmt: skip
def test_a_radio_answer_may_stand_in_many_forms(tmp_path: Path, change: Callable[[Any], object]) -> None:
    found = _role(change)(tmp_path)
    assert found.answers["role"] == "mentor"
    assert found.review == ()


def test_a_value_whose_box_shows_off_is_told_and_stands(tmp_path: Path) -> None:
    found = _role(lambda role: setattr(role, "V", Name("/mentor")))(tmp_path)
    assert (found.answers["role"], kinds(found), found.review) == ("mentor", {"role": "not-shown"}, ())
    data = changed(make_pdf({"name": "Ana"}), lambda pdf: setattr(field(pdf, "consent"), "V", Name("/on")))
    assert (read(tmp_path, data).answers["consent"], kinds(read(tmp_path, data))) == (True, {"consent": "not-shown"})


def test_boxes_that_are_to_be_drawn_anew_show_nothing_yet(tmp_path: Path) -> None:
    def fill(pdf: pikepdf.Pdf) -> None:
        field(pdf, "consent").V = Name("/on")
        pdf.Root.AcroForm.NeedAppearances = True

    assert kinds(read(tmp_path, changed(make_pdf({"name": "Ana"}), fill))) == {}


def test_two_buttons_on_at_once_are_told_and_the_value_decides(tmp_path: Path) -> None:
    found = _role(lambda role: setattr(role.Kids[0], "AS", Name("/mentee")), value="mentor")(tmp_path)
    assert found.answers["role"] == "mentor"
    assert kinds(found) == {"role": "disagreement"}
    assert [reason.kind for reason in found.review] == ["disagreement"]


def test_an_option_that_the_form_does_not_have_is_a_problem_that_keeps_its_text(tmp_path: Path) -> None:
    found = _role(lambda role: setattr(role, "V", Name("/nobody")))(tmp_path)
    assert "role" not in found.answers
    first = found.problems[0]
    assert (first.field, first.kind, first.text) == ("role", "unknown-option", "nobody")
    assert found.needs_review


@pytest.mark.parametrize("state", ["1", "On", "Ja", "No", "Sí"])
def test_any_state_of_a_tick_but_off_is_on(tmp_path: Path, state: str) -> None:
    def tick(pdf: pikepdf.Pdf) -> None:
        field(pdf, "consent").V = field(pdf, "consent").AS = Name(f"/{state}")

    assert read(tmp_path, changed(make_pdf({"name": "Ana"}), tick)).answers["consent"] is True


def test_a_state_of_a_tick_may_be_no_utf_8(tmp_path: Path) -> None:
    data = make_pdf({"name": "Ana", "consent": "on"}).replace(b"/V /on", b"/V /S#ED").replace(b"/AS /on", b"/AS /S#ED")
    found = read(tmp_path, changed(data, lambda pdf: None))
    assert found.answers["consent"] is True


@pytest.mark.parametrize(
    "value", [String("south"), String("The south"), Array([String("south")]), Array([String("The south")])]
)
def test_a_drop_down_may_hold_its_export_value_its_label_or_an_array_of_one(tmp_path: Path, value: Any) -> None:
    found = read(tmp_path, changed(make_pdf({"name": "Ana"}), lambda pdf: setattr(field(pdf, "region"), "V", value)))
    assert (found.answers, found.problems) == (only(name="Ana", region="south"), ())


def test_a_drop_down_may_hold_only_the_place_of_its_choice(tmp_path: Path) -> None:
    found = read(
        tmp_path, changed(make_pdf({"name": "Ana"}), lambda pdf: setattr(field(pdf, "region"), "I", Array([1])))
    )
    assert found.answers["region"] == "south"


@pytest.mark.parametrize(
    "value", [String(""), String(b"\xfe\xff"), String(b"\xef\xbb\xbf"), String("  \r\n"), Array([])]
)
def test_blank_has_many_forms(tmp_path: Path, value: Any) -> None:
    def blank(pdf: pikepdf.Pdf) -> None:
        field(pdf, "email").V = value
        field(pdf, "region").V = value

    found = read(tmp_path, changed(make_pdf({"name": "Ana"}), blank))
    assert (found.answers, found.problems, found.review) == (only(name="Ana"), (), ())


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_line_ends_become_one(tmp_path: Path, ends: str) -> None:
    found = read(tmp_path, make_pdf({"name": "Ana", "story": f"a{ends}b{ends}{ends}c"}))
    assert found.answers["story"] == "a\nb\n\nc"


def test_a_value_may_be_a_stream(tmp_path: Path) -> None:
    def stream(pdf: pikepdf.Pdf) -> None:
        field(pdf, "story").V = pdf.make_stream("Kia ora, ʻOfa".encode("utf-16"))

    assert read(tmp_path, changed(make_pdf({"name": "Ana"}), stream)).answers["story"] == "Kia ora, ʻOfa"


@pytest.mark.parametrize(("rich", "review"), [("<p>One <b>word</b></p>", ()), ("<p>Another</p>", ("disagreement",))])
def test_rich_text_beside_a_value_is_a_witness(tmp_path: Path, rich: str, review: tuple[str, ...]) -> None:
    data = make_pdf({"name": "Ana", "story": "One word"})
    found = read(tmp_path, changed(data, lambda pdf: setattr(field(pdf, "story"), "RV", String(rich))))
    assert found.answers["story"] == "One word"
    assert tuple(reason.kind for reason in found.review) == review


def test_half_an_emoji_is_taken_out_and_told(tmp_path: Path) -> None:
    def odd(pdf: pikepdf.Pdf) -> None:
        field(pdf, "name").V = String(b"\xfe\xff\x00A\xd8\x3d\x00n\x00a\x00\x07")
        field(pdf, "why").V = String(b"\xfe\xff\x00A\xf6\x00")

    found = read(tmp_path, changed(make_pdf({"role": "mentor"}), odd))
    assert found.answers["name"] == "Ana"
    assert kinds(found) == {"name": "letters-removed"}
    assert found.answers["why"] == "A😀", "the top bits of an emoji are gone; what is left tells which it was"
    found.answers["name"].encode("utf-8")


def test_one_odd_value_never_loses_the_form(tmp_path: Path) -> None:
    def odd(pdf: pikepdf.Pdf) -> None:
        field(pdf, "email").V = Dictionary(A=1)
        field(pdf, "hours").V = 7

    found = read(tmp_path, changed(make_pdf({"name": "Ana"}), odd))
    assert found.answers == only(name="Ana", hours=7)
    assert kinds(found) == {"email": "unreadable"}
    assert found.needs_review


def test_text_that_does_not_fit_its_field_is_kept_in_the_problem(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf({"name": "Ana", "day": "next Tuesday", "hours": "many", "met.1.on": "soon"}))
    assert found.answers == only(name="Ana")
    assert [(one.field, one.kind, one.text) for one in found.problems] == [
        ("day", "not-a-date", "next Tuesday"),
        ("hours", "not-a-number", "many"),
        ("met.1.on", "not-a-date", "soon"),
    ]
    assert not found.needs_review


def test_a_question_that_is_not_asked_is_absent_and_what_was_written_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf({"name": "Ana", "role": "mentee", "why": "To give back"}))
    assert found.answers == only(name="Ana", role="mentee")
    assert [(one.field, one.kind, one.text) for one in found.problems] == [("why", "not-for-you", "To give back")]


@pytest.mark.parametrize("nothing", ["-", "N/A", "n.a.", "(not applicable)", "None", "…"])
def test_who_writes_that_there_is_none_left_out_what_may_be_left_out(tmp_path: Path, nothing: str) -> None:
    """Neither where nothing was asked, nor in the box of an optional day, address or number; a text is kept."""
    given = {"name": "Ana", "role": "mentee", "why": nothing, "day": nothing, "email": nothing, "home.town": nothing}
    found = read(tmp_path, make_pdf(given | {"met.1.on": nothing}))
    assert found.answers == only(name="Ana", role="mentee", **{"home.town": nothing})
    assert not found.problems


def test_that_there_is_none_may_be_a_number(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf({"name": "Ana", "hours": "none"}))
    assert [(one.field, one.kind, one.text) for one in found.problems] == [("hours", "not-a-number", "none")]
    assert not read(tmp_path, make_pdf({"name": "Ana", "hours": "-"})).problems


@pytest.mark.parametrize("said", ["-", "–", "?", "N/A", "See above.", "tbc", "as discussed"])
def test_a_required_text_that_answers_nothing_is_kept_and_told(tmp_path: Path, said: str) -> None:
    found = read(tmp_path, make_pdf({"name": said}))
    assert found.answers == only(name=said)
    assert [(one.field, one.kind) for one in found.problems] == [("name", "says-nothing")]
    assert not found.needs_review


@pytest.mark.parametrize("said", ["None", "No", "Na", "0", "👍", "✓", "李", "x", "see above the door"])
def test_what_may_be_an_answer_to_a_required_text_is_not_told(tmp_path: Path, said: str) -> None:
    found = read(tmp_path, make_pdf({"name": said}))
    assert (found.answers, found.problems) == (only(name=said), ())


def test_a_question_that_is_asked_by_another_answer_must_have_one(tmp_path: Path) -> None:
    assert kinds(read(tmp_path, make_pdf({"name": "Ana", "role": "both"}))) == {"why": "missing"}


def test_a_row_that_was_begun_must_be_finished_and_an_empty_one_is_dropped(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf({"name": "Ana", "skills.x.seen": "no", "met.2.note": "second"}))
    assert found.answers == only(name="Ana", skills={"x": {"seen": False}}, met=[{"note": "second"}])
    assert kinds(found) == {"skills.x.level": "missing", "skills.y.level": "missing"}


def test_a_field_may_stand_on_the_page_alone(tmp_path: Path) -> None:
    def unlist(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.Fields = Array([one for one in pdf.Root.AcroForm.Fields if str(one.T) != "name"])

    found = read(tmp_path, changed(make_pdf(VALUES), unlist))
    assert found.answers == FULL
    assert found.review == ()


def test_all_fields_may_stand_on_the_pages_alone(tmp_path: Path) -> None:
    found = read(tmp_path, changed(make_pdf(VALUES), lambda pdf: pdf.Root.__delitem__("/AcroForm")))
    assert found.answers == FULL
    assert found.review == ()


def test_two_copies_with_different_answers_are_a_disagreement(tmp_path: Path) -> None:
    def second_copy(pdf: pikepdf.Pdf) -> None:
        widget = Dictionary(
            Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Bea"), Rect=Array([0, 0, 9, 9])
        )
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(widget))

    found = read(tmp_path, changed(make_pdf({"name": "Ana"}), second_copy))
    assert found.answers["name"] == "Bea"
    assert [(one.field, one.kind, one.text) for one in found.problems] == [("name", "disagreement", "Ana")]
    assert found.needs_review
    assert read(tmp_path, changed(make_pdf(), second_copy)).answers["name"] == "Bea"


def test_a_signature_in_the_field_is_digital(tmp_path: Path) -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        field(pdf, "signed.signature").V = Dictionary(Type=Name.Sig, Contents=String(b"\x30"))

    found = read(tmp_path, changed(make_pdf({"name": "Ana"}), sign))
    assert found.answers["signed"] == {"kind": "digital"}


def test_notes_written_beside_the_fields_need_review(tmp_path: Path) -> None:
    def write(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Subtype=Name.FreeText, Contents=String("Ana"), Rect=Array([0, 0, 9, 9]))
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))

    assert [reason.kind for reason in read(tmp_path, changed(make_pdf(), write)).review] == ["notes"]


def test_answers_that_stand_a_second_time_in_xfa_need_review(tmp_path: Path) -> None:
    data = changed(make_pdf(VALUES), lambda pdf: setattr(pdf.Root.AcroForm, "XFA", pdf.make_stream(b"<xdp/>")))
    assert [reason.kind for reason in read(tmp_path, data).review] == ["second-form"]


def _lose(pdf: pikepdf.Pdf) -> None:
    fields = pdf.Root.AcroForm.Fields
    pdf.Root.AcroForm.Fields = Array([one for one in fields if str(one.T) != "email"])
    for page in pdf.pages:
        page.obj.Annots = Array([one for one in page.obj.Annots if str(one.get("/T", "")) != "email"])


def _another_type(pdf: pikepdf.Pdf) -> None:
    field(pdf, "email").FT = Name.Btn


def _another_name(pdf: pikepdf.Pdf) -> None:
    for one in pdf.Root.AcroForm.Fields:
        one.T = String(f"1.{one.T}")


@pytest.mark.parametrize("change", [_lose, _another_type, _another_name])
def test_a_file_in_which_one_field_is_not_found_with_its_type_is_damaged(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None]
) -> None:
    with pytest.raises(SetAsideError) as raised:
        read(tmp_path, changed(make_pdf(VALUES), change))
    assert raised.value.reason == "damaged"


def test_a_file_that_lacks_a_page_of_its_form_is_marked(tmp_path: Path) -> None:
    """Answers that stood in that page's own copies of the fields alone are gone with it."""

    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[1]

    assert [one.kind for one in read(tmp_path, changed(make_pdf(VALUES), change)).review] == ["page-missing"]
