"""Requirements that somebody made their own, and where a visit lies. Rules C3, C8, C9, E4."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shadowing.adapters import reference
from shadowing.domain.clearance.dossier import About, Agreement, Dossier, Run, at_home, visit
from shadowing.domain.clearance.evidence import Evidence, Reason, State, Visit
from shadowing.domain.clearance.rulebook import Own, book, coming
from shadowing.domain.clearance.rules import applies, missing, required
from shadowing.domain.clearance.states import Life
from shadowing.domain.clearance.wording import text_version
from shadowing.domain.interval import Interval

REFERENCE = reference.load()
MADE = datetime(2027, 3, 8, 14, tzinfo=UTC)
TODAY = MADE.date()
DAY = timedelta(days=1)
HERE = Visit(
    starts_on=date(2027, 4, 1),
    ends_on=date(2027, 4, 1),
    external=False,
    unit_kind="RX",
    patient_area=False,
    children=False,
    airborne_rooms=False,
    organization="house",
    unit="pharmacy",
    program="leaders",
)
SHOES = replace(
    REFERENCE.requirement("ORI"), code="SHOES", label="Quiet shoes", applies={"always": True}
)
RULE = Own(
    requirement=SHOES, owner="house", since=MADE, binding_on=TODAY + 14 * DAY, state=Life.ACTIVE
)
BEFORE = replace(HERE, agreed_at=MADE - DAY)
AFTER = replace(HERE, agreed_at=MADE + DAY)


def asked(own, wanted=HERE, on=TODAY):
    return {each.code for each in required(book(REFERENCE, own, wanted, on=on), wanted)}


def test_without_requirements_of_ones_own_the_tables_hold():
    assert book(REFERENCE, (), HERE, on=TODAY) is REFERENCE


def test_an_own_requirement_is_asked_where_it_was_made_for_rule_c3():
    assert "SHOES" in asked([RULE])
    assert "SHOES" not in asked([RULE], replace(HERE, organization="school"))
    assert "SHOES" in asked([replace(RULE, unit="pharmacy")])
    assert "SHOES" not in asked([replace(RULE, unit="ward")])


def test_a_programs_requirement_goes_wherever_its_people_go_rule_c3():
    of_program = replace(RULE, program="leaders")

    assert "SHOES" in asked([of_program], replace(HERE, organization="school"))
    assert "SHOES" not in asked([of_program], replace(HERE, program="fellows"))


@pytest.mark.parametrize(
    ("wanted", "on", "holds"),
    [
        (HERE, TODAY, True),
        (AFTER, TODAY, True),
        (BEFORE, TODAY, False),
        (BEFORE, TODAY + 13 * DAY, False),
        (BEFORE, TODAY + 14 * DAY, True),
    ],
    ids=["new booking", "booked since", "agreed", "the last day to comment", "binding"],
)
def test_new_bookings_at_once_agreed_ones_after_the_comment_days_rule_c9(wanted, on, holds):
    assert ("SHOES" in asked([RULE], wanted, on)) is holds


def test_what_is_urgent_binds_agreed_shifts_at_once_rule_c9():
    assert "SHOES" in asked([replace(RULE, binding_on=TODAY)], BEFORE)


def test_what_will_bind_an_agreed_shift_is_known_beforehand_rule_c9():
    assert coming([RULE], BEFORE, on=TODAY) == (RULE,)
    assert coming([RULE], HERE, on=TODAY) == ()
    soon = replace(BEFORE, starts_on=TODAY + DAY, ends_on=TODAY + DAY)
    assert coming([RULE], soon, on=TODAY) == ()


def test_a_draft_is_asked_of_nobody_and_what_is_retired_no_longer():
    assert "SHOES" not in asked([replace(RULE, state=Life.DRAFT, since=None)])
    assert "SHOES" not in asked([replace(RULE, state=Life.RETIRED)])
    assert "SHOES" not in asked([replace(RULE, state=Life.RETIRED)], BEFORE)


def test_an_organization_may_change_or_end_what_the_table_asks_rules_c3_and_c9():
    longer = replace(REFERENCE.requirement("ORI"), label="Safety orientation, in person")
    second = replace(RULE, requirement=longer, version=1)

    def label(wanted):
        held = book(REFERENCE, [second], wanted, on=TODAY)
        return held.requirement("ORI").label

    assert label(HERE) == longer.label
    assert label(BEFORE) == REFERENCE.requirement("ORI").label
    assert "ORI" not in asked([replace(second, state=Life.RETIRED)])


def test_the_newest_version_in_force_holds_rule_c9():
    later = replace(SHOES, label="Closed shoes")
    second = replace(RULE, requirement=later, version=2, since=MADE + DAY)
    versions = [second, RULE]

    assert book(REFERENCE, versions, HERE, on=TODAY).requirement("SHOES").label == "Closed shoes"
    held = book(REFERENCE, versions, replace(HERE, agreed_at=MADE), on=TODAY)
    assert held.requirement("SHOES").label == "Quiet shoes"


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"slot_kind": ["in_person"]}, True),
        ({"slot_kind": ["remote"]}, False),
        ({"band": ["night"]}, False),
        ({"sensitivity": ["S2", "S3"]}, False),
        ({"all": [{"person": "workforce"}, {"unit_kind": ["RX"]}]}, True),
    ],
)
def test_a_rule_may_be_for_a_kind_of_slot_rule_c3(rule, holds):
    assert applies(rule, replace(HERE, band="day", sensitivity="S0")) is holds


def test_a_new_text_asks_again_rule_c7():
    cond = REFERENCE.requirement("COND")
    ticked = Evidence(
        requirement="COND", state=State.VALID, done_on=TODAY, text_version=text_version(cond.text)
    )
    reworded = replace(ticked, text_version="another")
    here = replace(HERE, cycle=(TODAY - DAY, HERE.ends_on))

    def lacks(evidence):
        found = missing(REFERENCE, [evidence], here, on=TODAY)
        return {each.code: each.reason for each in found}

    assert "COND" not in lacks(ticked)
    assert lacks(reworded)["COND"] is Reason.NEW_TEXT
    assert "COND" not in lacks(replace(ticked, text_version=""))


# ------------------------------------------------------------------ who goes where


class Unit:
    """A unit as far as clearance asks."""

    id = "unit 1"
    kind = "NICU"
    zone = "America/Chicago"
    sensitivity = "S2"
    organization_id = "house"
    own_rules = ()


NIGHT = Interval(datetime(2027, 3, 21, 1, tzinfo=UTC), datetime(2027, 3, 21, 12, tzinfo=UTC))
PERSON = Dossier(person="ada", kind="workforce", organization="house", program="leaders")


def test_days_are_those_of_the_site_rule_a5():
    found = visit(PERSON, REFERENCE, Unit(), NIGHT)

    assert (found.starts_on, found.ends_on) == (date(2027, 3, 20), date(2027, 3, 21))
    assert (found.children, found.rules) == (True, ("scrub_3_min", "no_illness"))


def test_who_watches_from_afar_needs_no_vaccine_rule_b17():
    found = visit(PERSON, REFERENCE, Unit(), NIGHT, about=About(kind="remote"))

    assert (found.patient_area, found.children, found.rules) == (False, False, ())


def test_a_visit_is_as_sensitive_as_the_higher_of_unit_and_hours_rule_a8():
    low, high = Unit(), Unit()
    low.sensitivity, high.sensitivity = "S1", "S3"

    for unit, level in ((low, "S2"), (high, "S3")):
        found = visit(PERSON, REFERENCE, unit, NIGHT, about=About(sensitivity="S2"))
        assert found.sensitivity == level
    assert visit(PERSON, REFERENCE, low, NIGHT).sensitivity == "S1"


def test_only_a_run_of_the_persons_own_program_counts():
    spring = Run("leaders", date(2027, 1, 1), date(2027, 6, 30))
    other = Run("fellows", date(2027, 3, 1), date(2027, 3, 31))
    dossier = replace(PERSON, runs=(other, spring))

    assert visit(dossier, REFERENCE, Unit(), NIGHT).cycle == (spring.starts_on, spring.ends_on)
    theirs = visit(dossier, REFERENCE, Unit(), NIGHT, about=About(program="fellows"))
    assert theirs.cycle == (other.starts_on, other.ends_on)


def test_what_the_units_organization_has_switched_on_is_asked_rule_c3():
    settings = {"house": frozenset({"covid_rule"}), "school": frozenset()}

    here = visit(replace(PERSON, settings=settings), REFERENCE, Unit(), NIGHT)

    assert "COVID" in {each.code for each in required(REFERENCE, here)}


def agreement(*organizations, covers=(), ends=date(2027, 12, 31)):
    return Agreement(frozenset(organizations), frozenset(covers), date(2027, 1, 1), ends)


def test_an_agreement_covers_those_it_names_and_people_of_the_partner_rule_e4():
    pupil = replace(PERSON, organization="school", agreements=(agreement("house", "school"),))
    named = replace(PERSON, kind="student", agreements=(agreement("house", covers=["ada"]),))
    stranger = replace(named, agreements=(agreement("house", covers=["bob"]),))

    assert visit(pupil, REFERENCE, Unit(), NIGHT).agreement_to == date(2027, 12, 31)
    assert visit(named, REFERENCE, Unit(), NIGHT).agreement_to == date(2027, 12, 31)
    assert visit(stranger, REFERENCE, Unit(), NIGHT).agreement_to is None


def test_a_partners_proof_counts_while_the_agreement_runs_rule_c8():
    proof = Evidence(
        requirement="HIPAA",
        state=State.VALID,
        done_on=TODAY,
        from_partner=True,
        partner="school",
    )

    def lacks(*agreements):
        dossier = replace(PERSON, agreements=agreements)
        wanted = visit(dossier, REFERENCE, Unit(), NIGHT)
        found = missing(REFERENCE, [proof], wanted, on=TODAY)
        return {each.code: each.reason for each in found}

    assert "HIPAA" not in lacks(agreement("house", "school"))
    assert lacks(agreement("house", "school", ends=date(2027, 3, 20)))["HIPAA"] is Reason.RUNS_OUT
    assert lacks()["HIPAA"] is Reason.MISSING


def test_without_a_run_a_tick_for_the_cycle_counts_a_year():
    ticked = Evidence(requirement="COND", state=State.VALID, done_on=date(2026, 3, 21))
    wanted = visit(PERSON, REFERENCE, Unit(), NIGHT)

    assert "COND" not in {lack.code for lack in missing(REFERENCE, [ticked], wanted, on=TODAY)}
    early = replace(ticked, done_on=date(2026, 3, 20))
    assert "COND" in {lack.code for lack in missing(REFERENCE, [early], wanted, on=TODAY)}


def test_a_day_at_home_tells_how_long_things_count_in_general():
    found = at_home(replace(PERSON, kind="trustee"), owner="house", today=TODAY)

    assert (found.external, found.ends_on, found.program) == (True, TODAY, "leaders")
