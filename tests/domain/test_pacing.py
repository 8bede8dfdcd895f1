"""When a letter reaches somebody: quiet nights (N8), one message a day (F10), clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shadowing.adapters.mail.render import KINDS
from shadowing.domain.pacing import (
    ALWAYS_AT_ONCE,
    DIGEST,
    NEWS,
    Pace,
    Turn,
    collected_until,
    sleeps_until,
)

CHICAGO = ZoneInfo("America/Chicago")
FAR = timedelta(days=9)


def at(text, zone=CHICAGO):
    """Read a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def turn(kind="promises", *, starts_at=None, **more):
    """Make a letter about a shift of four hours."""
    ends_at = starts_at + timedelta(hours=4) if starts_at else None
    return Turn(kind=kind, zone=CHICAGO, starts_at=starts_at, ends_at=ends_at, **more)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-03-08T20:59", None),
        ("2027-03-08T21:00", "2027-03-09T07:00"),
        ("2027-03-08T23:59", "2027-03-09T07:00"),
        ("2027-03-09T00:00", "2027-03-09T07:00"),
        ("2027-03-09T06:59", "2027-03-09T07:00"),
        ("2027-03-09T07:00", None),
        # The nights in which the clocks change have nine hours and eleven.
        ("2027-03-13T22:00", "2027-03-14T07:00"),
        ("2027-03-14T01:30", "2027-03-14T07:00"),
        ("2027-11-06T22:00", "2027-11-07T07:00"),
        ("2027-11-07T01:30", "2027-11-07T07:00"),
    ],
)
def test_nobody_is_reached_between_nine_and_seven(now, until):
    """Rule N8: on the reader's own clock."""
    found = sleeps_until(turn(), now=at(now))

    assert found == (at(until) if until else None)


def test_the_same_instant_is_night_for_one_and_evening_for_another():
    now = at("2027-03-08T21:30")

    assert sleeps_until(turn(), now=now)
    assert not sleeps_until(Turn(kind="promises", zone=ZoneInfo("America/Denver")), now=now)


@pytest.mark.parametrize(
    ("hours", "sleeps"), [(24.1, True), (24, False), (1, False), (-3.9, False), (-4, True)]
)
def test_what_happens_within_a_day_of_the_start_is_told_at_any_hour(hours, sleeps):
    """Rule N8."""
    now = at("2027-03-08T23:00")
    letter = turn("released", starts_at=now + timedelta(hours=hours))

    assert (sleeps_until(letter, now=now) is not None) == sleeps


def test_the_answer_to_ones_own_act_does_not_wait_for_the_morning():
    now = at("2027-03-08T23:00")

    assert sleeps_until(turn("invitation", starts_at=now + FAR), now=now)
    assert sleeps_until(turn("invitation", starts_at=now + FAR, own_act=True), now=now) is None
    assert all(sleeps_until(turn(kind), now=now) is None for kind in ALWAYS_AT_ONCE)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-03-08T09:00", "2027-03-09T07:30"),
        ("2027-03-08T03:00", "2027-03-08T07:30"),
        ("2027-03-08T07:24", "2027-03-08T07:30"),
        ("2027-03-08T07:26", "2027-03-09T07:30"),
        ("2027-03-13T20:00", "2027-03-14T07:30"),
    ],
)
def test_news_goes_with_the_next_message_of_a_day(now, until):
    """Rule F10: at 7:30 on the reader's clock, if they chose one a day."""
    assert collected_until(turn(pace=Pace.DAILY), now=at(now)) == at(until)
    assert collected_until(turn(), now=at(now)) is None


def test_no_invite_no_question_and_nothing_near_is_held_back_for_a_day():
    """Rule F10 with N4 and N8."""
    now = at("2027-03-08T09:00")
    kinds = ("invitation", "cancelled", "request-received", "unit-asked", "preparation-card")
    for kind in kinds:
        assert collected_until(turn(kind, pace=Pace.DAILY), now=now) is None
    near = turn("released", starts_at=now + timedelta(hours=20), pace=Pace.DAILY)
    assert collected_until(near, now=now) is None
    carries = turn("withdrawn", carries_event=True, pace=Pace.DAILY)
    assert collected_until(carries, now=now) is None


def test_what_counts_as_news_is_a_letter_there_is():
    assert set(KINDS) >= NEWS
    assert DIGEST not in NEWS
