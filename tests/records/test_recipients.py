"""A list of people: what its columns and cells may hold, and how what is wrong with it is told."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.form_pdf.everything import EVERYTHING, everything, form_with, made_from, project_at

from schemebook.errors import ExitStatus
from schemebook.form_pdf.descriptor import FormDescriptor
from schemebook.records.copies.recipients import MOST_TOLD, Recipient, WrongListError, read_recipients
from schemebook.scheme.form import Form


@cache
def asks_everything() -> Form:
    with TemporaryDirectory() as root:
        return project_at(Path(root)).form("harbour", "everything")


def read(tmp_path: Path, text: str | bytes, form: Form | None = None) -> list[Recipient]:
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_recipients(path, form or asks_everything(), everything().descriptor)


def wrong(tmp_path: Path, text: str | bytes) -> list[tuple[str, int]]:
    """Kind and line of everything that is told of a list."""
    with pytest.raises(WrongListError) as raised:
        read(tmp_path, text)
    assert raised.value.exit_status is ExitStatus.USAGE
    return [(one.kind, one.place.line) for one in raised.value.problems]


def of_form(root: Path, fields: str, more: str, text: str) -> list[Recipient]:
    """A list read for a form with these fields."""
    form = form_with(fields).replace("about:", f"{more}about:")
    made = made_from(root, form)
    path = root / "people.csv"
    path.write_text(text, "utf-8")
    return read_recipients(path, project_at(root, form).form("harbour", "everything"), made.descriptor)


def test_every_type_of_answer_can_stand_in_a_cell(tmp_path: Path) -> None:
    cells = {
        "key": "E 17",
        "full-name": " Tāne  Mahuta ",
        "phone": "01632 960001",
        "email": "tane@example.org",
        "role": "Mentor",
        "born": "1/2/1990",
        "years": "1,200",
        "driving": "No",
        "county": "essex",
        "biography": '"One line\nand another"',
        "topics": "Academic writing; career",
        "ready": "cv",
        "gap.trends.competent": "not-yet",
        "gap.trends.next": "Read",
        "gap.policy.competent": "Yes",
        "skills.listening.done": "yes",
        "skills.listening.hours": "3",
        "meetings.2.day": "2026-03-01",
        "share": "no",
        "news": "true",
        "mentee-signed.name": "T. Mahuta",
    }
    (one,) = read(tmp_path, f"{','.join(cells)}\n" + ",".join(f'"{c}"' if "," in c else c for c in cells.values()))
    assert one.answers == {
        "full-name": "Tāne Mahuta",
        "phone": "01632 960001",
        "email": "tane@example.org",
        "role": "mentor",
        "born": "1990-02-01",
        "years": 1200,
        "driving": False,
        "county": "e",
        "biography": "One line\nand another",
        "topics": ["career", "write"],
        "ready": ["cv"],
        "gap": {"trends": {"competent": "not-yet", "next": "Read"}, "policy": {"competent": "able"}},
        "skills": {"listening": {"done": True, "hours": 3}},
        "meetings": [{"day": "2026-03-01"}],
        "share": False,
        "news": True,
        "mentee-signed": {"name": "T. Mahuta", "kind": "none"},
    }
    assert (one.key, one.person, one.occasion, one.whose) == ("E 17", "e 17", "once", "person")
    assert (one.name, one.email) == ("Tāne Mahuta", "tane@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "key,full-name\nE1,Łódź\n",
        "key;full-name\r\nE1;Łódź\r\n",
        "key\tfull-name\nE1\tŁódź",
        "\ufeffkey,full-name,,\n\nE1,Łódź,,\n,,\n",
        '"key","full-name"\n"E1","Łódź"\n',
        "full-name , key\nŁódź,E1\n",
        "key,full-name\nE1,Łódź\n".encode("utf-16"),
    ],
    ids=["commas", "semicolons", "tabs", "spare commas and empty lines", "quotation marks", "order", "UTF-16"],
)
def test_a_list_may_be_written_as_spreadsheets_write_it(text: str | bytes, tmp_path: Path) -> None:
    (one,) = read(tmp_path, text)
    assert (one.key, one.name) == ("E1", "Łódź")


def test_without_a_key_the_address_of_the_forms_own_person_says_who_is_who(tmp_path: Path) -> None:
    one, other = read(tmp_path, "full-name,email\nRose,Rose@Example.org\nTane,tane@example.org\n")
    assert [one.person, other.person] == ["rose@example.org", "tane@example.org"]
    assert one.answers["email"] == "Rose@Example.org"


def test_in_a_form_of_two_the_column_says_whose_copy_it_is(tmp_path: Path) -> None:
    fields = """
