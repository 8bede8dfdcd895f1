"""Rows for clearance evidence: what each observer has done, signed or been waived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from shadowing.domain.clearance.wording import text_version
from shadowing.domain.demo.hospital import Hospital, Raw, Row, key
from shadowing.domain.people import PersonKind, Role, external
from shadowing.domain.reference.requirements import Requirement, Validity

DECEMBER: Final = 12
SEASON_DONE: Final = timedelta(days=90)
LAST_SIGNED: Final = timedelta(days=14)


def rows(hospital: Hospital) -> list[Row]:
    """List all evidence: dates and states, no values (rule C2)."""
    made = {row["id"]: row for row in (*_credentials(hospital), *_attested(hospital))}
    for claim in hospital.raw["claims"]:
        identity = key("credential", claim["person"], claim["requirement"])
        made[identity] = _claimed(hospital, claim, made.get(identity))
    for proof in hospital.raw["partner_proofs"]:
        identity = key("credential", proof["person"], proof["requirement"])
        made[identity] |= {"partner_id": key("organization", proof["from"])}
    return [NOTHING_MORE | row for row in made.values()]


def verifiers(hospital: Hospital) -> list[Row]:
    """List who may check what (rule C7)."""
    return [
        {
            "organization_id": key("organization", each["org"]),
            "requirement": requirement,
            "person_id": key("person", each["person"]),
        }
        for each in hospital.raw["verifiers"]
        for requirement in each["requirements"]
    ]


def _claimed(hospital: Hospital, claim: Raw, row: Row | None) -> Row:
    """Put "I have done it" beside what is on record; what does not hold is pending (6.6)."""
    code = claim["person"]
    held: Row = row or {
        "id": key("credential", code, claim["requirement"]),
        "person_id": key("person", code),
        "requirement": claim["requirement"],
        "state": "missing",
        "done_on": None,
        "valid_to": None,
        "waived_until": None,
        "waived_reason": "",
        "waived_by_id": None,
        "verified_by_id": None,
        "text_version": "",
    }
    state = "pending" if held["state"] in {"missing", "expired"} else held["state"]
    return held | {
        "state": state,
        "pending_since": hospital.at(hospital.day(claim["said"]), "10:00", hospital.home_zone),
        "claim_done_on": hospital.day(claim["done"]),
        "claim_evidence": claim["evidence"],
        "claim_by_id": key("person", code),
    }


NOTHING_MORE: Final[Row] = {
    "pending_since": None,
    "claim_done_on": None,
    "claim_evidence": "",
    "claim_by_id": None,
    "partner_id": None,
}
"""A row of the demo names every column that any of its rows needs."""


def _credentials(hospital: Hospital) -> Iterator[Row]:
    sets = hospital.raw["cred_sets"]
    for code, person in hospital.observers.items():
        own = {name: value for name, value in person["creds"].items() if name != "set"}
        for requirement, value in {**sets[person["creds"]["set"]], **own}.items():
            if value is not None:
                yield _credential(hospital, code, requirement=requirement, value=value)


def _credential(hospital: Hospital, code: str, *, requirement: str, value: object) -> Row:
    rule = hospital.reference.requirement(requirement)
    done, until = _dates(hospital, code, rule=rule, value=value)
    waiver = next(
        (
            each
            for each in hospital.raw["waivers"]
            if (each["person"], each["requirement"]) == (code, requirement)
        ),
        None,
    )
    by = code if rule.attest == "observer" else _verifier(hospital, code)
    return {
        "id": key("credential", code, requirement),
        "person_id": key("person", code),
        "requirement": requirement,
        "state": "waived" if waiver else state_on(until, rule=rule, today=hospital.today),
        "done_on": done,
        "valid_to": until,
        "waived_until": hospital.day(waiver["until"]) if waiver else None,
        "waived_reason": waiver["reason"] if waiver else "",
        "waived_by_id": key("person", waiver["by"]) if waiver else None,
        "verified_by_id": key("person", by),
        "text_version": text_version(rule.text),
    }


def _dates(
    hospital: Hospital,
    code: str,
    *,
    rule: Requirement,
    value: object,
) -> tuple[date, date | None]:
    """Say when something was done, and its last day; ``None`` where it never ends."""
    person = hospital.people[code]
    host_org = hospital.raw["programs"][0]["org"]
    outside = external(PersonKind(person["kind"]), person_org=person["org"], unit_org=host_org)
    validity = rule.validity_external if outside else rule.validity
    if value == "cycle":
        current = hospital.raw["cycles"][-1]
        return hospital.day(current["start"]) + LAST_SIGNED, hospital.day(current["end"])
    if value == "agreement":
        covering = _covering(hospital, code)
        return hospital.day(covering["start"]), hospital.day(covering["end"])
    if value == "season":
        return _in_season(validity, today=hospital.today), None
    done = hospital.day(int(str(value)))
    return done, add_months(done, validity.months) if validity.kind == "months" else None


def _covering(hospital: Hospital, code: str) -> Raw:
    """Find the agreement that lasts longest of those that cover a person."""
    org = hospital.people[code]["org"]
    found = [
        each
        for each in hospital.raw["agreements"]
        if code in each.get("covers", ()) or (each["kind"] == "partner" and org in each["between"])
    ]
    longest: Raw = max(found, key=lambda each: int(each["end"]))
    return longest


def _in_season(validity: Validity, *, today: date) -> date:
    """Pick a day of this season: some weeks after evidence begins to count, if that has come."""
    month, day = validity.evidence_from
    begun = date(today.year, month, day)
    if begun > today:
        begun = date(today.year - 1, month, day)
    return min(begun + SEASON_DONE, today)


def state_on(until: date | None, *, rule: Requirement, today: date) -> str:
    """Say how evidence stands on a day, by its last day and the rule's first reminder (6.6)."""
    if until is None:
        return "valid"
    if until < today:
        return "expired"
    reminder = max(rule.remind_days, default=0)
    return "expiring" if (until - today).days <= reminder else "valid"


