"""Changing the roster: somebody new, other details, somebody who leaves or comes back.

A leaver's access ends in the same transaction: sessions, links, tokens, feeds, phone links. What is
ahead with them is ended one by one after this (``bookings.leavers``, ``availability.leavers``), by
the page and by the worker, so that a crash leaves nothing behind.

Source: docs/rules.md, section 8.3 (leaver); rules P1, P6, P8 and P16.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from shadowing.adapters import reference
from shadowing.adapters.mail.message import checked_address
from shadowing.adapters.plain_text import one_line
from shadowing.domain.accounts import INVITES, EmailTaken
from shadowing.domain.errors import BadValue
from shadowing.domain.people import PersonKind, Role
from shadowing.domain.policy import Action, Actor
from shadowing.domain.roster import (
    Details,
    NotYourself,
    check_giving,
    check_line,
    checked,
)
from shadowing.services.people import looking
from shadowing.services.people.looking import Choice, theirs
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import directory, hosting, journal, people, phone
from shadowing.store.accounts import entrance, sessions, tokens
from shadowing.store.journal import Entry, Telling
from shadowing.store.people import Person

FIELDS: Final = (
    *("name", "post_nominal", "title", "kind", "level", "portfolio"),
    *("phone", "manager_id", "manager_unknown", "host_role", "host_unit_id"),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the form of a person offers.

    Attributes:
        details: What is kept now; nothing of somebody new.
    """

    details: Details | None
    managers: tuple[Choice, ...]
    units: tuple[Choice, ...]


def desk(work: Work, actor: Actor, *, person_id: UUID | None = None) -> Desk:
    """Read what the form of a person needs.

    Raises:
        NotFound: It is nobody whom they may change.
    """
    looking.check(actor, Action.PERSON_CHANGE)
    own = actor.organization_id
    with work.read() as tx:
        person = theirs(tx, actor, person_id) if person_id else None
        names = directory.names(tx.db, organization_id=own)
        return Desk(
            details_of(person) if person else None,
            tuple(each for each in names if each[0] != person_id),
            directory.unit_names(tx.db, organization_id=own),
        )


def details_of(person: Person) -> Details:
    """Read the details of a person as the roster keeps them."""
    plain = {name: getattr(person, name) for name in FIELDS}
    plain["kind"] = PersonKind(person.kind)
    return Details(**plain, email=person.email or "", roles=person.roles)


@repeated
def invite(work: Work, actor: Actor, wanted: Details) -> UUID:
    """Add somebody, and send them a link by which they sign in once.

    Raises:
        NotAllowed: *actor* keeps no roster.
        Refusal: About the details.
    """
    looking.check(actor, Action.PERSON_CHANGE)
    with work.write() as tx:
        kept = _fit(tx, actor, wanted, before=None)
        person_id = directory.add(
            tx.db,
            values_of(kept),
            roles=kept.roles,
            organization_id=actor.organization_id,
            at=tx.now,
        )
        _record(tx, actor, person_id, event="person.added")
        if kept.email:
            _let_in(tx, actor, person_id, did="has added you")
        return person_id


@repeated
def change(work: Work, actor: Actor, wanted: Details, *, person_id: UUID) -> None:
    """Write the details and roles of a person; another address ends what the old one opened.

    Raises:
        NotFound: It is nobody whom they may change.
        Refusal: About the details.
    """
    looking.check(actor, Action.PERSON_CHANGE)
    with work.write() as tx:
        theirs(tx, actor, person_id)
        person = people.lock(tx.db, person_id=person_id)
        kept = _fit(tx, actor, wanted, before=person)
        was = details_of(person)
        directory.change(tx.db, values_of(kept), roles=kept.roles, person_id=person_id)
        if kept.email != was.email:
            entrance.end_links(tx.db, person_id=person_id, at=tx.now)
        if kept.roles != was.roles:
            sessions.end_sessions(tx.db, person_id=person_id)
            directory.end_tokens(tx.db, person_id=person_id, at=tx.now)
            _record(tx, actor, person_id, event="person.roles")
        _record(tx, actor, person_id, event="person.changed", code=_changed(was, kept))


@repeated
def leave(work: Work, actor: Actor, *, person_id: UUID) -> None:
    """End a person's access at once: sessions, links, tokens, feeds, phone links (8.3).

    Raises:
        NotFound: It is nobody whom they may change.
        NotYourself: Nobody ends their own access.
        RoleNotYours: A system administrator keeps this person.
    """
    looking.check(actor, Action.PERSON_CHANGE)
    with work.write() as tx:
        theirs(tx, actor, person_id)
        person = people.lock(tx.db, person_id=person_id)
        if person_id == actor.person_id:
            raise NotYourself
        check_giving(actor.role, before=person.roles, after=person.roles)
        if person.active:
            end_access(tx, person)
            _record(tx, actor, person_id, event="person.left", code="left")


