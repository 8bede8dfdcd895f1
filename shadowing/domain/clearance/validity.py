"""How long evidence counts: calendar months, seasons, cycles, agreements."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from shadowing.domain.clearance.evidence import Evidence, State, Visit
from shadowing.domain.reference.requirements import Requirement, Validity

FOREVER: Final = date.max
WITHOUT_A_CYCLE: Final = 12
"""Months that a tick "for the cycle" counts while the program runs none."""
CLEAR: Final = frozenset({State.VALID, State.EXPIRING})


def last_days(
    requirement: Requirement, evidence: Evidence, visit: Visit
) -> tuple[tuple[date, State], ...]:
    """The last days that a piece of evidence clears: by itself, by a waiver, both or neither.

    Args:
        requirement: What it is evidence of.
        evidence: One piece.
        visit: Whether the person is external, which cycle, agreement and shift it is for.

    Returns:
        Days (``FOREVER`` without an end), each with ``VALID`` or ``WAIVED``.

    Source: docs/rules.md, rules C1, C7 and C8.
    """
    found: list[tuple[date, State]] = []
    if requirement.waivable and evidence.waived_until is not None:
        found.append((evidence.waived_until, State.WAIVED))
    trusted = requirement.partner_equivalent or not evidence.from_partner
    if evidence.state in CLEAR and trusted:
        rule = requirement.validity_external if visit.external else requirement.validity
        found += [(day, State.VALID) for day in _by_rule(rule, evidence, visit)]
    return tuple(found)


def by_agreement(requirement: Requirement, visit: Visit) -> tuple[tuple[date, State], ...]:
    """The last day by an agreement alone: where nobody ticks it, its dates count for everyone."""
    rule = requirement.validity_external if visit.external else requirement.validity
    if rule.kind == "agreement" and not requirement.attest and visit.agreement_to is not None:
        return ((visit.agreement_to, State.VALID),)
    return ()


def needed_through(requirement: Requirement, visit: Visit) -> date | None:
    """The last local day of the visit on which it must hold; ``None`` = not asked for then.

    Only a season can leave days out: from its ``required_from`` to its ``required_to``.
    """
    rule = requirement.validity_external if visit.external else requirement.validity
    if rule.kind != "season":
        return visit.ends_on
    length = (visit.ends_on - visit.starts_on).days
    days = (visit.ends_on - timedelta(days=back) for back in range(length + 1))
    return next((day for day in days if _in_season(rule, day)), None)


def in_season(requirement: Requirement, day: date) -> bool:
    """Say whether a requirement is asked for on a day at all."""
    rule = requirement.validity
    return rule.kind != "season" or _in_season(rule, day)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _by_rule(rule: Validity, evidence: Evidence, visit: Visit) -> tuple[date, ...]:
    """Where the rule alone ends it, or the earlier day that a verifier or a partner named."""
    match rule.kind:
        case "shift" | "day":
            ends = visit.ends_on if visit.shift and evidence.shift == visit.shift else None
        case "agreement":
            return tuple(filter(None, [visit.agreement_to or evidence.valid_to]))
        case "cycle":
            ends = _cycle_end(evidence, visit)
        case "season":
            ends = evidence.done_on and _season_end(rule, evidence.done_on)
        case "months":
            ends = evidence.valid_to
            if evidence.done_on is not None:
                ends = months_after(evidence.done_on, rule.months)
        case _:
            ends = FOREVER
    partner_to = _partner_to(evidence, visit)
    if ends is None or partner_to is None:
        return ()
    return (min(ends, partner_to, evidence.valid_to or FOREVER),)


def _partner_to(evidence: Evidence, visit: Visit) -> date | None:
    """Until when the agreement with the partner runs whose proof it is (C8)."""
    if not evidence.partner:
        return FOREVER
    return dict(visit.partners).get(evidence.partner)


def _cycle_end(evidence: Evidence, visit: Visit) -> date | None:
    """The end of the visit's cycle, where it was done in that; else what the record says."""
    done_on = evidence.done_on
    if done_on is not None and visit.cycle is not None and done_on >= visit.cycle[0]:
        return visit.cycle[1]
    if done_on is not None and visit.cycle is None and evidence.valid_to is None:
        return months_after(done_on, WITHOUT_A_CYCLE)
    return evidence.valid_to


def _in_season(rule: Validity, day: date) -> bool:
    here = (day.month, day.day)
    if rule.required_from <= rule.required_to:
        return rule.required_from <= here <= rule.required_to
    return here >= rule.required_from or here <= rule.required_to


def _season_end(rule: Validity, done_on: date) -> date:
    """The last required day of the season that evidence of *done_on* counts for."""
    opened = done_on.year - ((done_on.month, done_on.day) < rule.evidence_from)
    year = opened + (rule.required_to < rule.evidence_from)
    return date(year, *rule.required_to)
