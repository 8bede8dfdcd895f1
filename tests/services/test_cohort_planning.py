"""Planning a cohort day (B14): what it needs, whom it may invite, who may plan it, what is told."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.cohort import (
    CohortDayOver,
    CohortDayTooSoon,
    CohortMoveNotAllowed,
    CohortTextMissing,
    CohortTextTooLong,
    JointTalkHours,
    NobodyInvited,
    NoReverseShadow,
    PatientDetailInCohort,
    TooManyInvited,
)
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.followup.debrief import NoDebriefTime
from shadowing.services.bookings import (
    cohort,
    cohort_days,
    cohort_guests,
    cohort_promises,
    talks,
)
from shadowing.store import journal
from shadowing.store.tables import followup, people
from shadowing.store.tables.cohort import cohort_day
from tests import makers
from tests.makers import NOW, Ward
from tests.services.cohorts import (
    DAY,
    TALK,
    book,
    drafted,
    moved_to,
    offer_meeting,
    planned,
    state_of,
    talk_of,
)
from tests.services.test_answering import kinds


@pytest.fixture
def ward(work):
    return Ward(work)


def test_no_day_is_planned_without_a_reverse_shadow(ward):
    """Rules B14, B16, S0.1: at least one meeting is on offer that day."""
    day = drafted(ward)
    offer_meeting(ward, day=DAY + timedelta(days=1))
    with pytest.raises(NoReverseShadow):
        cohort.plan(ward.work, ward.as_coordinator(), day_id=day)
    assert state_of(ward, day) == "draft"
    assert "cohort-day-invited" not in kinds(ward.work, ward.observer)

    offer_meeting(ward)
    cohort.plan(ward.work, ward.as_coordinator(), day_id=day)

    assert state_of(ward, day) == "planned"
    assert kinds(ward.work, ward.observer) == ["cohort-day-invited"]
    with pytest.raises(CohortMoveNotAllowed):
        cohort.plan(ward.work, ward.as_coordinator(), day_id=day)


def test_no_day_is_planned_for_nobody(ward):
    """Rule B14."""
    day = drafted(ward)
    cohort_guests.uninvite(ward.work, ward.as_coordinator(), day_id=day, person_id=ward.observer)
    offer_meeting(ward)

    with pytest.raises(NobodyInvited):
        cohort.plan(ward.work, ward.as_coordinator(), day_id=day)
    assert kinds(ward.work, ward.observer) == [], "a draft tells nobody"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, CohortTextMissing),
        ({"room": ""}, CohortTextMissing),
        ({"name": "x" * 121}, CohortTextTooLong),
        ({"purpose": "x" * 401}, CohortTextTooLong),
        ({"purpose": "Mrs. Miller in room 12, MRN 1234567"}, PatientDetailInCohort),
        ({"day": NOW.date() + timedelta(days=6)}, CohortDayTooSoon),
        ({"day": NOW.date() + timedelta(days=500)}, CohortDayTooSoon),
        ({"minutes": 10}, JointTalkHours),
        ({"minutes": 181}, JointTalkHours),
        ({"start": "23:30"}, JointTalkHours),
    ],
)
def test_what_cannot_be_kept_is_refused(ward, changes, refusal):
    """Rules B4 and B14: notice enough to book a shift, and a talk that ends the same day."""
    with pytest.raises(refusal):
        drafted(ward, **changes)


def test_once_its_talk_has_begun_a_day_stays_as_it_was(ward):
    day = planned(ward)
    ward.work.clock.now = TALK

    for step in (
        lambda: moved_to(ward, day),
        lambda: cohort.call_off(ward.work, ward.as_coordinator(), day_id=day),
        lambda: cohort_guests.invite(ward.work, ward.as_coordinator(), day_id=day, person_ids=[]),
    ):
        with pytest.raises(CohortDayOver):
            step()


def test_a_day_invites_the_administrators_of_its_house_alone(ward):
    """Rule P1; and no more than fit."""
    day = drafted(ward)
    elsewhere = makers.person(ward.work, makers.organization(ward.work))
    for other in (ward.host, elsewhere):
        with pytest.raises(NotFound):
            cohort_guests.invite(ward.work, ward.as_coordinator(), day_id=day, person_ids=[other])
    assert (
        cohort_guests.invite(
            ward.work, ward.as_coordinator(), day_id=day, person_ids=[ward.observer]
        )
        == 0
    )


def test_a_day_holds_only_so_many(ward, monkeypatch):
    monkeypatch.setattr(cohort_guests, "MOST_GUESTS", 1)
    day = drafted(ward)

    with pytest.raises(TooManyInvited):
        cohort_guests.invite(
            ward.work, ward.as_coordinator(), day_id=day, person_ids=[ward.another_observer()]
        )


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_manager"])
def test_only_a_coordinator_plans_a_day(ward, who):
    """Rule P1, section 8.1."""
    day = drafted(ward)
    actor = getattr(ward, who)()

    with pytest.raises(NotAllowed):
        cohort.plan(ward.work, actor, day_id=day)
    with pytest.raises(NotAllowed):
        cohort.call_off(ward.work, actor, day_id=day)
    assert state_of(ward, day) == "draft"


def test_a_coordinator_of_another_house_does_not_know_it(ward):
    """Rule P1."""
    day = drafted(ward)
    stranger = Ward(ward.work).as_coordinator()

    for step in (cohort.plan, cohort.call_off):
        with pytest.raises(NotFound):
            step(ward.work, stranger, day_id=day)


def test_each_step_of_a_day_is_in_the_audit_log(ward):
    """Rule P16: who, as what, from, to; never text."""
    day = planned(ward)
    cohort.call_off(ward.work, ward.as_coordinator(), day_id=day)

    with ward.work.read() as tx:
        told = journal.history(tx.db, subject_id=day)
    assert [entry.event for _, entry in told] == [
        "cohort_day.draft",
        "cohort_day.invited",
        "cohort_day.planned",
        "cohort_day.cancelled",
    ]
    assert {entry.person_id for _, entry in told} == {ward.coordinator}


def test_who_has_no_shift_yet_is_told_that_the_talk_moved(ward):
    """Whoever has one gets an update for the calendar, and that is enough."""
    waits = ward.another_observer()
    day = planned(ward, ward.observer, waits)
    book(ward)

    moved_to(ward, day, start="15:00")

    assert kinds(ward.work, waits) == ["cohort-day-invited", "cohort-day-moved"]
    assert "cohort-day-moved" not in kinds(ward.work, ward.observer)


def test_a_draft_may_go_to_another_date_and_a_planned_day_may_not(ward):
    day = drafted(ward)
    moved_to(ward, day, day=DAY + timedelta(days=7))
    with ward.work.read() as tx:
        row = tx.db.execute(cohort_day.select()).one()
    assert row.local_date == DAY + timedelta(days=7)
    assert row.talk_starts_at == TALK + timedelta(days=7)

    offer_meeting(ward, day=DAY + timedelta(days=7))
    cohort.plan(ward.work, ward.as_coordinator(), day_id=day)
    moved_to(ward, day, day=DAY)
    with ward.work.read() as tx:
        assert tx.db.execute(cohort_day.select()).one().local_date == DAY + timedelta(days=7)


def test_where_nothing_else_is_free_the_two_keep_the_time_on_their_own(ward, monkeypatch):
    """Rules B14, F1: a day is called off for all, whatever their week is like."""
    day = planned(ward)
    shift = book(ward)

    def nothing(*_, **__):
        raise NoDebriefTime(latest=TALK)

    monkeypatch.setattr(talks, "propose", nothing)
    cohort.call_off(ward.work, ward.as_coordinator(), day_id=day)

    talk = talk_of(ward, shift)
    assert (talk.starts_at, talk.cohort_day_id) == (TALK, None)


def promised(ward, shift, *actions):
    """Write down what was promised after a shift, one after the other."""
    due = {"due_on": DAY + timedelta(days=30), "first_due_on": DAY + timedelta(days=30)}
    plain = {"kind": "remove_obstacle", "tell": "In the huddle", "state": "in_progress"} | due
    for number, action in enumerate(actions):
        at = {name: TALK + timedelta(minutes=number) for name in ("created_at", "changed_at")}
        pair = {"owner_id": shift.observer_id, "host_id": shift.host_id, "unit_id": shift.unit_id}
        row = plain | at | pair | {"shift_id": shift.id, "action": action}
        makers.add(ward.work, followup.commitment, **row)


def order(ward, day):
    listed = cohort_promises.listed(ward.work, ward.as_coordinator(), day_id=day)
    return [each.action for each in listed]


def test_the_promises_of_a_day_are_one_list_in_the_coordinators_order(ward):
    """Section 2.1: joint debrief, ranked follow-up list; it is ranked when the day is over."""
    day = planned(ward)
    promised(ward, book(ward), "Printer", "Beds", "Signs")
    own = book(ward, host_id=ward.another_host(), starts_at=NOW + timedelta(days=16))
    promised(ward, own, "Of another day")
    ward.work.clock.now = TALK + timedelta(hours=2)
    listed = cohort_promises.listed(ward.work, ward.as_coordinator(), day_id=day)
    assert [each.action for each in listed] == ["Printer", "Beds", "Signs"]

    def move(nth, *, up):
        cohort_promises.move(
            ward.work, ward.as_coordinator(), day_id=day, commitment_id=listed[nth].id, up=up
        )

    move(2, up=True)
    assert order(ward, day) == ["Printer", "Signs", "Beds"]
    move(0, up=False)
    assert order(ward, day) == ["Signs", "Printer", "Beds"]
    move(2, up=True)
    move(1, up=False)
    assert order(ward, day) == ["Signs", "Printer", "Beds"], "the ends stay the ends"
    promised(ward, own, "Of another day, too")
    assert len(order(ward, day)) == 3


def test_only_the_days_coordinator_ranks_its_promises(ward):
    """Rule P1."""
    day = planned(ward)
    promised(ward, book(ward), "Printer")
    (one,) = cohort_promises.listed(ward.work, ward.as_coordinator(), day_id=day)
    for who, refusal in (
        (ward.as_observer(), NotAllowed),
        (Ward(ward.work).as_coordinator(), NotFound),
    ):
        with pytest.raises(refusal):
            cohort_promises.listed(ward.work, who, day_id=day)
        with pytest.raises(refusal):
            cohort_promises.move(ward.work, who, day_id=day, commitment_id=one.id, up=True)
    with pytest.raises(NotFound):
        cohort_promises.move(
            ward.work, ward.as_coordinator(), day_id=day, commitment_id=day, up=True
        )


@pytest.mark.parametrize(("ends", "known"), [(DAY, True), (DAY - timedelta(days=1), False)])
def test_people_of_a_partner_are_invited_while_its_agreement_runs(ward, ends, known):
    """Rule P1: whoever takes part in the program, and nobody else."""
    partner = makers.organization(ward.work)
    fellow = makers.person(ward.work, partner, name="Quill Harrow")
    terms = {"kind": "affiliation", "partner_name": "School", "covers": []}
    runs = {"starts_on": NOW.date(), "ends_on": ends, "code": "agr1"}
    both = {"organization_id": ward.organization, "partner_id": partner}
    makers.add(ward.work, people.agreement, **(terms | runs | both))
    day = drafted(ward)

    found = cohort_days.candidates(ward.work, ward.as_coordinator(), day_id=day, name="quill")

    assert [each.id for each in found.found] == ([fellow] if known else [])
    if known:
        cohort_guests.invite(ward.work, ward.as_coordinator(), day_id=day, person_ids=[fellow])
        return
    with pytest.raises(NotFound):
        cohort_guests.invite(ward.work, ward.as_coordinator(), day_id=day, person_ids=[fellow])
