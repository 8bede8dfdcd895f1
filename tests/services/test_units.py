"""Units: who may change what, what stands, pauses, deputies (rules A6 to A9, B4, B17)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shadowing.domain.bookings.asking import NotAvailable, NoticeTooShort
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.units import (
    AuthorizationMissing,
    BookedInTheWay,
    PauseKind,
    PauseTooShort,
    YesEachTime,
)
from shadowing.services.bookings import answering, asking, clock, listing, offers, pausing
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.offers import Query
from shadowing.services.units import changing, looking
from shadowing.services.units.changing import Pause
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import NOW, Ward, actor, shifts

GOAL = "See how a morning starts."
APRIL = date(2027, 4, 10)


@pytest.fixture
def ward(work):
    """One ward with its people."""
    return Ward(work)


def ask(ward, **slot):
    """Ask for a slot of the ward."""
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def settings(ward):
    """Read what is set now."""
    return looking.desk(ward.work, ward.as_manager(), unit_id=ward.unit).settings


def change(ward, *, who=None, deputy_id=None, seen=0, **values):
    """Change some settings of the ward, as its manager."""
    wanted = replace(settings(ward), **values)
    by = who or ward.as_manager()
    return changing.change(ward.work, by, wanted, unit_id=ward.unit, deputy_id=deputy_id, seen=seen)


def pause(ward, *, until=APRIL, stops=False, who=None):
    """Pause the ward."""
    wanted = Pause(until, PauseKind.SURGE, stops=stops)
    return changing.pause(ward.work, who or ward.as_manager(), wanted, unit_id=ward.unit)


def found(ward):
    """List what the observer finds in the week of the ward's usual slot."""
    week = (NOW + timedelta(days=14)).date()
    return offers.find(ward.work, ward.as_observer(), Query(week=week)).cards


def state(ward):
    """Say where the only shift stands."""
    (only,) = shifts(ward.work)
    return State(only.state)


def told(ward):
    """List the letters that wait: kind and to whom."""
    with ward.work.read() as tx:
        return {(row.kind, row.recipient_id) for row in tx.db.execute(select(outbox))}


def events(ward):
    """List what the audit log has of the unit."""
    with ward.work.read() as tx:
        rows = tx.db.execute(select(audit).where(audit.c.subject == "unit")).all()
    return [(row.event, row.acting_as, row.code) for row in rows]


@pytest.mark.parametrize("who", ["as_observer", "as_host"])
def test_only_who_looks_after_a_unit_sees_it(ward, who):
    """Rule P1."""
    stranger = getattr(ward, who)()

    with pytest.raises(NotFound):
        looking.show(ward.work, stranger, unit_id=ward.unit)
    with pytest.raises(NotFound):
        pause(ward, who=stranger)
    with pytest.raises(NotFound):
        change(ward, who=stranger, cap=1)


def test_the_manager_of_another_unit_sees_nothing(ward):
    other = makers.person(ward.work, ward.organization, roles=("unit_manager",))

    with pytest.raises(NotFound):
        looking.week(ward.work, actor(ward.work, other, "unit_manager"), unit_id=ward.unit)


def test_a_coordinator_of_the_organization_may_too_and_of_another_may_not(ward):
    assert looking.show(ward.work, ward.as_coordinator(), unit_id=ward.unit).unit.id == ward.unit
    elsewhere = makers.organization(ward.work)
    stranger = makers.person(ward.work, elsewhere, roles=("coordinator",))

    with pytest.raises(NotFound):
        looking.show(ward.work, actor(ward.work, stranger, "coordinator"), unit_id=ward.unit)


def test_a_pause_hides_what_is_open_and_leaves_what_is_booked(ward):
    """Rule A7."""
    booked = ask(ward, mode="auto")
    ward.slot(host_id=ward.another_host(), starts_at=NOW + timedelta(days=16))
    assert len(found(ward)) == 2

    pause(ward)

    assert [card.slot_id for card in found(ward)] == []
    assert state(ward) is booked.state is State.CONFIRMED
    assert events(ward) == [("unit.paused", "unit_manager", "surge")]


