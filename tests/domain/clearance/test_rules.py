"""Requirements against evidence: rules C1, C3 to C5, C7 and C8."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.adapters import reference
from shadowing.domain.clearance.evidence import (
    UP_TO_CHECK_IN,
    Due,
    Effect,
    Evidence,
    Reason,
    State,
    Visit,
)
from shadowing.domain.clearance.rules import (
    applies,
    cleared,
    holding_back,
    missing,
    required,
    standing,
)
from shadowing.domain.clearance.validity import months_after
from shadowing.domain.reference.requirements import Validity

REFERENCE = reference.load()
TODAY = date(2027, 3, 8)
DAY = timedelta(days=1)
SHIFT = date(2027, 3, 20)
CYCLE = (date(2027, 1, 1), date(2027, 6, 30))

WARD = Visit(
    starts_on=SHIFT,
    ends_on=SHIFT,
    external=False,
    unit_kind="MS",
    patient_area=True,
    children=False,
    airborne_rooms=False,
    cycle=CYCLE,
    shift="shift 1",
)
LAST_YEAR = TODAY - timedelta(days=120)
STAFF = (
    *(
        Evidence(requirement=code, state=State.VALID, done_on=LAST_YEAR)
        for code in ("HIPAA", "CONF", "ORI", "TB", "FLU", "MMR", "VAR")
    ),
    Evidence(requirement="COND", state=State.VALID, done_on=TODAY),
)


def codes(lacks):
    return [lack.code for lack in lacks]


def lacking(evidence, visit=WARD, **more):
    return missing(REFERENCE, evidence, visit, on=TODAY, **more)


def with_(code, **facts):
    """Give the staff set with the evidence of one requirement replaced."""
    others = tuple(each for each in STAFF if each.requirement != code)
    return (*others, Evidence(requirement=code, **{"state": State.VALID, **facts}))


def stands(code, *evidence, visit=WARD, on=TODAY):
    now = standing(REFERENCE.requirement(code), evidence, visit, on=on)
    return now.state, now.valid_to


# ------------------------------------------------------------------ cleared, or what is missing


def test_somebody_who_has_all_of_it_is_cleared_rule_c1():
    assert lacking(STAFF) == ()
    assert cleared(REFERENCE, STAFF, WARD, on=TODAY)


def test_somebody_who_has_nothing_lacks_what_applies_rule_c3():
    assert codes(lacking(())) == ["HIPAA", "CONF", "COND", "ORI", "TB", "FLU", "MMR", "VAR"]
    assert {each.reason for each in lacking(())} == {Reason.MISSING}


@pytest.mark.parametrize(
    ("days_before_the_end", "clears"), [(0, True), (1, False)], ids=["the last day", "a day short"]
)
def test_evidence_has_to_last_through_the_day_the_shift_ends_rule_c1(days_before_the_end, clears):
    done = months_after(SHIFT, -12) - days_before_the_end * DAY

    assert cleared(REFERENCE, with_("ORI", done_on=done), WARD, on=TODAY) is clears


def test_a_night_has_to_be_covered_through_the_next_day_rule_c1():
    night = replace(WARD, ends_on=SHIFT + DAY)
    to_the_start = with_("ORI", done_on=months_after(SHIFT, -12))

    assert codes(lacking(to_the_start, night)) == ["ORI"]
    assert lacking(to_the_start, night)[0].reason is Reason.RUNS_OUT


def test_what_is_missing_is_told_with_all_that_helps():
    (lack,) = lacking(with_("TB", state=State.MISSING))

    assert (lack.label, lack.effect, lack.due) == ("TB screen", Effect.BLOCK, Due.BEFORE_CONFIRM)
    assert (lack.waivable, lack.by, lack.valid_to) == (True, "", None)


@pytest.mark.parametrize(
    ("facts", "reason", "valid_to"),
    [
        ({"state": State.MISSING}, Reason.MISSING, None),
        ({"state": State.PENDING, "done_on": TODAY}, Reason.PENDING, None),
        ({"state": State.EXPIRED}, Reason.EXPIRED, None),
        ({"done_on": date(2026, 3, 7)}, Reason.EXPIRED, date(2027, 3, 7)),
        ({"done_on": date(2026, 3, 8)}, Reason.RUNS_OUT, date(2027, 3, 8)),
        ({"done_on": TODAY, "valid_to": date(2027, 3, 19)}, Reason.RUNS_OUT, date(2027, 3, 19)),
    ],
)
def test_the_reason_tells_what_to_do(facts, reason, valid_to):
    (lack,) = lacking(with_("HIPAA", **facts))

    assert (lack.code, lack.reason, lack.valid_to) == ("HIPAA", reason, valid_to)


def test_what_is_being_checked_never_clears_but_takes_nothing_away():
    renewal = Evidence(requirement="HIPAA", state=State.PENDING, done_on=TODAY)
    running_out = with_("HIPAA", done_on=date(2026, 3, 10))

    assert lacking((*STAFF, renewal)) == ()
    assert [each.reason for each in lacking((*running_out, renewal))] == [Reason.PENDING]


# ------------------------------------------------------------------ what holds back, and when


def test_only_what_blocks_holds_back_confirmation_rule_c4():
    icu = replace(WARD, airborne_rooms=True, rules=("fit_if_airborne",))
    birth = replace(WARD, unit_kind="LD")

    assert [(each.code, each.effect) for each in lacking(STAFF, icu)] == [
        ("FIT", Effect.BLOCK_ROOM)
    ]
    assert [(each.code, each.effect) for each in lacking(STAFF, birth)] == [("TDAP", Effect.WARN)]
    assert cleared(REFERENCE, STAFF, icu, on=TODAY)
    assert cleared(REFERENCE, STAFF, birth, on=TODAY)


def test_what_is_due_on_the_day_is_asked_on_the_day_rule_c4():
    here = Evidence(requirement="WELL", state=State.VALID, done_on=SHIFT, shift="shift 1")
    before = replace(here, shift="another shift")

    assert codes(lacking(STAFF, due=UP_TO_CHECK_IN)) == ["ID", "WELL"]
    assert codes(lacking((*STAFF, here), due=UP_TO_CHECK_IN)) == ["ID"]
    assert codes(lacking((*STAFF, before), due=UP_TO_CHECK_IN)) == ["ID", "WELL"]
    assert holding_back(lacking(STAFF, due=UP_TO_CHECK_IN)) == ()


@pytest.mark.parametrize(
    ("kind", "rules", "lacks", "holds"),
    [
        ("HOME", ("travel_waiver",), ["travel_waiver"], True),
        ("AMB", ("ride_along_waiver",), ["ride_along_waiver"], True),
        ("RAD", ("mri_screening",), ["mri_screening"], False),
        ("ED", ("no_resus",), [], False),
        ("PED", ("background_check",), ["BGC"], True),
        (
            "CATH",
            ("radiation_briefing", "theatre_orientation"),
            ["THEA", "radiation_briefing"],
            True,
        ),
    ],
)
def test_the_unit_brings_its_own_rules_rule_c3(kind, rules, lacks, holds):
    visit = replace(WARD, unit_kind=kind, rules=rules)

    assert codes(lacking(STAFF, visit)) == lacks
    assert bool(holding_back(lacking(STAFF, visit))) is holds


def test_a_rule_the_observer_ticks_for_a_cycle_holds_for_the_cycle():
    visit = replace(WARD, unit_kind="HOME", rules=("travel_waiver",))
    ticked = Evidence(requirement="travel_waiver", state=State.VALID, done_on=CYCLE[0])
    earlier = replace(ticked, done_on=CYCLE[0] - DAY)

    assert cleared(REFERENCE, (*STAFF, ticked), visit, on=TODAY)
    assert codes(lacking((*STAFF, earlier), visit)) == ["travel_waiver"]


def test_a_rule_the_unit_ticks_for_a_time_runs_out():
    visit = replace(WARD, unit_kind="CATH", rules=("radiation_briefing",), shift="")
    briefed = Evidence(requirement="radiation_briefing", state=State.VALID, done_on=TODAY)
    long_ago = replace(briefed, done_on=months_after(SHIFT, -12) - DAY)
    thea = Evidence(requirement="THEA", state=State.VALID, done_on=TODAY)

    assert lacking((*STAFF, thea, briefed), visit) == ()
    assert codes(lacking((*STAFF, thea, long_ago), visit)) == ["radiation_briefing"]


def test_a_school_agreement_has_to_be_ticked_and_to_run():
    school = replace(WARD, unit_kind="SCHL", rules=("ferpa_agreement",), agreement_to=SHIFT)
    ticked = Evidence(requirement="ferpa_agreement", state=State.VALID, done_on=LAST_YEAR)

    assert codes(lacking(STAFF, school)) == ["ferpa_agreement"]
    assert lacking((*STAFF, ticked), school) == ()
    ended = replace(school, agreement_to=SHIFT - DAY)
    assert codes(lacking((*STAFF, ticked), ended)) == ["ferpa_agreement"]


# ------------------------------------------------------------------ who and where


def test_people_from_outside_need_more_rule_c3():
    visit = replace(WARD, external=True)

    assert codes(lacking(STAFF, visit)) == ["BGC", "OIG", "AGR"]


def test_an_agreement_counts_for_everyone_it_covers_until_its_last_day_rule_c3():
    visit = replace(WARD, external=True, agreement_to=SHIFT)

    assert "AGR" not in codes(lacking(STAFF, visit))
    assert "AGR" in codes(lacking(STAFF, replace(visit, agreement_to=SHIFT - DAY)))
    letter = Evidence(requirement="AGR", state=State.VALID, valid_to=SHIFT)
    assert "AGR" not in codes(lacking((*STAFF, letter), replace(visit, agreement_to=None)))


def test_a_screen_of_long_ago_is_enough_inside_and_not_from_outside():
    long_ago = Evidence(requirement="TB", state=State.VALID, done_on=date(2020, 1, 1))

    assert stands("TB", long_ago) == (State.VALID, None)
    assert stands("TB", long_ago, visit=replace(WARD, external=True)) == (
        State.EXPIRED,
        date(2021, 1, 1),
    )


def test_no_patients_no_vaccines():
    pharmacy = replace(WARD, unit_kind="RX", patient_area=False)

    assert codes(lacking((), pharmacy)) == ["HIPAA", "CONF", "COND", "ORI"]


def test_a_local_rule_applies_where_the_site_has_switched_it_on():
    here = replace(WARD, site_settings=frozenset({"covid_rule"}))

    (lack,) = lacking(STAFF, here)
    assert (lack.code, lack.effect) == ("COVID", Effect.LOCAL)
    shot = Evidence(requirement="COVID", state=State.VALID, valid_to=SHIFT)
    assert lacking((*STAFF, shot), here) == ()


def test_rules_combine():
    rule = {"all": [{"patient_area": True}, {"not": {"person": "external"}}]}

    assert applies(rule, WARD)
    assert not applies(rule, replace(WARD, external=True))
    assert applies({"person": "workforce"}, WARD)


def test_a_rule_of_a_kind_nobody_knows_stops_the_show():
    with pytest.raises(KeyError):
        applies({"moon": "full"}, WARD)


def test_a_requirement_is_asked_once_however_often_it_applies():
    visit = replace(WARD, unit_kind="OR", rules=("theatre_orientation",))

    assert [each.code for each in required(REFERENCE, visit)].count("THEA") == 1


# ------------------------------------------------------------------ how long evidence counts


@pytest.mark.parametrize(
    ("done", "months", "last"),
    [
        (date(2026, 3, 20), 12, date(2027, 3, 20)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 3, 20), -12, date(2026, 3, 20)),
    ],
)
def test_months_are_calendar_months(done, months, last):
    assert months_after(done, months) == last


@given(done=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 240))
def test_more_months_never_end_sooner(done, months):
    assert months_after(done, months) <= months_after(done, months + 1)


@pytest.mark.parametrize(
    ("shift", "done", "clears"),
    [
        # In season, with this season's vaccine, last season's, and one from before July.
        (date(2026, 10, 1), date(2026, 9, 1), True),
        (date(2026, 10, 1), date(2026, 7, 1), True),
        (date(2026, 10, 1), date(2026, 6, 30), False),
        (date(2027, 3, 31), date(2026, 10, 20), True),
        (date(2027, 3, 31), date(2027, 2, 1), True),
        (date(2027, 10, 1), date(2027, 2, 1), False),
        # Out of season nobody asks.
        (date(2027, 4, 1), date(2020, 1, 1), True),
        (date(2026, 9, 30), date(2020, 1, 1), True),
    ],
)
def test_a_season_asks_for_its_own_evidence(shift, done, clears):
    visit = replace(WARD, starts_on=shift, ends_on=shift)
    flu = Evidence(requirement="FLU", state=State.VALID, done_on=done)

    assert ("FLU" not in codes(missing(REFERENCE, (flu,), visit, on=shift))) is clears


@pytest.mark.parametrize("start", [date(2026, 9, 30), date(2027, 3, 31)])
def test_a_night_into_or_out_of_a_season_is_in_season(start):
    visit = replace(WARD, starts_on=start, ends_on=start + DAY)
    this_season = Evidence(requirement="FLU", state=State.VALID, done_on=date(2026, 9, 1))

    assert "FLU" in codes(missing(REFERENCE, (), visit, on=start))
    assert "FLU" not in codes(missing(REFERENCE, (this_season,), visit, on=start))


def test_what_was_signed_for_a_cycle_ends_with_it():
    signed = Evidence(requirement="COND", state=State.VALID, done_on=CYCLE[0])

    assert stands("COND", signed) == (State.VALID, CYCLE[1])
    assert stands("COND", replace(signed, done_on=CYCLE[0] - DAY))[0] is State.MISSING
    assert stands("COND", replace(signed, valid_to=SHIFT), visit=replace(WARD, cycle=None)) == (
        State.EXPIRING,
        SHIFT,
    )


def test_reminders_start_when_the_first_of_them_is_due():
    done = months_after(TODAY, -12)

    assert stands("HIPAA", Evidence(requirement="HIPAA", state=State.VALID, done_on=done)) == (
        State.EXPIRING,
        TODAY,
    )
    fresh = Evidence(requirement="HIPAA", state=State.VALID, done_on=done + timedelta(days=31))
    assert stands("HIPAA", fresh)[0] is State.VALID
    assert stands("HIPAA", fresh, on=TODAY + DAY)[0] is State.EXPIRING


def test_a_waiver_clears_until_its_end_where_waivers_are_allowed_rule_c7():
    def waived(code, until):
        return with_(code, state=State.WAIVED, waived_until=until)

    assert lacking(waived("TB", SHIFT)) == ()
    assert lacking(waived("TB", SHIFT - DAY))[0].reason is Reason.RUNS_OUT
    assert lacking(waived("TB", TODAY - DAY))[0].reason is Reason.EXPIRED
    assert codes(lacking(waived("HIPAA", SHIFT))) == ["HIPAA"]
    assert stands("TB", waived("TB", SHIFT)[-1]) == (State.WAIVED, SHIFT)


def test_a_partners_equivalent_counts_where_it_may_until_the_earlier_end_rule_c8():
    partner = {"done_on": LAST_YEAR, "from_partner": True}

    assert lacking(with_("HIPAA", **partner)) == ()
    assert codes(lacking(with_("ORI", **partner))) == ["ORI"]
    ends_first = with_("HIPAA", **partner, valid_to=SHIFT - DAY)
    assert lacking(ends_first)[0].reason is Reason.RUNS_OUT


def test_where_only_the_last_day_is_known_that_day_counts():
    certificate = Evidence(requirement="HIPAA", state=State.VALID, valid_to=SHIFT)

    assert stands("HIPAA", certificate) == (State.EXPIRING, SHIFT)
    assert stands("HIPAA", replace(certificate, valid_to=None))[0] is State.MISSING


@pytest.mark.parametrize(
    ("shift", "done", "clears"),
    [
        (date(2027, 7, 1), date(2027, 3, 1), True),
        (date(2027, 7, 1), date(2027, 2, 28), False),
        (date(2027, 10, 1), date(2026, 7, 1), True),
    ],
)
def test_a_season_may_lie_within_a_year(shift, done, clears):
    summer = Validity(
        kind="season", required_from=(4, 1), required_to=(9, 30), evidence_from=(3, 1)
    )
    heat = replace(REFERENCE.requirement("FLU"), validity=summer)
    here = replace(REFERENCE, requirements={"FLU": heat})
    visit = replace(WARD, starts_on=shift, ends_on=shift)
    briefed = Evidence(requirement="FLU", state=State.VALID, done_on=done)

    assert cleared(here, (briefed,), visit, on=shift) is clears