def add_months(day: date, months: int) -> date:
    """Count calendar months on; the last day of a month stays inside its month."""
    year, month = divmod(day.month - 1 + months, DECEMBER)
    first = date(day.year + year, month + 1, 1)
    after = date(first.year + (first.month == DECEMBER), first.month % DECEMBER + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))


def _verifier(hospital: Hospital, code: str) -> str:
    """Name the coordinator of a person's own organization."""
    org = hospital.people[code]["org"]
    return next(
        str(each["id"])
        for each in hospital.raw["staff"]
        if Role.COORDINATOR in each["roles"] and each["org"] == org
    )


def _attested(hospital: Hospital) -> Iterator[Row]:
    """List what was ticked for a unit's own rules; the latest tick of a person stands."""
    found: dict[tuple[str, str], date] = {}
    for shift in hospital.raw["shifts"]:
        for rule in shift.get("attested", ()):
            found[shift["obs"], rule] = hospital.on(shift["date"])
    for (code, rule), on in found.items():
        until = _tick_lasts(hospital, code, rule=rule, on=on)
        own = hospital.reference.unit_rules[rule].by == Role.OBSERVER
        yield {
            "id": key("credential", code, rule),
            "person_id": key("person", code),
            "requirement": rule,
            "state": "expired" if until < hospital.today else "valid",
            "done_on": on - LAST_SIGNED,
            "valid_to": until,
            "waived_until": None,
            "waived_reason": "",
            "waived_by_id": None,
            "verified_by_id": key("person", code if own else _verifier(hospital, code)),
            "text_version": text_version((hospital.reference.unit_rules[rule].label,)),
        }


def _tick_lasts(hospital: Hospital, code: str, *, rule: str, on: date) -> date:
    if hospital.reference.unit_rules[rule].valid == "agreement":
        return hospital.day(_covering(hospital, code)["end"])
    ends = (hospital.day(cycle["end"]) for cycle in hospital.raw["cycles"])
    return min(end for end in ends if end >= on)
