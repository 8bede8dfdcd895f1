"""Several open parts of one shift, a week as the one before, requests on hours that close."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shadowing.domain.bookings.asking import SlotGone
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue, NotAllowed, Stale
from shadowing.services.availability.acts import (
    AsEveryWeek,
    AsTheWeekBefore,
    BookedStay,
    EveryWeek,
    Given,
    NoLonger,
    OneDay,
    OneMore,
)
from shadowing.services.availability.horizon import extend_all
from shadowing.services.availability.week import week
from shadowing.services.bookings import asking, clock, closing_hours
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.availability import day_change
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import Ward
from tests.services.hours import DAY, GOAL, NIGHT, SUN, WED, book, bookable, rows, rule_of, say

MORNING = Given(span="D12", start="07:30", end="10:00", mode="ask")
NOON = Given(span="D12", start="11:00", end="14:00", mode="auto", audience="fellows")
LATE = Given(span="D12", start="15:00", end="18:00", mode="blind", audience="executives")
CLOSED = Given(span="D12", mode="closed")
SUNDAY = date(2027, 3, 21)
MONDAY = date(2027, 3, 15)
A_WEEK = timedelta(days=7)


@pytest.fixture
def ward(work):
    return Ward(work)


def day(ward, on=SUNDAY):
    """List the open parts of a date: start in hours, mode, audience."""
    return [
        (f"{row.starts_at.astimezone(UTC):%H}", row.mode, row.audience)
        for row in rows(ward, local_date=on, state="open")
    ]


def changed_days(ward):
    with ward.work.read() as tx:
        found = tx.db.execute(day_change.select().order_by(day_change.c.local_date)).all()
    return [(row.local_date, row.local_start, row.mode) for row in found]


def test_one_day_holds_several_parts_each_with_its_own_mode_and_audience(ward):
    """Rules A1, A2: per slot, on one date alone."""
    say(ward, OneMore(MORNING, SUNDAY), OneMore(NOON, SUNDAY), OneMore(LATE, SUNDAY))

    assert day(ward) == [
        ("12", "ask", "anyone"),
        ("16", "auto", "fellows"),
        ("20", "blind", "executives"),
    ]


def test_every_week_holds_several_parts_and_one_day_changes_one_of_them(ward):
    """Rule A2: the other parts of that day stay as they are."""
    say(ward, EveryWeek(MORNING, (SUN,)), EveryWeek(NOON, (SUN,)))
    before = rows(ward)

    say(ward, OneDay(LATE, SUNDAY, part="11:00"))

    assert day(ward) == [("12", "ask", "anyone"), ("20", "blind", "executives")]
    assert day(ward, SUNDAY + A_WEEK) == [("12", "ask", "anyone"), ("16", "auto", "fellows")]
    say(ward, AsEveryWeek("D12", SUNDAY))
    assert rows(ward, state="open") == before, "the same rows, with the same ids"


def test_a_part_of_one_day_is_closed_and_opened_again(ward):
    """Rule A2: closed is kept as such, so that it can be opened as it stood."""
    say(ward, EveryWeek(MORNING, (SUN,)), EveryWeek(NOON, (SUN,)))
    noon_closed = Given(span="D12", start="11:00", end="14:00", mode="closed")
    say(ward, OneDay(noon_closed, SUNDAY, part="11:00"))
    assert day(ward) == [("12", "ask", "anyone")]
    assert len(changed_days(ward)) == 2

    say(ward, OneDay(NOON, SUNDAY, part="11:00"))

    assert len(day(ward)) == 2
    assert changed_days(ward) == [], "a day that is as every week is kept as that"


def test_hours_without_times_are_the_first_block_of_the_shift(ward):
    """Rules A5, A6, B13: from the end of the handover, as long as the unit's blocks."""
    say(ward, OneMore(Given(span="D12", mode="ask"), SUNDAY))

    (only,) = rows(ward, local_date=SUNDAY)
    assert only.starts_at == datetime(2027, 3, 21, 12, 30, tzinfo=UTC)
    assert only.ends_at - only.starts_at == timedelta(hours=4)


