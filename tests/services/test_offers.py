"""Finding a slot: what is listed, in which order, counted how, and for whom."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, update

from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.services.bookings import asking, choosing, offers
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.cards import Face
from shadowing.services.bookings.offers import Listing, Query
from shadowing.store.tables import people
from tests import makers
from tests.makers import NOW, Ward

GOAL = "See what a nurse waits for."
FORTNIGHT = NOW + timedelta(days=14)
"""Monday, March 22, 2027, 9 am in Chicago: the first week in which there is notice enough."""


@pytest.fixture
def ward(work):
    """Give a hospital with one ward, a host and a cleared observer."""
    return Ward(work)


@contextmanager
def counted(work):
    """List the statements sent meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_more):
        sent.append(statement)

    event.listen(work.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(work.engine, "before_cursor_execute", note)


def change(work, table, row_id, **values):
    """Set values of one row."""
    with work.write() as tx:
        tx.db.execute(update(table).where(table.c.id == row_id).values(**values))


def in_week(work, actor, day=FORTNIGHT, **more):
    """Find what there is in the week of an instant."""
    return offers.find(work, actor, Query(week=day.date(), **more))


def ids(found):
    """Name the slots that were found."""
    return [card.slot_id for card in found.cards]


def test_a_slot_says_who_where_when_and_how_it_is_asked_for(work, ward):
    slot_id = ward.slot()

    (card,) = in_week(work, ward.as_observer()).cards

    assert card.slot_id == slot_id
    assert (card.starts_at, card.minutes, card.zone) == (FORTNIGHT, 240, "America/Chicago")
    assert card.host_name.startswith("Person")
    assert card.role_label == "Staff nurse, ward"
    assert card.face is Face.ASK
    assert card.bookable
    assert card.answer_by == NOW + timedelta(hours=72), "rule B6"


def test_a_slot_is_open_where_host_and_unit_said_yes_in_advance(work, ward):
    slot_id = ward.slot(mode="auto")

    assert [card.face for card in in_week(work, ward.as_observer()).cards] == [Face.OPEN]

    change(work, people.unit, ward.unit, auto_approve=False)
    assert [card.face for card in in_week(work, ward.as_observer()).cards] == [Face.ASK]
    assert asking.request(work, ward.as_observer(), Ask(slot_id, GOAL)).state == "host_accepted"


def test_a_blind_slot_keeps_the_name_of_its_host_to_itself(work, ward):
    """Rule A10."""
    ward.slot(mode="blind")

    found = in_week(work, ward.as_observer())
    (card,) = found.cards

    with work.read() as tx:
        name = tx.db.scalar(
            people.person.select()
            .with_only_columns(people.person.c.name)
            .where(people.person.c.id == ward.host),
        )
    assert card.host_name == ""
    assert name not in repr(found)
    assert str(ward.host) not in repr(found)


@pytest.mark.parametrize(
    ("audience", "level", "seen"),
    [
        ("anyone", "director", True),
        ("executives", "director", False),
        ("executives", "executive", True),
        ("fellows", "executive", False),
        ("fellows", "student", True),
    ],
)
def test_who_was_not_invited_does_not_know_of_a_slot(work, ward, audience, level, seen):
    """Rule A2: it filters silently, in the list, in the counts and by address."""
    change(work, people.person, ward.observer, level=level)
    slot_id = ward.slot(audience=audience)

    found = in_week(work, ward.as_observer())

    assert ids(found) == ([slot_id] if seen else [])
    assert found.total == seen
    if seen:
        assert choosing.offer(work, ward.as_observer(), slot_id=slot_id).card.bookable
    else:
        for look in (choosing.offer, choosing.alternatives):
            with pytest.raises(NotFound):
                look(work, ward.as_observer(), slot_id=slot_id)


def test_nobody_finds_their_own_slots(work, ward):
    both = ward.another_observer(host_role="rn_ms", host_unit_id=ward.unit)
    with work.write() as tx:
        tx.db.execute(people.person_role.insert().values(person_id=both, role="host"))
    slot_id = ward.slot(host_id=both)

    assert ids(in_week(work, ward.as_observer(both))) == []
    assert ids(in_week(work, ward.as_observer())) == [slot_id]
    with pytest.raises(NotFound):
        choosing.offer(work, ward.as_observer(both), slot_id=slot_id)


def test_only_those_who_shadow_may_look(work, ward):
    slot_id = ward.slot()

    for look in (
        lambda: in_week(work, ward.as_host()),
        lambda: offers.slots_page(work, ward.as_host(), Listing()),
        lambda: choosing.offer(work, ward.as_host(), slot_id=slot_id),
        lambda: choosing.alternatives(work, ward.as_host(), slot_id=slot_id),
    ):
        with pytest.raises(NotAllowed):
            look()


def test_a_slot_with_several_seats_says_how_many_are_free(work, ward):
    slot_id = ward.slot(seats=3)
    asking.hold(work, ward.as_observer(ward.another_observer()), Ask(slot_id, GOAL))

    (card,) = in_week(work, ward.as_observer()).cards

    assert (card.free_seats, card.seats) == (2, 3)


def test_among_equal_starts_nobody_is_first_for_everyone(work, ward, clock):
    """Rule M8: by chance, the same for one viewer on one day."""
    for _ in range(6):
        ward.slot(host_id=ward.another_host())
    others = [ward.as_observer(ward.another_observer()) for _ in range(3)]

    orders = [ids(in_week(work, each)) for each in others]
    assert orders == [ids(in_week(work, each)) for each in others]
    clock.advance(days=1)
    orders += [ids(in_week(work, each)) for each in others]

    assert len({tuple(order) for order in orders}) > 3
    assert len({frozenset(order) for order in orders}) == 1


def test_slots_come_by_their_start(work, ward):
    late, early = (
        ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(hours=n))
        for n in (5, 0)
    )

    assert ids(in_week(work, ward.as_observer())) == [early, late]


