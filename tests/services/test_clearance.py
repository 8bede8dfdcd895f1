"""Requirements: what one sees, says, checks and waives. Rules C1, C2, C7, C8; sections 6.6, 8.1."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from shadowing.domain.bookings.states import State
from shadowing.domain.clearance.evidence import State as Credential
from shadowing.domain.clearance.pointers import NotAPointer
from shadowing.domain.clearance.problems import NotTicked, NotWaivable, WaiverTooLong
from shadowing.domain.errors import BadValue, NotFound
from shadowing.services.bookings import asking, clock
from shadowing.services.bookings.asking import Ask
from shadowing.services.clearance import checking, desk, own
from shadowing.services.clearance.desk import Waiver
from shadowing.services.clearance.own import Said
from shadowing.store.tables import clearance, people
from shadowing.store.tables.journal import audit
from tests import makers
from tests.clearances import lapse, moves_of, on_record, state_of, told, words
from tests.makers import CLEARED, Ward

GOAL = "See what a nurse waits for."
TODAY = date(2027, 3, 8)
DAY = timedelta(days=1)
SAID = Said(TODAY - DAY, "LMS certificate 123")


@pytest.fixture
def ward(work):
    return Ward(work)


def verifier(work, ward, *codes, person_id=None, **more):
    """Let somebody check some requirements."""
    person_id = person_id or makers.person(work, ward.organization, roles=("host",), **more)
    with work.write() as tx:
        for code in codes:
            facts = {"organization_id": ward.organization, "requirement": code}
            tx.db.execute(insert(clearance.verifier).values(**facts, person_id=person_id))
    return makers.actor(work, person_id, "host")


def lacking(work, ward, *codes):
    """Make somebody who lacks some requirements and has a shift that waits for them."""
    held = [code for code in CLEARED if code not in codes]
    person = makers.cleared(work, makers.person(work, ward.organization), codes=held)
    slot_id = ward.slot(mode="auto", host_id=ward.another_host())
    shift = asking.request(work, ward.as_observer(person), Ask(slot_id, GOAL))
    return ward.as_observer(person), shift


def line(work, actor, code):
    return own.one(work, actor, code=code)[0]


# ------------------------------------------------------------------ one's own page


def test_somebody_who_has_everything_is_cleared_rule_c1(work, ward):
    told_ = own.show(work, ward.as_observer())

    assert told_.cleared
    assert {each.state for each in told_.lines} <= {Credential.VALID, Credential.EXPIRING}


def test_what_is_missing_names_the_shift_and_the_day_of_release_rule_c5(work, ward):
    actor, shift = lacking(work, ward, "HIPAA")

    told_ = own.show(work, actor)

    (hipaa,) = [each for each in told_.lines if each.requirement.code == "HIPAA"]
    (need,) = hipaa.needs
    assert (need.shift_id, need.holds_back) == (shift.id, True)
    assert need.by == shift.starts_at - timedelta(hours=24)
    assert not told_.cleared


def test_what_only_some_units_ask_for_is_told_apart(work, ward):
    makers.unit(work, ward.site, kind="PICU", name="3 East")

    told_ = own.show(work, ward.as_observer())

    (tdap,) = [each for each in told_.lines if each.requirement.code == "TDAP"]
    assert tdap.units == ("3 East",)
    assert told_.cleared


def test_a_tick_on_the_page_lets_a_waiting_shift_move_on_rule_c7(work, ward):
    actor, shift = lacking(work, ward, "COND")
    assert shift.state is State.UNIT_APPROVED

    own.tick(work, actor, code="COND", version=words("COND")["COND"])
    clock.run(work)

    assert state_of(work, shift.id) == State.CONFIRMED


def test_nobody_ticks_for_themselves_what_others_vouch_for_rule_c7(work, ward):
    """A unit's briefing and the coordinator's look-up are no statements of the visitor's."""
    makers.unit(work, ward.site, kind="CATH")
    trustee = makers.person(work, ward.organization, kind="trustee")
    actor = makers.actor(work, trustee)

    for code in ("radiation_briefing", "OIG"):
        with pytest.raises(NotTicked):
            own.tick(work, actor, code=code, version=words(code)[code])
        with pytest.raises(NotTicked):
            own.claim(work, actor, code=code, said=SAID)


def test_what_nobody_asks_of_one_is_not_found(work, ward):
    with pytest.raises(NotFound):
        own.one(work, ward.as_observer(), code="THEA")
    with pytest.raises(NotFound):
        own.claim(work, ward.as_observer(), code="THEA", said=SAID)


# ------------------------------------------------------------------ said and checked


