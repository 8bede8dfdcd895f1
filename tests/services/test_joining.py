"""A remote shift: who is told where to join it, its calendars, its day without a pass (B17)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from shadowing.domain.bookings.joining import link
from shadowing.domain.errors import BadValue, NotFound
from shadowing.services import calendar
from shadowing.services.accounts import feeds
from shadowing.services.availability.acts import EveryWeek
from shadowing.services.bookings import answering, clock, day, joining, looking, passes, swapping
from shadowing.services.bookings.asking import Ask, request
from shadowing.services.notifications import timetable
from shadowing.store import days, journal
from shadowing.store.tables import availability
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.people import credential
from tests.mailbox import Mailbox, address, event_in, send, words_of
from tests.makers import Ward, actor
from tests.services.hours import GOAL, SUN, bookable, change_rule, say
from tests.services.test_remote import HUDDLE, LINK, REMOTE

URL = "https://shadowing.example.org"


@pytest.fixture
def ward(work):
    return Ward(work, remote_allowed=True)


def huddle(ward, mode="auto"):
    say(ward, EveryWeek(replace(HUDDLE, mode=mode), (SUN,)))
    return request(ward.work, ward.as_observer(), Ask(bookable(ward)[0].id, GOAL))


def joins(ward, shift, who):
    """Say which address somebody reads on the page of the shift."""
    return looking.show(ward.work, who, shift_id=shift.id).shift.join_at


def test_only_the_two_are_told_and_only_once_it_is_confirmed(ward):
    """Rules B17, N3: not who waits, not the unit, not the program, not who books for them."""
    shift = huddle(ward, mode="ask")
    assert joins(ward, shift, ward.as_observer()) == ""

    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    hand = replace(ward.as_observer(), hand_id=ward.coordinator, hand_as="delegate")
    told = {
        name: joins(ward, shift, who)
        for name, who in {
            "observer": ward.as_observer(),
            "host": ward.as_host(),
            "manager": ward.as_manager(),
            "coordinator": ward.as_coordinator(),
            "hand": hand,
        }.items()
    }
    assert told == {"observer": LINK, "host": LINK, "manager": "", "coordinator": "", "hand": ""}


def test_nobody_reads_it_any_more_when_it_is_off(ward):
    """Rule B17."""
    shift = huddle(ward)
    answering.cancel(ward.work, ward.as_host(), shift_id=shift.id)

    assert joins(ward, shift, ward.as_observer()) == ""
    assert joins(ward, shift, ward.as_host()) == ""


def feed_of(ward):
    token = feeds.open_feed(ward.work, ward.as_observer())
    return calendar.feed(ward.work, token=token, base_url=URL).data.decode().replace("\r\n ", "")


def test_the_calendar_leads_there_once_it_is_confirmed(ward):
    """Rules N3, B17: no way to the unit, no clothes, nothing to bring."""
    shift = huddle(ward, mode="ask")
    assert LINK not in feed_of(ward)

    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    feed = feed_of(ward)
    assert f"LOCATION:{LINK}" in feed
    assert "Recording: None" in feed
    at_all = feed.partition("END:VEVENT")[0]
    assert not [word for word in ("Meet at", "Wear", "Bring", "Park:") if word in at_all]


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


def test_the_letter_says_how_it_is_joined(ward, mailbox):
    """Rules N3, B17: in words for the visitor, in files for both, never for the unit."""
    huddle(ward)
    send(ward, mailbox)

    shift, _ = mailbox.to(address(ward, ward.observer))
    assert f"Join at: {LINK}" in words_of(shift)
    assert "By video or phone. Nothing is recorded." in words_of(shift)
    for person in (ward.observer, ward.host):
        places = {event_in(each)["LOCATION"] for each in mailbox.to(address(ward, person))}
        assert LINK in places
    unit = mailbox.to(address(ward, ward.manager))
    assert unit
    assert not any(LINK in each.as_string() for each in unit)


def test_the_team_and_the_visitor_read_beforehand_that_it_is_by_video(ward, mailbox):
    """Rules N6, N7, B17: who watches how; the card has the way in, the notice has not."""
    shift = huddle(ward)
    send(ward, mailbox)
    ward.work.clock.now = shift.starts_at - timedelta(days=2)
    timetable.plan(ward.work)
    send(ward, mailbox)

    letters = {(each["Subject"].partition(" ")[0], each["To"]): each for each in mailbox.messages}
    notices = [each for each in mailbox.messages if "visits" in each["Subject"]]
    assert notices
    for each in notices:
        assert "watches your work by video or phone, with" in " ".join(words_of(each).split())
        assert LINK not in each.as_string()
    (card,) = [each for (word, _), each in letters.items() if word == "Your"]
    assert f"Join at: {LINK}" in words_of(card)


def test_a_statement_that_fails_is_told_without_what_was_written(ward):
    """Rule B17: what our own words say of an error goes to logs."""
    values = {"id": ward.host, "join_at": LINK, "mode": "nonsense"}
    with ward.work.write() as tx, pytest.raises(SQLAlchemyError) as error:
        tx.db.execute(availability.weekly_hours.insert().values(**values))
    ours = str(error.value).replace(str(error.value.orig), "")
    assert LINK not in ours
    assert "parameters hidden" in ours


def test_another_address_is_told_to_both_with_the_next_version(ward):
    """Rules B17, N2: the host's page does it; the clock where that was cut short."""
    shift = huddle(ward)
    other = replace(REMOTE, join_at="https://meet.example.org/new")
    say(ward, change_rule(ward, start="10:00", end="10:30", mode="auto", way=other))
    assert joins(ward, shift, ward.as_observer()) == LINK

    assert clock.run(ward.work) == 1

    assert joins(ward, shift, ward.as_observer()) == other.join_at
    with ward.work.read() as tx:
        rows = tx.db.execute(outbox.select().where(outbox.c.kind == "invitation")).all()
    new = [row for row in rows if row.facts.get("joined")]
    assert {row.recipient_id for row in new} == {ward.observer, ward.host}
    assert {row.sequence for row in new} == {1}
    assert joining.follow_own(ward.work, ward.as_host()) == 0


