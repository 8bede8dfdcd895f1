"""Requirements against evidence: cleared through the last day of a shift, or what is missing.

Clearance is computed and never typed.

Source: docs/rules.md, rules C1 to C8.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from shadowing.domain.clearance.evidence import (
    BEFORE_CONFIRM,
    BEFORE_THE_DAY,
    Due,
    Effect,
    Evidence,
    Missing,
    Reason,
    Standing,
    State,
    Visit,
)
from shadowing.domain.clearance.validity import FOREVER, by_agreement, last_days, needed_through
from shadowing.domain.clearance.wording import same_text
from shadowing.domain.reference.requirements import Requirement, Validity
from shadowing.domain.reference.tables import Reference
from shadowing.domain.reference.units import UnitRule

LATE_BOOKING_GRACE: Final = timedelta(hours=4)


def required(reference: Reference, visit: Visit) -> tuple[Requirement, ...]:
    """All that applies to a visit, in the order people meet it.

    The requirements of the reference table whose rule fits or whom a rule of the unit brings in,
    then what the unit itself has ticked; the latter under the code of the unit's rule.

    Source: docs/rules.md, rule C3.
    """
    rules = [reference.unit_rules[code] for code in visit.rules]
    joined = {rule.requirement for rule in rules if rule.kind == "requirement"}
    general = (
        each
        for each in reference.requirements.values()
        if each.code in joined or applies(each.applies, visit)
    )
    ticked = (_ticked(rule) for rule in rules if rule.kind == "attest")
    return (*general, *ticked)


def applies(rule: Mapping[str, Any], visit: Visit) -> bool:
    """Does a requirement with this rule concern this visit?

    Args:
        rule: One key and its value, as the schema in ``reference/requirements.yaml`` has it.
        visit: Who goes where.

    Raises:
        KeyError: The rule is of a kind nobody knows.

    Source: docs/rules.md, rule C3.
    """
    ((kind, value),) = rule.items()
    if kind in {"any", "all"}:
        every = [applies(each, visit) for each in value]
        return any(every) if kind == "any" else all(every)
    if kind == "not":
        return not applies(value, visit)
    facts: dict[str, bool] = {
        "always": bool(value),
        "person": visit.external == (value == "external"),
        "patient_area": visit.patient_area == value,
        "children": visit.children == value,
        "airborne_rooms": visit.airborne_rooms == value,
        "unit_kind": kind == "unit_kind" and visit.unit_kind in value,
        "slot_kind": kind == "slot_kind" and visit.slot_kind in value,
        "band": kind == "band" and visit.band in value,
        "sensitivity": kind == "sensitivity" and visit.sensitivity in value,
        "site_setting": kind == "site_setting" and value in visit.site_settings,
    }
    return facts[kind]


def switch_of(rule: Mapping[str, Any]) -> str:
    """Name the setting by which a site switches a rule on; empty where it needs none."""
    ((kind, value),) = rule.items()
    if kind in {"any", "all"}:
        return next(filter(None, map(switch_of, value)), "")
    return str(value) if kind == "site_setting" else ""


def switched_on(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Give the rule as it is once a site asks for it: wherever patients are, all else the same."""
    ((kind, value),) = rule.items()
    if kind in {"any", "all"}:
        return {kind: [switched_on(each) for each in value]}
    return {"patient_area": True} if kind == "site_setting" else dict(rule)


def standing(
    requirement: Requirement, evidence: Iterable[Evidence], visit: Visit, *, on: date
) -> Standing:
    """How one requirement stands for the person of *visit* as of the local day *on*.

    Args:
        requirement: One that applies.
        evidence: All there is for this person; that of other requirements is passed over.
        visit: Whether they are external, which cycle and agreement hold.
        on: The local day asked about.

    Source: docs/rules.md, rules C1, C7 and C8, section 6.6.
    """
    own = [each for each in evidence if each.requirement == requirement.code]
    read = [each for each in own if same_text(requirement, each)]
    days = [found for each in read for found in last_days(requirement, each, visit)]
    days += by_agreement(requirement, visit)
    last, state = max(days, default=(date.min, State.MISSING))
    if last >= on:
        if (
            state is State.VALID
            and requirement.remind_days
            and last != FOREVER
            and last - timedelta(max(requirement.remind_days)) <= on
        ):
            state = State.EXPIRING
        return Standing(state=state, valid_to=None if last == FOREVER else last)
    states = {each.state for each in own}
    if State.PENDING in states:
        return Standing(state=State.PENDING, valid_to=None)
    if days or State.EXPIRED in states:
        return Standing(state=State.EXPIRED, valid_to=last if days else None)
    return Standing(state=State.MISSING, valid_to=None)


