"""What is counted for an observer in a cycle, and what comes of it from the third on (D3, B10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import By, MoveNotAllowed, State
from shadowing.domain.bookings.timing import answer_by
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, counted, journal, people, programs
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry


@dataclass(frozen=True, slots=True)
class Counted:
    """Late cancels and absences of one observer in the cycle that runs.

    Attributes:
        limit: From so many on, new requests wait for the coordinator; nothing where none do.
        cycle: Its label; empty where none runs, and then nothing is counted.
    """

    number: int
    limit: int | None
    cycle: str

    @property
    def holds_back(self) -> bool:
        """Say whether new requests wait for the coordinator."""
        return self.limit is not None and self.number >= self.limit


def of_observer(tx: Tx, *, person_id: UUID, program_id: UUID, on: date) -> Counted:
    """Count the late cancels and absences of an observer in the cycle that runs on a day."""
    rules = programs.rules(tx.db, program_id=program_id, known=reference.load())
    limit = rules.limit("counted_limit")
    for cycle in people.cycles(tx.db):
        if cycle.program_id == program_id and cycle.starts_on <= on <= cycle.ends_on:
            number = counted.number(
                tx.db, observer_id=person_id, first=cycle.starts_on, last=cycle.ends_on
            )
            return Counted(number, limit, cycle.label)
    return Counted(0, limit, "")


@repeated
def let_through(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The coordinator lets a request through that waited for them; only now the host is told.

    The time to answer is counted from here.

    Raises:
        NotFound: It is no request in this person's program.
        MoveNotAllowed: It does not wait for the coordinator.

    Source: docs/rules.md, rule D3.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_LET_THROUGH)
        if shift.state is not State.REQUESTED or not shift.held_back:
            raise MoveNotAllowed(state=shift.state, wanted=State.REQUESTED)
        by = answer_by(tx.now, shift.starts_at, settings=timing(tx, shift))
        free = bookings.change(tx.db, shift, held_back=False, answer_by=by)
        entry = Entry(
            event="shift.let_through",
            subject="shift",
            subject_id=shift.id,
            person_id=mover.person_id,
            acting_as=By.COORDINATOR,
        )
        journal.record(tx.db, entry, at=tx.now)
        rested = moves.advance(tx, free)
        moves.announce(tx, rested, before=None, mover=mover)
        return rested