- {id: mentee-email, type: email, label: Mentee, identifies: mentee}
- {id: mentor-email, type: email, label: Mentor, identifies: mentor}
"""
    text = "mentor-email\nmo@example.org\n"
    (one,) = of_form(tmp_path, fields, "", text)
    assert (one.whose, one.email) == ("mentor", "mo@example.org")


@pytest.mark.parametrize(
    ("occasion", "cell", "found"),
    [
        ("{each: month, field: when}", "5 March 2026", "2026-03"),
        ("{each: session, field: when}", "2026-03-05", "2026-03-05"),
        ("{each: month, field: when}", "", ""),
        ("once", "2026-03-05", "once"),
    ],
)
def test_the_time_a_copy_is_for_is_the_answer_that_names_it(
    occasion: str, cell: str, found: str, tmp_path: Path
) -> None:
    fields = "- {id: when, type: date, label: When}"
    (one,) = of_form(tmp_path, fields, f"occasion: {occasion}\n", f"key,when\nE1,{cell}\n")
    assert one.occasion == found


def test_somebody_may_stand_there_for_several_months(tmp_path: Path) -> None:
    fields = "- {id: when, type: date, label: When}"
    text = "key,when\nE1,2026-03-01\nE1,2026-04-01\nE1,\n"
    people = of_form(tmp_path, fields, "occasion: {each: month, field: when}\n", text)
    assert [one.occasion for one in people] == ["2026-03", "2026-04", ""]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [("no-people", 1)]),
        ("key,full-name\n", [("no-people", 1)]),
        ("full-name\nRose\n", [("no-key-column", 1)]),
        ("key,key\nE1,E2\n", [("column-twice", 1)]),
        ("key,,full-name\nE1,x,Rose\n", [("column-without-name", 1)]),
        ("key,fullname\nE1,Rose\n", [("unknown-column-near", 1)]),
        ("key,horoscope\nE1,Leo\n", [("unknown-column", 1)]),
        ("key,skills\nE1,x\n", [("column-of-parts", 1)]),
        ("key,gap.trends\nE1,x\n", [("column-of-parts", 1)]),
        ("key\n\nE1\nE1,Rose\n", [("more-cells", 4)]),
        ("key,full-name\n,Rose\n", [("no-key", 2)]),
        ('key,biography\nE1,"one\ntwo"\ne1,x\n', [("key-twice", 4)]),
        ("key,born,years\nE1,soon,many\n", [("wrong-cell", 2), ("wrong-cell", 2)]),
        ("key,role\nE1,Boss\n", [("wrong-cell", 2)]),
        ("key,driving\nE1,perhaps\n", [("wrong-cell", 2)]),
        ("key,topics\nE1,career; sailing\n", [("wrong-cell", 2)]),
        ("key,topics\nE1,career;write;grants;teach;lead;balance\n", [("wrong-cell", 2)]),
        ("key,postcode\nE1,LN2 4QT LN2\n", [("wrong-cell", 2)]),
        ("key,full-name\nE1,Ro\u0001se\n", [("wrong-cell", 2)]),
        ('key,full-name\nE1,"Rose\n', [("not-csv", 2)]),
        (b"key,full-name\nE1,Ros\xe9\n", [("not-utf-8", 1)]),
    ],
    ids=lambda value: value[0][0] if isinstance(value, list) else "",
)
def test_what_is_wrong_with_a_list_is_told_by_line(
    text: str | bytes, told: list[tuple[str, int]], tmp_path: Path
) -> None:
    assert wrong(tmp_path, text) == told


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongListError) as raised:
        read_recipients(tmp_path / "nobody.csv", asks_everything(), everything().descriptor)
    assert [one.kind for one in raised.value.problems] == ["no-list"]


def test_a_form_without_an_address_asks_for_a_key(tmp_path: Path) -> None:
    with pytest.raises(WrongListError) as raised:
        of_form(tmp_path, "- {id: name, type: text, label: Name}", "", "name\nRose\n")
    assert [one.kind for one in raised.value.problems] == ["no-key-column-only"]


def test_a_long_list_of_mistakes_is_cut_short_and_counted(tmp_path: Path) -> None:
    told = wrong(tmp_path, "key,born\n" + "".join(f"E{number},soon\n" for number in range(MOST_TOLD + 5)))
    assert len(told) == MOST_TOLD + 1
    assert told[-1][0] == "many-more"


def test_nothing_of_a_list_is_quoted(tmp_path: Path) -> None:
    secret = "Quokkaberry"
    with pytest.raises(WrongListError) as raised:
        read(tmp_path, f"key,email,role,born,years\n{secret},{secret},{secret},{secret},{secret}\n")
    assert len(raised.value.problems) == 4
    assert secret not in str(raised.value)


def test_the_columns_of_a_form_are_the_names_that_its_pdf_has(tmp_path: Path) -> None:
    """Apart from ticks, which stand together in one cell, and what only a signer gives."""
    from schemebook.records.cells import cells_of

    descriptor: FormDescriptor = everything().descriptor
    names = {widget.name for widget in descriptor.widgets if not widget.option}
    names -= {name for name in names if name.endswith((".signature", ".date")) and "signed" in name}
    ticks = {widget.field for widget in descriptor.widgets if widget.option}
    assert set(cells_of(descriptor)) == names | ticks
    assert "asks everything" in EVERYTHING


def test_a_list_without_a_first_line_of_names_is_told_without_quoting_a_person(tmp_path: Path) -> None:
    with pytest.raises(WrongListError) as raised:
        read(tmp_path, "E17,Tāne Mahuta,tane@example.org\nE18,Rose Ōtaki,rose@example.org\n")
    assert [one.kind for one in raised.value.problems] == ["no-head"]
    assert "Mahuta" not in str(raised.value) and "tane" not in str(raised.value)


def test_the_name_of_a_column_is_told_on_one_line(tmp_path: Path) -> None:
    assert wrong(tmp_path, 'key,"full\x1b\nnam"\nE1,Rose\n') == [("unknown-column-near", 1)]
