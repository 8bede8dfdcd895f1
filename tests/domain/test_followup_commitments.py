from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.followup.commitments import (
    DebriefFirst,
    Flags,
    Promise,
    PromiseDates,
    check_form_open,
    check_promises,
    flags,
    goes_ahead_unanswered,
    update_due_on,
)
from shadowing.domain.followup.moves import Commitment, Debrief
from shadowing.domain.followup.problems import BadAnswers

TODAY = date(2027, 3, 10)
DAY = timedelta(days=1)
PROMISE = Promise(
    action="Try a Sunday pharmacy runner",
    kind="remove_obstacle",
    owner="p1",
    due=TODAY + 20 * DAY,
    tell="A note on the board",
)
DATES = PromiseDates(
    state=Commitment.IN_PROGRESS,
    first_due=TODAY + 20 * DAY,
    debriefed_on=TODAY,
)


def check(*promises, reason=""):
    return check_promises(promises, reason=reason, today=TODAY)


def problems(*promises, reason=""):
    with pytest.raises(BadAnswers) as refused:
        check(*promises, reason=reason)
    return [(one.key, one.code) for one in refused.value.problems]


@pytest.mark.parametrize("debrief", [Debrief.HELD_SLOT, Debrief.MOVED])
def test_no_promise_before_the_debrief_rule_f6(debrief):
    with pytest.raises(DebriefFirst):
        check_form_open(debrief)


def test_promises_after_the_debrief_or_its_waiver_rule_f6():
    assert check_form_open(Debrief.HELD) is None
    assert check_form_open(Debrief.WAIVED) is None


def test_one_to_three_promises_or_the_reason_for_none_rule_f7():
    assert check(PROMISE) == (PROMISE,)
    assert check(PROMISE, PROMISE, PROMISE)
    assert check(reason="It is not mine to change.") == ()
    assert problems(reason=" ") == [("commit", "promise_or_reason")]
    assert problems(PROMISE, PROMISE, PROMISE, PROMISE) == [("commit", "too_many")]


@pytest.mark.parametrize(
    ("change", "part", "code"),
    [
        ({"action": " "}, "action", "answer_missing"),
        ({"action": "x" * 301}, "action", "too_long"),
        ({"owner": ""}, "owner", "answer_missing"),
        ({"tell": ""}, "tell", "answer_missing"),
        ({"tell": "x" * 201}, "tell", "too_long"),
        ({"kind": ""}, "kind", "answer_missing"),
        ({"kind": "think_about_it"}, "kind", "unknown_choice"),
        ({"kind": "redesign_by_team"}, "team", "answer_missing"),
        ({"kind": "redesign_by_team", "team": "x" * 121}, "team", "too_long"),
        ({"due": None}, "due", "answer_missing"),
        ({"due": TODAY}, "due", "date_not_ahead"),
        ({"due": TODAY - DAY}, "due", "date_not_ahead"),
    ],
)
def test_a_promise_says_what_who_when_and_how_the_host_will_know_rule_f8(change, part, code):
    assert problems(PROMISE, replace(PROMISE, **change)) == [(f"commit.1.{part}", code)]


def test_a_promise_may_be_as_long_as_it_says_and_due_tomorrow_rule_f8():
    check(replace(PROMISE, action="x" * 300, due=TODAY + DAY))
    check(replace(PROMISE, kind="redesign_by_team", team="4 West nights"))


def test_the_host_hears_after_14_days_and_then_every_30_rule_f10():
    assert update_due_on(DATES) == TODAY + 14 * DAY
    assert update_due_on(replace(DATES, updated_on=TODAY + 5 * DAY)) == TODAY + 35 * DAY


def on(day, **change):
    return flags(replace(DATES, **change), today=TODAY + day * DAY)


def test_an_update_is_due_on_its_day_rule_f10():
    assert not on(13).update_due
    assert on(14).update_due


def test_a_promise_is_late_the_day_after_its_first_date_rule_f11():
    assert not on(20).overdue
    assert on(21).overdue
    assert on(21, updated_on=TODAY + 20 * DAY).overdue, "an update moves no first date"


def test_more_than_30_days_late_locks_until_updated_rule_f11():
    told = {"updated_on": TODAY + 25 * DAY}

    assert not on(50, **told).locking
    assert on(51, **told).locking
    assert on(51, updated_on=TODAY + 50 * DAY).locking
    assert not on(51, updated_on=TODAY + 51 * DAY).locking


def test_more_than_30_days_silent_locks_though_nothing_is_late_rule_f11():
    far = {"first_due": TODAY + 300 * DAY}

    assert not on(44, **far).locking
    assert on(45, **far).locking
    assert not on(45, **far, updated_on=TODAY + 45 * DAY).locking
    assert on(45 + 61, **far, updated_on=TODAY + 45 * DAY).locking


def test_a_waiver_unlocks_to_its_last_day_rule_f11():
    waived = {"waived_until": TODAY + 60 * DAY}

    assert on(60).locking
    assert not on(60, **waived).locking
    assert on(61, **waived).locking
    assert on(60, **waived).overdue, "late it is all the same"


@pytest.mark.parametrize(
    "state",
    [Commitment.DONE, Commitment.DECLINED, Commitment.SEEN, Commitment.VOID],
)
def test_an_answered_promise_is_late_for_nothing_rule_f12(state):
    answered = on(400, state=state)

    assert answered == Flags(update_due=False, overdue=False, locking=False)


@pytest.mark.parametrize("state", [Commitment.PROPOSED, Commitment.AGREED, Commitment.IN_PROGRESS])
def test_an_open_promise_is_late_whatever_the_host_has_said(state):
    assert on(400, state=state).overdue
    assert on(400, state=state).locking


@given(due=st.integers(1, 400), told=st.none() | st.integers(0, 400), day=st.integers(0, 800))
def test_whoever_updates_today_is_never_locked_today_rule_f11(due, told, day):
    dates = {"first_due": TODAY + due * DAY}
    before = on(day, **dates, updated_on=None if told is None else TODAY + told * DAY)
    after = on(day, **dates, updated_on=TODAY + day * DAY)

    assert not after.locking
    assert before.overdue == after.overdue


def test_an_unanswered_promise_goes_ahead_after_seven_days_and_two_reminders_section_6_5():
    asked = datetime(2027, 3, 10, 12, tzinfo=UTC)

    def ahead(days, reminders):
        return goes_ahead_unanswered(
            proposed_at=asked,
            reminders=reminders,
            now=asked + days * DAY,
        )

    assert ahead(7, 2)
    assert not ahead(6.9, 2)
    assert not ahead(8, 1)
