"""What the schema itself refuses, whatever code may ask of it; the same on both databases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.engine import make_engine
from shadowing.store.tables.availability import hold, slot
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.changes import shift_proposal
from shadowing.store.tables.journal import audit
from tests import makers
from tests.makers import NOW, Ward


@pytest.fixture
def ward(work):
    return Ward(work)


def put(ward, slot_id, *, observer=None, host=None, hours=0, **changes):
    """Write a shift past every service."""
    start = NOW + timedelta(days=14, hours=hours)
    plain = {"id": uuid4(), "program_id": ward.program, "slot_id": slot_id, "kind": "in_person"}
    people = {"observer_id": observer or ward.observer, "host_id": host or ward.host}
    place = {"unit_id": ward.unit, "site_id": ward.site, "band": "day", "mode": "ask"}
    time = {"starts_at": start, "ends_at": start + timedelta(hours=4), "answer_by": start}
    rest = {"local_date": start.date(), "host_role": "rn_ms", "template": "T1"}
    asked = {"state": "requested", "requested_at": NOW}
    values = plain | people | place | time | rest | asked | changes
    with ward.work.write() as tx:
        tx.db.execute(insert(shift).values(**values))
    return values["id"]


def test_a_seat_too_many_is_refused_by_the_database(ward):
    slot_id = ward.slot()
    put(ward, slot_id)

    with pytest.raises(IntegrityError):
        put(ward, slot_id, observer=ward.another_observer())

    assert makers.taken(ward.work, slot_id) == 1


def test_a_held_seat_counts_as_taken(ward):
    slot_id = ward.slot()
    kept = {"id": uuid4(), "slot_id": slot_id, "person_id": ward.another_observer()}
    with ward.work.write() as tx:
        tx.db.execute(insert(hold).values(expires_at=NOW + timedelta(minutes=10), **kept))

    with pytest.raises(IntegrityError):
        put(ward, slot_id)


def test_a_seat_that_a_move_would_go_to_counts_while_it_waits(ward):
    """Rule B9: the old seat and the new one are both kept until the answer."""
    shift_id, slot_id = put(ward, ward.slot()), ward.slot(starts_at=NOW + timedelta(days=20))
    start = NOW + timedelta(days=20)
    who = {"shift_id": shift_id, "made_by_id": ward.observer, "host_id": ward.host}
    when = {"starts_at": start, "ends_at": start + timedelta(hours=4), "made_at": NOW}
    rest = {"kind": "move", "acting_as": "observer", "answer_by": start, "slot_id": slot_id}
    day = {"local_date": start.date()}
    proposed = makers.add(ward.work, shift_proposal, **who, **when, **rest, **day)
    assert makers.taken(ward.work, slot_id) == 1

    with pytest.raises(IntegrityError):
        put(ward, slot_id, observer=ward.another_observer(), hours=144)
    with pytest.raises(IntegrityError):
        makers.add(ward.work, shift_proposal, **who, **when, **rest, **day)
    for state, seats in (("lapsed", 0), ("open", 1), ("done", 0)):
        with ward.work.write() as tx:
            one = shift_proposal.c.id == proposed
            tx.db.execute(update(shift_proposal).where(one).values(state=state))
        assert makers.taken(ward.work, slot_id) == seats


def test_one_person_has_one_live_booking_of_a_slot(ward):
    slot_id = ward.slot(seats=3)
    put(ward, slot_id)

    with pytest.raises(IntegrityError):
        put(ward, slot_id, hours=6)


def test_nobody_observes_in_two_places_at_once(ward):
    put(ward, ward.slot())
    other = ward.another_host()

    with pytest.raises(IntegrityError):
        put(ward, ward.slot(host_id=other), host=other, hours=3)

    assert put(ward, ward.slot(host_id=other, starts_at=NOW), host=other, hours=4)


def test_nobody_hosts_in_two_places_at_once_but_several_in_one(ward):
    slot_id = ward.slot(seats=2)
    put(ward, slot_id)
    put(ward, slot_id, observer=ward.another_observer())
    second = ward.slot(starts_at=NOW + timedelta(days=14, hours=2))

    with pytest.raises(IntegrityError):
        put(ward, second, observer=ward.another_observer(), hours=2)


def test_every_way_out_gives_the_seat_back_once(ward):
    """Rules B10, B11: the state alone frees the seat; a second way out frees nothing more."""
    slot_id = ward.slot()
    shift_id = put(ward, slot_id)
    for state in ("declined", "expired", "no_show"):
        with ward.work.write() as tx:
            tx.db.execute(update(shift).where(shift.c.id == shift_id).values(state=state))
        assert makers.taken(ward.work, slot_id) == 0

    assert put(ward, slot_id, observer=ward.another_observer())


def test_seats_are_never_fewer_than_those_taken(ward):
    slot_id = ward.slot(seats=2)
    put(ward, slot_id)
    put(ward, slot_id, observer=ward.another_observer())

    with pytest.raises(IntegrityError), ward.work.write() as tx:
        tx.db.execute(update(slot).where(slot.c.id == slot_id).values(seats=1))


@pytest.mark.parametrize("change", [update(audit).values(event="other"), delete(audit)])
def test_what_is_in_the_audit_log_stays(ward, change):
    """Rule P16: append-only."""
    asking.request(ward.work, ward.as_observer(), Ask(ward.slot(), "See a morning."))

    with pytest.raises(DBAPIError), ward.work.write() as tx:
        tx.db.execute(change)


def test_the_embedded_database_keeps_what_was_confirmed(tmp_path):
    """performance.md 2: WAL, full sync, foreign keys on every connection."""
    engine = make_engine(f"sqlite:///{tmp_path}/a.sqlite3")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
