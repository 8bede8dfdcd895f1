from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

import shadowing
from shadowing.domain.bookings.states import State
from shadowing.domain.followup.closing import (
    Missing,
    Seal,
    Sides,
    Talk,
    may_change,
    missing_to_close,
    open_phases,
    reflection_due,
    reminder_times,
)
from shadowing.domain.followup.moves import Debrief
from shadowing.domain.followup.questions import Phase, Side
from shadowing.domain.followup.templates import read

REFERENCE = Path(shadowing.__file__).parent / "reference" / "reflection_templates.yaml"
TEMPLATES = read(yaml.safe_load(REFERENCE.read_text(encoding="utf-8")))
END = datetime(2027, 3, 8, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOTH = Sides(shift_end=END, observer_at=END + HOUR, host_at=END + DAY)
TALKED = Talk(debrief=Debrief.HELD, promises=1)


def question(code, key):
    return next(one for one in TEMPLATES.named(code).fields if one.key == key)


def missing(sides=BOTH, talk=TALKED, days=2):
    return missing_to_close(sides, talk, now=END + days * DAY)


def test_a_shift_with_everything_may_close_rule_f16():
    assert missing() == ()
    assert missing(talk=Talk(debrief=Debrief.WAIVED, promises=1)) == ()
    assert missing(talk=Talk(debrief=Debrief.HELD, reason="Nothing is mine.")) == ()


@pytest.mark.parametrize(
    ("talk", "wanting"),
    [
        (Talk(debrief=Debrief.HELD_SLOT, promises=1), Missing.DEBRIEF),
        (Talk(debrief=Debrief.MOVED, promises=1), Missing.DEBRIEF),
        (Talk(debrief=Debrief.HELD), Missing.PROMISE_OR_REASON),
        (Talk(debrief=Debrief.HELD, reason=" "), Missing.PROMISE_OR_REASON),
    ],
)
def test_the_talk_and_what_came_of_it_are_never_let_off_rule_f16(talk, wanting):
    assert missing(talk=talk) == (wanting,)
    assert missing(talk=talk, days=100) == (wanting,)


def test_both_sides_or_seven_days_rule_f16():
    alone = Sides(shift_end=END, observer_at=END + HOUR)
    neither = Sides(shift_end=END)

    assert missing(alone, days=6.99) == (Missing.HOST_SIDE,)
    assert missing(neither, days=6.99) == (Missing.OBSERVER_SIDE, Missing.HOST_SIDE)
    assert missing(neither, days=7) == ()


def test_a_shift_with_nothing_lacks_everything_in_order_rule_f16():
    assert missing(Sides(shift_end=END), Talk(debrief=Debrief.HELD_SLOT)) == tuple(Missing)


def test_a_side_is_due_by_the_debrief_and_72_hours_at_the_latest_rule_l8():
    assert reflection_due(END, debrief_start=END + 20 * HOUR) == END + 20 * HOUR
    assert reflection_due(END, debrief_start=END + 5 * DAY) == END + 72 * HOUR


def test_three_reminders_then_silence_rule_l8():
    assert reminder_times(END) == (END + 24 * HOUR, END + 72 * HOUR, END + 168 * HOUR)


@pytest.mark.parametrize("state", State)
def test_questions_are_open_in_their_time_rules_l5_l6_and_f6(state):
    wanted = {
        State.CONFIRMED: {Phase.PRE},
        State.COMPLETED: {Phase.POST},
        State.ENDED_EARLY: {Phase.POST},
        State.DEBRIEFED: {Phase.POST, Phase.DEBRIEF},
    }

    assert open_phases(state) == wanted.get(state, set())


def change(field, state, seal=Seal.SEALED, sent_at=None):
    return may_change(field, state=state, seal=seal, sent_at=sent_at)


def test_answers_from_before_lock_at_check_in_rule_l6():
    expect = question("T1", "expect")

    assert change(expect, State.CONFIRMED)
    assert not change(expect, State.CHECKED_IN)
    assert not change(expect, State.COMPLETED)


def test_the_author_may_edit_until_the_shift_closes_rule_l5():
    heard = question("T1", "heard")

    assert change(heard, State.DEBRIEFED, Seal.BOTH_IN, END)
    assert not change(heard, State.CLOSED, Seal.BOTH_IN, END)


@pytest.mark.parametrize("key", ["frame", "frame_host"])
def test_the_frame_stays_as_sent_once_either_side_can_be_read_rule_l4(key):
    frame = question("T2", key)

    assert frame.filled_by == (Side.OBSERVER if key == "frame" else Side.HOST)
    assert change(frame, State.COMPLETED, Seal.SEALED, END)
    assert not change(frame, State.DEBRIEFED, Seal.BOTH_IN, END)
    assert not change(frame, State.DEBRIEFED, Seal.ONE_SIDE, END)


def test_a_late_side_may_still_say_how_it_saw_the_frame_rule_l4():
    assert change(question("T2", "frame_host"), State.DEBRIEFED, Seal.ONE_SIDE)
