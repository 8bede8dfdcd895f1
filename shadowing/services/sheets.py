"""Printed sheets for hosts without any address: what to ask, and what came back signed (N8, S1.5).

Nobody answers for a host (A1). What is entered is what the host signed: who entered it is on record
before it is done, and it is done as the host, narrowed to that one thing. The goal of a visit and a
host's own side are not for who prints the sheet (8.1); for those the sheet carries a code that
opens the page on any phone or ward computer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.adapters.credentials import digest, new_short_token
from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.phone import ABOUT_NO_SHIFT, Purpose, expires
from shadowing.domain.policy import Action, Actor, Relation, may
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, debriefs, people, phone, reflections, sheets
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry, record
from shadowing.store.phone import NewLink
from shadowing.store.sheets import Host

TALKS: Final = frozenset({State.COMPLETED, State.ENDED_EARLY})
LISTED: Final = AHEAD | TALKS | {State.DEBRIEFED}
NOT_RECORDED: Final = ("held_slot", "moved")
SIGNED: Final = {
    "accept": frozenset({Action.SHIFT_ACCEPT}),
    "decline": frozenset({Action.SHIFT_DECLINE}),
    "cancel": frozenset({Action.SHIFT_CANCEL}),
    "mark-held": frozenset({Action.DEBRIEF_MARK}),
    "agree": frozenset({Action.COMMITMENT_SEE, Action.COMMITMENT_AGREE}),
    "see": frozenset({Action.COMMITMENT_SEE, Action.COMMITMENT_AGREE}),
    "break": frozenset({Action.AVAILABILITY_CHANGE}),
}
"""What a signed sheet can say, and what whoever enters it may do for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on a sheet.

    Attributes:
        id: Of the shift or the promise.
        who: The visitor, or who promised.
        words: Of a promise.
        talk_at: When the two talk, while that is not recorded.
        can: What the host can tick.
        purpose: Of the code beside it.
    """

    id: UUID
    shift_id: UUID | None
    what: str
    who: str
    title: str
    words: str
    starts_at: datetime | None
    ends_at: datetime | None
    answer_by: datetime | None
    talk_at: datetime | None
    can: tuple[str, ...]
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Sheet:
    """All there is for one host."""

    host: Host
    items: tuple[Item, ...]


def hosts(work: Work, actor: Actor, *, texts: bool) -> tuple[Host, ...]:
    """List the hosts who are reached on paper, of one's units or one's program.

    Args:
        work: The database.
        actor: Who looks.
        texts: Whether text messages can be sent: then a phone number is an address.
    """
    with work.read() as tx:
        return _hosts(tx, actor, Action.SHEET_SEE, texts=texts)


def _hosts(tx: Tx, actor: Actor, action: Action, *, texts: bool) -> tuple[Host, ...]:
    leads = may(actor, action, Relation.UNIT)
    runs = may(actor, action, Relation.PROGRAM)
    units = people.units_of_manager(tx.db, person_id=actor.person_id) if leads else ()
    return sheets.hosts(
        tx.db,
        unit_ids=[unit.id for unit in units],
        organization_id=actor.organization_id if runs else None,
        texts=texts,
    )


def _host(tx: Tx, actor: Actor, action: Action, *, host_id: UUID, texts: bool) -> Host:
    found = _hosts(tx, actor, action, texts=texts)
    host = next((one for one in found if one.id == host_id), None)
    if host is None:
        raise NotFound(person_id=host_id)
    return host


def show(work: Work, actor: Actor, *, host_id: UUID, texts: bool) -> Sheet:
    """Lay out the sheet of one host.

    Raises:
        NotFound: There is no such host on paper on one's units or in one's program.
    """
    with work.read() as tx:
        host = _host(tx, actor, Action.SHEET_SEE, host_id=host_id, texts=texts)
        return Sheet(host, _items(tx, host))


def _items(tx: Tx, host: Host) -> tuple[Item, ...]:
    found = bookings.of_person(tx.db, person_id=host.id, states=LISTED, part="host")
    seen = people.find_many(tx.db, ids={shift.observer_id for shift in found})
    talks = debriefs.of_shifts(tx.db, shift_ids=[shift.id for shift in found])
    written = reflections.of_shifts(tx.db, shift_ids=[shift.id for shift in found])
    items: list[Item] = []
    for shift in reversed(found):
        held = talks.get(shift.id)
        unrecorded = held is not None and held.state in NOT_RECORDED
        side = written.get((shift.id, "host"))
        person = seen[shift.observer_id]
        for what, can, purpose in _asks(
            shift, talk=unrecorded, side=side is None or side.submitted_at is None
        ):
            items.append(
                Item(
                    id=shift.id,
                    shift_id=shift.id,
                    what=what,
                    who=person.full_name,
                    title=person.title,
                    words="",
                    starts_at=shift.starts_at,
                    ends_at=shift.ends_at,
                    answer_by=shift.answer_by if what == "request" else None,
                    talk_at=held.starts_at if held and what in {"shift", "talk"} else None,
                    can=can,
                    purpose=purpose,
                )
            )
    return (*items, *_promises(tx, host))


def _asks(
    shift: Shift, *, talk: bool, side: bool
) -> tuple[tuple[str, tuple[str, ...], Purpose], ...]:
    """Say what a shift asks of its host now."""
    if shift.state is State.REQUESTED:
        return (("request", ("accept", "decline"), Purpose.ANSWER),)
    if shift.state in AHEAD:
        return (("shift", ("cancel",), Purpose.SHIFT),)
    found: list[tuple[str, tuple[str, ...], Purpose]] = []
    if talk and shift.state in TALKS:
        found.append(("talk", ("mark-held",), Purpose.TALK))
    if side:
        found.append(("side", (), Purpose.WRITE))
    return tuple(found)


def _promises(tx: Tx, host: Host) -> tuple[Item, ...]:
    return tuple(
        Item(
            id=one.id,
            shift_id=one.shift_id,
            what="promise",
            who=one.owner_name,
            title="",
            words=one.action,
            starts_at=None,
            ends_at=None,
            answer_by=None,
            talk_at=None,
            can=("agree",) if one.state == "proposed" else ("see",),
            purpose=Purpose.PROMISES,
        )
        for one in sheets.promises(tx.db, host_id=host.id)
    )


def codes(
    work: Work, actor: Actor, *, host_id: UUID, texts: bool
) -> tuple[Sheet, dict[tuple[UUID | None, Purpose], str]]:
    """Draw a link for each thing on a sheet, and for hours and breaks; they are shown this once.

    Raises:
        NotFound: There is no such host on paper on one's units or in one's program.
    """
    with work.write() as tx:
        host = _host(tx, actor, Action.SHEET_ENTER, host_id=host_id, texts=texts)
        items = _items(tx, host)
        wanted: dict[tuple[UUID | None, Purpose], Item | None] = {
            (item.shift_id, item.purpose): item for item in items
        }
        wanted |= {(None, purpose): None for purpose in sorted(ABOUT_NO_SHIFT)}
        tokens: dict[tuple[UUID | None, Purpose], str] = {}
        kept: list[NewLink] = []
        for (shift_id, purpose), item in wanted.items():
            tokens[shift_id, purpose] = new_short_token()
            until = expires(
                purpose,
                now=tx.now,
                answer_by=item.answer_by if item else None,
                ends_at=item.ends_at if item else None,
            )
            token = digest(tokens[shift_id, purpose])
            kept.append(NewLink(token, host.id, shift_id, purpose, until))
        phone.add(tx.db, tuple(kept), at=tx.now)
        _note(tx, actor, host, event="sheet.printed", subject_id=host.id, code="")
        return Sheet(host, items), tokens


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signed sheet lets be done: as the host, this one thing."""

    actor: Actor
    id: UUID


