"""A host says which hours somebody may join: every week, on one day, or not at all.

What was said and the slots that follow from it are written together. Booked shifts stay as they
are, a request that waits on hours which close ends with them, and a change that touches either is
made only once the host has seen which. Whoever calls has the requests declined afterwards; the
clock does it where they do not come to it.

Source: docs/rules.md, rules A1 to A6 and section 6.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shadowing.domain.availability.renewal import Plan, Visit
from shadowing.domain.bookings.states import By, State
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.availability import days, horizon, saying
from shadowing.services.availability.acts import (
    Act,
    AsEveryWeek,
    AsTheWeekBefore,
    BookedStay,
    Changed,
    EveryWeek,
    NoUnit,
    OneDay,
    OneMore,
)
from shadowing.services.availability.horizon import Ground
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import hours, people
from shadowing.store.journal import Entry


@repeated
def change(
    work: Work, actor: Actor, acts: Iterable[Act], *, agreed: Iterable[UUID] = ()
) -> Changed:
    """Say other hours, and renew the slots that follow from them: all of it or nothing.

    Args:
        work: Opens the transaction.
        actor: A host; the hours are their own, for nobody gives another person's (A1).
        acts: In this order.
        agreed: The shifts and requests of which the host knows what becomes of them.

    Raises:
        NotAllowed: *actor* does not act as a host.
        NotFound, Stale: Hours to be replaced are not their own, or not there any more.
        NoUnit: There is no unit where the hours are worked.
        BadValue: With the field and its problem.
        BookedStay: It touches shifts or requests that are not among *agreed*.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        before = horizon.ground(tx, host)
        if before.unit is None or not host.host_role:
            raise NoUnit
        standing = hours.keep_slots(tx.db, host_id=host.id, after=tx.now)
        stayed = horizon.plan(tx, before, standing).stay
        for act in acts:
            _do(tx, act, before)
        after = horizon.ground(tx, host)
        planned = horizon.plan(tx, after, standing)
        stay, ends = _touched(tx, planned, stayed=stayed)
        if not frozenset(agreed).issuperset(visit.shift_id for visit in (*stay, *ends)):
            raise BookedStay(stay=stay, ends=ends)
        given_up = {visit.slot_id for visit in ends if visit.slot_id}
        planned = horizon.plan(tx, after, standing, given_up=given_up)
        by = Entry("", "", host.id, host.id, By.HOST, code="hours")
        horizon.write(tx, planned, host_id=host.id, by=by)
    return Changed(stay=stay, ends=ends)


def _touched(
    tx: Tx, planned: Plan, *, stayed: frozenset[UUID]
) -> tuple[tuple[Visit, ...], tuple[Visit, ...]]:
    """Sort what a change touches: what stays, and what ends with its hours (6.4).

    Requests end on hours that close, where nothing is agreed yet.
    """
    found = hours.visits_of(tx.db, slot_ids=planned.stay - stayed)
    agreed = {visit.slot_id for visit in found if visit.state is not State.REQUESTED}
    ending = planned.closed - agreed
    return (
        tuple(visit for visit in found if visit.slot_id not in ending),
        tuple(visit for visit in found if visit.slot_id in ending),
    )


def _do(tx: Tx, act: Act, on: Ground) -> None:
    """Write one act and note it; hours are read afresh, for an act may follow another."""
    if isinstance(act, EveryWeek):
        saying.every_week(tx, act, on)
    elif isinstance(act, OneDay):
        days.one_day(tx, act, on)
    elif isinstance(act, OneMore):
        days.one_more(tx, act, on)
    elif isinstance(act, AsEveryWeek):
        days.as_every_week(tx, act, on)
    elif isinstance(act, AsTheWeekBefore):
        days.as_the_week_before(tx, act, on)
    else:
        saying.no_longer(tx, act, on)
