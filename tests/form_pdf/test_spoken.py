"""What a screen reader says of each box, and the labels that an edition keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.form_pdf.everything import everything, form_with, opened, project_at

from schemebook.form_pdf.spoken import edition_labels, spoken_names
from schemebook.scheme.meaning import field_widgets
from schemebook.scheme.project import Project


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    return said_in(project_at(tmp_path_factory.mktemp("project")))


def said_in(project: Project) -> dict[tuple[str, str], str]:
    form = project.form("harbour", "everything")
    mine = {field.id: tuple(field_widgets(field)) for field in form.meaning("harbour").fields}
    return spoken_names(project.scheme("harbour"), form, mine)


@pytest.mark.parametrize(
    ("widget", "option", "words"),
    [
        ("full-name", "", "Full name, required"),
        ("phone", "", "Telephone, optional"),
        ("born", "", "Date of birth: day month year, optional"),
        ("years", "", "Experience: years, required"),
        ("role", "", "Which role do you have?, required"),
        ("role", "mentor", "Which role do you have?: Mentor, required"),
        ("driving", "no", "Do you drive?: No, required"),
        ("topics.data", "", "Topics: Data, required"),
        ("ready.cv", "", "Before you send this: I have put in an up-to-date CV, optional"),
        ("other-topic", "", "Which career step?, only if you chose “Planning a career” for “Topics”"),
        ("strengths", "", "What could you offer a mentee?, mentors only"),
        ("gap.tools.competent", "able", "Gap analysis: Identify tools and techniques: Competent?: Yes, required"),
        ("gap.tools.next", "", "Gap analysis: Identify tools and techniques: Next steps, optional"),
        ("skills.feedback.done", "", "Skills: Giving feedback: Trained?, optional"),
        ("meetings.2.day", "", "Meetings so far: row 2: Date: day month year, optional"),
        ("meetings.2.about", "", "Meetings so far: row 2: What it was about, optional"),
        ("share", "", "Assessors may share feedback on my applications with my mentor., required"),
        ("mentee-signed.signature", "", "Signature of the mentee, required"),
        ("mentee-signed.name", "", "Signature of the mentee: Name in capitals, required"),
        ("mentor-signed.date", "", "Signature of the mentor: Date (day month year), required"),
    ],
)
def test_a_box_says_its_group_its_words_and_whether_it_is_needed(
    said: dict[tuple[str, str], str], widget: str, option: str, words: str
) -> None:
    assert said[widget, option] == words


def test_every_box_has_a_name_of_its_own(said: dict[tuple[str, str], str]) -> None:
    boxes = [box for widget in everything().descriptor.widgets for box in widget.boxes()]
    names = [said[box] for box in boxes]
    assert len(set(names)) == len(names)
    with opened(everything()) as pdf:
        in_file = {str(one.TU) for page in pdf.pages for one in page.obj.Annots if one.Subtype == "/Widget"}
    assert in_file == set(names)


def test_an_edition_keeps_the_words_of_fields_options_rows_and_columns() -> None:
    labels = everything().descriptor.edition.labels
    assert labels["full-name"] == "Full name"
    assert labels["driving/yes"] == "Yes"
    assert labels["gap.policy"] == "Evaluate policy and legislation in your field"
    assert labels["gap..next"] == "Next steps"
    assert labels["skills..now/three"] == "3"
    assert labels["meetings..about"] == "What it was about"


def test_a_yes_no_question_with_words_of_its_own_says_those(tmp_path: Path) -> None:
    fields = "- {id: fits, type: yes-no, label: Fits?, yes: 'Yes, it fits', no: It does not}".replace(
        "label: Fits?", "label: 'Fits?'"
    )
    project = project_at(tmp_path, form_with(fields))
    form = project.form("harbour", "everything")
    assert edition_labels(form) == {"fits": "Fits?", "fits/yes": "Yes, it fits", "fits/no": "It does not"}
    assert said_in(project)["fits", "no"] == "Fits?: It does not, required"
