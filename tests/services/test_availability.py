"""A host's hours become slots, exactly those and no others (rules A1 to A6)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shadowing.adapters import reference
from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.services.availability import changing
from shadowing.services.availability.acts import (
    AsEveryWeek,
    EveryWeek,
    Given,
    NoLonger,
    NoUnit,
    OneDay,
)
from shadowing.services.availability.horizon import extend_all, renew_unit
from shadowing.services.availability.week import week
from shadowing.store import units
from tests import makers
from tests.makers import Ward
from tests.services.hours import (
    DAY,
    NIGHT,
    SAT,
    SUN,
    WED,
    book,
    bookable,
    change_rule,
    rows,
    rule_of,
    say,
    starts,
)


@pytest.fixture
def ward(work):
    return Ward(work)


def test_a_night_is_offered_from_wall_clock_to_wall_clock(ward):
    """Rules A5, A2: March 10 is winter time in Chicago, March 17 summer time."""
    say(ward, EveryWeek(NIGHT, (WED,)))

    first, second, *_ = rows(ward)
    assert (first.starts_at, first.ends_at) == (
        datetime(2027, 3, 11, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 11, 5, 30, tzinfo=UTC),
    )
    assert second.starts_at == datetime(2027, 3, 18, 0, 30, tzinfo=UTC)
    assert (first.local_date, first.band, first.mode) == (date(2027, 3, 10), "night", "ask")
    assert (first.kind, first.seats, first.host_role) == ("in_person", 1, "rn_ms")
    assert first.unit_id == ward.unit


def test_the_night_on_which_clocks_change_is_an_hour_shorter(ward):
    """Rule A5: elapsed time; 1:00 to 5:00 am on March 14, 2027 lasts three hours."""
    given = Given(span="N12", start="01:00", end="05:00", mode="auto")
    say(ward, EveryWeek(given, (SAT,)))

    change, after = rows(ward)[:2]
    assert (change.starts_at, change.ends_at) == (
        datetime(2027, 3, 14, 7, 0, tzinfo=UTC),
        datetime(2027, 3, 14, 10, 0, tzinfo=UTC),
    )
    assert change.local_date == date(2027, 3, 13), "it belongs to the date its shift starts on"
    assert after.starts_at == datetime(2027, 3, 21, 6, 0, tzinfo=UTC)


def test_slots_reach_ninety_days_and_no_further(ward):
    """Rule A5."""
    say(ward, EveryWeek(DAY, tuple(range(7))))

    found = [row.local_date for row in rows(ward)]
    assert (found[0], found[-1]) == (date(2027, 3, 8), date(2027, 3, 8) + timedelta(days=89))
    assert len(found) == len(set(found)) == 90


def test_closed_makes_no_slot_and_hidden_names_are_kept_for_the_slot(ward):
    """Rule A2."""
    say(ward, EveryWeek(Given(span="N12", mode="closed"), (WED,)))
    assert rows(ward) == []

    blind = Given(span="D12", start="10:00", end="14:00", mode="blind", audience="executives")
    say(ward, EveryWeek(blind, (SUN,)))
    assert {(row.mode, row.audience) for row in rows(ward)} == {("blind", "executives")}


def test_what_was_closed_can_be_opened_as_it_stands(ward):
    """Rule A2: closed hours without times are given some that fit."""
    say(ward, EveryWeek(Given(span="N12", mode="closed"), (WED,)))
    shown = week(ward.work, ward.as_host()).stretches[0]

    given = Given(span="N12", start=shown.hours.start, end=shown.hours.end, mode="ask")
    say(ward, EveryWeek(given, (), shown.rule_id))

    assert shown.hours.start == "19:30", "after the handover, not in it"
    assert starts(ward)[0] == datetime(2027, 3, 11, 1, 30, tzinfo=UTC)


def test_one_day_is_other_than_every_week_and_can_be_undone(ward):
    """Rule A1: per-day changes."""
    say(ward, EveryWeek(DAY, (SUN,)))
    before = rows(ward)
    later = Given(span="D12", start="12:00", end="15:00", mode="ask")

    say(ward, OneDay(later, date(2027, 3, 21)))
    changed = rows(ward, local_date=date(2027, 3, 21), state="open")
    assert [(row.starts_at, row.mode) for row in changed] == [
        (datetime(2027, 3, 21, 17, 0, tzinfo=UTC), "ask"),
    ]
    assert len(rows(ward, state="open")) == len(before)

    say(ward, AsEveryWeek("D12", date(2027, 3, 21)))
    assert rows(ward, state="open") == before, "the same rows, with the same ids"


def test_a_day_can_be_closed_or_given_alone(ward):
    """Rule A1: nothing is open by default."""
    say(ward, OneDay(DAY, date(2027, 3, 20)))
    assert [row.local_date for row in rows(ward)] == [date(2027, 3, 20)]

    say(ward, OneDay(Given(span="D12", mode="closed"), date(2027, 3, 20)))
    assert [row.state for row in rows(ward)] == ["withdrawn"]


def test_no_hours_begin_in_the_handover_unless_the_host_shows_it(work):
    """Rule A6: host and unit both choose it."""
    ward = Ward(work, handover_open=True)
    early = Given(span="N12", start="19:00", end="23:00", mode="ask")
    with pytest.raises(BadValue) as refused:
        say(ward, EveryWeek(early, (WED,)))
    assert refused.value.facts["field"] == "start"
    assert refused.value.facts["earliest"] == "19:30"

    shown = Given(span="N12", start="19:00", end="23:00", mode="ask", handover=True)
    say(ward, EveryWeek(shown, (WED,)))
    assert rows(ward)[0].handover


def test_no_hours_begin_in_the_handover_of_a_unit_that_keeps_it_private(ward):
    """Rule A6: the host alone is not enough."""
    shown = Given(span="N12", start="19:00", end="23:00", mode="ask", handover=True)
    with pytest.raises(BadValue) as refused:
        say(ward, EveryWeek(shown, (WED,)))

    assert refused.value.facts["problem"] == "in_private_handover"
    assert refused.value.facts["earliest"] == "19:30"
    assert rows(ward) == []


def test_a_unit_that_keeps_its_handover_private_again_takes_those_hours_back(work):
    """Rule A6: host and unit both go on choosing it, or nobody comes then."""
    ward = Ward(work, handover_open=True)
    say(
        ward,
        EveryWeek(Given(span="N12", start="19:00", end="23:00", mode="ask", handover=True), (WED,)),
    )
    assert rows(ward, state="open")

    with work.write() as tx:
        units.change(tx.db, unit_id=ward.unit, values={"handover_open": False})
    renew_unit(work, unit_id=ward.unit)

    assert not rows(ward, state="open")


@pytest.mark.parametrize(
    ("wrong", "field", "problem"),
    [
        ({"start": "14:00", "end": "10:00"}, "end", "outside_shift"),
        ({"start": "05:00"}, "start", "outside_shift"),
        ({"end": "11:00"}, "end", "too_short"),
        ({"start": "soon"}, "start", "not_a_time"),
        ({"span": "XX"}, "span", "unknown_choice"),
        ({"span": "SCH"}, "span", "not_on_that_day"),
        ({"mode": "maybe"}, "mode", "unknown_choice"),
        ({"audience": "friends"}, "audience", "unknown_choice"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field(ward, wrong, field, problem):
    """Rules A5, B13."""
    plain = {"span": "D12", "start": "10:00", "end": "14:00", "mode": "ask"}
    with pytest.raises(BadValue) as refused:
        say(ward, EveryWeek(Given(**plain | wrong), (SUN,)))

    assert (refused.value.facts["field"], refused.value.facts["problem"]) == (field, problem)
    assert rows(ward) == []


def test_nobody_is_in_two_places(ward):
    """Rule B7: a night that runs into the next day's hours is refused too."""
    say(ward, EveryWeek(Given(span="D12", start="07:30", end="11:00", mode="ask"), (3,)))
    on_call = Given(span="OC24", start="05:30", end="08:00", mode="ask")
    for act in (EveryWeek(on_call, (WED,)), OneDay(on_call, date(2027, 3, 17))):
        with pytest.raises(BadValue) as refused:
            say(ward, act)
        assert refused.value.facts["problem"] == "overlaps"


