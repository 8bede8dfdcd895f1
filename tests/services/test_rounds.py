"""The clock goes through all that is due, however much; what fails holds up nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from shadowing.services.bookings import clock, debriefing, overdue
from shadowing.services.bookings.rounds import Round
from shadowing.services.notifications import timetable
from shadowing.store import bookings as store
from shadowing.store import days, directory, joining, proposals, reminders
from shadowing.store.tables import bookings, messages, people
from shadowing.store.tables.day import shift_day
from shadowing.store.tables.followup import debrief
from tests import makers
from tests.makers import NOW, Ward

FEW = 3
MANY = 8


@pytest.fixture
def ward(work, monkeypatch):
    for each in (store, days, directory, joining, proposals, reminders):
        monkeypatch.setattr(each, "BATCH", FEW)
    return Ward(work)


def many(ward, state, *, starts_at, **more):
    """Make several shifts, each of another visitor with another host."""
    end = starts_at + timedelta(hours=4)
    plain = {
        "band": "day",
        "mode": "ask",
        "host_role": "rn_ms",
        "template": "T1",
        "state": state,
        "requested_at": NOW,
        "answer_by": NOW + timedelta(days=3),
        "program_id": ward.program,
        "unit_id": ward.unit,
        "site_id": ward.site,
        "starts_at": starts_at,
        "ends_at": end,
        "local_date": starts_at.date(),
    }
    rows = [
        {
            "id": uuid4(),
            "observer_id": makers.person(ward.work, ward.organization),
            "host_id": ward.another_host(),
            **(plain | more),
        }
        for _ in range(MANY)
    ]
    with ward.work.write() as tx:
        tx.db.execute(people.unit.update().values(cap=MANY))
        tx.db.execute(insert(bookings.shift), rows)
        tx.db.execute(
            insert(shift_day),
            [{"shift_id": row["id"], "pass_code": row["id"].hex[:12]} for row in rows],
        )
    return [row["id"] for row in rows]


def states(ward):
    return {row.state for row in makers.shifts(ward.work)}


def test_every_request_lapses_that_nobody_answered(ward):
    """Rule B6: in one round, and not a batch of them a round."""
    many(ward, "requested", starts_at=NOW + timedelta(days=20))
    ward.work.clock.now = NOW + timedelta(days=3)

    clock.run(ward.work)

    assert states(ward) == {"expired"}


def test_every_shift_is_checked_out_that_was_left_open(ward):
    """Rule D4."""
    many(ward, "checked_in", starts_at=NOW, checked_in_at=NOW)
    ward.work.clock.now = NOW + timedelta(hours=5)

    assert overdue.run(ward.work) == MANY
    assert states(ward) == {"completed"}


def test_both_are_asked_of_every_shift_nobody_was_checked_in_for(ward):
    """Rule D10."""
    many(ward, "confirmed", starts_at=NOW)
    ward.work.clock.now = NOW + timedelta(hours=7)

    assert overdue.run(ward.work) == MANY


def test_every_shift_closes_that_has_all_it_needs_behind_those_that_have_not(ward):
    """Rule F16: those that cannot close yet hold up nobody."""
    ids = sorted(many(ward, "debriefed", starts_at=NOW), key=str)
    held = {"state": "held", "starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    last = ids[-2:]
    with ward.work.write() as tx:
        for shift_id in last:
            row = {"shift_id": shift_id, "no_commitment_reason": "Nothing to promise.", **held}
            tx.db.execute(insert(debrief).values(**row))
    ward.work.clock.now = NOW + timedelta(days=8)

    assert debriefing.close_due(ward.work) == len(last)


def test_with_a_leaver_everything_ahead_ends(ward):
    """Section 8.3."""
    ids = many(ward, "confirmed", starts_at=NOW + timedelta(days=20))
    with ward.work.write() as tx:
        mine = bookings.shift.c.id.in_(ids)
        visitors = select(bookings.shift.c.observer_id).where(mine)
        gone = people.person.update().where(people.person.c.id.in_(visitors))
        tx.db.execute(gone.values(active=False))

    clock.run(ward.work)

    assert states(ward) == {"cancelled_by_observer"}


def test_every_reminder_is_planned_in_one_run(ward):
    """Rules N6, N7."""
    many(ward, "confirmed", starts_at=NOW + timedelta(days=2))

    timetable.plan(ward.work)

    with ward.work.read() as tx:
        kinds = list(tx.db.scalars(select(messages.reminder.c.kind)))
    assert kinds.count("preparation-card") == MANY
    assert kinds.count("unit-notice") == MANY


def test_what_fails_holds_up_nobody_and_is_not_forgotten(ward):
    ids = sorted(many(ward, "confirmed", starts_at=NOW + timedelta(days=20)), key=str)
    done = []

    def find(tx, after):
        return store.ending_before(
            tx.db, states=("confirmed",), instant=NOW + timedelta(days=30), after=after
        )

    def act(_work, *, shift_id):
        if str(shift_id) == str(ids[0]):
            raise LookupError("broken")
        done.append(shift_id)
        return 1

    every = Round(ward.work)
    every.go(find, act)

    assert len(done) == MANY - 1
    with pytest.raises(LookupError):
        every.end()