def test_what_is_said_waits_is_checked_and_clears_section_6_6(work, ward):
    actor, shift = lacking(work, ward, "HIPAA")
    nurse = verifier(work, ward, "HIPAA")

    own.claim(work, actor, code="HIPAA", said=SAID)
    (row,) = checking.queue(work, nurse, number=1).rows
    assert (row.label, row.held.claim.evidence) == ("Privacy training", "LMS certificate 123")
    clock.run(work)
    assert state_of(work, shift.id) == State.UNIT_APPROVED

    checking.accept(work, nurse, credential_id=row.held.id)
    clock.run(work)

    assert state_of(work, shift.id) == State.CONFIRMED
    held = on_record(work, actor.person_id, "HIPAA")
    assert (held.state, held.verified_by_id) == (Credential.VALID, nurse.person_id)
    assert moves_of(work, held.id) == [
        ("pending", "self", "HIPAA"),
        ("valid", "verifier", "HIPAA"),
    ]
    assert checking.queue(work, nurse, number=1).total == 0


def test_only_who_verifies_this_requirement_sees_and_checks_it_rule_c7(work, ward):
    actor, _ = lacking(work, ward, "HIPAA")
    own.claim(work, actor, code="HIPAA", said=SAID)
    held = on_record(work, actor.person_id, "HIPAA")

    for other in (verifier(work, ward, "ORI"), ward.as_coordinator(), ward.as_host()):
        assert checking.queue(work, other, number=1).rows == ()
        with pytest.raises(NotFound):
            checking.one(work, other, credential_id=held.id)
        with pytest.raises(NotFound):
            checking.accept(work, other, credential_id=held.id)


def test_nobody_finds_their_own_in_the_queue_rule_c7(work, ward):
    actor, _ = lacking(work, ward, "HIPAA")
    verifier(work, ward, "HIPAA", person_id=actor.person_id)
    own.claim(work, actor, code="HIPAA", said=SAID)
    held = on_record(work, actor.person_id, "HIPAA")

    assert checking.queue(work, actor, number=1).total == 0
    with pytest.raises(NotFound):
        checking.accept(work, actor, credential_id=held.id)


def test_what_is_sent_back_tells_the_person_what_to_do(work, ward):
    actor, _ = lacking(work, ward, "HIPAA")
    nurse = verifier(work, ward, "HIPAA")
    own.claim(work, actor, code="HIPAA", said=SAID)
    held = on_record(work, actor.person_id, "HIPAA")
    with pytest.raises(BadValue):
        checking.send_back(work, nurse, credential_id=held.id, code="because")

    checking.send_back(work, nurse, credential_id=held.id, code="not_found")

    assert line(work, actor, "HIPAA").held.rejected == "not_found"
    assert told(work, "requirement-answered") == [(actor.person_id, "requirement-answered")]
    assert moves_of(work, held.id)[-1] == ("missing", "verifier", "not_found")


def test_what_is_taken_back_holds_the_shift_back_rule_c6(work, ward):
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    nurse = verifier(work, ward, "HIPAA")
    held = on_record(work, ward.observer, "HIPAA")

    checking.take_back(work, nurse, credential_id=held.id, code="by_mistake")
    clock.run(work)

    assert state_of(work, shift.id) == State.UNIT_APPROVED


def test_several_are_marked_at_once_and_what_was_answered_is_passed_over(work, ward):
    nurse = verifier(work, ward, "HIPAA", "ORI")
    actor, shift = lacking(work, ward, "HIPAA", "ORI")
    for code in ("HIPAA", "ORI"):
        own.claim(work, actor, code=code, said=SAID)
    ids = [row.held.id for row in checking.queue(work, nurse, number=1).rows]
    checking.accept(work, nurse, credential_id=ids[0])

    whose, missed = checking.accept_all(work, nurse, credential_ids=ids)

    assert (whose, missed) == ((actor.person_id,), 1)
    clock.run(work)
    assert state_of(work, shift.id) == State.CONFIRMED


def test_a_verifier_enters_what_they_know_themselves_section_6_6(work, ward):
    nurse = verifier(work, ward, "HIPAA")
    actor, _ = lacking(work, ward, "HIPAA", "ORI")

    entered = {"person_id": actor.person_id, "said": SAID, "valid_to": None}
    checking.enter(work, nurse, code="HIPAA", **entered)

    held = on_record(work, actor.person_id, "HIPAA")
    assert [move[:2] for move in moves_of(work, held.id)] == [
        ("pending", "import"),
        ("valid", "verifier"),
    ]
    with pytest.raises(NotFound):
        checking.enter(work, nurse, code="ORI", **entered)


def test_no_finding_is_ever_stored_rule_c2(work, ward):
    actor, _ = lacking(work, ward, "TB")

    with pytest.raises(NotAPointer):
        own.claim(work, actor, code="TB", said=Said(TODAY, "TB test negative, 2 mm"))

    assert on_record(work, actor.person_id, "TB").claim is None


# ------------------------------------------------------------------ partners