def test_one_more_part_of_a_closed_day_opens_it(ward):
    """Rule A2."""
    say(ward, EveryWeek(DAY, (SUN,)), OneDay(CLOSED, SUNDAY))
    assert day(ward) == []

    say(ward, OneMore(LATE, SUNDAY))

    assert day(ward) == [("20", "blind", "executives")]


def test_parts_of_one_shift_share_no_time(ward):
    """Rule B7."""
    say(ward, OneMore(NOON, SUNDAY))
    across = Given(span="D12", start="13:00", end="16:00", mode="ask")
    with pytest.raises(BadValue) as refused:
        say(ward, OneMore(across, SUNDAY))

    assert refused.value.facts["problem"] == "overlaps"


def test_a_part_that_is_not_there_any_more_is_not_replaced(ward):
    say(ward, EveryWeek(DAY, (SUN,)))
    with pytest.raises(Stale):
        say(ward, OneDay(LATE, SUNDAY, part="11:00"))


def test_a_changed_part_still_knows_its_weekly_hours(ward):
    """Rule A1: of several parts too."""
    say(ward, EveryWeek(MORNING, (SUN,)), EveryWeek(NOON, (SUN,)), OneDay(LATE, SUNDAY, "11:00"))

    shown = week(ward.work, ward.as_host(), around=SUNDAY).stretches

    assert [(each.hours.start, each.changed) for each in shown] == [
        ("07:30", True),
        ("15:00", True),
    ]
    assert len({each.rule_id for each in shown} - {None}) == 2


def test_a_week_is_as_the_one_before_with_closed_and_changed_days(ward):
    """Rule A1: repeat last week."""
    wednesday = MONDAY - A_WEEK + timedelta(days=2)
    say(ward, EveryWeek(NIGHT, (WED,)), EveryWeek(DAY, (SUN,)), OneMore(LATE, wednesday))
    say(ward, OneDay(CLOSED, SUNDAY - A_WEEK))
    say(ward, OneDay(Given(span="N12", mode="closed"), wednesday + A_WEEK))

    say(ward, AsTheWeekBefore(MONDAY))

    assert day(ward) == [], "Sunday is closed as it was"
    that_week = [row for row in rows(ward, state="open") if MONDAY <= row.local_date <= SUNDAY]
    assert [(row.local_date, row.span, row.mode) for row in that_week] == [
        (wednesday + A_WEEK, "D12", "blind"),
        (wednesday + A_WEEK, "N12", "ask"),
    ]
    assert day(ward, SUNDAY + A_WEEK) == [("15", "auto", "anyone")], "weeks after are as ever"
    again = rows(ward)
    say(ward, AsTheWeekBefore(MONDAY))
    assert rows(ward) == again


def test_repeating_leaves_alone_what_is_over(ward, clock):
    """Rule A5."""
    say(ward, EveryWeek(DAY, tuple(range(7))), OneDay(CLOSED, date(2027, 3, 9)))
    clock.advance(days=10)

    say(ward, AsTheWeekBefore(MONDAY))

    assert changed_days(ward) == [(date(2027, 3, 9), "07:30", "closed")]


def test_a_booked_shift_stops_a_repeated_week_until_it_is_seen(ward):
    """Section 6.4: nothing is written before the host knows."""
    say(ward, EveryWeek(DAY, (SUN,)), OneDay(CLOSED, SUNDAY - A_WEEK))
    shift = book(ward, rows(ward, local_date=SUNDAY)[0])
    with pytest.raises(BookedStay) as shown:
        say(ward, AsTheWeekBefore(MONDAY))
    assert [visit.shift_id for visit in shown.value.facts["stay"]] == [shift.id]
    assert changed_days(ward) == [(SUNDAY - A_WEEK, "07:30", "closed")]

    say(ward, AsTheWeekBefore(MONDAY), agreed=(shift.id,))

    assert [row.state for row in rows(ward, local_date=SUNDAY)] == ["hidden"]
    assert makers.shifts(ward.work)[0].state == State.CONFIRMED