def test_nobody_books_into_a_pause_and_nobody_is_told_why(ward):
    """Rules A7 and B8."""
    slot_id = ward.slot()
    pause(ward)

    with pytest.raises(NotAvailable):
        asking.request(ward.work, ward.as_observer(), Ask(slot_id, GOAL))


def test_a_pause_that_stops_what_is_booked_stops_it_for_care_and_tells_everybody(ward):
    """Rule A7: the further tick."""
    booked = ask(ward, mode="auto")
    pause(ward, stops=True)

    assert pausing.stop_due(ward.work) == 1

    assert state(ward) is State.CLINICAL_OVERRIDE
    assert {("stopped-for-care", ward.observer), ("cancelled", ward.host)} <= told(ward)
    assert makers.taken(ward.work, booked.slot_id) == 0


def test_what_a_crash_left_standing_in_a_pause_the_worker_stops(ward):
    """Rule A7."""
    ask(ward)
    pause(ward, stops=True, until=APRIL)

    clock.run(ward.work)
    clock.run(ward.work)

    assert state(ward) is State.CLINICAL_OVERRIDE


def test_what_lies_beyond_a_pause_goes_on(ward):
    ask(ward, mode="auto")
    pause(ward, stops=True, until=(NOW + timedelta(days=3)).date())

    assert pausing.stop_due(ward.work) == 0
    assert state(ward) is State.CONFIRMED


def test_a_pause_ends_by_itself_or_sooner(ward):
    """Rule A7."""
    ward.slot()
    pause(ward)
    changing.resume(ward.work, ward.as_manager(), unit_id=ward.unit)
    assert len(found(ward)) == 1

    pause(ward, until=(NOW + timedelta(days=2)).date())
    assert len(found(ward)) == 1
    pause(ward)
    assert found(ward) == ()


@pytest.mark.parametrize("days", [-1, 400])
def test_a_pause_ends_after_today_and_within_a_year(ward, days):
    with pytest.raises(PauseTooShort):
        pause(ward, until=(NOW + timedelta(days=days)).date())


def test_a_deputy_stands_in_for_the_lead(ward):
    """Rules A1 and A7: UNIT is the lead or their deputy."""
    deputy = ward.another_host()
    ask(ward)
    change(ward, deputy_id=deputy, auto_approve=False)
    answering.accept(ward.work, ward.as_host(), shift_id=shifts(ward.work)[0].id)
    as_deputy = actor(ward.work, deputy, "unit_manager")

    assert len(listing.waiting(ward.work, as_deputy)) == 1
    answering.approve(ward.work, as_deputy, shift_id=shifts(ward.work)[0].id)

    assert state(ward) is State.CONFIRMED
    assert [line.id for line in looking.mine(ward.work, as_deputy)] == [ward.unit]


def test_a_deputy_who_is_none_any_more_may_nothing(ward):
    deputy = ward.another_host()
    change(ward, deputy_id=deputy)
    change(ward, deputy_id=None)

    with pytest.raises(NotFound):
        pause(ward, who=actor(ward.work, deputy, "unit_manager"))


def test_a_deputy_is_somebody_of_the_house(ward):
    stranger = makers.person(ward.work, makers.organization(ward.work))

    with pytest.raises(BadValue):
        change(ward, deputy_id=stranger)


def test_a_lower_cap_lists_what_it_concerns_first_and_leaves_it(ward):
    """Rule A9."""
    ask(ward, mode="auto")
    second = ward.slot(mode="auto", host_id=ward.another_host())
    asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(second, GOAL))
    wanted = replace(settings(ward), cap=1)

    assert len(changing.concerned(ward.work, ward.as_manager(), wanted, unit_id=ward.unit)) == 2
    with pytest.raises(BookedInTheWay):
        change(ward, cap=1)
    change(ward, cap=1, seen=2)

    assert {row.state for row in shifts(ward.work)} == {State.CONFIRMED}
    assert settings(ward).cap == 1