def test_hours_that_overlap_ones_own_are_refused(ward):
    """Rule B7."""
    say(ward, EveryWeek(DAY, (SUN,)))
    other = Given(span="D8", start="13:00", end="15:00", mode="ask")
    for act in (EveryWeek(other, (SAT, SUN)), OneDay(other, date(2027, 3, 21))):
        with pytest.raises(BadValue) as refused:
            say(ward, act)
        assert refused.value.facts["problem"] == "overlaps"
    assert len(rows(ward)) == 12, "all of it or nothing"


def test_saying_the_same_again_changes_no_row(ward):
    """Rule A5: the natural key is host and start."""
    say(ward, EveryWeek(NIGHT, (WED, SAT)))
    before = rows(ward)

    say(ward, change_rule(ward, span="N12", start="19:30", end="23:30", mode="ask"))
    assert extend_all(ward.work) == 0

    assert rows(ward) == before


def test_free_slots_change_in_place(ward):
    """Rule A2: another mode or audience is the same slot."""
    say(ward, EveryWeek(DAY, (SUN,)))
    before = [row.id for row in rows(ward)]

    say(ward, change_rule(ward, mode="ask", audience="fellows", end="15:00"))

    assert [row.id for row in rows(ward)] == before
    assert {(row.mode, row.audience) for row in rows(ward)} == {("ask", "fellows")}


