"""Hours that change while somebody books: nobody's booking is lost, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from shadowing.domain.bookings.asking import NotAvailable, SlotFull, SlotGone
from shadowing.services.availability import changing
from shadowing.services.availability.acts import BookedStay, EveryWeek, Given
from shadowing.services.availability.horizon import extend_all
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.availability import slot, weekly_hours
from tests import makers
from tests.makers import Ward

SUNDAY = 6
OPEN = Given(span="D12", start="10:00", end="14:00", mode="auto")
CLOSED = Given(span="D12", start="10:00", end="14:00", mode="closed")
ROUNDS = 6


def tried(use_case):
    """Do it; say what it was refused for, if it was."""
    try:
        return use_case()
    except (SlotGone, SlotFull, NotAvailable, BookedStay) as refusal:
        return refusal.code


def together(*use_cases):
    """Start them all at one moment, each in a thread of its own."""
    start = Barrier(len(use_cases))

    def run(use_case):
        start.wait()
        return tried(use_case)

    with ThreadPoolExecutor(len(use_cases)) as pool:
        return list(pool.map(run, use_cases))


@pytest.mark.slow
def test_closing_and_booking_at_once_leave_one_truth(work):
    """Section 6.4, rule A1: either the booking stands and is kept, or there was none."""
    ward = Ward(work)
    hours = [EveryWeek(OPEN, (SUNDAY,))]
    changing.change(work, ward.as_host(), hours)
    with work.read() as tx:
        rule = tx.db.scalar(select(weekly_hours.c.id))
        later = slot.c.starts_at > makers.NOW + timedelta(days=7)
        found = select(slot.c.id).where(later).order_by(slot.c.starts_at)
        chosen = tx.db.scalars(found).all()[:ROUNDS]
    outcomes = set()
    for slot_id in chosen:
        observer = ward.as_observer(ward.another_observer())
        close = [EveryWeek(CLOSED, (), rule)]
        known = [shift.id for shift in makers.shifts(work)]
        said = together(
            lambda observer=observer, slot_id=slot_id: asking.request(
                work, observer, Ask(slot_id, "See how a morning starts.")
            ),
            lambda close=close, known=known: changing.change(
                work, ward.as_host(), close, agreed=known
            ),
            lambda: extend_all(work),
        )
        outcomes.add(str(said[0]) if isinstance(said[0], str) else "booked")
        changing.change(
            work,
            ward.as_host(),
            [EveryWeek(OPEN, (), rule)],
            agreed=[shift.id for shift in makers.shifts(work)],
        )

    with work.read() as tx:
        rows = {row.id: row for row in tx.db.execute(slot.select())}
    standing = [shift for shift in makers.shifts(work) if shift.state == "confirmed"]
    assert all(rows[shift.slot_id].taken == 1 for shift in standing)
    assert all(rows[shift.slot_id].starts_at == shift.starts_at for shift in standing)
    assert sum(row.taken for row in rows.values()) == len(standing)
    assert outcomes <= {"booked", "slot_gone", "not_available"}


@pytest.mark.slow
def test_two_workers_and_a_host_make_each_slot_once(work):
    """Rule A5: safe in parallel."""
    ward = Ward(work)
    changing.change(work, ward.as_host(), [EveryWeek(OPEN, (SUNDAY,))])
    work.clock.advance(days=8)

    said = together(
        lambda: extend_all(work),
        lambda: extend_all(work),
        lambda: changing.change(work, ward.as_host(), [EveryWeek(OPEN, (0,))]),
    )

    with work.read() as tx:
        found = tx.db.execute(select(slot.c.starts_at).where(slot.c.state == "open")).all()
    assert sum(each for each in said if isinstance(each, int)) <= 1
    assert len(found) == len(set(found)) == 14 + 12
