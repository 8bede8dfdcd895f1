"""Whom a cohort day invites: found by name, invited, invited no longer (B14)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.cohort import MOST_GUESTS, Standing, TooManyInvited
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.services.bookings import cohort_notes, cohort_talks
from shadowing.services.work import Work, repeated
from shadowing.store import cohort_guests

EVERYBODY: Final = 1000


def invite(work: Work, actor: Actor, *, day_id: UUID, person_ids: Collection[UUID]) -> int:
    """Invite administrators; once the day is planned they are told at once. Gives how many are new.

    Raises:
        NotFound: It is of no program that *actor* coordinates, or somebody is no administrator.
        CohortDayOver, CohortMoveNotAllowed: It is over, or was called off.
        TooManyInvited: A day holds no more.
    """
    new = _invite(work, actor, day_id=day_id, person_ids=person_ids)
    cohort_talks.settle(work, day_id=day_id)
    return new


@repeated
def _invite(work: Work, actor: Actor, *, day_id: UUID, person_ids: Collection[UUID]) -> int:
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.write() as tx:
        day = cohort_notes.ahead(tx, actor, day_id)
        wanted = set(person_ids)
        known = cohort_guests.candidates(
            tx.db,
            cohort_guests.Who(day.organization_id, day.local_date),
            day_id=day.id,
            ids=wanted,
            limit=EVERYBODY,
        )
        if {each.id for each in known} != wanted:
            raise NotFound(day_id=day_id)
        new = [each.id for each in known if not each.invited]
        if len(new) + len(cohort_guests.of_day(tx.db, day_id=day.id)) > MOST_GUESTS:
            raise TooManyInvited(most=MOST_GUESTS)
        cohort_guests.invite(tx.db, day_id=day.id, person_ids=new, at=tx.now)
        if new:
            cohort_notes.note(tx, actor, day.id, event="invited", at=day.state, to=day.state)
        if day.state == Standing.PLANNED:
            for person_id in new:
                cohort_notes.tell(tx, day, kind=cohort_notes.INVITED, to=person_id)
        return len(new)


def uninvite(work: Work, actor: Actor, *, day_id: UUID, person_id: UUID) -> None:
    """Invite somebody no longer: their shifts stay, and their talks are their own again.

    Raises:
        NotFound: It is of no program that *actor* coordinates, or they are not invited.
        CohortDayOver, CohortMoveNotAllowed: It is over, or was called off.
    """
    _uninvite(work, actor, day_id=day_id, person_id=person_id)
    cohort_talks.settle(work, day_id=day_id)


@repeated
def _uninvite(work: Work, actor: Actor, *, day_id: UUID, person_id: UUID) -> None:
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.write() as tx:
        day = cohort_notes.ahead(tx, actor, day_id)
        if not cohort_guests.uninvite(tx.db, day_id=day.id, person_id=person_id):
            raise NotFound(person_id=person_id)
        cohort_notes.note(tx, actor, day.id, event="uninvited", at=day.state, to=day.state)
        if day.state == Standing.PLANNED:
            cohort_notes.tell(tx, day, kind=cohort_notes.CALLED_OFF, to=person_id)


@repeated
def ask_for_meeting(work: Work, actor: Actor, *, day_id: UUID, person_id: UUID) -> bool:
    """Ask somebody who is invited to offer a meeting that day, once; says whether it is new (B16).

    Raises:
        NotFound: It is of no program that *actor* coordinates, or they are not invited.
        CohortDayOver, CohortMoveNotAllowed: It is over, or was called off.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.write() as tx:
        day = cohort_notes.ahead(tx, actor, day_id)
        if person_id not in {each.id for each in cohort_guests.of_day(tx.db, day_id=day.id)}:
            raise NotFound(person_id=person_id)
        new = cohort_notes.tell_once(tx, day, kind=cohort_notes.MEETING_WANTED, to=person_id)
        if new:
            cohort_notes.note(tx, actor, day.id, event="meeting_wanted", at=day.state, to=day.state)
        return new
