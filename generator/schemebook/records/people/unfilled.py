"""A record in; whether the form came back with nothing filled in, and whether somebody said that it counts, out.

Such a return answers nothing: whoever forwards the copy that they were sent takes nothing back of the one they filled
in. Where anything else in the file may be an answer, it is a return like any other, for a person to look at.
"""

from __future__ import annotations

from schemebook.records.record import Record
from schemebook.records.store.changes import unsettled
from schemebook.returned.submission import ReviewReason

AS_ISSUED = "as-issued"
"""The reason for review of an issued copy in which nothing was changed."""
UNFILLED = (AS_ISSUED, "nothing-filled-in", "nothing-printed")
_SAY_NOTHING = {*UNFILLED, "proposed", "no-claim", "by-place", "repaired", "second-reader", "joined", "joined-messages"}
"""Reasons for review beside which a form may still be one that nobody filled in: they are about how it was read."""


def unfilled_reason(record: Record) -> ReviewReason | None:
    """The reason for review that says that nobody filled in a form; None where somebody did or may have, or keyed it
    in since."""
    if not record.review or record.corrected or not only_read_otherwise(record):
        return None
    return next((one for one in record.review if one.kind in UNFILLED), None)


def only_read_otherwise(record: Record) -> bool:
    """Whether no reason for review speaks of something that may be an answer and was not read as one."""
    return all(one.kind in _SAY_NOTHING for one in record.review)


def is_confirmed(record: Record) -> bool:
    """Whether somebody has accepted an unfilled return: then it answers, where no filled one does."""
    return not any(one.kind in UNFILLED for one in unsettled(record))