def end_access(tx: Tx, person: Person) -> None:
    """End whatever opens something for a person, and that they host."""
    directory.set_active(tx.db, person_id=person.id, active=False)
    sessions.end_sessions(tx.db, person_id=person.id)
    entrance.end_links(tx.db, person_id=person.id, at=tx.now)
    directory.end_tokens(tx.db, person_id=person.id, at=tx.now)
    tokens.end_feeds(tx.db, person_id=person.id, at=tx.now)
    phone.end_all(tx.db, person_id=person.id, at=tx.now)
    _end_backups(tx, person)
    hosting.prefer(tx.db, host_id=person.id, prefers="")
    hosting.describe(tx.db, person_id=person.id, says="")
    if Role.HOST in person.roles:
        hosting.change(tx.db, host_id=person.id, left_hosting_at=tx.now)


def _end_backups(tx: Tx, person: Person) -> None:
    """End that somebody stands in; the hosts for whom they did can name somebody else (D7)."""
    for naming_id, host_id in directory.end_backups(tx.db, person_id=person.id, at=tx.now):
        facts = {"other_name": person.full_name, "path": "/availability/hosting"}
        told = Telling(f"backup-left:{naming_id}", "backup-left", host_id, facts=facts)
        journal.tell(tx.db, told, at=tx.now, domain=tx.domain)


@repeated
def come_back(work: Work, actor: Actor, *, person_id: UUID) -> None:
    """Let somebody in again; nothing that ended comes back, and hosting begins when they say so.

    Raises:
        NotFound: It is nobody whom they may change.
        RoleNotYours: A system administrator keeps this person.
    """
    looking.check(actor, Action.PERSON_CHANGE)
    with work.write() as tx:
        theirs(tx, actor, person_id)
        person = people.lock(tx.db, person_id=person_id)
        check_giving(actor.role, before=person.roles, after=person.roles)
        if not person.active:
            directory.set_active(tx.db, person_id=person_id, active=True)
            _record(tx, actor, person_id, event="person.came_back")
            if person.email:
                _let_in(tx, actor, person_id, did="has let you in again")


@repeated
def send_link(work: Work, actor: Actor, *, person_id: UUID) -> None:
    """Send a person a new link by which they sign in once.

    Raises:
        NotFound: It is nobody whom they may change, or who can sign in.
    """
    looking.check(actor, Action.PERSON_CHANGE)
    with work.write() as tx:
        person = theirs(tx, actor, person_id)
        if not person.active or not person.email:
            raise BadValue(field="email", problem="not_an_address")
        _let_in(tx, actor, person_id, did="sends you this link")
        _record(tx, actor, person_id, event="person.link_sent")


def _fit(tx: Tx, actor: Actor, wanted: Details, *, before: Person | None) -> Details:
    """Check details against the rules and against everybody else."""
    kept = checked(tidied(wanted), known=reference.load())
    held = before.roles if before else frozenset()
    own = before is not None and before.id == actor.person_id
    check_giving(actor.role, before=held, after=kept.roles, own=own)
    who = before.id if before else None
    if kept.email and directory.email_taken(tx.db, email=kept.email, but=who):
        raise EmailTaken(email=kept.email)
    managers = directory.managers(tx.db, organization_id=actor.organization_id)
    if kept.manager_id is not None:
        if kept.manager_id not in managers:
            raise BadValue(field="manager", problem="unknown_person")
        if who:
            check_line(managers, person_id=who, manager_id=kept.manager_id)
    units = dict(directory.unit_names(tx.db, organization_id=actor.organization_id))
    if kept.host_unit_id is not None and kept.host_unit_id not in units:
        raise BadValue(field="host_unit", problem="unknown_choice")
    return kept


def tidied(wanted: Details) -> Details:
    """Bring what was typed into one form.

    Raises:
        BadValue: The address is none.
    """
    address = wanted.email.strip().lower()
    try:
        address = checked_address(address) if address else ""
    except ValueError:
        raise BadValue(field="email", problem="not_an_address") from None
    return replace(wanted, name=one_line(wanted.name), email=address)


def values_of(kept: Details) -> dict[str, object]:
    """Say what is written of a person, by column."""
    plain = {name: getattr(kept, name) for name in FIELDS}
    return {**plain, "kind": kept.kind.value, "email": kept.email or None}


def _changed(was: Details, kept: Details) -> str:
    """Name what is another than before, never what it says; as much as an entry holds."""
    names = (*FIELDS, "email", "roles")
    return ",".join(name for name in names if getattr(was, name) != getattr(kept, name))[:60]


def _let_in(tx: Tx, actor: Actor, person_id: UUID, *, did: str) -> None:
    """Queue a letter with a link; the link itself is made when the letter is written."""
    why = f"{people.find(tx.db, person_id=actor.person_id).name} {did}."
    telling = Telling(
        key=f"sign-in-link-{uuid4()}",
        kind="sign-in-link",
        recipient_id=person_id,
        facts={"target": "/", INVITES: True, "why": why},
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def _record(tx: Tx, actor: Actor, person_id: UUID, *, event: str, code: str = "") -> None:
    entry = Entry(event, "person", person_id, actor.person_id, actor.role, code=code)
    journal.record(tx.db, entry, at=tx.now)
