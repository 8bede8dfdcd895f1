"""Who stands in for a host: named, agreed in person, checked when a shift is confirmed (D7)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.services.availability import leaving
from shadowing.services.bookings import (
    answering,
    asking,
    backups,
    clock,
    closing_hours,
    moving,
    swapping,
)
from shadowing.services.bookings.asking import Ask
from shadowing.store import hosting
from shadowing.store.tables import people
from shadowing.store.tables.bookings import shift as shift_table
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import Ward
from tests.services.hours import GOAL
from tests.services.test_lapsing import lapse, restore


class Pair(Ward):
    """A ward with a colleague of the host's who could stand in."""

    def __init__(self, work, **changes):
        """Make both."""
        super().__init__(work, **changes)
        self.backup = self.another_host()

    def as_backup(self):
        """Sign the colleague in."""
        return makers.actor(self.work, self.backup, "host")

    def name(self, person_id=None):
        """Let the host name somebody; gives the naming, as who is named reads it."""
        person_id = person_id or self.backup
        backups.name(self.work, self.as_host(), person_id=person_id)
        named = makers.actor(self.work, person_id, "host")
        return backups.mine(self.work, named).for_others[-1]

    def agreed(self):
        """Let the colleague have agreed."""
        naming = self.name()
        backups.agree(self.work, self.as_backup(), backup_id=naming.id)
        return naming

    def confirmed(self, **changes):
        """Let a shift be confirmed."""
        slot = self.slot(mode="auto", **changes)
        return asking.request(self.work, self.as_observer(), Ask(slot, GOAL))

    def change(self, person_id, **values):
        """Change somebody."""
        with self.work.write() as tx:
            where = people.person.c.id == person_id
            tx.db.execute(update(people.person).where(where).values(**values))

    def told(self, kind):
        """List who was told something of a kind."""
        with self.work.read() as tx:
            rows = tx.db.execute(outbox.select().filter_by(kind=kind)).all()
        return [row.recipient_id for row in rows]


@pytest.fixture
def ward(work):
    return Pair(work)


def test_a_backup_is_named_asked_and_agrees_in_person(ward):
    """Rule D7: nobody stands in who has not said yes."""
    naming = ward.name()
    assert ward.told("backup-asked") == [ward.backup]
    assert naming.state == "asked"
    assert ward.confirmed().backup_id is None

    for stranger in (ward.as_host(), makers.actor(ward.work, ward.another_host(), "host")):
        with pytest.raises(NotFound):
            backups.agree(ward.work, stranger, backup_id=naming.id)
    backups.agree(ward.work, ward.as_backup(), backup_id=naming.id)

    assert backups.mine(ward.work, ward.as_host()).own.state == "agreed"


def test_every_shift_confirmed_afterwards_has_the_backup_who_is_told(ward):
    """Rules D7, 6.2."""
    ward.agreed()

    shift = ward.confirmed()

    assert (shift.state, shift.backup_id) == (State.CONFIRMED, ward.backup)
    assert ward.told("backup-told") == [ward.backup]


@pytest.mark.parametrize("end", ["observer", "host", "care"])
def test_the_backup_is_told_when_the_shift_ends_before_it_began(ward, end):
    """Section 6.2, column "Told"."""
    ward.agreed()
    shift = ward.confirmed()
    who = {"observer": ward.as_observer, "host": ward.as_host, "care": ward.as_manager}[end]

    answering.cancel(ward.work, who(), shift_id=shift.id)

    kind = "cancelled-by-visitor" if end == "observer" else "released"
    assert ward.backup in ward.told(kind)


def test_the_visitors_line_is_not_the_backup(ward):
    """Rule P6: checked when the shift is confirmed."""
    ward.agreed()
    ward.change(ward.backup, manager_id=ward.observer)

    assert ward.confirmed().backup_id is None


def test_who_is_not_to_be_paired_is_not_the_backup(ward):
    """Rule P7."""
    ward.agreed()
    makers.add(ward.work, people.do_not_pair, one_id=ward.backup, other_id=ward.observer)

    assert ward.confirmed().backup_id is None


@pytest.mark.parametrize("part", ["hosting", "visiting", "standing in"])
def test_who_is_elsewhere_then_is_not_the_backup(ward, part):
    """Rule D7: a backup is free then."""
    ward.agreed()
    if part == "hosting":
        slot = makers.slot(ward.work, ward.backup, ward.unit, mode="auto")
        asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(slot, GOAL))
    elif part == "visiting":
        with ward.work.write() as tx:
            role = {"person_id": ward.backup, "role": "observer"}
            tx.db.execute(people.person_role.insert().values(**role))
        makers.cleared(ward.work, ward.backup)
        other = ward.another_host()
        slot = makers.slot(ward.work, other, ward.unit, mode="auto")
        asking.request(ward.work, ward.as_observer(ward.backup), Ask(slot, GOAL))
    else:
        other = ward.another_host()
        as_other = makers.actor(ward.work, other, "host")
        backups.name(ward.work, as_other, person_id=ward.backup)
        naming = backups.mine(ward.work, as_other).own
        backups.agree(ward.work, ward.as_backup(), backup_id=naming.id)
        slot = makers.slot(ward.work, other, ward.unit, mode="auto")
        asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(slot, GOAL))

    assert ward.confirmed().backup_id is None
    later = ward.work.clock.now + timedelta(days=30)
    assert ward.confirmed(starts_at=later).backup_id == ward.backup


