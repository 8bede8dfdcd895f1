"""What the clock tells: to whom, when, once; and nothing of what has moved or is over."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from shadowing.services.bookings import answering, day
from shadowing.services.notifications import timetable
from shadowing.store.tables import bookings, messages, people
from shadowing.store.tables.journal import outbox
from tests import makers
from tests.mailbox import GOAL, Mailbox, address, ask, send, waiting_rows, words_of
from tests.makers import Ward
from tests.visits import HOST_SIDE, Visit


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


def planned(work, kind, *, state=None):
    """Say to whom letters of a kind were queued, in order."""
    return [
        row.recipient_id
        for row in waiting_rows(work)
        if row.kind == kind and (state is None or row.state == state)
    ]


def before(clock, shift, **time):
    """Set the clock so long before the start of a shift."""
    clock.now = shift.starts_at - timedelta(**time)


def put_off(work, shift, by):
    """Move a shift, as an agreed move does."""
    table = bookings.shift
    with work.write() as tx:
        start, end = shift.starts_at + by, shift.ends_at + by
        values = {"starts_at": start, "ends_at": end, "version": table.c.version + 1}
        tx.db.execute(update(table).where(table.c.id == shift.id).values(**values))


def test_a_moment_that_fails_holds_up_no_other(ward, work, clock):
    first = ask(ward, mode="auto")
    before(clock, first, days=7)
    timetable.plan(work)
    with work.write() as tx:
        tx.db.execute(delete(messages.reminder))
    next_day = {"starts_at": first.starts_at + timedelta(days=1), "host_id": ward.another_host()}
    second = ask(ward, mode="auto", **next_day)
    before(clock, second, days=7)

    with pytest.raises(IntegrityError):
        timetable.plan(work)

    assert second.id in {row.shift_id for row in waiting_rows(work) if row.kind == "unit-notice"}


def test_the_whole_team_is_told_a_week_and_a_day_before(ward, work, clock):
    """Rule N6: every active host of the unit, and who leads it."""
    others = [ward.another_host(), ward.another_host()]
    ward.another_host(active=False)
    ward.another_host(host_unit_id=makers.unit(work, ward.site))
    shift = ask(ward, mode="auto")
    team = {ward.host, ward.manager, *others}

    before(clock, shift, days=7, minutes=1)
    timetable.plan(work)
    assert planned(work, "unit-notice") == []

    before(clock, shift, days=7)
    timetable.plan(work)
    timetable.plan(work)
    assert sorted(planned(work, "unit-notice")) == sorted(team)

    before(clock, shift, days=1)
    timetable.plan(work)
    again = planned(work, "unit-notice")[len(team) :]
    assert sorted(again) == sorted(team - {ward.host})
    assert planned(work, "host-reminder") == [ward.host]


def test_a_notice_says_who_and_why_and_what_may_be_refused(ward, work, clock, mailbox):
    """Rule N6 and section 8.1: the purpose, not the goal; no colleague reads with whom."""
    purpose = "Those who decide see the work first."
    with work.write() as tx:
        tx.db.execute(update(people.program).values(purpose=purpose))
    colleague = ward.another_host()
    shift = ask(ward, mode="auto")
    send(ward, mailbox)
    before(clock, shift, days=6)
    timetable.plan(work)
    clock.now = clock.now.replace(hour=18)
    send(ward, mailbox)

    to_colleague = mailbox.to(address(ward, colleague))[-1]
    said = words_of(to_colleague) + to_colleague["Subject"]
    assert ward.as_observer().name in said
    assert purpose in said
    assert "without a reason" in said
    assert GOAL not in said
    assert ward.as_host().name not in said
    assert str(shift.id) not in said
    to_lead = words_of(mailbox.to(address(ward, ward.manager))[-1])
    assert ward.as_host().name in to_lead
    assert f"/shifts/{shift.id}" in to_lead


def test_a_notice_that_comes_late_comes_at_once_and_once(ward, work, clock):
    """Rule N6: confirmed less than a day before, the team reads one notice, not two."""
    shift = ask(ward, mode="auto")
    before(clock, shift, hours=20)
    timetable.plan(work)
    clock.advance(hours=1)
    timetable.plan(work)

    assert planned(work, "unit-notice") == [ward.manager]


def test_those_who_had_the_notice_are_told_that_nobody_comes(ward, work, clock, mailbox):
    """Rule N6: withdrawn on cancel; who never read it hears of neither."""
    colleague = ward.another_host()
    shift = ask(ward, mode="auto")
    before(clock, shift, days=7)
    clock.now = clock.now.replace(hour=18)
    timetable.plan(work)
    send(ward, mailbox)
    late = ward.another_host()
    answering.cancel(work, ward.as_observer(), shift_id=shift.id)
    timetable.plan(work)
    timetable.plan(work)
    send(ward, mailbox)

    assert planned(work, "notice-withdrawn") == [colleague]
    message = mailbox.to(address(ward, colleague))[-1]
    assert message["Subject"].startswith("Not taking place")
    assert "Monday, March 22" in words_of(message)
    assert mailbox.to(address(ward, late)) == []
    lead = [message["Subject"] for message in mailbox.to(address(ward, ward.manager))]
    assert sum("Not taking place" in subject for subject in lead) == 0


def test_a_notice_that_nobody_read_is_not_withdrawn(ward, work, clock, mailbox):
    colleague = ward.another_host()
    shift = ask(ward, mode="auto")
    before(clock, shift, days=7)
    timetable.plan(work)
    answering.cancel(work, ward.as_observer(), shift_id=shift.id)
    timetable.plan(work)
    clock.now = clock.now.replace(hour=18)
    send(ward, mailbox)

    assert mailbox.to(address(ward, colleague)) == []
    ended = {row.kind: row.trouble for row in waiting_rows(work) if row.recipient_id == colleague}
    assert ended == {
        "unit-notice": "it is no longer true",
        "notice-withdrawn": "its recipient was never told of the event",
    }


def test_a_moved_visit_is_noticed_anew_and_says_so(ward, work, clock, mailbox):
    """Rule N6, B9: no letter about the old time leaves after the move."""
    colleague = ward.another_host()
    shift = ask(ward, mode="auto")
    before(clock, shift, days=5)
    clock.now = clock.now.replace(hour=18)
    timetable.plan(work)
    send(ward, mailbox)
    put_off(work, shift, timedelta(days=1))
    timetable.plan(work)
    send(ward, mailbox)

    first, second = mailbox.to(address(ward, colleague))
    assert "Monday, March 22" in first["Subject"]
    assert second["Subject"].startswith("New time: ")
    assert "Tuesday, March 23" in second["Subject"]
    assert planned(work, "notice-withdrawn") == []


def test_a_visit_that_is_moved_far_ahead_is_withdrawn_and_named(ward, work, clock, mailbox):
    colleague = ward.another_host()
    shift = ask(ward, mode="auto")
    before(clock, shift, days=5)
    clock.now = clock.now.replace(hour=18)
    timetable.plan(work)
    send(ward, mailbox)
    put_off(work, shift, timedelta(days=21))
    timetable.plan(work)
    send(ward, mailbox)

    said = words_of(mailbox.to(address(ward, colleague))[-1])
    assert "Monday, March 22" in said
    assert "planned for Monday, April 12" in said


def test_the_card_comes_three_days_and_two_hours_before(ward, work, clock, mailbox):
    """Rule N7, S2.6: three acts, questions, rules, where to meet, what to wear, parking."""
    shift = ask(ward, mode="auto")
    send(ward, mailbox)
    for time in ({"hours": 72}, {"hours": 2}):
        before(clock, shift, **time)
        timetable.plan(work)
        send(ward, mailbox)

    cards = [
        words_of(each)
        for each in mailbox.to(address(ward, ward.observer))
        if each["Subject"].startswith("Your card")
    ]
    assert len(cards) == 2
    for told in (
        "Ask the most junior person first.",
        "Own up to one thing you got wrong.",
        "Thank by naming the work.",
        "Watch, do not fix.",
        "What did you just have to work around?",
        "Meet at: The desk by the whiteboard",
        "Park: Garage B",
        "Your host asks each patient while you wait outside.",
    ):
        assert told in cards[0]
    assert GOAL not in cards[0]
    assert planned(work, "preparation-card") == [ward.observer] * 2


def test_who_was_away_for_both_moments_is_told_the_later_alone(ward, work, clock, mailbox):
    """Nothing is sent twice or late: while mail was down the second card came due."""
    shift = ask(ward, mode="auto")
    before(clock, shift, hours=3)
    timetable.plan(work)
    before(clock, shift, hours=2)
    timetable.plan(work)
    send(ward, mailbox)

    rows = [row for row in waiting_rows(work) if row.kind == "preparation-card"]
    assert [row.state for row in rows] == ["superseded", "sent"]


@pytest.mark.parametrize("kind", ["unit-notice", "preparation-card", "host-reminder"])
def test_nothing_is_sent_about_a_shift_that_was_called_off(ward, work, clock, mailbox, kind):
    """Decided when it is sent: planned, then cancelled."""
    shift = ask(ward, mode="auto")
    before(clock, shift, hours=23)
    timetable.plan(work)
    assert planned(work, kind)
    answering.cancel(work, ward.as_host(), shift_id=shift.id)
    send(ward, mailbox)

    assert planned(work, kind, state="sent") == []


def test_nothing_is_planned_for_what_is_not_confirmed(ward, work, clock):
    ask(ward)
    clock.advance(days=13)
    timetable.plan(work)

    assert set(planned(work, "unit-notice") + planned(work, "preparation-card")) == set()


def test_a_host_is_called_back_to_mind_once_before_a_request_lapses(ward, work, clock, mailbox):
    """Rule B6: 72 hours to answer, one reminder after 48."""
    ask(ward)
    clock.advance(hours=47)
    timetable.plan(work)
    assert planned(work, "request-lapsing") == []
    for _ in range(3):
        clock.advance(hours=1, minutes=10)
        timetable.plan(work)

    assert planned(work, "request-lapsing") == [ward.host]
    send(ward, mailbox)
    message = mailbox.to(address(ward, ward.host))[-1]
    assert message["Subject"].startswith("Until ")
    assert GOAL in words_of(message)


def test_a_side_is_called_back_to_mind_three_times_then_there_is_silence(ward, work, clock):
    """Rule L8: 24, 72, 168 hours after the end; not whoever has written."""
    visit = Visit(ward)
    shift = visit.happen()
    visit.send("host", HOST_SIDE)
    for hours in (23, 24, 30, 72, 100, 168, 180, 193, 400):
        clock.now = shift.ends_at + timedelta(hours=hours)
        timetable.plan(work)

    assert planned(work, "reflection-reminder") == [ward.observer] * 3


def test_whoever_wrote_meanwhile_is_not_reminded(ward, work, clock, mailbox):
    visit = Visit(ward)
    shift = visit.happen()
    clock.now = shift.ends_at + timedelta(hours=24)
    timetable.plan(work)
    visit.send("host", HOST_SIDE)
    send(ward, mailbox)

    assert planned(work, "reflection-reminder", state="sent") == [ward.observer]


def test_a_talk_that_nobody_recorded_is_asked_about(ward, work, clock, mailbox):
    """Rule F4: nobody finds out at the next booking."""
    visit = Visit(ward)
    shift = visit.happen()
    clock.now = shift.ends_at + timedelta(days=3)
    timetable.plan(work)
    assert sorted(planned(work, "talk-reminder")) == sorted([ward.observer, ward.host])
    visit.talk()
    clock.now = shift.ends_at + timedelta(days=3)
    send(ward, mailbox)

    assert planned(work, "talk-reminder", state="sent") == []


def test_what_two_workers_see_at_once_is_planned_once(ward, work, clock):
    """The mark is written with the letters: whoever comes second finds it."""
    shift = ask(ward, mode="auto")
    before(clock, shift, days=7)
    with work.read() as tx:
        seen = timetable.due_now(tx)
    assert seen
    told = [timetable._tell(work, window, one) for window, one in seen + seen]  # noqa: SLF001

    assert sum(told) == len(seen)
    with work.read() as tx:
        keys = list(tx.db.scalars(select(outbox.c.key)))
    assert len(keys) == len(set(keys))


def test_a_shift_under_way_needs_no_notice(ward, work, clock):
    shift = ask(ward, mode="auto")
    clock.now = shift.starts_at
    day.check_in(work, ward.as_host(), shift_id=shift.id, well="yes")
    timetable.plan(work)

    assert planned(work, "unit-notice") + planned(work, "host-reminder") == []
