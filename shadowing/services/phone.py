"""Whoever opens a link on a phone: who they are, and what this one link lets them do (N8, P17).

No session begins. The link stands for its person as a host, narrowed to the actions of its purpose;
the page that opens it names no other shift than the link's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from shadowing.adapters.credentials import digest
from shadowing.domain.accounts import TooManyTries, minutes_left, window
from shadowing.domain.errors import BadValue
from shadowing.domain.people import Role
from shadowing.domain.phone import (
    ABOUT_NO_SHIFT,
    ASKED_FOR,
    SCOPES,
    PhoneLinkEnded,
    Purpose,
)
from shadowing.domain.policy import Actor
from shadowing.services.work import Work
from shadowing.store import people, phone
from shadowing.store.accounts import tries
from shadowing.store.journal import Entry, Telling, record, tell

TRIES: Final = (5, 50)
"""In a quarter of an hour: for one number, from one network address."""
LEAST_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens.

    Attributes:
        actor: Its person, as a host who may do what the purpose needs and nothing else.
        shift_id: The one shift it is about; ``None`` where it is about none.
        zone: Where the person works.
    """

    actor: Actor
    purpose: Purpose
    shift_id: UUID | None
    zone: str
    expires_at: datetime


def open_link(work: Work, token: str) -> Opened:
    """Read what a link is for; that does nothing and uses nothing up.

    Raises:
        PhoneLinkEnded: It ran out, its person has left, or it never was.
    """
    with work.read() as tx:
        link = phone.find(tx.db, digest=digest(token), at=tx.now)
        if link is None:
            raise PhoneLinkEnded
        _, zone = people.home(tx.db, person_id=link.person_id)
    purpose = Purpose(link.purpose)
    actor = Actor(
        person_id=link.person_id,
        organization_id=link.organization_id,
        role=Role.HOST,
        roles=frozenset({Role.HOST}),
        name=link.name,
        scopes=SCOPES[purpose],
    )
    return Opened(actor, purpose, link.shift_id, zone, link.expires_at)


def ask_link(work: Work, *, number: str, purpose: str, address: str) -> None:
    """Queue a text with a link to open hours or take a break; never say whether it was.

    Only to a host without email whose number it is. The link is made when the text is written.

    Raises:
        BadValue: The purpose is none that can be asked for, or the number has too few digits.
        TooManyTries: Too many were asked for from this address.
    """
    if purpose not in {each.value for each in ABOUT_NO_SHIFT}:
        raise BadValue(field="purpose", problem="unknown_choice")
    digits = phone.digits_of(number)
    if len(digits) < LEAST_DIGITS:
        raise BadValue(field="number", problem="not_a_number")
    with work.write() as tx:
        began = window(tx.now)
        mine = tries.count(tx.db, subject=f"phone {digest(digits)[:32]}", window=began)
        here = tries.count(tx.db, subject=f"phone from {address[:45]}", window=began)
        known = phone.host_by_phone(tx.db, digits=digits)
        if known and mine <= TRIES[0] and here <= TRIES[1]:
            telling = Telling(
                key=f"{ASKED_FOR}:{uuid4()}",
                kind=ASKED_FOR,
                recipient_id=known,
                facts={"purpose": purpose},
            )
            tell(tx.db, telling, at=tx.now, domain=tx.domain)
            entry = Entry(event="phone-link-asked", subject="person", subject_id=known)
            record(tx.db, entry, at=tx.now)
        left = minutes_left(tx.now)
    if here > TRIES[1]:
        raise TooManyTries(minutes=left)
