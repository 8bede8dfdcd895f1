"""What a program or its organization sets holds for every asking (docs/rules.md, section 2.5)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from shadowing.domain.bookings.asking import NotAvailable, NoticeTooShort, PromiseOverdue
from shadowing.domain.followup.debrief import DebriefTooLate
from shadowing.services import home
from shadowing.services.bookings import asking, day, looking, talking
from shadowing.services.bookings.asking import Ask
from shadowing.services.followup import reading
from shadowing.store import debriefs
from shadowing.store.tables import followup, people
from tests.makers import NOW, ZONE, Ward
from tests.visits import Visit

GOAL = "See how a morning starts."


def set_in(work, table, **settings):
    """Set something for everybody."""
    with work.write() as tx:
        tx.db.execute(update(table).values(settings=settings))


@pytest.mark.parametrize("table", [people.organization, people.program])
def test_a_longer_notice_is_asked_for_where_it_is_set(work, table):
    """Rule B4."""
    ward = Ward(work)
    set_in(work, table, employee_days=15)

    with pytest.raises(NoticeTooShort) as refused:
        asking.request(work, ward.as_observer(), Ask(ward.slot(), GOAL))

    assert refused.value.facts["days"] == 15


def test_a_seat_is_held_as_long_as_is_set(work):
    """Rule B5."""
    ward = Ward(work)
    set_in(work, people.program, hold_minutes=5)

    kept = asking.hold(work, ward.as_observer(), Ask(ward.slot(), GOAL))

    assert kept.expires_at == NOW + timedelta(minutes=5)


def test_a_request_waits_as_long_as_is_set(work):
    """Rule B6."""
    ward = Ward(work)
    set_in(work, people.program, request_answer_hours=24)

    asked = asking.request(work, ward.as_observer(), Ask(ward.slot(), GOAL))

    assert asked.answer_by == NOW + timedelta(hours=24)


def test_hosts_are_spared_as_much_as_is_set(work):
    """Rule A4."""
    ward = Ward(work)
    set_in(work, people.program, max_per_month=0)

    with pytest.raises(NotAvailable):
        asking.request(work, ward.as_observer(), Ask(ward.slot(), GOAL))


def test_the_doors_of_the_day_open_as_is_set(work):
    """Rule D1, ``checkin_opens``: what the page offers and what the service takes are one."""
    ward = Ward(work)
    set_in(work, people.organization, checkin_opens=90)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    moves = []
    for minutes in (91, 90):
        work.clock.now = shift.starts_at - timedelta(minutes=minutes)
        moves.append("check-in" in looking.show(work, ward.as_host(), shift_id=shift.id).moves)

    assert moves == [False, True]
    day.check_in(work, ward.as_host(), shift_id=shift.id, well="yes")


def test_a_shift_carries_the_times_of_its_program(work):
    """Rules D3 to D5: what the page says rests on what is set."""
    ward = Ward(work)
    set_in(work, people.organization, early_end_minutes=40, record_days=21, object_days=10)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))

    told = looking.show(work, ward.as_observer(), shift_id=shift.id).timing

    assert (told.early_end, told.record_within, told.object_within) == (
        timedelta(minutes=40),
        timedelta(days=21),
        timedelta(days=10),
    )


def talk_of(work, shift):
    with work.read() as tx:
        return debriefs.find(tx.db, shift_id=shift.id).interval


def test_the_talk_is_as_long_and_as_soon_as_is_set(work):
    """Rule F1: ``debrief_minutes``, ``debrief_within_hours``; what is held, offered and refused."""
    ward = Ward(work)
    set_in(work, people.organization, debrief_minutes=45, debrief_limit_days=3)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))

    times = talking.times(work, ward.as_host(), shift_id=shift.id)
    assert {span.minutes for span in (talk_of(work, shift), times.now, *times.free)} == {45}
    assert max(span.end for span in times.free) <= shift.ends_at + timedelta(days=3)
    late = shift.ends_at + timedelta(days=4)
    with pytest.raises(DebriefTooLate):
        talking.move(work, ward.as_host(), shift_id=shift.id, start=late)


def test_a_program_wants_the_talk_sooner(work):
    """Rule F1: within the hours it has set, where there is time; else at once after the shift."""
    spans = []
    for hours in (48, 1):
        ward = Ward(work)
        with work.write() as tx:
            own = update(people.program).where(people.program.c.id == ward.program)
            tx.db.execute(own.values(settings={"debrief_within_hours": hours}))
        slot = ward.slot(mode="auto", starts_at=NOW + timedelta(days=14, hours=8))
        shift = asking.request(work, ward.as_observer(), Ask(slot, GOAL))
        spans.append(talk_of(work, shift).start - shift.ends_at)

    assert spans[0] > timedelta(hours=1) > spans[1]


@pytest.mark.parametrize(("days", "fine"), [(30, True), (7, False)])
def test_a_late_promise_holds_back_as_soon_as_is_set(work, days, fine):
    """Rule F11: ``overdue_lock_days``."""
    ward = Ward(work)
    set_in(work, people.program, overdue_lock_days=days)
    visit = Visit(ward)
    visit.happen()
    visit.talk()
    visit.promise()
    with work.write() as tx:
        late = work.clock.now.date() - timedelta(days=8)
        dates = {"due_on": late, "first_due_on": late, "state": "in_progress"}
        tx.db.execute(update(followup.commitment).values(**dates))
    wanted = Ask(ward.slot(starts_at=work.clock.now + timedelta(days=40)), GOAL)

    if fine:
        asking.request(work, ward.as_observer(), wanted)
        return
    with pytest.raises(PromiseOverdue):
        asking.request(work, ward.as_observer(), wanted)


def test_a_side_is_due_as_soon_as_is_set(work):
    """Rule L8: ``reflection_due_hours``; on every page that says so."""
    ward = Ward(work)
    set_in(work, people.program, reflection_due_hours=24)
    shift = Visit(ward).happen()
    with work.write() as tx:
        later = shift.ends_at + timedelta(days=3)
        times = {"starts_at": later, "ends_at": later + timedelta(minutes=30)}
        tx.db.execute(update(followup.debrief).values(**times))

    (line,) = reading.mine(work, ward.as_observer())

    assert line.due == shift.ends_at + timedelta(hours=24)
    day = home.visitor(work, ward.as_observer()).owed[0].due
    assert day == (shift.ends_at + timedelta(hours=24)).astimezone(ZoneInfo(ZONE)).date()