def test_by_default_the_first_week_with_notice_enough_is_shown(work, ward):
    """Rule B4: seven days for people of the house, twenty-eight for everybody else."""
    student = ward.another_observer(kind="student", level="student")

    assert offers.find(work, ward.as_observer(), Query()).first == date(2027, 3, 15)
    assert offers.find(work, ward.as_observer(student), Query()).first == date(2027, 4, 5)


@pytest.mark.parametrize("days", range(1, 8))
def test_by_default_no_day_of_the_week_is_too_soon_to_ask_for(work, ward, days):
    """Rule B4: whatever weekday it is, what is shown first can be asked for."""
    work.clock.advance(days=days)

    assert offers.find(work, ward.as_observer(), Query()).first == date(2027, 3, 22)


@pytest.mark.parametrize(
    "day", [date.min, date(2027, 3, 7), date(2026, 3, 22), date(2028, 4, 1), date.max]
)
def test_a_week_that_is_over_or_far_away_is_not_looked_for(work, ward, day):
    for query in (Query(week=day), Query(day=day)):
        found = offers.find(work, ward.as_observer(), query)

        assert (found.first, found.day) == (date(2027, 3, 15), None)


def test_the_week_strip_counts_each_day_and_leads_on(work, ward):
    """A day's number is how many would be listed if it were chosen."""
    for days in (0, 0, 2):
        ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=days))

    week = in_week(work, ward.as_observer())
    monday = offers.find(work, ward.as_observer(), Query(day=date(2027, 3, 22)))

    assert [count for _, count in week.days] == [2, 0, 1, 0, 0, 0, 0]
    assert (week.total, monday.total, len(monday.cards)) == (3, 2, 2)
    assert monday.days == week.days
    assert (week.before, week.after) == (date(2027, 3, 21), date(2027, 3, 29))
    assert in_week(work, ward.as_observer(), NOW).before is None


def test_every_filter_narrows_and_counts_with_the_others_as_they_are(work, ward):
    other = makers.unit(work, ward.site)
    plain = {"starts_at": FORTNIGHT, "mode": "ask"}
    for changes in (
        {"host_role": "aide", "band": "day"},
        {"host_role": "aide", "band": "night"},
        {"host_role": "pharm", "band": "night", "mode": "auto"},
    ):
        ward.slot(host_id=ward.another_host(), **(plain | changes))
    makers.slot(work, ward.another_host(), other, starts_at=FORTNIGHT, host_role="aide")

    def numbers(choices):
        return {choice.code: (choice.count, choice.chosen) for choice in choices}

    found = in_week(work, ward.as_observer(), roles=("aide",), unit_id=ward.unit)
    assert found.total == len(found.cards) == 2
    assert numbers(found.roles) == {"aide": (2, True), "pharm": (1, False)}
    assert numbers(found.bands) == {"day": (1, False), "night": (1, False)}
    assert numbers(found.modes) == {"ask": (2, False)}

    found = in_week(work, ward.as_observer(), bands=("night",), modes=("auto",), roles=("aide",))
    assert found.total == 0
    assert numbers(found.roles) == {"aide": (0, True), "pharm": (1, False)}


@pytest.mark.parametrize("code", ["", "nobody", "x" * 10_000, "'; --", "\N{PILE OF POO}"])
def test_a_filter_nobody_knows_is_left_out(work, ward, code):
    ward.slot()

    found = in_week(work, ward.as_observer(), roles=(code,), bands=(code,), modes=(code,))

    assert found.total == 1