def sign(
    work: Work, actor: Actor, *, host_id: UUID, do: str, item_id: UUID | None, texts: bool
) -> Signed:
    """Put on record who enters what a host signed, before it is done.

    Args:
        work: The database.
        actor: Who enters it.
        host_id: Who signed.
        do: One of ``SIGNED``.
        item_id: The shift or promise it is about; none for a break.
        texts: Whether text messages can be sent.

    Raises:
        NotFound: The sheet has no such thing on it, or is not this person's to enter.
    """
    with work.write() as tx:
        host = _host(tx, actor, Action.SHEET_ENTER, host_id=host_id, texts=texts)
        shift_id: UUID | None = None
        if do != "break":
            on_it = [one for one in _items(tx, host) if one.id == item_id and do in one.can]
            if not on_it or item_id is None:
                raise NotFound(subject="sheet")
            shift_id = on_it[0].shift_id
        _note(tx, actor, host, event="sheet.entered", subject_id=shift_id or host.id, code=do)
    narrowed = Actor(
        person_id=host.id,
        organization_id=host.organization_id,
        role=Role.HOST,
        roles=frozenset({Role.HOST}),
        name=host.name,
        scopes=SIGNED[do],
    )
    return Signed(narrowed, item_id or host.id)


def _note(tx: Tx, actor: Actor, host: Host, *, event: str, subject_id: UUID, code: str) -> None:
    entry = Entry(
        event=event,
        subject="person" if subject_id == host.id else "shift",
        subject_id=subject_id,
        person_id=actor.person_id,
        acting_as=actor.role,
        code=code,
    )
    record(tx.db, entry, at=tx.now)