def asked(ward):
    """Let somebody ask for a night, and the host close it."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    return book(ward, bookable(ward)[0])


def test_a_request_on_hours_that_close_ends_as_declined(ward):
    """Section 6.4: told as "not available"; the host sees it first."""
    shift = asked(ward)
    assert shift.state is State.REQUESTED
    with pytest.raises(BookedStay) as shown:
        say(ward, NoLonger(rule_of(ward)))
    assert [visit.shift_id for visit in shown.value.facts["ends"]] == [shift.id]
    assert shown.value.facts["stay"] == ()
    assert {row.state for row in rows(ward)} == {"open"}, "nothing was written"

    done = say(ward, NoLonger(rule_of(ward)), agreed=(shift.id,))
    assert [visit.shift_id for visit in done.ends] == [shift.id]
    assert closing_hours.decline_own(ward.work, ward.as_host()) == 1

    assert makers.shifts(ward.work)[0].state == State.DECLINED
    assert {(row.state, row.taken) for row in rows(ward)} == {("withdrawn", 0)}
    with ward.work.read() as tx:
        letters = tx.db.execute(outbox.select().filter_by(recipient_id=ward.observer)).all()
        (line,) = tx.db.execute(audit.select().filter_by(event="shift.declined")).all()
    assert [letter.kind for letter in letters] == ["not-available"]
    assert (line.acting_as, line.code) == ("host", "hours_closed")


def test_the_clock_declines_what_was_left_undone(ward):
    """Section 6.4: safe to be killed between the two, and to run twice."""
    shift = asked(ward)
    say(ward, NoLonger(rule_of(ward)), agreed=(shift.id,))
    extend_all(ward.work)
    ward.work.clock.advance(hours=16)
    extend_all(ward.work)
    assert {row.state for row in rows(ward)} == {"withdrawn"}, "a new day does not bring it back"

    assert clock.run(ward.work) == 1
    assert clock.run(ward.work) == 0

    assert makers.shifts(ward.work)[0].state == State.DECLINED


def test_a_request_survives_where_the_host_opened_the_hours_again(ward):
    """Section 6.4."""
    shift = asked(ward)
    say(ward, NoLonger(rule_of(ward)), agreed=(shift.id,))
    say(ward, EveryWeek(NIGHT, (WED,)))

    assert closing_hours.decline_own(ward.work, ward.as_host()) == 0
    assert makers.shifts(ward.work)[0].state == State.REQUESTED


def test_what_the_host_said_yes_to_needs_a_cancel_first(work):
    """Section 6.4: a booked seat is not declined with its hours."""
    ward = Ward(work, auto_approve=False)
    say(ward, EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])
    assert shift.state is State.HOST_ACCEPTED

    with pytest.raises(BookedStay) as shown:
        say(ward, NoLonger(rule_of(ward)))

    assert [visit.shift_id for visit in shown.value.facts["stay"]] == [shift.id]
    assert shown.value.facts["ends"] == ()


def test_nobody_else_closes_a_hosts_requests(ward):
    """Rules A1, P1."""
    for stranger in (ward.as_observer(), ward.as_manager(), ward.as_coordinator()):
        with pytest.raises(NotAllowed):
            closing_hours.decline_own(ward.work, stranger)


def test_whoever_asks_for_a_closed_part_is_refused(ward):
    """Rule A1."""
    say(ward, EveryWeek(DAY, (SUN,)))
    chosen = bookable(ward)[0]
    say(ward, OneDay(CLOSED, chosen.local_date))

    with pytest.raises(SlotGone):
        asking.request(ward.work, ward.as_observer(), Ask(chosen.id, GOAL))
    assert chosen.starts_at > datetime(2027, 3, 15, tzinfo=UTC)
