"""Messages of mailboxes on servers whose returns are stored in; kept, and told from run to run.

A message that is taken is not fetched again. Whether it was marked as seen on the server is kept beside it: a run may
end before it could.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, false, select, update

from schemebook.records.store.rows import put_rows
from schemebook.records.store.tables import mail_taken
from schemebook.returned.arrivals.imap import MailMemory, MailPlace

InStore = Callable[[Callable[[Connection], Any]], Any]
"""Does something with a connection to a store, in one transaction: `Store.look`, `Store.change`."""


def mail_memory(look: InStore, change: InStore) -> MailMemory:
    """What a mailbox on a server is told of earlier runs, and how it tells what it marked."""

    def numbers(wanted: Select[Any]) -> frozenset[int]:
        found: frozenset[int] = look(lambda connection: frozenset(connection.scalars(wanted)))
        return found

    def note_marked(places: Sequence[MailPlace]) -> None:
        change(lambda connection: mark_messages(connection, places))

    return MailMemory(
        taken=lambda mailbox, validity: numbers(_messages_of(mailbox, validity)),
        unmarked=lambda mailbox, validity: numbers(
            _messages_of(mailbox, validity).where(mail_taken.c.marked == false())
        ),
        note_marked=note_marked,
    )


def take_messages(connection: Connection, taken: Sequence[MailPlace]) -> None:
    """Keep that nothing of some messages is left to be stored; those that are kept already stay as they are."""
    there: set[MailPlace] = set()
    for mailbox, validity in {(place.mailbox, place.validity) for place in taken}:
        there |= {MailPlace(mailbox, validity, uid) for uid in connection.scalars(_messages_of(mailbox, validity))}
    new = [place for place in dict.fromkeys(taken) if place not in there]
    put_rows(connection, mail_taken, [vars(place) | {"marked": False} for place in new])


def mark_messages(connection: Connection, places: Sequence[MailPlace]) -> None:
    """Keep that messages are marked as seen on the server."""
    columns = mail_taken.c
    these = (columns.mailbox == bindparam("box"), columns.validity == bindparam("valid"), columns.uid == bindparam("n"))
    rows = [{"box": place.mailbox, "valid": place.validity, "n": place.uid} for place in places]
    connection.execute(update(mail_taken).where(*these).values(marked=True), rows)


def _messages_of(mailbox: str, validity: int) -> Select[Any]:
    return select(mail_taken.c.uid).where(mail_taken.c.mailbox == mailbox, mail_taken.c.validity == validity)