@pytest.mark.parametrize("level", ["S2", "S3"])
def test_where_the_unit_says_yes_each_time_it_never_does_in_advance(ward, level):
    """Rule A8."""
    with pytest.raises(YesEachTime):
        change(ward, sensitivity=level, auto_approve=True)


def test_a_unit_at_s2_is_asked_each_time(ward):
    """Rule A8."""
    change(ward, sensitivity="S2", auto_approve=False)

    assert ask(ward, mode="auto").state is State.HOST_ACCEPTED


def test_a_unit_at_s3_takes_nobody_without_a_written_authorization(ward):
    """Rule A8."""
    slot_id = ward.slot()
    change(ward, sensitivity="S3", auto_approve=False)

    with pytest.raises(NotAvailable):
        asking.request(ward.work, ward.as_observer(), Ask(slot_id, GOAL))

    who = {"authorized_by": "Dr. Elwood-Nasser", "authorization": "MEC 2027-14"}
    change(ward, authorized_until=APRIL, **who)
    asked = asking.request(ward.work, ward.as_observer(), Ask(slot_id, GOAL))
    assert asked.state is State.REQUESTED


def test_an_authorization_holds_to_its_last_day(ward):
    """Rule A8."""
    day = (NOW + timedelta(days=14)).date()
    who = {"authorized_by": "The ethics board", "authorization": "EB-7"}
    change(ward, sensitivity="S3", auto_approve=False, authorized_until=day, **who)

    assert ask(ward).state is State.REQUESTED
    late = ward.slot(starts_at=NOW + timedelta(days=16), host_id=ward.another_host())
    with pytest.raises(NotAvailable):
        asking.request(ward.work, ward.as_observer(), Ask(late, GOAL))


def test_an_authorization_is_who_and_what_and_until_when(ward):
    """Rule A8."""
    with pytest.raises(AuthorizationMissing):
        change(ward, sensitivity="S3", auto_approve=False, authorized_by="The board")


def test_a_unit_may_ask_for_longer_notice(ward):
    """Rule B4."""
    change(ward, notice_days=20)

    with pytest.raises(NoticeTooShort) as refused:
        ask(ward)

    assert refused.value.facts["days"] == 20


def test_a_unit_asks_for_more_than_its_kind(ward):
    """Rule C3."""
    as_manager = ward.as_manager()
    code, label = looking.desk(ward.work, as_manager, unit_id=ward.unit).rules[0]

    change(ward, own_rules=(code,))

    assert label in looking.show(ward.work, as_manager, unit_id=ward.unit).rules


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cap", 0),
        ("cap", 21),
        ("block_minutes", 60),
        ("block_minutes", 800),
        ("notice_days", 91),
        ("consent", "maybe"),
        ("attire", ("a hat",)),
        ("own_rules", ("none",)),
        ("sensitivity", "S9"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(ward, field, value):
    with pytest.raises(BadValue) as refused:
        change(ward, **{field: value})

    assert refused.value.facts["field"] == field


def test_the_audit_log_names_what_changed_and_never_what_it_says(ward):
    """Rule P16."""
    change(ward, cap=1, meeting_point="By the blue door")

    assert events(ward) == [("unit.changed", "unit_manager", "cap,meeting_point")]


def test_the_week_lists_everybody_who_comes_day_by_day(ward):
    """Rule D10: what is printed for paper."""
    ask(ward, mode="auto")
    day = (NOW + timedelta(days=14)).date()

    sheet = looking.week(ward.work, ward.as_manager(), unit_id=ward.unit, around=day)

    assert sheet.total == 1
    assert [(on, len(who)) for on, who in sheet.days if who] == [(day, 1)]
    assert looking.week(ward.work, ward.as_manager(), unit_id=ward.unit).total == 0


def test_a_unit_knows_nothing_of_what_its_host_has_not_answered(ward):
    """Section 6.2: never the host's manager; rule P8."""
    ask(ward)
    day = (NOW + timedelta(days=14)).date()

    assert looking.week(ward.work, ward.as_manager(), unit_id=ward.unit, around=day).total == 0
