"""What is on record for a person, and the visit it has to hold for.

Evidence is a status with dates; what a test showed is not kept anywhere (C2).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Of a credential; the first three clear."""

    VALID = "valid"
    EXPIRING = "expiring"
    WAIVED = "waived"
    PENDING = "pending"
    EXPIRED = "expired"
    MISSING = "missing"


class Reason(StrEnum):
    """Why a requirement is not met."""

    MISSING = "missing"
    PENDING = "pending"
    EXPIRED = "expired"
    RUNS_OUT = "runs_out"
    NEW_TEXT = "new_text"


class Effect(StrEnum):
    """What a requirement that is not met does (C4)."""

    BLOCK = "block"
    WARN = "warn"
    BLOCK_ROOM = "block_room"
    MASK = "mask"
    BLOCK_AT_CHECK_IN = "block_at_check_in"
    WARN_AT_CHECK_IN = "warn_at_check_in"
    LOCAL = "local"


class Due(StrEnum):
    """By when a requirement has to be met."""

    BEFORE_REQUEST = "before_request"
    BEFORE_CONFIRM = "before_confirm"
    BEFORE_SHIFT = "before_shift"
    AT_CHECK_IN = "at_check_in"
    ON_UNIT = "on_unit"
    AFTER = "after"


BEFORE_CONFIRM: Final = frozenset({Due.BEFORE_REQUEST, Due.BEFORE_CONFIRM})
BEFORE_THE_DAY: Final = BEFORE_CONFIRM | {Due.BEFORE_SHIFT}
UP_TO_CHECK_IN: Final = BEFORE_THE_DAY | {Due.AT_CHECK_IN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is on record for one person and one requirement.

    Attributes:
        requirement: Its code; for a rule that a unit has ticked, the code of that rule.
        state: As stored. Whether ``valid`` still holds is computed from the dates.
        done_on: When it was done or signed, or ``None``.
        valid_to: Last day that the verifier or the partner named, or ``None``.
        waived_until: Last day of a waiver, or ``None``.
        from_partner: A partner's equivalent (C8).
        partner: Which organization's, where that is known; its agreement has to run.
        shift: Id of the one shift it was ticked for, or empty.
        text_version: Of the words that were ticked; empty where they were signed on paper.
    """

    requirement: str
    state: State
    done_on: date | None = None
    valid_to: date | None = None
    waived_until: date | None = None
    from_partner: bool = False
    partner: str = ""
    shift: str = ""
    text_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One observer and one block, as far as clearance asks.

    Attributes:
        starts_on: Local date at the site on which the block starts.
        ends_on: Local date on which it ends; everything must hold through this day (C1).
        external: From outside, seen from this unit (``people.external``).
        unit_kind: Code of the unit's kind.
        patient_area: Flag of the unit.
        children: Flag of the unit.
        airborne_rooms: Flag of the unit.
        rules: Codes of the unit's own rules.
        site_settings: Keys that the site has switched on.
        cycle: First and last day of the cycle it falls in, or ``None``.
        agreement_to: Last day of the agreement that covers this person here, or ``None``.
        partners: Organizations whose equivalents count here, each with its agreement's last day.
        shift: Id of the shift, or empty before there is one.
        organization: Id of the organization that the unit belongs to.
        unit: Id of the unit.
        program: Id of the program that the person shadows in.
        slot_kind: Code of ``slot_kinds``; at a remote visit nobody stands on the unit.
        band: Code of ``shift_bands``.
        sensitivity: Of the unit, S0 to S3.
        agreed_at: When a shift that exists was asked for; ``None`` for a new booking (C9).
    """

    starts_on: date
    ends_on: date
    external: bool
    unit_kind: str
    patient_area: bool
    children: bool
    airborne_rooms: bool
    rules: tuple[str, ...] = ()
    site_settings: frozenset[str] = frozenset()
    cycle: tuple[date, date] | None = None
    agreement_to: date | None = None
    partners: tuple[tuple[str, date], ...] = ()
    shift: str = ""
    organization: str = ""
    unit: str = ""
    program: str = ""
    slot_kind: str = "in_person"
    band: str = ""
    sensitivity: str = ""
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one requirement stands for a person.

    Attributes:
        state: As of a day; ``EXPIRING`` from the first reminder on.
        valid_to: The last day it clears; ``None`` where it never ends or does not clear.
    """

    state: State
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A requirement that is not met through the end of the shift.

    Attributes:
        code: Of the requirement, or of the unit's rule.
        label: What people read.
        reason: Why it does not clear.
        effect: What that does.
        due: By when it is needed.
        valid_to: For what expired or runs out: its last day.
        waivable: A coordinator may waive it.
        by: Role that ticks it where a statement is enough, or empty.
    """

    code: str
    label: str
    reason: Reason
    effect: Effect
    due: Due
    valid_to: date | None
    waivable: bool
    by: str
