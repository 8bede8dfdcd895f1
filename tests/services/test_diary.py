"""A diary takes time away from what its owner offers, and warns them; nobody else knows of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shadowing.adapters.fetch import Fetched, NotChanged, NotFetched
from shadowing.domain.bookings.states import State
from shadowing.domain.diary import Kind
from shadowing.domain.errors import BadValue, NotAllowed
from shadowing.services import diary, operations
from shadowing.services.availability import horizon
from shadowing.services.availability.acts import EveryWeek
from shadowing.services.bookings import answering, choosing, offers
from shadowing.services.bookings.offers import Listing
from shadowing.store.tables.diary import diary_busy
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import Ward
from tests.services.hours import DAY, SUN, book, bookable, rows, say

ADDRESS = "https://calendar.example/ada.ics?key=secret"


def never():
    return False


def file(*spans, title="Dentist", uid="x"):
    """Write a calendar of some stretches."""
    lines = ["BEGIN:VCALENDAR"]
    for number, (start, end) in enumerate(spans):
        lines += ["BEGIN:VEVENT", f"UID:{uid}{number}", f"SUMMARY:{title}"]
        lines += [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def during(row):
    """Take the middle hour of a slot."""
    return row.starts_at + timedelta(hours=1), row.starts_at + timedelta(hours=2)


@pytest.fixture
def ward(work):
    ward = Ward(work)
    say(ward, EveryWeek(DAY, (SUN,)))
    return ward


@pytest.fixture
def net(monkeypatch):
    """Answer every fetch with what the test says, and list what was asked with."""

    class Net:
        answer = None
        asked = ()

        def __call__(self, address, *, etag, modified, allowed):
            self.asked = (*self.asked, (address, etag, modified, allowed))
            if isinstance(self.answer, Exception):
                raise self.answer
            return Fetched(self.answer, '"7"', "yesterday")

    net = Net()
    monkeypatch.setattr(diary, "fetch", net)
    return net


def upload(ward, data, actor=None):
    who = actor or ward.as_host()
    diary.upload(ward.work, who, data=data)
    horizon.follow_diary(ward.work, who)


def look(ward):
    """Do what the worker does."""
    looked = diary.read_due(ward.work, allowed=(), stopped=never)
    horizon.follow_diaries(ward.work)
    return looked


def test_slots_that_overlap_are_hidden_and_come_back_rule_a1(ward):
    first, second, *_ = rows(ward)

    upload(ward, file(during(first), (second.ends_at, second.ends_at + timedelta(hours=1))))
    assert [row.id for row in rows(ward, state="hidden")] == [first.id]

    diary.disconnect(ward.work, ward.as_host())
    horizon.follow_diaries(ward.work)
    assert rows(ward, state="hidden") == []
    assert rows(ward)[0].id == first.id


def test_what_is_booked_or_asked_for_stays_rule_a6(ward):
    booked = bookable(ward)[0]
    made = book(ward, booked)

    upload(ward, file(during(booked)))

    assert makers.shifts(ward.work)[0].state == made.state == State.CONFIRMED
    assert makers.taken(ward.work, booked.id) == 1


def test_a_request_that_waits_can_still_be_accepted_rule_a6(ward):
    asked = makers.slot(ward.work, ward.another_host(), ward.unit)
    with ward.work.read() as tx:
        row = tx.db.execute(select(horizon.hours.slot).filter_by(id=asked)).one()
    shift = book(ward, row)
    host = makers.actor(ward.work, row.host_id, "host")

    upload(ward, file(during(row)), host)
    answering.accept(ward.work, host, shift_id=shift.id)

    assert makers.shifts(ward.work)[0].state == State.CONFIRMED


def test_hours_given_later_keep_clear_of_the_diary_too(work):
    ward = Ward(work)
    sunday = makers.NOW + timedelta(days=13)
    upload(ward, file((sunday, sunday + timedelta(days=1))))

    say(ward, EveryWeek(DAY, (SUN,)))

    assert len(rows(ward, state="hidden")) == 1


def test_times_only_are_kept_and_the_log_says_no_more_rule_p16(ward):
    upload(ward, file(during(rows(ward)[0]), title="Job interview"))

    with ward.work.read() as tx:
        kept = str(tx.db.execute(select(diary_busy)).all())
        log = tx.db.execute(select(audit.c.event, audit.c.code)).all()
    assert "interview" not in kept + str(log)
    assert ("diary.uploaded", "") in log


def test_somebody_who_asks_is_warned_and_not_refused_rule_b7(ward):
    seeker = ward.as_observer()
    first, second = bookable(ward)[:2]
    upload(ward, file(during(first)), seeker)

    page = offers.slots_page(ward.work, seeker, Listing())
    found = {card.slot_id: (card.warnings, card.bookable) for card in page.cards}
    assert found[first.id] == (("own_diary",), True)
    assert found[second.id] == ((), True)
    assert choosing.offer(ward.work, seeker, slot_id=first.id).card.warnings == ("own_diary",)
    assert book(ward, first).state == State.CONFIRMED
    assert choosing.offer(ward.work, seeker, slot_id=first.id).card.warnings == ()


def test_the_hosts_diary_warns_nobody_else(ward):
    other = bookable(ward)[1]
    upload(ward, file((other.ends_at, other.ends_at + timedelta(hours=1))))

    page = offers.slots_page(ward.work, ward.as_observer(), Listing())

    assert {card.warnings for card in page.cards} == {()}


def test_our_own_events_in_a_diary_take_nothing_away(ward):
    """Whoever accepts our invitations has them in their diary."""
    first = rows(ward)[0]
    ours = file(during(first), uid="shadow-").replace(b"shadow-0", b"shadow-0@localhost")

    upload(ward, ours)

    assert rows(ward, state="hidden") == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"", "no_file"), (b"hello", "unreadable_file"), (b"\0", "unreadable_file")],
)
def test_a_file_that_cannot_be_read_changes_nothing(ward, data, problem):
    upload(ward, file(during(rows(ward)[0])))

    with pytest.raises(BadValue) as refused:
        diary.upload(ward.work, ward.as_host(), data=data)

    assert refused.value.facts["problem"] == problem
    assert diary.show(ward.work, ward.as_host()).stretches == 1


def test_only_those_who_host_or_ask_have_a_diary_here(ward):
    for do in (diary.show, diary.disconnect):
        with pytest.raises(NotAllowed):
            do(ward.work, ward.as_manager())


def connect(ward):
    diary.connect(ward.work, ward.as_host(), address=f" {ADDRESS} ")


def test_an_address_is_read_by_the_worker_and_again_an_hour_later(ward, net, clock):
    first = rows(ward)[0]
    net.answer = file(during(first))
    connect(ward)
    assert diary.show(ward.work, ward.as_host()).good_at is None

    assert look(ward) == 1
    shown = diary.show(ward.work, ward.as_host())
    assert (shown.kind, shown.host, shown.good_at) == (
        Kind.ADDRESS,
        "calendar.example",
        makers.NOW,
    )
    assert [row.id for row in rows(ward, state="hidden")] == [first.id]
    assert look(ward) == 0

    clock.advance(hours=1.2)
    net.answer = NotChanged()
    assert look(ward) == 1
    assert [ask[:3] for ask in net.asked] == [(ADDRESS, "", ""), (ADDRESS, '"7"', "yesterday")]
    assert diary.show(ward.work, ward.as_host()).good_at == clock.now
    assert len(rows(ward, state="hidden")) == 1


def test_once_a_day_it_is_read_anew_whether_or_not_it_changed(ward, net, clock):
    net.answer = file()
    connect(ward)
    look(ward)
    clock.advance(days=1)
    look(ward)

    assert net.asked[1][1:3] == ("", "")


def test_what_was_read_last_counts_while_it_fails_and_its_owner_is_told_once(ward, net, clock):
    """Five failures, an hour apart; then once a day."""
    net.answer = file(during(rows(ward)[-1]))
    connect(ward)
    look(ward)
    net.answer = NotFetched("unreachable")
    for _ in range(5):
        clock.advance(hours=1.2)
        assert look(ward) == 1
    clock.advance(hours=2)
    assert look(ward) == 0
    clock.advance(days=1.2)
    assert look(ward) == 1

    shown = diary.show(ward.work, ward.as_host())
    assert (shown.failures, shown.problem, shown.old, shown.stretches) == (
        6,
        "unreachable",
        True,
        1,
    )
    with ward.work.read() as tx:
        told = tx.db.scalars(select(outbox.c.recipient_id).where(outbox.c.kind == "diary-unread"))
        assert told.all() == [ward.host]


def test_a_feed_that_is_no_calendar_is_a_failure_told_in_its_own_words(ward, net):
    net.answer = b"<html>Sign in</html>"
    connect(ward)
    look(ward)

    assert "no calendar file" in diary.show(ward.work, ward.as_host()).problem


def test_of_a_diary_that_was_disconnected_meanwhile_nothing_is_kept(ward, monkeypatch):
    connect(ward)
    data = file(during(rows(ward)[0]))

    def gone(*_words, **_more):
        diary.disconnect(ward.work, ward.as_host())
        return Fetched(data, "", "")

    monkeypatch.setattr(diary, "fetch", gone)
    look(ward)

    assert diary.show(ward.work, ward.as_host()).stretches == 0
    assert rows(ward, state="hidden") == []


def test_a_worker_that_was_killed_leaves_the_diary_due_again(ward, net, clock, monkeypatch):
    connect(ward)

    def killed(*_words, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(diary, "fetch", killed)
    with pytest.raises(KeyboardInterrupt):
        look(ward)
    monkeypatch.setattr(diary, "fetch", net)
    net.answer = file()
    assert look(ward) == 0
    clock.advance(minutes=6)
    assert look(ward) == 1


def test_what_was_read_and_not_yet_followed_is_followed_by_the_next_worker(ward, net):
    """Killed between the two, the slots still follow."""
    net.answer = file(during(rows(ward)[0]))
    connect(ward)
    diary.read_due(ward.work, allowed=(), stopped=never)
    assert rows(ward, state="hidden") == []

    assert horizon.follow_diaries(ward.work) == 1
    assert horizon.follow_diaries(ward.work) == 0
    assert len(rows(ward, state="hidden")) == 1


@pytest.mark.parametrize("address", ["", "calendar", "http://calendar.example/", "file:///etc"])
def test_an_address_that_is_none_is_refused(ward, address):
    with pytest.raises(BadValue) as refused:
        diary.connect(ward.work, ward.as_host(), address=address)

    assert refused.value.facts["field"] == "address"


def test_the_doctor_counts_the_diaries_that_cannot_be_read(ward, net, clock):
    net.answer = NotFetched("too_slow")
    connect(ward)
    for _ in range(5):
        look(ward)
        clock.advance(hours=1.2)

    assert operations.diaries(ward.work).fault.startswith("1 could not be read 5 times")
