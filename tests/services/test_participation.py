"""HR's figures: all of one's own people's hours, nobody else's, and never a pairing."""

import csv
import io
from dataclasses import fields

import pytest

from shadowing.domain.errors import NotAllowed
from shadowing.domain.participation import BadFilter, Record
from shadowing.services import participation
from shadowing.services.bookings import asking, day
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.journal import audit
from tests import makers
from tests.makers import Ward


@pytest.fixture
def ward(work):
    ward = Ward(work)
    ward.hr = makers.person(work, ward.organization, roles=("hr",), level="")
    return ward


def as_hr(ward):
    return makers.actor(ward.work, ward.hr, "hr")


def took_place(ward, *, minutes=240, **slot):
    ward.work.clock.now = makers.NOW
    wanted = Ask(ward.slot(mode="auto", **slot), "See how a morning starts.")
    shift = asking.request(ward.work, ward.as_observer(), wanted)
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="yes")
    ward.work.clock.advance(minutes=minutes)
    return day.check_out(ward.work, ward.as_host(), shift_id=shift.id)


def listed(ward, **raw):
    return participation.show(ward.work, as_hr(ward), raw=raw, number=1)


def test_a_shift_counts_for_both_who_took_part(ward):
    """Rule H1: date, minutes, unit, role kind, as observer or host."""
    took_place(ward, minutes=230)

    page = listed(ward)

    seen = {(each.part, each.minutes, each.role_kind) for each in page.records}
    assert seen == {
        ("observer", 230, "Staff nurse, ward"),
        ("host", 230, "Staff nurse, ward"),
    }
    assert (page.total, page.people, page.minutes) == (2, 2, 460)


def test_what_has_not_taken_place_is_no_participation(ward):
    asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto"), "See a morning."))

    assert listed(ward).total == 0


def test_no_record_names_the_other_person():
    """Section 8.1: pairing is role kind only for HR."""
    names = {field.name for field in fields(Record)}

    assert not names & {"other", "host", "observer", "host_id", "observer_id", "shift_id"}


def test_other_organizations_people_are_not_listed(ward):
    took_place(ward)
    elsewhere = makers.organization(ward.work)
    stranger = makers.person(ward.work, elsewhere, roles=("hr",))

    page = participation.show(ward.work, makers.actor(ward.work, stranger, "hr"), raw={}, number=1)

    assert page.total == 0


@pytest.mark.parametrize("role", ["observer", "host", "unit_manager", "coordinator"])
def test_only_hr_reads_the_list(ward, role):
    """Rule P1: deny by default."""
    who = {
        "observer": ward.as_observer,
        "host": ward.as_host,
        "unit_manager": ward.as_manager,
        "coordinator": ward.as_coordinator,
    }[role]()

    with pytest.raises(NotAllowed):
        participation.show(ward.work, who, raw={}, number=1)
    with pytest.raises(NotAllowed):
        participation.export(ward.work, who, raw={})


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"part": "host"}, 1),
        ({"band": "night"}, 0),
        ({"band": "day"}, 2),
        ({"role_kind": "rn_ms"}, 2),
        ({"role_kind": "orderly"}, 0),
        ({"family": "nursing"}, 2),
        ({"family": "support"}, 0),
        ({"family": "nursing", "role_kind": "aide"}, 0),
        ({"from": "2027-03-23"}, 0),
        ({"from": "2027-03-22", "to": "2027-03-22"}, 2),
        ({"name": "%"}, 0),
        ({"name": "person"}, 2),
    ],
)
def test_the_list_can_be_narrowed(ward, raw, found):
    took_place(ward)

    assert listed(ward, **raw).total == found


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"from": "soon"}, "from"),
        ({"from": "2027-03-02", "to": "2027-03-01"}, "to"),
        ({"unit": "w4"}, "unit"),
        ({"cycle": "never"}, "cycle"),
        ({"family": "kings"}, "family"),
        ({"role_kind": "king"}, "role_kind"),
    ],
)
def test_a_filter_that_cannot_be_names_its_field(ward, raw, field):
    with pytest.raises(BadFilter) as refused:
        listed(ward, **raw)

    assert refused.value.facts["field"] == field


def test_a_cycle_is_from_its_first_to_its_last_day(ward):
    took_place(ward)
    page = listed(ward)
    (code, _), *_ = page.choices.cycles

    assert listed(ward, cycle=code).total == 2
    assert page.records[0].cycle == "This cycle"


def test_the_file_holds_the_same_and_runs_nothing(ward):
    """security.md 5.3: a name that begins like a formula is shown, never run."""
    risky = ward.another_observer(name='=HYPERLINK("http://example.org")')
    ward.observer = risky
    took_place(ward)

    text = participation.export(ward.work, as_hr(ward), raw={}).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["Name", "Part", "Date", "Minutes"]
    assert len(rows) == 3
    assert {row[0] for row in rows[1:]} >= {'\'=HYPERLINK("http://example.org")'}


def test_reading_and_taking_the_list_is_itself_on_record(ward):
    """Rule P16: reading other people's detail is audited."""
    listed(ward)
    participation.export(ward.work, as_hr(ward), raw={})

    with ward.work.read() as tx:
        rows = tx.db.execute(audit.select().where(audit.c.person_id == ward.hr)).all()
    assert [row.event for row in rows] == ["participation.read", "participation.exported"]


def test_a_short_visit_keeps_its_minutes_and_is_no_shift(ward):
    """Rule D5: hours always as they were; a shift from an hour."""
    took_place(ward, minutes=59)

    assert {(each.minutes, each.counts) for each in listed(ward).records} == {(59, False)}
