"""You saw, we did: who sees which promise, and which come first (F14, 8.1)."""

from datetime import date, timedelta

import pytest

from shadowing.domain.errors import NotFound
from shadowing.domain.followup.moves import Commitment
from shadowing.services.followup import board, keeping
from shadowing.services.followup.keeping import News
from tests import makers
from tests.visits import HOST_SIDE, OBSERVER_SIDE, PROMISE


def seen(visit, actor, **more):
    asked = {"tab": "all", "state": "", "number": 1} | more
    return [one.shown.promise.action for one in board.show(visit.work, actor, **asked).promises]


def test_the_board_shows_a_promise_once_agreed_and_both_sides_are_in(promised):
    """Rule F14: from the host's yes, not before both reflections are in."""
    visit, made = promised
    reader = makers.actor(visit.work, makers.person(visit.work, visit.ward.organization))
    assert seen(visit, reader) == []
    keeping.agree(visit.work, visit.ward.as_host(), commitment_id=made)
    assert seen(visit, reader) == []
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)

    assert seen(visit, reader) == [PROMISE["action"]]
    told = board.story(visit.work, reader, commitment_id=made)
    assert (told.part, told.host_name, told.can) == ("reader", "", ())


def test_the_board_waits_seven_days_for_a_side_that_does_not_come(promised):
    """Rule F14: or 7 days have passed."""
    visit, made = promised
    keeping.agree(visit.work, visit.ward.as_host(), commitment_id=made)
    reader = makers.actor(visit.work, makers.person(visit.work, visit.ward.organization))
    visit.work.clock.now = visit.shift.ends_at + timedelta(days=7) - timedelta(seconds=1)
    assert seen(visit, reader) == []

    visit.work.clock.now = visit.shift.ends_at + timedelta(days=7)

    assert seen(visit, reader) == [PROMISE["action"]]


def test_the_host_may_keep_a_promise_between_the_two(promised):
    """Rule F14; the coordinator sees all of the program (8.1)."""
    visit, made = promised
    keeping.agree(visit.work, visit.ward.as_host(), commitment_id=made, between="yes")
    visit.work.clock.advance(days=60)
    reader = makers.actor(visit.work, makers.person(visit.work, visit.ward.organization))

    assert seen(visit, reader) == seen(visit, visit.ward.as_manager()) == []
    assert seen(visit, visit.ward.as_host()) == seen(visit, visit.ward.as_observer())
    assert seen(visit, visit.ward.as_coordinator()) == [PROMISE["action"]]


def test_late_ones_are_on_top_from_the_first_date(visit):
    """Rules F11, F14 and the board's own: another date does not make a promise any less late."""
    visit.talk()
    rows = [{**PROMISE, "action": f"By the {day}th", "due": f"2027-04-{day}"} for day in (20, 10)]
    ids = {made.action: made.id for made in visit.promise(*rows)}
    for made in ids.values():
        keeping.agree(visit.work, visit.ward.as_host(), commitment_id=made)
    visit.work.clock.now = visit.shift.ends_at + timedelta(days=24)
    news = News(state=Commitment.IN_PROGRESS, note="Later.", due=date(2027, 9, 1))
    late = ids["By the 10th"]
    keeping.update(visit.work, visit.ward.as_observer(), commitment_id=late, news=news)

    shown = board.show(visit.work, visit.ward.as_observer(), tab="mine", state="", number=1)

    assert [(one.shown.promise.action, one.days_late) for one in shown.promises] == [
        ("By the 10th", 5),
        ("By the 20th", 0),
    ]
    assert (shown.tally.late, shown.tally.in_time) == (1, 1)


def test_hr_has_totals_and_nobody_else_looks_in(promised):
    """Section 8.1: totals kept and late, not per person."""
    visit, made = promised
    hr = makers.person(visit.work, visit.ward.organization, roles=("hr",))
    actor = makers.actor(visit.work, hr, "hr")

    assert board.totals(visit.work, actor).total == 1
    elsewhere = makers.organization(visit.work)
    makers.program(visit.work, elsewhere)
    stranger = makers.actor(visit.work, makers.person(visit.work, elsewhere))
    for reader in (actor, stranger):
        with pytest.raises(NotFound):
            board.story(visit.work, reader, commitment_id=made)
    with pytest.raises(NotFound):
        board.totals(visit.work, stranger)
    with pytest.raises(NotFound):
        board.show(visit.work, actor, tab="all", state="", number=1)
