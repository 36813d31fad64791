"""Records of other versions of a form, under the questions that it asks today."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemebook.records.people.carried import carry
from schemebook.records.record import Record
from schemebook.scheme.answers import AnswerProblem
from schemebook.scheme.form import Form

FORM = Form.model_validate(
    {
        "form": "application",
        "title": "Application",
        "version": 3,
        "completed-by": "mentee",
        "about": "To apply.",
        "renames": {"mail": "address", "address": "email"},
        "defaults": {"agree": "yes", "place": "north", "since": "1 May 2026", "ways": "post; call"},
        "sections": [
            {
                "title": "You",
                "fields": [
                    {"id": "email", "type": "email", "label": "E-mail"},
                    {"id": "agree", "type": "yes-no", "label": "Do you agree?"},
                    {"id": "place", "type": "one-of", "label": "Where?", "options": {"north": "N", "south": "S"}},
                    {"id": "since", "type": "date", "label": "Since when?"},
                    {"id": "hours", "type": "number", "label": "How many?"},
                    {"id": "ways", "type": "several-of", "label": "How?", "options": {"call": "Call", "post": "Post"}},
                    {
                        "id": "skills",
                        "type": "table",
                        "label": "Skills",
                        "rows": {"knots": "Knots", "rowing": "Rowing"},
                        "columns": {"mark": {"label": "Mark"}},
                    },
                ],
            }
        ],
    }
)


def old(version: int = 1, problems: tuple[AnswerProblem, ...] = (), **answers: Any) -> Record:
    record = Record("ab" * 16, "club", "application", version, "2026-11-24T09:12:05Z", answers, problems)
    return replace(record, sha256="c" * 64)


def carried(record: Record) -> dict[str, Any]:
    return carry(FORM, "club", record).answers


def lost(record: Record) -> list[tuple[str, str | None]]:
    return [(one.field, one.text) for one in carry(FORM, "club", record).problems if one.kind == "not-carried"]


def test_answers_stand_under_the_names_that_questions_have_now_though_renamed_twice() -> None:
    record = old(mail="ana@example.org", problems=(AnswerProblem("mail", "not-an-email", "x"),))
    found = carry(FORM, "club", record)
    assert found.answers["email"] == "ana@example.org" and found.version == 1
    assert [one.field for one in found.problems] == ["email"]


def test_what_an_earlier_version_did_not_ask_has_its_default_in_the_shape_of_its_question() -> None:
    assert carried(old()) == {"agree": True, "place": "north", "since": "2026-05-01", "ways": ["call", "post"]}
    assert carried(old(agree=False))["agree"] is False


def test_a_record_of_today_s_version_and_of_a_newer_one_has_no_defaults() -> None:
    today = old(3, mail="x")
    assert carry(FORM, "club", today) is today
    assert carried(old(4, place="south")) == {"place": "south"}


@pytest.mark.parametrize(
    ("answers", "listed"),
    [
        ({"gone": "Some words"}, ("gone", "Some words")),
        ({"place": "east"}, ("place", "east")),
        ({"hours": "a few"}, ("hours", "a few")),
        ({"ways": ["fax", "post"]}, ("ways", "fax")),
        ({"skills": {"knots": {"mark": "good"}, "tea": {"mark": "fair"}}}, ("skills.tea", '{"mark": "fair"}')),
        ({"skills": {"knots": {"mark": "good", "why": "Hm"}}}, ("skills.knots.why", "Hm")),
        ({"mail": "a@example.org", "email": "b@example.org"}, ("email", "b@example.org")),
    ],
)
def test_what_cannot_be_carried_is_listed_and_not_dropped(answers: dict[str, Any], listed: tuple[str, str]) -> None:
    assert lost(old(2, **answers)) == [listed]


def test_what_is_left_of_an_answer_is_carried() -> None:
    found = carried(
        old(ways=["fax", "post"], skills={"knots": {"mark": "good"}, "tea": {"mark": "fair"}}, hours="1,200")
    )
    assert (found["ways"], found["skills"], found["hours"]) == (["post"], {"knots": {"mark": "good"}}, 1200)
