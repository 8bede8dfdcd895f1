"""What ends with somebody who leaves: what they said of themselves, standing in, leading units."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shadowing.services import oversight
from shadowing.services.bookings import asking, backups, swapping
from shadowing.services.bookings.asking import Ask
from shadowing.services.people import changing
from shadowing.services.units import changing as units
from shadowing.services.units import looking
from shadowing.store import hosting, retention
from shadowing.store.tables import people
from shadowing.store.tables.hosting import backup_host, host_preference, self_description
from tests import makers
from tests.makers import NOW
from tests.services.test_backups import Pair

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Pair(work)


def rows(ward, table):
    with ward.work.read() as tx:
        return tx.db.execute(select(table)).all()


def leaves(ward, person_id):
    changing.leave(ward.work, ward.as_coordinator(), person_id=person_id)


def unit_row(ward):
    (row,) = rows(ward, people.unit)
    return row


def set_unit(ward, actor=None, **more):
    """Save the settings of the ward as they are, with other people."""
    actor = actor or ward.as_coordinator()
    kept = looking.desk(ward.work, actor, unit_id=ward.unit).settings
    plain = {"deputy_id": None, "seen": 0}
    units.change(ward.work, actor, kept, unit_id=ward.unit, **(plain | more))


def unled(ward):
    told = oversight.program(ward.work, ward.as_coordinator())
    return [(each.unit_id, each.deputy) for each in told.unled]


def test_what_a_leaver_said_of_themselves_is_forgotten(ward):
    """Section 8.3, leaver; rule A2: it was said for one purpose."""
    with ward.work.write() as tx:
        hosting.prefer(tx.db, host_id=ward.host, prefers="woman")
        hosting.describe(tx.db, person_id=ward.host, says="woman")
        hosting.describe(tx.db, person_id=ward.observer, says="man")

    leaves(ward, ward.host)

    assert rows(ward, host_preference) == []
    assert [row.person_id for row in rows(ward, self_description)] == [ward.observer]


def test_whatever_way_somebody_left_the_night_forgets_it(ward):
    """Section 8.3: what is left of leavers, and of namings 90 days after their end."""
    with ward.work.write() as tx:
        hosting.prefer(tx.db, host_id=ward.host, prefers="woman")
        hosting.describe(tx.db, person_id=ward.host, says="woman")
        gone = people.person.update().values(active=False)
        tx.db.execute(gone.where(people.person.c.id == ward.host))
    naming = ward.agreed()
    backups.leave(ward.work, ward.as_backup(), backup_id=naming.id)
    for days, left in ((89, 1), (91, 0)):
        with ward.work.write() as tx:
            retention.forget(tx.db, at=NOW + timedelta(days=days))
        assert len(rows(ward, backup_host)) == left

    assert rows(ward, host_preference) + rows(ward, self_description) == []


def test_a_host_hears_that_their_backup_left(ward):
    """Rule D7: then the unit's lead stands in, and the host can name somebody else."""
    ward.agreed()
    shift = ward.confirmed()
    assert shift.backup_id == ward.backup

    leaves(ward, ward.backup)

    assert ward.told("backup-left") == [ward.host]
    assert makers.shifts(ward.work)[0].backup_id is None
    assert {row.state for row in rows(ward, backup_host)} == {"ended"}


def test_who_stopped_hosting_is_in_no_menu_of_colleagues(ward):
    """Rule P8: hosting is opt-in, for a swap and for standing in."""
    shift = ward.confirmed()
    listed = swapping.colleagues(ward.work, ward.as_host(), shift_id=shift.id)
    assert [each.id for each in listed] == [ward.backup]

    ward.change(ward.backup, left_hosting_at=NOW)

    assert swapping.colleagues(ward.work, ward.as_host(), shift_id=shift.id) == ()
    assert backups.mine(ward.work, ward.as_host()).colleagues == ()


def test_a_unit_whose_lead_left_is_shown_and_given_another(ward):
    """Section 8.3 and rule B3: somebody has to say yes for a unit."""
    assert unled(ward) == []
    new = makers.person(ward.work, ward.organization, roles=("unit_manager",), level="manager")

    leaves(ward, ward.manager)
    assert (unit_row(ward).manager_id, unled(ward)) == (None, [(ward.unit, False)])
    desk = looking.desk(ward.work, ward.as_coordinator(), unit_id=ward.unit)
    assert new in dict(desk.leads)
    set_unit(ward, lead_id=new)

    assert (unit_row(ward).manager_id, unled(ward)) == (new, [])


def test_a_lead_who_is_out_already_counts_as_none(ward):
    """Whatever way they left."""
    ward.change(ward.manager, active=False)

    assert unled(ward) == [(ward.unit, False)]
    seen = looking.show(ward.work, ward.as_coordinator(), unit_id=ward.unit)
    assert seen.lead == ""
    (line,) = looking.mine(ward.work, ward.as_coordinator())
    assert line.lead == ""


def test_nobody_hands_their_own_unit_on(ward):
    """Only the coordinator names a lead."""
    new = makers.person(ward.work, ward.organization, roles=("unit_manager",), level="manager")
    assert looking.desk(ward.work, ward.as_manager(), unit_id=ward.unit).leads == ()

    set_unit(ward, ward.as_manager(), lead_id=new)

    assert unit_row(ward).manager_id == ward.manager


def test_the_deputy_is_asked_where_nobody_leads_and_may_come_to_lead(ward):
    """Rule B3; section 6.2, column "Told": the unit hears of it from whoever stands in."""
    ward.change(ward.backup, email="deputy@example.org")
    set_unit(ward, deputy_id=ward.backup)
    leaves(ward, ward.manager)
    assert unled(ward) == [(ward.unit, True)]

    ask = Ask(ward.slot(mode="auto"), GOAL)
    asking.request(ward.work, ward.as_observer(), ask)
    assert ward.backup in ward.told("unit-told")
    set_unit(ward, lead_id=ward.backup, deputy_id=ward.backup)

    assert (unit_row(ward).manager_id, rows(ward, people.unit_deputy)) == (ward.backup, [])