def missing(
    reference: Reference,
    evidence: Iterable[Evidence],
    visit: Visit,
    *,
    on: date,
    due: frozenset[Due] = BEFORE_THE_DAY,
) -> tuple[Missing, ...]:
    """What does not hold through the end of a visit; nothing = all is met.

    Args:
        reference: The requirements in force and the rules of units.
        evidence: All there is for this person.
        visit: Who goes where, and when it ends.
        on: The local day on which this is asked; tells what expired from what runs out.
        due: Which due points are looked at.

    Source: docs/rules.md, rules C1 and C4.
    """
    known = tuple(evidence)
    found = (
        _missing(each, known, visit, on=on)
        for each in required(reference, visit)
        if Due(each.due) in due
    )
    return tuple(lack for lacks in found for lack in lacks)


def holding_back(lacks: Iterable[Missing]) -> tuple[Missing, ...]:
    """Those that hold back a confirmation: what blocks, and is due by then.

    Source: docs/rules.md, rule C4.
    """
    return tuple(
        each for each in lacks if each.effect is Effect.BLOCK and each.due in BEFORE_CONFIRM
    )


def cleared(reference: Reference, evidence: Iterable[Evidence], visit: Visit, *, on: date) -> bool:
    """May the shift be confirmed, as far as clearance goes?

    Source: docs/rules.md, rules C1, C4 and C5.
    """
    return not holding_back(missing(reference, evidence, visit, on=on))


def deadline(starts_at: datetime, *, booked_at: datetime, hours: int) -> datetime:
    """When an agreed shift without clearance is released.

    Args:
        starts_at: Of the shift.
        booked_at: When the request was made.
        hours: Setting ``clearance_deadline_hours``.

    Returns:
        *hours* before the start; for a booking made within twice that time of the start, four.

    Source: docs/rules.md, rule C5.
    """
    usual = timedelta(hours=hours)
    if starts_at - booked_at <= 2 * usual:
        return starts_at - min(usual, LATE_BOOKING_GRACE)
    return starts_at - usual


def _missing(
    requirement: Requirement, evidence: tuple[Evidence, ...], visit: Visit, *, on: date
) -> tuple[Missing, ...]:
    """The one thing missing, or nothing."""
    needed = needed_through(requirement, visit)
    if needed is None:
        return ()
    now = standing(requirement, evidence, visit, on=on)
    clears = now.state in {State.VALID, State.EXPIRING, State.WAIVED}
    if clears and (now.valid_to is None or now.valid_to >= needed):
        return ()
    waits = any(
        each.requirement == requirement.code and each.state is State.PENDING for each in evidence
    )
    reworded = now.state is State.MISSING and any(
        each.requirement == requirement.code and not same_text(requirement, each)
        for each in evidence
    )
    reason = Reason.NEW_TEXT if reworded else REASONS[now.state]
    return (
        Missing(
            code=requirement.code,
            label=requirement.label,
            reason=Reason.PENDING if waits else reason,
            effect=Effect(requirement.on_lapse),
            due=Due(requirement.due),
            valid_to=now.valid_to,
            waivable=requirement.waivable,
            by=requirement.attest,
        ),
    )


REASONS: Final = {
    State.VALID: Reason.RUNS_OUT,
    State.EXPIRING: Reason.RUNS_OUT,
    State.WAIVED: Reason.RUNS_OUT,
    State.PENDING: Reason.PENDING,
    State.EXPIRED: Reason.EXPIRED,
    State.MISSING: Reason.MISSING,
}


def _ticked(rule: UnitRule) -> Requirement:
    """A rule that somebody ticks for the unit, as a requirement of its own."""
    kind, _, months = rule.valid.partition(":")
    validity = Validity(kind=kind, months=int(months or 0))
    by_confirmation = Due(rule.due) in BEFORE_CONFIRM
    return Requirement(
        code=rule.code,
        label=rule.label,
        help=rule.label,
        group="unit",
        validity=validity,
        validity_external=validity,
        applies={"always": True},
        due=rule.due,
        on_lapse=Effect.BLOCK if by_confirmation else Effect.BLOCK_AT_CHECK_IN,
        remind_days=(),
        waivable=False,
        partner_equivalent=False,
        attest=rule.by,
        text=(rule.label,),
    )