def test_a_backup_leaves_at_once(ward):
    """Rule D7: shifts go on with the unit's lead, and the host is told."""
    naming = ward.agreed()
    shift = ward.confirmed()

    backups.leave(ward.work, ward.as_backup(), backup_id=naming.id)

    (row,) = makers.shifts(ward.work)
    assert (row.id, row.backup_id, row.state) == (shift.id, None, State.CONFIRMED)
    assert ward.told("backup-left") == [ward.host]
    assert backups.mine(ward.work, ward.as_host()).own is None
    with pytest.raises(NotFound):
        backups.agree(ward.work, ward.as_backup(), backup_id=naming.id)


def test_the_host_names_another_or_none(ward):
    """Rule D7: one at a time."""
    ward.agreed()
    other = ward.another_host()
    ward.name(other)
    mine = backups.mine(ward.work, ward.as_host())
    assert (mine.own.state, len(mine.colleagues)) == ("asked", 2)
    assert backups.mine(ward.work, ward.as_backup()).for_others == ()

    backups.drop(ward.work, ward.as_host())

    assert backups.mine(ward.work, ward.as_host()).own is None


def test_only_a_colleague_who_hosts_on_the_same_unit_can_be_named(ward):
    """Rule D7."""
    elsewhere = makers.unit(ward.work, ward.site)
    strangers = (
        ward.host,
        ward.observer,
        ward.another_host(host_unit_id=elsewhere),
        ward.another_host(active=False),
    )
    for stranger in strangers:
        with pytest.raises(BadValue):
            backups.name(ward.work, ward.as_host(), person_id=stranger)
    for actor in (ward.as_manager(), ward.as_observer()):
        with pytest.raises(NotAllowed):
            backups.name(ward.work, actor, person_id=ward.backup)


def test_who_stops_hosting_stands_in_no_more(ward):
    """Rule P8."""
    ward.agreed()
    leaving.leave(ward.work, ward.as_backup(), agreed=())
    assert ward.confirmed().backup_id is None

    closing_hours.cancel_own(ward.work, ward.as_backup())

    assert backups.mine(ward.work, ward.as_host()).own is None


def test_what_becomes_of_a_naming_is_on_record(ward):
    """Rule P16: codes, no text."""
    naming = ward.agreed()
    backups.leave(ward.work, ward.as_backup(), backup_id=naming.id)

    with ward.work.read() as tx:
        lines = tx.db.execute(audit.select().filter_by(subject="backup").order_by(audit.c.id)).all()
    assert [(line.event, line.acting_as) for line in lines] == [
        ("backup.asked", "host"),
        ("backup.agreed", "backup"),
        ("backup.ended", "backup"),
    ]


def test_the_backup_is_told_when_clearance_takes_the_shift_back(ward):
    """Section 6.2 and rule C6: ``confirmed`` to ``unit_approved``, and back."""
    ward.agreed()
    ward.confirmed()

    lapse(ward.work, ward.observer)
    clock.run(ward.work)
    assert ward.backup in ward.told("waiting-for-clearance")
    restore(ward.work, ward.observer)
    clock.run(ward.work)

    assert ward.told("backup-told") == [ward.backup] * 2


def swapped(ward, shift, host_id):
    """Let somebody else host."""
    swapping.propose(ward.work, ward.as_host(), shift_id=shift.id, host_id=host_id)
    new = makers.actor(ward.work, host_id, "host")
    return swapping.accept(ward.work, new, shift_id=shift.id)


def test_with_another_host_comes_that_hosts_own_backup(ward):
    """Rules B12, D7: the one before is told, and so is the new one."""
    ward.agreed()
    shift = ward.confirmed()
    third, fourth = ward.another_host(), ward.another_host()
    with ward.work.write() as tx:
        naming = hosting.ask_backup(tx.db, host_id=third, backup_id=fourth, at=tx.now)
        hosting.move_backup(tx.db, backup_id=naming, to="agreed")

    now = swapped(ward, shift, third)

    assert now.backup_id == fourth
    assert ward.told("backup-free") == [ward.backup]
    assert ward.told("backup-told") == [ward.backup, fourth]


def test_who_gives_a_shift_away_does_not_stand_in_on_it(ward):
    """Rule B12: the new host's backup may be the one who could not host."""
    shift = ward.confirmed()
    other = ward.another_host()
    with ward.work.write() as tx:
        naming = hosting.ask_backup(tx.db, host_id=other, backup_id=ward.host, at=tx.now)
        hosting.move_backup(tx.db, backup_id=naming, to="agreed")

    assert swapped(ward, shift, other).backup_id is None


def test_the_backup_who_hosts_instead_is_not_told_that_they_are_free(ward):
    ward.agreed()
    shift = ward.confirmed()

    assert swapped(ward, shift, ward.backup).backup_id is None
    assert ward.told("backup-free") == []


@pytest.mark.parametrize("busy", [False, True])
def test_at_another_time_it_is_asked_again_who_stands_in(ward, busy):
    """Rules B9, D7."""
    ward.agreed()
    shift = ward.confirmed()
    later = ward.slot(mode="auto", starts_at=makers.NOW + timedelta(days=28))
    visitor = ward.another_observer()
    row = makers.shifts(ward.work)[0]._asdict()
    if busy:
        with ward.work.write() as tx:
            start = makers.NOW + timedelta(days=28)
            standing = {"starts_at": start, "ends_at": start + timedelta(hours=4)}
            mine = {"id": makers.uuid4(), "host_id": ward.backup, "backup_id": None}
            other = {"observer_id": visitor, "slot_id": None, "local_date": start.date()}
            tx.db.execute(shift_table.insert().values(**(row | mine | other | standing)))

    moved = moving.ask(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=later)

    assert moved.backup_id == (None if busy else ward.backup)
    assert ward.told("backup-free") == ([ward.backup] if busy else [])
    assert ward.told("backup-told") == [ward.backup] * (1 if busy else 2)
