"""A coordinator's exceptions: what each lets through, for whom, and until when."""

from datetime import date, timedelta

import pytest

from shadowing.domain.allowances import DayMissing, Kind, NobodyFound, NotInLine, ReasonMissing
from shadowing.domain.bookings.asking import NoticeTooShort, PromiseOverdue, ReportingLine
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.services import allowances
from shadowing.services.allowances import Wanted
from shadowing.services.bookings import answering, asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import followup, people
from tests import makers
from tests.makers import NOW, Ward
from tests.web.finding import change

GOAL = "See how a morning starts."
WHY = "The board meets that week."


@pytest.fixture
def ward(work):
    return Ward(work)


def email(ward, person_id):
    with ward.work.read() as tx:
        return tx.db.scalar(
            people.person.select()
            .with_only_columns(people.person.c.email)
            .where(people.person.c.id == person_id)
        )


def give(ward, kind, *, who=None, reason=WHY, **more):
    wanted = Wanted(kind=kind, person=email(ward, who or ward.observer), reason=reason, **more)
    allowances.give(ward.work, ward.as_coordinator(), wanted)


def ask(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def test_shorter_notice_is_for_one_person_and_one_day(ward):
    """Rule B4: CRD may shorten with a reason."""
    soon = NOW + timedelta(days=3)
    with pytest.raises(NoticeTooShort):
        ask(ward, starts_at=soon)

    give(ward, Kind.NOTICE, day=soon.date())

    with pytest.raises(NoticeTooShort):
        ask(ward, starts_at=soon + timedelta(days=1))
    other = ward.as_observer(ward.another_observer())
    slot_id = ward.slot(host_id=ward.another_host(), starts_at=soon)
    with pytest.raises(NoticeTooShort):
        asking.request(ward.work, other, Ask(slot_id, GOAL))
    host = ward.another_host()
    assert ask(ward, host_id=host, starts_at=soon).state is State.REQUESTED


def test_across_a_reporting_line_the_hosts_yes_is_personal(ward):
    """Rule P6: an override with a reason; ``auto`` does not count; the host is told of the line."""
    change(ward.work, people.person, ward.host, manager_id=ward.observer)
    with pytest.raises(ReportingLine):
        ask(ward, mode="auto")

    give(ward, Kind.LINE, host=email(ward, ward.host))
    shift = ask(ward, mode="auto", starts_at=NOW + timedelta(days=15))

    assert shift.state is State.REQUESTED
    assert shift.overridden_by_id == ward.coordinator
    assert answering.accept(ward.work, ward.as_host(), shift_id=shift.id).state is State.CONFIRMED


def test_for_an_executive_one_override_serves_the_cycle(ward):
    """Rule P6: whole-site leaders."""
    change(ward.work, people.person, ward.observer, level="executive")
    change(ward.work, people.person, ward.host, manager_id=ward.observer)

    give(ward, Kind.LINE)

    assert ask(ward).overridden_by_id == ward.coordinator


def test_a_waiver_of_a_late_promise_ends(ward):
    """Rule F11: waived by CRD with a reason and an end date."""
    host = ward.another_host()
    day = {"first_due_on": date(2027, 1, 5), "due_on": date(2027, 1, 5)}
    words = {"kind": "remove_obstacle", "action": "Mend it.", "tell": "In the huddle."}
    at = {"created_at": NOW - timedelta(days=100), "changed_at": NOW - timedelta(days=100)}
    old = ask(ward)
    answering.decline(ward.work, ward.as_host(), shift_id=old.id)
    ids = {"shift_id": old.id, "owner_id": ward.observer, "host_id": host}
    makers.add(ward.work, followup.commitment, state="in_progress", **ids, **day, **words, **at)
    with pytest.raises(PromiseOverdue):
        ask(ward, starts_at=NOW + timedelta(days=20))

    give(ward, Kind.PROMISE, until=(NOW + timedelta(days=5)).date())
    assert ask(ward, starts_at=NOW + timedelta(days=21))
    ward.work.clock.advance(days=6)
    with pytest.raises(PromiseOverdue):
        ask(ward, host_id=host, starts_at=NOW + timedelta(days=40))


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        (Kind.NOTICE, {}, DayMissing),
        (Kind.PROMISE, {"until": date(2027, 3, 1)}, DayMissing),
        (Kind.LINE, {"host": "nobody@example.org"}, NobodyFound),
        (Kind.NOTICE, {"day": date(2027, 3, 12), "reason": " "}, ReasonMissing),
        (Kind.NOTICE, {"day": date(2027, 3, 12), "reason": "x" * 201}, ReasonMissing),
    ],
)
def test_what_is_missing_is_said(ward, kind, more, reason):
    with pytest.raises(reason):
        give(ward, kind, **more)


def test_a_line_there_is_not_is_not_allowed_for(ward):
    with pytest.raises(NotInLine):
        give(ward, Kind.LINE, host=email(ward, ward.host))


def test_only_a_coordinator_gives_and_ends_and_ended_the_rule_holds_again(ward):
    """Section 8.1; the audit log keeps both."""
    soon = NOW + timedelta(days=3)
    wanted = Wanted(
        kind=Kind.NOTICE, person=email(ward, ward.observer), reason=WHY, day=soon.date()
    )
    for who in (ward.as_host(), ward.as_observer(), ward.as_manager()):
        with pytest.raises(NotAllowed):
            allowances.give(ward.work, who, wanted)
    allowances.give(ward.work, ward.as_coordinator(), wanted)
    (given,) = allowances.listed(ward.work, ward.as_coordinator())
    assert (given.kind, given.reason) == (Kind.NOTICE, WHY)
    far = makers.organization(ward.work)
    makers.program(ward.work, far)
    stranger = makers.person(ward.work, far, roles=("coordinator",))
    with pytest.raises(NotFound):
        allowances.end(
            ward.work, makers.actor(ward.work, stranger, "coordinator"), allowance_id=given.id
        )

    allowances.end(ward.work, ward.as_coordinator(), allowance_id=given.id)

    assert allowances.listed(ward.work, ward.as_coordinator()) == ()
    with pytest.raises(NoticeTooShort):
        ask(ward, starts_at=soon)
