"""Issued copies: whom a form goes to in, each copy's token out; and tokens in, whom their copies were made for, out.

A token is random and says nothing by itself. It is kept under form, edition, person and occasion: the same four give
the same token each time, so that a copy made again is the same copy.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select, update

from schemebook.form_pdf.descriptor import Claim
from schemebook.records.store.store import Store
from schemebook.records.store.tables import issued
from schemebook.scheme.answers import Value

_TOKENS_AT_ONCE = 500
_BYTES = 5
"""Eight signs of A-Z and 2-7."""
_BUT_HELD = [column for column in issued.c if column.name != "held"]
"""What is asked of all copies at once: what each held is for the intake alone."""


@dataclass(frozen=True)
class NewCopy:
    """A copy that is to be made for somebody.

    person: the folded key by which the list of people knows them. whose: the part that the form gives them: `person`,
    or a role. name, email: as the list gives them. locked: the answers in it that they cannot change. held: all that it
    holds, as `copies.unchanged.held` gives it.
    """

    person: str
    occasion: str
    whose: str
    name: str | None = None
    email: str | None = None
    locked: Mapping[str, Value] = field(default_factory=dict)
    held: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Issued:
    """A copy that was made for somebody, as `NewCopy` tells of them.

    issued: when it was made first, in UTC. locked: the locked answers with which it was made, the latest last; held: so
    all that it held. None where nobody kept or asked for them.
    """

    token: str
    scheme: str
    form: str
    version: int
    edition: str
    person: str
    occasion: str
    whose: str
    name: str | None
    email: str | None
    issued: str
    locked: list[dict[str, Value]] | None = None
    held: list[dict[str, Any]] | None = None


def issue_tokens(store: Store, claim: Claim, copies: Sequence[NewCopy], now: str) -> list[str]:
    """The token of each copy, in their order; new ones are durable before they are given.

    claim: the form's version and edition. now: as `utc_text` writes it. Raises SchemebookError for a database at fault.
    """
    return store.change(lambda connection: _tokens(connection, claim, copies, now))


def issued_copies(store: Store, scheme: str) -> dict[str, Issued]:
    """Token -> whom its copy was made for, of every copy of a scheme's forms; without what they held."""
    return store.look(
        lambda connection: {
            row.token: Issued(**row._mapping)
            for row in connection.execute(select(*_BUT_HELD).where(issued.c.scheme == scheme))
        }
    )


def addresses(store: Store, scheme: str) -> Iterator[tuple[str, str, str | None]]:
    """Of every copy of a scheme's forms, the earliest first: token, person, address. Far less than whole copies."""
    columns = (issued.c.token, issued.c.person, issued.c.email)
    wanted = select(*columns).where(issued.c.scheme == scheme).order_by(issued.c.issued, issued.c.token)
    yield from store.look(lambda connection: [tuple(row) for row in connection.execute(wanted)])


def copies_of(store: Store, tokens: Sequence[str]) -> dict[str, Issued]:
    """Token -> the copy, of those tokens that a copy was made with."""
    rest = iter(tokens)
    parts = iter(lambda: list(islice(rest, _TOKENS_AT_ONCE)), [])
    wanted = (select(issued).where(issued.c.token.in_(part)) for part in parts)
    return store.look(
        lambda connection: {row.token: Issued(**row._mapping) for some in wanted for row in connection.execute(some)}
    )


def _tokens(connection: Connection, claim: Claim, copies: Sequence[NewCopy], now: str) -> list[str]:
    kept, new, tokens = _kept(connection, claim), _new_tokens(connection), []
    named = (claim.scheme, claim.form, claim.version, claim.edition)
    added = []
    for one in copies:
        before = kept.get((one.person, one.occasion))
        if before is None:
            kept_of_it = {"locked": [dict(one.locked)], "held": [dict(one.held)]}
            added.append(Issued(next(new), *named, **vars(one) | kept_of_it, issued=now))
        elif told_anew := _told_anew(before, one):
            connection.execute(update(issued).where(issued.c.token == before.token).values(told_anew))
        tokens.append(before.token if before else added[-1].token)
    if added:
        connection.execute(insert(issued), [vars(one) for one in added])
    return tokens


def _told_anew(before: Issued, one: NewCopy) -> dict[str, Any]:
    """What a later list says differently of somebody; what it leaves out stays known."""
    said = {"whose": one.whose, "name": one.name, "email": one.email}
    anew: dict[str, Any] = {name: value for name, value in said.items() if value and value != getattr(before, name)}
    if before.locked is not None and before.locked[-1] != one.locked:
        anew["locked"] = [*(made for made in before.locked if made != one.locked), dict(one.locked)]
    if not before.held or before.held[-1] != one.held:  # of what an earlier Schemebook made the copies of now are known
        anew["held"] = [*(made for made in before.held or () if made != one.held), dict(one.held)]
    return anew


def _kept(connection: Connection, claim: Claim) -> Mapping[tuple[str, str], Issued]:
    """(person, occasion) -> the copy, of this edition."""
    of_this = (
        issued.c.scheme == claim.scheme,
        issued.c.form == claim.form,
        issued.c.edition == claim.edition,
    )
    rows = connection.execute(select(issued).where(*of_this))
    return {(row.person, row.occasion): Issued(**row._mapping) for row in rows}


def _new_tokens(connection: Connection) -> Iterator[str]:
    """Random tokens that nobody has."""
    taken: set[Any] = set(connection.scalars(select(issued.c.token)))
    while True:
        token = base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii")
        if token not in taken:
            taken.add(token)
            yield token