def test_an_empty_day_leads_to_the_nearest_other(work, ward):
    ward.slot(starts_at=FORTNIGHT, host_role="pharm")
    ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=30))
    seeker = ward.as_observer()

    def nearest(day, **more):
        return offers.find(work, seeker, Query(day=day, **more)).nearest

    assert nearest(date(2027, 3, 20)) == date(2027, 3, 22)
    assert nearest(date(2027, 3, 23)) == date(2027, 3, 22), "the day before is near as well"
    assert nearest(date(2027, 3, 20), roles=("rn_ms",)) == date(2027, 4, 21)
    assert nearest(date(2027, 4, 30)) == date(2027, 4, 21)
    assert nearest(date(2027, 4, 30), roles=("surg",)) is None
    assert in_week(work, seeker).nearest is None


def test_a_day_without_notice_enough_is_not_the_nearest(work, ward):
    """Rule B4."""
    ward.slot(starts_at=NOW + timedelta(days=2))
    ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT)

    found = offers.find(work, ward.as_observer(), Query(day=date(2027, 3, 11)))

    assert found.nearest == date(2027, 3, 22)


def test_fifty_are_shown_at_a_time(work, ward):
    for number in range(53):
        ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(minutes=number))
    seeker = ward.as_observer()

    pages = [in_week(work, seeker, page=number) for number in (1, 2, 3, -5, 10**9)]

    assert [len(page.cards) for page in pages] == [50, 3, 3, 50, 3]
    assert [page.page for page in pages] == [1, 2, 2, 1, 2]
    assert len({*ids(pages[0]), *ids(pages[1])}) == pages[0].total == 53


def test_a_program_reads_on_where_its_page_ended(work, ward):
    made = [
        ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=number // 2))
        for number in range(5)
    ]
    seeker, read, cursor = ward.as_observer(), [], ""
    for _ in range(3):
        page = offers.slots_page(work, seeker, Listing(limit=2, cursor=cursor))
        read += [card.slot_id for card in page.cards]
        cursor = page.next_cursor

    assert cursor == ""
    assert sorted(read) == sorted(made)


def test_a_program_asks_for_days_units_roles_and_bands(work, ward):
    ward.slot(host_role="aide", band="night")
    ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=1))

    def found(**wanted):
        return len(offers.slots_page(work, ward.as_observer(), Listing(**wanted)).cards)

    assert found() == 2
    assert found(first=date(2027, 3, 23)) == 1
    assert found(until=date(2027, 3, 23)) == 1, "the end is no part of it"
    assert found(roles=("aide",)) == found(bands=("night",)) == 1
    assert found(unit_ids=(ward.site,)) == 0
    assert found(limit=0) == 1
    assert found(limit=10**9) == 2


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "\N{PILE OF POO}", "MDAwMS0wMS0wMVQwMDowMDowMCswMTowMCB4", "=" * 5000]
)
def test_a_cursor_we_did_not_give_out_is_refused(work, ward, cursor):
    with pytest.raises(BadValue):
        offers.slots_page(work, ward.as_observer(), Listing(cursor=cursor))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_number_of_statements_stays_the_same(work, ward):
    """House rule 9: 1, 3 and 300 slots."""
    seeker = ward.as_observer()
    took, made = {}, 0
    for wanted in (1, 3, 300):
        while made < wanted:
            start = FORTNIGHT + timedelta(minutes=made % 60)
            last = ward.slot(host_id=ward.another_host(), starts_at=start)
            made += 1
        with counted(work) as listing:
            assert in_week(work, seeker).total == wanted
        with counted(work) as paging:
            offers.slots_page(work, seeker, Listing())
        with counted(work) as likening:
            choosing.alternatives(work, seeker, slot_id=last)
        took[wanted] = [len(listing), len(paging), len(likening)]

    assert took[1] == took[3] == took[300]
    assert max(took[300]) <= 32


def test_of_a_day_with_very_many_slots_so_many_are_counted_and_all_are_shown(work, monkeypatch):
    """What a week costs does not grow with the hospital; its numbers say "at least"."""
    monkeypatch.setattr(offers, "MOST_A_DAY", 2)
    ward = Ward(work)
    for _ in range(3):
        ward.slot(host_id=ward.another_host())
    ward.slot(host_id=ward.another_host(), starts_at=makers.NOW + timedelta(days=15))

    found = offers.find(work, ward.as_observer(), Query(week=date(2027, 3, 22)))

    assert [count for _, count in found.days] == [2, 1, 0, 0, 0, 0, 0]
    assert (found.total, found.more, found.rough) == (3, True, True)
    assert len(found.cards) == 4
    assert {choice.code for choice in found.bands} > {"day"}, "all, for all may be there"
    one_day = offers.find(work, ward.as_observer(), Query(day=date(2027, 3, 23)))
    assert (one_day.total, one_day.more) == (1, False)
