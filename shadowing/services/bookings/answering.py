"""Answers and ways out: accept, decline, approve, withdraw, cancel, stop for care.

Every answer locks what it may touch, checks the table of moves, and tells those concerned.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.states import (
    DID_NOT_TAKE_PLACE,
    By,
    MoveNotAllowed,
    State,
    exit_for_cancel,
)
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, Relation, in_part, may
from shadowing.services.bookings import gate, moves
from shadowing.services.bookings.moves import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal
from shadowing.store.bookings import Shift

NEVER_BEFORE_A_YES = frozenset(State) - DID_NOT_TAKE_PLACE - {State.REQUESTED}
KNOWN_FROM = {By.UNIT: State.HOST_ACCEPTED, By.BACKUP: State.CONFIRMED}
RELATION_OF = {
    By.OBSERVER: Relation.OBSERVER,
    By.DELEGATE: Relation.OBSERVER,
    By.HOST: Relation.HOST,
    By.BACKUP: Relation.BACKUP,
    By.UNIT: Relation.UNIT,
    By.COORDINATOR: Relation.PROGRAM,
}


def relation(shift: Shift, part: By) -> Relation:
    """Say how somebody in a part stands to a shift; in a reverse one the roles are exchanged."""
    return in_part(RELATION_OF[part], kind=shift.kind)


def as_one_of(tx: Tx, shift: Shift, actor: Actor, action: Action) -> Mover:
    """Say in which part *actor* may do *action* to a shift: the nearest part that has it.

    A unit knows nothing of a request before its host's yes (6.2, P8), a backup nothing before it
    is confirmed, and a host nothing of one that waits for the coordinator (D3).

    Raises:
        NotFound: In none; it then looks as if the shift did not exist (P1).
    """
    parts = moves.part_of(
        tx, shift, person_id=actor.person_id, organization_id=actor.organization_id
    )
    for part in parts:
        if not _hidden(tx, shift, part) and may(actor, action, relation(shift, part)):
            return moves.mover(actor, part)
    raise NotFound(shift_id=shift.id)


def _hidden(tx: Tx, shift: Shift, part: By) -> bool:
    if part is By.HOST:
        return shift.held_back
    known_from = KNOWN_FROM.get(part)
    if known_from is None or (part is By.UNIT and shift.state in NEVER_BEFORE_A_YES):
        return False
    history = journal.history(tx.db, subject_id=shift.id)
    return not any(entry.to_state == known_from for _, entry in history)


@repeated
def accept(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The host says yes; what was allowed in advance follows in the same breath.

    Raises:
        NotFound: It is not a request to this host.
        MoveNotAllowed: It was answered, withdrawn or has lapsed.
        NotAvailable: Something has come between (B8); it is refused here, before the yes.

    Source: docs/rules.md, section 6.2 and rules B3, B8.
    """
    with work.write() as tx:
        shift, mover = _open(tx, actor, shift_id, Action.SHIFT_ACCEPT)
        if shift.state is State.REQUESTED and gate.conflict(tx, shift):
            raise NotAvailable(shift_id=shift.id)
        accepted = moves.step(tx, shift, to=State.HOST_ACCEPTED, mover=mover)
        return _rest(tx, accepted, before=shift.state, mover=mover)


@repeated
def approve(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The unit says yes (A8, B3).

    Raises:
        NotFound: It is not on a unit this person leads.
        MoveNotAllowed: It does not wait for the unit.
    """
    with work.write() as tx:
        shift, mover = _open(tx, actor, shift_id, Action.SHIFT_APPROVE)
        approved = moves.step(tx, shift, to=State.UNIT_APPROVED, mover=mover)
        return _rest(tx, approved, before=shift.state, mover=mover)


@repeated
def confirm(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The coordinator has the last look where the program has one (6.2, ``final_check``).

    What has come between since the asking ends it as a conflict; without clearance it waits (C5).

    Raises:
        NotFound: It is not a shift of this person's program.
        MoveNotAllowed: It does not wait for a final check.
    """
    with work.write() as tx:
        shift, mover = _open(tx, actor, shift_id, Action.SHIFT_CONFIRM)
        if shift.state is not State.CLEARED or gate.blocking(tx, shift):
            raise MoveNotAllowed(state=shift.state, wanted=State.CONFIRMED)
        if gate.conflict(tx, shift):
            clock, code = moves.CLOCK, "conflict"
            ended = moves.step(tx, shift, to=State.EXPIRED, mover=clock, code=code, reason=code)
            return _rest(tx, ended, before=shift.state, mover=clock)
        confirmed = moves.step(tx, shift, to=State.CONFIRMED, mover=mover, code="final_check")
        return _rest(tx, confirmed, before=shift.state, mover=mover)


@repeated
def decline(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Host, unit or coordinator says not this time; no reason is asked (B11).

    Raises:
        NotFound: It is nothing this person may answer.
        MoveNotAllowed: It no longer waits.
    """
    with work.write() as tx:
        shift, mover = _open(tx, actor, shift_id, Action.SHIFT_DECLINE)
        declined = moves.step(tx, shift, to=State.DECLINED, mover=mover)
        return _rest(tx, declined, before=shift.state, mover=mover)


@repeated
def cancel(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Whatever "cancel" means for this person now: withdraw, decline, cancel, stop for care.

    A shift under way is ended early instead; that is checking out, not cancelling.

    Raises:
        NotFound: The person has no part in it.
        MoveNotAllowed: It is under way or over.

    Source: docs/rules.md, section 6.2; rules B10, B11.
    """
    with work.write() as tx:
        shift, mover = _open(tx, actor, shift_id, Action.SHIFT_CANCEL)
        way_out = exit_for_cancel(shift.state, by=mover.by)
        late = way_out is State.CANCELLED_BY_OBSERVER and gate.is_late(tx, shift)
        code = "late" if late else ""
        left = moves.step(tx, shift, to=way_out, mover=mover, code=code, late=late)
        return _rest(tx, left, before=shift.state, mover=mover)


@repeated
def withdraw(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The observer takes a request back before it is confirmed.

    Raises:
        NotFound: It is not this person's request.
        MoveNotAllowed: It is confirmed or over.
    """
    with work.write() as tx:
        shift, mover = _open(tx, actor, shift_id, Action.SHIFT_MOVE)
        withdrawn = moves.step(tx, shift, to=State.WITHDRAWN, mover=mover)
        return _rest(tx, withdrawn, before=shift.state, mover=mover)


def _open(tx: Tx, actor: Actor, shift_id: UUID, action: Action) -> tuple[Shift, Mover]:
    shift = moves.keep(tx, shift_id=shift_id)
    return shift, as_one_of(tx, shift, actor, action)


def _rest(tx: Tx, shift: Shift, *, before: State, mover: Mover) -> Shift:
    rested = moves.advance(tx, shift)
    moves.announce(tx, rested, before=before, mover=mover)
    return rested