def test_the_address_is_in_no_log_and_no_queue(ward):
    """Rule B17: letters read it when they leave."""
    shift = huddle(ward)
    other = replace(REMOTE, join_at="https://meet.example.org/new")
    say(ward, change_rule(ward, start="10:00", end="10:30", mode="auto", way=other))
    joining.follow(ward.work, shift_id=shift.id)

    with ward.work.read() as tx:
        kept = [*tx.db.execute(audit.select()), *tx.db.execute(outbox.select())]
        history = journal.history(tx.db, subject_id=shift.id)
    assert "meet.example.org" not in "\n".join(map(repr, kept))
    assert "shift.join_changed" in [entry.event for _, entry in history]


def test_who_joins_from_elsewhere_checks_in_without_a_word_of_health_and_without_a_pass(ward):
    """Rules D1, D2, C10, B17."""
    shift = huddle(ward)
    ward.work.clock.now = shift.starts_at
    with ward.work.read() as tx:
        code = days.find(tx.db, shift_id=shift.id).pass_code

    with pytest.raises(NotFound):
        passes.show(ward.work, ward.as_observer(), shift_id=shift.id)
    assert not passes.check(ward.work, code=code, address="192.0.2.1")
    here = day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="")
    assert here.state == "checked_in"
    assert joins(ward, shift, ward.as_observer()) == LINK


def test_what_concerns_being_in_the_building_is_not_asked(ward):
    """Rules C3, B17: no orientation, no vaccines; privacy and conduct all the same."""
    bare = ward.another_observer()
    with ward.work.write() as tx:
        away = credential.c.requirement.not_in(("HIPAA", "CONF", "COND"))
        tx.db.execute(credential.delete().where(credential.c.person_id == bare, away))
    say(ward, EveryWeek(HUDDLE, (SUN,)))

    shift = request(ward.work, actor(ward.work, bare), Ask(bookable(ward)[0].id, GOAL))

    assert shift.state == "confirmed"


def test_a_press_opens_the_page_or_calls_the_number():
    assert link(LINK) == LINK
    assert link("+1 (312) 555-0188, code 4411#") == "tel:+13125550188"


def test_who_takes_it_over_says_where(ward):
    """Rules B12, B17: neither the hours of who had it before nor anybody else."""
    shift = huddle(ward)
    taker = ward.another_host()
    as_taker = actor(ward.work, taker, "host")
    swapping.propose(ward.work, ward.as_host(), shift_id=shift.id, host_id=taker)
    swapping.accept(ward.work, as_taker, shift_id=shift.id)
    new = "https://meet.example.org/other-room"

    for who in (ward.as_host(), actor(ward.work, ward.another_host(), "host")):
        with pytest.raises(NotFound):
            joining.say(ward.work, who, shift_id=shift.id, join_at=new)
    with pytest.raises(BadValue):
        joining.say(ward.work, as_taker, shift_id=shift.id, join_at="call me")
    joining.say(ward.work, as_taker, shift_id=shift.id, join_at=new)
    clock.run(ward.work)

    assert joins(ward, shift, ward.as_observer()) == new
    assert joins(ward, shift, as_taker) == new


def test_where_hours_say_it_the_page_of_the_shift_does_not(ward):
    """Rule B17."""
    shift = huddle(ward)
    with pytest.raises(NotFound):
        joining.say(ward.work, ward.as_host(), shift_id=shift.id, join_at=LINK)