def test_hours_are_the_hosts_own(ward):
    """Rules A1, P1: no manager, no other host; it looks as if there were none."""
    say(ward, EveryWeek(DAY, (SUN,)))
    other = makers.actor(ward.work, ward.another_host(), "host")
    for act in (NoLonger(rule_of(ward)), change_rule(ward, mode="ask")):
        with pytest.raises(NotFound):
            changing.change(ward.work, other, [act])
    for stranger in (ward.as_manager(), ward.as_coordinator(), ward.as_observer()):
        with pytest.raises(NotAllowed):
            changing.change(ward.work, stranger, [EveryWeek(DAY, (SUN,))])
        with pytest.raises(NotAllowed):
            week(ward.work, stranger)


def test_a_host_without_a_unit_is_told_so(ward):
    lost = makers.person(ward.work, ward.organization, roles=("host",), level="")
    as_lost = makers.actor(ward.work, lost, "host")

    with pytest.raises(NoUnit):
        changing.change(ward.work, as_lost, [EveryWeek(DAY, (SUN,))])
    assert week(ward.work, as_lost).unit is None


def test_a_unit_that_needs_written_authorization_offers_nothing(work):
    """Rule A8: S3 is off."""
    ward = Ward(work, sensitivity="S3")
    say(ward, EveryWeek(DAY, (SUN,)))

    assert rows(ward) == []
    assert not week(work, ward.as_host()).offered


def test_a_week_shows_what_is_worked_open_and_booked(ward):
    """Rules A4, A5, B1: name and job of who joins; the load of the month."""
    say(ward, EveryWeek(NIGHT, (WED,)), EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])

    shown = week(ward.work, ward.as_host(), around=shift.local_date)

    assert shown.first == shift.local_date - timedelta(days=shift.local_date.weekday())
    booked = next(each for each in shown.stretches if each.visits)
    assert [visit.name for visit in booked.visits] == [ward.as_observer().name]
    assert (shown.limit.used, shown.limit.most, shown.limit.month) == (1, 2, date(2027, 3, 1))
    assert shown.spans[0].code in reference.load().role("rn_ms").patterns


def test_a_week_that_is_over_or_too_far_is_not_shown(ward):
    """Rule A5."""
    this, last = date(2027, 3, 8), date(2027, 5, 31)
    for asked, first in ((date(2020, 1, 1), this), (date.max, last), (date.min, this)):
        shown = week(ward.work, ward.as_host(), around=asked)
        assert shown.first == first
    assert week(ward.work, ward.as_host()).before is None