@pytest.fixture
def school(work, ward):
    """Make a partner whose agreement runs to the end of June."""
    partner = makers.organization(work, name="Sage Fork School District")
    makers.add(
        work,
        people.agreement,
        code="both",
        kind="partner",
        organization_id=ward.organization,
        partner_id=partner,
        partner_name="School",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 6, 30),
        covers=[],
    )
    return partner


def test_a_partners_proof_counts_until_its_agreement_ends_rule_c8(work, ward, school):
    actor, _ = lacking(work, ward, "HIPAA")
    nurse = verifier(work, ward, "HIPAA")
    own.claim(work, actor, code="HIPAA", said=Said(TODAY, "District file", school))
    held = on_record(work, actor.person_id, "HIPAA")
    checking.accept(work, nurse, credential_id=held.id)

    hipaa = line(work, actor, "HIPAA")

    assert (hipaa.partner, hipaa.valid_to) == ("Sage Fork School District", date(2027, 6, 30))


def test_a_stranger_organizations_proof_is_not_taken_rule_c8(work, ward):
    actor, _ = lacking(work, ward, "HIPAA")

    with pytest.raises(NotFound):
        own.claim(work, actor, code="HIPAA", said=Said(TODAY, "", makers.organization(work)))


def test_a_partner_speaks_for_its_own_people_only_section_8_1(work, ward, school):
    theirs = makers.person(work, school)
    coordinator = makers.actor(
        work,
        makers.person(work, school, roles=("partner_coordinator",)),
        "partner_coordinator",
    )

    desk.claim(work, coordinator, person_id=theirs, code="HIPAA", said=SAID)

    held = on_record(work, theirs, "HIPAA")
    assert (held.state, held.claim.by_id) == (Credential.PENDING, coordinator.person_id)
    with pytest.raises(NotFound):
        desk.claim(work, coordinator, person_id=ward.observer, code="HIPAA", said=SAID)
    found = desk.listed(work, coordinator, kind="everybody", name="", number=1)
    assert [row.person_id for row in found.rows] == [theirs]


# ------------------------------------------------------------------ waivers, lists


def waive(work, ward, person_id, code="TB", days=30):
    wanted = Waiver(code, TODAY + days * DAY, "Second reading is booked.")
    desk.waive(work, ward.as_coordinator(), person_id=person_id, wanted=wanted)


def test_a_waiver_clears_until_it_ends_and_is_told_rule_c7(work, ward):
    nurse = verifier(work, ward, "TB")
    actor, shift = lacking(work, ward, "TB")

    waive(work, ward, actor.person_id)
    clock.run(work)

    assert state_of(work, shift.id) == State.CONFIRMED
    assert {who for who, _ in told(work, "requirement-answered")} == {
        actor.person_id,
        nurse.person_id,
    }
    held = on_record(work, actor.person_id, "TB")
    assert (held.waived_by_id, held.waived_reason) == (
        ward.coordinator,
        "Second reading is booked.",
    )


def test_a_waiver_has_an_end_and_is_not_for_everything_rule_c7(work, ward):
    actor, _ = lacking(work, ward, "TB", "HIPAA")

    with pytest.raises(WaiverTooLong):
        waive(work, ward, actor.person_id, days=91)
    with pytest.raises(NotWaivable):
        waive(work, ward, actor.person_id, code="HIPAA")
    with pytest.raises(NotFound):
        desk.waive(
            work,
            ward.as_manager(),
            person_id=actor.person_id,
            wanted=Waiver("TB", TODAY, "No"),
        )


def test_hr_reads_names_of_what_is_missing_and_never_why_section_8_1(work, ward):
    actor, _ = lacking(work, ward, "HIPAA", "TB")
    waive(work, ward, actor.person_id)
    lapse(work, ward.observer, "ORI")
    hr = makers.actor(work, makers.person(work, ward.organization, roles=("hr",)), "hr")

    found = desk.listed(work, hr, kind="missing", name="", number=1)

    assert {row.missing for row in found.rows} == {("Privacy training",), ("Safety orientation",)}
    assert all(not (row.pending or row.expiring or row.waived) for row in found.rows)
    with pytest.raises(NotFound):
        desk.one(work, hr, person_id=actor.person_id)


def test_reading_of_others_detail_is_on_record_rule_p16(work, ward):
    desk.one(work, ward.as_coordinator(), person_id=ward.observer)

    with work.read() as tx:
        rows = tx.db.execute(select(audit).where(audit.c.event == "credential.read")).all()
    assert [(row.person_id, row.subject_id) for row in rows] == [(ward.coordinator, ward.observer)]


@pytest.mark.parametrize("role", ["observer", "host", "unit_manager", "preceptor", "sysadmin"])
def test_nobody_else_lists_anybody_section_8_1(work, ward, role):
    other = makers.actor(work, makers.person(work, ward.organization, roles=(role,)), role)

    with pytest.raises(NotFound):
        desk.listed(work, other, kind="", name="", number=1)
    with pytest.raises(NotFound):
        desk.one(work, other, person_id=ward.observer)
