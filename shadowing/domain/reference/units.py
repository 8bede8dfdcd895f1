"""Kinds of unit and what standing on them asks for."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKind:
    """A kind of unit, with the values a site starts from."""

    code: str
    label: str
    aka: tuple[str, ...]
    patterns: tuple[str, ...]
    block_hours: int
    cap: int
    sensitivity: str
    areas: Mapping[str, str]
    consent: str
    attire: tuple[str, ...]
    rules: tuple[str, ...]
    patient_area: bool
    children: bool
    airborne_rooms: bool
    partner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What a level demands (A8).

    Attributes:
        automatic: The unit may say yes in advance (S0, S1).
        written_authorization: Somebody must have authorized it in writing (S3).
        on_by_default: Whether slots at this level are open without that.
    """

    code: str
    label: str
    patient_area: bool
    automatic: bool
    written_authorization: bool
    on_by_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How patients are asked (D8)."""

    code: str
    label: str
    who: str
    when: str
    observer_present: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attire:
    """What to wear; `pass_must_show` where the OBSERVER pass is compulsory (D9)."""

    code: str
    label: str
    pass_must_show: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRule:
    """An extra rule of a unit.

    Attributes:
        code: Stable code; also the name of the evidence where it is ticked.
        kind: ``requirement`` | ``attest`` | ``show`` | ``schedule``.
        label: What people read.
        requirement: The requirement that joins the unit's list, or empty.
        by: Role that ticks an attested rule, or empty.
        valid: ``shift`` | ``cycle`` | ``agreement`` | ``months:N``, or empty.
        due: Code of ``due_points``, or empty.
        changes: Settings that this rule overrides for the unit.
    """

    code: str
    kind: str
    label: str
    requirement: str
    by: str
    valid: str
    due: str
    changes: Mapping[str, int]
