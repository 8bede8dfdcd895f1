"""When the clock tells is for each program to set; after shorter notice it tells at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shadowing.domain.allowances import Kind
from shadowing.services import allowances
from shadowing.services.notifications import timetable
from shadowing.store.tables import people
from tests.mailbox import ask
from tests.makers import Ward
from tests.services.test_timetable import before, planned
from tests.visits import Visit


@pytest.fixture
def ward(work):
    return Ward(work)


def set_in(work, **settings):
    """Let every program set something of its own."""
    with work.write() as tx:
        tx.db.execute(update(people.program).values(settings=settings))


def test_a_program_says_itself_when_the_team_is_told(ward, work, clock):
    """Rule N6, ``unit_notice_days``: fourteen and three days before, and not seven."""
    set_in(work, unit_notice_days=[14, 3])
    shift = ask(ward, mode="auto")
    told = []
    for days in (13, 7, 3, 1):
        before(clock, shift, days=days)
        timetable.plan(work)
        told.append(len(planned(work, "unit-notice")))

    assert told == [2, 2, 4, 4]


def test_a_program_says_itself_when_the_card_is_sent(ward, work, clock):
    """Rule N7, ``card_hours``."""
    set_in(work, card_hours=[24, 4])
    shift = ask(ward, mode="auto")
    told = []
    for hours in (70, 24, 4, 2):
        before(clock, shift, hours=hours)
        timetable.plan(work)
        told.append(len(planned(work, "preparation-card")))

    assert told == [0, 1, 2, 2]


def test_a_program_says_itself_how_often_it_calls_the_writing_to_mind(ward, work, clock):
    """Rule L8, ``reflection_reminders``."""
    set_in(work, reflection_reminders=[2])
    shift = Visit(ward).happen()
    told = []
    for hours in (1, 2, 26, 73):
        clock.now = shift.ends_at + timedelta(hours=hours)
        timetable.plan(work)
        told.append(len(planned(work, "reflection-reminder")))

    assert told == [0, 2, 2, 2]


def test_two_programs_keep_to_their_own_moments(ward, work, clock):
    """The settings of one never reach into the other."""
    other = Ward(work)
    with work.write() as tx:
        own = update(people.program).where(people.program.c.id == other.program)
        tx.db.execute(own.values(settings={"unit_notice_days": [28, 14, 2]}))
    first, second = ask(ward, mode="auto"), ask(other, mode="auto")
    assert first.starts_at == second.starts_at

    before(clock, first, days=13)
    timetable.plan(work)

    assert sorted(planned(work, "unit-notice")) == sorted([other.host, other.manager])


def test_after_shorter_notice_the_team_is_told_at_once(ward, work, clock):
    """Rule B4: a coordinator shortens the notice with a reason; the team is then told at once."""
    starts = clock.now + timedelta(days=3)
    with work.read() as tx:
        email = tx.db.scalar(select(people.person.c.email).filter_by(id=ward.observer))
    allowed = allowances.Wanted(
        kind=Kind.NOTICE, person=email, day=starts.date(), reason="A visit of state."
    )
    allowances.give(work, ward.as_coordinator(), allowed)

    shift = ask(ward, mode="auto", starts_at=starts)
    timetable.plan(work)

    assert shift.state == "confirmed"
    assert sorted(planned(work, "unit-notice")) == sorted([ward.host, ward.manager])
