"""Somebody new: entered by an operator, let in by a link that works once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from shadowing.adapters.credentials import digest, new_token
from shadowing.adapters.mail.message import checked_address
from shadowing.adapters.plain_text import one_line
from shadowing.domain.accounts import FIRST_LINK_LASTS, EmailTaken, NotInProgram
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.people import Role
from shadowing.services.work import Tx, Work
from shadowing.store.accounts import entrance, newcomers
from shadowing.store.journal import Entry, record

FIRST: Final = ("Hospital", "hospital")
"""Name and code of the organization that the first person founds where none is named."""
LONGEST_NAME: Final = 120
LONGEST_EMAIL: Final = 254


def add_person(
    work: Work,
    *,
    name: str,
    email: str,
    roles: Sequence[Role],
    organization: str = "",
) -> str:
    """Enter somebody; return the token of a link by which they sign in, once, within a day.

    Args:
        work: Where.
        name: Theirs.
        email: Theirs alone.
        roles: One at least.
        organization: Name or code; the largest if empty. The first person founds it.

    Raises:
        BadValue: The name or the address cannot be.
        EmailTaken: Somebody has the address.
        NotInProgram: No role is given.
        NotFound: There is no such organization.
    """
    called, address = _checked(name, email)
    if not roles:
        raise NotInProgram
    token = new_token()
    with work.write() as tx:
        if entrance.known_among(tx.db, emails=(address,)):
            raise EmailTaken(email=address)
        person_id = newcomers.add_person(
            tx.db,
            name=called,
            email=address,
            roles=roles,
            organization_id=_organization(tx, organization),
            at=tx.now,
        )
        _let_in(tx, person_id, token=token)
    return token


def _let_in(tx: Tx, person_id: UUID, *, token: str) -> None:
    entrance.add_link(
        tx.db,
        digest=digest(token),
        person_id=person_id,
        target="/",
        at=tx.now,
        expires_at=tx.now + FIRST_LINK_LASTS,
    )
    entry = Entry(
        event="person-added", subject="person", subject_id=person_id, acting_as="operator"
    )
    record(tx.db, entry, at=tx.now)


def _checked(name: str, email: str) -> tuple[str, str]:
    called = one_line(name)
    if not called or len(called) > LONGEST_NAME:
        raise BadValue(field="name", problem="out_of_range", least=1, most=LONGEST_NAME)
    try:
        address = checked_address(email.strip().lower())
    except ValueError:
        address = ""
    if not 1 <= len(address) <= LONGEST_EMAIL:
        raise BadValue(field="email", problem="not_an_address")
    return called, address


def _organization(tx: Tx, name: str) -> UUID:
    try:
        return newcomers.find_organization(tx.db, name=name)
    except NotFound:
        if newcomers.organizations(tx.db):
            raise
    return newcomers.add_organization(tx.db, name=name or FIRST[0], code=FIRST[1])
