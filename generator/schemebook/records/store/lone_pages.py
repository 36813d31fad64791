"""Records of pages that came without the others of their form in; those that came from one hand, and a verdict, out.

A verdict is about pages alone: which of them are there, how often, and how far apart they came. Whether the sender is
one person is asked elsewhere (one_hand.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from schemebook.records.record import Record
from schemebook.records.store.tables import lone_pages

DAYS = 14
"""Pages that came further apart are left alone: whoever is asked for a missing page sends it within these."""
_AT_ONCE = 500
_TOKEN, _SENDER = "token:", "sender:"

Kind = Literal["incomplete", "page-twice", "whole"]


@dataclass(frozen=True)
class LonePages:
    """The pages that one record shows of a form whose others may come. joined: the record that they are part of now."""

    record: str
    edition: str
    whose: str
    pages: tuple[int, ...]
    received: str
    joined: str | None = None

    @property
    def sender(self) -> str | None:
        """The address that they came from; None where the token of a copy says whose they are."""
        return self.whose.removeprefix(_SENDER) if self.whose.startswith(_SENDER) else None

    @property
    def moment(self) -> datetime:
        """When they came."""
        return datetime.fromisoformat(self.received)


@dataclass(frozen=True)
class Verdict:
    """What the pages of one hand are together. rows: those it is about, in the order of their pages."""

    kind: Kind
    rows: tuple[LonePages, ...]


def lone_rows(records: Sequence[Record], pages: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The row of a file's record that shows some pages of a form; none where nothing says from whom it came."""
    for record in records:
        sender = (record.sender or "").strip().casefold()
        whose = f"{_TOKEN}{record.token}" if record.token else f"{_SENDER}{sender}" if sender else None
        if whose and not record.anonymous:
            yield {
                "record": record.id,
                "edition": record.edition,
                "whose": whose,
                "pages": list(pages),
                "received": record.received,
                "settled": False,
            }


def unsettled_pages(connection: Connection) -> list[LonePages]:
    """The pages of which nobody has looked yet whether the others of their form are here, as they came."""
    wanted = select(lone_pages).where(~lone_pages.c.settled)
    return [_of_row(row) for row in connection.execute(wanted.order_by(lone_pages.c.received, lone_pages.c.record))]


def of_one_hand(one: LonePages, connection: Connection) -> list[LonePages]:
    """All pages of the same form and edition that came by the same copy, or from the same sender."""
    columns = lone_pages.c
    wanted = select(lone_pages).where(columns.whose == one.whose, columns.edition == one.edition)
    return [_of_row(row) for row in connection.execute(wanted.order_by(columns.received, columns.record))]


def settle_pages(connection: Connection, ids: Iterable[str], joined: str | None = None) -> None:
    """Keep that these were looked at, and the record that they are part of now, if any."""
    values: dict[str, Any] = {"settled": True} | ({"joined": joined} if joined else {})
    all_ids = list(ids)
    for first in range(0, len(all_ids), _AT_ONCE):
        these = lone_pages.c.record.in_(all_ids[first : first + _AT_ONCE])
        connection.execute(update(lone_pages).where(these).values(values))


def verdict(new: LonePages, of_one: Sequence[LonePages], count: int) -> Verdict:
    """What some new pages are together with all others of one hand that came within some days of them.

    count: how many pages the form has. Pages that were joined already count too: they came.
    """
    apart = timedelta(days=DAYS)
    near = [one for one in of_one if abs(one.moment - new.moment) <= apart]
    if set(_pages(near)) != set(range(1, count + 1)) or _span(near) > apart:
        return Verdict("incomplete", _in_order(near))
    others = [one for one in of_one if any(abs(one.moment - each.moment) <= apart for each in near)]
    if len(others) > len(near) or len(_pages(near)) > count or any(one.joined for one in near):
        return Verdict("page-twice", _in_order(others))
    return Verdict("whole", _in_order(near))


def _pages(rows: Sequence[LonePages]) -> list[int]:
    return [page for one in rows for page in one.pages]


def _span(rows: Sequence[LonePages]) -> timedelta:
    moments = [one.moment for one in rows]
    return max(moments) - min(moments)


def _in_order(rows: Sequence[LonePages]) -> tuple[LonePages, ...]:
    return tuple(sorted(rows, key=lambda one: (one.pages, one.received, one.record)))


def _of_row(row: Row[Any]) -> LonePages:
    return LonePages(row.record, row.edition, row.whose, tuple(row.pages), row.received, row.joined)
