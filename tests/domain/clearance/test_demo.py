"""The demo hospital says what stops each shift ahead; the rules have to find the same (C1, C3)."""

from datetime import date, timedelta

import pytest

from shadowing.adapters import reference
from shadowing.domain.clearance.evidence import BEFORE_CONFIRM, Effect, Evidence, State, Visit
from shadowing.domain.clearance.rules import missing
from shadowing.domain.people import PersonKind, external

REFERENCE = reference.load()
DEMO = reference.demo_hospital()
SITES = {site["id"]: site for site in DEMO["sites"]}
UNITS = {unit["id"]: unit for unit in DEMO["units"]}
HOSTS = {host["id"]: host for host in DEMO["hosts"]}
OBSERVERS = {person["id"]: person for person in DEMO["administrators"] + DEMO["students"]}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
AHEAD = ("requested", "host_accepted", "unit_approved", "cleared", "confirmed")
SHIFTS = [
    shift for shift in DEMO["shifts"] if shift["state"] in AHEAD and shift.get("kind") != "reverse"
]


def day_of(shift, today):
    days, *weekday = shift["date"]
    day = today + timedelta(days=days)
    while weekday and WEEKDAYS[day.weekday()] != weekday[0]:
        day += timedelta(days=1 if days > 0 else -1)
    return day


def agreement_of(person, org, today):
    ends = [
        agreement["end"]
        for agreement in DEMO["agreements"]
        if person["id"] in agreement.get("covers", [])
        or set(agreement["between"]) == {person.get("org", "chmc"), org}
    ]
    return today + timedelta(days=max(ends)) if ends else None


def evidence_of(person, today):
    """Read "creds" as the head of the demo file says."""
    season = date(today.year - ((today.month, today.day) < (7, 1)), 7, 1)
    creds = DEMO["cred_sets"][person["creds"]["set"]] | person["creds"]
    for code, told in creds.items():
        if isinstance(told, int):
            done_on = today + timedelta(days=told)
            yield Evidence(requirement=code, state=State.VALID, done_on=done_on)
        elif told == "season":
            yield Evidence(requirement=code, state=State.VALID, done_on=season)
        elif told == "cycle":
            yield Evidence(requirement=code, state=State.VALID, done_on=today)
    for waiver in DEMO["waivers"]:
        if waiver["person"] == person["id"]:
            until = today + timedelta(days=waiver["until"])
            yield Evidence(
                requirement=waiver["requirement"], state=State.WAIVED, waived_until=until
            )


def visit_of(shift, today):
    person, unit = OBSERVERS[shift["obs"]], UNITS[HOSTS[shift["host"]]["unit"]]
    kind = REFERENCE.unit_kind(unit["kind"])
    org = SITES[unit["site"]]["org"]
    starts_on = day_of(shift, today)
    start, end = shift["time"]
    span = REFERENCE.span(shift["span"])
    nights = (start < span.start) + (end <= start)
    current = DEMO["cycles"][-1]
    return Visit(
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=nights),
        external=external(
            PersonKind(person.get("kind", "workforce")),
            person_org=person.get("org", "chmc"),
            unit_org=org,
        ),
        unit_kind=kind.code,
        patient_area=kind.patient_area,
        children=kind.children,
        airborne_rooms=kind.airborne_rooms,
        rules=kind.rules,
        site_settings=frozenset(key for key, on in DEMO["site_settings"].items() if on),
        cycle=tuple(today + timedelta(days=current[end]) for end in ("start", "end")),
        agreement_to=agreement_of(person, org, today),
    )


@pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: shift["id"])
@pytest.mark.parametrize("weeks", range(0, 104, 13))
def test_the_gaps_of_each_shift_ahead_are_those_the_file_names(shift, weeks):
    for days in range(7):
        today = date(2027, 1, 1) + timedelta(weeks=weeks, days=days)
        evidence = tuple(evidence_of(OBSERVERS[shift["obs"]], today))

        lacks = missing(REFERENCE, evidence, visit_of(shift, today), on=today)

        general = [each for each in lacks if each.code in REFERENCE.requirements]
        blocked = sorted(each.code for each in general if each.effect is Effect.BLOCK)
        rooms = sorted(each.code for each in general if each.effect is Effect.BLOCK_ROOM)
        assert blocked == sorted(shift.get("gaps", []))
        assert rooms == sorted(shift.get("room_gaps", []))


def test_shifts_ahead_are_cleared_when_nothing_stops_them():
    waiting = {shift["id"] for shift in SHIFTS if shift.get("gaps")}
    agreed = {shift["id"] for shift in SHIFTS if shift["state"] in {"cleared", "confirmed"}}

    assert len(SHIFTS) > 10
    assert not waiting & agreed


def test_what_an_observer_ticks_for_a_unit_is_missing_until_it_is_ticked():
    today = date(2027, 3, 8)
    shift = next(each for each in SHIFTS if each["id"] == "f15")
    evidence = tuple(evidence_of(OBSERVERS[shift["obs"]], today))
    ticked = Evidence(requirement="ride_along_waiver", state=State.VALID, done_on=today)
    visit = visit_of(shift, today)

    before = missing(REFERENCE, evidence, visit, on=today)

    assert [(each.code, each.by, each.due in BEFORE_CONFIRM) for each in before] == [
        ("ride_along_waiver", "observer", True)
    ]
    assert missing(REFERENCE, (*evidence, ticked), visit, on=today) == ()
