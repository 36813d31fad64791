"""The returns for one obligation, in the order in which they came, in; which of them counts out.

The same bytes are one record already. Equal answers a second time count once: another program saved them again. With
other answers the later return answers, and the earlier stays as superseded. A form of two parties that comes back
half-filled and then whole is one return by two hands. One with nothing filled in, which somebody accepted, answers
where no other does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from schemebook.records.people.returns import Return


@dataclass(frozen=True)
class Standing:
    """What became of the returns for one obligation. hands: half-filled ones that the answer holds whole.

    saved_again: those that say what the answer says; the same of a superseded one is superseded with it.
    unfilled: those with nothing filled in that came after the answer.
    """

    answer: Return | None = None
    superseded: tuple[Return, ...] = ()
    saved_again: tuple[Return, ...] = ()
    hands: tuple[Return, ...] = ()
    unfilled: tuple[Return, ...] = ()


def settle(found: Sequence[Return], *, two_parties: bool = False) -> Standing:
    """Which return answers, and what the others are to it. two_parties: the form is filled in by one after the other.

    Of a half-filled copy that comes after the whole one nothing is taken back.
    """
    answer: Return | None = None
    superseded: list[Return] = []
    again: list[Return] = []
    hands: list[Return] = []
    unfilled: list[Return] = []
    for one in found:
        if answer is None:
            answer = one
        elif one.unfilled and not answer.unfilled:
            unfilled.append(one)
        elif answer.said == one.said:
            again.append(one)
        elif two_parties and _is_part(_all(answer), _all(one)):
            hands += [answer, *again]
            answer, again = one, []
        elif two_parties and _is_part(_all(one), _all(answer)):
            hands.append(one)
        else:
            superseded += [answer, *again]
            answer, again = one, []
    return Standing(answer, tuple(superseded), tuple(again), tuple(hands), tuple(unfilled))


def _all(one: Return) -> Mapping[str, Any]:
    assert one.whole is not None, "all answers are kept of a form that two fill in"
    return from_json(one.whole)  # type: ignore[no-any-return]


def _is_part(part: Any, whole: Any) -> bool:
    """Whether everything of one answer stands in another. Of a signature, one that was not given yet is part of any."""
    if isinstance(part, Mapping) and isinstance(whole, Mapping):
        return all(
            (id == "kind" and value == "none") or (id in whole and _is_part(value, whole[id]))
            for id, value in part.items()
        )
    return part is False or bool(part == whole)
